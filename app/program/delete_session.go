package program

import (
	"context"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/fail"
)

// DeleteSession removes a session that is not public. A public one is cancelled
// instead, or left out of the next release: people have it in their calendars.
func (s *Service) DeleteSession(ctx context.Context, by string, e edition.Edition, id string) error {
	return s.change(ctx, by, e, "session.delete", func(ctx context.Context, tx bun.Tx) (string, error) {
		if _, err := sessionFor(ctx, tx, e, id, SessionInput{}); err != nil {
			return "", err
		}
		last, err := newestRelease(ctx, tx, e.ID)
		if err != nil {
			return "", err
		}
		public, err := tx.NewSelect().Model((*Slot)(nil)).Where("session_id = ?", id).Where("release_id = ?", last.ID).Exists(ctx)
		if err != nil {
			return "", err
		}
		if public {
			return "", fail.Clash("program.session_public")
		}
		asked, err := tx.NewSelect().Table("live_room").Where("session_id = ?", id).Exists(ctx)
		if err != nil {
			return "", err
		}
		if asked {
			return "", fail.Clash("program.session_asked")
		}
		places, err := tx.NewSelect().Table("workshop").Where("session_id = ?", id).Exists(ctx)
		if err != nil {
			return "", err
		}
		if places {
			return "", fail.Clash("program.session_places")
		}
		before, err := slotNow(ctx, tx, id)
		if err != nil {
			return "", err
		}
		if _, err = tx.NewDelete().Model((*Session)(nil)).Where("id = ?", id).Where("edition_id = ?", e.ID).Exec(ctx); err != nil {
			return "", err
		}
		return id, s.noteOther(ctx, tx, e, by, Deleted, Step{SessionID: id, Before: before, Gone: true})
	})
}
