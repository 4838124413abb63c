package public

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"agora/app/agenda"
	"agora/app/program"
	"agora/app/text"
	"agora/app/web/page"
	"agora/app/workshop"
	"agora/templates"
)

// leastGap is the shortest break worth telling: less is the way between rooms.
const leastGap = 10 * time.Minute

// agendaPage is a person's own programme. A stranger's is on their device; their
// script sends it here and gets the same list back.
type agendaPage struct {
	Own      bool
	Empty    *templates.Empty
	Stars    starBox
	Count    string
	Clashes  int
	Days     []agendaDay
	Tables   []agendaTable
	Feed     string
	Zone     string
	SignIn   string
	Program  string
	fragment bool
}

type agendaDay struct {
	ID, Title string
	Items     []agendaItem
}

type agendaItem struct {
	Datetime, Time string
	Row            templates.SessionRow
	Why            string
	Clash          string
	Gap            string // before it
}

type agendaTable struct {
	Name page.Words
	Why  string
}

func (p agendaPage) Shape(f *page.Frame) {
	f.Noindex = true
	f.Bare = p.fragment
	f.Scripts = append(f.Scripts, "stars", "agenda")
}

// Agenda shows one's own programme.
func (s Pages) Agenda(v *page.Visit) error {
	p, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	build := func() (any, error) {
		if !v.SignedIn() {
			return newAgendaPage(v, stars{v: v}, agenda.Agenda{}), nil
		}
		mine, err := s.Agendas.Mine(v.Ctx, v.Edition, v.Person.ID)
		if err != nil {
			return nil, err
		}
		st := stars{v: v, on: map[string]bool{}}
		for _, i := range mine.Items {
			st.on[i.Session.ID] = i.Marked
		}
		made := newAgendaPage(v, st, mine)
		made.Feed = s.root() + v.Edition.Path() + "/agenda/" + s.Agendas.Token(v.Edition.ID, v.Person.ID) + ".ics"
		return made, nil
	}
	return v.PublicPage("program/agenda", v.T("agenda.title"), p.Release.ID, build)
}

// AgendaOfDevice draws the agenda of the sessions that a device sends. Nothing is
// stored or changed.
func (s Pages) AgendaOfDevice(v *page.Visit) error {
	p, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	var ids []string
	st := stars{v: v, on: map[string]bool{}}
	for key, value := range v.C.Request().PostArgs().All() {
		if x := p.BySlug(string(value)); x != nil && string(key) == "mark" && !st.on[x.ID] {
			st.on[x.ID] = true
			ids = append(ids, x.ID)
		}
	}
	made := newAgendaPage(v, st, agenda.Of(p, ids))
	made.Own, made.Stars.Own, made.fragment = false, false, true
	return v.Render("program/agenda", v.T("agenda.title"), made)
}

// AgendaICS is the private feed for one's calendar; its address is the key.
func (s Pages) AgendaICS(v *page.Visit) error {
	token, ok := strings.CutSuffix(v.Param("file"), ".ics")
	if !ok {
		token = ""
	}
	b, err := s.Agendas.ICS(v.Ctx, v.Edition, token, v.T("agenda.feed_name", "edition", v.Edition.Name(v.Lang)))
	if err != nil {
		return err
	}
	v.C.Set(fiber.HeaderContentType, kindICS)
	v.C.Set(fiber.HeaderCacheControl, "private, no-cache")
	v.C.Set(fiber.HeaderContentDisposition, `inline; filename="agenda.ics"`)
	return v.C.Send(b)
}

func newAgendaPage(v *page.Visit, st stars, a agenda.Agenda) agendaPage {
	base := v.Edition.Path()
	p := agendaPage{Own: v.SignedIn(), Stars: st.box(), Zone: v.ZoneWords(), Program: base + "/program", SignIn: "/sign-in?next=" + base + "/agenda"}
	if a.Empty() {
		p.Empty = &templates.Empty{Title: v.T("agenda.empty_title"), Text: v.T("agenda.empty_text"), Href: p.Program, Action: v.T("agenda.empty_act")}
		return p
	}
	p.Count = v.T("agenda.count", "n", len(a.Items))
	pairs := 0
	for _, i := range a.Items {
		pairs += len(i.Clashes)
	}
	p.Clashes = pairs / 2
	for _, d := range a.Days {
		p.Days = append(p.Days, newAgendaDay(v, st, d))
	}
	for _, t := range a.Tables {
		p.Tables = append(p.Tables, agendaTable{Name: v.Words(t.Name), Why: signedUp(v, t.State, t.Position)})
	}
	return p
}

func newAgendaDay(v *page.Visit, st stars, d agenda.Day) agendaDay {
	day := agendaDay{ID: "day-" + d.Day.Key(), Title: page.UpperFirst(text.LongDate(v.Lang, d.Day.Date))}
	var free time.Time // until when the person is busy
	for _, i := range d.Items {
		x := i.Session
		item := agendaItem{Datetime: x.StartsAt.Format(time.RFC3339), Time: text.Span(v.Lang, x.StartsAt, x.EndsAt), Why: why(v, i), Clash: clashWords(v, i)}
		item.Row = sessionRow(v, x, stars{v: v})
		if i.Marked || !i.Speaks && i.State == "" {
			item.Row.Star = st.of(x)
		}
		if !free.IsZero() && x.StartsAt.Sub(free) >= leastGap {
			item.Gap = v.T("agenda.gap", "length", text.Length(x.StartsAt.Sub(free)))
		}
		if x.EndsAt.After(free) && !x.Cancelled {
			free = x.EndsAt
		}
		day.Items = append(day.Items, item)
	}
	return day
}

// why says how a session came into the agenda, where a star alone does not.
func why(v *page.Visit, i *agenda.Item) string {
	if i.Speaks {
		return v.T("agenda.why_speaks")
	}
	return signedUp(v, i.State, i.Position)
}

func signedUp(v *page.Visit, state workshop.State, position int64) string {
	switch state {
	case workshop.Confirmed:
		return v.T("agenda.why_in")
	case workshop.Waiting:
		return v.T("agenda.why_waiting", "position", position)
	}
	return ""
}

func clashWords(v *page.Visit, i *agenda.Item) string {
	if len(i.Clashes) == 0 {
		return ""
	}
	return v.T("agenda.clash", "titles", strings.Join(titles(v, i.Clashes), ", "))
}

func titles(v *page.Visit, list []*program.Session) []string {
	names := make([]string, len(list))
	for i, x := range list {
		names[i] = v.SessionWords(x, x.Title).Text
	}
	return names
}
