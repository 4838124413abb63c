package speaking

import (
	"context"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"agora/app/mail"
)

const (
	// settle is how long what is changed in one sitting is gathered for one letter.
	settle = 15 * time.Minute
	// copyEvery is how long a speaker is not written to again about changes.
	copyEvery = 24 * time.Hour
	// atOnce bounds the letters of one run.
	atOnce = 100
)

// TellChanges writes to speakers whose pages were changed through their link what
// was changed, at most once a day: if it was not them or somebody of theirs, the
// letter says whom to ask for a new link. It is a job.
func (s *Service) TellChanges(ctx context.Context) error {
	at := s.now()
	var due []Speaking
	err := s.db.Read.NewSelect().Model(&due).Where("untold_at <= ? AND (told_at IS NULL OR told_at <= ?)", at.Add(-settle), at.Add(-copyEvery)).
		Order("untold_at").Limit(atOnce).Scan(ctx)
	for i := 0; i < len(due) && err == nil; i++ {
		err = s.tellChanges(ctx, due[i], at)
	}
	return err
}

func (s *Service) tellChanges(ctx context.Context, seen Speaking, at time.Time) error {
	e, err := s.editions.ByID(ctx, seen.EditionID)
	if err != nil {
		return err
	}
	who, err := speaker(ctx, s.db.Read, e, seen.SpeakerID)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		// The row is taken by what was seen of it: two nodes tell once.
		var x Speaking
		err := tx.NewRaw(`UPDATE speaking SET untold_at = NULL, told_at = ? WHERE speaker_id = ? AND untold_at = ? AND (told_at IS NULL OR told_at <= ?)
			RETURNING *`, at, seen.SpeakerID, seen.UntoldAt, at.Add(-copyEvery)).Scan(ctx, &x)
		if err != nil {
			if missingRow(err) != err {
				return nil // another node has told it
			}
			return err
		}
		told := x.Untold
		x.Untold = nil
		if err := write(ctx, tx, &x); err != nil || x.Email == "" || len(told) == 0 {
			return err
		}
		lines := make([]string, len(told))
		for i, section := range told {
			lines[i] = "– " + s.words.T(x.Language, "speaking.section."+string(section))
		}
		args := s.about(e, who, x)
		args["list"], args["contact"] = strings.Join(lines, "\n"), contact(e, x.Language)
		return mail.Queue(ctx, tx, at, s.letter(e, who, x, mail.SpeakerChanged, args))
	})
}
