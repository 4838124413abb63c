package program

import (
	"cmp"
	"slices"
	"time"
)

// gridStep is the height of a row; sessions are drawn at the nearest one.
const gridStep = 5 * time.Minute

// Grid is a day as a table of rooms and times. Columns and rows count from 1
// and leave out whatever headings the page adds. Rows are time that passed, so
// the nights when clocks change are as long as they are.
type Grid struct {
	Start   time.Time // full hour at or before the first session
	Columns int
	Rows    int
	Rooms   []GridRoom
	Cells   []GridCell
	Hours   []GridHour
}

// GridRoom is the heading of a room: its first column and how many it takes,
// which is more than one only where sessions overlap. Room is nil above the
// sessions that have none.
type GridRoom struct {
	Room   *Room
	Column int
	Width  int
}

// GridCell is a session's place. Wide ones have no room and nothing beside
// them: a break for everybody, across all columns.
type GridCell struct {
	Session *Session
	Column  int
	Row     int
	Height  int
	Wide    bool
}

// GridHour is a row at which the clock shows a full hour.
type GridHour struct {
	At  time.Time
	Row int
}

// span is a session's rows, the end exclusive.
type span struct {
	x        *Session
	from, to int
	lane     int
}

func grid(d *Day) *Grid {
	y, m, date := d.Opens.Date()
	start := time.Date(y, m, date, d.Opens.Hour(), 0, 0, 0, d.Opens.Location())
	if start.After(d.Opens) { // the hour that comes twice in autumn
		start = d.Opens
	}
	g := &Grid{Start: start}
	row := func(t time.Time) int { return int((t.Sub(start) + gridStep/2) / gridStep) }
	byRoom := map[*Room][]*span{}
	var all []*span
	for _, x := range d.Sessions {
		s := &span{x: x, from: row(x.StartsAt), to: row(x.EndsAt)}
		s.to = max(s.to, s.from+1)
		all = append(all, s)
		byRoom[x.Room] = append(byRoom[x.Room], s)
		g.Rows = max(g.Rows, s.to)
	}
	wide, rest := apart(byRoom[nil], all)
	byRoom[nil] = rest
	rooms := d.Rooms
	if len(rest) > 0 {
		rooms = append(slices.Clip(rooms), nil)
	}
	for _, r := range rooms {
		width := lanes(byRoom[r])
		for _, s := range byRoom[r] {
			g.Cells = append(g.Cells, GridCell{Session: s.x, Column: g.Columns + 1 + s.lane, Row: s.from + 1, Height: s.to - s.from})
		}
		g.Rooms = append(g.Rooms, GridRoom{Room: r, Column: g.Columns + 1, Width: width})
		g.Columns += width
	}
	for _, s := range wide {
		g.Cells = append(g.Cells, GridCell{Session: s.x, Column: 1, Row: s.from + 1, Height: s.to - s.from, Wide: true})
	}
	g.Columns = max(g.Columns, 1)
	// In the order of time, which is also the order of reading aloud.
	slices.SortStableFunc(g.Cells, func(a, b GridCell) int {
		return cmp.Or(cmp.Compare(a.Row, b.Row), cmp.Compare(a.Column, b.Column))
	})
	for at := start; row(at) < g.Rows; at = at.Add(time.Hour) {
		g.Hours = append(g.Hours, GridHour{At: at, Row: row(at) + 1})
	}
	return g
}

// apart takes the sessions without a room that have nothing beside them.
func apart(roomless, all []*span) (wide, rest []*span) {
	for _, s := range roomless {
		alone := !slices.ContainsFunc(all, func(o *span) bool { return o != s && o.from < s.to && s.from < o.to })
		if alone {
			wide = append(wide, s)
		} else {
			rest = append(rest, s)
		}
	}
	return wide, rest
}

// lanes puts overlapping sessions of a room side by side and counts the lanes.
func lanes(list []*span) int {
	var ends []int
	for _, s := range list {
		s.lane = slices.IndexFunc(ends, func(end int) bool { return end <= s.from })
		if s.lane < 0 {
			s.lane = len(ends)
			ends = append(ends, 0)
		}
		ends[s.lane] = s.to
	}
	return len(ends)
}
