// Package registration decides who gets a place. It holds each edition's places
// (on site, remote), the registrations that claim them and the waiting lists,
// and it is the only authority on capacity.
//
// Everything that takes or frees a place is an act handed to one group commit:
// the acts waiting at a moment are decided as a set, in order of arrival, by
// the pure functions of decide.go, and are durable before anyone is answered.
//
// What hangs on a registration in areas that stand later (workshops, who is
// coming) follows it inside the same transaction: see Follower.
//
// Tables: place, registration, registration_setup, hold, tally, draft, list_import.
package registration

import (
	"time"

	"github.com/uptrace/bun"

	"agora/app/registration/form"
	"agora/app/text"
)

// Kind is a kind of place.
type Kind string

// The kinds of place.
const (
	Onsite Kind = "onsite"
	Remote Kind = "remote"
)

// Kinds lists them in the order they are offered.
var Kinds = [...]Kind{Onsite, Remote}

// State is what has become of a registration.
type State string

// The states of a registration.
const (
	Confirmed State = "confirmed"
	Waiting   State = "waiting"
	Offered   State = "offered"
	Cancelled State = "cancelled"
)

// Photo says whether a person may be photographed; it shows on the badge.
type Photo string

// The answers about photographs.
const (
	PhotoYes Photo = "yes"
	PhotoAsk Photo = "ask"
	PhotoNo  Photo = "no"
)

// Place counts one edition's places of one kind. Taken are those confirmed and
// offered; the database itself checks taken + held <= capacity + overbook.
type Place struct {
	bun.BaseModel `bun:"table:place"`

	EditionID string `bun:",pk"`
	Kind      Kind   `bun:",pk"`
	Capacity  *int64 // nil is unlimited
	Overbook  int64
	Held      int64
	Taken     int64
	Waiting   int64
	Line      int64 // the last number given out in the waiting list
}

// Free tells how many may still be taken; unlimited places say so.
func (p Place) Free() (n int64, unlimited bool) {
	if p.Capacity == nil {
		return 0, true
	}
	return max(0, *p.Capacity+p.Overbook-p.Held-p.Taken), false
}

// Full reports whether the next one to come has to wait. While somebody waits,
// nobody passes them, even when a place is free this very moment.
func (p Place) Full() bool {
	n, unlimited := p.Free()
	return !unlimited && (n == 0 || p.Waiting > 0)
}

// Places are an edition's places by kind.
type Places map[Kind]Place

// Registration is one person's claim on a place.
type Registration struct {
	bun.BaseModel `bun:"table:registration"`

	ID        string `bun:",pk"`
	EditionID string
	PersonID  string
	Kind      Kind
	State     State
	// Meanwhile says that a remote place is held while waiting for a seat.
	Meanwhile bool
	// Line is the number in the waiting list; smaller is nearer. Joined is the
	// position at which it was entered.
	Line   int64
	Joined int64
	// Pending waits for an organiser's word, and so stands in no line yet.
	Pending bool
	// Party is the id of the registration that brought this one along, itself
	// included; Together says that the party takes places only as a whole.
	Party    string
	Together bool
	// HoldID is the hold whose place is used, if any.
	HoldID string
	// OfferUntil is when an offer lapses.
	OfferUntil *time.Time
	// AskedAt is when the person was asked whether they come, ComingAt when they
	// said so.
	AskedAt  *time.Time
	ComingAt *time.Time
	// ConsentAt is when they agreed to what is kept of diet, access and other
	// special data.
	ConsentAt *time.Time
	// Reminded counts the reminders sent: one a week before, two a day before.
	Reminded     int64
	Code         string
	Version      int64 // raised when the ticket changes hands
	Name         string
	Email        string
	Organisation string
	Language     text.Lang
	Photo        Photo
	Needs        string
	Answers      form.Answers
	CreatedAt    time.Time
	ChangedAt    time.Time
}

// Live reports whether the registration still claims a place.
func (r Registration) Live() bool { return r.State != Cancelled }

// Attends reports by which kind of place the person may take part now, if any.
func (r Registration) Attends() (Kind, bool) {
	switch {
	case r.State == Confirmed:
		return r.Kind, true
	case r.Meanwhile:
		return Remote, true
	}
	return "", false
}

// Result is the answer to an act: the registration after it, and its position
// in the waiting list (1 is next), or 0. A repeated act gets what was decided
// the first time: id, version, code, kind, state and position.
type Result struct {
	Registration Registration
	Position     int64
}
