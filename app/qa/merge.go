package qa

import (
	"maps"
	"slices"
	"time"
)

// merge puts questions into another. Whoever voted for one of them counts once for
// the whole; each keeps its own votes, so that parting them gives exactly what was.
func (w *world) merge(r *room, a *act) result {
	target := w.find(r, a.Question)
	if target == nil {
		return result{code: CodeNotFound}
	}
	if !rules[ActMerge].allows(target.State) {
		return result{code: CodeWrongState}
	}
	var parts []*question
	for _, id := range a.Questions {
		q := w.find(r, id)
		switch {
		case q == nil:
			return result{code: CodeNotFound}
		case !slices.Contains(mergeable, q.State), Audience.Sees(q.State) && !Audience.Sees(target.State):
			return result{code: CodeWrongState}
		case !slices.Contains(parts, q):
			parts = append(parts, q)
		}
	}
	for _, q := range parts {
		q.IntoID, q.BackTo = target.ID, q.State
		if q.State == StateQueued {
			q.BackTo = StateApproved
		}
		w.move(r, q, StateMerged, a)
		w.unite(r, q, target)
	}
	w.touch(r, target)
	return result{id: target.ID}
}

// unmerge puts a question back to where it stood. What it was merged into must not
// stand in another itself: its voters are counted there.
func (w *world) unmerge(r *room, q *question, at time.Time) result {
	if target := w.questions[q.IntoID]; target != nil && target.State == StateMerged {
		return result{code: CodeWrongState}
	}
	w.part(r, q)
	back := q.BackTo
	q.IntoID, q.BackTo = "", ""
	w.put(r, q, back, at)
	return result{id: q.ID}
}

// unite gives the target the voters of the question.
func (w *world) unite(r *room, q, target *question) {
	for voter, c := range w.votes[q.ID] {
		if c.is {
			w.give(r, target, voter, q.ID)
		}
	}
}

// part takes from what the question was merged into the votes that came with it,
// unless they came with another one too.
func (w *world) part(r *room, q *question) {
	target := w.questions[q.IntoID]
	if target == nil {
		return // erased meanwhile
	}
	var came []string
	for voter, c := range w.votes[target.ID] {
		if c.is && c.via == q.ID {
			came = append(came, voter)
		}
	}
	for _, voter := range came {
		w.take(r, target, voter)
	}
	for _, other := range w.kin()[target.ID] {
		if other == q.ID {
			continue
		}
		for _, voter := range came {
			if c := w.votes[other][voter]; c != nil && c.is {
				w.give(r, target, voter, other)
			}
		}
	}
	w.touch(r, target)
}

// kin gives the questions that were merged into each.
func (w *world) kin() map[string][]string {
	var found map[string][]string
	for id, q := range w.questions {
		if q.State == StateMerged {
			if found == nil {
				found = map[string][]string{}
			}
			found[q.IntoID] = append(found[q.IntoID], id)
		}
	}
	for _, list := range found {
		slices.Sort(list)
	}
	return found
}

// descendants are all that was merged into a question, and into those.
func descendants(kin map[string][]string, id string) (all []string) {
	for _, child := range kin[id] {
		all = append(append(all, child), descendants(kin, child)...)
	}
	return all
}

// split makes two questions of one. Both have its asker and its voters.
func (w *world) split(r *room, q *question, a *act) result {
	second := *q
	second.ID, second.Text, second.Original, second.SplitFrom = a.newID, a.Texts[1], "", q.ID
	second.Votes, second.Rank, second.Unvoted = 0, 0, 0
	second.Labels = slices.Clone(q.Labels)
	w.questions[second.ID] = &second
	w.edit(r, q, a.Texts[0])
	for _, voter := range slices.Sorted(maps.Keys(w.votes[q.ID])) {
		if w.votes[q.ID][voter].is {
			w.give(r, &second, voter, "")
		}
	}
	if q.State == StateQueued {
		w.line(r, &second, int(q.Rank)+1)
	}
	r.changed = true
	w.touch(r, &second)
	return result{id: second.ID}
}

// label gives a question exactly those labels, in the order of the room's.
func (w *world) label(r *room, q *question, a *act) result {
	labels := ids{}
	for _, l := range r.Settings.Labels {
		if slices.Contains(a.Labels, l.ID) {
			labels = append(labels, l.ID)
		}
	}
	for _, id := range a.Labels {
		if !r.Settings.label(id) {
			return result{code: CodeBadAct}
		}
	}
	if !slices.Equal(labels, q.Labels) {
		q.Labels = labels
		w.touch(r, q)
	}
	return result{id: q.ID}
}

// address says which speaker a question is for; none is for all.
func (w *world) address(r *room, q *question, a *act) result {
	if a.Speaker != "" && !w.speakers[[2]string{r.SessionID, a.Speaker}] {
		return result{code: CodeSpeaker, args: []any{"field", "speaker"}}
	}
	if q.SpeakerID != a.Speaker {
		q.SpeakerID = a.Speaker
		w.touch(r, q)
	}
	return result{id: q.ID}
}
