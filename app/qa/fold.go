package qa

import (
	"encoding/json"
	"slices"
	"time"

	"agora/app/audit"
	"agora/app/db"
)

// world is what a set knows: rows read from the database, changed in memory.
type world struct {
	rooms     map[string]*room
	questions map[string]*question
	votes     votes
	asked     map[string][]time.Time // by the asker's mark
	blocks    map[blockKey]*blocking
	messages  map[string]*messageRow
	speakers  map[[2]string]bool // session and speaker
	edits     map[string][]*edit // of a room, the oldest first
	ahead     map[[2]string]bool // rooms and actors who did something new
	dropped   []string           // edits that cannot be done again
	stored    map[db.Key]db.Stored

	changed  []*question
	remember []db.Stored
	noted    []audit.Entry
	at       time.Time // of the newest act
}

func newWorld() *world {
	return &world{
		rooms: map[string]*room{}, questions: map[string]*question{}, votes: votes{}, asked: map[string][]time.Time{},
		blocks: map[blockKey]*blocking{}, messages: map[string]*messageRow{}, speakers: map[[2]string]bool{},
		edits: map[string][]*edit{}, ahead: map[[2]string]bool{}, stored: map[db.Key]db.Stored{},
	}
}

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
	ID   string   `json:"id"`
	Done []string `json:"done,omitempty"`
	Left []string `json:"left,omitempty"`
}

func (a *act) toStore(out result) db.Stored {
	b, err := json.Marshal(answer{ID: out.id, Done: out.done, Left: out.left})
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
	out := result{id: kept.ID, done: kept.Done, left: kept.Left}
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
	case ActTell, ActUntell, ActSeen:
		return w.message(r, a)
	case ActUndo, ActRedo:
		return w.takeBack(r, a)
	case ActVote, ActWithdraw, ActRevise, ActBlock, ActUnblock:
		return w.one(r, a)
	}
	before := w.faces(r)
	out := w.moderate(r, a)
	if out.code == "" {
		out.undo = w.record(r, a, before, append([]string{out.id, a.newID}, out.done...))
	}
	return out
}

// find gives a question of the room.
func (w *world) find(r *room, id string) *question {
	if q := w.questions[id]; q != nil && q.SessionID == r.SessionID {
		return q
	}
	return nil
}

// one does an act that is about one question and is in no moderator's history.
func (w *world) one(r *room, a *act) result {
	q := w.find(r, a.Question)
	switch {
	case q == nil:
		return result{code: CodeNotFound}
	case a.Do == ActVote:
		return w.vote(r, q, a)
	case a.Do == ActBlock || a.Do == ActUnblock:
		return w.block(r, q, a)
	case !a.owns(q):
		return result{code: CodeNotYours}
	case !rules[a.Do].allows(q.State):
		return result{code: CodeWrongState}
	case a.Do == ActRevise:
		return w.revise(r, q, a)
	}
	w.move(r, q, StateWithdrawn, a)
	return result{id: q.ID}
}

// moderate does an act of a moderator to one question or to many. Of many, those
// whose state does not allow it are left as they are.
func (w *world) moderate(r *room, a *act) result {
	if a.Do == ActMerge {
		return w.merge(r, a)
	}
	if len(a.Questions) == 0 {
		q := w.find(r, a.Question)
		if q == nil {
			return result{code: CodeNotFound}
		}
		return w.treat(r, q, a)
	}
	out := result{done: []string{}, left: []string{}}
	for _, id := range a.Questions {
		q := w.find(r, id)
		if q == nil || slices.Contains(out.done, id) {
			continue
		}
		switch one := w.treat(r, q, a); one.code {
		case "":
			out.done = append(out.done, id)
		case CodeWrongState:
			out.left = append(out.left, id)
		default:
			return one
		}
	}
	switch {
	case len(out.done) > 0:
		return out
	case len(out.left) > 0:
		return result{code: CodeWrongState}
	}
	return result{code: CodeNotFound}
}

// treat does an act of a moderator to one question.
func (w *world) treat(r *room, q *question, a *act) result {
	rule := rules[a.Do]
	if !rule.allows(q.State) {
		return result{code: CodeWrongState}
	}
	if a.Was != nil && *a.Was != q.Text {
		return result{code: CodeStale}
	}
	switch a.Do {
	case ActEdit:
		w.edit(r, q, a.Text)
	case ActSplit:
		return w.split(r, q, a)
	case ActUnmerge:
		return w.unmerge(r, q, a.at)
	case ActLabel:
		return w.label(r, q, a)
	case ActAddress:
		return w.address(r, q, a)
	default:
		w.move(r, q, rule.to, a)
	}
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
