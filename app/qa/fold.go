package qa

import (
	"encoding/json"
	"slices"
	"time"

	"agora/app/db"
)

// world is what a set knows: rows read from the database, changed in memory.
type world struct {
	rooms     map[string]*room
	questions map[string]*question
	votes     map[ballot]*cast
	asked     map[string][]time.Time // by the asker's mark
	stored    map[db.Key]db.Stored

	changed  []*question
	remember []db.Stored
}

// cast is a vote before the set and after it.
type cast struct{ was, is bool }

func newWorld() *world {
	return &world{
		rooms: map[string]*room{}, questions: map[string]*question{}, votes: map[ballot]*cast{},
		asked: map[string][]time.Time{}, stored: map[db.Key]db.Stored{},
	}
}

// fold carries out the acts one after the other. It is pure: the same world and
// acts give the same end, in one set or in many.
func fold(w *world, acts []act) []result {
	results := make([]result, len(acts))
	for i := range acts {
		results[i] = w.once(&acts[i])
	}
	return results
}

// once answers a repeated act from what was stored, and does a new one.
func (w *world) once(a *act) result {
	r := w.rooms[a.viewer.Room]
	if r == nil {
		return result{code: CodeNotFound}
	}
	if a.key.Zero() {
		return w.carry(r, a)
	}
	name := db.Key{Scope: a.key.Scope, Key: a.key.Key}
	if before, done := w.stored[name]; done {
		return a.again(r, before)
	}
	out := w.carry(r, a)
	if out.code == "" {
		row := a.toStore(out)
		w.stored[name] = row
		w.remember = append(w.remember, row)
	}
	return out
}

// answer is what is stored of an act: never the secret, which the room's seal and
// the op give again.
type answer struct {
	ID string `json:"id"`
}

func (a *act) toStore(out result) db.Stored {
	b, err := json.Marshal(answer{ID: out.id})
	if err != nil {
		panic("qa: an answer that cannot be written as JSON: " + err.Error())
	}
	return db.Stored{Scope: a.key.Scope, Key: a.key.Key, BodyHash: a.key.BodyHash, Answer: string(b), CreatedAt: a.at}
}

func (a *act) again(r *room, before db.Stored) result {
	var kept answer
	if before.BodyHash != a.key.BodyHash || json.Unmarshal([]byte(before.Answer), &kept) != nil {
		return result{code: CodeOpUsed}
	}
	out := result{id: kept.ID}
	if a.Do == ActAsk && a.Source == SourceAudience {
		out.secret = secretOf(r.Seal, a.viewer.Voter, a.Op)
	}
	return out
}

// carry does an act.
func (w *world) carry(r *room, a *act) result {
	switch a.Do {
	case ActAsk:
		return w.ask(r, a)
	case ActPause, ActResume:
		return w.pause(r, a)
	}
	q := w.questions[a.Question]
	if q == nil || q.SessionID != r.SessionID {
		return result{code: CodeNotFound}
	}
	if a.Do == ActVote {
		return w.vote(r, q, a)
	}
	if a.Do == ActWithdraw && !a.owns(q) {
		return result{code: CodeNotYours}
	}
	rule := rules[a.Do]
	if !rule.allows(q.State) {
		return result{code: CodeWrongState}
	}
	if a.Do == ActEdit {
		w.edit(r, q, a.Text)
	} else {
		w.move(r, q, rule.to, a)
	}
	return result{id: q.ID}
}

func (w *world) ask(r *room, a *act) result {
	own := a.Source == SourceAudience
	switch {
	case r.State == RoomClosed:
		return result{code: CodeClosed}
	case own && r.State == RoomPaused:
		return result{code: CodePaused}
	case own && w.askedBy(a) >= AskMax:
		return result{code: CodeSlowDown}
	}
	q := &question{
		ID: a.newID, SessionID: r.SessionID, State: StateApproved, Text: a.Text, Name: a.Name, Source: a.Source, AskedAt: a.at,
	}
	out := result{id: q.ID}
	if own {
		q.State = StateNew
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
	}
	w.questions[q.ID] = q
	w.touch(r, q)
	r.changed = true
	return out
}

// askedBy counts what the asker of a asked within the window before it.
func (w *world) askedBy(a *act) int {
	n := 0
	for _, asker := range a.askers {
		for _, at := range w.asked[asker] {
			if at.After(a.at.Add(-AskWindow)) && !at.After(a.at) {
				n++
			}
		}
	}
	return n
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
	return result{}
}

// vote makes the vote what the act says. One that is so already is confirmed
// whatever the question's state, as it may be the repeat of an act whose answer
// was lost.
func (w *world) vote(r *room, q *question, a *act) result {
	if r.State == RoomClosed {
		return result{code: CodeClosed}
	}
	b := ballot{QuestionID: q.ID, Voter: a.voter, SessionID: r.SessionID}
	c := w.votes[b]
	if c == nil {
		c = &cast{}
	}
	if c.is == *a.On {
		return result{id: q.ID}
	}
	if !rules[ActVote].allows(q.State) {
		return result{code: CodeWrongState}
	}
	w.votes[b] = c
	c.is = *a.On
	if c.is {
		q.Votes++
	} else {
		q.Votes--
	}
	w.touch(r, q)
	return result{id: q.ID}
}

// owns reports whether the actor showed the question's secret, or is the person
// who asked it by name.
func (a *act) owns(q *question) bool {
	if q.PersonID != nil && *q.PersonID == a.viewer.Person {
		return true
	}
	return q.Owner != "" && q.Owner == ownerOf(a.Secret)
}

// touch has a question written with the room's new version.
func (w *world) touch(r *room, q *question) {
	q.Version, r.touched = r.Version, true
	if !slices.Contains(w.changed, q) {
		w.changed = append(w.changed, q)
	}
}
