package db_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"agora/app/db"
)

// shelf is a Recent with a clock of its own and a database that can be harmed.
type shelf struct {
	t      *testing.T
	recent *db.Recent[string, int]
	at     atomic.Int64
	reads  atomic.Int64
	value  atomic.Int64
	err    error
	hang   atomic.Pointer[chan struct{}]
}

var errGone = errors.New("no such thing")

func newShelf(t *testing.T) *shelf {
	s := &shelf{t: t}
	s.recent = db.NewRecent[string, int](func() time.Time { return time.Unix(s.at.Load(), 0) }, time.Second, 3)
	s.value.Store(1)
	return s
}

func (s *shelf) read(ctx context.Context) (int, error) {
	s.reads.Add(1)
	value := int(s.value.Load())
	if hang := s.hang.Load(); hang != nil {
		select {
		case <-*hang:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
	return value, s.err
}

func (s *shelf) want(value int, err error, reads int64) {
	s.t.Helper()
	got, gotErr := s.recent.Get(s.t.Context(), "a", s.read)
	if got != value && err == nil || !errors.Is(gotErr, err) || s.reads.Load() != reads {
		s.t.Errorf("%d, %v after %d readings; want %d, %v after %d", got, gotErr, s.reads.Load(), value, err, reads)
	}
}

func TestRecentReadsAgainInTimeAndAfterAChange(t *testing.T) {
	s := newShelf(t)
	s.want(1, nil, 1)
	s.value.Store(2)
	s.want(1, nil, 1)
	s.at.Add(1)
	s.want(2, nil, 2)
	s.value.Store(3)
	s.recent.Forget()
	s.want(3, nil, 3)
}

// What is known goes on being given while the database is away, one attempt a
// second; other errors are told, and what is gone is gone.
func TestRecentKeepsWhatIsKnown(t *testing.T) {
	s := newShelf(t)
	s.err = context.DeadlineExceeded
	s.want(0, context.DeadlineExceeded, 1)
	s.err = nil
	s.want(1, nil, 2)
	s.recent.Forget()
	s.err = context.DeadlineExceeded
	s.value.Store(2)
	s.want(1, nil, 3)
	s.want(1, nil, 3)
	s.at.Add(1)
	s.want(1, nil, 4)
	s.err = nil
	s.at.Add(1)
	s.want(2, nil, 5)
	s.err = errGone
	s.at.Add(1)
	s.want(0, errGone, 6)
	s.err = context.DeadlineExceeded
	s.want(0, context.DeadlineExceeded, 7)
}

// A database that hangs keeps nobody waiting who can be shown something, and
// is asked once, however many ask.
func TestRecentDoesNotHang(t *testing.T) {
	s := newShelf(t)
	s.want(1, nil, 1)
	s.at.Add(1)
	hang := make(chan struct{})
	s.hang.Store(&hang)
	s.value.Store(2)
	for range 3 {
		s.want(1, nil, 2)
	}
	s.hang.Store(nil)
	s.value.Store(3)
	s.recent.Forget() // the reading under way may be older than the change
	s.want(3, nil, 3)
	close(hang)
	s.want(3, nil, 3)
}

func TestRecentIsReadOnceForMany(t *testing.T) {
	s := newShelf(t)
	hang := make(chan struct{})
	s.hang.Store(&hang)
	var all sync.WaitGroup
	leaving, leave := context.WithCancel(t.Context())
	all.Go(func() {
		if _, err := s.recent.Get(leaving, "a", s.read); !errors.Is(err, context.Canceled) {
			t.Errorf("who left first: %v", err)
		}
	})
	for s.reads.Load() == 0 {
		if t.Context().Err() != nil {
			t.Fatal("never read")
		}
	}
	leave()
	all.Wait()
	for range 8 {
		all.Go(func() {
			if got, err := s.recent.Get(t.Context(), "a", s.read); got != 1 || err != nil {
				t.Errorf("%d %v", got, err)
			}
		})
	}
	close(hang)
	all.Wait()
	s.want(1, nil, 1)
}

func TestRecentSurvivesAPanic(t *testing.T) {
	s := newShelf(t)
	_, err := s.recent.Get(t.Context(), "a", func(context.Context) (int, error) { panic("oh no") })
	if err == nil || !strings.Contains(err.Error(), "oh no") {
		t.Errorf("%v", err)
	}
	s.want(1, nil, 1)
}
