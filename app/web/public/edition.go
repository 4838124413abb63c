package public

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
	"agora/app/proposal"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// editionPage is the hero of an edition: what, where, when, and in each phase
// the one thing to do now.
type editionPage struct {
	Phase     edition.Phase
	When      string
	At        time.Time
	Title     page.Words
	City      page.Words
	LongName  bool
	Lead      page.Words
	Hall      template.HTML
	Scale     int
	Counts    []kindCount
	Main      page.PlaceCount // of the first kind there is
	Held      int64           // of those, kept for people who are invited
	Follow    bool            // remotely, where both kinds are on offer
	Remote    bool            // only remotely
	Invited   bool
	Approval  bool
	Closes    time.Time
	Countdown templates.Countdown
	Facts     []templates.Fact
	Data      *ldEdition
	Base      string
	Desk      string
	Program   []templates.Slot
	Sessions  int
	Live      []liveNow
	Stars     starBox
	Archive   *archivePart
	Thanks    []thanksPart
	Returning []returningRow
	Years     yearsPart
}

// kindCount are the places of one kind, for the key under the picture.
type kindCount struct {
	page.PlaceCount
	Kind registration.Kind
	Main bool // the kind the picture shows
}

// liveNow is a session that is on at this moment.
type liveNow struct {
	Title page.Words
	Room  page.Words
	Href  string
	Time  string
	Late  string // in words; empty when on time
	Next  string
}

