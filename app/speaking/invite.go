package speaking

import (
	"context"
	"errors"

	"agora/app/edition"
	"agora/app/registration"
	"agora/app/text"
)

// Outcome is what became of an act, and of the place that goes with it.
type Outcome struct {
	Speaking Speaking
	Seat     Seat
}

// Seat is how it stands with a speaker's place; each is told by the message
// speaking.seat.SEAT.
type Seat string

// How it may stand.
const (
	SeatKept   Seat = "kept"   // one is held for them
	SeatTaken  Seat = "taken"  // they have one
	SeatRemote Seat = "remote" // they take part by the stream
	SeatNone   Seat = "none"   // the hall is full: an organiser has to make room
	SeatShared Seat = "shared" // another speaker of the same address has it
	SeatFree   Seat = "free"   // none is wanted: they have declined
)

var errUnfinished = errors.New("speaking: not there yet")

// Prepare gives the speaker a link without writing to anybody, for an organiser
// who hands it over by other means. Email may be empty.
func (s *Service) Prepare(ctx context.Context, by string, e edition.Edition, speakerID, email string, l text.Lang) (Speaking, error) {
	return Speaking{}, errUnfinished
}

// Invite writes to the speaker with their link, and keeps a place for them while
// there is one. Inviting again writes again, to the address given now.
func (s *Service) Invite(ctx context.Context, by string, e edition.Edition, speakerID, email string, l text.Lang) (Outcome, error) {
	return Outcome{}, errUnfinished
}

// Renew ends the speaker's link and mails the new one.
func (s *Service) Renew(ctx context.Context, by string, e edition.Edition, speakerID string) (Speaking, error) {
	return Speaking{}, errUnfinished
}

// Accept is the speaker's yes, Decline their no. Both may be said again.
func (s *Service) Accept(ctx context.Context, e edition.Edition, x Speaking, kind registration.Kind) (Outcome, error) {
	return Outcome{}, errUnfinished
}

// Decline frees what was kept or taken for them.
func (s *Service) Decline(ctx context.Context, e edition.Edition, x Speaking) (Outcome, error) {
	return Outcome{}, errUnfinished
}

// Place tries again to give a place to a speaker who has accepted and has none;
// beyond lets them in over the hall's size, which is raised by one.
func (s *Service) Place(ctx context.Context, by string, e edition.Edition, speakerID string, beyond bool) (Outcome, error) {
	return Outcome{}, errUnfinished
}
