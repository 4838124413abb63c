package live

import (
	"encoding/json"
	"net/url"
	"time"

	"agora/app/account"
	"agora/app/fail"
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
	Questions   []liveQuestion
	Sorts       []page.Tab
	Open        bool // takes questions and votes
	Paused      bool
	Ask         liveAsk
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
	Errors          []string
	NameErrors      []string
}

// liveNext is what comes next in the room.
type liveNext struct {
	Title page.Words
	Time  string
	Href  string
	On    bool // it has begun
}

// liveScript is what the script starts from.
type liveScript struct {
	Session string            `json:"session"`
	View    string            `json:"view"`
	Pass    string            `json:"pass"`
	Lang    string            `json:"lang"`
	Zone    string            `json:"zone"`
	Now     int64             `json:"now"`
	Sort    string            `json:"sort"`
	State   liveState         `json:"state"`
	Mine    *qa.Mine          `json:"mine,omitempty"`
	Move    *liveMove         `json:"move,omitempty"`
	Words   map[string]string `json:"words"`
}

// liveState has the form of a snapshot frame.
type liveState struct {
	Epoch     string            `json:"epoch"`
	Version   int64             `json:"v"`
	Room      json.RawMessage   `json:"room"`
	Questions []json.RawMessage `json:"questions"`
}

// liveMove says when the page of a remembered room moves on, and where to.
type liveMove struct {
	At    int64  `json:"at"`
	Href  string `json:"href"`
	Title string `json:"title"`
	Auto  bool   `json:"auto"`
}

// JSON is the start in an attribute of the page.
func (s liveScript) JSON() (string, error) {
	b, err := json.Marshal(s)
	return string(b), err
}

// Room shows a session's live room.
func (s Pages) Room(v *page.Visit) error { return s.showLive(v, v.Blank().Set("anonymous", "1")) }

func (s Pages) showLive(v *page.Visit, f *page.Form) error {
	programme, x, err := s.liveBySlug(v)
	if err != nil {
		return err
	}
	p := liveHead(v, programme, x)
	liveForm(v, &p, f)
	if p.Open {
		if _, err := s.QA.Open(v.Ctx, x.ID); err != nil {
			return err
		}
	}
	if err := s.liveState(v, x, &p); err != nil {
		return err
	}
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
	for _, name := range []string{"room", "sort"} {
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

// liveState fills in the questions: all of the room's, and what is the visitor's.
func (s Pages) liveState(v *page.Visit, x *program.Session, p *livePage) error {
	state, list, room, err := s.liveQuestions(v, x.ID, qa.Audience)
	if fail.Is(err, fail.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	p.Known, p.Counts, p.Paused = true, room.Counts, room.State == qa.RoomPaused
	p.Open = p.Open && room.State != qa.RoomClosed
	mine := qa.Mine{}
	if p.Open {
		if mine, err = s.QA.Mine(v.Ctx, viewer(v, x.ID, qa.Audience), askedSecrets(v)...); err != nil {
			return err
		}
		p.Script.Pass, _ = pass(v, x.ID, realtime.Audience)
	}
	liveLists(v, p, list, mine)
	p.Script.Session, p.Script.View, p.Script.Lang, p.Script.Zone = x.ID, realtime.Audience.String(), string(v.Lang), v.Edition.Zone
	p.Script.Now, p.Script.State, p.Script.Mine = v.Now.UnixMilli(), state, &mine
	p.Script.Words = scriptWords(v, audienceWords)
	return nil
}

// liveRoom is the room as its frames say it.
type liveRoom struct {
	State  qa.RoomState `json:"state"`
	Now    *string      `json:"now"`
	Counts qa.Counts    `json:"counts"`
	Queue  []string     `json:"queue"`
}

// liveQuestions reads a room as a view sees it, once for the script and once for
// the page, so that both show the same version.
func (s Pages) liveQuestions(v *page.Visit, id string, view qa.View) (state liveState, list []qa.Question, room liveRoom, err error) {
	c, err := s.QA.Changes(v.Ctx, id, 0)
	if err != nil {
		return state, nil, room, err
	}
	if err := json.Unmarshal(c.Room[view], &room); err != nil {
		return state, nil, room, err
	}
	state = liveState{Epoch: c.Epoch, Version: c.Version, Room: c.Room[view], Questions: []json.RawMessage{}}
	for _, item := range c.Items {
		raw := item.Views[view]
		if raw == nil {
			continue
		}
		var q qa.Question
		if err := json.Unmarshal(raw, &q); err != nil {
			return state, nil, room, err
		}
		state.Questions, list = append(state.Questions, raw), append(list, q)
	}
	return state, list, room, nil
}
