package realtime

import (
	"context"
	"encoding/json"
	"errors"
)

// ErrNoRoom is what a Source returns for a room that does not exist; viewers are told not to come back.
var ErrNoRoom = errors.New("realtime: no such room")

// ErrNotAllowed is what Options.Admit returns for a right that does not exist any more. Any other error means that it
// could not be found out, and lets nobody in but throws nobody out.
var ErrNotAllowed = errors.New("realtime: not allowed")

// Source gives what a room is, given by the consumer. It is asked once per room, tick and node, never per viewer.
//
// Changes returns everything newer than since (0: everything), as absolute state. Version must not be newer than
// the state beside it: read it first, or all in one transaction. Repeating something already told is harmless.
type Source interface {
	Changes(ctx context.Context, room string, since int64) (Changes, error)
}

// Changes is the state of a room, or what of it is newer than a version.
type Changes struct {
	Epoch   string // another epoch than before voids all that viewers hold
	Version int64

	Room        [Views]json.RawMessage // the room itself as each view sees it
	RoomVersion int64                  // version of its last change
	Items       []Item

	Touched []string // voters whose own state changed; each of their sockets gets a fresh "mine"
}

// Item is one thing in a room, encoded once when it is loaded. A nil view must not see it. List names the member of
// snapshots and patches that it stands in; empty is Options.ItemsKey. Ids are different across lists.
type Item struct {
	ID      string
	List    string
	Version int64
	Views   [Views]json.RawMessage
}

// Viewer is who a socket belongs to, as its pass says.
type Viewer struct {
	Room   string
	View   View
	Voter  string
	Person string
	Lang   string
}

// Act is one message of a viewer: an op that names it (repeated after a lost connection), what to do, and the whole
// frame, which is valid JSON, valid UTF-8 and free of NUL.
type Act struct {
	Op    string
	Do    string
	Frame []byte
}

// Acts answers viewers one at a time, given by the consumer.
type Acts interface {
	// Mine is the "mine" frame of a viewer, or nil when nothing is its own. It is asked when a socket joins, so it
	// must come from memory or cost little.
	Mine(ctx context.Context, v Viewer) (json.RawMessage, error)
	// Act does what a frame says and returns the ack; a repeated op must give the same ack again. Acts of one
	// socket come one after the other; those of different sockets at the same time. See AckOK and AckError.
	Act(ctx context.Context, v Viewer, act Act) json.RawMessage
}
