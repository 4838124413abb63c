package desk

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"agora/app/program"
	"agora/app/speaking"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// chaseNames are what the address asks by.
var chaseNames = []string{"state", "kind"}

// chasePage is everything that is asked of sessions and speakers, here or not.
type chasePage struct {
	Base, Rules string
	AllHref     string // everything, with how often it was opened
	Spare       string
	RemindAll   string // takes those who are ticked
	Any         bool
	Counts      []chaseCount
	Filters     []speakerState
	Due         string
	Late        bool
	Remind      string // to everybody who owes anything and can be written to
	Remindable  int
	Owing       int
	Complete    bool
	SessionCols []string
	Sessions    []chaseRow
	SpeakerCols []string
	Speakers    []chaseRow
	NoMail      bool
}

// chaseCount is how much of one thing is here: 7 of 12 slides.
type chaseCount struct {
	Word, Href string
	Done, All  int
	Current    bool
}

// chaseRow is a session or a speaker with a cell for each thing.
type chaseRow struct {
	Title, Lang, Href, Note string
	Slug                    string // of a speaker who can be ticked
	Face                    *templates.Person
	State                   *templates.Tag
	People                  []templates.Person
	Cells                   []chaseCell
}

// chaseCell is one thing. Button says what a press would change, if anything.
type chaseCell struct {
	Column, State, Text, Icon string
	Button, Name, Value, Long string
}

func (p chasePage) Shape(f *page.Frame) { f.Wide = true; f.Scripts = append(f.Scripts, "tick-all") }

func chasePath(v *page.Visit) string { return "/desk" + v.Edition.Path() + "/material" }

// icons of the standings; each also has its word, chase.STANDING.
var chaseIcons = map[speaking.Standing]string{speaking.StandsHere: "check", speaking.StandsOwed: "alert", speaking.StandsLater: "clock"}

// Chase shows the board.
func (s Pages) Chase(v *page.Visit) error {
	c, err := s.Speaking.Chase(v.Ctx, v.Edition, v.Lang)
	if err != nil {
		return err
	}
	need := speaking.Need(v.Query("kind"))
	owing := v.Query("state") == stateOwes || need != ""
	p := chasePage{Base: chasePath(v), Spare: chasePath(v) + "/spare" + v.AskedAs(chaseNames), RemindAll: speakersPath(v) + "/remind?from=material", Rules: chasePath(v) + "/rules", AllHref: materialsPath(v), Any: len(c.Sessions)+len(c.Speakers) > 0, NoMail: !s.Config.SMTP}
	takes := func(items map[speaking.Need]speaking.Standing) bool {
		if need != "" {
			return items[need] == speaking.StandsOwed
		}
		for _, standing := range items {
			if standing == speaking.StandsOwed {
				return true
			}
		}
		return !owing
	}
	sessionNeeds, speakerNeeds := askedOf(c)
	for _, n := range sessionNeeds {
		p.SessionCols = append(p.SessionCols, v.T("speaking.need."+string(n)))
	}
	for _, n := range speakerNeeds {
		p.SpeakerCols = append(p.SpeakerCols, v.T("speaking.need."+string(n)))
	}
	for _, x := range c.Sessions {
		if takes(x.Items) {
			p.Sessions = append(p.Sessions, newChaseSession(v, x, sessionNeeds))
		}
	}
	for _, x := range c.Speakers {
		if takes(x.Items) {
			p.Speakers = append(p.Speakers, newChaseSpeaker(v, x, speakerNeeds))
		}
		p.remindable(x)
	}
	p.totals(v, c, need, owing, append(sessionNeeds, speakerNeeds...))
	return v.Render("desk/chase", v.T("chase.title"), p)
}

// remindable counts those who owe something themselves.
func (p *chasePage) remindable(x speaking.SpeakerStands) {
	if x.Owes() {
		p.Owing++
		p.Late = p.Late || x.Late
		if x.Mute == "" {
			p.Remindable++
		}
	}
}

// totals fills in what stands above the tables.
func (p *chasePage) totals(v *page.Visit, c speaking.Chase, need speaking.Need, owing bool, needs []speaking.Need) {
	if !c.Rules.Due.IsZero() {
		p.Due = text.LongDate(v.Lang, v.Edition.Local(c.Rules.Due))
	}
	if p.Remindable > 0 {
		p.Remind = speakersPath(v) + "/remind?from=material"
	}
	complete := p.Any
	for _, n := range needs {
		one := chaseCount{Word: v.T("speaking.need." + string(n)), Current: n == need, Href: p.Base + "?" + url.Values{"kind": {string(n)}}.Encode()}
		if one.Current {
			one.Href = p.Base
		}
		each := func(items map[speaking.Need]speaking.Standing) {
			switch items[n] {
			case speaking.StandsHere:
				one.Done++
				one.All++
			case speaking.StandsOwed:
				one.All++
			}
		}
		for _, x := range c.Sessions {
			each(x.Items)
		}
		for _, x := range c.Speakers {
			each(x.Items)
		}
		if one.All > 0 {
			p.Counts = append(p.Counts, one)
		}
		complete = complete && one.Done == one.All
	}
	p.Complete = complete
	p.Filters = []speakerState{{Text: v.T("chase.all"), Href: p.Base, N: len(c.Sessions) + len(c.Speakers), Current: !owing},
		{Text: v.T("chase.owing"), Href: p.Base + "?state=" + stateOwes, N: p.owes(c), Current: owing && need == ""}}
}