// EditionPage is the edition's front page.
func (s Pages) EditionPage(v *page.Visit) error {
	places, err := s.Registrations.Places(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	setup, err := s.Registrations.Setup(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	programme, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	r := &registering{setup: setup, places: places, kinds: offered(places)}
	phase := v.Edition.Phase(v.Now, places[r.kinds[0]].Full())
	var delays program.Delays
	if phase == edition.Today {
		if delays, err = s.Program.Delays(v.Ctx, v.Edition.ID); err != nil {
			return err
		}
	}
	running := today(v, programme, programme.NowNext(v.Now, delays))
	minute := ""
	if phase == edition.Today || phase == edition.Before {
		minute = v.Now.Truncate(time.Minute).String()
	}
	past, pastKey, err := s.pastOf(v, phase, programme)
	if err != nil {
		return err
	}
	call, err := s.Proposals.Call(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	key := fmt.Sprint(pastKey, call.Phase(v.Now) == proposal.Open, v.Edition.Revision, programme.Edition.Revision, setup.Version, phase, r.counts(), v.Edition.DaysLeft(v.Now), minute, turn(programme, v.Now), nowKey(running))
	return v.PublicPage("edition/edition", v.Edition.Name(v.Lang), key, func() (any, error) {
		st, err := s.newStars(v)
		if err != nil {
			return nil, err
		}
		p := editionData(v, phase, r, programme, running, st)
		p.Facts = append(p.Facts, callFact(v, call)...)
		err = s.fillPast(v, &p, programme, past)
		return p, err
	})
}

// counts are the places of each kind on offer.
func (r *registering) counts() []kindCount {
	var list []kindCount
	for i, kind := range r.kinds {
		list = append(list, kindCount{page.CountOf(r.places[kind]), kind, i == 0})
	}
	return list
}

// longName tells of names with a word too long for the hero's largest letters.
func longName(name string) bool {
	return slices.ContainsFunc(strings.Fields(name), func(word string) bool { return utf8.RuneCountInString(word) > 11 })
}

func editionData(v *page.Visit, phase edition.Phase, r *registering, programme *program.Programme, running []program.RoomNow, st stars) editionPage {
	e := v.Edition
	from, to := e.Local(e.StartsAt), e.Local(e.EndsAt)
	p := editionPage{
		Phase: phase, At: from, When: text.Days(v.Lang, from, to),
		Title: v.Words(e.Title), City: v.Words(e.City), Lead: v.Words(e.Lead),
		Counts: r.counts(), Main: page.CountOf(r.places[r.kinds[0]]), Follow: len(r.kinds) > 1, Remote: r.kinds[0] == registration.Remote,
		Invited: r.setup.Rules.InvitedOnly, Approval: r.setup.Rules.Approval,
		Closes: e.Local(e.ClosesAt), Base: e.Path(), Facts: editionFacts(v), Data: newLdEdition(v, slices.Contains(r.kinds, registration.Remote)),
	}
	p.LongName = longName(cmp.Or(p.City.Text, p.Title.Text))
	label := v.T("edition.hall_label", "taken", p.Main.Taken, "capacity", p.Main.Capacity)
	// Seats held back are nobody's to take, so they are not drawn as free.
	p.Held = held(p.Main)
	drawing := templates.Hall(int(p.Main.Capacity), int(p.Main.Taken+p.Held), 0, label)
	p.Hall, p.Scale = drawing.SVG, drawing.Scale
	if phase == edition.Before {
		p.Countdown = countdown(v)
	}
	if v.May(account.Moderator) {
		p.Desk = "/desk" + e.Path()
	}
	p.Sessions, p.Stars = len(programme.Sessions), st.box()
	if day := mainDay(programme); day != nil && len(day.Sessions) <= shownSessions {
		p.Program = slots(v, day, st)
	}
	for _, room := range running {
		if room.Now != nil && room.Now.Session.Kind != program.Break {
			p.Live = append(p.Live, newLiveNow(v, room))
		}
	}
	return p
}

// held is how many places are neither taken nor free; overbooked ones are beyond
// what there is and hide some.
func held(c page.PlaceCount) int64 {
	if c.Unlimited {
		return 0
	}
	return max(0, c.Capacity-c.Taken-c.Free)
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

func newLiveNow(v *page.Visit, room program.RoomNow) liveNow {
	shown := newNowRoom(v, room)
	n := liveNow{Title: shown.Now.Title, Href: shown.Now.Live, Late: shown.Late, Time: shown.Now.Time}
	if room.Room != nil {
		n.Room = shown.Name
	}
	if room.Next != nil {
		n.Next = v.T("now_page.then", "when", text.At(v.Lang, v.Edition.Local(room.Next.StartsAt)), "title", shown.Next.Title.Text)
	}
	return n
}

func (p editionPage) Shape(f *page.Frame) {
	f.Title = p.Title.Text
	f.Description = p.Lead.Text
	f.Scripts = append(f.Scripts, "stars")
	if p.Phase == edition.Before {
		f.Scripts = append(f.Scripts, "countdown")
	}
}

// Takes tells whether people may come, now or soon: then it matters how.
func (p editionPage) Takes() bool {
	return p.Phase == edition.Before || p.Phase == edition.Open || p.Phase == edition.Full
}

func countdown(v *page.Visit) templates.Countdown {
	e := v.Edition
	return templates.Countdown{Until: e.OpensAt.UnixMilli(), Now: v.Now.UnixMilli(),
		Text: v.T("edition.opens_at", "when", v.SentenceTime(e.OpensAt)), OpenText: v.T("edition.opened")}
}

func editionFacts(v *page.Visit) []templates.Fact {
	e := v.Edition
	var facts []templates.Fact
	add := func(term, value, href string) {
		if value != "" {
			facts = append(facts, templates.Fact{Term: v.T(term), Text: value, Href: href})
		}
	}
	add("edition.fact_where", v.Words(e.Venue).Text, e.Path()+"/practical")
	facts = append(facts, templates.Fact{Term: v.T("edition.fact_time"), Text: text.Span(v.Lang, e.Local(e.StartsAt), e.Local(e.EndsAt)), Note: v.ZoneWords()})
	add("edition.fact_hashtag", e.Series.Hashtag, "")
	return facts
}

// practicalPage tells what people ask before they come.
type practicalPage struct {
	Title  page.Words
	When   string
	Venue  page.Words
	City   page.Words
	Topics []practicalTopic
	Base   string
}

type practicalTopic struct {
	ID, Title string
	Text      page.Words
}

// Practical tells what one needs to know to come.
func (s Pages) Practical(v *page.Visit) error {
	return v.PublicPage("edition/practical", v.T("practical.title"), fmt.Sprint(v.Edition.Revision), func() (any, error) {
		e := v.Edition
		p := practicalPage{Title: v.Words(e.Title), Venue: v.Words(e.Venue), City: v.Words(e.City), Base: e.Path(),
			When: text.Days(v.Lang, e.Local(e.StartsAt), e.Local(e.EndsAt)) + " " + text.At(v.Lang, e.Local(e.StartsAt))}
		for _, topic := range edition.Topics {
			if t := e.Practical[topic]; !t.Empty() {
				p.Topics = append(p.Topics, practicalTopic{ID: topic, Title: v.T("practical." + topic), Text: v.Words(t)})
			}
		}
		return p, nil
	})
}
