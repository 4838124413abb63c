// Package mirror keeps in memory what viewers ask of a live room for themselves
// alone, so that five thousand who come at once cost one reading and not five
// thousand. What is kept, how it is read and what a committed step makes of it is
// its user's; here is when to read and when to forget.
//
// Tables: none.
package mirror

import (
	"sync"
	"sync/atomic"
	"time"
)

const (
	// Look is how long a mirror is believed: what other nodes did shows after it.
	Look = 250 * time.Millisecond
	// life is how long a room's mirror is kept after the last who needed it.
	life = 15 * time.Minute
)

// Rooms are the mirrors of rooms. The zero value is empty and ready.
type Rooms[T any] struct {
	mu    sync.Mutex
	rooms map[string]*room[T]
}

type room[T any] struct {
	need atomic.Int64 // a version that this node knows of

	mu      sync.Mutex // held while reading, so that one reads for all
	state   T
	version int64 // everything up to it is in the state; -1: nothing is
	met     int64 // the need that was read for
	looked  time.Time
	used    time.Time
}

// Read brings a state up to date with what is newer than a version, -1 for all of
// it. It gives the version up to which everything is in it then, also when it fails.
type Read[T any] func(state *T, since int64) (int64, error)

// Fresh gives a room's state with everything that this node knows in it, locked
// until unlock is called.
func (m *Rooms[T]) Fresh(name string, now time.Time, read Read[T]) (state *T, unlock func(), err error) {
	r := m.get(name, now)
	r.mu.Lock()
	r.used = now
	need := r.need.Load()
	if r.version >= 0 && need <= max(r.version, r.met) && now.Sub(r.looked) < Look {
		return &r.state, r.mu.Unlock, nil
	}
	if r.version, err = read(&r.state, r.version); err != nil {
		r.mu.Unlock()
		return nil, nil, err
	}
	r.met, r.looked = need, now
	return &r.state, r.mu.Unlock, nil
}

// get gives the room's mirror, which may be empty, and forgets those long unused.
func (m *Rooms[T]) get(name string, now time.Time) *room[T] {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r := m.rooms[name]; r != nil {
		return r
	}
	for other, r := range m.rooms {
		if r.mu.TryLock() {
			if now.Sub(r.used) > life {
				delete(m.rooms, other)
			}
			r.mu.Unlock()
		}
	}
	r := &room[T]{version: -1, used: now}
	if m.rooms == nil {
		m.rooms = map[string]*room[T]{}
	}
	m.rooms[name] = r
	return r
}

func (m *Rooms[T]) has(name string) *room[T] {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.rooms[name]
}

// Behind notes that there is a newer version to be read.
func (m *Rooms[T]) Behind(name string, version int64) {
	if r := m.has(name); r != nil {
		r.want(version)
	}
}

func (r *room[T]) want(version int64) {
	for {
		have := r.need.Load()
		if have >= version || r.need.CompareAndSwap(have, version) {
			return
		}
	}
}

// Follow takes over without reading what this node committed as a version. It never
// waits: a mirror that is in use now reads once more instead. It reports whether
// versions before are missing, which others made.
func (m *Rooms[T]) Follow(name string, version int64, put func(*T)) (gap bool) {
	r := m.has(name)
	if r == nil {
		return false
	}
	if !r.mu.TryLock() {
		r.want(version)
		return false
	}
	defer r.mu.Unlock()
	if r.version < 0 || version <= r.version {
		return false
	}
	put(&r.state)
	if gap = version > r.version+1; !gap {
		r.version = version
	}
	return gap
}
