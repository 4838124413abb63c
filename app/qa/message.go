package qa

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"
)

// messageRow is a row of live_message.
type messageRow struct {
	bun.BaseModel `bun:"table:live_message"`

	ID        string `bun:",pk"`
	SessionID string
	Text      string
	SentAt    time.Time
	SeenAt    *time.Time
	Ended     bool

	changed bool
}

func (m *messageRow) message() Message {
	return Message{ID: m.ID, Text: m.Text, At: second(&m.SentAt).UTC(), SeenAt: second(m.SeenAt)}
}

// message sends a word to the stage, takes one away, or notes that the stage has
// seen it. The oldest makes room when there are too many.
func (w *world) message(r *room, a *act) result {
	if a.Do == ActTell {
		m := &messageRow{ID: a.newID, SessionID: r.SessionID, Text: a.Text, SentAt: a.at, changed: true}
		w.messages[m.ID] = m
		standing := w.standing(r)
		for len(standing) > MessagesMax {
			standing[0].Ended, standing[0].changed = true, true
			standing = standing[1:]
		}
		w.told(r)
		w.note(r, a, "room.tell", m.ID, "")
		return result{id: m.ID}
	}
	m := w.messages[a.Message]
	if m == nil || m.SessionID != r.SessionID {
		return result{code: CodeNotFound}
	}
	switch {
	case a.Do == ActUntell && !m.Ended:
		m.Ended, m.changed = true, true
		w.told(r)
	case a.Do == ActSeen && m.SeenAt == nil:
		m.SeenAt, m.changed = &a.at, true
		w.told(r)
	}
	return result{id: m.ID}
}

// told has the room shown again at once: the host looks at the screen now.
func (w *world) told(r *room) { r.changed, r.touched, r.urgent = true, true, true }

// standing are the messages that were not taken away, the oldest first.
func (w *world) standing(r *room) (list []*messageRow) {
	for _, m := range w.messages {
		if m.SessionID == r.SessionID && !m.Ended {
			list = append(list, m)
		}
	}
	slices.SortFunc(list, func(a, b *messageRow) int {
		return cmp.Or(a.SentAt.Compare(b.SentAt), cmp.Compare(a.ID, b.ID))
	})
	return list
}

func (w *world) readMessages(ctx context.Context, tx bun.IDB, n *needs) error {
	if len(n.messages) == 0 {
		return nil
	}
	var rows []*messageRow
	err := tx.NewSelect().Model(&rows).Where("session_id IN (?)", bun.List(n.messages)).
		WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Where("NOT ended").WhereOr("id IN (?)", bun.List(n.named))
		}).Scan(ctx)
	for _, m := range rows {
		w.messages[m.ID] = m
	}
	return err
}

func (w *world) writeMessages(ctx context.Context, tx bun.IDB) error {
	var rows []*messageRow
	for _, m := range w.messages {
		if m.changed {
			rows = append(rows, m)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	_, err := tx.NewInsert().Model(&rows).On("CONFLICT (id) DO UPDATE").
		Set("seen_at = EXCLUDED.seen_at").Set("ended = EXCLUDED.ended").Exec(ctx)
	return err
}
