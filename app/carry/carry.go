// Package carry is what the editions of a series know of each other: the next
// one is planned from an earlier one, and all of them are compared in figures.
//
// Planning is one transaction. Every area writes its own tables by a function
// CarryOver of its own; what belongs to one year alone (people, speakers, talks,
// streams) stays where it was.
//
// Tables: none of its own.
package carry

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/db"
	"agora/app/edition"
	"agora/app/program"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/workshop"
)

// Part is something that may come along to the next edition. It is called by the
// message next.part.PART.
type Part string

// The parts.
const (
	Form      Part = "form"
	Rules     Part = "rules"
	Tracks    Part = "tracks"
	Rooms     Part = "rooms"
	Skeleton  Part = "skeleton"
	Workshops Part = "workshops"
	Call      Part = "call"
	Team      Part = "team"
	Messages  Part = "messages"
	Partners  Part = "partners"
	Thanked   Part = "thanked"
	// Certificates are what they say and to whom they are given, without the hours.
	Certificates Part = "certificates"
)

// Parts lists them in the order they are offered.
var Parts = [...]Part{Form, Rules, Tracks, Skeleton, Workshops, Rooms, Call, Team, Messages, Partners, Thanked, Certificates}

// fresh is how old the figures of past editions may be.
const fresh = 20 * time.Second

// maxKept bounds the series whose figures are kept.
const maxKept = 200

// Service plans editions and compares them.
type Service struct {
	db       *db.DB
	now      func() time.Time
	words    *text.Catalogue
	editions *edition.Service
	accounts *account.Service
	figures  *db.Recent[string, map[string]Figures]
	returned *db.Recent[string, []Returning]
}

// New makes the service.
func New(d *db.DB, now func() time.Time, words *text.Catalogue, editions *edition.Service, accounts *account.Service) *Service {
	return &Service{db: d, now: now, words: words, editions: editions, accounts: accounts,
		figures:  db.NewRecent[string, map[string]Figures](now, fresh, maxKept),
		returned: db.NewRecent[string, []Returning](now, fresh, maxKept)}
}

// Plan is what an organiser wants of the next edition.
type Plan struct {
	Input    edition.Input
	Capacity map[registration.Kind]*int64
	Parts    []Part
	// Key is the form's own: the same one plans once.
	Key db.Key
}

// Report counts what came along, by part. It is kept in the log's line, so that
// it can be told again.
type Report struct {
	From  string       `json:"from"`
	Parts map[Part]int `json:"parts"`
	// Late is how many sessions of the skeleton found no day and wait for a time.
	Late int `json:"late,omitempty"`
}

// areas takes one edition's things to another, part by part.
func (s *Service) areas(ctx context.Context, tx bun.IDB, by string, from, to edition.Edition, p Plan) (Report, error) {
	r := Report{From: from.ID, Parts: map[Part]int{}}
	now := s.now()
	wants := p.wants()
	err := registration.CarryOver(ctx, tx, now, by, from, to, registration.Carried{Capacity: p.Capacity, Rules: wants[Rules], Form: wants[Form]})
	if err != nil {
		return r, err
	}
	if err := s.programme(ctx, tx, from, to, wants, &r); err != nil {
		return r, err
	}
	for _, one := range s.simple(by, from, to) {
		if !wants[one.part] {
			continue
		}
		if r.Parts[one.part], err = one.carry(ctx, tx); err != nil {
			return r, err
		}
	}
	for _, part := range []Part{Form, Rules} {
		if wants[part] {
			r.Parts[part] = 1
		}
	}
	return r, nil
}

// programme takes over what is wanted of the programme, and with it the
// workshops, which hang on sessions.
func (s *Service) programme(ctx context.Context, tx bun.IDB, from, to edition.Edition, wants map[Part]bool, r *Report) error {
	w := program.Carried{Tracks: wants[Tracks], Rooms: wants[Rooms], Skeleton: wants[Skeleton],
		Open: func(kind program.Kind) text.Texts { return s.open(kind, to.Languages) }}
	var err error
	if wants[Workshops] {
		if w.Whole, err = workshop.Sessions(ctx, tx, from.ID); err != nil {
			return err
		}
	}
	taken, err := program.CarryOver(ctx, tx, s.now(), from, to, w)
	if err != nil {
		return err
	}
	for part, n := range map[Part]int{Tracks: taken.Tracks, Rooms: taken.Rooms, Skeleton: taken.Breaks + taken.Slots} {
		if wants[part] {
			r.Parts[part] = n
		}
	}
	r.Late = taken.Late
	if wants[Workshops] {
		r.Parts[Workshops], err = workshop.CarryOver(ctx, tx, s.now(), from, to, taken.Sessions)
	}
	return err
}

// open is what an empty session of the skeleton is called until somebody speaks
// in it.
func (s *Service) open(kind program.Kind, languages edition.Languages) text.Texts {
	t := text.Texts{}
	for _, l := range languages {
		t[l] = s.words.T(l, "next.open_slot", "kind", s.words.T(l, "program.kind."+string(kind)))
	}
	return t
}

func (p Plan) wants() map[Part]bool {
	wants := map[Part]bool{}
	for _, part := range p.Parts {
		wants[part] = true
	}
	return wants
}
