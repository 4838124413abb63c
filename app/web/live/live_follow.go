package live

import (
	"time"

	"agora/app/program"
	"agora/app/web/page"
)

const (
	// overrun is how long a session that is over keeps its room while nothing else
	// begins: the last answer often comes after the bell.
	overrun = 20 * time.Minute
	// early is how long before its beginning a session gets the room.
	early = 10 * time.Minute
)

// following is what a room's stage and screen show at a moment, by the times that
// sessions really have.
type following struct {
	Session *program.Running // nil: nothing is left
	On      bool             // it is on; otherwise it comes or has just ended
	Over    bool
	Next    *program.Running
	Break   *program.Running // the pause that is on
	Change  time.Time        // when it will be another; zero: not foreseen
}

// follow finds what a room shows at a moment.
func follow(p *program.Programme, delays program.Delays, roomID string, at time.Time) following {
	var f following
	var on, last *program.Running
	for _, x := range p.ByRoom(roomID) {
		r := delays.Shift(x)
		switch {
		case x.Cancelled:
		case r.StartsAt.After(at):
			if x.Kind != program.Break && (f.Next == nil || r.StartsAt.Before(f.Next.StartsAt)) {
				f.Next = &r
			}
		case r.EndsAt.After(at):
			if x.Kind == program.Break {
				f.Break = &r
			} else if on == nil || !r.StartsAt.Before(on.StartsAt) {
				on = &r
			}
		case x.Kind != program.Break && (last == nil || r.EndsAt.After(last.EndsAt)):
			last = &r
		}
	}
	soon := f.Next != nil && !f.Next.StartsAt.Add(-early).After(at)
	switch {
	case on != nil:
		f.Session, f.On, f.Break = on, true, nil
		f.Change = on.EndsAt
	case last != nil && !soon && last.EndsAt.Add(overrun).After(at):
		f.Session, f.Over = last, true
		f.Change = last.EndsAt.Add(overrun)
	case f.Next != nil:
		f.Session, f.Next = f.Next, after(p, delays, roomID, f.Next)
		f.Change = f.Session.StartsAt
	}
	if f.Next != nil {
		// Whatever is on then, the room looks another way.
		f.Change = sooner(f.Change, f.Next.StartsAt, at)
		f.Change = sooner(f.Change, f.Next.StartsAt.Add(-early), at)
	}
	return f
}

// sooner is the earlier of two moments, as far as the second is still to come.
func sooner(a, b, at time.Time) time.Time {
	if b.After(at) && (a.IsZero() || b.Before(a)) {
		return b
	}
	return a
}

// after is what comes after a session in its room.
func after(p *program.Programme, delays program.Delays, roomID string, x *program.Running) *program.Running {
	var next *program.Running
	for _, y := range p.ByRoom(roomID) {
		r := delays.Shift(y)
		if !y.Cancelled && y.Kind != program.Break && r.StartsAt.After(x.StartsAt) && (next == nil || r.StartsAt.Before(next.StartsAt)) {
			next = &r
		}
	}
	return next
}

// sameDay tells whether two moments are of one date on the edition's clock.
func sameDay(v *page.Visit, a, b time.Time) bool {
	return v.Edition.Local(a).Format(time.DateOnly) == v.Edition.Local(b).Format(time.DateOnly)
}
