package program

import (
	"time"

	"github.com/uptrace/bun"
)

// Delay is how late a room runs, from a moment to the end of that day. Day is
// the date, the small hours being the evening before's.
type Delay struct {
	bun.BaseModel `bun:"table:delay"`

	RoomID    string `bun:",pk"`
	Day       string `bun:",pk"`
	Minutes   int64
	Since     time.Time
	PersonID  string
	ChangedAt time.Time
}

// Delays are the delays of an edition.
type Delays []Delay

// Running is a session with the times it really has.
type Running struct {
	Session  *Session
	StartsAt time.Time
	EndsAt   time.Time
	Late     time.Duration // of the end; 0 when it is on time
}

// RoomNow is what a room shows at a moment. Room is nil for what has no room;
// Now and Next are nil where there is nothing.
type RoomNow struct {
	Room  *Room
	Now   *Running
	Next  *Running
	Delay time.Duration // of the room, at that moment
}

// NowNext tells for every room, and at the end for what has no room, what is
// going on at a moment and what comes next, with the delays taken in.
func (p *Programme) NowNext(at time.Time, delays Delays) []RoomNow { return nil }

// Shift gives a session the times it really has.
func (l Delays) Shift(x *Session) Running {
	return Running{Session: x, StartsAt: x.StartsAt, EndsAt: x.EndsAt}
}
