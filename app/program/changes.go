package program

import (
	"context"

	"github.com/uptrace/bun"

	"agora/app/edition"
)

// ChangeKind is what a release changes about a session.
type ChangeKind string

// The kinds, in the order they are told.
const (
	Added       ChangeKind = "added"
	Uncancelled ChangeKind = "uncancelled"
	Moved       ChangeKind = "moved" // another time, perhaps in another room too
	Relocated   ChangeKind = "room"  // another room at the same time
	Cancelled   ChangeKind = "cancelled"
	Removed     ChangeKind = "removed"
)

// Change is what became of one session from one version of the programme to the
// next. There is one per session: Before and After tell the rest. Both are zero
// where the session was or is not in the programme; their rooms are nil for none.
type Change struct {
	Kind       ChangeKind
	SessionID  string
	Session    *Session // with its title as it is today
	Before     Spot
	After      Spot
	BeforeRoom *Room
	AfterRoom  *Room
}

// ReleaseLog is a release with what it changed.
type ReleaseLog struct {
	Release Release
	Changes []Change
}

// Listener hears of releases inside their transaction, so that its letters are
// queued with the release or not at all.
type Listener interface {
	Released(ctx context.Context, tx bun.IDB, e edition.Edition, r Release, changes []Change) error
}

// Listen adds whoever is to hear of releases. It is called before the service is used.
func (s *Service) Listen(all ...Listener) { s.listeners = append(s.listeners, all...) }
