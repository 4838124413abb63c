package speaking

import (
	"context"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/file"
)

// GivePicture is SavePicture by an organiser who has been given the picture and
// the word that it may be published. A no that the speaker has said stands. Both
// ids empty take the picture away.
func (s *Service) GivePicture(ctx context.Context, by string, e edition.Edition, speakerID, originalID, cutID string) error {
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := edition.Touch(ctx, tx, e.ID); err != nil {
			return err
		}
		who, err := speaker(ctx, tx, e, speakerID)
		if err != nil {
			return err
		}
		var rows []Speaking
		if err := tx.NewRaw("UPDATE speaking SET link = link WHERE speaker_id = ? AND edition_id = ? RETURNING *", speakerID, e.ID).Scan(ctx, &rows); err != nil {
			return err
		}
		x := Speaking{SpeakerID: speakerID, EditionID: e.ID}
		if len(rows) > 0 {
			x = rows[0]
		}
		if cutID != "" {
			if x.Consent.Refuses(Picture) {
				return fail.Clash("speaking.picture_refused")
			}
			if _, err := file.Keep(ctx, tx, cutID, e.ID, x.PictureScope()); err != nil {
				return err
			}
		}
		// Without a side of their own there is nowhere to cut it anew.
		if originalID != "" && len(rows) > 0 {
			if _, err := file.Keep(ctx, tx, originalID, e.ID, x.Scope()); err != nil {
				return err
			}
		}
		if err := x.change(ctx, tx, who, originalID, cutID); err != nil {
			return err
		}
		if len(rows) > 0 {
			if err := write(ctx, tx, &x); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, s.now(), audit.Entry{Person: by, Edition: e.ID, Act: "speaker.picture", Subject: who.ID})
	})
	if err == nil {
		s.editions.Forget()
	}
	return err
}
