package door

import (
	"time"

	"github.com/uptrace/bun"
)

// Act is what a scan says of somebody.
type Act string

// The acts. Undo takes back everything before it at its place.
const (
	In   Act = "in"
	Out  Act = "out"
	Undo Act = "undo"
)

// Means is how somebody was recognised.
type Means string

// The means.
const (
	ByCamera Means = "camera"
	ByCode   Means = "code"
	ByName   Means = "name"
	ByWalkIn Means = "walkin"
)

// Verdict is what a scan came to.
type Verdict string

// The verdicts. Again, Outdated and Refused are told to everybody at the doors.
const (
	Came     Verdict = "came"
	Back     Verdict = "back" // came in once more after leaving
	Left     Verdict = "left"
	Again    Verdict = "again" // let in while they were in already, somewhere else
	Repeated Verdict = "repeated"
	Undone   Verdict = "undone"
	Outdated Verdict = "outdated" // by a ticket that has changed hands since
	Refused  Verdict = "refused"  // by one without a seat
)

// sticks says that a verdict was given when the scan came and does not follow from
// the others: such a scan counts for nothing.
func (v Verdict) sticks() bool { return v == Outdated || v == Refused }

// Scan is what was read at a place. Place is a session's id, or empty at the door.
type Scan struct {
	bun.BaseModel `bun:"table:door_scan"`

	ID             string `bun:",pk"`
	EditionID      string
	RegistrationID string
	SessionID      string
	Act            Act
	Means          Means
	Version        int64 // of the ticket that was shown
	DeviceID       string
	PersonID       string
	At             time.Time
	ReceivedAt     time.Time
	Verdict        Verdict
	// Against is the scan that this one says again.
	Against string
	Change  int64
}

// Source is who or what read something: a device that joined by a link, or a
// person who keeps the door with a sign-in of their own.
type Source struct{ Device, Person string }

func (s *Scan) source() Source { return Source{s.DeviceID, s.PersonID} }

// Presence is what the scans of a registration at a place come to.
type Presence struct {
	bun.BaseModel `bun:"table:presence"`

	RegistrationID string `bun:",pk"`
	SessionID      string `bun:",pk"`
	EditionID      string
	FirstAt        *time.Time // nil: everything was taken back
	LastAt         time.Time
	Inside         bool
	// Seconds are those between coming and leaving, where somebody scanned both.
	Seconds  int64
	DeviceID string
	PersonID string
	Change   int64
}

// Was reports whether somebody was there at all.
func (p Presence) Was() bool { return p.FirstAt != nil }
