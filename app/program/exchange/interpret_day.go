package exchange

import (
	"strings"
	"time"
)

// dayFrame is what a file says about a day, to judge and to complete the times of its sessions.
type dayFrame struct {
	date       time.Time // zero when not given
	start, end time.Time // zero when not given
}

// day reads one day in any of its shapes: rooms holding sessions, sessions directly under the day, or JSON's
// object of room names.
func (r *reading) day(d *node) {
	var frame dayFrame
	if m, ok := parseMoment(d.str("date"), r.loc); ok {
		frame.date = midnight(m.at)
	}
	if m, ok := parseMoment(d.str("start", "day_start"), r.loc); ok && m.clock {
		frame.start = m.at
	}
	if m, ok := parseMoment(d.str("end", "day_end"), r.loc); ok && m.clock {
		frame.end = m.at
	}
	d.str("index")
	for _, room := range d.all("room") {
		name := cleanLine(room.str("name"))
		if name == "" && !room.has("event") {
			name = cleanLine(room.value())
		}
		r.room(Room{Name: name, GUID: room.str("guid")}, room.line)
		r.sessions(room, frame, name)
	}
	for _, group := range d.all("rooms") {
		for _, room := range group.kids {
			room.used = true
			name := cleanLine(room.name)
			if room.name == "" {
				name = cleanLine(room.str("name"))
			}
			r.room(Room{Name: name}, room.line)
			list := items(room, "event")
			room.name = "room"
			for _, e := range list {
				r.session(e, frame, name)
			}
			r.sessions(room, frame, name)
		}
	}
	r.sessions(d, frame, "")
}

// sessions reads what a room or a day holds; "talk" and "session" are what other programs call an event.
func (r *reading) sessions(holder *node, frame dayFrame, room string) {
	for _, name := range []string{"event", "talk", "session"} {
		for _, e := range holder.all(name) {
			e.name = "event"
			r.session(e, frame, room)
		}
	}
	for _, name := range []string{"events", "talks", "sessions"} {
		for _, group := range holder.all(name) {
			for _, e := range items(group, "event") {
				r.session(e, frame, room)
			}
			r.sessions(group, frame, room)
		}
	}
}

// start finds the instant of a session. A date with a clock decides; without one, the clock stands beside it, and
// what starts before the day's change belongs to the night after the day it is listed under.
func (r *reading) start(e *node, frame dayFrame, called string) (time.Time, bool) {
	date := e.str("date")
	clockText := e.str("start")
	m, dated := parseMoment(date, r.loc)
	clock, clocked := parseClock(clockText)
	if !clocked {
		if whole, ok := parseMoment(clockText, r.loc); ok && whole.clock && !m.clock {
			m, dated = whole, true
		}
	}
	var start time.Time
	switch {
	case dated && m.clock:
		start = m.at
		if clocked && at(m.at, clock, m.at.Location()).Truncate(time.Minute) != start.Truncate(time.Minute) {
			r.notes.add(startDiffers, e.line, called+": "+date+" / "+clockText)
		}
		if _, ours := start.In(r.loc).Zone(); m.offset && r.s.TimeZone != "" {
			if _, theirs := start.Zone(); ours != theirs {
				r.notes.add(zoneDiffers, e.line, called+": "+date)
			}
		}
	case dated && clocked:
		start = at(m.at, clock, r.loc)
	case clocked && !frame.date.IsZero():
		start = at(frame.date, clock, r.loc)
		if clock < r.dayChange {
			start = at(frame.date.AddDate(0, 0, 1), clock, r.loc)
		}
	default:
		return time.Time{}, false
	}
	if !sensible(start) {
		return time.Time{}, false
	}
	if outside(start, frame, r.dayChange, r.loc) {
		r.notes.add(outsideDay, e.line, called+": "+withOffset(start.In(r.loc)))
	}
	return start.UTC(), true
}

func outside(start time.Time, frame dayFrame, change time.Duration, loc *time.Location) bool {
	if !frame.start.IsZero() && !frame.end.IsZero() {
		return start.Before(frame.start) || start.After(frame.end)
	}
	if frame.date.IsZero() {
		return false
	}
	first := at(frame.date, 0, loc)
	return start.Before(first) || !start.Before(at(frame.date.AddDate(0, 0, 1), change, loc))
}

// duration reads the length, or takes it from the end.
func (r *reading) duration(e *node, start time.Time, called string) time.Duration {
	written := e.str("duration")
	d, ok := parseDuration(written)
	end := e.str("end")
	if m, dated := parseMoment(end, r.loc); !ok && dated && m.clock {
		d, ok = m.at.Sub(start).Round(time.Minute), true
	} else if clock, clocked := parseClock(end); !ok && clocked && !dated {
		local := start.In(r.loc)
		d, ok = at(local, clock, r.loc).Sub(start), true
		if d < 0 {
			d += 24 * time.Hour
		}
	}
	if !ok || d <= 0 || d > maxDuration {
		r.notes.add(badDuration, e.line, strings.TrimSuffix(called+": "+written, ": "))
		return defaultDuration
	}
	return d
}
