package db

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"agora/app/fail"
)

const (
	// maxSet bounds how many acts share a transaction, and so how long one takes.
	maxSet = 256
	// maxQueued bounds how many acts wait; beyond it a caller is told to come back.
	maxQueued = 8192
	// setTime bounds a set's transaction: on a connection that has gone silent it
	// holds up all that come after, and after patience nobody waits for it.
	setTime = 5 * time.Second
	// patience is how long a caller waits for its answer before it is told to
	// repeat the act with the same key. It leaves a request of three seconds the
	// time to show what was typed once more.
	patience = 2500 * time.Millisecond
)

// errLost says that the transaction itself is gone, so it is not known to be
// the fault of any act in it.
var errLost = errors.New("the transaction was lost")

// Outcome is the answer to one act: a value, or the reason why not.
type Outcome[R any] struct {
	Value R
	Err   error
}

// Decide carries out a set of acts in a transaction and gives one outcome for
// each, in the same order. An outcome's error refuses that act alone and must
// have written nothing for it; an error returned as such undoes the whole set,
// whose members are then tried one by one.
type Decide[A, R any] func(ctx context.Context, tx bun.Tx, acts []A) ([]Outcome[R], error)

// Group commits acts together: whatever waits when the writer is free shares a
// transaction, and nobody is answered before it is durable.
type Group[A, R any] struct {
	db     *DB
	decide Decide[A, R]
	queue  chan *waiting[A, R]
	after  func([]A, []Outcome[R])

	mu     sync.RWMutex
	closed bool
	done   chan struct{}
}

type waiting[A, R any] struct {
	act    A
	answer chan Outcome[R]
}

// NewGroup starts the writer. after, when given, is told of every committed set
// before its callers are; it must not block.
func NewGroup[A, R any](d *DB, decide Decide[A, R], after func([]A, []Outcome[R])) *Group[A, R] {
	g := &Group[A, R]{
		db: d, decide: decide, after: after,
		queue: make(chan *waiting[A, R], maxQueued),
		done:  make(chan struct{}),
	}
	go g.write()
	return g
}

// Do hands in an act and waits for its outcome. When ctx ends or patience runs
// out the act may still be carried out: the caller repeats it with its key.
func (g *Group[A, R]) Do(ctx context.Context, act A) (R, error) {
	w := &waiting[A, R]{act: act, answer: make(chan Outcome[R], 1)}
	var none R
	if !g.enqueue(w) {
		return none, fail.Later(time.Second, errors.New("the queue of acts is full or closed"))
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case out := <-w.answer:
		return out.Value, out.Err
	case <-timer.C:
		return none, fail.Later(2*time.Second, errors.New("no answer from the database in time"))
	case <-ctx.Done():
		return none, fail.Later(time.Second, ctx.Err())
	}
}

func (g *Group[A, R]) enqueue(w *waiting[A, R]) bool {
	g.mu.RLock()
	defer g.mu.RUnlock()
	if g.closed {
		return false
	}
	select {
	case g.queue <- w:
		return true
	default:
		return false
	}
}

// Waiting tells how many acts wait for the next set.
func (g *Group[A, R]) Waiting() int { return len(g.queue) }

// Close finishes what waits and stops the writer.
func (g *Group[A, R]) Close() {
	g.mu.Lock()
	if !g.closed {
		g.closed = true
		close(g.queue)
	}
	g.mu.Unlock()
	<-g.done
}

func (g *Group[A, R]) write() {
	defer close(g.done)
	for first := range g.queue {
		set := g.gather(first)
		acts := make([]A, len(set))
		for i, w := range set {
			acts[i] = w.act
		}
		outs, err := g.commit(acts)
		if err != nil {
			outs = make([]Outcome[R], len(set))
			for i := range outs {
				outs[i].Err = fail.Later(time.Second, err)
			}
		} else if g.after != nil {
			g.after(acts, outs)
		}
		for i, w := range set {
			w.answer <- outs[i]
		}
	}
}

// gather takes everything that waits at this moment.
func (g *Group[A, R]) gather(first *waiting[A, R]) []*waiting[A, R] {
	set := []*waiting[A, R]{first}
	for len(set) < maxSet {
		select {
		case w, ok := <-g.queue:
			if !ok {
				return set
			}
			set = append(set, w)
		default:
			return set
		}
	}
	return set
}

func (g *Group[A, R]) commit(acts []A) (outs []Outcome[R], err error) {
	ctx, cancel := context.WithTimeout(context.Background(), setTime)
	defer cancel()
	err = g.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		outs, err = g.attempt(ctx, tx, acts)
		switch {
		case err == nil || errors.Is(err, errLost):
			return err
		case len(acts) == 1:
			outs, err = []Outcome[R]{{Err: err}}, nil
		default:
			outs, err = g.singly(ctx, tx, acts)
		}
		return err
	})
	return outs, err
}

// singly carries out the members of a failed set one by one, so that the one
// that failed it fails alone.
func (g *Group[A, R]) singly(ctx context.Context, tx bun.Tx, acts []A) ([]Outcome[R], error) {
	outs := make([]Outcome[R], len(acts))
	for i := range acts {
		one, err := g.attempt(ctx, tx, acts[i:i+1])
		switch {
		case err == nil:
			outs[i] = one[0]
		case errors.Is(err, errLost):
			return nil, err
		default:
			outs[i].Err = err
		}
	}
	return outs, nil
}

// attempt decides acts behind a savepoint and undoes everything on an error.
func (g *Group[A, R]) attempt(ctx context.Context, tx bun.Tx, acts []A) (outs []Outcome[R], err error) {
	if _, err := tx.ExecContext(ctx, "SAVEPOINT acts"); err != nil {
		return nil, err
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("deciding acts: %v\n%s", r, debug.Stack())
		}
		if err != nil {
			if _, undo := tx.ExecContext(ctx, "ROLLBACK TO SAVEPOINT acts"); undo != nil {
				err = errors.Join(errLost, err, undo)
			}
			return
		}
		_, err = tx.ExecContext(ctx, "RELEASE SAVEPOINT acts")
	}()
	outs, err = g.decide(ctx, tx, acts)
	if err == nil && len(outs) != len(acts) {
		err = fmt.Errorf("%d acts were given %d outcomes", len(acts), len(outs))
	}
	return outs, err
}
