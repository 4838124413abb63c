package agenda

import (
	"time"

	"agora/app/edition"
	"agora/app/program"
	"agora/app/text"
)

// Words tells changes of the programme as people read them: the letter, the
// public changelog and the desk before a release say the same thing.
type Words struct {
	Catalogue *text.Catalogue
	Lang      text.Lang
	Edition   edition.Edition
}

// Change is one change as a line: what, from where and to where.
func (w Words) Change(c program.Change) string {
	before, after := w.spot(c.Before, c.BeforeRoom), w.spot(c.After, c.AfterRoom)
	args := []any{"title", c.Session.Name(w.Lang), "before", before, "after", after}
	switch c.Kind {
	case program.Relocated:
		args = []any{"title", c.Session.Name(w.Lang), "when", w.when(c.After.StartsAt, c.After.EndsAt), "before", w.room(c.BeforeRoom), "after", w.room(c.AfterRoom)}
	case program.Moved:
		if c.Before.RoomID == c.After.RoomID {
			return w.Catalogue.T(w.Lang, "agenda.change_time", "title", c.Session.Name(w.Lang),
				"before", w.when(c.Before.StartsAt, c.Before.EndsAt), "after", w.later(c), "room", w.room(c.AfterRoom))
		}
	}
	return w.Catalogue.T(w.Lang, "agenda.change_"+string(c.Kind), args...)
}

// spot is when and where.
func (w Words) spot(p program.Spot, room *program.Room) string {
	switch {
	case p.None():
		return w.Catalogue.T(w.Lang, "agenda.no_time")
	case room == nil:
		return w.when(p.StartsAt, p.EndsAt)
	}
	return w.when(p.StartsAt, p.EndsAt) + ", " + w.room(room)
}

func (w Words) room(r *program.Room) string {
	if r == nil {
		return w.Catalogue.T(w.Lang, "programme.no_room")
	}
	name, _ := w.Edition.In(r.Name, w.Lang)
	return name
}

// when is a span of time with its day: ma 25.1. klo 9.40–10.20.
func (w Words) when(from, to time.Time) string {
	from, to = w.Edition.Local(from), w.Edition.Local(to)
	weekday := [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}[from.Weekday()]
	day := w.Catalogue.T(w.Lang, "programme.day_"+weekday) + " " + text.DayMonth(w.Lang, from)
	if w.Lang == text.English {
		day += ","
	}
	return day + " " + text.At(w.Lang, from) + "–" + text.Clock(w.Lang, to)
}

// later leaves the day out where it stays.
func (w Words) later(c program.Change) string {
	before, from, to := w.Edition.Local(c.Before.StartsAt), w.Edition.Local(c.After.StartsAt), w.Edition.Local(c.After.EndsAt)
	if before.Format(time.DateOnly) == from.Format(time.DateOnly) {
		return text.At(w.Lang, from) + "–" + text.Clock(w.Lang, to)
	}
	return w.when(from, to)
}
