package web

import (
	"encoding/json"
	"net/url"
	"time"

	"agora/app/account"
	"agora/app/fail"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/text"
	"agora/realtime"
	"agora/templates"
)

// livePage is a session's live room: its first state is here, drawn by the
// server; the script goes on from it.
type livePage struct {
	Title       words
	Room        words
	Track       words
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
	Sorts       []tab
	Open        bool // takes questions and votes
	Paused      bool
	Ask         liveAsk
	Max         int
	Next        *liveNext
	Script      liveScript
}

func (p livePage) shape(f *frame) {
	if p.Open {
		f.Scripts = append(f.Scripts, "live")
	}
	f.Description = p.Title.Text
	f.here(p.DayHref)
}

// here marks the place among the frame's links that a deeper page belongs to.
func (f *frame) here(href string) {
	for _, links := range [][]navLink{f.Nav, f.Desk} {
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
	Title words
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

// live shows a session's live room.
func (s *Site) live(v *visit) error { return s.showLive(v, v.blank().set("anonymous", "1")) }

func (s *Site) showLive(v *visit, f *form) error {
	programme, x, err := s.liveBySlug(v)
	if err != nil {
		return err
	}
	p := v.liveHead(programme, x)
	v.liveForm(&p, f)
	if p.Open {
		if _, err := s.QA.Open(v.ctx, x.ID); err != nil {
			return err
		}
	}
	if err := s.liveState(v, x, &p); err != nil {
		return err
	}
	title := v.t("live.title", "title", p.Title.Text)
	return v.render("live/live", title, p)
}

// liveHead is what the programme knows of the room.
func (v *visit) liveHead(programme *program.Programme, x *program.Session) livePage {
	href := v.sessionHref(x)
	p := livePage{
		Title: v.sessionWords(x, x.Title), When: v.liveWhen(x), State: v.liveTag(x), SessionHref: href,
		DayHref: v.edition.Path() + "/live", StreamHref: v.streamOf(x), ActHref: href + "/live" + v.liveQuery(),
		Open: v.takesQuestions(x), Max: qa.QuestionMax, Following: v.site.following(x.ID),
	}
	if x.Room != nil {
		p.Room = v.words(x.Room.Name)
	}
	if x.Track != nil {
		p.Track = v.words(x.Track.Name)
	}
	if v.may(account.Moderator) {
		p.ModerateTo = "/desk" + v.edition.Path() + "/live/" + x.Slug
	}
	p.Next, p.Script.Move = v.liveNext(programme, x)
	return p
}

// liveQuery keeps what the visitor chose: the room to follow and the order.
func (v *visit) liveQuery() string {
	q := url.Values{}
	for _, name := range []string{"room", "sort"} {
		if s := v.query(name); s != "" {
			q.Set(name, s)
		}
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// liveWhen is the session's time, with the date unless that is today's.
func (v *visit) liveWhen(x *program.Session) string {
	span := text.Span(v.lang, x.StartsAt, x.EndsAt)
	if x.On(v.now) || v.edition.Local(v.now).Format(time.DateOnly) == x.StartsAt.Format(time.DateOnly) {
		return span
	}
	return upperFirst(text.LongDate(v.lang, x.StartsAt)) + " " + v.span(x.StartsAt, x.EndsAt)
}

func (v *visit) liveTag(x *program.Session) templates.Tag {
	switch {
	case x.Cancelled:
		return templates.Tag{Kind: "bad", Text: v.t("program.cancelled")}
	case x.On(v.now):
		return templates.Tag{Kind: "live", Text: v.t("live.on")}
	case v.now.Before(x.StartsAt):
		return templates.Tag{Kind: "plain", Text: v.t("live.soon")}
	}
	return templates.Tag{Kind: "plain", Text: v.t("live.over")}
}

// following is how many watch a room.
func (s *Site) following(room string) int {
	if s.Hub == nil {
		return 0
	}
	return s.Hub.Present(room)[realtime.Audience]
}

// liveNext finds the session the page moves on to. It moves by itself only where
// the visitor chose the room; elsewhere it offers the way.
func (v *visit) liveNext(p *program.Programme, x *program.Session) (*liveNext, *liveMove) {
	if x.Room == nil {
		return nil, nil
	}
	next := nextTalk(p, x.Room.ID, x.StartsAt)
	if now := talkIn(p, x.Room.ID, v.now); now != nil && now.StartsAt.After(x.StartsAt) {
		next = now
	}
	if next == nil {
		return nil, nil
	}
	room := v.edition.Path() + "/live?room=" + queryEscape(x.Room.Slug)
	n := &liveNext{Title: v.sessionWords(next, next.Title), Time: v.liveWhen(next), On: !v.now.Before(next.StartsAt), Href: room}
	if !n.On {
		n.Href = v.sessionHref(next) + "/live?room=" + queryEscape(x.Room.Slug)
	}
	return n, &liveMove{At: next.StartsAt.UnixMilli(), Href: room, Title: n.Title.Text, Auto: v.query("room") == x.Room.Slug}
}

// talkIn is what is on in a room, breaks left out.
func talkIn(p *program.Programme, roomID string, at time.Time) *program.Session {
	if x := p.NowIn(roomID, at); x != nil && x.Kind != program.Break {
		return x
	}
	return nil
}

// nextTalk is what starts next in a room, breaks left out.
func nextTalk(p *program.Programme, roomID string, at time.Time) *program.Session {
	for x := p.NextIn(roomID, at); x != nil; x = p.NextIn(roomID, x.StartsAt) {
		if x.Kind != program.Break {
			return x
		}
	}
	return nil
}

// liveState fills in the questions: all of the room's, and what is the visitor's.
func (s *Site) liveState(v *visit, x *program.Session, p *livePage) error {
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
		if mine, err = s.QA.Mine(v.ctx, v.viewer(x.ID, qa.Audience), v.askedSecrets()...); err != nil {
			return err
		}
		p.Script.Pass, _ = v.pass(x.ID, realtime.Audience)
	}
	v.liveLists(p, list, mine)
	p.Script.Session, p.Script.View, p.Script.Lang, p.Script.Zone = x.ID, realtime.Audience.String(), string(v.lang), v.edition.Zone
	p.Script.Now, p.Script.State, p.Script.Mine = v.now.UnixMilli(), state, &mine
	p.Script.Words = v.scriptWords(audienceWords)
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
func (s *Site) liveQuestions(v *visit, id string, view qa.View) (state liveState, list []qa.Question, room liveRoom, err error) {
	c, err := s.QA.Changes(v.ctx, id, 0)
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
