package web

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/text"
	"agora/templates"
)

// sessionPage is everything about one session, before the day and for ever after.
type sessionPage struct {
	Title, Subtitle       words
	Abstract, Description words
	Language              string // lang of the texts, when it is not the page's
	ProgramHref, DayName  string
	When                  string
	Starts                time.Time
	ZoneName, Zone        string
	Kind                  string
	Room                  words
	Track                 *tab
	Tags                  []templates.Tag
	Facts                 []templates.Fact
	Speakers              []templates.Person
	Material              []materialRow
	Asked                 *qa.Counts
	Questions             []questionRow
	LiveHref, LiveText    string
	Live                  bool
	CalendarHref          string
	EditHref              string
	Data                  *ldEvent
	about                 string
}

func (p sessionPage) shape(f *frame) { f.Description = p.about }

// maxAbout is how much of an abstract search engines and share cards show.
const maxAbout = 180

// session shows a session that is in the newest release.
func (s *Site) session(v *visit) error {
	p, err := s.Program.Programme(v.ctx, v.edition)
	if err != nil {
		return err
	}
	x := p.BySlug(v.param("slug"))
	if x == nil {
		return fail.Missing("programme.session_gone")
	}
	rooms, err := s.QA.Rooms(v.ctx, []string{x.ID})
	if err != nil {
		return err
	}
	room, asked := rooms[x.ID]
	key := fmt.Sprint(p.Edition.Revision, room.Epoch, room.Version, v.edition.Phase(v.now, false), x.On(v.now))
	return v.publicPage("program/session", x.Name(v.lang), key, func() (any, error) {
		page := v.sessionData(p, x)
		if asked && room.Counts.Asked > 0 {
			page.Asked = &room.Counts
		}
		if page.Questions, err = s.sessionQuestions(v, x.ID); err != nil {
			return nil, err
		}
		if page.Material, err = s.sessionMaterial(v, x); err != nil {
			return nil, err
		}
		return page, nil
	})
}

func (v *visit) sessionData(programme *program.Programme, x *program.Session) sessionPage {
	base, day := v.edition.Path(), dayOf(programme, x)
	p := sessionPage{
		Title: v.sessionWords(x, x.Title), Subtitle: v.sessionWords(x, x.Subtitle),
		Abstract: v.sessionWords(x, x.Abstract), Description: v.sessionWords(x, x.Description),
		ProgramHref: base + "/program?day=" + day.Format(time.DateOnly), DayName: text.DayMonth(v.lang, day),
		When:   v.onDay(upperFirst(text.LongDate(v.lang, x.StartsAt)), x.StartsAt, x.EndsAt),
		Starts: x.StartsAt, ZoneName: v.edition.Zone, Zone: v.zoneWords(), Kind: v.kindWord(x),
		CalendarHref: base + "/schedule.ics?session=" + queryEscape(x.Slug),
	}
	if x.Room != nil {
		p.Room = v.words(x.Room.Name)
	}
	if x.Track != nil {
		p.Track = &tab{Href: base + "/program?track=" + queryEscape(x.Track.Slug), Text: v.words(x.Track.Name), Class: "track-" + x.Track.Slug}
	}
	for _, who := range x.Speakers {
		p.Speakers = append(p.Speakers, templates.Person{Name: who.Name, Initials: initials(who.Name), Href: base + "/speakers/" + who.Slug})
	}
	if v.may("organiser") {
		p.EditHref = "/desk" + base + "/program/" + x.Slug
	}
	p.Facts = v.sessionFacts(x)
	v.sessionState(&p, x)
	if p.about = shorten(p.Abstract.Text, maxAbout); p.about == "" {
		p.about = shorten(p.Description.Text, maxAbout)
	}
	p.Data = v.ldEvent(x, p)
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

// span is a session's time after its date: klo 9.40–10.20.
func (v *visit) span(from, to time.Time) string {
	return text.At(v.lang, from) + "–" + text.Clock(v.lang, to)
}

func (v *visit) sessionFacts(x *program.Session) []templates.Fact {
	var facts []templates.Fact
	if name := languageNames(v.lang, x.Language); name != "" {
		facts = append(facts, templates.Fact{Term: v.t("session_page.language"), Text: name})
	}
	facts = append(facts, templates.Fact{Term: v.t("session_page.length"), Text: text.Length(x.Length())})
	if x.Capacity != nil {
		facts = append(facts, templates.Fact{Term: v.t("session_page.capacity"), Text: v.t("programme.seats", "n", *x.Capacity)})
	}
	if x.Extra.DoNotRecord {
		facts = append(facts, templates.Fact{Term: v.t("session_page.recording"), Text: v.t("session_page.not_recorded")})
	}
	return facts
}

// sessionState says whether it is cancelled or on now, and opens the way to its
// live room on the day. Questions may be asked before the day too.
func (v *visit) sessionState(p *sessionPage, x *program.Session) {
	phase := v.edition.Phase(v.now, false)
	p.Live = x.On(v.now)
	switch {
	case x.Cancelled:
		p.Tags = append(p.Tags, templates.Tag{Kind: "bad", Text: v.t("program.cancelled")})
		return
	case p.Live:
		p.Tags = append(p.Tags, templates.Tag{Kind: "live", Text: v.t("programme.on_now")})
	}
	if x.Kind == program.Break || phase == edition.Archive && !p.Live {
		return
	}
	p.LiveHref, p.LiveText = v.sessionHref(x)+"/live", v.t("session_page.ask_before")
	if p.Live || phase == edition.Today {
		p.LiveText = v.t("session_page.live")
	}
}

// onDay puts a session's time after its date, as each language does.
func (v *visit) onDay(date string, from, to time.Time) string {
	if v.lang == text.English {
		return date + ", " + v.span(from, to)
	}
	return date + " " + v.span(from, to)
}

// languageNames writes language tags as their names: "suomi, englanti".
func languageNames(l text.Lang, tags string) string {
	namer := display.Languages(language.Make(string(l)))
	var names []string
	for part := range strings.SplitSeq(tags, ",") {
		tag, err := language.Parse(strings.TrimSpace(part))
		if err != nil {
			continue
		}
		base, _ := tag.Base()
		if name := namer.Name(language.Make(base.String())); name != "" {
			names = append(names, name)
		}
	}
	return upperFirst(strings.Join(names, ", "))
}

// shorten cuts a text between words.
func shorten(s string, most int) string {
	s = strings.Join(strings.Fields(s), " ")
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	cut := string(runes[:most])
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:.") + "…"
}
