package account

import (
	"sync"
	"time"
)

const (
	// visitLife is how long an answer of Who may be repeated: a page and its
	// parts ask several times within a moment.
	visitLife = 2 * time.Second
	// maxVisits bounds the memory of repeated answers.
	maxVisits = 4096
)

// visit is an answer of Who.
type visit struct {
	person Person
	roles  Roles
	at     time.Time
}

// visits are recent answers of Who by the hash of the cookie.
type visits struct {
	mu     sync.Mutex
	recent map[string]visit
	forgot uint64
}

func newVisits() *visits { return &visits{recent: map[string]visit{}} }

func (v *visits) find(key string, now time.Time) (visit, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	found, ok := v.recent[key]
	return found, ok && now.Sub(found.at) < visitLife
}

// age counts how often everything was forgotten.
func (v *visits) age() uint64 {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.forgot
}

// keep remembers an answer, unless something was forgotten while it was looked
// up: it may be what should have been.
func (v *visits) keep(key string, found visit, age uint64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.forgot != age {
		return
	}
	if len(v.recent) >= maxVisits {
		clear(v.recent)
	}
	v.recent[key] = found
}

// forget drops every answer, after anything that changes one.
func (v *visits) forget() {
	v.mu.Lock()
	defer v.mu.Unlock()
	clear(v.recent)
	v.forgot++
}
