package db

import (
	"context"

	"github.com/uptrace/bun"
)

// ForgetOf drops the stored answers of every scope that ends in an id (scopes
// are "what:id"), when the thing itself is removed.
func ForgetOf(ctx context.Context, tx bun.IDB, id string) error {
	_, err := tx.NewDelete().Model((*Stored)(nil)).Where("scope LIKE ?", "%:"+id).Exec(ctx)
	return err
}
