package qa

import (
	"cmp"
	"slices"
	"time"
)

// edit changes the text and keeps the one that was asked.
func (w *world) edit(r *room, q *question, text string) {
	if q.Text == text {
		return
	}
	if q.Original == "" {
		q.Original = q.Text
	}
	q.Text, q.Held = text, ""
	w.touch(r, q)
}

// move puts a question into a state. Only one is answered at a time: the one
// before it counts as answered, because pressing "next" on stage is how a host
// ends an answer (restore takes that back).
func (w *world) move(r *room, q *question, to State, a *act) {
	if to == StateNow {
		if before := w.current(r); before != nil {
			w.put(r, before, StateAnswered, a.at)
		}
	}
	queued := q.State == StateQueued
	w.put(r, q, to, a.at)
	if to == StateRejected {
		q.Reason = a.Reason
	}
	if to == StateQueued {
		w.line(r, q, a.Position)
	} else if queued {
		w.line(r, nil, 0)
	}
}

// put sets the state and what hangs on it: the times tell when a question was
// taken on stage and when it was done, so they end when it is taken back.
func (w *world) put(r *room, q *question, to State, at time.Time) {
	r.urgent = r.urgent || q.State == StateNow || to == StateNow
	q.State, q.Rank, q.Reason, q.TellAt = to, 0, "", nil
	switch to {
	case StateNow:
		q.NowAt, q.AnsweredAt = &at, nil
	case StateAnswered:
		q.AnsweredAt = &at
		q.tellFrom(at)
	case StateArchived:
	default:
		q.NowAt, q.AnsweredAt = nil, nil
	}
	r.changed = true
	w.touch(r, q)
}

// current is the question that is being answered.
func (w *world) current(r *room) *question {
	for _, q := range w.questions {
		if q.SessionID == r.SessionID && q.State == StateNow {
			return q
		}
	}
	return nil
}

// line numbers the queue from 1 with q at the position; 0 or one beyond the end
// is last. Without q it closes the gap that a question left.
func (w *world) line(r *room, q *question, position int) {
	var queue []*question
	for _, other := range w.questions {
		if other.SessionID == r.SessionID && other.State == StateQueued && other != q {
			queue = append(queue, other)
		}
	}
	slices.SortFunc(queue, func(a, b *question) int {
		return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.ID, b.ID))
	})
	if q != nil {
		if position < 1 || position > len(queue) {
			position = len(queue) + 1
		}
		queue = slices.Insert(queue, position-1, q)
	}
	for i, other := range queue {
		if rank := int64(i + 1); other.Rank != rank {
			other.Rank = rank
			w.touch(r, other)
		}
	}
}
