package message

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/mail"
	"agora/app/registration"
	"agora/app/text"
)

const (
	// ahead is how long before an edition its letters are looked after; longer
	// than any question is asked ahead.
	ahead = 40 * 24 * time.Hour
	// weekDays before the start the first reminder goes; a server that was away
	// catches up until latestWeek.
	weekDays   = 7
	latestWeek = 4
	// latestAsk is how late a server that was away still asks: the day before,
	// "tomorrow" is worth more than a question.
	latestAsk = 2
	// maxFact bounds what a reminder says of one practical topic; it links to the rest.
	maxFact = 700
)

// remoteTopics are those that matter to somebody at their own desk.
var remoteTopics = []string{"contact"}

// Remind sends what is due of the reminders a week and a day before every
// edition. It may be called at any time and on several nodes.
func (s *Service) Remind(ctx context.Context) error {
	return s.around(ctx, func(ctx context.Context, e edition.Edition, r registration.Round) error {
		if r.Reminder == 0 {
			return nil
		}
		return s.all(ctx, e, func(ctx context.Context, tx bun.Tx) ([]registration.Registration, error) {
			return registration.DueReminder(ctx, tx, e.ID, r, chunk)
		}, func(p registration.Registration) mail.Letter { return s.reminder(e, p, r) })
	})
}

// Ask asks people with a seat whether they come, where it is time.
func (s *Service) Ask(ctx context.Context) error {
	return s.around(ctx, func(ctx context.Context, e edition.Edition, r registration.Round) error {
		if !r.Ask {
			return nil
		}
		return s.all(ctx, e, func(ctx context.Context, tx bun.Tx) ([]registration.Registration, error) {
			return registration.DueQuestion(ctx, tx, e.ID, s.now(), r, chunk)
		}, func(p registration.Registration) mail.Letter { return s.question(e, p, r) })
	})
}

// around does something for every edition that is near, in the hours when its
// people may be written to. One that fails does not hold up the others.
func (s *Service) around(ctx context.Context, do func(context.Context, edition.Edition, registration.Round) error) error {
	var ids []string
	now := s.now()
	err := s.db.Read.NewRaw("SELECT id FROM edition WHERE starts_at > ? AND starts_at < ? ORDER BY starts_at", now, now.Add(ahead)).Scan(ctx, &ids)
	if err != nil {
		return err
	}
	var failed []error
	for _, id := range ids {
		e, err := s.editions.ByID(ctx, id)
		if err == nil && !e.Series.Practice() {
			err = s.one(ctx, e, do)
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("edition %s: %w", id, err))
		}
	}
	return errors.Join(failed...)
}

func (s *Service) one(ctx context.Context, e edition.Edition, do func(context.Context, edition.Edition, registration.Round) error) error {
	setup, err := s.registrations.Setup(ctx, e.ID)
	if err != nil || Night(e, setup.Rules, s.now()) {
		return err
	}
	return do(ctx, e, round(e, setup.Rules, s.now()))
}

// Night tells whether a letter would wake somebody. Without quiet hours of its
// own an edition has the usual ones: nobody needs a reminder after midnight.
func Night(e edition.Edition, rules registration.Rules, now time.Time) bool {
	if rules.QuietFrom == rules.QuietTo {
		rules = registration.UsualRules
	}
	return rules.Quiet(e.Local(now).Hour())
}

// round is what is due today, by the calendar of the edition's clock.
func round(e edition.Edition, rules registration.Rules, now time.Time) registration.Round {
	days := e.DaysLeft(now)
	r := registration.Round{}
	switch {
	case rules.RemindDay && days == 1:
		r.Reminder = registration.RemindedDay
	case rules.RemindWeek && days >= latestWeek && days <= weekDays:
		r.Reminder, r.Settled = registration.RemindedWeek, before(e, weekDays)
	}
	if days <= rules.ConfirmDays && days >= max(1, min(latestAsk, rules.ConfirmDays)) {
		r.Ask, r.AskSettled = true, before(e, rules.ConfirmDays)
	}
	return r
}

// before is the midnight that begins the day some days before the start.
// time.Date counts days, so the nights when the clocks change do not matter.
func before(e edition.Edition, days int) time.Time {
	y, m, d := e.Local(e.StartsAt).Date()
	return time.Date(y, m, d-days, 0, 0, 0, 0, e.Location()).UTC()
}

// all writes to everybody who is due, a chunk per transaction: marks and letters
// are durable together, so a killed round goes on where it stopped.
func (s *Service) all(ctx context.Context, e edition.Edition, due func(context.Context, bun.Tx) ([]registration.Registration, error),
	write func(registration.Registration) mail.Letter) error {
	for {
		n := 0
		err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
			people, err := due(ctx, tx)
			if err != nil {
				return err
			}
			n = len(people)
			letters := make([]mail.Letter, n)
			for i, p := range people {
				letters[i] = write(p)
			}
			return mail.Queue(ctx, tx, s.now(), letters...)
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

func (s *Service) reminder(e edition.Edition, p registration.Registration, r registration.Round) mail.Letter {
	kind := mail.ReminderWeek
	if r.Reminder == registration.RemindedDay {
		kind = mail.ReminderDay
	}
	if p.Kind == registration.Onsite && p.State == registration.Confirmed {
		return s.withFacts(e, p, kind, edition.Topics[:])
	}
	// Who waits for a seat takes part by the remote place held meanwhile.
	p.Kind, p.State = registration.Remote, registration.Confirmed
	l := s.withFacts(e, p, kind, remoteTopics)
	l.Args["where"] = ""
	return l
}

func (s *Service) question(e edition.Edition, p registration.Registration, r registration.Round) mail.Letter {
	var topics []string
	if p.Reminded < r.Reminder {
		topics = edition.Topics[:]
	}
	return s.withFacts(e, p, mail.Confirm, topics)
}

func (s *Service) withFacts(e edition.Edition, p registration.Registration, kind string, topics []string) mail.Letter {
	l := s.registrations.Letter(e, p, kind, 0)
	l.Args["facts"] = s.facts(e, p.Language, topics)
	l.Args["link"] = fmt.Sprint(l.Args["page"]) + "/practical"
	return l
}

// facts are the practical topics as plain text, each under its name.
func (s *Service) facts(e edition.Edition, l text.Lang, topics []string) string {
	var parts []string
	for _, topic := range topics {
		fact, _ := e.In(e.Practical[topic], l)
		if fact = shortened(text.Plain(fact, text.Fill{})); fact != "" {
			parts = append(parts, s.words.T(l, "practical."+topic)+"\n"+fact)
		}
	}
	return strings.Join(parts, "\n\n")
}

// shortened cuts a long text at a word.
func shortened(s string) string {
	r := []rune(s)
	if len(r) <= maxFact {
		return s
	}
	s = string(r[:maxFact])
	if i := strings.LastIndexAny(s, " \n"); i > 0 {
		s = s[:i]
	}
	return strings.TrimSpace(s) + " …"
}
