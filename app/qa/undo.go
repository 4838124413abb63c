package qa

import (
	"cmp"
	"context"
	"slices"
)

// Undo says what a moderator may take back and do again: the act, or empty.
type Undo struct {
	Undo Act `json:"undo"`
	Redo Act `json:"redo"`
}

// actorOf tells moderators apart: by person, or who has only a link by browser.
func actorOf(r *room, v Viewer) string {
	if v.Person != "" {
		return "person " + v.Person
	}
	return mark(r.Seal, forActor, v.Voter)
}

// History tells what the viewer may undo and redo.
func (s *Service) History(ctx context.Context, v Viewer) (Undo, error) {
	if v.View != Moderator && v.View != Stage {
		return Undo{}, nil
	}
	var key string
	if err := s.db.Read.NewRaw(`SELECT room_key FROM live_room WHERE session_id = ?`, v.Room).Scan(ctx, &key); err != nil {
		return Undo{}, missing(err)
	}
	list, err := newestEdits(ctx, s.db.Read, v.Room)
	return ends(list, actorOf(&room{Seal: s.seal(key)}, v)), err
}

// ends are the edits at both sides of where an actor stands in its own history. Of
// those undone only what came after everything that stands may be done again.
func ends(list []*edit, actor string) (u Undo) {
	undo, redo := stackOf(list, actor)
	if undo != nil {
		u.Undo = undo.Act
	}
	if redo != nil {
		u.Redo = redo.Act
	}
	return u
}

func stackOf(list []*edit, actor string) (undo, redo *edit) {
	for _, e := range slices.Backward(list) {
		if e.Actor != actor {
			continue
		}
		if !e.Undone {
			return e, redo
		}
		redo = e
	}
	return nil, redo
}

// takeBack undoes the actor's newest edit or does again what it undid last. When
// anybody changed one of its questions since, nothing is done: nothing may be
// overwritten silently.
func (w *world) takeBack(r *room, a *act) result {
	list := w.edits[r.SessionID]
	undo, e := stackOf(list, a.actor)
	if a.Do == ActUndo {
		e = undo
	}
	if e == nil {
		return result{code: CodeNothing}
	}
	if !w.untouched(r, list, e, a.Do == ActUndo) {
		return result{code: CodeStale}
	}
	todo := slices.Clone(e.Changes)
	if a.Do == ActUndo {
		for i, c := range todo {
			todo[i] = change{Question: c.Question, Before: &c.After, After: c.unmade()}
		}
	}
	w.apply(r, a, todo)
	e.Undone, e.flipped = a.Do == ActUndo, true
	for _, c := range todo {
		w.note(r, a, "question."+string(a.Do), c.Question, string(e.Act))
	}
	u := ends(list, a.actor)
	return result{id: e.Changes[0].Question, undo: &u}
}

// unmade is the face a question had before; one that the edit made is withdrawn.
func (c change) unmade() face {
	if c.Before != nil {
		return *c.Before
	}
	f := c.After
	f.State, f.Rank = StateWithdrawn, 0
	return f
}

// untouched reports whether the questions are as the edit left them (or found them,
// for doing it again), and nobody's later edit is about them.
func (w *world) untouched(r *room, list []*edit, e *edit, undoing bool) bool {
	for _, c := range e.Changes {
		q := w.find(r, c.Question)
		want := c.After
		if !undoing {
			want = c.unmade()
		}
		if q == nil || q.face().unranked() != want.unranked() {
			return false
		}
		if next := c.unmade(); undoing && next.State == StateMerged || !undoing && c.After.State == StateMerged {
			if target := w.find(r, c.into()); target == nil || target.State == StateMerged {
				return false
			}
		}
		if q.State == StateMerged {
			if target := w.find(r, q.IntoID); target != nil && target.State == StateMerged {
				return false
			}
		}
		for _, later := range list {
			if later.Seq > e.Seq && !later.Undone && later.touches(c.Question) {
				return false
			}
		}
	}
	return w.stageFree(r, e, undoing)
}

func (e *edit) touches(question string) bool {
	return slices.ContainsFunc(e.Changes, func(c change) bool { return c.Question == question })
}

// stageFree refuses to put a question on stage in the place of one that the edit
// does not know.
func (w *world) stageFree(r *room, e *edit, undoing bool) bool {
	current := w.current(r)
	if current == nil || e.touches(current.ID) {
		return true
	}
	return !slices.ContainsFunc(e.Changes, func(c change) bool {
		return undoing && c.unmade().State == StateNow || !undoing && c.After.State == StateNow
	})
}

// apply gives the questions their other faces. Those that enter the queue do so in
// the order of their places.
func (w *world) apply(r *room, a *act, todo []change) {
	slices.SortStableFunc(todo, func(a, b change) int { return cmp.Compare(a.After.Rank, b.After.Rank) })
	for _, c := range todo {
		q := w.questions[c.Question]
		if q.State == StateMerged && c.After.State != StateMerged {
			w.part(r, q)
		}
		r.urgent = r.urgent || q.State == StateNow || c.After.State == StateNow
		merging := q.State != StateMerged && c.After.State == StateMerged
		tell := q.TellAt
		q.wear(c.After)
		if c.After.Tell != 0 && tell == nil && c.Before != nil && c.Before.State == c.After.State {
			q.TellAt = nil // they were told
		}
		w.touch(r, q)
		if merging {
			w.unite(r, q, w.questions[q.IntoID])
		}
	}
	w.line(r, nil, 0)
	for _, c := range todo {
		if c.After.State == StateQueued {
			w.line(r, w.questions[c.Question], int(c.After.Rank))
		}
	}
	r.changed = true
}
