package proposal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/program"
	"agora/app/registration/form"
	"agora/app/text"
)

// Limits of a call.
const (
	maxText     = 5000
	maxMinutes  = 480 // a working day
	maxLengths  = 6   // of one kind: a list to choose from, not a timetable
	MostEach    = 10
	usualEach   = 3
	usualBest   = 5
	mostBest    = 10
	MaxKeepDays = 180 // proposals themselves go after keepMonths
)

// CallInput is what organisers say of their call.
type CallInput struct {
	OpensAt  time.Time
	ClosesAt time.Time
	Text     text.Texts
	Kinds    Offers
	Rules    Rules
}

// Usual is what a new call is offered with: talks, lightning talks and workshops
// in the lengths that most days have, four weeks from now.
func (s *Service) Usual(e edition.Edition) CallInput {
	today := e.Local(s.now())
	morning := time.Date(today.Year(), today.Month(), today.Day()+1, 9, 0, 0, 0, today.Location())
	evening := time.Date(today.Year(), today.Month(), today.Day()+29, 23, 59, 0, 0, today.Location())
	return CallInput{OpensAt: morning, ClosesAt: evening, Text: text.Texts{},
		Kinds: Offers{{program.Talk, []int64{30, 45}}, {program.Workshop, []int64{90}}, {program.Lightning, []int64{10}}},
		Rules: Rules{Best: usualBest, Each: usualEach}}
}

// SaveCall opens a call or changes it; closing later is how it is extended.
// version is the one the form was filled from, 0 for a new call.
func (s *Service) SaveCall(ctx context.Context, by string, e edition.Edition, version int64, in CallInput) (Call, error) {
	if err := in.check(); err != nil {
		return Call{}, err
	}
	return s.saveCall(ctx, by, e, version, "call.save", func(c *Call) error {
		unseen := c.Rules.Unseen
		c.OpensAt, c.ClosesAt, c.Text, c.Kinds, c.Rules = in.OpensAt.UTC(), in.ClosesAt.UTC(), in.Text, in.Kinds, in.Rules
		c.Rules.Unseen = unseen
		return nil
	})
}

// SaveForm changes the call's own questions. unseen are the keys of those whose
// answers reviewers do not see.
func (s *Service) SaveForm(ctx context.Context, by string, e edition.Edition, version int64, f form.Form, unseen []string) (Call, error) {
	err := f.Problems()
	bad, ok := fail.As(err)
	problems := fail.Fields{}
	if ok {
		problems = bad.Fields
	} else if err != nil {
		return Call{}, err
	}
	for i, field := range f.Fields {
		at := formField(i)
		if field.Special {
			problems.Add(at+"special", "proposal.special")
		}
		if field.KeepDays > MaxKeepDays {
			problems.Add(at+"keep_days", "proposal.keep_most", "max", MaxKeepDays)
		}
	}
	if err := problems.Err(); err != nil {
		return Call{}, err
	}
	return s.saveCall(ctx, by, e, version, "call.form", func(c *Call) error {
		if c.Version == 0 {
			return fail.Missing("proposal.no_call")
		}
		c.Form = f
		c.Rules.Unseen = slices.DeleteFunc(slices.Clone(unseen), func(key string) bool { _, known := f.Field(key); return !known })
		return nil
	})
}

func (s *Service) saveCall(ctx context.Context, by string, e edition.Edition, version int64, act string, change func(*Call) error) (Call, error) {
	var c Call
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		// The edition's page shows whether there is a call.
		if err := edition.Touch(ctx, tx, e.ID); err != nil {
			return err
		}
		if c, err = callOf(ctx, tx, e.ID); err != nil {
			return err
		}
		if c.Version != version {
			return fail.Clash("proposal.call_meanwhile")
		}
		if err := change(&c); err != nil {
			return err
		}
		c.EditionID, c.Version = e.ID, version+1
		_, err = tx.NewInsert().Model(&c).On("CONFLICT (edition_id) DO UPDATE").Set("opens_at = EXCLUDED.opens_at").Set("closes_at = EXCLUDED.closes_at").
			Set("text = EXCLUDED.text").Set("kinds = EXCLUDED.kinds").Set("form = EXCLUDED.form").Set("rules = EXCLUDED.rules").
			Set("version = EXCLUDED.version").Exec(ctx)
		return errors.Join(err, audit.Write(ctx, tx, s.now(), audit.Entry{Person: by, Edition: e.ID, Act: act, Subject: e.Path()}))
	})
	s.calls.Forget()
	if err == nil {
		s.editions.Forget()
	}
	return c, err
}

func (in *CallInput) check() error {
	f := fail.Fields{}
	if in.OpensAt.IsZero() {
		f.Add("opens_at", "field.required")
	}
	switch {
	case in.ClosesAt.IsZero():
		f.Add("closes_at", "field.required")
	case !in.ClosesAt.After(in.OpensAt):
		f.Add("closes_at", "proposal.closes_before")
	}
	kept := text.Texts{}
	for l, said := range in.Text {
		many(f, "text", &said, maxText, false)
		if said != "" {
			kept[l] = said
		}
	}
	in.Text = kept
	in.kinds(f)
	if in.Rules.Best < 2 || in.Rules.Best > mostBest {
		f.Add("best", "proposal.best_range", "min", 2, "max", mostBest)
	}
	if in.Rules.Each < 1 || in.Rules.Each > MostEach {
		f.Add("each", "proposal.each_range", "max", MostEach)
	}
	return f.Err()
}

// kinds puts what is offered in the order of the programme's kinds, each length once.
func (in *CallInput) kinds(f fail.Fields) {
	var list Offers
	for _, k := range program.Kinds {
		var minutes []int64
		for _, o := range in.Kinds {
			if o.Kind == k {
				minutes = append(minutes, o.Minutes...)
			}
		}
		slices.Sort(minutes)
		minutes = slices.Compact(minutes)
		switch {
		case len(minutes) == 0:
			continue
		case len(minutes) > maxLengths || minutes[0] < 1 || minutes[len(minutes)-1] > maxMinutes:
			f.Add("kind_"+string(k), "proposal.minutes_range", "max", maxMinutes, "n", maxLengths)
			continue
		}
		list = append(list, Offer{k, minutes})
	}
	if in.Kinds = list; len(list) == 0 && len(f) == 0 {
		f.Add("kinds", "proposal.kinds_none")
	}
}

// formField begins the names of a question's problems, as the form names them.
func formField(i int) string { return fmt.Sprintf("fields.%d.", i) }
