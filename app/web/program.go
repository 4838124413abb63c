package web

import (
	"fmt"
	"net/url"
	"slices"
	"time"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/text"
	"agora/templates"
)

// programPage is an edition's programme: one day or all, as a list by time and,
// where there is width and more than one room, as a grid beside it.
type programPage struct {
	Empty   *templates.Empty
	Version string
	Zone    string
	Days    []programDay
	// Elsewhere is what is on now, on a day that is not shown.
	Elsewhere []tab
	DayTabs   []tab
	Views     []tab
	Tracks    []tab
	// TrackName is the chosen track's; without one the tabs are folded when many.
	TrackName words
	Fold      bool
	GridHref  string
	Base      string
	wide      bool
	about     string
}

// tab is one choice among views of the same page.
type tab struct {
	Href    string
	Text    words
	Class   string
	Current bool
}

type programDay struct {
	ID, Title string
	Slots     []templates.Slot
	Grid      *gridView
}

func (p programPage) shape(f *frame) { f.Wide, f.Description = p.wide, p.about }

// The values of ?view and ?day that are words.
const (
	asList  = "list"
	asGrid  = "grid"
	allDays = "all"
	// manyTracks is how many may stand open above a programme before they fold.
	manyTracks = 5
	// maxElsewhere keeps the line about other days a line.
	maxElsewhere = 3
)

// programChoice is what the address asks of the programme.
type programChoice struct {
	day   *program.Day // nil: all of them
	view  string
	track *program.Track
}

// program shows what was released.
func (s *Site) program(v *visit) error {
	p, err := s.Program.Programme(v.ctx, v.edition)
	if err != nil {
		return err
	}
	choice, err := v.programChoice(p)
	if err != nil {
		return err
	}
	day := allDays
	if choice.day != nil {
		day = choice.day.Key()
	}
	key := fmt.Sprint(p.Edition.Revision, day, turn(p, v.now))
	return v.publicPage("program/program", v.t("programme.title"), key, func() (any, error) {
		return v.programData(p, choice), nil
	})
}

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

// programChoice reads ?day, ?view and ?track. Without a day it is today's, the
// next one's or the first; a track alone is shown through all days.
func (v *visit) programChoice(p *program.Programme) (c programChoice, err error) {
	switch c.view = v.query("view"); c.view {
	case "", asList, asGrid:
	default:
		return c, fail.Missing("web.not_found")
	}
	if slug := v.query("track"); slug != "" {
		for _, t := range p.Tracks {
			if t.Slug == slug {
				c.track = t
			}
		}
		if c.track == nil {
			return c, fail.Missing("programme.track_gone")
		}
	}
	switch wanted := v.query("day"); {
	case wanted == allDays, wanted == "" && (c.track != nil || p.Empty()):
	case wanted == "":
		c.day = currentDay(p, v.now)
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
func (v *visit) onElsewhere(p *program.Programme, shown []*program.Day) []tab {
	var list []tab
	for _, x := range p.Now(v.now) {
		if x.Kind != program.Break && !slices.ContainsFunc(shown, func(d *program.Day) bool { return slices.Contains(d.Sessions, x) }) {
			list = append(list, tab{Href: v.sessionHref(x), Text: v.sessionWords(x, x.Title)})
		}
	}
	return list[:min(len(list), maxElsewhere)]
}

func (v *visit) programData(p *program.Programme, c programChoice) programPage {
	page := programPage{Base: v.edition.Path(), Zone: v.zoneWords(), about: v.t("programme.about", "name", v.edition.Name(v.lang))}
	if p.Empty() {
		page.Empty = &templates.Empty{Title: v.t("programme.empty_title"), Text: v.t("programme.empty_text"),
			Href: v.edition.Path(), Action: v.t("programme.empty_act")}
		return page
	}
	released := v.edition.Local(p.Release.ReleasedAt)
	page.Version = v.t("programme.version", "number", fmt.Sprint(p.Release.Number), "when", text.DateTime(v.lang, released))
	shown := p.Days
	if c.day != nil {
		shown = []*program.Day{c.day}
	}
	for _, d := range shown {
		day := programDay{ID: "day-" + d.Key(), Title: upperFirst(text.LongDate(v.lang, d.Date)), Slots: v.slotsOf(d, c.track)}
		if len(day.Slots) == 0 {
			continue
		}
		if c.track == nil && asksGrid(c, d) && fitsGrid(d.Grid) {
			day.Grid = v.gridView(d)
			page.wide = true
		}
		page.Days = append(page.Days, day)
	}
	page.GridHref = gridFor(shown, page.wide)
	page.Elsewhere = v.onElsewhere(p, shown)
	v.programTabs(&page, p, c)
	return page
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
func (v *visit) programTabs(page *programPage, p *program.Programme, c programChoice) {
	link := func(day, view, track string) string {
		q := url.Values{}
		for name, value := range map[string]string{"day": day, "view": view, "track": track} {
			if value != "" {
				q.Set(name, value)
			}
		}
		if len(q) == 0 {
			return v.edition.Path() + "/program"
		}
		return v.edition.Path() + "/program?" + q.Encode()
	}
	day, track := allDays, ""
	if c.day != nil {
		day = c.day.Key()
	}
	if c.track != nil {
		track = c.track.Slug
		page.TrackName = v.words(c.track.Name)
	}
	if len(p.Days) > 1 {
		for _, d := range p.Days {
			page.DayTabs = append(page.DayTabs, tab{Href: link(d.Key(), c.view, track), Text: words{Text: v.dayTab(d.Date)}, Current: d == c.day})
		}
		page.DayTabs = append(page.DayTabs, tab{Href: link(allDays, c.view, track), Text: words{Text: v.t("programme.all_days")}, Current: c.day == nil})
	}
	if c.track == nil && severalRooms(p) {
		page.Views = []tab{
			{Href: link(day, asGrid, ""), Text: words{Text: v.t("programme.grid")}, Current: page.wide},
			{Href: link(day, asList, ""), Text: words{Text: v.t("programme.list")}, Current: !page.wide},
		}
	}
	if len(p.Tracks) < 2 && c.track == nil {
		return
	}
	page.Fold = len(p.Tracks) > manyTracks
	page.Tracks = []tab{{Href: link(dayAsked(v), c.view, ""), Text: words{Text: v.t("programme.all_tracks")}, Current: c.track == nil}}
	for _, t := range p.Tracks {
		page.Tracks = append(page.Tracks, tab{Href: link(dayAsked(v), c.view, t.Slug), Text: v.words(t.Name), Class: "track-" + t.Slug, Current: t == c.track})
	}
}

// dayAsked keeps a chosen day when a track is chosen, and only a chosen one.
func dayAsked(v *visit) string { return v.query("day") }

func severalRooms(p *program.Programme) bool {
	for _, d := range p.Days {
		if d.Grid.Columns > 1 && fitsGrid(d.Grid) {
			return true
		}
	}
	return false
}
