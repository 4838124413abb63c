package paper

import (
	"context"

	"github.com/uptrace/bun"
)

// RemoveEdition drops the certificates of a practice edition, together with the edition.
func RemoveEdition(ctx context.Context, tx bun.IDB, editionID string) error {
	_, err := tx.NewRaw("DELETE FROM certificate WHERE edition_id = ?", editionID).Exec(ctx)
	return err
}
