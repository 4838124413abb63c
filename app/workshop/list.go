package workshop

import (
	"context"
	"slices"
	"time"

	"agora/app/fail"
	"agora/app/registration"
	"agora/app/text"
)

// List gives an edition's workshops and topic tables with what is taken and how
// many wait, in the order of the day. As long as no programme is released the
// times are the draft's, for organisers' eyes.
func (s *Service) List(ctx context.Context, editionID string) ([]Workshop, error) {
	return all(ctx, s.db.Read, editionID, true)
}

// One gives one of an edition's workshops.
func (s *Service) One(ctx context.Context, editionID, workshopID string) (Workshop, error) {
	list, err := s.List(ctx, editionID)
	if err != nil {
		return Workshop{}, err
	}
	if i := slices.IndexFunc(list, func(w Workshop) bool { return w.ID == workshopID }); i >= 0 {
		return list[i], nil
	}
	return Workshop{}, fail.Missing("workshop.missing")
}

// Person is somebody signed up, as the organiser's list shows them.
type Person struct {
	RegistrationID string
	Name           string
	Organisation   string
	Code           string
	Kind           registration.Kind
	State          State
	Position       int64 // in the waiting list, or 0
	CreatedAt      time.Time
	Line           int64
}

// SignedUp lists who is signed up: those with a place by name, then those who
// wait in their order.
func (s *Service) SignedUp(ctx context.Context, editionID, workshopID string) ([]Person, error) {
	var list []Person
	err := s.db.Read.NewSelect().TableExpr("sign_up AS u").
		ColumnExpr("u.registration_id, r.name, r.organisation, r.code, r.kind, u.state, u.created_at, u.line").
		Join("JOIN workshop AS w ON w.id = u.workshop_id").
		Join("JOIN registration AS r ON r.id = u.registration_id").
		Where("w.id = ? AND w.edition_id = ? AND u.state <> ?", workshopID, editionID, Cancelled).
		OrderExpr("u.line, u.id").Scan(ctx, &list)
	if err != nil {
		return nil, err
	}
	compare := text.Collator(text.Finnish)
	slices.SortStableFunc(list, func(a, b Person) int {
		switch {
		case a.State != b.State:
			return after(a.State == Waiting)
		case a.State == Waiting:
			return 0 // in line already
		}
		return compare(a.Name, b.Name)
	})
	position := int64(0)
	for i := range list {
		if list[i].State == Waiting {
			position++
			list[i].Position = position
		}
	}
	return list, nil
}

// Entry is one thing a person is signed up to.
type Entry struct {
	Workshop Workshop
	State    State
	Position int64 // in the waiting list, or 0
}

// Agenda gives what a registration is signed up to, with times and rooms of the
// released programme, in the order of the day.
func (s *Service) Agenda(ctx context.Context, registrationID string) ([]Entry, error) {
	var rows []struct {
		WorkshopID string
		EditionID  string
		State      State
		Position   int64
	}
	err := s.db.Read.NewSelect().TableExpr("sign_up AS u").ColumnExpr("u.workshop_id, w.edition_id, u.state").
		ColumnExpr(`CASE WHEN u.state = ? THEN (SELECT count(*) FROM sign_up AS o
			WHERE o.workshop_id = u.workshop_id AND o.state = ? AND o.line <= u.line) ELSE 0 END AS position`, Waiting, Waiting).
		Join("JOIN workshop AS w ON w.id = u.workshop_id").
		Where("u.registration_id = ? AND u.state <> ?", registrationID, Cancelled).Scan(ctx, &rows)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	list, err := all(ctx, s.db.Read, rows[0].EditionID, false)
	if err != nil {
		return nil, err
	}
	agenda := make([]Entry, 0, len(rows))
	for _, w := range list {
		for _, r := range rows {
			if r.WorkshopID == w.ID {
				agenda = append(agenda, Entry{Workshop: w, State: r.State, Position: r.Position})
			}
		}
	}
	return agenda, nil
}

// Clash is two things at one time that somebody is signed up to, because the
// programme has changed since.
type Clash struct {
	RegistrationID string
	Name           string
	First, Second  Workshop
}

// Clashes lists them by name of the person.
func (s *Service) Clashes(ctx context.Context, editionID string) ([]Clash, error) {
	list, err := all(ctx, s.db.Read, editionID, true)
	if err != nil {
		return nil, err
	}
	by := map[string]Workshop{}
	for _, w := range list {
		by[w.ID] = w
	}
	var pairs []struct{ RegistrationID, Name, First, Second string }
	err = s.db.Read.NewSelect().TableExpr("sign_up AS a").
		ColumnExpr("a.registration_id, r.name, a.workshop_id AS first, b.workshop_id AS second").
		Join("JOIN workshop AS w ON w.id = a.workshop_id").
		Join("JOIN registration AS r ON r.id = a.registration_id").
		Join("JOIN sign_up AS b ON b.registration_id = a.registration_id AND b.state <> ? AND b.id > a.id", Cancelled).
		Where("w.edition_id = ? AND a.state <> ?", editionID, Cancelled).OrderExpr("a.id, b.id").Scan(ctx, &pairs)
	if err != nil {
		return nil, err
	}
	clashes := []Clash{}
	for _, p := range pairs {
		if a, b := by[p.First], by[p.Second]; a.overlaps(b) {
			if b.StartsAt.Before(a.StartsAt) {
				a, b = b, a
			}
			clashes = append(clashes, Clash{RegistrationID: p.RegistrationID, Name: p.Name, First: a, Second: b})
		}
	}
	compare := text.Collator(text.Finnish)
	slices.SortStableFunc(clashes, func(a, b Clash) int { return compare(a.Name, b.Name) })
	return clashes, nil
}
