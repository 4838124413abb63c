package poll

import (
	"encoding/json"
	"slices"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/qa"
)

// fold carries out the acts one after the other. It is pure: the same world and
// acts give the same end, in one set or in many.
func fold(w *world, acts []act) []result {
	results := make([]result, len(acts))
	for i := range acts {
		if acts[i].at.After(w.at) {
			w.at = acts[i].at
		}
		results[i] = w.once(&acts[i])
	}
	return results
}

// once answers a repeated act from what was stored, and does a new one.
func (w *world) once(a *act) result {
	r := w.rooms[a.viewer.Room]
	if r == nil {
		return result{code: qa.CodeNotFound}
	}
	if a.key.Zero() {
		return w.carry(r, a)
	}
	name := db.Key{Scope: a.key.Scope, Key: a.key.Key}
	if before, done := w.stored[name]; done {
		var id string
		if before.BodyHash != a.key.BodyHash || json.Unmarshal([]byte(before.Answer), &id) != nil {
			return result{code: qa.CodeOpUsed}
		}
		return result{id: id}
	}
	out := w.carry(r, a)
	if out.code == "" {
		answer, _ := json.Marshal(out.id) // a text always encodes
		row := db.Stored{Scope: a.key.Scope, Key: a.key.Key, BodyHash: a.key.BodyHash, Answer: string(answer), CreatedAt: a.at}
		w.stored[name] = row
		w.remember = append(w.remember, row)
		w.noted = append(w.noted, audit.Entry{Person: a.viewer.By(), Edition: r.Edition(), Act: auditName(a.Do), Subject: out.id})
	}
	return out
}

// auditName is the act in the log of organisers' acts: poll.open and so on.
func auditName(a qa.Act) string { return "poll." + string(a[len("poll_"):]) }

func (w *world) carry(r *room, a *act) result {
	if a.Do == ActAdd {
		return w.add(r, a)
	}
	p := w.polls[a.Poll]
	switch {
	case p == nil || p.SessionID != a.viewer.Room:
		return result{code: qa.CodeNotFound}
	case a.Do == ActBallot:
		return w.ballot(r, p, a)
	case !Allowed(a.Do, p.State):
		return result{code: qa.CodeWrongState}
	}
	return w.moderate(r, p, a)
}

func (w *world) add(r *room, a *act) result {
	if r.polls >= PollsMax {
		return result{code: qa.CodeBadAct}
	}
	p := &Poll{ID: a.newID, SessionID: a.viewer.Room, Kind: a.Kind, State: StateDraft, CreatedAt: a.at, Rank: int64(r.polls + 1)}
	if code, args := p.settle(&a.Request); code != "" {
		return result{code: code, args: args}
	}
	r.polls++
	w.polls[p.ID] = p
	w.touch(r, p)
	return result{id: p.ID}
}

func (w *world) moderate(r *room, p *Poll, a *act) result {
	switch a.Do {
	case ActChange:
		next := *p
		if code, args := next.settle(&a.Request); code != "" {
			return result{code: code, args: args}
		}
		*p = next
	case ActOpen, ActReopen:
		if r.State() == qa.RoomClosed {
			return result{code: qa.CodeClosed}
		}
		p.State, p.ClosesAt = StateOpen, nil
		if p.OpenedAt == nil {
			p.OpenedAt = &a.at
		}
	case ActClose:
		w.close(p, a)
	case ActResult:
		p.Live = a.Live
	case ActHide:
		t := w.tallies[tallyKey{p.ID, a.Item}]
		if t == nil {
			return result{code: qa.CodeNotFound}
		}
		t.changed = t.changed || t.Hidden != *a.On
		t.Hidden = *a.On
	case ActRemove:
		p.State = StateRemoved
	case ActRestore:
		if p.State = StateDraft; p.OpenedAt != nil {
			p.State = StateClosed
		}
	}
	r.urgent = r.urgent || a.Do == ActOpen || a.Do == ActReopen || a.Do == ActClose
	w.touch(r, p)
	return result{id: p.ID}
}

// close lets a poll run out; pressed again it ends at once.
func (w *world) close(p *Poll, a *act) {
	if p.State == StateClosing {
		p.State, p.ClosesAt = StateClosed, &a.at
		return
	}
	end := a.at.Add(Grace)
	p.State, p.ClosesAt = StateClosing, &end
}

// ballot makes the viewer's ballot what the act says. One that is so already is
// confirmed whatever the state, as it may be a repeat whose answer was lost.
func (w *world) ballot(r *room, p *Poll, a *act) result {
	if r.State() == qa.RoomClosed {
		return result{code: qa.CodeClosed}
	}
	chosen, labels, code, args := p.choose(a.Choice)
	if code != "" {
		return result{code: code, args: args}
	}
	key := ballotKey{p.ID, a.mark}
	b := w.ballots[key]
	if b == nil {
		b = &paper{session: a.viewer.Room}
	}
	if slices.Equal(b.now, chosen) {
		return result{id: p.ID}
	}
	if !Allowed(a.Do, p.State) || p.State == StateClosing && a.at.After(*p.ClosesAt) {
		return result{code: qa.CodeWrongState}
	}
	for _, item := range b.now {
		w.count(r, p, item, "", -1)
	}
	for _, item := range chosen {
		w.count(r, p, item, labels[item], 1)
	}
	p.Voters += cast(chosen) - cast(b.now)
	b.now, b.changed = chosen, true
	w.ballots[key] = b
	w.touch(r, p)
	return result{id: p.ID}
}

func cast(choice items) int64 {
	if len(choice) > 0 {
		return 1
	}
	return 0
}

// count counts one more of an item, or one less. What people write themselves is
// kept back when the room's filter stops at it.
func (w *world) count(r *room, p *Poll, item, label string, n int64) {
	key := tallyKey{p.ID, item}
	t := w.tallies[key]
	if t == nil {
		written := p.Kind == KindCloud || p.Kind == KindText
		t = &count{tally: tally{PollID: p.ID, Item: item, Label: label, Hidden: written && r.Holds(label) != ""}}
		w.tallies[key] = t
	}
	t.N += n
	t.changed = true
}

// touch has a poll written with the room's new version.
func (w *world) touch(r *room, p *Poll) {
	p.Version, r.touched = r.Version(), true
	if !slices.Contains(w.changed, p) {
		w.changed = append(w.changed, p)
	}
}
