package speaking

import (
	"context"
	"errors"
	"slices"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/audit"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/mail"
	"agora/app/program"
	"agora/app/registration"
)

// Yes is what a speaker says when they accept.
type Yes struct {
	// Kind is how they take part; empty is on site, where there is a hall.
	Kind registration.Kind
	// Email is their address, asked from those whose organisers do not know it.
	Email string
}

// errShared says that the address has a registration which is another speaker's.
var errShared = errors.New("the address is another speaker's too")

// Accept is the speaker's yes: they get their place, and with it badge and
// certificate, without further forms. Who is registered already keeps that. Said
// twice it changes nothing, and after a place was given up it asks for one again.
func (s *Service) Accept(ctx context.Context, e edition.Edition, x Speaking, y Yes) (Outcome, error) {
	if !s.now().Before(e.EndsAt) {
		return Outcome{}, fail.Clash("speaking.over")
	}
	f := fail.Fields{}
	if x.Email == "" {
		email, problem := account.ParseEmail(y.Email)
		if problem != "" {
			f.Add("email", problem)
		}
		x.Email = email
	}
	offered, err := s.offered(ctx, e)
	if err != nil {
		return Outcome{}, err
	}
	switch {
	case y.Kind == "" && len(offered) > 0:
		y.Kind = offered[0]
	case !slices.Contains(offered, y.Kind):
		f.Add("place", "registration.place_unknown")
	}
	if err := f.Err(); err != nil {
		return Outcome{}, err
	}
	return s.welcome(ctx, "", e, x, registration.Guest{Kind: y.Kind})
}

// offered are the kinds of place that an edition has at all.
func (s *Service) offered(ctx context.Context, e edition.Edition) ([]registration.Kind, error) {
	places, err := s.registrations.Places(ctx, e.ID)
	var kinds []registration.Kind
	for _, kind := range registration.Kinds {
		if p, has := places[kind]; has && (p.Capacity == nil || *p.Capacity+p.Overbook > 0) {
			kinds = append(kinds, kind)
		}
	}
	return kinds, err
}

// Place tries again to give a place to a speaker who has none: one to hold for
// who was asked, one to sit on for who has accepted. beyond lets the latter in
// over the hall's size, which is raised by one.
func (s *Service) Place(ctx context.Context, by string, e edition.Edition, speakerID string, beyond bool) (Outcome, error) {
	x, err := s.Of(ctx, e, speakerID)
	if err != nil {
		return Outcome{}, err
	}
	switch {
	case x.State == Declined:
		return Outcome{}, fail.Clash("speaking.has_declined")
	case x.State == Accepted && x.Email == "":
		return Outcome{}, fail.Wrong("email", "speaking.email_missing")
	case x.State == Accepted:
		return s.welcome(ctx, by, e, x, registration.Guest{Kind: registration.Onsite, Beyond: beyond})
	}
	return s.ask(ctx, by, e, speakerID, invitation{email: x.Email, lang: x.Language})
}

// welcome takes a speaker in: the place and the word of it are one transaction.
func (s *Service) welcome(ctx context.Context, by string, e edition.Edition, x Speaking, g registration.Guest) (out Outcome, err error) {
	who, err := speaker(ctx, s.db.Read, e, x.SpeakerID)
	if err != nil {
		return out, err
	}
	organisers, err := s.organisers(ctx, e)
	if err != nil {
		return out, err
	}
	g.Name, g.Email, g.Language, g.HoldID = who.Name, x.Email, x.Language, x.HoldID
	taken := func(ctx context.Context, tx bun.IDB, r *registration.Registration, made bool) (err error) {
		out, err = s.accepted(ctx, tx, by, e, who, x, r, made, organisers)
		return err
	}
	if _, err = s.registrations.Welcome(ctx, e, by, g, taken); errors.Is(err, errShared) {
		err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error { return taken(ctx, tx, nil, false) })
	}
	if err != nil {
		return Outcome{}, err
	}
	s.editions.Forget()
	return out, nil
}

