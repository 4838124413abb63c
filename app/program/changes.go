package program

import (
	"cmp"
	"context"
	"slices"

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

var changeOrder = [...]ChangeKind{Added, Uncancelled, Moved, Relocated, Cancelled, Removed}

// Change is what became of one session from one version of the programme to the
// next. There is one per session: Before and After tell the rest. Both are zero
// where the session was or is not in the programme; their rooms are nil for none.
type Change struct {
	Kind       ChangeKind
	SessionID  string
	Session    *Session // with its title as it is today, and no slot
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

// Changes tells what is different between the slots of two versions of a
// programme. Session and rooms are not filled in.
func Changes(from, to []Slot) []Change {
	before := make(map[string]Slot, len(from))
	for _, slot := range from {
		before[slot.SessionID] = slot
	}
	var list []Change
	for _, now := range to {
		was, known := before[now.SessionID]
		delete(before, now.SessionID)
		if kind := changeOf(was, now, known); kind != "" {
			list = append(list, Change{Kind: kind, SessionID: now.SessionID, Before: was.spotIf(known), After: now.spot()})
		}
	}
	for id, was := range before {
		list = append(list, Change{Kind: Removed, SessionID: id, Before: was.spot()})
	}
	slices.SortFunc(list, func(a, b Change) int {
		return cmp.Or(cmp.Compare(slices.Index(changeOrder[:], a.Kind), slices.Index(changeOrder[:], b.Kind)),
			a.at().StartsAt.Compare(b.at().StartsAt), cmp.Compare(a.SessionID, b.SessionID))
	})
	return list
}

// changeOf names the one change that people have to hear first.
func changeOf(was, now Slot, known bool) ChangeKind {
	switch {
	case now.Cancelled && !(known && was.Cancelled):
		return Cancelled
	case !known:
		return Added
	case was.Cancelled && !now.Cancelled:
		return Uncancelled
	case !was.StartsAt.Equal(now.StartsAt) || !was.EndsAt.Equal(now.EndsAt):
		return Moved
	case !same(was.RoomID, now.RoomID):
		return Relocated
	}
	return ""
}

func (s Slot) spotIf(known bool) Spot {
	if !known {
		return Spot{}
	}
	return s.spot()
}

// at is where the change is looked for: where the session is, or else was.
func (c Change) at() Spot {
	if c.After.None() {
		return c.Before
	}
	return c.After
}
