package program

import (
	"context"
	"errors"
	"sync"
	"time"
)

const (
	// maxShelved bounds the programmes in memory; the largest known takes about 4 MB.
	maxShelved = 16
	// readTime bounds one reading, which goes on when whoever asked first leaves.
	readTime = 10 * time.Second
)

var errReading = errors.New("reading the programme broke off")

// shelf keeps built programmes by edition and revision. However many ask at
// once, one of them reads and the others wait for it.
type shelf struct {
	mu    sync.Mutex
	kept  map[string]*shelved
	clock int64
}

type shelved struct {
	revision int64
	used     int64
	done     chan struct{} // closed once programme or err is there
	p        *Programme
	err      error
}

func newShelf() *shelf { return &shelf{kept: map[string]*shelved{}} }

func (s *shelf) get(ctx context.Context, id string, revision int64, read func(context.Context) (*Programme, error)) (*Programme, error) {
	k, mine := s.find(id, revision)
	if mine {
		s.fill(ctx, id, k, read)
	}
	select {
	case <-k.done:
		return k.p, k.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// find gives what is kept of this revision or a newer one; mine says that the
// caller must fill it.
func (s *shelf) find(id string, revision int64) (k *shelved, mine bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock++
	if k = s.kept[id]; k != nil && k.revision >= revision {
		k.used = s.clock
		return k, false
	}
	if len(s.kept) >= maxShelved && s.kept[id] == nil {
		s.dropOldest()
	}
	k = &shelved{revision: revision, used: s.clock, done: make(chan struct{})}
	s.kept[id] = k
	return k, true
}

func (s *shelf) dropOldest() {
	var oldest string
	for id, k := range s.kept {
		if oldest == "" || k.used < s.kept[oldest].used {
			oldest = id
		}
	}
	delete(s.kept, oldest)
}

// fill reads the programme. Failures are not kept, even when read panics.
func (s *shelf) fill(ctx context.Context, id string, k *shelved, read func(context.Context) (*Programme, error)) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readTime)
	k.err = errReading
	defer func() {
		cancel()
		if k.err != nil {
			s.mu.Lock()
			if s.kept[id] == k {
				delete(s.kept, id)
			}
			s.mu.Unlock()
		}
		close(k.done)
	}()
	k.p, k.err = read(ctx)
}
