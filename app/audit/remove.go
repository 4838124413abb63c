package audit

import (
	"context"

	"github.com/uptrace/bun"
)

// RemoveEdition drops the log of a practice edition, together with the edition.
func RemoveEdition(ctx context.Context, tx bun.IDB, editionID string) error {
	_, err := tx.NewRaw("DELETE FROM audit WHERE edition_id = ?", editionID).Exec(ctx)
	return err
}
