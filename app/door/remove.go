package door

import (
	"context"

	"github.com/uptrace/bun"
)

// RemoveEdition drops all that the door of a practice edition has kept, together
// with the edition.
func RemoveEdition(ctx context.Context, tx bun.IDB, editionID string) error {
	for _, table := range []string{"check_in", "presence", "door_scan", "door_device", "door_note", "door_setup"} {
		if _, err := tx.NewRaw("DELETE FROM ? WHERE edition_id = ?", bun.Ident(table), editionID).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
