package program

import (
	"context"
	"maps"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/text"
)

// TextsInput is what is said of a session in words, without its time, room and
// speakers. A text that is nil stays; in others only the languages that are named
// are changed.
type TextsInput struct {
	// Version is the one the form was filled from; 0 does not look at it.
	Version     int64
	Title       text.Texts
	Subtitle    text.Texts
	Abstract    text.Texts
	Description text.Texts
}

// CheckSpeaker gives every problem of the input at once, as saving it would.
func CheckSpeaker(in SpeakerInput) error {
	f := fail.Fields{}
	in.check(f)
	return f.Err()
}

// WriteTexts changes a session's texts on behalf of one of its speakers, in the
// transaction of an act that the caller writes down; it gives the session before
// and after. Missing when the speaker is not on the session. The caller has the
// editions forget after the commit.
func (s *Service) WriteTexts(ctx context.Context, tx bun.IDB, e edition.Edition, sessionID, speakerID string, in TextsInput) (before, after Session, err error) {
	if err := edition.Touch(ctx, tx, e.ID); err != nil {
		return before, after, err
	}
	if _, err := find(ctx, tx, &before, e, sessionID, "session"); err != nil {
		return before, after, err
	}
	theirs, err := tx.NewSelect().Table("session_speaker").Where("session_id = ? AND speaker_id = ?", sessionID, speakerID).Exists(ctx)
	switch {
	case err != nil:
		return before, after, err
	case !theirs:
		return before, after, fail.Missing("program.session_missing")
	case in.Version != 0 && in.Version != before.Version:
		return before, after, fail.Clash("program.changed_meanwhile")
	}
	after = before
	f := fail.Fields{}
	put := func(field string, into *text.Texts, said text.Texts, most int, required bool) {
		if said != nil {
			both := maps.Clone(*into)
			if both == nil {
				both = text.Texts{}
			}
			maps.Copy(both, said)
			*into = texts(f, field, both, most, required)
		}
	}
	put("title", &after.Title, in.Title, maxTitle, true)
	put("subtitle", &after.Subtitle, in.Subtitle, maxTitle, false)
	put("abstract", &after.Abstract, in.Abstract, maxAbstract, false)
	put("description", &after.Description, in.Description, maxDescription, false)
	if err := f.Err(); err != nil {
		return before, after, err
	}
	after.ChangedAt = s.now()
	return before, after, writeSession(ctx, tx, &after, false)
}
