package paper

import (
	"context"
	"slices"
)

// The grid on A4 lying down, in millimetres.
const (
	gridW, gridH   = 297.0, 210.0
	gridTop        = 46.0
	gridBottom     = 190.0
	gridTimes      = 16.0 // the column of times
	gridMost       = 7    // columns that can still be read; more rooms go on the next page
	gridSmallest   = 4.6  // the height of a short session
	gridRoomHeight = 7.0
)

func (p *Press) grid(ctx context.Context, d Programme, report *Report) (*sheet, error) {
	s := p.sheet(gridW*mm, gridH*mm, d.Date, d.Title)
	f := &leaf{sheet: s, report: report}
	type part struct {
		day   ProgrammeDay
		rooms []int
	}
	var parts []part
	for _, day := range d.Days {
		rooms := make([]int, max(1, len(day.Rooms)))
		for i := range rooms {
			rooms[i] = i
		}
		for some := range slices.Chunk(rooms, gridMost) {
			parts = append(parts, part{day, some})
		}
	}
	for i, one := range parts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		f.index = i
		s.page()
		f.head(d.Series, d.Edition, d.Title+" · "+one.day.Name, d.Accent, gridW)
		f.reliably("page", func() {}, func() error { f.gridDay(one.day, one.rooms, d.Accent); return f.err })
		f.foot(d.Release, d.Page, i+1, len(parts), gridW, gridH)
	}
	return s, nil
}

// gridDay draws a day's rooms side by side, time running down.
func (f *leaf) gridDay(day ProgrammeDay, rooms []int, accent Colour) {
	var items []ProgrammeItem
	for _, slot := range day.Slots {
		items = append(items, slot.Items...)
	}
	if len(items) == 0 {
		return
	}
	from, to := items[0].From, items[0].To
	for _, x := range items {
		from, to = min(from, x.From), max(to, x.To)
	}
	left, w := leafMargin+gridTimes, (gridW-2*leafMargin-gridTimes)/float64(len(rooms))
	top := gridTop + gridRoomHeight
	scale := (gridBottom - top) / float64(max(1, to-from))
	at := func(minute int) float64 { return top + float64(minute-from)*scale }
	for i, room := range rooms {
		if room < len(day.Rooms) {
			f.text("room", day.Rooms[room], Box{left + float64(i)*w + 1.4, gridTop - 1, w - 2.8, 6}, f.sized(9.5, 6, 1, true), 0, accent)
		}
	}
	last := -100.0
	for _, slot := range day.Slots {
		if y := at(slot.Items[0].From); y-last > 3.2 {
			f.line(leafMargin, y, gridW-leafMargin, y, .25, hair)
			f.text("time", slot.Time, Box{leafMargin, y + .4, gridTimes - 2, 4}, f.sized(8, 6, 1, true), 0, quiet)
			last = y
		}
	}
	for _, x := range items {
		if x.Room < 0 {
			f.gridItem(x, Box{left, at(x.From), w * float64(len(rooms)), max(gridSmallest, float64(x.To-x.From)*scale)})
		} else if i := slices.Index(rooms, x.Room); i >= 0 {
			f.gridItem(x, Box{left + float64(i)*w, at(x.From), w, max(gridSmallest, float64(x.To-x.From)*scale)})
		}
	}
}

// gridItem draws a session into its box: its title, and who speaks where that has room.
func (f *leaf) gridItem(x ProgrammeItem, b Box) {
	b = Box{b.X + .5, b.Y + .4, b.W - 1, b.H - .8}
	track, words := x.Track, ink
	switch {
	case x.Break:
		track, words = hair, quiet
		f.ground(b, hair.tint(.35))
	case track == (Colour{}):
		track = quiet
		f.ground(b, hair.tint(.5))
	default:
		f.ground(b, track.tint(.1))
	}
	f.ground(Box{b.X, b.Y, .9, b.H}, track)
	inner := Box{b.X + 2.2, b.Y + .7, b.W - 3.4, b.H - 1.2}
	size := 8.5
	title := f.measure("title", x.Title, inner.W, inner.H, f.steady(size, 5, max(1, int(inner.H/3.5)), !x.Break))
	f.print(title, inner, 0, words)
	rest := inner.H - title.height()/mm
	if rest < 3 || x.Speakers == "" {
		return
	}
	f.text("speakers", x.Speakers, Box{inner.X, inner.Y + title.height()/mm, inner.W, rest}, f.steady(7, 5.5, max(1, int(rest/2.9)), false), 0, quiet)
}
