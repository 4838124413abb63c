package qa

import (
	"context"
	"time"

	"github.com/uptrace/bun"
)

// block is a row of live_block.
type block struct {
	bun.BaseModel `bun:"table:live_block"`

	SessionID  string
	Asker      string
	QuestionID string
	CreatedAt  time.Time
}

// blockKey names a block by the room and the asker's mark.
type blockKey struct{ session, asker string }

// blocking is a block before the set and after it.
type blocking struct {
	block
	was, is bool
}

// block keeps whoever asked a question from asking again in this room, or lets
// them. The mark tells nobody who that is, and goes with the room's key. What
// nobody asked here has none.
func (w *world) block(r *room, q *question, a *act) result {
	if q.Asker == "" {
		return result{code: CodeWrongState}
	}
	key := blockKey{r.SessionID, q.Asker}
	b := w.blocks[key]
	if b == nil {
		b = &blocking{}
		w.blocks[key] = b
	}
	wish := a.Do == ActBlock
	if b.is == wish {
		return result{id: q.ID}
	}
	b.is = wish
	if wish {
		b.block = block{SessionID: r.SessionID, Asker: q.Asker, QuestionID: q.ID, CreatedAt: a.at}
	}
	r.changed, r.touched = true, true
	w.note(r, a, "question."+string(a.Do), q.ID, "")
	return result{id: q.ID}
}

// blocked reports whether the asker is kept out under either mark: who is blocked
// for a question without a name cannot ask with one, and the other way round. Only
// whoever asks shows both.
func (w *world) blocked(r *room, a *act) bool {
	for _, asker := range a.askers {
		if b := w.blocks[blockKey{r.SessionID, asker}]; b != nil && b.is {
			return true
		}
	}
	return false
}

func (w *world) writeBlocks(ctx context.Context, tx bun.IDB) error {
	var put []block
	var drop []bun.TupleValues
	for key, b := range w.blocks {
		switch {
		case b.is && !b.was:
			put = append(put, b.block)
		case b.was && !b.is:
			drop = append(drop, bun.Tuple([]string{key.session, key.asker}))
		}
	}
	if len(put) > 0 {
		if _, err := tx.NewInsert().Model(&put).Exec(ctx); err != nil {
			return err
		}
	}
	if len(drop) == 0 {
		return nil
	}
	_, err := tx.NewDelete().Model((*block)(nil)).Where("(session_id, asker) IN (VALUES ?)", bun.List(drop)).Exec(ctx)
	return err
}
