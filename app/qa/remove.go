package qa

import (
	"context"

	"github.com/uptrace/bun"

	"agora/app/db"
)

// RemoveEdition drops the live rooms of a practice edition, together with the
// edition: answers and votes go with their questions.
func RemoveEdition(ctx context.Context, tx bun.IDB, editionID string) error {
	var rooms []string
	err := tx.NewRaw(`SELECT l.session_id FROM live_room AS l JOIN session AS s ON s.id = l.session_id
		WHERE s.edition_id = ? ORDER BY l.session_id`, editionID).Scan(ctx, &rooms)
	if err != nil {
		return err
	}
	for _, room := range rooms {
		for _, table := range []string{"question", "live_room"} {
			if _, err := tx.NewDelete().Table(table).Where("session_id = ?", room).Exec(ctx); err != nil {
				return err
			}
		}
		if err := db.ForgetOf(ctx, tx, room); err != nil {
			return err
		}
	}
	_, err = tx.NewDelete().Table("live_link").Where("edition_id = ?", editionID).Exec(ctx)
	return err
}
