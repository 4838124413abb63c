package certificate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/mail"
	"agora/app/message"
)

const (
	// tellFor is how long after the day letters still go out: devices of the door
	// sync late, and a server may have been away.
	tellFor = 7 * 24 * time.Hour
	// chunk is how many letters are written in one transaction.
	chunk = 200
)

// Tell writes, from the day after on, to everybody whose certificate can be had
// and who has not been told. It may be called at any time and on several nodes.
func (s *Service) Tell(ctx context.Context) error {
	now := s.now()
	var ids []string
	err := s.db.Read.NewRaw("SELECT id FROM edition WHERE ends_at < ? AND ends_at > ? ORDER BY ends_at", now, now.Add(-tellFor)).Scan(ctx, &ids)
	var failed []error
	for _, id := range ids {
		if err := s.tellOf(ctx, id); err != nil {
			failed = append(failed, fmt.Errorf("edition %s: %w", id, err))
		}
	}
	return errors.Join(err, errors.Join(failed...))
}

// Due is when an edition's letters begin to go: the morning after, in the hours
// when people may be written to.
func Due(e edition.Edition) time.Time {
	const morning = 8
	y, m, d := e.Local(e.EndsAt).Date()
	return time.Date(y, m, d+1, morning, 0, 0, 0, e.Location())
}

// Told is whether an edition's letters have gone: none is written any more.
func Told(e edition.Edition, now time.Time) bool { return !now.Before(e.EndsAt.Add(tellFor)) }

func (s *Service) tellOf(ctx context.Context, id string) error {
	e, err := s.editions.ByID(ctx, id)
	if err != nil || e.Series.Practice() || s.now().Before(Due(e)) {
		return err
	}
	setup, err := s.registrations.Setup(ctx, e.ID)
	if err != nil || message.Night(e, setup.Rules, s.now()) {
		return err
	}
	rules, err := s.Rules(ctx, e.ID)
	if err != nil || !rules.Letter {
		return err
	}
	own, err := s.addresses(ctx, e)
	if err != nil {
		return err
	}
	for {
		n := 0
		err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
			n, err = s.tellSome(ctx, tx, e, own)
			return err
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

// recipient is whom a letter goes to, and the address that leads them to theirs.
type recipient struct{ email, link string }

// addresses are those of the speakers who have no ticket, by their id.
func (s *Service) addresses(ctx context.Context, e edition.Edition) (map[string]recipient, error) {
	all, err := s.speakings.OfEdition(ctx, e.ID)
	by := make(map[string]recipient, len(all))
	for id, x := range all {
		by[id] = recipient{x.Email, s.speakings.URL(x)}
	}
	return by, err
}

// tellSome takes the edition's lock before it looks who is due: what two nodes
// would do twice is done once.
func (s *Service) tellSome(ctx context.Context, tx bun.IDB, e edition.Edition, own map[string]recipient) (int, error) {
	if err := s.lock(ctx, tx, e.ID); err != nil {
		return 0, err
	}
	people, err := s.standings(ctx, tx, e)
	if err != nil {
		return 0, err
	}
	spoke, err := s.speakers(ctx, tx, e)
	if err != nil {
		return 0, err
	}
	var due []Standing
	letters := map[string]mail.Letter{} // by address: two certificates are one letter
	var order []string
	for _, st := range append(people, spoke...) {
		to := s.recipientOf(st, own)
		if !st.Entitled || to.email == "" || st.Issued != nil && (st.Issued.ToldAt != nil || !st.Issued.Holds()) {
			continue
		}
		if _, known := letters[to.email]; !known {
			if len(order) == chunk {
				continue
			}
			order = append(order, to.email)
			letters[to.email] = s.letter(e, st, to)
		}
		due = append(due, st)
	}
	if len(due) == 0 {
		return 0, nil
	}
	given, err := s.issue(ctx, tx, e, due, true)
	if err != nil {
		return 0, err
	}
	var late []string // those that were given out before
	for _, i := range given {
		if i.ToldAt == nil {
			late = append(late, i.ID)
		}
	}
	if len(late) > 0 {
		if _, err := tx.NewUpdate().Model((*Issued)(nil)).Set("told_at = ?", s.now()).Where("id IN (?)", bun.List(late)).Exec(ctx); err != nil {
			return 0, err
		}
	}
	list := make([]mail.Letter, len(order))
	for k, email := range slices.Clone(order) {
		list[k] = letters[email]
	}
	return len(due), mail.Queue(ctx, tx, s.now(), list...)
}

func (s *Service) recipientOf(st Standing, own map[string]recipient) recipient {
	if st.Registration.ID != "" {
		return recipient{st.Registration.Email, s.registrations.TicketURL(st.Registration)}
	}
	if st.Speaker != nil {
		return own[st.Speaker.ID]
	}
	return recipient{}
}

func (s *Service) letter(e edition.Edition, st Standing, to recipient) mail.Letter {
	l := languageOf(e, st.Language)
	return mail.Letter{EditionID: e.ID, Email: to.email, Name: st.Name, Language: l, Kind: mail.Certificate,
		Args: map[string]any{"name": st.Name, "edition": e.Name(l), "link": to.link}}
}
