package qa

import "slices"

// State is where a question stands.
type State string

// The states of a question, all of them.
const (
	StateNew       State = "new"       // waits for a moderator
	StateApproved  State = "approved"  // everybody sees it and may vote
	StateQueued    State = "queued"    // chosen for the stage, in an order
	StateNow       State = "now"       // being answered; one per room
	StateAnswered  State = "answered"  // answered on stage or in writing
	StateLater     State = "later"     // will be answered in writing
	StateRejected  State = "rejected"  // not published; its asker is told why
	StateWithdrawn State = "withdrawn" // taken back by its asker
	StateArchived  State = "archived"  // put away by a moderator
	StateMerged    State = "merged"    // stands in another question, which has its voters too
)

// States lists them in the order of a question's life.
var States = [...]State{StateNew, StateApproved, StateQueued, StateNow, StateAnswered, StateLater, StateRejected, StateWithdrawn, StateArchived, StateMerged}

// RoomState is what a room lets its audience do.
type RoomState string

// The states of a room, all of them. Closed is final: the key that told voters
// apart is gone, so nobody's vote could be recognised again.
const (
	RoomOpen   RoomState = "open"   // asking and voting
	RoomPaused RoomState = "paused" // voting, but no asking
	RoomClosed RoomState = "closed" // neither
)

// RoomStates lists them.
var RoomStates = [...]RoomState{RoomOpen, RoomPaused, RoomClosed}

// Act names what a viewer may do.
type Act string

// The acts, all of them.
const (
	ActAsk      Act = "ask"
	ActRevise   Act = "revise"
	ActVote     Act = "vote"
	ActWithdraw Act = "withdraw"
	ActMine     Act = "mine"
	ActAlike    Act = "alike"

	ActApprove  Act = "approve"
	ActReject   Act = "reject"
	ActEdit     Act = "edit"
	ActQueue    Act = "queue"
	ActUnqueue  Act = "unqueue"
	ActNow      Act = "now"
	ActAnswered Act = "answered"
	ActLater    Act = "later"
	ActArchive  Act = "archive"
	ActRestore  Act = "restore"
	ActMerge    Act = "merge"
	ActUnmerge  Act = "unmerge"
	ActSplit    Act = "split"
	ActLabel    Act = "label"
	ActAddress  Act = "address"
	ActUndo     Act = "undo"
	ActRedo     Act = "redo"

	ActBlock   Act = "block"
	ActUnblock Act = "unblock"
	ActPause   Act = "pause"
	ActResume  Act = "resume"
	ActTell    Act = "tell"
	ActUntell  Act = "untell"
	ActSeen    Act = "seen"
)

// Acts lists them, the audience's first.
var Acts = [...]Act{
	ActAsk, ActRevise, ActVote, ActWithdraw, ActMine, ActAlike,
	ActApprove, ActReject, ActEdit, ActQueue, ActUnqueue, ActNow, ActAnswered, ActLater, ActArchive, ActRestore,
	ActMerge, ActUnmerge, ActSplit, ActLabel, ActAddress, ActUndo, ActRedo,
	ActBlock, ActUnblock, ActPause, ActResume, ActTell, ActUntell, ActSeen,
}

// rule says who may do an act, from which states of the question (none: the act
// is not about one question) and to which state it leads (empty: the same).
type rule struct {
	views []View
	from  []State
	to    State
	bulk  bool // may be done to many questions at once
}

var (
	audience = []View{Audience}
	desk     = []View{Moderator}
	podium   = []View{Moderator, Stage}

	// open are the states before a question has had its turn.
	open = []State{StateNew, StateApproved, StateQueued, StateNow, StateLater}
)

