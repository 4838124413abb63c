package public

import (
	"fmt"
	"net/url"
	"slices"
	"time"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// sessionPage is everything about one session, before the day and for ever after.
type sessionPage struct {
	Title, Subtitle       page.Words
	Abstract, Description page.Words
	ProgramHref, DayName  string
	When                  string
	Starts                time.Time
	ZoneName, Zone        string
	Kind                  string
	Room                  page.Words
	Track                 *page.Tab
	Tags                  []templates.Tag
	Facts                 []templates.Fact
	Speakers              []templates.Person
	Recordings            []materialRow
	Material              []materialRow
	Asked                 *qa.Counts
	Questions             []questionRow
	LiveHref, LiveText    string
	Live                  bool
	CalendarHref          string
	EditHref              string
	Stars                 starBox
	Star                  *templates.Star
	Slug                  string // of what can be marked; none for a break
	Data                  *ldEvent
	about                 string
}

func (p sessionPage) Shape(f *page.Frame) {
	f.Description, f.Scripts = p.about, append(f.Scripts, "stars", "player")
}

// maxAbout is how much of an abstract search engines and share cards show.
const maxAbout = 180

// Session shows a session that is in the newest release.
func (s Pages) Session(v *page.Visit) error {
	p, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	x := p.BySlug(v.Param("slug"))
	if x == nil {
		return fail.Missing("programme.session_gone")
	}
	rooms, err := s.QA.Rooms(v.Ctx, []string{x.ID})
	if err != nil {
		return err
	}
	room, asked := rooms[x.ID]
	due, err := s.Material.Due(v.Ctx, v.Edition, p, v.Now)
	if err != nil {
		return err
	}
	key := fmt.Sprint(p.Edition.Revision, room.Epoch, room.Version, v.Edition.Phase(v.Now, false), x.On(v.Now), " ", due)
	return v.PublicPage("program/session", x.Name(v.Lang), key, func() (any, error) {
		page := sessionData(v, p, x)
		st, err := s.newStars(v)
		if err != nil {
			return nil, err
		}
		page.Stars, page.Star = st.box(), st.of(x)
		if asked && room.Counts.Asked > 0 {
			page.Asked = &room.Counts
		}
		return page, s.sessionLeft(v, p, x, &page)
	})
}

func sessionData(v *page.Visit, programme *program.Programme, x *program.Session) sessionPage {
	base, day := v.Edition.Path(), dayOf(programme, x)
	p := sessionPage{
		Title: v.SessionWords(x, x.Title), Subtitle: v.SessionWords(x, x.Subtitle),
		Abstract: v.SessionWords(x, x.Abstract), Description: v.SessionWords(x, x.Description),
		ProgramHref: base + "/program?day=" + day.Format(time.DateOnly), DayName: text.DayMonth(v.Lang, day),
		When:   v.OnDay(page.UpperFirst(text.LongDate(v.Lang, x.StartsAt)), x.StartsAt, x.EndsAt),
		Starts: x.StartsAt, ZoneName: v.Edition.Zone, Zone: v.ZoneWords(), Kind: kindWord(v, x),
		CalendarHref: base + "/schedule.ics?session=" + url.QueryEscape(x.Slug),
	}
	if x.Room != nil {
		p.Room = v.Words(x.Room.Name)
	}
	if x.Track != nil {
		p.Track = &page.Tab{Href: base + "/program?track=" + url.QueryEscape(x.Track.Slug), Text: v.Words(x.Track.Name), Class: "track-" + x.Track.Slug}
	}
	for _, who := range x.Speakers {
		face := speakerFace(v, who, "")
		face.Href = base + "/speakers/" + who.Slug
		p.Speakers = append(p.Speakers, face)
	}
	if v.May("organiser") {
		p.EditHref = "/desk" + base + "/program/" + x.Slug
	}
	p.Facts = sessionFacts(v, x)
	if x.Kind != program.Break {
		p.Slug = x.Slug
	}
	sessionState(v, &p, x)
	if p.about = page.Shorten(p.Abstract.Text, maxAbout); p.about == "" {
		p.about = page.Shorten(p.Description.Text, maxAbout)
	}
	p.Data = newLdEvent(v, x, p)
	return p
}

// dayOf is the date under which the programme shows a session: the small hours
// may belong to the evening before.
func dayOf(p *program.Programme, x *program.Session) time.Time {
	for _, d := range p.Days {
		if slices.Contains(d.Sessions, x) {
			return d.Date
		}
	}
	return x.StartsAt
}

func sessionFacts(v *page.Visit, x *program.Session) []templates.Fact {
	var facts []templates.Fact
	if name := page.LanguageNames(v.Lang, x.Language); name != "" {
		facts = append(facts, templates.Fact{Term: v.T("session_page.language"), Text: name})
	}
	facts = append(facts, templates.Fact{Term: v.T("session_page.length"), Text: text.Length(x.Length())})
	if x.Capacity != nil {
		facts = append(facts, templates.Fact{Term: v.T("session_page.capacity"), Text: v.T("programme.seats", "n", *x.Capacity)})
	}
	if x.Extra.DoNotRecord {
		facts = append(facts, templates.Fact{Term: v.T("session_page.recording"), Text: v.T("session_page.not_recorded")})
	}
	return facts
}

// sessionState says whether it is cancelled or on now, and opens the way to its
// live room on the day. Questions may be asked before the day too.
func sessionState(v *page.Visit, p *sessionPage, x *program.Session) {
	phase := v.Edition.Phase(v.Now, false)
	p.Live = x.On(v.Now)
	switch {
	case x.Cancelled:
		p.Tags = append(p.Tags, templates.Tag{Kind: "bad", Text: v.T("program.cancelled")})
		return
	case p.Live:
		p.Tags = append(p.Tags, templates.Tag{Kind: "live", Text: v.T("programme.on_now")})
	}
	if x.Kind == program.Break || phase == edition.Archive && !p.Live {
		return
	}
	p.LiveHref, p.LiveText = v.SessionHref(x)+"/live", v.T("session_page.ask_before")
	if p.Live || phase == edition.Today {
		p.LiveText = v.T("session_page.live")
	}
}
