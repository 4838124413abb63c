package qa

import (
	"slices"
	"time"

	"agora/app/audit"
)

func (w *world) ask(r *room, a *act) result {
	own := a.Source == SourceAudience
	if refused := w.mayAsk(r, a, own); refused.code != "" {
		return refused
	}
	q := &question{
		ID: a.newID, SessionID: r.SessionID, State: StateApproved, Text: a.Text, Name: a.Name, Source: a.Source,
		AskedAt: a.at, SpeakerID: a.Speaker,
	}
	out := result{id: q.ID}
	before := map[string]face(nil)
	if own {
		if q.Held = r.holds(q); q.Held != "" || r.Settings.Review == ReviewBefore {
			q.State = StateNew
		}
		out.secret = secretOf(r.Seal, a.viewer.Voter, a.Op)
		q.Owner, q.Asker = ownerOf(out.secret), a.askers[0]
		if a.Name != nil {
			q.Asker = a.askers[1]
		}
		if a.Name != nil && a.viewer.Person != "" {
			person := a.viewer.Person
			q.PersonID = &person
		}
		w.asked[q.Asker] = append(w.asked[q.Asker], a.at)
	} else {
		before = w.faces(r)
	}
	w.questions[q.ID] = q
	w.touch(r, q)
	r.changed = true
	if !own {
		out.undo = w.record(r, a, before, []string{q.ID})
	}
	return out
}

// mayAsk says why a question is not taken, if it is not.
func (w *world) mayAsk(r *room, a *act, own bool) result {
	switch {
	case r.State == RoomClosed:
		return result{code: CodeClosed}
	case !own && !slices.Contains(r.Settings.Sources, a.Source):
		return result{code: CodeBadAct}
	case a.Speaker != "" && !w.speakers[[2]string{r.SessionID, a.Speaker}]:
		return result{code: CodeSpeaker, args: []any{"field", "speaker"}}
	case !own:
		return result{}
	case r.State == RoomPaused:
		return result{code: CodePaused}
	case w.blocked(r, a):
		return result{code: CodeBlocked}
	case r.Settings.Names == NamesRequired && a.Name == nil:
		return result{code: CodeName, args: []any{"field", "name"}}
	}
	return w.tooSoon(r, a)
}

// tooSoon counts what the asker of a asked before it.
func (w *world) tooSoon(r *room, a *act) result {
	n, slow := 0, time.Duration(r.Settings.Slow)*time.Second
	for _, asker := range a.askers {
		for _, at := range w.asked[asker] {
			if at.After(a.at) {
				continue
			}
			if wait := at.Add(slow).Sub(a.at); wait > 0 {
				return result{code: CodeSlowMode, args: []any{"seconds", int((wait + time.Second - 1) / time.Second)}}
			}
			if at.After(a.at.Add(-AskWindow)) {
				n++
			}
		}
	}
	if n >= AskMax {
		return result{code: CodeSlowDown}
	}
	return result{}
}

// holds gives the words of a question that a filter stops at.
func (r *room) holds(q *question) string {
	if r.stopper == nil {
		r.stopper = newFilter(r.Settings)
	}
	said := q.Text
	if q.Name != nil {
		said += "\n" + *q.Name
	}
	return r.stopper.find(said)
}

// revise changes one's own question until it is taken. One that everybody saw goes
// back to the moderators where they look first, and its first text is kept for them:
// people voted for it.
func (w *world) revise(r *room, q *question, a *act) result {
	if a.Was != nil && *a.Was != q.Text {
		return result{code: CodeStale}
	}
	if q.Text == a.Text {
		return result{id: q.ID}
	}
	if q.State == StateApproved && q.Original == "" {
		q.Original = q.Text
	}
	q.Text = a.Text
	if q.Held = r.holds(q); q.State == StateApproved && (q.Held != "" || r.Settings.Review == ReviewBefore) {
		q.State, r.changed = StateNew, true
	}
	w.touch(r, q)
	return result{id: q.ID}
}

func (w *world) pause(r *room, a *act) result {
	wish := RoomOpen
	if a.Do == ActPause {
		wish = RoomPaused
	}
	switch r.State {
	case RoomClosed:
		return result{code: CodeClosed}
	case wish:
		return result{}
	}
	r.State, r.changed, r.touched = wish, true, true
	w.note(r, a, "room."+string(a.Do), r.SessionID, "")
	return result{}
}

// note puts an act into the log of organisers' acts.
func (w *world) note(r *room, a *act, name, subject, detail string) {
	w.noted = append(w.noted, audit.Entry{Person: a.viewer.By(), Edition: r.Edition, Act: name, Subject: subject, Detail: detail})
}
