package web

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"agora/app/account"
	"agora/app/edition"
	"agora/app/program"
	"agora/app/registration"
	"agora/app/text"
	"agora/templates"
)

// editionPage is the hero of an edition: what, where, when, and in each phase
// the one thing to do now.
type editionPage struct {
	Phase     edition.Phase
	When      string
	At        time.Time
	Title     words
	City      words
	LongName  bool
	Lead      words
	Hall      template.HTML
	Scale     int
	Onsite    placeCount
	Remote    placeCount
	Opens     time.Time
	Closes    time.Time
	Countdown templates.Countdown
	Facts     []templates.Fact
	Base      string
	Desk      string
	Program   []templates.Slot
	Sessions  int
	Live      []liveNow
}

// placeCount is a kind of place in figures.
type placeCount struct {
	Taken, Free, Waiting, Capacity int64
	Unlimited, Full                bool
}

// liveNow is a session that is on at this moment.
type liveNow struct {
	Title words
	Room  words
	Href  string
}

func countOf(p registration.Place) placeCount {
	free, unlimited := p.Free()
	c := placeCount{Taken: p.Taken, Free: free, Waiting: p.Waiting, Unlimited: unlimited, Full: p.Full()}
	if p.Capacity != nil {
		c.Capacity = *p.Capacity
	}
	return c
}

func (s *Site) editionPage(v *visit) error {
	places, err := s.Registrations.Places(v.ctx, v.edition.ID)
	if err != nil {
		return err
	}
	programme, err := s.Program.Programme(v.ctx, v.edition)
	if err != nil {
		return err
	}
	on, remote := countOf(places[registration.Onsite]), countOf(places[registration.Remote])
	phase := v.edition.Phase(v.now, on.Full)
	minute := ""
	if phase == edition.Today || phase == edition.Before {
		minute = v.now.Truncate(time.Minute).String()
	}
	key := fmt.Sprint(v.edition.Revision, programme.Edition.Revision, phase, on, remote, v.edition.DaysLeft(v.now), minute, turn(programme, v.now))
	return v.publicPage("edition/edition", v.edition.Name(v.lang), key, func() (any, error) {
		return v.editionData(phase, on, remote, programme), nil
	})
}

// longName tells of names with a word too long for the hero's largest letters.
func longName(name string) bool {
	return slices.ContainsFunc(strings.Fields(name), func(word string) bool { return utf8.RuneCountInString(word) > 11 })
}

func (v *visit) editionData(phase edition.Phase, on, remote placeCount, programme *program.Programme) editionPage {
	e := v.edition
	from, to := e.Local(e.StartsAt), e.Local(e.EndsAt)
	p := editionPage{
		Phase: phase, At: from, When: text.Days(v.lang, from, to),
		Title: v.words(e.Title), City: v.words(e.City), Lead: v.words(e.Lead),
		Onsite: on, Remote: remote,
		Opens: e.Local(e.OpensAt), Closes: e.Local(e.ClosesAt), Base: e.Path(), Facts: v.editionFacts(),
	}
	p.LongName = longName(cmp.Or(p.City.Text, p.Title.Text))
	label := v.t("edition.hall_label", "taken", p.Onsite.Taken, "capacity", p.Onsite.Capacity)
	drawing := templates.Hall(int(p.Onsite.Capacity), int(p.Onsite.Taken), 0, label)
	p.Hall, p.Scale = drawing.SVG, drawing.Scale
	if phase == edition.Before {
		p.Countdown = v.countdown()
	}
	if v.may(account.Moderator) {
		p.Desk = "/desk" + e.Path()
	}
	p.Sessions = len(programme.Sessions)
	if day := mainDay(programme); day != nil && len(day.Sessions) <= shownSessions {
		p.Program = v.slots(day)
	}
	for _, session := range programme.Now(v.now) {
		p.Live = append(p.Live, v.liveNow(session))
	}
	return p
}

// shownSessions is how long a day the edition's own page still spells out.
const shownSessions = 60

// mainDay is the edition's own first day: what stands in the programme before
// it, such as a warm-up online, is not what people come for.
func mainDay(p *program.Programme) *program.Day {
	if day := p.DayOn(p.Edition.StartsAt); day != nil {
		return day
	}
	if len(p.Days) > 0 {
		return p.Days[0]
	}
	return nil
}

func (v *visit) liveNow(session *program.Session) liveNow {
	n := liveNow{Title: v.words(session.Title), Href: v.edition.Path() + "/sessions/" + session.Slug + "/live"}
	if session.Room != nil {
		n.Room = v.words(session.Room.Name)
	}
	return n
}

func (v *visit) countdown() templates.Countdown {
	e := v.edition
	return templates.Countdown{Until: e.OpensAt.UnixMilli(), Now: v.now.UnixMilli(),
		Text: v.t("edition.opens_at", "when", text.DateTime(v.lang, e.Local(e.OpensAt))), OpenText: v.t("edition.opened")}
}

func (v *visit) editionFacts() []templates.Fact {
	e := v.edition
	var facts []templates.Fact
	add := func(term, value, href string) {
		if value != "" {
			facts = append(facts, templates.Fact{Term: v.t(term), Text: value, Href: href})
		}
	}
	add("edition.fact_where", v.words(e.Venue).Text, e.Path()+"/practical")
	facts = append(facts, templates.Fact{Term: v.t("edition.fact_time"), Text: text.Span(v.lang, e.Local(e.StartsAt), e.Local(e.EndsAt)), Note: v.zoneWords()})
	add("edition.fact_hashtag", e.Series.Hashtag, "")
	return facts
}

// practicalPage tells what people ask before they come.
type practicalPage struct {
	Title  words
	When   string
	Venue  words
	City   words
	Topics []practicalTopic
	Base   string
}

type practicalTopic struct {
	ID, Title string
	Text      words
}

func (s *Site) practical(v *visit) error {
	return v.publicPage("edition/practical", v.t("practical.title"), fmt.Sprint(v.edition.Revision), func() (any, error) {
		e := v.edition
		p := practicalPage{Title: v.words(e.Title), Venue: v.words(e.Venue), City: v.words(e.City), Base: e.Path(),
			When: text.Days(v.lang, e.Local(e.StartsAt), e.Local(e.EndsAt)) + " " + text.At(v.lang, e.Local(e.StartsAt))}
		for _, topic := range edition.Topics {
			if t := e.Practical[topic]; !t.Empty() {
				p.Topics = append(p.Topics, practicalTopic{ID: topic, Title: v.t("practical." + topic), Text: v.words(t)})
			}
		}
		return p, nil
	})
}
