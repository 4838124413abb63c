package speaking

import (
	"context"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/edition"
	"agora/app/mail"
)

// fieldFull marks among a speaker's changes that their link takes no more material
// for a session.
const fieldFull = "material_full"

// Full tells the organisers that a speaker's link takes no more material for a
// session: once for each session, however often it is tried.
func (s *Service) Full(ctx context.Context, e edition.Edition, x Speaking, sessionID string) error {
	organisers, err := s.organisers(ctx, e)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := edition.Touch(ctx, tx, e.ID); err != nil {
			return err
		}
		if _, err := locked(ctx, tx, x); err != nil {
			return err
		}
		one := Change{ID: db.NewID(), EditionID: e.ID, SpeakerID: x.SpeakerID, SessionID: sessionID, Field: fieldFull, CreatedAt: s.now()}
		told, err := tx.NewSelect().Model((*Change)(nil)).Where("edition_id = ? AND speaker_id = ?", e.ID, x.SpeakerID).
			Where("session_id = ? AND field = ?", sessionID, fieldFull).Exists(ctx)
		if err != nil || told {
			return err
		}
		who, err := speaker(ctx, tx, e, x.SpeakerID)
		if err != nil {
			return err
		}
		if _, err := tx.NewInsert().Model(&one).Exec(ctx); err != nil {
			return err
		}
		if err := mail.Queue(ctx, tx, s.now(), s.tell(e, organisers, who, fieldFull)...); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s.now(), audit.Entry{Edition: e.ID, Act: "speaking.full", Subject: x.SpeakerID})
	})
}