// owes counts the rows that lack something.
func (p *chasePage) owes(c speaking.Chase) (n int) {
	count := func(items map[speaking.Need]speaking.Standing) {
		for _, standing := range items {
			if standing == speaking.StandsOwed {
				n++
				return
			}
		}
	}
	for _, x := range c.Sessions {
		count(x.Items)
	}
	for _, x := range c.Speakers {
		count(x.Items)
	}
	return n
}

// askedOf gives the columns: what is asked of any session, and of any speaker.
func askedOf(c speaking.Chase) (ofSession, ofSpeaker []speaking.Need) {
	for _, n := range speaking.OfSession {
		if slices.ContainsFunc(c.Sessions, func(x speaking.SessionStands) bool { return x.Items[n] != speaking.StandsUnasked }) {
			ofSession = append(ofSession, n)
		}
	}
	for _, n := range speaking.OfSpeaker {
		if slices.ContainsFunc(c.Speakers, func(x speaking.SpeakerStands) bool { return x.Items[n] != speaking.StandsUnasked }) {
			ofSpeaker = append(ofSpeaker, n)
		}
	}
	return ofSession, ofSpeaker
}

func newChaseSession(v *page.Visit, x speaking.SessionStands, needs []speaking.Need) chaseRow {
	title := v.SessionWords(x.Session, x.Session.Title)
	row := chaseRow{Title: title.Text, Lang: title.Lang, Href: "/desk" + v.Edition.Path() + "/program/" + x.Session.Slug + "#material", Note: v.T("chase.no_time")}
	if x.Session.Scheduled() {
		row.Note = v.OnDay(v.DayTab(x.Session.StartsAt), x.Session.StartsAt, x.Session.EndsAt)
	}
	if x.Declined {
		row.State = &templates.Tag{Kind: "bad", Icon: "cross", Text: v.T("chase.declined")}
	}
	for _, who := range x.Session.Speakers {
		row.People = append(row.People, templates.Person{Name: who.Name, Href: speakersPath(v) + "/" + who.Slug})
	}
	for _, n := range needs {
		row.Cells = append(row.Cells, sessionCell(v, x.Session, n, x.Items[n], title.Text))
	}
	return row
}

// sessionCell is a cell that an organiser can let off, or ask for again.
func sessionCell(v *page.Visit, x *program.Session, n speaking.Need, standing speaking.Standing, title string) chaseCell {
	c := newChaseCell(v, n, standing)
	c.Value = x.ID + "/" + string(n)
	switch standing {
	case speaking.StandsOwed:
		c.Name, c.Button = "spare", v.T("chase.spare")
	case speaking.StandsSpared:
		c.Name, c.Button = "ask", v.T("chase.ask")
	}
	if c.Name != "" {
		c.Long = fmt.Sprintf("%s: %s, %s", c.Button, title, c.Column)
	}
	return c
}

func newChaseCell(v *page.Visit, n speaking.Need, standing speaking.Standing) chaseCell {
	return chaseCell{Column: v.T("speaking.need." + string(n)), State: string(standing), Text: v.T("chase." + string(standing)), Icon: chaseIcons[standing]}
}

func newChaseSpeaker(v *page.Visit, x speaking.SpeakerStands, needs []speaking.Need) chaseRow {
	face, tag := deskFace(v, x.Speaker, "small"), stateTag(v, x.Speaking)
	row := chaseRow{Title: x.Speaker.Name, Href: speakersPath(v) + "/" + x.Speaker.Slug, Face: &face, State: &tag}
	if x.Mute == "" {
		row.Slug = x.Speaker.Slug
	}
	if at := x.Speaking.RemindedAt; at != nil {
		row.Note = v.T("speakers_desk.reminded", "when", text.DateTime(v.Lang, v.Edition.Local(*at)))
	}
	for _, n := range needs {
		row.Cells = append(row.Cells, newChaseCell(v, n, x.Items[n]))
	}
	return row
}

// ChaseSpare lets a session off something, or asks for it again.
func (s Pages) ChaseSpare(v *page.Visit) error {
	f := v.Sent()
	sent, on := f.Get("spare"), true
	if sent == "" {
		sent, on = f.Get("ask"), false
	}
	id, need, _ := strings.Cut(sent, "/")
	if err := s.Speaking.Spare(v.Ctx, v.Person.ID, v.Edition, id, speaking.Need(need), on); err != nil {
		return err
	}
	if on {
		v.Say("success", "flash.chase_spared")
	} else {
		v.Say("success", "flash.chase_asked")
	}
	if v.Query("speaker") != "" {
		return v.Redirect(speakersBack(v))
	}
	return v.Redirect(chasePath(v) + v.AskedAs(chaseNames))
}