// rules is the whole table: an act from a state that is not in it is refused
// with wrong_state.
var rules = map[Act]rule{
	ActAsk:      {views: []View{Audience, Moderator}},
	ActRevise:   {views: audience, from: []State{StateNew, StateApproved}},
	ActVote:     {views: audience, from: []State{StateApproved, StateQueued, StateNow, StateLater}},
	ActWithdraw: {views: audience, from: []State{StateNew, StateApproved}, to: StateWithdrawn},
	ActMine:     {views: audience},
	ActAlike:    {views: []View{Audience, Moderator}},

	ActApprove:  {views: desk, from: []State{StateNew}, to: StateApproved, bulk: true},
	ActReject:   {views: desk, from: []State{StateNew, StateApproved, StateQueued}, to: StateRejected, bulk: true},
	ActEdit:     {views: desk, from: open},
	ActQueue:    {views: desk, from: open, to: StateQueued, bulk: true},
	ActUnqueue:  {views: desk, from: []State{StateQueued, StateNow}, to: StateApproved, bulk: true},
	ActNow:      {views: podium, from: []State{StateNew, StateApproved, StateQueued, StateAnswered, StateLater}, to: StateNow},
	ActAnswered: {views: podium, from: []State{StateApproved, StateQueued, StateNow, StateLater}, to: StateAnswered, bulk: true},
	ActLater:    {views: podium, from: []State{StateNew, StateApproved, StateQueued, StateNow}, to: StateLater, bulk: true},
	ActArchive:  {views: desk, from: []State{StateApproved, StateQueued, StateAnswered, StateLater}, to: StateArchived, bulk: true},
	ActRestore:  {views: desk, from: []State{StateAnswered, StateLater, StateRejected, StateArchived}, to: StateApproved, bulk: true},
	ActMerge:    {views: desk, from: open},
	ActUnmerge:  {views: desk, from: []State{StateMerged}, bulk: true},
	ActSplit:    {views: desk, from: []State{StateNew, StateApproved, StateQueued, StateLater}},
	ActLabel:    {views: desk, from: []State{StateNew, StateApproved, StateQueued, StateNow, StateAnswered, StateLater, StateRejected, StateArchived}, bulk: true},
	ActAddress:  {views: desk, from: open},
	ActUndo:     {views: podium},
	ActRedo:     {views: podium},

	ActBlock:   {views: desk, from: []State{StateNew, StateApproved, StateQueued, StateNow, StateAnswered, StateLater, StateRejected, StateWithdrawn, StateArchived, StateMerged}},
	ActUnblock: {views: desk, from: []State{StateNew, StateApproved, StateQueued, StateNow, StateAnswered, StateLater, StateRejected, StateWithdrawn, StateArchived, StateMerged}},
	ActPause:   {views: desk},
	ActResume:  {views: desk},
	ActTell:    {views: desk},
	ActUntell:  {views: desk},
	ActSeen:    {views: []View{Stage}},
}

// mergeable are the states from which a question may go into another.
var mergeable = []State{StateNew, StateApproved, StateQueued, StateLater}

func (r rule) allows(s State) bool { return slices.Contains(r.from, s) }

// Allowed reports whether an act may be done to a question in a state, so that
// pages offer no button that would be refused.
func Allowed(a Act, s State) bool { return rules[a].allows(s) }

// Bulk reports whether an act may be done to many questions at once.
func Bulk(a Act) bool { return rules[a].bulk }

// Source is how a question reached the room.
type Source string

// The sources, all of them.
const (
	SourceAudience  Source = "audience"  // asked in the room
	SourceFloor     Source = "floor"     // from the hall's microphone
	SourceChat      Source = "chat"      // from the chat of the stream
	SourceOther     Source = "other"     // from elsewhere, a letter for example
	SourceCollected Source = "collected" // taken over from an earlier day's list
)

// Sources lists them.
var Sources = [...]Source{SourceAudience, SourceFloor, SourceChat, SourceOther, SourceCollected}

// OnBehalf are the sources a moderator may name when asking for somebody.
var OnBehalf = []Source{SourceFloor, SourceChat, SourceOther}
