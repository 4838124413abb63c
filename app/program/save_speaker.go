package program

import (
	"context"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
)

// SaveSpeaker makes a speaker (id empty) or changes one.
func (s *Service) SaveSpeaker(ctx context.Context, by string, e edition.Edition, id string, in SpeakerInput) (Speaker, error) {
	var who Speaker
	err := s.change(ctx, by, e, "speaker.save", func(ctx context.Context, tx bun.Tx) (_ string, err error) {
		who, err = writeSpeaker(ctx, tx, e, id, in)
		return who.ID, err
	})
	return who, err
}

// WriteSpeaker is SaveSpeaker in the transaction of an act that the caller writes
// down; the caller has the editions forget after the commit.
func WriteSpeaker(ctx context.Context, tx bun.IDB, e edition.Edition, id string, in SpeakerInput) (Speaker, error) {
	if err := edition.Touch(ctx, tx, e.ID); err != nil {
		return Speaker{}, err
	}
	return writeSpeaker(ctx, tx, e, id, in)
}

func writeSpeaker(ctx context.Context, tx bun.IDB, e edition.Edition, id string, in SpeakerInput) (Speaker, error) {
	f := fail.Fields{}
	if in.check(f); f.Err() != nil {
		return Speaker{}, f.Err()
	}
	who := Speaker{ID: id, EditionID: e.ID}
	fresh, err := find(ctx, tx, &who, e, id, "speaker")
	if err != nil {
		return who, err
	}
	if in.Version != 0 && in.Version != who.Version {
		return who, fail.Clash("program.speaker_meanwhile")
	}
	who.apply(in)
	if fresh {
		who.ID = db.NewID()
		who.GUID, who.Who = who.ID, who.ID
		if who.Slug, err = freeSlug(ctx, tx, "speaker", e, slugOf(who.Name, "speaker")); err != nil {
			return who, err
		}
	}
	if in.PersonID != "" {
		if err := who.belong(ctx, tx, in.PersonID); err != nil {
			return who, err
		}
	}
	return who, put(ctx, tx, &who, fresh, who.ID, e)
}

func (s *Speaker) apply(in SpeakerInput) {
	s.Version++
	s.Name, s.Biography = in.Name, in.Biography
	if in.Links != nil {
		s.Extra.Links = in.Links
	}
	if in.Availability != nil {
		s.Availability = in.Availability
	}
}

// SetPicture gives a speaker the picture that may be published, or takes it away
// with an empty fileID, in the caller's transaction; the caller has the editions
// forget after the commit.
func SetPicture(ctx context.Context, tx bun.IDB, editionID, speakerID, fileID string) error {
	if err := edition.Touch(ctx, tx, editionID); err != nil {
		return err
	}
	res, err := tx.NewUpdate().Model((*Speaker)(nil)).Set("picture = ?", fileID).Set("version = version + 1").
		Where("id = ?", speakerID).Where("edition_id = ?", editionID).Exec(ctx)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		return fail.Missing("program.speaker_missing")
	}
	return err
}
