package paper

import (
	"context"
	"io"
	"time"
)

// Programme is an edition's programme, in words ready to print.
type Programme struct {
	Series  string
	Edition string
	Title   string
	Release string // which version it is
	QR      string // where the newest one is; empty for none
	Newest  string // the words beside it
	Days    []ProgrammeDay
	Page    func(n, total int) string
	Date    time.Time
	Accent  Colour
}

// ProgrammeDay is one day. Rooms are the columns of its grid.
type ProgrammeDay struct {
	Name  string
	Rooms []string
	Slots []ProgrammeSlot
}

// ProgrammeSlot is everything that begins at one time.
type ProgrammeSlot struct {
	Time  string
	Items []ProgrammeItem
}

// ProgrammeItem is a session. From and To are minutes since the day's midnight;
// Room counts the day's rooms from 0, -1 stands for all of them.
type ProgrammeItem struct {
	Title, Speakers string
	Place           string // room, track and length, on one line
	Time            string
	From, To        int
	Room            int
	Break           bool
	Track           Colour // black: none
}

// Layout is how a programme is printed.
type Layout string

// The layouts: a list on A4, a grid of rooms and times on A4, and a sheet of A4
// that folds into a booklet of eight pages for the pocket.
const (
	List   Layout = "list"
	Grid   Layout = "grid"
	Pocket Layout = "pocket"
)

// Layouts lists them.
var Layouts = [...]Layout{List, Grid, Pocket}

// Programme prints one.
func (p *Press) Programme(ctx context.Context, w io.Writer, d Programme, layout Layout) (Report, error) {
	var report Report
	err := safely(func() error {
		d.Accent = accentOr(d.Accent)
		var s *sheet
		var err error
		switch layout {
		case Grid:
			s, err = p.grid(ctx, d, &report)
		case Pocket:
			s, err = p.pocket(ctx, d, &report)
		default:
			s, err = p.list(ctx, d, &report)
		}
		if err != nil {
			return err
		}
		report.Pages = s.pdf.PageCount()
		return s.write(w)
	})
	return report, err
}

// piece is something that is never broken over two pages; keep ties it to the next.
type piece struct {
	h    float64
	keep bool
	draw func(x, y float64)
}

// paginate puts pieces onto pages of a height.
func paginate(pieces []piece, room float64) (pages [][]piece) {
	var page []piece
	used := 0.0
	for i := 0; i < len(pieces); {
		n, h := 1, pieces[i].h
		for pieces[i+n-1].keep && i+n < len(pieces) {
			h += pieces[i+n].h
			n++
		}
		if used+h > room && len(page) > 0 {
			pages, page, used = append(pages, page), nil, 0
		}
		page, used = append(page, pieces[i:i+n]...), used+h
		i += n
	}
	if len(page) > 0 {
		pages = append(pages, page)
	}
	return pages
}

// printPieces draws a page's pieces one below the other.
func printPieces(page []piece, x, y float64) {
	for _, one := range page {
		one.draw(x, y)
		y += one.h
	}
}

// listing holds the sizes and columns that differ between A4 and the pocket.
type listing struct {
	width, time      float64 // in millimetres
	day, title, line float64 // in points
	gap              float64
}

var (
	a4List     = listing{width: 162, time: 24, day: 14, title: 11, line: 9, gap: 2.6}
	pocketList = listing{width: 62.25, time: 12.5, day: 9.5, title: 7.5, line: 6.3, gap: 1.5}
)

// pieces are a programme's days, one after the other.
func (f *leaf) pieces(d Programme, l listing) (list []piece) {
	for _, day := range d.Days {
		name := f.measure("day", day.Name, l.width, 12, f.sized(l.day, l.day*.7, 2, true))
		list = append(list, piece{h: name.height()/mm + l.gap*1.6, keep: true, draw: func(x, y float64) {
			f.print(name, Box{x, y + l.gap*.6, l.width, 0}, 0, d.Accent)
		}})
		for _, slot := range day.Slots {
			for i, item := range slot.Items {
				when := slot.Time
				if i > 0 {
					when = ""
				}
				list = append(list, f.row(when, item, l, i == 0))
			}
		}
	}
	return list
}

