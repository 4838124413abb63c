package live

import (
	"cmp"
	"slices"
	"strings"

	"agora/app/qa"
)

// lists puts every question into the list of its state.
func (p *moderatePage) lists(d moderateDesk, list []qa.Question, desk deskRoom) {
	v := d.v
	at := map[qa.State]*moderateList{}
	for _, state := range []qa.State{qa.StateNew, qa.StateApproved, qa.StateQueued} {
		name := string(state)
		p.Lists = append(p.Lists, moderateList{Name: name, Title: v.T("live.list_" + name), Empty: v.T("live.list_" + name + "_empty")})
	}
	for _, state := range restStates {
		p.Rest = append(p.Rest, moderateList{Name: string(state), Title: v.T("moderate.list_" + string(state)), Empty: v.T("moderate.list_empty")})
	}
	for i := range p.Lists {
		at[qa.State(p.Lists[i].Name)] = &p.Lists[i]
	}
	for i := range p.Rest {
		at[qa.State(p.Rest[i].Name)] = &p.Rest[i]
	}
	merged := map[string]int{}
	for _, q := range list {
		if q.State == qa.StateMerged {
			merged[q.Into]++
		}
	}
	sortQuestions(list, "votes")
	for _, q := range list {
		item := d.newItem(q, desk, merged[q.ID])
		if l := at[q.State]; l != nil {
			l.Items = append(l.Items, item)
		} else if q.State == qa.StateNow {
			p.Now = &item
		}
	}
	slices.SortStableFunc(at[qa.StateQueued].Items, func(a, b moderateItem) int { return a.Place - b.Place })
	// Waiting questions come in the order they were asked; ids are made in it.
	slices.SortStableFunc(at[qa.StateNew].Items, func(a, b moderateItem) int { return strings.Compare(a.ID, b.ID) })
}

// newPairs keeps what is still there; the one with more votes comes first.
func newPairs(list []qa.Question, pairs []qa.Pair) (found []moderatePair) {
	known := map[string]qa.Question{}
	for _, q := range list {
		known[q.ID] = q
	}
	for _, pair := range pairs {
		a, b := known[pair.A], known[pair.B]
		if a.ID == "" || b.ID == "" || len(found) >= pairsShown {
			continue
		}
		if preferred(b, a) {
			a, b = b, a
		}
		found = append(found, moderatePair{a.ID, a.Text, b.ID, b.Text})
	}
	return found
}

// pairsShown keeps suggestions from pushing the lists off the page.
const pairsShown = 5

// standing says which of two questions others are merged into: what is furthest on
// its way to the stage, then what has more votes, then what was asked first.
var standing = map[qa.State]int{qa.StateNow: 4, qa.StateQueued: 3, qa.StateApproved: 2, qa.StateLater: 2, qa.StateNew: 1}

func preferred(a, b qa.Question) bool {
	return cmp.Or(cmp.Compare(standing[b.State], standing[a.State]), cmp.Compare(b.Votes, a.Votes), strings.Compare(a.ID, b.ID)) < 0
}
