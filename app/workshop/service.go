package workshop

import (
	"context"
	"time"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/registration"
)

// Service is the way in for workshops and topic tables.
type Service struct {
	db       *db.DB
	now      func() time.Time
	editions *edition.Service
	ticket   func(registration.Registration) string
	group    *db.Group[act, Result]
}

// New makes the service and starts its writer. ticket gives the address of a
// registration's ticket, where letters lead.
func New(d *db.DB, now func() time.Time, editions *edition.Service, ticket func(registration.Registration) string) *Service {
	s := &Service{db: d, now: now, editions: editions, ticket: ticket}
	s.group = db.NewGroup(d, s.set, func(acts []act, _ []db.Outcome[Result]) {
		for _, a := range acts {
			if a.by != "" {
				editions.Forget() // pages that show the workshop are drawn anew
				return
			}
		}
	})
	return s
}

// Close finishes what waits.
func (s *Service) Close() { s.group.Close() }

// SignUp takes a place in a workshop or a number in its waiting list. Doing it
// twice is no mistake and gives the same answer. Conflict says in plain words
// what stands against it: another sign-up at the same time, another table, an
// audience the person does not belong to, a session that has begun.
func (s *Service) SignUp(ctx context.Context, e edition.Edition, r registration.Registration, workshopID string, key db.Key) (Result, error) {
	return s.person(ctx, act{edition: e, wish: signUp, who: r, workshop: workshopID, key: key})
}

// Leave gives a place or a number up; the first in line is given the place.
func (s *Service) Leave(ctx context.Context, e edition.Edition, r registration.Registration, workshopID string, key db.Key) (Result, error) {
	return s.person(ctx, act{edition: e, wish: leave, who: r, workshop: workshopID, key: key})
}

func (s *Service) person(ctx context.Context, a act) (Result, error) {
	if !a.key.Zero() {
		a.key.BodyHash = db.HashBody([]string{string(a.wish), a.who.ID, a.workshop})
	}
	return s.group.Do(ctx, a)
}
