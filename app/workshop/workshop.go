// Package workshop takes sign-ups to what has few places within the day:
// sessions with a capacity and a waiting list of their own, and topic tables,
// which are no sessions.
//
// A workshop's row is the authority on its places. Everything that takes or
// frees one is an act handed to a group commit and decided, with the others
// that wait, by the pure functions of decide.go. A set takes the lock of the
// edition's places first and the workshops' rows after it, as registration does
// when it tells who has left: the two can wait for each other but never in a
// ring.
//
// A sign-up hangs on a registration and follows it; see Follow.
//
// Tables: workshop, sign_up.
package workshop

import (
	"slices"
	"time"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/registration"
	"agora/app/text"
)

// State is what has become of a sign-up.
type State string

// The states of a sign-up.
const (
	Confirmed State = "confirmed"
	Waiting   State = "waiting"
	Cancelled State = "cancelled"
)

// Workshop is a session with places of its own or, without a session, a topic
// table. The title and the text about a session are the programme's; Title is a
// table's own, and About what people have to know before they sign up.
type Workshop struct {
	bun.BaseModel `bun:"table:workshop"`

	ID        string `bun:",pk"`
	EditionID string
	SessionID *string
	Title     text.Texts
	About     text.Texts
	Audience  registration.Kind // empty: everybody
	Capacity  *int64            // nil is unlimited
	Taken     int64
	Waiting   int64
	Line      int64 // the last number given out in the waiting list
	Rank      int64
	CreatedAt time.Time

	// What follows is the programme's, as it stands now: empty for tables, and
	// without times as long as the session has none.
	Slug      string     `bun:",scanonly"`
	Session   text.Texts `bun:",scanonly"`
	CalledOff bool       `bun:",scanonly"`
	StartsAt  time.Time  `bun:",scanonly"`
	EndsAt    time.Time  `bun:",scanonly"`
	Room      text.Texts `bun:",scanonly"`
}

// Table reports whether it is a topic table.
func (w Workshop) Table() bool { return w.SessionID == nil }

// Called is its title in all its languages.
func (w Workshop) Called() text.Texts {
	if w.Table() {
		return w.Title
	}
	return w.Session
}

// Name is its title in a language, falling back to the edition's first.
func (w Workshop) Name(e edition.Edition, l text.Lang) string {
	name, _ := e.In(w.Called(), l)
	return name
}

// Scheduled reports whether its time is known.
func (w Workshop) Scheduled() bool { return !w.StartsAt.IsZero() }

// Free tells how many may still sign up; an unlimited workshop says so.
func (w Workshop) Free() (n int64, unlimited bool) {
	if w.Capacity == nil {
		return 0, true
	}
	return max(0, *w.Capacity-w.Taken), false
}

// Full reports whether the next one to come has to wait. While somebody waits,
// nobody passes them.
func (w Workshop) Full() bool {
	n, unlimited := w.Free()
	return !unlimited && n == 0 || w.Waiting > 0
}

// Fits reports whether the workshop is for those who take part in this way.
func (w Workshop) Fits(kind registration.Kind) bool { return w.Audience == "" || w.Audience == kind }

// overlaps reports whether nobody can be at both.
func (w Workshop) overlaps(other Workshop) bool {
	return w.Scheduled() && other.Scheduled() && !w.CalledOff && !other.CalledOff &&
		w.StartsAt.Before(other.EndsAt) && other.StartsAt.Before(w.EndsAt)
}

// over reports whether its places are of no use any more.
func (w Workshop) over(e edition.Edition, now time.Time) bool {
	return w.CalledOff || !now.Before(e.EndsAt) || w.Scheduled() && !now.Before(w.StartsAt)
}

// SignUp is one registration's claim on a place in a workshop.
type SignUp struct {
	bun.BaseModel `bun:"table:sign_up"`

	ID             string `bun:",pk"`
	WorkshopID     string
	RegistrationID string
	State          State
	Line           int64 // the number in the waiting list; smaller is nearer
	CreatedAt      time.Time
	ChangedAt      time.Time
}

// Result is the answer to an act: what has become of the sign-up, and its
// position in the waiting list (1 is next), or 0.
type Result struct {
	State    State
	Position int64
}

// sorted puts workshops in the order of the day, those without a time after
// the others and the tables last.
func sorted(list []Workshop) []Workshop {
	slices.SortStableFunc(list, func(a, b Workshop) int {
		switch {
		case a.Table() != b.Table():
			return after(a.Table())
		case a.Scheduled() != b.Scheduled():
			return after(!a.Scheduled())
		}
		return a.StartsAt.Compare(b.StartsAt)
	})
	return list
}

func after(yes bool) int {
	if yes {
		return 1
	}
	return -1
}
