package paper

import (
	"context"

	"github.com/uptrace/bun"
)

// removeBadges drops what is known of an edition's badges, and the designs of a practice series.
func removeBadges(ctx context.Context, tx bun.IDB, editionID string) error {
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

// RemoveEdition drops the badges and certificates of a practice edition, together with the edition.
func RemoveEdition(ctx context.Context, tx bun.IDB, editionID string) error {
	if err := removeBadges(ctx, tx, editionID); err != nil {
		return err
	}
	_, err := tx.NewRaw("DELETE FROM certificate WHERE edition_id = ?", editionID).Exec(ctx)
	return err
}
