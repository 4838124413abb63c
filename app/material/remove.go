package material

import (
	"context"

	"github.com/uptrace/bun"
)

// RemoveEdition drops the material of a practice edition, together with the edition.
func RemoveEdition(ctx context.Context, tx bun.IDB, editionID string) error {
	_, err := tx.NewRaw("DELETE FROM material WHERE session_id IN (SELECT id FROM session WHERE edition_id = ?)", editionID).Exec(ctx)
	return err
}
