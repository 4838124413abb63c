package poll

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"agora/app/qa"
)

// finishTime bounds the work of a timer.
const finishTime = 10 * time.Second

// later has what closes closed when its time has come. A process that dies before is
// stood in for by the job that calls Finish.
func (s *Service) later(in time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.timers == nil {
		return
	}
	var t *time.Timer
	t = time.AfterFunc(in, func() {
		s.mu.Lock()
		stopped := s.timers == nil
		delete(s.timers, t)
		s.mu.Unlock()
		if stopped {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), finishTime)
		defer cancel()
		_, _ = s.Finish(ctx) // the job tries again
	})
	s.timers[t] = true
}

// Finish closes the polls whose time is over, and those of rooms that are closed. It
// gives how many.
func (s *Service) Finish(ctx context.Context) (int, error) {
	now := s.now().UTC().Truncate(time.Microsecond)
	var due []string
	err := s.db.Read.NewRaw(`SELECT DISTINCT p.session_id FROM poll AS p JOIN live_room AS r ON r.session_id = p.session_id
		WHERE p.state = ? AND p.closes_at <= ? OR p.state IN (?, ?) AND r.state = ? ORDER BY p.session_id`,
		StateClosing, now, StateOpen, StateClosing, qa.RoomClosed).Scan(ctx, &due)
	if err != nil {
		return 0, fmt.Errorf("looking for polls to close: %w", err)
	}
	n := 0
	for _, session := range due {
		closed, version, err := s.finishIn(ctx, session, now)
		if err != nil {
			return n, err
		}
		s.rooms.Passed(session, version)
		news := qa.News{}
		news.Add(session, version, true)
		news.Announce(s.announce)
		n += closed
	}
	return n, nil
}

func (s *Service) finishIn(ctx context.Context, session string, now time.Time) (closed int, version int64, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		r, err := s.rooms.Lock(ctx, tx, session)
		if err != nil {
			return err
		}
		version = r.Version()
		res, err := tx.NewRaw(`UPDATE poll SET state = ?, version = ?, closes_at = COALESCE(closes_at, ?)
			WHERE session_id = ? AND (state = ? AND closes_at <= ? OR state IN (?, ?) AND ?)`,
			StateClosed, version, now, session, StateClosing, now, StateOpen, StateClosing, r.State() == qa.RoomClosed).Exec(ctx)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		closed = int(n)
		return err
	})
	return closed, version, err
}
