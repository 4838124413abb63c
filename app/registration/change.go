package registration

import (
	"context"
	"database/sql"
	"time"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/mail"
	"agora/app/text"
)

// onOne is an act of a person about their registration.
func (s *Service) onOne(e edition.Edition, r Registration, fn func(h *hall, r *Registration) (int64, error)) act {
	return act{edition: e, at: s.now(), targets: []string{r.ID}, decide: about(fn)}
}

// Cancel ends a person's own claim; organisers Decide.
func (s *Service) Cancel(ctx context.Context, e edition.Edition, r Registration) (Result, error) {
	return s.group.Do(ctx, s.onOne(e, r, func(h *hall, r *Registration) (int64, error) {
		h.cancel(r, mail.Cancelled)
		return 0, nil
	}))
}

// Switch asks for the other kind of place.
func (s *Service) Switch(ctx context.Context, e edition.Edition, r Registration, to Kind) (Result, error) {
	if to != Onsite && to != Remote {
		return Result{}, fail.Wrong("place", "registration.place_unknown")
	}
	return s.group.Do(ctx, s.onOne(e, r, func(h *hall, r *Registration) (int64, error) { return h.switchTo(r, to) }))
}

// Accept takes up an offer, Decline gives it to the next in line. Conflict when
// there is none, or when it has lapsed.
func (s *Service) Accept(ctx context.Context, e edition.Edition, r Registration) (Result, error) {
	return s.group.Do(ctx, s.onOne(e, r, func(h *hall, r *Registration) (int64, error) { return 0, h.accept(r) }))
}

// Decline refuses an offer; who holds a remote place keeps it.
func (s *Service) Decline(ctx context.Context, e edition.Edition, r Registration) (Result, error) {
	return s.group.Do(ctx, s.onOne(e, r, func(h *hall, r *Registration) (int64, error) { return 0, h.decline(r) }))
}

// Heir is who takes over a place.
type Heir struct {
	Name         string    `json:"name"`
	Email        string    `json:"email"`
	Organisation string    `json:"organisation"`
	Language     text.Lang `json:"language"`
}

// HandOver gives a confirmed place to a colleague. The old ticket stops working
// and both are told. Invalid for problems in the input or when the colleague is
// registered already.
func (s *Service) HandOver(ctx context.Context, e edition.Edition, r Registration, to Heir) (Result, error) {
	in := Input{Name: to.Name, Email: to.Email, Organisation: to.Organisation, Language: to.Language, Place: r.Kind}
	if err := in.checkAdded(e); err != nil {
		return Result{}, err
	}
	a := s.onOne(e, r, nil)
	a.people = []account.NewPerson{{Email: in.Email, Name: in.Name, Language: in.Language}}
	a.decide = func(t *turn, a *act) (Result, error) {
		return about(func(h *hall, held *Registration) (int64, error) {
			if held.Version != r.Version {
				return 0, fail.Missing("registration.ticket_missing")
			}
			return 0, h.handOver(held, heir{PersonID: t.people[in.Email].ID, Name: in.Name, Email: in.Email, Organisation: in.Organisation, Language: in.Language, Code: newCode()})
		})(t, a)
	}
	return s.group.Do(ctx, a)
}

// Details are what a person may correct of their own registration.
type Details struct {
	Name         string
	Organisation string
	Photo        Photo
	Needs        string
	Answers      map[string]any
	Consent      bool
	Language     text.Lang
}

// Correct changes a person's own data; the address stays, because tickets go
// there. Invalid names every problem; Missing when the ticket has changed hands.
func (s *Service) Correct(ctx context.Context, e edition.Edition, r Registration, d Details) error {
	setup, err := s.Setup(ctx, e.ID)
	if err != nil {
		return err
	}
	in := Input{Name: d.Name, Email: r.Email, Place: r.Kind, Organisation: d.Organisation, Language: d.Language,
		Photo: d.Photo, Needs: d.Needs, Answers: d.Answers, Consent: d.Consent}
	if err := in.Check(e, setup.Form); err != nil {
		return err
	}
	var consent *time.Time
	if in.Consent {
		at := s.now()
		consent = &at
	}
	r.Name, r.Organisation, r.Photo, r.Needs, r.Answers, r.Language = in.Name, in.Organisation, in.Photo, in.Needs, in.Answers, in.Language
	r.ConsentAt, r.ChangedAt = consent, s.now()
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		return oneRow(tx.NewUpdate().Model(&r).Column("name", "organisation", "photo", "needs", "answers", "language", "consent_at", "changed_at").
			Where("id = ? AND version = ? AND state <> ?", r.ID, r.Version, Cancelled).Exec(ctx))
	})
}

// Coming notes that somebody has said they come. Pressing twice is no mistake.
func (s *Service) Coming(ctx context.Context, r Registration) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		return oneRow(tx.NewRaw("UPDATE registration SET coming_at = coalesce(coming_at, ?) WHERE id = ? AND version = ? AND state = ?",
			s.now(), r.ID, r.Version, Confirmed).Exec(ctx))
	})
}

// oneRow makes sure that a conditional change found its row.
func oneRow(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n != 1 {
		return fail.Missing("registration.ticket_missing")
	}
	return err
}