// accepted writes a yes with the registration it gave or found; r is nil where
// another speaker has that of the address.
func (s *Service) accepted(ctx context.Context, tx bun.IDB, by string, e edition.Edition, who program.Speaker, seen Speaking,
	r *registration.Registration, made bool, organisers []account.Person) (out Outcome, err error) {
	if r != nil { // before the speaker's own row: every writer takes the edition's first
		if err := program.Recognise(ctx, tx, e.ID, seen.SpeakerID, r.PersonID); err != nil {
			return out, err
		}
	}
	x, err := locked(ctx, tx, seen)
	if err != nil {
		return out, err
	}
	if err := notAnothers(ctx, tx, x, r); err != nil {
		return out, err
	}
	seat, at, before := seatOf(r), s.now(), x
	x.State, x.Email = Accepted, seen.Email
	if before.State != Accepted {
		x.AnsweredAt = &at
	}
	x.RegistrationID, x.Guest = "", false
	if r != nil {
		x.RegistrationID, x.Guest = r.ID, made || before.Guest && before.RegistrationID == r.ID
	}
	if by == "" && x.OpenedAt == nil {
		x.OpenedAt = &at
	}
	if err := write(ctx, tx, &x); err != nil {
		return out, err
	}
	out = Outcome{Speaking: x, Seat: seat}
	if before.State == Accepted && before.RegistrationID == x.RegistrationID && by == "" {
		return out, nil // said before
	}
	letters := []mail.Letter{s.acceptedLetter(e, who, x, r, seat)}
	if by == "" && (seat == SeatNone || seat == SeatShared) {
		letters = append(letters, s.tell(e, organisers, who, "seat_"+string(seat))...)
	}
	if err := mail.Queue(ctx, tx, at, letters...); err != nil {
		return out, err
	}
	act := "speaking.accept"
	if by != "" {
		act = "speaking.place"
	}
	return out, audit.Write(ctx, tx, at, audit.Entry{Person: by, Edition: e.ID, Act: act, Subject: x.SpeakerID, Detail: string(seat)})
}

// notAnothers refuses a registration by which another speaker attends.
func notAnothers(ctx context.Context, tx bun.IDB, x Speaking, r *registration.Registration) error {
	if r == nil {
		return nil
	}
	shared, err := tx.NewSelect().Model((*Speaking)(nil)).Where("registration_id = ?", r.ID).Where("speaker_id <> ?", x.SpeakerID).Exists(ctx)
	if err == nil && shared {
		return errShared
	}
	return err
}

// Decline is the speaker's no: what was kept or taken for them is free again. A
// registration of their own, from before, stays: they may well come to listen.
func (s *Service) Decline(ctx context.Context, e edition.Edition, x Speaking) (out Outcome, err error) {
	if !s.now().Before(e.EndsAt) {
		return out, fail.Clash("speaking.over")
	}
	who, err := speaker(ctx, s.db.Read, e, x.SpeakerID)
	if err != nil {
		return out, err
	}
	organisers, err := s.organisers(ctx, e)
	if err != nil {
		return out, err
	}
	ends := ""
	if x.Guest {
		ends = x.RegistrationID
	}
	err = s.registrations.LetGuestGo(ctx, e, "", x.HoldID, ends, func(ctx context.Context, tx bun.IDB, _ *registration.Registration, _ bool) error {
		now, err := locked(ctx, tx, x)
		if err != nil {
			return err
		}
		if now.RegistrationID != x.RegistrationID || now.HoldID != x.HoldID {
			return fail.Clash("speaking.meanwhile") // accepted in another window at this moment
		}
		before, at := now.State, s.now()
		now.State, now.AnsweredAt, now.HoldID = Declined, &at, ""
		if ends != "" {
			now.RegistrationID, now.Guest = "", false
		}
		if now.OpenedAt == nil {
			now.OpenedAt = &at
		}
		out = Outcome{Speaking: now, Seat: SeatFree}
		if err := write(ctx, tx, &now); err != nil || before == Declined {
			return err
		}
		letters := s.tell(e, organisers, who, "declined")
		if now.Email != "" {
			letters = append(letters, s.letter(e, who, now, mail.SpeakerDeclined, s.about(e, who, now)))
		}
		if err := mail.Queue(ctx, tx, at, letters...); err != nil {
			return err
		}
		return audit.Write(ctx, tx, at, audit.Entry{Edition: e.ID, Act: "speaking.decline", Subject: now.SpeakerID})
	})
	return out, err
}
