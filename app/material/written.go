package material

import (
	"context"
	"fmt"
	"hash/fnv"

	"github.com/uptrace/bun"

	"agora/app/edition"
)

// Written counts a session's questions that were answered: in writing, which is
// material too, and on stage.
type Written struct{ Written, Stage int64 }

// answered is what Answered keeps.
type answered struct {
	by   map[string]Written
	mark string
}

// Answered counts by session the questions in the given states that have answers;
// states is asked only when they are read anew. mark changes when a figure does,
// for the key of a page. Both may be a second old.
func (s *Service) Answered(ctx context.Context, e edition.Edition, states func() []string) (by map[string]Written, mark string, err error) {
	a, err := s.answers.Get(ctx, e.ID, func(ctx context.Context) (answered, error) {
		var rows []struct {
			SessionID string
			Written   int64
			Stage     int64
		}
		err := s.db.Read.NewRaw(`SELECT q.session_id, count(CASE WHEN EXISTS (SELECT 1 FROM answer AS a WHERE a.question_id = q.id) THEN 1 END) AS written,
			count(q.answered_at) AS stage FROM question AS q JOIN session AS s ON s.id = q.session_id
			WHERE s.edition_id = ? AND q.state IN (?) GROUP BY q.session_id ORDER BY q.session_id`, e.ID, bun.List(states())).Scan(ctx, &rows)
		a, sum := answered{by: map[string]Written{}}, fnv.New64a()
		for _, r := range rows {
			if r.Written+r.Stage > 0 {
				a.by[r.SessionID] = Written{r.Written, r.Stage}
				fmt.Fprint(sum, r)
			}
		}
		a.mark = fmt.Sprintf("%x", sum.Sum64())
		return a, err
	})
	return a.by, a.mark, err
}
