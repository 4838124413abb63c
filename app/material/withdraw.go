package material

import (
	"context"

	"github.com/uptrace/bun"

	"agora/app/edition"
)

// WithdrawSpeaker hides at once, in the caller's transaction, all that hangs on a
// speaker's consent: what they brought or was brought for them, and recordings of
// their sessions; also what is added later. Twice changes nothing. The caller
// calls edition.Service.Forget after the commit.
func WithdrawSpeaker(ctx context.Context, tx bun.IDB, editionID, speakerID string) error {
	_, err := tx.NewRaw("INSERT INTO withdrawn (speaker_id, edition_id) VALUES (?, ?) ON CONFLICT (speaker_id) DO NOTHING", speakerID, editionID).Exec(ctx)
	if err != nil {
		return err
	}
	return edition.Touch(ctx, tx, editionID)
}

// RestoreSpeaker brings back what WithdrawSpeaker hid; visibility and moment are
// as they were.
func RestoreSpeaker(ctx context.Context, tx bun.IDB, editionID, speakerID string) error {
	_, err := tx.NewRaw("DELETE FROM withdrawn WHERE speaker_id = ? AND edition_id = ?", speakerID, editionID).Exec(ctx)
	if err != nil {
		return err
	}
	return edition.Touch(ctx, tx, editionID)
}

// Withdrawn tells whose consents are taken back in an edition, by speaker.
func (s *Service) Withdrawn(ctx context.Context, e edition.Edition) (map[string]bool, error) {
	var ids []string
	err := s.db.Read.NewSelect().Table("withdrawn").Column("speaker_id").Where("edition_id = ?", e.ID).Scan(ctx, &ids)
	by := make(map[string]bool, len(ids))
	for _, id := range ids {
		by[id] = true
	}
	return by, err
}
