package live

import (
	"slices"

	"agora/app/qa"
)

// moderateItem is a question with what may be done to it.
type moderateItem struct {
	liveQuestion
	Source, Original string
	Held             string // what the filter stopped at
	To               string // whom it is addressed to
	Labels           []string
	Same             string // how many ask the same
	VotesText        string
	Place            int // in the stage queue, from 1
	Above, Below     int // the places beside it, 0 where there is none
	Blocked          bool
	Acts             []moderateAct
	CanReject        bool
	CanEdit          bool
	Href             string
}

// Meta is the small line under a question.
func (i moderateItem) Meta() []string {
	var known []string
	for _, part := range []string{i.VotesText, i.Name, i.Time, i.Source, i.To, i.Same, i.State} {
		if part != "" {
			known = append(known, part)
		}
	}
	return known
}

// moderateAct is a button. The first of a question is the usual one.
type moderateAct struct {
	Do, Text string
	Main     bool
}

// moderateActs are the buttons of each state, the usual one first.
var moderateActs = map[qa.State][]qa.Act{
	qa.StateNew:      {qa.ActApprove, qa.ActQueue},
	qa.StateApproved: {qa.ActQueue, qa.ActNow, qa.ActLater},
	qa.StateQueued:   {qa.ActNow, qa.ActUnqueue, qa.ActLater},
	qa.StateNow:      {qa.ActAnswered, qa.ActLater, qa.ActUnqueue},
	qa.StateAnswered: {qa.ActRestore, qa.ActArchive},
	qa.StateLater:    {qa.ActRestore, qa.ActNow, qa.ActAnswered},
	qa.StateRejected: {qa.ActRestore},
	qa.StateArchived: {qa.ActRestore},
	qa.StateMerged:   {qa.ActUnmerge},
}

// bulkActs may be done to all that are ticked. Rejecting has a form of its own.
var bulkActs = []qa.Act{qa.ActApprove, qa.ActQueue, qa.ActMerge, qa.ActLater, qa.ActArchive, qa.ActRestore}

func (d moderateDesk) newItem(q qa.Question, desk deskRoom, merged int) moderateItem {
	v := d.v
	item := moderateItem{
		liveQuestion: newLiveQuestion(v, q, false, false), Original: q.Original, Held: q.Held, Place: int(q.Rank), Above: max(0, int(q.Rank)-1),
		CanReject: qa.Allowed(qa.ActReject, q.State), CanEdit: qa.Allowed(qa.ActEdit, q.State), Href: d.base + "/questions/" + q.ID,
		VotesText: v.T("qa.votes", "n", q.Votes), Blocked: slices.Contains(desk.Blocked, q.ID),
	}
	switch q.State {
	case qa.StateAnswered: // tells when
	case qa.StateLater, qa.StateRejected, qa.StateArchived, qa.StateMerged, qa.StateNew, qa.StateApproved, qa.StateQueued, qa.StateNow:
		item.State = "" // the list says it
	default:
		item.State = v.T("qa.state." + string(q.State))
	}
	if q.Source != qa.SourceAudience {
		item.Source = v.T("qa.source." + string(q.Source))
	}
	for _, l := range desk.Labels {
		if slices.Contains(q.Labels, l.ID) {
			item.Labels = append(item.Labels, l.Name)
		}
	}
	for _, one := range d.x.Speakers {
		if one.ID == q.Speaker {
			item.To = v.T("moderate.to", "name", one.Name)
		}
	}
	if merged > 0 {
		item.Same = v.T("moderate.same", "n", merged)
	}
	for i, do := range moderateActs[q.State] {
		item.Acts = append(item.Acts, moderateAct{Do: string(do), Text: v.T("qa.act." + string(do)), Main: i == 0})
	}
	return item
}

// moderatorWords are what live-moderator.js and its parts say.
var moderatorWords = func() []string {
	list := []string{
		"qa.anonymous", "qa.votes", "qa.count.asked", "qa.count.approved", "qa.count.answered", "live.following", "live.now", "live.now_none",
		"live.edit", "live.edit_label", "live.save", "live.reject", "live.reason_label", "live.reject_send", "live.reason", "live.up", "live.was",
		"live.answered_stage", "live.answered_written", "live.say_new", "live.off", "live.stopped", "live.reload",
		"moderate.to", "moderate.same", "moderate.held", "moderate.blocked", "moderate.more", "moderate.tick", "moderate.down", "moderate.undo", "moderate.redo",
		"moderate.ticked", "moderate.left", "moderate.message_waits", "moderate.message_seen", "moderate.message_gone", "moderate.pair_merge", "moderate.moved",
		"moderate.not_there", "board.closes", "moderate.undone", "moderate.redone", "moderate.saved",
	}
	for _, s := range qa.States {
		list = append(list, "qa.state."+string(s))
	}
	for _, s := range qa.Sources {
		list = append(list, "qa.source."+string(s))
	}
	for _, a := range qa.Acts {
		list = append(list, "qa.act."+string(a))
	}
	for _, a := range undoable {
		list = append(list, "moderate.done."+string(a))
	}
	return list
}()

// undoable are the acts that the history of a room may hold.
var undoable = []qa.Act{
	qa.ActAsk, qa.ActApprove, qa.ActReject, qa.ActEdit, qa.ActQueue, qa.ActUnqueue, qa.ActNow, qa.ActAnswered, qa.ActLater, qa.ActArchive,
	qa.ActRestore, qa.ActMerge, qa.ActUnmerge, qa.ActSplit, qa.ActLabel, qa.ActAddress,
}
