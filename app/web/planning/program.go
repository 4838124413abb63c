package planning

import (
	"net/url"
	"strconv"
	"strings"

	"agora/app/program"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

const (
	// perPage is how many sessions stand on one page of the desk's list.
	perPage = 50
	// shownFirst clashes or changes stand open; up to maxListed more are folded,
	// and all are counted.
	shownFirst, maxListed = 5, 200
)

// programPage is the draft as organisers work on it: what is in it, what
// clashes, what the next release would change, and the way in for files.
type programPage struct {
	Problems   []templates.Problem
	Notice     *templates.Notice
	Figures    []figure
	Public     string
	Clashes    folded[page.ClashLine]
	Changes    folded[changeLine]
	Letters    string // who would be written to
	Next       string
	Note       page.TextGroup
	Name       templates.Field
	Query      string
	Filter     templates.Field
	Found      int
	Sessions   []sessionRow
	Pages      templates.Pages
	Empty      bool
	Base       string
	PublicHref string
}

// folded is a list whose beginning stands open.
type folded[T any] struct {
	First, Rest []T
	N, Left     int // how many follow the first, and how many of them are not listed
}

func fold[T any](list []T) folded[T] {
	f := folded[T]{First: list[:min(len(list), shownFirst)]}
	f.Rest = list[len(f.First):min(len(list), maxListed)]
	f.N = len(list) - len(f.First)
	f.Left = f.N - len(f.Rest)
	return f
}

type figure struct {
	N    int
	Text string
}

// changeLine is a line of what a release would change: Kind is added, changed or removed.
type changeLine struct{ Kind, Text string }

type sessionRow struct {
	Title                 page.Words
	Href                  string
	When, Room, Who, Kind string
	Tags                  []templates.Tag
}

// ProgramPage shows the programme that is worked on.
func (s Pages) ProgramPage(v *page.Visit) error { return newProgramPage(v, v.Blank(), nil) }

// newProgramPage draws the page with what a form on it was refused for.
func newProgramPage(v *page.Visit, f *page.Form, notice *templates.Notice) error {
	draft, public, err := programmes(v)
	if err != nil {
		return err
	}
	p := programPage{Notice: notice, Base: "/desk" + v.Edition.Path(),
		Empty: len(draft.Sessions)+len(draft.Waiting) == 0}
	clashes, err := v.Site.Program.Clashes(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	p.Figures = draftFigures(v, draft, len(clashes))
	lines := make([]page.ClashLine, 0, len(clashes))
	for _, c := range clashes {
		lines = append(lines, v.ClashLine(c))
	}
	p.Clashes = fold(lines)
	if err := releaseForm(v, &p, f, public); err != nil {
		return err
	}
	draftList(v, &p, f, draft, public)
	p.Problems = f.Summary()
	return v.Render("program/desk_program", v.T("program_desk.title"), p)
}

// programmes reads the draft and what is public.
func programmes(v *page.Visit) (draft, public *program.Programme, err error) {
	if draft, err = v.Site.Program.Draft(v.Ctx, v.Edition); err != nil {
		return nil, nil, err
	}
	public, err = v.Site.Program.Programme(v.Ctx, v.Edition)
	return draft, public, err
}

func draftFigures(v *page.Visit, draft *program.Programme, clashes int) []figure {
	sessions := len(draft.Sessions) + len(draft.Waiting)
	list := []figure{
		{sessions, v.T("program_desk.n_sessions", "n", sessions)},
		{len(draft.Rooms), v.T("program_desk.n_rooms", "n", len(draft.Rooms))},
		{len(draft.Tracks), v.T("program_desk.n_tracks", "n", len(draft.Tracks))},
		{len(draft.Speakers), v.T("program_desk.n_speakers", "n", len(draft.Speakers))},
	}
	if n := len(draft.Waiting); n > 0 {
		list = append(list, figure{n, v.T("program_desk.n_waiting", "n", n)})
	}
	return append(list, figure{clashes, v.T("program_desk.n_clashes", "n", clashes)})
}

// draftList is one page of the sessions that are searched for; without a search
// of all of them, those that still need a time first.
func draftList(v *page.Visit, p *programPage, f *page.Form, draft, public *program.Programme) {
	p.Query = strings.TrimSpace(v.Query("q"))
	f.Set("state", v.Query("state"))
	p.Filter = f.Field("state", "", "program_desk.state")
	p.Filter.Options = []templates.Option{
		{Text: v.T("program_desk.state_all")}, {Value: "waiting", Text: v.T("program_desk.state_waiting")},
		{Value: "unreleased", Text: v.T("program_desk.state_unreleased")}, {Value: "cancelled", Text: v.T("program.cancelled")},
	}
	var found []*program.Session
	for _, list := range [][]*program.Session{draft.Waiting, draft.Sessions} {
		for _, x := range list {
			if inState(v, x, p.Filter.Value, public) && mentions(x, p.Query) {
				found = append(found, x)
			}
		}
	}
	p.Found = len(found)
	last := max(1, (len(found)+perPage-1)/perPage)
	at := min(v.LeafAt(), last)
	q := url.Values{}
	for name, value := range map[string]string{"q": p.Query, "state": p.Filter.Value} {
		if value != "" {
			q.Set(name, value)
		}
	}
	p.Pages = page.Leaf(at, last, func(n int) string {
		q.Set("page", strconv.Itoa(n))
		return "/desk" + v.Edition.Path() + "/program?" + q.Encode() + "#sessions"
	})
	from := (at - 1) * perPage
	for _, x := range found[from:min(len(found), from+perPage)] {
		p.Sessions = append(p.Sessions, newSessionRow(v, x, public))
	}
}

func inState(v *page.Visit, x *program.Session, state string, public *program.Programme) bool {
	switch state {
	case "waiting":
		return !x.Scheduled()
	case "unreleased":
		return x.Scheduled() && moved(public.ByID(x.ID), x)
	case "cancelled":
		return x.Cancelled
	}
	return true
}

// mentions searches what an organiser would remember of a session.
func mentions(x *program.Session, query string) bool {
	if query == "" {
		return true
	}
	query = strings.ToLower(query)
	in := func(t text.Texts) bool {
		for _, s := range t {
			if strings.Contains(strings.ToLower(s), query) {
				return true
			}
		}
		return false
	}
	for _, who := range x.Speakers {
		if strings.Contains(strings.ToLower(who.Name), query) {
			return true
		}
	}
	return in(x.Title) || in(x.Subtitle) || x.Room != nil && in(x.Room.Name) || x.Track != nil && in(x.Track.Name)
}

func newSessionRow(v *page.Visit, x *program.Session, public *program.Programme) sessionRow {
	row := sessionRow{Title: v.SessionWords(x, x.Title), Href: "/desk" + v.Edition.Path() + "/program/" + x.Slug, Kind: v.T("program.kind." + string(x.Kind))}
	var names []string
	for _, who := range x.Speakers {
		names = append(names, who.Name)
	}
	row.Who = strings.Join(names, ", ")
	if x.Room != nil {
		row.Room = v.Words(x.Room.Name).Text
	}
	if x.Scheduled() {
		row.When = v.OnDay(v.DayTab(x.StartsAt), x.StartsAt, x.EndsAt)
	}
	switch {
	case x.Cancelled:
		row.Tags = append(row.Tags, templates.Tag{Kind: "bad", Text: v.T("program.cancelled")})
	case !x.Scheduled():
		row.Tags = append(row.Tags, templates.Tag{Kind: "plain", Text: v.T("program_desk.tag_waiting")})
	case public.ByID(x.ID) == nil:
		row.Tags = append(row.Tags, templates.Tag{Kind: "plain", Text: v.T("program_desk.tag_draft")})
	case moved(public.ByID(x.ID), x):
		row.Tags = append(row.Tags, templates.Tag{Kind: "mine", Text: v.T("program_desk.tag_moved")})
	}
	return row
}
