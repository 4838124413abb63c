package page

import (
	"sync"
	"time"
)

// allowanceKeys bounds how much an allowance remembers; when it is full, it
// forgets everybody, which lets a few more through but no memory grow.
const allowanceKeys = 20_000

// Allowance lets each key do something a number of times within a span. It is
// of one process: what must hold between several is counted in the database.
type Allowance struct {
	mu    sync.Mutex
	taken map[string]*taken
}

type taken struct {
	n     int
	until time.Time
}

// Take takes one of most, and tells whether there was one left.
func (a *Allowance) Take(key string, most int, within time.Duration, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	t := a.taken[key]
	if t == nil || !now.Before(t.until) {
		if a.taken == nil || len(a.taken) >= allowanceKeys {
			a.taken = map[string]*taken{}
		}
		t = &taken{until: now.Add(within)}
		a.taken[key] = t
	}
	if t.n >= most {
		return false
	}
	t.n++
	return true
}
