package live

import (
	"net/url"
	"time"

	"agora/app/account"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/text"
	"agora/app/web/page"
	"agora/realtime"
	"agora/templates"
)

// livePage is a session's live room: its first state is here, drawn by the
// server; the script goes on from it.
type livePage struct {
	Title       page.Words
	Room        page.Words
	Track       page.Words
	When        string
	State       templates.Tag
	SessionHref string
	DayHref     string
	StreamHref  string
	ActHref     string
	ModerateTo  string
	Following   int
	Known       bool // there is a room: somebody opened it
	Counts      qa.Counts
	Now         *liveQuestion
	Own         []liveQuestion
	Polls       []livePoll
	Questions   []liveQuestion
	Sorts       []page.Tab
	Shows       []page.Tab
	Follows     string
	All         int  // questions, before any were left out
	Open        bool // takes questions and votes
	Paused      bool
	Slow        int // seconds between two questions of one asker
	After       bool
	Ask         liveAsk
	Tell        liveTell
	Max         int
	Next        *liveNext
	Script      liveScript
}

func (p livePage) Shape(f *page.Frame) {
	if p.Open {
		f.Scripts = append(f.Scripts, "live")
	}
	f.Description = p.Title.Text
	here(f, p.DayHref)
}

// here marks the place among the frame's links that a deeper page belongs to.
func here(f *page.Frame, href string) {
	for _, links := range [][]page.NavLink{f.Nav, f.Desk} {
		for i := range links {
			links[i].Current = links[i].Href == href
		}
	}
}

// liveAsk is the form to ask with.
type liveAsk struct {
	Key, Text, Name string
	Anonymous       bool
	Named           bool   // nobody asks without a name here
	Revise, Was     string // the own question that is being changed, as it was
	BackHref        string
	Speakers        []templates.Option
	Errors          []string
	NameErrors      []string
	SpeakerErrors   []string
}

// liveNext is what comes next in the room.
type liveNext struct {
	Title page.Words
	Time  string
	Href  string
	On    bool // it has begun
}

// Room shows a session's live room.
func (s Pages) Room(v *page.Visit) error { return s.showLive(v, v.Blank().Set("anonymous", "1")) }

func (s Pages) showLive(v *page.Visit, f *page.Form) error {
	programme, x, err := s.liveBySlug(v)
	if err != nil {
		return err
	}
	p := liveHead(v, programme, x)
	if p.Open {
		if _, err := s.QA.Open(v.Ctx, x.ID); err != nil {
			return err
		}
	}
	if err := s.liveState(v, x, &p, f); err != nil {
		return err
	}
	liveForm(v, &p, x, f)
	title := v.T("live.title", "title", p.Title.Text)
	return v.Render("live/live", title, p)
}

// liveHead is what the programme knows of the room.
func liveHead(v *page.Visit, programme *program.Programme, x *program.Session) livePage {
	href := v.SessionHref(x)
	p := livePage{
		Title: v.SessionWords(x, x.Title), When: liveWhen(v, x), State: liveTag(v, x), SessionHref: href,
		DayHref: v.Edition.Path() + "/live", StreamHref: v.StreamOf(x), ActHref: livePlace(v, x),
		Open: takesQuestions(v, x), Max: qa.QuestionMax, Following: Pages{v.Site}.following(x.ID),
		Follows: v.Query("room"),
	}
	if x.Room != nil {
		p.Room = v.Words(x.Room.Name)
	}
	if x.Track != nil {
		p.Track = v.Words(x.Track.Name)
	}
	if v.May(account.Moderator) {
		p.ModerateTo = "/desk" + v.Edition.Path() + "/live/" + x.Slug
	}
	p.Next, p.Script.Move = newLiveNext(v, programme, x)
	return p
}

// liveQuery keeps what the visitor chose: the room to follow and the order.
func liveQuery(v *page.Visit) string {
	q := url.Values{}
	for _, name := range []string{"room", "sort", "show"} {
		if s := v.Query(name); s != "" {
			q.Set(name, s)
		}
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// liveWhen is the session's time, with the date unless that is today's.
func liveWhen(v *page.Visit, x *program.Session) string {
	span := text.Span(v.Lang, x.StartsAt, x.EndsAt)
	if x.On(v.Now) || v.Edition.Local(v.Now).Format(time.DateOnly) == x.StartsAt.Format(time.DateOnly) {
		return span
	}
	return page.UpperFirst(text.LongDate(v.Lang, x.StartsAt)) + " " + v.Span(x.StartsAt, x.EndsAt)
}

func liveTag(v *page.Visit, x *program.Session) templates.Tag {
	switch {
	case x.Cancelled:
		return templates.Tag{Kind: "bad", Text: v.T("program.cancelled")}
	case x.On(v.Now):
		return templates.Tag{Kind: "live", Text: v.T("live.on")}
	case v.Now.Before(x.StartsAt):
		return templates.Tag{Kind: "plain", Text: v.T("live.soon")}
	}
	return templates.Tag{Kind: "plain", Text: v.T("live.over")}
}

// following is how many watch a room.
func (s Pages) following(room string) int {
	if s.Hub == nil {
		return 0
	}
	return s.Hub.Present(room)[realtime.Audience]
}

// newLiveNext finds the session the page moves on to. It moves by itself only where
// the visitor chose the room; elsewhere it offers the way.
func newLiveNext(v *page.Visit, p *program.Programme, x *program.Session) (*liveNext, *liveMove) {
	if x.Room == nil {
		return nil, nil
	}
	next := nextIn(p, x.Room.ID, x.StartsAt)
	if now := nowIn(p, x.Room.ID, v.Now); now != nil && now.StartsAt.After(x.StartsAt) {
		next = now
	}
	if next == nil {
		return nil, nil
	}
	room := v.Edition.Path() + "/live?room=" + url.QueryEscape(x.Room.Slug)
	n := &liveNext{Title: v.SessionWords(next, next.Title), Time: liveWhen(v, next), On: !v.Now.Before(next.StartsAt), Href: room}
	if !n.On {
		n.Href = v.SessionHref(next) + "/live?room=" + url.QueryEscape(x.Room.Slug)
	}
	return n, &liveMove{At: next.StartsAt.UnixMilli(), Href: room, Title: n.Title.Text, Auto: v.Query("room") == x.Room.Slug}
}

// nowIn is what is on in a room, breaks left out.
func nowIn(p *program.Programme, roomID string, at time.Time) *program.Session {
	if x := p.NowIn(roomID, at); x != nil && x.Kind != program.Break {
		return x
	}
	return nil
}

// nextIn is what starts next in a room, breaks left out.
func nextIn(p *program.Programme, roomID string, at time.Time) *program.Session {
	for x := p.NextIn(roomID, at); x != nil; x = p.NextIn(roomID, x.StartsAt) {
		if x.Kind != program.Break {
			return x
		}
	}
	return nil
}
