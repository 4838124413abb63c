package door

import (
	"context"

	"github.com/uptrace/bun"
)

// RemoveEdition drops the arrivals of a practice edition, together with the edition.
func RemoveEdition(ctx context.Context, tx bun.IDB, editionID string) error {
	_, err := tx.NewRaw("DELETE FROM check_in WHERE edition_id = ?", editionID).Exec(ctx)
	return err
}
