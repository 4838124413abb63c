package db

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"
)

const (
	// hurry is how long a reader waits for news while there is something older
	// to show: a database that is well answers in a fraction of it.
	hurry = 250 * time.Millisecond
	// newsTime bounds one reading, which all readers of a value share: a database
	// that hangs holds one connection for each value, not one for each visitor.
	newsTime = 3 * time.Second
)

// Recent keeps what many read and few change. A value is read again when it is
// older than the given time or was forgotten; while the database does not
// answer, the last one known is given, so that public pages stay readable.
type Recent[K comparable, V any] struct {
	now   func() time.Time
	fresh time.Duration
	most  int

	mu   sync.RWMutex
	turn int // raised by Forget
	kept map[K]*recent[V]
}

// recent is one value and the reading that is under way for it, if any.
type recent[V any] struct {
	value  V
	known  bool
	turn   int // at which the value was asked for
	until  time.Time
	flight *flight[V]
}

// flight is one reading; done is closed when value and err are there.
type flight[V any] struct {
	turn  int
	late  <-chan struct{} // closed when nobody with an older value waits any more
	done  chan struct{}
	value V
	err   error
}

// NewRecent keeps at most that many values, each fresh for that long.
func NewRecent[K comparable, V any](now func() time.Time, fresh time.Duration, most int) *Recent[K, V] {
	return &Recent[K, V]{now: now, fresh: fresh, most: most, kept: map[K]*recent[V]{}}
}

// Get gives the key's value. read gets a context of its own, because whoever
// asked first may leave while others wait for the same.
func (r *Recent[K, V]) Get(ctx context.Context, key K, read func(context.Context) (V, error)) (V, error) {
	r.mu.RLock()
	k := r.kept[key]
	if r.isFresh(k) {
		defer r.mu.RUnlock()
		return k.value, nil
	}
	r.mu.RUnlock()
	f, old, known := r.join(ctx, key, read)
	late := f.late
	if !known {
		late = nil // there is nothing to fall back to
	}
	select {
	case <-f.done:
	case <-late:
	case <-ctx.Done():
	}
	select {
	case <-f.done:
		if known && f.err != nil && Unavailable(f.err) {
			return old, nil
		}
		return f.value, f.err
	default:
	}
	if known {
		return old, nil
	}
	return old, ctx.Err()
}

// isFresh tells whether a value can be given as it is. The lock is held.
func (r *Recent[K, V]) isFresh(k *recent[V]) bool {
	return k != nil && k.known && k.turn == r.turn && r.now().Before(k.until)
}

// Forget has every value read again before it is given once more, except while
// the database does not answer.
func (r *Recent[K, V]) Forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.turn++
}

// join gives the reading under way, or starts one. One that began before a
// Forget may hold what was before the change, so it is not joined any more.
func (r *Recent[K, V]) join(ctx context.Context, key K, read func(context.Context) (V, error)) (f *flight[V], old V, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	k := r.kept[key]
	if k == nil {
		if len(r.kept) >= r.most {
			clear(r.kept)
		}
		k = &recent[V]{}
		r.kept[key] = k
	}
	if r.isFresh(k) { // it was read while we came here
		f = &flight[V]{done: make(chan struct{}), value: k.value}
		close(f.done)
		return f, k.value, true
	}
	if k.flight == nil || k.flight.turn != r.turn {
		late, stop := context.WithTimeout(context.Background(), hurry)
		k.flight = &flight[V]{turn: r.turn, late: late.Done(), done: make(chan struct{})}
		go r.fly(context.WithoutCancel(ctx), key, k, k.flight, read, stop)
	}
	return k.flight, k.value, k.known
}

// fly reads once and keeps what came of it.
func (r *Recent[K, V]) fly(ctx context.Context, key K, k *recent[V], f *flight[V], read func(context.Context) (V, error), stop func()) {
	ctx, cancel := context.WithTimeout(ctx, newsTime)
	defer cancel()
	func() {
		defer func() {
			if p := recover(); p != nil {
				f.err = fmt.Errorf("reading what is kept: %v\n%s", p, debug.Stack())
			}
		}()
		f.value, f.err = read(ctx)
	}()
	r.mu.Lock()
	if k.flight == f {
		k.flight = nil
	}
	switch {
	case f.err == nil && (!k.known || f.turn >= k.turn):
		k.value, k.known, k.turn, k.until = f.value, true, f.turn, r.now().Add(r.fresh)
	case f.err != nil && k.known && Unavailable(f.err):
		// Not everybody tries in vain: the next one to do so comes a little later.
		k.turn, k.until = max(k.turn, f.turn), r.now().Add(r.fresh)
	case f.err != nil && k.flight == nil && r.kept[key] == k:
		delete(r.kept, key)
	}
	r.mu.Unlock()
	close(f.done)
	stop()
}
