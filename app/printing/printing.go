// Package printing is the bulk work of paper: everybody's badges, all
// certificates. What an organiser orders becomes a printout, which is made in the
// background, streamed to a file, kept for some days and then deleted. It can be
// left and cancelled, and goes on after a restart: a process holds it by a lease
// that it renews while it works; one whose holder died begins anew.
//
// What a kind of printout looks like is not known here. The pages give, for each,
// a function that writes it.
//
// Table: printout.
package printing

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"github.com/uptrace/bun"

	"agora/app/text"
)

// State is how far a printout is.
type State string

// The states. The last three are final.
const (
	Waiting   State = "waiting"
	Working   State = "working"
	Ready     State = "ready"
	Cancelled State = "cancelled"
	Failed    State = "failed"
)

// Open tells whether something will still happen by itself.
func (s State) Open() bool { return s == Waiting || s == Working }

// Printout is one order and what became of it. Name is what its file is called,
// without an ending.
type Printout struct {
	bun.BaseModel `bun:"table:printout"`

	ID         string `bun:",pk"`
	EditionID  string
	PersonID   string // who ordered it
	Kind       string
	Name       string
	Lang       text.Lang
	Options    string // the kind's own, as JSON
	State      State
	Done       int64
	Total      int64
	Pages      int64
	Remarks    string // the kind's own, as JSON, once it is ready
	Holder     string
	Until      *time.Time
	Attempts   int64
	FileID     string
	Version    int64
	CreatedAt  time.Time
	FinishedAt *time.Time
	ExpiresAt  *time.Time
}

// Read gives the options of its kind.
func (p Printout) Read(into any) error { return json.Unmarshal([]byte(p.Options), into) }

// Kind is something that is printed in bulk. Name is stable; the catalogue has
// printing.kind.NAME.
//
// Print writes the PDF of a printout and calls progress after each piece, as often
// as it likes. It ends soon when ctx does, and may be called again for the same
// printout after a restart, so it changes nothing by itself: what has to become
// true together with the file belongs into Outcome.Finish.
type Kind struct {
	Name  string
	Print func(ctx context.Context, p Printout, w io.Writer, progress func(done, total int)) (Outcome, error)
}

// Outcome is what a kind says of a file that it wrote.
type Outcome struct {
	Pages int
	// Remarks is the kind's own: what somebody should look at. It is stored as JSON.
	Remarks any
	// Finish is called in the transaction that makes the printout ready; it may be
	// nil. It is not called for one that was cancelled meanwhile.
	Finish func(ctx context.Context, tx bun.IDB) error
}

// Announcer is told, after the commit, that a printout has a new version. Room
// gives the name to watch it by.
type Announcer interface {
	Changed(room string, version int64)
}

const roomPrefix = "printout."

// Room is the name under which a printout is watched.
func Room(id string) string { return roomPrefix + id }