// row is a session in a list.
func (f *leaf) row(when string, item ProgrammeItem, l listing, first bool) piece {
	w := l.width - l.time
	time := f.measure("time", when, l.time-1, 8, f.sized(l.line+.5, 5, 1, true))
	title := f.measure("title", item.Title, w, 30, f.steady(l.title, l.title*.75, 3, !item.Break))
	speakers := f.measure("speakers", item.Speakers, w, 20, f.steady(l.line, l.line*.75, 2, false))
	place := f.measure("place", item.Place, w, 8, f.sized(l.line, l.line*.75, 1, false))
	h := (title.height() + speakers.height() + place.height()) / mm
	colour := ink
	if item.Break {
		colour = quiet
	}
	return piece{h: h + l.gap, draw: func(x, y float64) {
		if first {
			f.line(x, y, x+l.width, y, .4, hair)
		}
		y += l.gap / 2
		f.print(time, Box{x, y + .2, l.time, 0}, 0, colour)
		if item.Track != (Colour{}) {
			f.ground(Box{x + l.time - 1.8, y + .4, .8, h - .6}, item.Track)
		}
		f.print(title, Box{x + l.time, y, w, 0}, 0, colour)
		y += title.height() / mm
		f.print(speakers, Box{x + l.time, y, w, 0}, 0, ink)
		y += speakers.height() / mm
		f.print(place, Box{x + l.time, y, w, 0}, 0, quiet)
	}}
}

// The page of papers on A4, in millimetres.
const (
	a4W, a4H   = 210.0, 297.0
	leafMargin = 24.0
	headRoom   = 40.0
	footTop    = 281.0
)

func (p *Press) list(ctx context.Context, d Programme, report *Report) (*sheet, error) {
	s := p.sheet(a4W*mm, a4H*mm, d.Date, d.Title)
	f := &leaf{sheet: s, report: report}
	pages := paginate(f.pieces(d, a4List), footTop-headRoom-4)
	for i, page := range pages {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		f.index = i
		s.page()
		f.head(d.Series, d.Edition, d.Title, d.Accent, a4W)
		f.reliably("page", func() {}, func() error { printPieces(page, leafMargin, headRoom); return f.err })
		f.foot(d.Release, d.Page, i+1, len(pages), a4W, a4H)
	}
	return s, nil
}

// head is the top of a paper: the mark, whose it is, and what.
func (f *leaf) head(series, edition, title string, accent Colour, w float64) {
	f.mark(leafMargin*mm, 21.4*mm, 8.6*mm, accent)
	f.text("series", series, Box{leafMargin + 11, 15.6, 80, 8}, f.sized(12.5, 8, 1, true), 0, ink)
	f.text("edition", edition, Box{w - leafMargin - 80, 16.2, 80, 8}, f.sized(9.5, 7, 1, false), 1, quiet)
	f.text("title", title, Box{leafMargin, 26, w - 2*leafMargin, 10}, f.sized(17, 10, 1, true), 0, ink)
}

// foot says which page of how many it is, and what else is worth saying.
func (f *leaf) foot(words string, page func(n, total int) string, n, total int, w, h float64) {
	y := h - 16
	f.line(leafMargin, y, w-leafMargin, y, .4, hair)
	f.text("foot", words, Box{leafMargin, y + 1.6, w - 2*leafMargin - 26, 5}, f.sized(8, 6, 1, false), 0, quiet)
	if page != nil {
		f.text("foot", page(n, total), Box{w - leafMargin - 24, y + 1.6, 24, 5}, f.sized(8, 6, 1, false), 1, quiet)
	}
}
