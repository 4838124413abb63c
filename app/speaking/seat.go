package speaking

// Seat is how it stands with a speaker's place; each is told by the message
// speaking.seat.SEAT.
type Seat string

// How it may stand.
const (
	SeatKept    Seat = "kept"     // one is held for them
	SeatTaken   Seat = "taken"    // they have one
	SeatRemote  Seat = "remote"   // they take part by the stream
	SeatNone    Seat = "none"     // the hall is full: an organiser has to make room
	SeatShared  Seat = "shared"   // another speaker of the same address has it
	SeatGivenUp Seat = "given_up" // they cancelled their registration themselves
	SeatFree    Seat = "free"     // none is wanted: they have declined
)
