package apptest

import (
	"fmt"
	"sync"
)

// Ears keep what live rooms announce.
type Ears struct {
	mu    sync.Mutex
	heard []string
}

// Changed notes "changed", the room and its version.
func (e *Ears) Changed(room string, version int64) { e.note("changed", room, version) }

// Now notes "now", the room and its version.
func (e *Ears) Now(room string, version int64) { e.note("now", room, version) }

func (e *Ears) note(what, room string, version int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.heard = append(e.heard, fmt.Sprint(what, " ", room, " ", version))
}

// Take gives what was heard since it was last taken.
func (e *Ears) Take() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	heard := e.heard
	e.heard = nil
	return heard
}
