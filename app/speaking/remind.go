package speaking

import (
	"context"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/edition"
	"agora/app/mail"
	"agora/app/text"
)

// Board tells who owes what, those who owe something first, each part by name; who
// has declined comes last. It takes a fixed number of queries.
func (s *Service) Board(ctx context.Context, e edition.Edition, l text.Lang) ([]Owe, error) {
	f, err := s.facts(ctx, e)
	if err != nil {
		return nil, err
	}
	return f.board(text.Collator(l)), nil
}

// OwedBy is one speaker's line of the board.
func (s *Service) OwedBy(ctx context.Context, e edition.Edition, x Speaking) (Owe, error) {
	f, err := s.facts(ctx, e)
	if err != nil {
		return Owe{}, err
	}
	for _, who := range f.programme.Speakers {
		if who.ID == x.SpeakerID {
			return f.owe(who, x), nil
		}
	}
	return Owe{Speaking: x}, nil
}

// facts reads all that the board is made of.
func (s *Service) facts(ctx context.Context, e edition.Edition) (facts, error) {
	f := facts{now: s.now(), spared: map[string][]Need{}, questions: map[string]int64{}}
	setup, err := s.Setup(ctx, e.ID)
	if err != nil {
		return f, err
	}
	f.rules = setup.Rules
	if f.programme, err = s.programs.Draft(ctx, e); err != nil {
		return f, err
	}
	if f.speaking, err = s.OfEdition(ctx, e.ID); err != nil {
		return f, err
	}
	list := make([]Speaking, 0, len(f.speaking))
	for _, x := range f.speaking {
		list = append(list, x)
	}
	if f.seats, err = s.seats(ctx, e, list); err != nil {
		return f, err
	}
	if f.material, err = s.materials.OfEdition(ctx, e); err != nil {
		return f, err
	}
	var spared []struct {
		SessionID string
		Item      Need
	}
	err = s.db.Read.NewRaw("SELECT session_id, item FROM spared WHERE session_id IN (SELECT id FROM session WHERE edition_id = ?)", e.ID).Scan(ctx, &spared)
	for _, row := range spared {
		f.spared[row.SessionID] = append(f.spared[row.SessionID], row.Item)
	}
	if err != nil {
		return f, err
	}
	var ids []string
	for _, x := range f.programme.Sessions {
		ids = append(ids, x.ID)
	}
	f.questions, err = s.qa.LeftOpen(ctx, ids)
	return f, err
}

// Reminded is what became of a press on the button.
type Reminded struct {
	Sent    []string          // ids of speakers
	Skipped map[string]string // Owe.Mute by the speaker's id; "missing" for who is not there
}

// Remind writes to each of the speakers one letter that lists what they owe.
// Nobody is reminded twice in a day, whoever presses: the moment is taken by a
// conditional update in the letter's transaction.
func (s *Service) Remind(ctx context.Context, by string, e edition.Edition, speakerIDs []string) (Reminded, error) {
	f, err := s.facts(ctx, e)
	if err != nil {
		return Reminded{}, err
	}
	out := Reminded{Skipped: map[string]string{}}
	owes := map[string]Owe{}
	for _, who := range f.programme.Speakers {
		owes[who.ID] = f.owe(who, f.speaking[who.ID])
	}
	slices.Sort(speakerIDs) // two presses lock in the same order
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		for _, id := range slices.Compact(speakerIDs) {
			o, known := owes[id]
			switch {
			case !known:
				out.Skipped[id] = "missing"
				continue
			case o.Mute != "":
				out.Skipped[id] = o.Mute
				continue
			}
			sent, err := s.remind(ctx, tx, by, e, o)
			if err != nil {
				return err
			}
			if sent {
				out.Sent = append(out.Sent, id)
			} else {
				out.Skipped[id] = "today"
			}
		}
		return nil
	})
	if err != nil {
		return Reminded{}, err
	}
	return out, nil
}

func (s *Service) remind(ctx context.Context, tx bun.IDB, by string, e edition.Edition, o Owe) (sent bool, err error) {
	at := s.now()
	res, err := tx.NewRaw(`UPDATE speaking SET reminded_at = ? WHERE speaker_id = ? AND edition_id = ? AND email = ? AND state <> ?
		AND (reminded_at IS NULL OR reminded_at <= ?)`, at, o.Speaker.ID, e.ID, o.Speaking.Email, Declined, at.Add(-remindEvery)).Exec(ctx)
	if err != nil {
		return false, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	args := s.about(e, *o.Speaker, o.Speaking)
	args["list"], args["due"] = strings.Join(s.owedLines(o), "\n"), due(e, o.Speaking.Language, o.Due)
	if err := mail.Queue(ctx, tx, at, s.letter(e, *o.Speaker, o.Speaking, mail.SpeakerReminder, args)); err != nil {
		return false, err
	}
	return true, audit.Write(ctx, tx, at, audit.Entry{Person: by, Edition: e.ID, Act: "speaking.remind", Subject: o.Speaker.ID})
}

// owedLines says in the speaker's language exactly what they owe.
func (s *Service) owedLines(o Owe) []string {
	l := o.Speaking.Language
	var lines []string
	for _, n := range o.Needs {
		lines = append(lines, "– "+s.words.T(l, "speaking.owed."+string(n)))
	}
	for _, x := range o.Sessions {
		for _, n := range x.Needs {
			if n != NeedRecording {
				lines = append(lines, "– "+s.words.T(l, "speaking.owed."+string(n), "session", x.Session.Name(l), "n", x.Questions))
			}
		}
	}
	return lines
}
