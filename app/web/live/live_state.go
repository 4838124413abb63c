package live

import (
	"encoding/json"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/web/page"
	"agora/realtime"
)

// liveScript is what the script starts from.
type liveScript struct {
	Session string            `json:"session"`
	View    string            `json:"view"`
	Pass    string            `json:"pass"`
	Lang    string            `json:"lang"`
	Zone    string            `json:"zone"`
	Now     int64             `json:"now"`
	Sort    string            `json:"sort"`
	Show    string            `json:"show,omitempty"`
	State   liveState         `json:"state"`
	Mine    *qa.Mine          `json:"mine,omitempty"`
	Secrets map[string]string `json:"secrets,omitempty"` // of questions asked by form
	Voices  map[string]string `json:"voices,omitempty"`  // speakers' names by id
	Move    *liveMove         `json:"move,omitempty"`
	Words   map[string]string `json:"words"`
}

// liveState has the form of a snapshot frame.
type liveState struct {
	Epoch     string            `json:"epoch"`
	Version   int64             `json:"v"`
	Room      json.RawMessage   `json:"room"`
	Questions []json.RawMessage `json:"questions"`
	Polls     []json.RawMessage `json:"polls,omitempty"`
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

// liveState fills in the questions: all of the room's, and what is the visitor's.
func (s Pages) liveState(v *page.Visit, x *program.Session, p *livePage, f *page.Form) error {
	state, list, room, err := s.liveQuestions(v, x.ID, qa.Audience)
	if fail.Is(err, fail.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	p.Known, p.Counts, p.Paused = true, room.Counts, room.State == qa.RoomPaused
	p.Open = p.Open && room.State != qa.RoomClosed
	p.Slow, p.After, p.Ask.Named = room.Asking.Slow, room.Asking.Review == qa.ReviewAfter, room.Asking.Names == qa.NamesRequired
	mine := qa.Mine{}
	if p.Open {
		if mine, err = s.QA.Mine(v.Ctx, viewer(v, x.ID, qa.Audience), askedSecrets(v)...); err != nil {
			return err
		}
		if s.Site.Polls != nil {
			if mine.Ballots, err = s.Site.Polls.Mine(v.Ctx, viewer(v, x.ID, qa.Audience)); err != nil {
				return err
			}
		}
		if p.Script.Secrets, err = s.askedByForm(v, x); err != nil {
			return err
		}
		p.Script.Pass, _ = pass(v, x.ID, realtime.Audience)
	}
	p.Script.Voices = voices(x)
	liveLists(v, p, list, mine)
	if err := livePolls(v, p, state.Polls, mine.Ballots, f); err != nil {
		return err
	}
	p.Script.Session, p.Script.View, p.Script.Lang, p.Script.Zone = x.ID, realtime.Audience.String(), string(v.Lang), v.Edition.Zone
	p.Script.Now, p.Script.State, p.Script.Mine = v.Now.UnixMilli(), state, &mine
	p.Script.Words = scriptWords(v, audienceWords)
	return nil
}

// askedByForm hands the secrets of questions that were asked without a script to the
// script, which keeps its own in the browser too: they are then revised and
// withdrawn in one way. The page is the asker's own and never kept.
func (s Pages) askedByForm(v *page.Visit, x *program.Session) (map[string]string, error) {
	byID := map[string]string{}
	for _, secret := range askedSecrets(v) {
		mine, err := s.QA.Mine(v.Ctx, qa.Viewer{Room: x.ID, View: qa.Audience}, secret)
		if err != nil {
			return nil, err
		}
		for _, q := range mine.Questions {
			byID[q.ID] = secret
		}
	}
	return byID, nil
}

// liveRoom is the room as its frames say it.
type liveRoom struct {
	State  qa.RoomState `json:"state"`
	Now    *string      `json:"now"`
	Counts qa.Counts    `json:"counts"`
	Queue  []string     `json:"queue"`
	Asking struct {
		Review qa.Review `json:"review"`
		Names  qa.Names  `json:"names"`
		Slow   int       `json:"slow"`
	} `json:"asking"`
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
	state.Polls, err = s.livePollItems(v, id, view)
	return state, list, room, err
}
