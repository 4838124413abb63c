package public

import (
	"fmt"
	"net/url"
	"slices"
	"time"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// programPage is an edition's programme: one day or all, as a list by time and,
// where there is width and more than one room, as a grid beside it.
type programPage struct {
	Empty   *templates.Empty
	Version string
	Zone    string
	Days    []programDay
	Search  *programSearch
	Stars   starBox
	// Elsewhere is what is on now, on a day that is not shown.
	Elsewhere []page.Tab
	DayTabs   []page.Tab
	Views     []page.Tab
	GridHref  string
	Base      string
	wide      bool
	about     string
}

type programDay struct {
	ID, Title string
	Slots     []templates.Slot
	Grid      *gridView
}

func (p programPage) Shape(f *page.Frame) {
	f.Wide, f.Description, f.Scripts = p.wide, p.about, append(f.Scripts, "stars", "program")
}

// The values of ?view and ?day that are words.
const (
	asList  = "list"
	asGrid  = "grid"
	allDays = "all"
	// maxElsewhere keeps the line about other days a line.
	maxElsewhere = 3
)

// programChoice is what the address asks of the programme.
type programChoice struct {
	day    *program.Day // nil: all of them
	view   string
	filter programFilter
}

// ProgramPage shows what was released.
func (s Pages) ProgramPage(v *page.Visit) error {
	p, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	choice, err := newProgramChoice(v, p)
	if err != nil {
		return err
	}
	day := allDays
	if choice.day != nil {
		day = choice.day.Key()
	}
	key := fmt.Sprint(p.Edition.Revision, day, turn(p, v.Now))
	build := func() (any, error) {
		st, err := s.newStars(v)
		choice.filter.marked = st.on
		return programData(v, p, choice, st), err
	}
	// Whoever types a search makes pages that nobody else will ask for; those are
	// not kept.
	if choice.filter.chosen() > keptFilters || len(choice.filter.words) > 0 {
		made, err := build()
		if err != nil {
			return err
		}
		v.C.Set("Cache-Control", "no-cache")
		return v.Render("program/program", v.T("programme.title"), made)
	}
	return v.PublicPage("program/program", v.T("programme.title"), key, build)
}

// keptFilters is how much may be chosen at once for a page to be kept.
const keptFilters = 1

// turn is the last moment at which a session began or ended: as long as it stays
// the same, so does everything a page says about now.
func turn(p *program.Programme, now time.Time) int64 {
	if len(p.Days) == 0 || now.Before(p.Days[0].Opens) || !now.Before(p.Days[len(p.Days)-1].Closes) {
		return 0
	}
	var last time.Time
	for _, x := range p.Sessions {
		for _, at := range [...]time.Time{x.StartsAt, x.EndsAt} {
			if !at.After(now) && at.After(last) {
				last = at
			}
		}
	}
	return last.Unix()
}

// newProgramChoice reads ?day, ?view and the filter. Without a day it is today's,
// the next one's or the first; what is filtered is shown through all days.
func newProgramChoice(v *page.Visit, p *program.Programme) (c programChoice, err error) {
	switch c.view = v.Query("view"); c.view {
	case "", asList, asGrid:
	default:
		return c, fail.Missing("web.not_found")
	}
	if c.filter, err = newProgramFilter(v, p); err != nil {
		return c, err
	}
	switch wanted := v.Query("day"); {
	case wanted == allDays, wanted == "" && (c.filter.any() || p.Empty()):
	case wanted == "":
		c.day = currentDay(p, v.Now)
	default:
		for _, d := range p.Days {
			if d.Key() == wanted {
				c.day = d
			}
		}
		if c.day == nil {
			return c, fail.Missing("programme.day_gone")
		}
	}
	return c, nil
}

// currentDay is today's or the next one's while the edition lasts, else its first
// day. Something on the eve, weeks before, does not hide the day itself.
func currentDay(p *program.Programme, now time.Time) *program.Day {
	e := p.Edition
	from, to := e.Local(e.StartsAt).Format(time.DateOnly), e.Local(e.EndsAt).Format(time.DateOnly)
	var own []*program.Day
	for _, d := range p.Days {
		if d.Key() >= from && d.Key() <= to {
			own = append(own, d)
		}
	}
	if len(own) == 0 {
		own = p.Days
	}
	for _, d := range own {
		if now.Before(d.Closes) {
			return d
		}
	}
	return own[0]
}

// onElsewhere are the sessions that are on now and not among the days shown.
func onElsewhere(v *page.Visit, p *program.Programme, shown []*program.Day) []page.Tab {
	var list []page.Tab
	for _, x := range p.Now(v.Now) {
		if x.Kind != program.Break && !slices.ContainsFunc(shown, func(d *program.Day) bool { return slices.Contains(d.Sessions, x) }) {
			list = append(list, page.Tab{Href: v.SessionHref(x), Text: v.SessionWords(x, x.Title)})
		}
	}
	return list[:min(len(list), maxElsewhere)]
}

func programData(v *page.Visit, p *program.Programme, c programChoice, st stars) programPage {
	made := programPage{Base: v.Edition.Path(), Stars: st.box(), Zone: v.ZoneWords(), about: v.T("programme.about", "name", v.Edition.Name(v.Lang))}
	if p.Empty() {
		made.Empty = &templates.Empty{Title: v.T("programme.empty_title"), Text: v.T("programme.empty_text"),
			Href: v.Edition.Path(), Action: v.T("programme.empty_act")}
		return made
	}
	made.Version = v.T("programme.version", "number", fmt.Sprint(p.Release.Number), "when", v.SentenceTime(p.Release.ReleasedAt))
	shown := p.Days
	if c.day != nil {
		shown = []*program.Day{c.day}
	}
	found := 0
	for _, d := range shown {
		day := programDay{ID: "day-" + d.Key(), Title: page.UpperFirst(text.LongDate(v.Lang, d.Date)), Slots: slotsOf(v, d, c.filter, st)}
		if len(day.Slots) == 0 {
			continue
		}
		for _, t := range day.Slots {
			found += max(1, len(t.Sessions))
		}
		if !c.filter.any() && asksGrid(c, d) && fitsGrid(d.Grid) {
			day.Grid = newGridView(v, d, st)
			made.wide = true
		}
		made.Days = append(made.Days, day)
	}
	made.GridHref = gridFor(shown, made.wide)
	made.Elsewhere = onElsewhere(v, p, shown)
	programTabs(v, &made, p, c)
	made.Search = newProgramSearch(v, p, c, found)
	return made
}

// asksGrid: a grid is the way a day with several rooms is shown, unless a list
// is asked for. All days together are a list unless a grid is.
func asksGrid(c programChoice, d *program.Day) bool {
	switch c.view {
	case asGrid:
		return true
	case asList:
		return false
	}
	return c.day != nil && d.Grid.Columns > 1
}

// programTabs are the links to the other views of the programme.
func programTabs(v *page.Visit, made *programPage, p *program.Programme, c programChoice) {
	link := func(day, view string) string {
		q := url.Values{}
		for _, name := range [...]string{"q", "track", "room", "kind", "language", "mine"} {
			if value := v.Query(name); value != "" {
				q.Set(name, value)
			}
		}
		for name, value := range map[string]string{"day": day, "view": view} {
			if value != "" {
				q.Set(name, value)
			}
		}
		if len(q) == 0 {
			return v.Edition.Path() + "/program"
		}
		return v.Edition.Path() + "/program?" + q.Encode()
	}
	day := allDays
	if c.day != nil {
		day = c.day.Key()
	}
	if len(p.Days) > 1 {
		for _, d := range p.Days {
			made.DayTabs = append(made.DayTabs, page.Tab{Href: link(d.Key(), c.view), Text: page.Words{Text: v.DayTab(d.Date)}, Current: d == c.day})
		}
		made.DayTabs = append(made.DayTabs, page.Tab{Href: link(allDays, c.view), Text: page.Words{Text: v.T("programme.all_days")}, Current: c.day == nil})
	}
	if !c.filter.any() && severalRooms(p) {
		made.Views = []page.Tab{
			{Href: link(day, asGrid), Text: page.Words{Text: v.T("programme.grid")}, Current: made.wide},
			{Href: link(day, asList), Text: page.Words{Text: v.T("programme.list")}, Current: !made.wide},
		}
	}
}

func severalRooms(p *program.Programme) bool {
	for _, d := range p.Days {
		if d.Grid.Columns > 1 && fitsGrid(d.Grid) {
			return true
		}
	}
	return false
}
