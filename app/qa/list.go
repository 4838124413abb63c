package qa

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"
)

// Questions gives what the public sees of a session's questions, for its page:
// first what was or will be answered, as it came on stage; then the rest, the
// most wanted first. A session without a room has none.
func (s *Service) Questions(ctx context.Context, sessionID string) ([]Question, error) {
	found, err := s.Seen(ctx, sessionID, Audience)
	if err != nil {
		return nil, err
	}
	inOrder(found)
	return found, nil
}

// inOrder sorts for reading.
func inOrder(found []Question) {
	slices.SortStableFunc(found, func(a, b Question) int {
		if settled(a) != settled(b) {
			return cmp.Compare(settled(b), settled(a))
		}
		if settled(a) == 1 {
			return taken(a).Compare(taken(b))
		}
		return cmp.Compare(b.Votes, a.Votes)
	})
}

func settled(q Question) int {
	if q.State == StateAnswered || q.State == StateLater {
		return 1
	}
	return 0
}

// taken is when a question had its turn, or when it was asked if it had none.
func taken(q Question) time.Time {
	switch {
	case q.NowAt != nil:
		return *q.NowAt
	case q.AnsweredAt != nil:
		return *q.AnsweredAt
	}
	return q.At
}

// StageTime is when the answer on stage began, which is where a recording is opened;
// nil when there was none.
func StageTime(taken, done *time.Time) *time.Time {
	if taken == nil || done == nil {
		return done
	}
	return taken
}

// Seen gives the questions a view sees, in the order they were asked, for pages
// that are drawn without a script.
func (s *Service) Seen(ctx context.Context, sessionID string, v View) ([]Question, error) {
	if v >= Views {
		return nil, nil
	}
	rows, answers, err := readQuestions(ctx, s.db.Read, sessionID, "state IN (?)", bun.List(shown[v]))
	if err != nil {
		return nil, err
	}
	found := make([]Question, len(rows))
	for i, q := range rows {
		found[i] = q.full(answers[q.ID]).as(v)
	}
	return found, nil
}
