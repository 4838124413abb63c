package paper

import (
	"context"

	"github.com/uptrace/bun"
)

// RemoveEdition drops what is known of the badges of a practice edition, together with the edition, and the designs
// of its series.
func RemoveEdition(ctx context.Context, tx bun.IDB, editionID string) error {
	for _, statement := range []string{
		"DELETE FROM badge_print WHERE edition_id = ?", "DELETE FROM badge_setup WHERE edition_id = ?",
		"DELETE FROM badge_design WHERE series_id = (SELECT series_id FROM edition WHERE id = ?)",
	} {
		if _, err := tx.NewRaw(statement, editionID).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
