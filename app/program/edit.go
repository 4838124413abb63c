package program

import (
	"database/sql/driver"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
)

// Act is one thing an organiser does to the draft's grid.
type Act string

// The acts of the editor.
const (
	Move   Act = "move"   // to another room or time, as long as before
	Resize Act = "resize" // another end
	Place  Act = "place"  // a session that had no slot
	Lift   Act = "lift"   // takes the slot away
	Swap   Act = "swap"   // two sessions change places, each as long as before
	Copy   Act = "copy"   // a break into other rooms, as new sessions
	Undo   Act = "undo"   // the person's newest edit that is not undone
	Redo   Act = "redo"   // what the person undid last
)

// What others than the editor do to the draft, as it stands in the same list.
const (
	Saved   Act = "save"   // a form that moved the session: can be undone
	Retold  Act = "text"   // a form that left the slot as it was
	Loaded  Act = "import" // a file: everything is to be read anew
	Deleted Act = "delete" // a session
)

// Spot is when and where: a slot apart from its row. The zero Spot is none.
type Spot struct {
	RoomID   string    `json:"room,omitempty"`
	StartsAt time.Time `json:"start,omitzero"`
	EndsAt   time.Time `json:"end,omitzero"`
}

// None reports whether there is no slot.
func (p Spot) None() bool { return p.StartsAt.IsZero() }

// Same reports whether both are the same room and times.
func (p Spot) Same(o Spot) bool {
	return p.RoomID == o.RoomID && p.StartsAt.Equal(o.StartsAt) && p.EndsAt.Equal(o.EndsAt)
}

// Seen is a session as the organiser saw it when deciding: by its slot, or else
// by its version. One of them must be given. With the slot, a text that somebody
// mends meanwhile is no reason to refuse.
type Seen struct {
	ID      string
	Version int64
	Spot    *Spot // the zero Spot: seen without a slot
}

// EditInput is one act on the grid.
type EditInput struct {
	// Op is a UUID the page makes for the act; the same again is answered again
	// and not done again. Undo and redo have one of their own each.
	Op  string
	Act Act
	// Session is what is moved, resized, placed, lifted, swapped or copied.
	Session Seen
	// Other is what it is swapped with.
	Other Seen
	// RoomID and StartsAt are the new place for move and place. RoomID empty is
	// no room. EndsAt is for resize and, where it is known, for place; with move
	// it gives another length at the same time.
	RoomID   string
	StartsAt time.Time
	EndsAt   time.Time
	// Rooms are where a break is copied to; empty is all rooms.
	Rooms []string
}

// EditResult is what an act has led to.
type EditResult struct {
	Seq int64
	// Changed are the sessions the act touched, as they are now; Gone are the
	// ids of those it took away (a copy that was undone).
	Changed []*Session
	Gone    []string
	// Clashes are those of the sessions in Changed.
	Clashes []Clash
	// CanUndo and CanRedo are about the person who acted.
	CanUndo, CanRedo bool
}

// Edit is one act as others hear of it.
type Edit struct {
	bun.BaseModel `bun:"table:edit"`

	ID        string `bun:",pk"`
	EditionID string
	Seq       int64 // counts within the edition
	PersonID  string
	Act       Act
	Changes   Steps
	Undone    bool
	CreatedAt time.Time
}

// Reload reports whether the page must read the whole grid anew, because the
// edit does not say by itself what is different now.
func (d Edit) Reload() bool { return d.Act == Loaded }

// Step is one session's slot before and after an edit.
type Step struct {
	SessionID string `json:"session"`
	Before    Spot   `json:"before,omitzero"`
	After     Spot   `json:"after,omitzero"`
	// Made is a session that the edit made, or took away again when Gone.
	Made *Session `json:"made,omitempty"`
	Gone bool     `json:"gone,omitempty"`
}

// Steps are what an edit touched. Of is the edit that was undone or redone.
type Steps struct {
	Of   string `json:"of,omitempty"`
	List []Step `json:"list,omitempty"`
}

// Value stores the steps as JSON.
func (x Steps) Value() (driver.Value, error) { return db.ValueJSON(x) }

// Scan reads what Value stored.
func (x *Steps) Scan(src any) error {
	*x = Steps{}
	return db.ScanJSON(src, x)
}

// Stale is the cause of the error program.moved_meanwhile: the sessions as they
// are now. errors.As finds it.
type Stale struct{ Sessions []*Session }

// Error is for logs.
func (x *Stale) Error() string { return "somebody else was faster" }

// GridState is the draft as the editor shows it. Sessions and Unscheduled hold
// no texts but their titles.
type GridState struct {
	Seq         int64
	Rooms       []*Room
	Tracks      []*Track
	Days        []*Day // those of Sessions, each with its drawn Grid
	Sessions    []*Session
	Unscheduled []*Session
	Speakers    []*Speaker // everybody of the edition
	Clashes     []Clash
	// CanUndo and CanRedo are about the person who asked.
	CanUndo, CanRedo bool
}
