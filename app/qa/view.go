package qa

import (
	"encoding/json"
	"slices"
	"time"
)

// View is a way of looking at a room: what one may see another may not.
type View uint8

// The views, in the order of Item.Views and Changes.Room.
const (
	Audience View = iota
	Moderator
	Stage
	Screen

	Views = 4
)

// shown lists the states each view sees; moderators see all. What the screen
// puts on top is its own choice among these: the most votes is a matter of all
// questions together, and a patch holds only those that changed.
var shown = [Views][]State{
	Audience:  {StateApproved, StateQueued, StateNow, StateAnswered, StateLater},
	Moderator: States[:],
	Stage:     {StateQueued, StateNow, StateAnswered},
	Screen:    {StateApproved, StateQueued, StateNow},
}

// Sees reports whether a view sees questions of a state.
func (v View) Sees(s State) bool { return v < Views && slices.Contains(shown[v], s) }

// Question is a question as pages and viewers see it. Source, Reason, Original
// and Rank are for moderators; Reason is for its asker too.
type Question struct {
	ID         string     `json:"id"`
	Text       string     `json:"text"`
	Name       *string    `json:"name"` // nil: anonymous
	Votes      int64      `json:"votes"`
	State      State      `json:"state"`
	Answers    []Answer   `json:"answers"`
	At         time.Time  `json:"at"`
	NowAt      *time.Time `json:"now_at,omitempty"`      // taken on stage
	AnsweredAt *time.Time `json:"answered_at,omitempty"` // done on stage

	Source   Source `json:"source,omitempty"`
	Reason   string `json:"reason,omitempty"`
	Original string `json:"original,omitempty"`
	Rank     int64  `json:"rank,omitempty"`
}

// Answer is a written answer.
type Answer struct {
	ID        string    `json:"-"`
	SpeakerID string    `json:"-"`
	By        string    `json:"by"`
	Text      string    `json:"text"`
	At        time.Time `json:"-"`
}

// Counts are a room's open figures. What was approved is either answered or left.
type Counts struct {
	Asked    int64 `json:"asked"` // all but those taken back by their askers
	Approved int64 `json:"approved"`
	Answered int64 `json:"answered"`
	Left     int64 `json:"left"`
}

// Room is the state of a room. Queue is the order of the stage's questions.
type Room struct {
	Session string
	Epoch   string
	Version int64
	Changed int64 // version of the last change of what is said here
	State   RoomState
	Now     string // id of the question being answered, else empty
	Counts  Counts
	Queue   []string
}

// full is the question with everything that moderators see.
func (q *question) full(answers []Answer) Question {
	if answers == nil {
		answers = []Answer{}
	}
	return Question{
		ID: q.ID, Text: q.Text, Name: q.Name, Votes: q.Votes, State: q.State, Answers: answers,
		At: second(&q.AskedAt).UTC(), NowAt: second(q.NowAt), AnsweredAt: second(q.AnsweredAt),
		Source: q.Source, Reason: q.Reason, Original: q.Original, Rank: q.Rank,
	}
}

// public leaves out what only moderators see.
func (q Question) public() Question {
	q.Source, q.Reason, q.Original, q.Rank = "", "", "", 0
	return q
}

// second rounds a moment down: finer times would only help to guess who asked.
func second(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	s := t.UTC().Truncate(time.Second)
	return &s
}

// views encodes the question once for moderators and once for everybody else.
func (q *question) views(answers []Answer) (out [Views]json.RawMessage) {
	full := q.full(answers)
	open := encode(full.public())
	for v := range out {
		switch {
		case !View(v).Sees(q.State):
		case View(v) == Moderator:
			out[v] = encode(full)
		default:
			out[v] = open
		}
	}
	return out
}

// views encodes the room: the queue is for those who work with it.
func (r *Room) views() (out [Views]json.RawMessage) {
	type open struct {
		State  RoomState `json:"state"`
		Now    *string   `json:"now"`
		Counts Counts    `json:"counts"`
	}
	o := open{State: r.State, Counts: r.Counts}
	if r.Now != "" {
		o.Now = &r.Now
	}
	all := encode(o)
	staff := encode(struct {
		open
		Queue []string `json:"queue"`
	}{o, r.Queue})
	return [Views]json.RawMessage{Audience: all, Moderator: staff, Stage: staff, Screen: all}
}

// encode is for values of texts, numbers and times, which cannot fail to encode.
func encode(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic("qa: a value that cannot be written as JSON: " + err.Error())
	}
	return b
}
