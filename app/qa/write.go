package qa

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/db"
)

// write stores what the fold changed, each kind with one statement.
func (w *world) write(ctx context.Context, tx bun.IDB) error {
	if err := writeQuestions(ctx, tx, w.changed); err != nil {
		return err
	}
	for _, write := range []func(context.Context, bun.IDB) error{w.writeBallots, w.writeBlocks, w.writeMessages, w.writeEdits} {
		if err := write(ctx, tx); err != nil {
			return err
		}
	}
	if err := db.Remember(ctx, tx, w.remember); err != nil {
		return err
	}
	if err := audit.Write(ctx, tx, w.at, w.noted...); err != nil {
		return err
	}
	for _, r := range w.rooms {
		if !r.changed {
			continue
		}
		if err := writeRoom(ctx, tx, r); err != nil {
			return err
		}
	}
	return nil
}

// writeRoom marks that what the room shows changed with this version.
func writeRoom(ctx context.Context, tx bun.IDB, r *room) error {
	_, err := tx.NewRaw(`UPDATE live_room SET changed = version, state = ?, room_key = ?, epoch = ? WHERE session_id = ?`,
		r.State, r.Key, r.Epoch, r.SessionID).Exec(ctx)
	return err
}

// writeQuestions inserts new rows and replaces changed ones in one statement; an
// UPDATE of many rows would have to name every column's type twice.
func writeQuestions(ctx context.Context, tx bun.IDB, rows []*question) error {
	if len(rows) == 0 {
		return nil
	}
	// What leaves the stage goes first: the database allows one there.
	slices.SortStableFunc(rows, func(a, b *question) int { return onStage(a) - onStage(b) })
	q := tx.NewInsert().Model(&rows).On("CONFLICT (id) DO UPDATE")
	for _, column := range []string{
		"version", "state", "text", "original", "name", "person_id", "owner", "asker",
		"votes", "rank", "reason", "now_at", "answered_at",
		"speaker_id", "labels", "held", "into_id", "back_to", "unvoted", "tell_at",
	} {
		q = q.Set("? = EXCLUDED.?", bun.Ident(column), bun.Ident(column))
	}
	_, err := q.Exec(ctx)
	return err
}

func onStage(q *question) int {
	if q.State == StateNow {
		return 1
	}
	return 0
}

// writeBallots stores only what differs after the set: who voted and took it
// back within it leaves nothing.
func (w *world) writeBallots(ctx context.Context, tx bun.IDB) error {
	var put []ballot
	var drop []bun.TupleValues
	w.votes.each(func(k ballotKey, c *cast) {
		switch {
		case c.is && (!c.was || c.via != c.wasVia):
			put = append(put, ballot{
				QuestionID: k.question, Voter: k.voter, SessionID: c.session, Via: c.via, Version: w.rooms[c.session].Version,
			})
		case c.was && !c.is:
			drop = append(drop, bun.Tuple([]string{k.question, k.voter}))
		}
	})
	if len(put) > 0 {
		_, err := tx.NewInsert().Model(&put).On("CONFLICT (question_id, voter) DO UPDATE").
			Set("via = EXCLUDED.via").Set("version = EXCLUDED.version").Exec(ctx)
		if err != nil {
			return err
		}
	}
	if len(drop) == 0 {
		return nil
	}
	_, err := tx.NewDelete().Model((*ballot)(nil)).
		Where("(question_id, voter) IN (VALUES ?)", bun.List(drop)).Exec(ctx)
	return err
}
