package public

import (
	"strconv"
	"strings"
	"time"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// gridView is a day as rooms beside each other, down the clock.
type gridView struct {
	Label string
	Rooms []gridRoom
	Hours []gridHour
	Cells []gridCell
}

type gridRoom struct {
	Class, Name, Lang, Note string
}

type gridHour struct {
	Class, Time, Datetime string
}

type gridCell struct {
	Class          string
	Href           string // empty: a break, which has nothing to read
	Title          page.Words
	Speakers       string
	Time, Datetime string
	Cancelled, On  bool
	Star           *templates.Star
}

func fitsGrid(g *program.Grid) bool {
	return g.Columns <= page.MaxGridColumns && g.Rows <= page.MaxGridRows
}

func newGridView(v *page.Visit, d *program.Day, st stars) *gridView {
	g := d.Grid
	view := &gridView{Label: v.T("programme.grid_label", "day", text.LongDate(v.Lang, d.Date))}
	for _, r := range g.Rooms {
		view.Rooms = append(view.Rooms, newGridRoom(v, r))
	}
	for _, h := range g.Hours {
		view.Hours = append(view.Hours, gridHour{Class: "r-" + strconv.Itoa(h.Row), Time: text.Clock(v.Lang, h.At), Datetime: h.At.Format(time.RFC3339)})
	}
	for _, c := range g.Cells {
		view.Cells = append(view.Cells, newGridCell(v, c, g.Columns, st))
	}
	return view
}

func newGridRoom(v *page.Visit, r program.GridRoom) gridRoom {
	out := gridRoom{Class: place(r.Column, r.Width)}
	if r.Room == nil {
		out.Name = v.T("programme.no_room")
		return out
	}
	name := v.Words(r.Room.Name)
	out.Name, out.Lang = name.Text, name.Lang
	if r.Room.Capacity != nil {
		out.Note = v.T("programme.seats", "n", *r.Room.Capacity)
	}
	return out
}

func newGridCell(v *page.Visit, c program.GridCell, columns int, st stars) gridCell {
	x := c.Session
	class := []string{"cell", place(c.Column, 1), "r-" + strconv.Itoa(c.Row), "h-" + strconv.Itoa(c.Height)}
	if c.Wide {
		class[1] = place(1, columns)
	}
	if x.Track != nil {
		class = append(class, "track-"+x.Track.Slug)
	}
	out := gridCell{Href: v.SessionHref(x), Title: v.SessionWords(x, x.Title), Cancelled: x.Cancelled, On: x.On(v.Now), Star: st.of(x),
		Time: text.Span(v.Lang, x.StartsAt, x.EndsAt), Datetime: x.StartsAt.Format(time.RFC3339)}
	switch {
	case x.Kind == program.Break:
		class, out.Href = append(class, "break"), ""
	case out.On:
		class = append(class, "on")
	}
	if c.Height <= lowCell {
		class = append(class, "low")
	}
	out.Class, out.Speakers = strings.Join(class, " "), strings.Join(speakerNames(x), ", ")
	return out
}

// lowCell is up to how many rows a cell has no height for more than its title.
const lowCell = 3

// place is the classes of a column and how many it takes.
func place(column, width int) string {
	class := "c-" + strconv.Itoa(column)
	if width > 1 {
		class += " w-" + strconv.Itoa(width)
	}
	return class
}

// gridFor is the address of the sheet that all the grids of a page fit on.
func gridFor(days []*program.Day, any bool) string {
	if !any {
		return ""
	}
	columns, rows := 1, 1
	for _, d := range days {
		if fitsGrid(d.Grid) {
			columns, rows = max(columns, d.Grid.Columns), max(rows, d.Grid.Rows)
		}
	}
	return page.GridHref(columns, rows)
}

// Grid serves a sheet. Its address says everything about it, so nothing is kept
// but its bytes.
func (s Pages) Grid(v *page.Visit) error {
	sheet, ok := page.GridSheet(v.Param("file"))
	if !ok {
		return fail.Missing("web.not_found")
	}
	return v.SendMade("grid\x00"+v.Param("file"), page.ForYears, func() ([]byte, string, error) {
		return []byte(sheet), page.SheetKind, nil
	})
}
