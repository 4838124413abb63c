package demo

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/edition"
	"agora/app/program"
	"agora/app/registration"
	"agora/app/text"
)

// Of those who registered on site for the coming edition, some have cancelled.
const (
	comingOnsite    = 217
	comingCancelled = 6
	comingRemote    = 340
	// comingFrom is where in the crowd they begin: half of them were there in 2016.
	comingFrom = 140
)

// attendee is who the visitor may be: there in 2016, and coming again.
var attendee = visitor{Name: "Áile Ovdamearka", Organisation: "Esimerkkilän kaupunki", Language: text.Finnish,
	email: address("Áile Ovdamearka"), photo: registration.PhotoYes}

// comingDay is the day of the edition that is open for registration: Monday 25
// January 2027 or, once registration for that has closed, the first day by the
// series' rule that still can be registered for. The address keeps saying 2027,
// because the contract and every link name it so; the title tells the truth.
func (h *house) comingDay() (day, opens, closes time.Time, err error) {
	rule := edition.NewRule(time.January, 4, time.Monday)
	from := time.Date(2027, time.January, 1, 0, 0, 0, 0, h.zone)
	for {
		date, ok := rule.Next(from, h.zone)
		if !ok {
			return day, opens, closes, errors.New("the series has no rule")
		}
		if closes = h.day(date, -7, 23, 59); h.now.Before(closes) {
			day = h.day(date, 0, 9, 0)
			break
		}
		from = date
	}
	// The Monday three weeks ago, at nine: long enough for a curve to look at.
	opens = h.day(h.now, -21-(int(h.now.In(h.zone).Weekday())+6)%7, 9, 0)
	return day, opens, closes, nil
}

// coming makes the edition to register for, and the cast's places in it.
func (h *house) coming(ctx context.Context, cast *Cast) error {
	var t editionText
	var speakers []speakerText
	var sessions []sessionText
	var a autumn
	if err := errors.Join(read("2027", &t), read("2027-speakers", &speakers), read("2027-sessions", &sessions), read("2027-autumn", &a)); err != nil {
		return err
	}
	day, opens, closes, err := h.comingDay()
	if err != nil {
		return err
	}
	for l, title := range t.Title {
		t.Title[l] = strings.ReplaceAll(title, "{year}", strconv.Itoa(day.Year()))
	}
	h.clock.set(opens.AddDate(0, 0, -40))
	e, err := h.newEdition(ctx, Coming, t, day, h.day(day, 0, 17, 0), opens, closes)
	if err != nil {
		return err
	}
	s, err := h.newStage(ctx, e, t, speakers)
	if err != nil {
		return err
	}
	if err := s.addSessions(ctx, sessions); err != nil {
		return err
	}
	h.clock.set(opens.Add(-time.Hour))
	if _, err := h.program.Release(ctx, h.organiser, e, "", releaseNote); err != nil {
		return err
	}
	if err := s.comeBack(ctx); err != nil {
		return err
	}
	if err := s.invite(ctx, speakers, opens); err != nil {
		return err
	}
	if err := s.prepare(ctx, a); err != nil {
		return fmt.Errorf("before the opening: %w", err)
	}
	if err := h.thank(ctx, e, opens.Add(-time.Minute)); err != nil {
		return err
	}
	regs, err := h.comingRush(ctx, e, opens)
	if err != nil {
		return err
	}
	if err := h.cancelSome(ctx, e, regs); err != nil {
		return err
	}
	if err := s.gather(ctx, a, regs); err != nil {
		return fmt.Errorf("the workshops: %w", err)
	}
	if err := h.castComing(ctx, cast, s, speakers); err != nil {
		return err
	}
	if err := s.answer(ctx, cast); err != nil {
		return err
	}
	if err := h.call(ctx, e, cast.Moderator); err != nil {
		return fmt.Errorf("the call: %w", err)
	}
	if cast.Live, err = s.live(ctx, cast); err != nil {
		return fmt.Errorf("the live session: %w", err)
	}
	return s.draft(ctx, sessions)
}

