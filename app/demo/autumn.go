package demo

import (
	"context"
	"errors"

	"agora/app/meet"
	"agora/app/message"
	"agora/app/registration"
	"agora/app/registration/form"
	"agora/app/text"
	"agora/app/workshop"
)

// autumn is what an organiser does between the opening and the day: a form of
// their own, places held back, workshops and tables to sign up to.
type autumn struct {
	Form  form.Form
	Holds []struct {
		Name  string
		Seats int64
		Coded bool
	}
	Tables []struct {
		Title, About text.Texts
		Capacity     int64
		People       int
	}
	Listed []struct {
		About  string
		Topics []string
	}
	Message struct{ Subject, Body text.Texts }
}

// answers are what the n-th of the crowd says to the form, if anything.
func answers(n int) form.Answers {
	switch n % 5 {
	case 0:
		return form.Answers{"first": "yes", "evening": true}
	case 1:
		return form.Answers{"first": "yes", "hope": "Moderoinnista pienellä porukalla", "evening": false}
	case 2, 3:
		return form.Answers{"first": "no", "evening": true}
	}
	return nil
}

// prepare is done before the opening: the form and what is held back.
func (s *stage) prepare(ctx context.Context, a autumn) error {
	h := s.h
	if err := h.registrations.SaveForm(ctx, s.e, h.organiser, a.Form, 0); err != nil {
		return err
	}
	for _, hold := range a.Holds {
		in := registration.HoldInput{Name: hold.Name, Kind: registration.Onsite, Seats: hold.Seats, Coded: hold.Coded, ReleaseAt: s.e.ClosesAt}
		if err := h.registrations.Keep(ctx, s.e, h.organiser, in); err != nil {
			return err
		}
	}
	return nil
}

// gather opens the workshops and tables, and lets people find their places and
// each other.
func (s *stage) gather(ctx context.Context, a autumn, regs []registration.Registration) error {
	h := s.h
	h.clock.set(h.now)
	var seated []registration.Registration
	for _, r := range regs {
		if r, err := h.registrations.ByCode(ctx, s.e.ID, r.Code); err == nil && r.State == registration.Confirmed && r.Kind == registration.Onsite {
			seated = append(seated, r)
		} else if err != nil {
			return err
		}
	}
	if err := s.openWorkshops(ctx, seated); err != nil {
		return err
	}
	for i, t := range a.Tables {
		opened, err := h.workshops.Open(ctx, s.e, h.organiser, workshop.Input{Title: t.Title, About: t.About, Audience: registration.Onsite, Capacity: &t.Capacity})
		if err != nil {
			return err
		}
		if err := s.signUp(ctx, opened, seated[100+i*20:], t.People); err != nil {
			return err
		}
	}
	for i, l := range a.Listed {
		if err := h.meet.Save(ctx, s.e, seated[i*11], meet.Input{Wish: true, About: l.About, Topics: l.Topics}); err != nil {
			return err
		}
	}
	_, err := h.messages.Save(ctx, s.e, h.organiser, message.Input{Draft: message.Draft{Subject: a.Message.Subject, Body: a.Message.Body, Audience: message.Confirmed}})
	return err
}

// openWorkshops gives each workshop of the programme its places. The last one is
// full, and some wait.
func (s *stage) openWorkshops(ctx context.Context, seated []registration.Registration) error {
	for i, w := range s.withPlaces {
		opened, err := s.h.workshops.Open(ctx, s.e, s.h.organiser, workshop.Input{SessionID: w.ID, Audience: registration.Onsite, Capacity: w.Capacity})
		if err != nil {
			return err
		}
		people := int(*w.Capacity) * 2 / 3
		if i == len(s.withPlaces)-1 {
			people = int(*w.Capacity) + 4
		}
		if err := s.signUp(ctx, opened, seated[i*30:], people); err != nil {
			return err
		}
	}
	return nil
}

func (s *stage) signUp(ctx context.Context, w workshop.Workshop, from []registration.Registration, n int) error {
	if len(from) < n {
		return errors.New("there are too few people for " + w.ID)
	}
	for _, r := range from[:n] {
		if _, err := s.h.workshops.SignUp(ctx, s.e, r, w.ID, noKey); err != nil {
			return err
		}
	}
	return nil
}
