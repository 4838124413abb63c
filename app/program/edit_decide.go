package program

import (
	"slices"
	"time"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
)

const (
	shortest      = 5 * time.Minute // a shorter one cannot be seen, or grasped, on the grid
	longest       = 12 * time.Hour
	defaultLength = 30 * time.Minute // of a session that is placed without an end
)

// steps works out what an act does to the slots. The plan holds the sessions it
// names and, for a copy, those beside the break. copied is the break in full.
func (in EditInput) steps(p *plan, copied *Session) ([]Step, error) {
	x, err := p.seen(in.Session, "session")
	if err != nil {
		return nil, err
	}
	switch {
	case in.Act == Place && x.Scheduled():
		return nil, fail.Wrong("session", "program.edit_placed")
	case in.Act != Place && !x.Scheduled():
		return nil, fail.Wrong("session", "program.edit_unplaced")
	}
	switch in.Act {
	case Lift:
		return []Step{{SessionID: x.ID, Before: x.Spot()}}, nil
	case Swap:
		return in.swap(p, x)
	case Copy:
		return in.copies(p, x, copied)
	case Move, Resize, Place:
		return in.put(p, x)
	}
	return nil, fail.Wrong("act", "program.edit_unknown")
}

// put moves, resizes or places one session.
func (in EditInput) put(p *plan, x *Session) ([]Step, error) {
	to, length := Spot{RoomID: in.RoomID, StartsAt: in.StartsAt}, x.Length()
	switch {
	case in.Act == Resize:
		to = x.Spot()
		length = in.EndsAt.Sub(to.StartsAt)
	case in.Act == Place && in.EndsAt.IsZero():
		length = defaultLength
		if x.Extra.Minutes > 0 {
			length = time.Duration(x.Extra.Minutes) * time.Minute
		}
	case in.Act == Place, in.Act == Move && !in.EndsAt.IsZero():
		length = in.EndsAt.Sub(in.StartsAt)
	}
	act := in.Act
	if act == Move && length != x.Length() { // then the length is looked at too
		act = Resize
	}
	to.StartsAt = to.StartsAt.UTC().Truncate(time.Minute)
	to.EndsAt = to.StartsAt.Add(length)
	if act != Move {
		to.EndsAt = to.EndsAt.Truncate(time.Minute)
	}
	if err := p.fits(to, act); err != nil {
		return nil, err
	}
	return changed(Step{SessionID: x.ID, Before: x.Spot(), After: to}), nil
}

// fits looks whether a session may stand there, and says everything that is
// against it. Moving keeps the length, whatever it is.
func (p *plan) fits(to Spot, act Act) error {
	f := fail.Fields{}
	if to.RoomID != "" && p.room[to.RoomID] == nil {
		f.Add("room", "program.room_missing")
	}
	length := to.EndsAt.Sub(to.StartsAt)
	if first, last := openDays(p.e); to.None() {
		f.Add("start", "program.time_missing")
	} else if to.StartsAt.Before(first) || !to.StartsAt.Before(last) {
		f.Add("start", "program.outside_days")
	} else if act != Move && length <= 0 {
		f.Add("end", "program.ends_before")
	} else if act != Move && (length < shortest || length > longest) {
		f.Add("end", "program.edit_length", "min", int(shortest/time.Minute), "max", int(longest/time.Hour))
	} else if to.EndsAt.After(last) {
		f.Add("end", "program.outside_days")
	}
	return f.Err()
}

// openDays is from when to when sessions may start: the edition's days, and the
// night after the last of them.
func openDays(e edition.Edition) (first, last time.Time) {
	return midnight(e.Local(e.StartsAt), 0), hour(midnight(e.Local(e.EndsAt), 1), dayChange)
}

// swap lets two sessions change places; each stays as long as it is.
func (in EditInput) swap(p *plan, x *Session) ([]Step, error) {
	y, err := p.seen(in.Other, "other")
	if err != nil {
		return nil, err
	}
	if y == x || !y.Scheduled() {
		return nil, fail.Wrong("other", "program.edit_swap")
	}
	there, here := y.Spot(), x.Spot()
	there.EndsAt, here.EndsAt = there.StartsAt.Add(x.Length()), here.StartsAt.Add(y.Length())
	for _, to := range []Spot{there, here} {
		if err := p.fits(to, Move); err != nil {
			return nil, err
		}
	}
	return changed(Step{SessionID: x.ID, Before: x.Spot(), After: there}, Step{SessionID: y.ID, Before: y.Spot(), After: here}), nil
}

// copies puts a break into other rooms at the same time. A break that had no
// room goes into the first of them itself. Rooms that have it already are left
// out, so that copying twice does not double it.
func (in EditInput) copies(p *plan, x, full *Session) ([]Step, error) {
	if x.Kind != Break || full == nil {
		return nil, fail.Wrong("session", "program.edit_copy_break")
	}
	var list []Step
	moves := x.Room == nil
	for _, r := range p.rooms {
		if len(in.Rooms) > 0 && !slices.Contains(in.Rooms, r.ID) || p.hasBreak(r, x) {
			continue
		}
		to := x.Spot()
		to.RoomID = r.ID
		if moves {
			moves = false
			list = append(list, Step{SessionID: x.ID, Before: x.Spot(), After: to})
			continue
		}
		made := copyOf(full)
		list = append(list, Step{SessionID: made.ID, After: to, Made: made})
	}
	for _, id := range in.Rooms {
		if p.room[id] == nil {
			return nil, fail.Wrong("rooms", "program.room_missing")
		}
	}
	if len(list) == 0 {
		return nil, fail.Wrong("rooms", "program.edit_copy_nothing")
	}
	return list, nil
}

// copyOf is a new session that says the same. What a file said of the old one
// stays with that.
func copyOf(full *Session) *Session {
	made := *full
	made.ID = db.NewID()
	made.GUID, made.Version = made.ID, 1
	made.Extra = Extra{Word: full.Extra.Word, TextKey: full.Extra.TextKey, TextLanguage: full.Extra.TextLanguage}
	return &made
}

// hasBreak reports whether the room has this break already.
func (p *plan) hasBreak(r *Room, x *Session) bool {
	for _, y := range p.sessions {
		if y.Room == r && (y == x || y.Kind == Break && y.StartsAt.Equal(x.StartsAt) && y.EndsAt.Equal(x.EndsAt) && first(y.Title) == first(x.Title)) {
			return true
		}
	}
	return false
}

// seen finds a session and looks whether it still is as the organiser saw it.
func (p *plan) seen(s Seen, field string) (*Session, error) {
	x := p.sessions[s.ID]
	switch {
	case x == nil:
		return nil, fail.Missing("program.session_missing")
	case s.Spot == nil && s.Version == 0:
		return nil, fail.Wrong(field, "program.edit_unseen")
	case s.Spot != nil && !s.Spot.Same(x.Spot()), s.Spot == nil && s.Version != x.Version:
		return nil, p.stale("program.moved_meanwhile", "program.lifted_meanwhile", x)
	}
	return x, nil
}

// stale says where a session is now that somebody else moved it, or lifted it.
func (p *plan) stale(moved, lifted string, x *Session) error {
	err := fail.Clash(moved, "title", titled{x}, "where", where{p.e, x.Room, x.Spot()})
	if !x.Scheduled() {
		err = fail.Clash(lifted, "title", titled{x})
	}
	err.Err = &Stale{Sessions: []*Session{x}}
	return err
}

// changed leaves out the steps that lead nowhere.
func changed(steps ...Step) []Step {
	return slices.DeleteFunc(steps, func(s Step) bool { return s.Made == nil && s.Before.Same(s.After) })
}
