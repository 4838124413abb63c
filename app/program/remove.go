package program

import (
	"context"

	"github.com/uptrace/bun"
)

// RemoveEdition drops the programme of a practice edition, together with the
// edition. Slots and who speaks go with their sessions,
// delays with their rooms.
func RemoveEdition(ctx context.Context, tx bun.IDB, editionID string) error {
	for _, table := range []string{"import_file", "imported", "edit", "session", "release", "speaker", "track", "room"} {
		if _, err := tx.NewDelete().Table(table).Where("edition_id = ?", editionID).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
