package live

import (
	"encoding/json"
	"slices"
	"strings"

	"agora/app/fail"
	"agora/app/qa"
	"agora/app/text"
	"agora/app/web/page"
	"agora/realtime"
	"agora/templates"
)

// moderatePage is the moderator's desk for one session.
type moderatePage struct {
	Title      page.Words
	Room       page.Words
	When       string
	State      templates.Tag
	BackHref   string
	LiveHref   string
	ActHref    string
	Settings   string
	Discussion string // all that was asked, with its answers; empty for who came by a link
	Next       *moderateNext
	Counts     qa.Counts
	Following  int
	RoomState  qa.RoomState
	Now        *moderateItem
	Lists      []moderateList // the three to work in
	Rest       []moderateList // a press away
	Pairs      []moderatePair
	Undo       string // what would be taken back, and done again
	Redo       string
	Bulk       []moderateAct
	Messages   []moderateMessage
	Tell       moderateTell
	Ask        moderateAsk
	Polls      deskPolls
	Problem    string
	Key        string
	Script     moderateScript
}

// moderatePart is one question with the page around it.
type moderatePart struct {
	P    moderatePage
	Item moderateItem
	List string
}

// Part hands a question to its template.
func (p moderatePage) Part(item moderateItem, list string) moderatePart {
	return moderatePart{P: p, Item: item, List: list}
}

func (p moderatePage) Shape(f *page.Frame) {
	f.Wide = true
	f.Scripts = append(f.Scripts, "live-moderator")
	here(f, p.BackHref)
}

// moderateList is one of the lists.
type moderateList struct {
	Name, Title, Empty string
	Items              []moderateItem
}

// moderatePair are two questions that ask much the same.
type moderatePair struct{ A, AText, B, BText string }

// moderateMessage is a word to the stage.
type moderateMessage struct{ ID, Text, State string }

// moderateTell is the form for one.
type moderateTell struct {
	Text   string
	Errors []string
	Max    int
}

// moderateAsk is the form to ask with for somebody else.
type moderateAsk struct {
	Text, Name string
	Errors     []string
	Sources    []templates.Option
	Speakers   []templates.Option
}

// moderateScript is what the desk's script starts from.
type moderateScript struct {
	liveScript
	Buttons  map[qa.State][]qa.Act `json:"buttons"`
	Can      map[qa.Act][]qa.State `json:"can"`
	Speakers map[string]string     `json:"speakers"`
	Undo     qa.Undo               `json:"history"`
	Base     string                `json:"base"`
	Link     bool                  `json:"link,omitempty"` // the page itself gives new passes
}

// JSON is the start in an attribute of the page.
func (s moderateScript) JSON() (string, error) {
	b, err := json.Marshal(s)
	return string(b), err
}

// deskRoom is what only those see of a room who work in it.
type deskRoom struct {
	Labels   []qa.Label   `json:"labels"`
	Messages []qa.Message `json:"messages"`
	Sources  []qa.Source  `json:"sources"`
	Blocked  []string     `json:"blocked"`
}

// restStates are the lists a press away, in their order.
var restStates = []qa.State{qa.StateAnswered, qa.StateLater, qa.StateRejected, qa.StateArchived, qa.StateMerged}

// Moderate shows the lists.
func (s Pages) Moderate(v *page.Visit) error {
	return s.atDesk(v, func(d moderateDesk) error { return d.show(v.Blank()) })
}

func (d moderateDesk) show(f *page.Form) error {
	v, x := d.v, d.x
	if _, err := d.QA.Open(v.Ctx, x.ID); err != nil {
		return err
	}
	state, list, room, err := d.liveQuestions(v, x.ID, qa.Moderator)
	if err != nil {
		return err
	}
	var desk deskRoom
	if err := json.Unmarshal(state.Room, &desk); err != nil {
		return err
	}
	me := d.viewer()
	history, err := d.QA.History(v.Ctx, me)
	if err != nil {
		return err
	}
	pairs, err := d.QA.Pairs(v.Ctx, me)
	if err != nil {
		return err
	}
	p := d.newPage()
	p.Counts, p.RoomState = room.Counts, room.State
	p.lists(d, list, desk)
	p.Pairs = newPairs(list, pairs)
	p.Undo, p.Redo = undoWords(v, history.Undo), undoWords(v, history.Redo)
	p.form(d, desk, f)
	if p.Polls, err = d.polls(v.Blank()); err != nil {
		return err
	}
	p.Script = d.script(state, history)
	return v.Render("live/moderate", v.T("live.moderate_title", "title", p.Title.Text), p)
}

