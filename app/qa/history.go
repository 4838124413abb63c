package qa

import (
	"cmp"
	"context"
	"database/sql/driver"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
)

// edit is a row of live_edit: one act of a moderator, with the questions it touched
// before and after.
type edit struct {
	bun.BaseModel `bun:"table:live_edit"`

	ID        string `bun:",pk"`
	SessionID string
	Seq       int64 // counts within the room
	Actor     string
	Act       Act
	Changes   changes
	Undone    bool
	CreatedAt time.Time

	stored  bool // it is in the database already
	flipped bool // undone or redone in this set
}

// change is one question in an edit. Without a face before, the edit made it.
type change struct {
	Question string `json:"q"`
	Before   *face  `json:"b,omitempty"`
	After    face   `json:"a"`
}

// into is what the question was merged into before or after, if it was.
func (c change) into() string {
	if c.Before != nil && c.Before.Into != "" {
		return c.Before.Into
	}
	return c.After.Into
}

type changes []change

// Value stores the changes as JSON.
func (x changes) Value() (driver.Value, error) { return db.ValueJSON(x) }

// Scan reads what Value stored.
func (x *changes) Scan(src any) error {
	*x = nil
	return db.ScanJSON(src, x)
}

// face is what moderators make of a question; two are the same when they are equal.
// Times are in microseconds, 0 for none.
type face struct {
	State    State  `json:"s"`
	Text     string `json:"t"`
	Original string `json:"o,omitempty"`
	Reason   string `json:"r,omitempty"`
	Labels   string `json:"l,omitempty"`
	Speaker  string `json:"sp,omitempty"`
	Held     string `json:"h,omitempty"`
	Into     string `json:"in,omitempty"`
	BackTo   State  `json:"bt,omitempty"`
	Rank     int64  `json:"k,omitempty"`
	Now      int64  `json:"n,omitempty"`
	Answered int64  `json:"an,omitempty"`
	Tell     int64  `json:"tl,omitempty"`
}

func (q *question) face() face {
	labels, _ := q.Labels.Value() // texts always encode
	f := face{
		State: q.State, Text: q.Text, Original: q.Original, Reason: q.Reason, Speaker: q.SpeakerID, Held: q.Held,
		Into: q.IntoID, BackTo: q.BackTo, Rank: q.Rank, Now: micro(q.NowAt), Answered: micro(q.AnsweredAt), Tell: micro(q.TellAt),
	}
	f.Labels, _ = labels.(string)
	return f
}

func (q *question) wear(f face) {
	q.State, q.Text, q.Original, q.Reason, q.SpeakerID, q.Held = f.State, f.Text, f.Original, f.Reason, f.Speaker, f.Held
	q.IntoID, q.BackTo, q.Rank = f.Into, f.BackTo, f.Rank
	q.NowAt, q.AnsweredAt, q.TellAt = moment(f.Now), moment(f.Answered), moment(f.Tell)
	_ = q.Labels.Scan(f.Labels) // was written by Value
}

func micro(t *time.Time) int64 {
	if t == nil {
		return 0
	}
	return t.UnixMicro()
}

func moment(micro int64) *time.Time {
	if micro == 0 {
		return nil
	}
	t := time.UnixMicro(micro).UTC()
	return &t
}

// unranked leaves out the place in the queue and the moment from which people are
// told: others' moves shift the one, a letter that left empties the other.
func (f face) unranked() face {
	f.Rank, f.Tell = 0, 0
	return f
}

// faces are those of all questions of a room that the set knows.
func (w *world) faces(r *room) map[string]face {
	found := make(map[string]face, len(w.questions))
	for id, q := range w.questions {
		if q.SessionID == r.SessionID {
			found[id] = q.face()
		}
	}
	return found
}

// record keeps what an act did, so that it can be undone, and logs it. about are
// the questions it was done to: a place in the queue that others lost or gained by
// it is no change of theirs.
func (w *world) record(r *room, a *act, before map[string]face, about []string) (undo *Undo) {
	e := &edit{ID: a.newID, SessionID: r.SessionID, Actor: a.actor, Act: a.Do, CreatedAt: a.at}
	for id, q := range w.questions {
		if q.SessionID != r.SessionID {
			continue
		}
		was, known := before[id]
		now := q.face()
		switch {
		case !known:
			e.Changes = append(e.Changes, change{Question: id, After: now})
		case was != now && (was.unranked() != now.unranked() || slices.Contains(about, id)):
			e.Changes = append(e.Changes, change{Question: id, Before: &was, After: now})
		}
	}
	if len(e.Changes) == 0 {
		return nil
	}
	slices.SortFunc(e.Changes, func(a, b change) int { return cmp.Compare(a.Question, b.Question) })
	for _, c := range e.Changes {
		detail := string(c.After.State)
		if c.Before != nil && c.Before.State != c.After.State {
			detail = string(c.Before.State) + " → " + detail
		}
		w.note(r, a, "question."+string(a.Do), c.Question, detail)
	}
	e.Seq = r.Version<<12 + r.edits // a set has fewer acts than that
	r.edits++
	w.edits[r.SessionID] = append(w.forget(r, a.actor), e)
	return &Undo{Undo: a.Do}
}

// forget drops what the actor undid before doing something new: it cannot be done
// again after that.
func (w *world) forget(r *room, actor string) []*edit {
	w.ahead[[2]string{r.SessionID, actor}] = true
	return slices.DeleteFunc(w.edits[r.SessionID], func(e *edit) bool {
		gone := e.Actor == actor && e.Undone
		if gone && e.stored {
			w.dropped = append(w.dropped, e.ID)
		}
		return gone
	})
}

// newestEdits reads what undo looks back over, the oldest first.
func newestEdits(ctx context.Context, idb bun.IDB, session string) ([]*edit, error) {
	var list []*edit
	err := idb.NewSelect().Model(&list).Where("session_id = ?", session).Order("seq DESC").Limit(UndoMax).Scan(ctx)
	for _, e := range list {
		e.stored = true
	}
	slices.Reverse(list)
	return list, err
}

func (w *world) writeEdits(ctx context.Context, tx bun.IDB) error {
	var made []*edit
	flipped := map[bool][]string{}
	for _, list := range w.edits {
		for _, e := range list {
			switch {
			case !e.stored:
				made = append(made, e)
			case e.flipped:
				flipped[e.Undone] = append(flipped[e.Undone], e.ID)
			}
		}
	}
	if err := w.dropEdits(ctx, tx, slices.Concat(flipped[false], flipped[true])); err != nil {
		return err
	}
	for undone, ids := range flipped {
		if _, err := tx.NewRaw(`UPDATE live_edit SET undone = ? WHERE id IN (?)`, undone, bun.List(ids)).Exec(ctx); err != nil {
			return err
		}
	}
	if len(made) == 0 {
		return nil
	}
	_, err := tx.NewInsert().Model(&made).Exec(ctx)
	return err
}

// dropEdits deletes what cannot be done again, as its actor has done something new.
// What the set itself undid or did again says where it stands in memory.
func (w *world) dropEdits(ctx context.Context, tx bun.IDB, known []string) error {
	if len(w.ahead) == 0 {
		return nil
	}
	actors := make([]bun.TupleValues, 0, len(w.ahead))
	for who := range w.ahead {
		actors = append(actors, bun.Tuple(who[:]))
	}
	_, err := tx.NewRaw(`DELETE FROM live_edit WHERE id IN (?) OR undone AND (session_id, actor) IN (VALUES ?) AND id NOT IN (?)`,
		bun.List(w.dropped), bun.List(actors), bun.List(append(known, ""))).Exec(ctx)
	return err
}
