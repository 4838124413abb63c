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

// Question is a question as pages and viewers see it. What stands below Merged is
// for moderators; Reason and Into are for its asker too, Labels for the stage.
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
	Speaker    string     `json:"speaker,omitempty"`     // whom it is addressed to

	Labels   []string `json:"labels,omitempty"`
	Source   Source   `json:"source,omitempty"`
	Reason   string   `json:"reason,omitempty"`
	Original string   `json:"original,omitempty"`
	Rank     int64    `json:"rank,omitempty"`
	Held     string   `json:"held,omitempty"` // the words that a filter stopped at
	Into     string   `json:"into,omitempty"` // what it was merged into
	From     string   `json:"from,omitempty"` // what it was split from
}

// Answer is a written answer that is published. Text is Markdown.
type Answer struct {
	ID        string    `json:"-"`
	SpeakerID string    `json:"-"`
	By        string    `json:"by"`
	Text      string    `json:"text"`
	At        time.Time `json:"-"` // first published
}

// Counts are a room's open figures. What was approved is either answered or left.
type Counts struct {
	Asked    int64 `json:"asked"` // all but those taken back by their askers and those that stand in others
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

	Settings Settings
	Own      bool      // its settings are its own, not its edition's
	Messages []Message // to the stage, the oldest first
	Blocked  []string  // questions that led to a block
}

// Message is a moderator's word to the stage.
type Message struct {
	ID     string     `json:"id"`
	Text   string     `json:"text"`
	At     time.Time  `json:"at"`
	SeenAt *time.Time `json:"seen_at,omitempty"`
}

// full is the question with everything that moderators see.
func (q *question) full(answers []Answer) Question {
	if answers == nil {
		answers = []Answer{}
	}
	return Question{
		ID: q.ID, Text: q.Text, Name: q.Name, Votes: q.Votes, State: q.State, Answers: answers,
		At: second(&q.AskedAt).UTC(), NowAt: second(q.NowAt), AnsweredAt: second(q.AnsweredAt),
		Speaker: q.SpeakerID, Labels: q.Labels, Source: q.Source, Reason: q.Reason, Original: q.Original, Rank: q.Rank,
		Held: q.Held, Into: q.IntoID, From: q.SplitFrom,
	}
}

// as leaves out what a view does not see.
func (q Question) as(v View) Question {
	if v == Moderator {
		return q
	}
	if v != Stage {
		q.Labels = nil
	}
	q.Source, q.Reason, q.Original, q.Rank, q.Held, q.Into, q.From = "", "", "", 0, "", "", ""
	return q
}

// toAsker is what its asker sees of a question: also why it is not shown.
func (q Question) toAsker() Question {
	own := q.as(Audience)
	own.Reason, own.Into = q.Reason, q.Into
	return own
}

// second rounds a moment down: finer times would only help to guess who asked.
func second(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	s := t.UTC().Truncate(time.Second)
	return &s
}

// views encodes the question for each view; what two see alike is encoded once.
func (q *question) views(answers []Answer) (out [Views]json.RawMessage) {
	full := q.full(answers)
	var public json.RawMessage
	for v := range out {
		switch view := View(v); {
		case !view.Sees(q.State):
		case view == Moderator, view == Stage && len(q.Labels) > 0:
			out[v] = encode(full.as(view))
		default:
			if public == nil {
				public = encode(full.as(Audience))
			}
			out[v] = public
		}
	}
	return out
}

// roomOpen is what everybody is told of a room, roomStage and roomDesk what those
// who work with it are told besides.
type roomOpen struct {
	State  RoomState `json:"state"`
	Now    *string   `json:"now"`
	Counts Counts    `json:"counts"`
	Asking asking    `json:"asking"`
}

type asking struct {
	Review    Review `json:"review"`
	Names     Names  `json:"names"`
	Slow      int    `json:"slow"`
	Reactions bool   `json:"reactions"`
}

type roomStage struct {
	roomOpen
	Queue    []string  `json:"queue"`
	Labels   []Label   `json:"labels"`
	Messages []Message `json:"messages"`
}

type roomDesk struct {
	roomStage
	Sources []Source `json:"sources"`
	Blocked []string `json:"blocked"`
}

// views encodes the room.
func (r *Room) views() (out [Views]json.RawMessage) {
	set := r.Settings
	o := roomOpen{State: r.State, Counts: r.Counts, Asking: asking{set.Review, set.Names, set.Slow, set.Reactions}}
	if r.Now != "" {
		o.Now = &r.Now
	}
	stage := roomStage{o, r.Queue, set.Labels, r.Messages}
	all := encode(o)
	return [Views]json.RawMessage{
		Audience: all, Moderator: encode(roomDesk{stage, set.Sources, r.Blocked}), Stage: encode(stage), Screen: all,
	}
}

// encode is for values of texts, numbers and times, which cannot fail to encode.
func encode(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic("qa: a value that cannot be written as JSON: " + err.Error())
	}
	return b
}