func (h *house) comingRush(ctx context.Context, e edition.Edition, opens time.Time) ([]registration.Registration, error) {
	onsite := append([]visitor{attendee}, h.crowd[:specialNames]...)
	onsite = append(onsite, h.crowd[comingFrom:comingFrom+comingOnsite-len(onsite)]...)
	remote := h.crowd[comingFrom+comingOnsite : comingFrom+comingOnsite+comingRemote]
	r := rush{opens: opens, until: h.now, first: 0.44, tail: 0.8}
	list := claims(onsite, registration.Onsite, r.times(h, len(onsite)))
	r.first = 0.25
	list = append(list, claims(remote, registration.Remote, r.times(h, len(remote)))...)
	for i := range list {
		list[i].in.Answers = answers(i)
	}
	return h.register(ctx, e, list)
}

// specialNames is how many of the crowd's first come because of their names.
const specialNames = 12

// cancelSome has a few of those on site cancel in the last days.
func (h *house) cancelSome(ctx context.Context, e edition.Edition, regs []registration.Registration) error {
	left := comingCancelled
	for i, r := range regs {
		if left == 0 {
			break
		}
		if i%23 != 11 || r.Kind != registration.Onsite || h.cast(r) {
			continue
		}
		// The last one leaves just now, so that the curve ends where the counts are.
		h.clock.set(h.now.Add(-time.Duration((left-1)*9) * time.Hour))
		if r.CreatedAt.After(h.clock.now()) {
			continue
		}
		if _, err := h.registrations.Cancel(ctx, e, r); err != nil {
			return err
		}
		left--
	}
	if left > 0 {
		return fmt.Errorf("%d cancellations found nobody", left)
	}
	return nil
}

// cast reports whether the registration belongs to somebody whom badges or the
// visitor need.
func (h *house) cast(r registration.Registration) bool {
	for _, v := range h.crowd[:specialNames] {
		if r.Email == v.email {
			return true
		}
	}
	return r.Email == attendee.email
}

// castComing gives moderator, speaker and attendee their links.
func (h *house) castComing(ctx context.Context, cast *Cast, s *stage, speakers []speakerText) error {
	path, desk := s.e.Path(), "/desk"+s.e.Path()
	var err error
	if cast.Moderator, err = h.member(ctx, "Måns Exempel", text.Swedish, false, desk+"/live"); err != nil {
		return err
	}
	who := speakers[1] // Łucja, who has the keynote
	if cast.Speaker, err = h.member(ctx, who.Name, text.English, false, path+"/sessions/"+s.sessions["keynote"].Slug); err != nil {
		return err
	}
	_, err = h.program.SaveSpeaker(ctx, h.organiser, s.e, s.speakers[who.Key].ID,
		program.SpeakerInput{Name: who.Name, Biography: who.Biography, PersonID: cast.Speaker.ID})
	if err != nil {
		return err
	}
	scope := account.OfEdition(s.e.ID)
	err = h.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		return errors.Join(
			h.accounts.Grant(ctx, tx, h.organiser, cast.Moderator.ID, scope, account.Moderator),
			h.accounts.Grant(ctx, tx, h.organiser, cast.Speaker.ID, scope, account.Speaker))
	})
	if err != nil {
		return err
	}
	known, err := h.accounts.ByEmail(ctx, attendee.email)
	if err != nil {
		return err
	}
	ticket, err := h.registrations.OfPerson(ctx, s.e.ID, known.ID)
	if err != nil {
		return err
	}
	cast.Ticket = "/ticket/" + h.registrations.Token(ticket)
	cast.Attendee, err = h.member(ctx, attendee.Name, attendee.Language, false, cast.Ticket)
	return err
}

// draft moves a workshop, and leaves that to be released.
func (s *stage) draft(ctx context.Context, sessions []sessionText) error {
	for _, x := range sessions {
		if x.Key != "access" {
			continue
		}
		in, err := s.input(x)
		if err != nil {
			return err
		}
		in.StartsAt = s.h.day(s.e.StartsAt, 0, 14, 30)
		in.EndsAt = in.StartsAt.Add(time.Duration(x.Minutes) * time.Minute)
		s.h.clock.set(s.h.now.Add(-25 * time.Minute))
		_, err = s.h.program.SaveSession(ctx, s.h.organiser, s.e, s.sessions[x.Key].ID, in)
		return err
	}
	return errors.New("no workshop to move")
}
