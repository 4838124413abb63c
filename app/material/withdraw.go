package material

import (
	"context"

	"github.com/uptrace/bun"

	"agora/app/edition"
)

// Part is what of a speaker's a consent is about.
type Part string

// The parts: what they brought, or was brought for them, recordings in which they
// speak, and what they have answered in writing.
const (
	PartMaterial  Part = "material"
	PartRecording Part = "recording"
	PartAnswers   Part = "answers"
)

// WithdrawSpeaker hides at once, in the caller's transaction, all that hangs on a
// speaker's consent to the part; also what is added later. Twice changes nothing.
// The caller calls edition.Service.Forget after the commit.
func WithdrawSpeaker(ctx context.Context, tx bun.IDB, editionID, speakerID string, part Part) error {
	_, err := tx.NewRaw("INSERT INTO withdrawn (speaker_id, part, edition_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", speakerID, part, editionID).Exec(ctx)
	if err != nil {
		return err
	}
	return edition.Touch(ctx, tx, editionID)
}

// RestoreSpeaker brings back what WithdrawSpeaker hid; visibility and moment are
// as they were.
func RestoreSpeaker(ctx context.Context, tx bun.IDB, editionID, speakerID string, part Part) error {
	_, err := tx.NewRaw("DELETE FROM withdrawn WHERE speaker_id = ? AND part = ? AND edition_id = ?", speakerID, part, editionID).Exec(ctx)
	if err != nil {
		return err
	}
	return edition.Touch(ctx, tx, editionID)
}

// Withdrawn tells whose consents are taken back in an edition, by speaker.
func (s *Service) Withdrawn(ctx context.Context, e edition.Edition) (map[string]bool, error) {
	var ids []string
	err := s.db.Read.NewSelect().Table("withdrawn").ColumnExpr("DISTINCT speaker_id").Where("edition_id = ?", e.ID).Scan(ctx, &ids)
	by := make(map[string]bool, len(ids))
	for _, id := range ids {
		by[id] = true
	}
	return by, err
}