func (d moderateDesk) newPage() moderatePage {
	v, x := d.v, d.x
	p := moderatePage{
		Title: v.SessionWords(x, x.Title), When: liveWhen(v, x), State: liveTag(v, x), BackHref: d.rooms(), LiveHref: v.SessionHref(x) + "/live",
		ActHref: d.base, Settings: d.base + "/settings", Discussion: d.discussion(), Next: d.next(), Following: d.following(x.ID), Tell: moderateTell{Max: qa.MessageMax},
	}
	if x.Room != nil {
		p.Room = v.Words(x.Room.Name)
	}
	for i, do := range bulkActs {
		p.Bulk = append(p.Bulk, moderateAct{Do: string(do), Text: v.T("qa.act." + string(do)), Main: i == 0})
	}
	return p
}

func (d moderateDesk) script(state liveState, history qa.Undo) moderateScript {
	v := d.v
	s := moderateScript{
		liveScript: liveScript{Session: d.x.ID, View: realtime.Moderator.String(), Lang: string(v.Lang), Zone: v.Edition.Zone,
			Now: v.Now.UnixMilli(), State: state, Words: scriptWords(v, slices.Concat(moderatorWords, reactionWords))},
		Buttons: moderateActs, Can: map[qa.Act][]qa.State{}, Speakers: map[string]string{}, Undo: history, Base: d.base, Link: d.link != nil,
	}
	for _, do := range qa.Acts {
		for _, state := range qa.States {
			if qa.Allowed(do, state) {
				s.Can[do] = append(s.Can[do], state)
			}
		}
	}
	for _, one := range d.x.Speakers {
		s.Speakers[one.ID] = one.Name
	}
	s.Pass = d.pass()
	return s
}

// undoWords names an act that may be taken back or done again; empty for none.
func undoWords(v *page.Visit, act qa.Act) string {
	if act == "" {
		return ""
	}
	return v.T("moderate.done." + string(act))
}

// form fills in the forms of the page, and shows a refused act again.
func (p *moderatePage) form(d moderateDesk, desk deskRoom, f *page.Form) {
	v := d.v
	for _, m := range desk.Messages {
		row := moderateMessage{ID: m.ID, Text: m.Text, State: v.T("moderate.message_waits")}
		if m.SeenAt != nil {
			row.State = v.T("moderate.message_seen", "time", text.Clock(v.Lang, v.Edition.Local(*m.SeenAt)))
		}
		p.Messages = append(p.Messages, row)
	}
	for _, source := range desk.Sources {
		p.Ask.Sources = append(p.Ask.Sources, templates.Option{Value: string(source), Text: v.T("qa.source." + string(source)), Checked: string(source) == f.Get("source")})
	}
	p.Ask.Speakers = d.speakers(f.Get("speaker"))
	p.Key = f.Key()
	switch do := qa.Act(f.Get("do")); {
	case do == qa.ActAsk:
		p.Ask.Text, p.Ask.Name, p.Ask.Errors = f.Values["text"], f.Get("name"), slices.Concat(f.Errors("text"), f.Errors("name"))
	case do == qa.ActTell:
		p.Tell.Text, p.Tell.Errors = f.Values["text"], f.Errors("text")
	default:
		for name := range f.Problems {
			p.Problem = strings.Join(f.Errors(name), " ")
		}
	}
}

// speakers are the session's, to address a question to; one alone needs no choice.
func (d moderateDesk) speakers(chosen string) (list []templates.Option) {
	if len(d.x.Speakers) < 2 {
		return nil
	}
	list = append(list, templates.Option{Text: d.v.T("moderate.to_all"), Checked: chosen == ""})
	for _, one := range d.x.Speakers {
		list = append(list, templates.Option{Value: one.ID, Text: one.Name, Checked: one.ID == chosen})
	}
	return list
}

// question finds one of the room's.
func (d moderateDesk) question(id string) (q qa.Question, all []qa.Question, err error) {
	all, err = d.QA.Seen(d.v.Ctx, d.x.ID, qa.Moderator)
	if err != nil {
		return q, nil, err
	}
	i := slices.IndexFunc(all, func(q qa.Question) bool { return q.ID == id })
	if i < 0 {
		return q, nil, fail.Missing(qa.CodeNotFound.Key())
	}
	return all[i], all, nil
}
