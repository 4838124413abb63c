package poll

import (
	"slices"
	"time"

	"agora/app/qa"
)

// Kind is what a poll asks for.
type Kind string

// The kinds, all of them.
const (
	KindChoice  Kind = "choice"  // one of the options
	KindChoices Kind = "choices" // several of them
	KindRating  Kind = "rating"  // a mark from 1
	KindCloud   Kind = "cloud"   // words, shown the larger the more gave them
	KindText    Kind = "text"    // a sentence of one's own
)

// Kinds lists them.
var Kinds = [...]Kind{KindChoice, KindChoices, KindRating, KindCloud, KindText}

// State is where a poll stands.
type State string

// The states, all of them.
const (
	StateDraft   State = "draft"
	StateOpen    State = "open"
	StateClosing State = "closing" // takes ballots until closes_at, for those who see the stream later
	StateClosed  State = "closed"
	StateRemoved State = "removed" // put away by a moderator
)

// States lists them.
var States = [...]State{StateDraft, StateOpen, StateClosing, StateClosed, StateRemoved}

// Grace is how long a closing poll stays open: a stream runs up to half a minute
// behind the hall, and then somebody has to press.
const Grace = 45 * time.Second

// The acts, all of them.
const (
	ActBallot  qa.Act = "ballot"
	ActAdd     qa.Act = "poll_add"
	ActChange  qa.Act = "poll_change"
	ActOpen    qa.Act = "poll_open"
	ActClose   qa.Act = "poll_close"
	ActReopen  qa.Act = "poll_reopen"
	ActResult  qa.Act = "poll_result"
	ActHide    qa.Act = "poll_hide"
	ActRemove  qa.Act = "poll_remove"
	ActRestore qa.Act = "poll_restore"
)

// Acts lists them, the audience's first.
var Acts = [...]qa.Act{ActBallot, ActAdd, ActChange, ActOpen, ActClose, ActReopen, ActResult, ActHide, ActRemove, ActRestore}

// rule says who may do an act, and from which states of the poll (none: it makes one).
type rule struct {
	views []qa.View
	from  []State
}

var (
	desk   = []qa.View{qa.Moderator}
	podium = []qa.View{qa.Moderator, qa.Stage}
)

var rules = map[qa.Act]rule{
	ActBallot:  {views: []qa.View{qa.Audience}, from: []State{StateOpen, StateClosing}},
	ActAdd:     {views: desk},
	ActChange:  {views: desk, from: []State{StateDraft}},
	ActOpen:    {views: podium, from: []State{StateDraft}},
	ActClose:   {views: podium, from: []State{StateOpen, StateClosing}},
	ActReopen:  {views: podium, from: []State{StateClosing, StateClosed}},
	ActResult:  {views: podium, from: []State{StateDraft, StateOpen, StateClosing, StateClosed}},
	ActHide:    {views: desk, from: []State{StateOpen, StateClosing, StateClosed}},
	ActRemove:  {views: desk, from: []State{StateDraft, StateClosed}},
	ActRestore: {views: desk, from: []State{StateRemoved}},
}

// Knows reports whether an act is one of polls.
func Knows(a qa.Act) bool { return slices.Contains(Acts[:], a) }

// Allowed reports whether an act may be done to a poll in a state.
func Allowed(a qa.Act, s State) bool { return slices.Contains(rules[a].from, s) }

// shown lists the states each view sees.
var shown = [qa.Views][]State{
	qa.Audience:  {StateOpen, StateClosing, StateClosed},
	qa.Moderator: States[:],
	qa.Stage:     {StateDraft, StateOpen, StateClosing, StateClosed},
	qa.Screen:    {StateOpen, StateClosing, StateClosed},
}

// Sees reports whether a view sees polls of a state.
func Sees(v qa.View, s State) bool { return v < qa.Views && slices.Contains(shown[v], s) }

// Tells reports whether a view is told the result.
func (p *Poll) Tells(v qa.View) bool {
	return v == qa.Moderator || v == qa.Stage || p.Live || p.State == StateClosed
}
