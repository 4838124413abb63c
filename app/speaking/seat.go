package speaking

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/registration"
)

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

// SeatOf tells how it stands with a speaker's place.
func (s *Service) SeatOf(ctx context.Context, e edition.Edition, x Speaking) (Seat, error) {
	seats, err := s.seats(ctx, e, []Speaking{x})
	return seats[x.SpeakerID], err
}

// Ticket is the address of the ticket that a speaker attends by; empty while they
// have no place.
func (s *Service) Ticket(ctx context.Context, x Speaking) (string, error) {
	var list []registration.Registration
	err := s.db.Read.NewSelect().Model(&list).Where("id = ? AND edition_id = ?", x.RegistrationID, x.EditionID).Scan(ctx)
	if err != nil || len(list) == 0 {
		return "", err
	}
	if _, attends := list[0].Attends(); x.State != Accepted || !attends {
		return "", nil
	}
	return s.registrations.TicketURL(list[0]), nil
}

// seats tells how it stands with the places of some speakers, by their ids.
func (s *Service) seats(ctx context.Context, e edition.Edition, list []Speaking) (map[string]Seat, error) {
	var holds, ids, emails []string
	for _, x := range list {
		holds, ids, emails = append(holds, x.HoldID), append(ids, x.RegistrationID), append(emails, x.Email)
	}
	var kept []registration.Hold
	if err := s.db.Read.NewSelect().Model(&kept).Where("edition_id = ? AND id IN (?)", e.ID, bun.List(append(holds, ""))).Scan(ctx); err != nil {
		return nil, err
	}
	var taken []registration.Registration
	if err := s.db.Read.NewSelect().Model(&taken).Where("edition_id = ? AND (id IN (?) OR email IN (?) AND email <> '' AND state <> ?)", e.ID,
		bun.List(append(ids, "")), bun.List(append(emails, "")), registration.Cancelled).Scan(ctx); err != nil {
		return nil, err
	}
	by := make(map[string]Seat, len(list))
	for _, x := range list {
		by[x.SpeakerID] = x.seat(kept, taken)
	}
	return by, nil
}

// seat tells how it stands with the place, from what is known of holds and
// registrations.
func (x Speaking) seat(holds []registration.Hold, taken []registration.Registration) Seat {
	switch x.State {
	case Declined:
		return SeatFree
	case Accepted:
		if x.RegistrationID == "" {
			return SeatShared
		}
		for i := range taken {
			if taken[i].ID == x.RegistrationID {
				return seatOf(&taken[i])
			}
		}
		return SeatNone
	}
	if slices.ContainsFunc(holds, func(h registration.Hold) bool { return h.ID == x.HoldID && h.Left() > 0 }) {
		return SeatKept
	}
	for i := range taken {
		if r := &taken[i]; r.Email == x.Email && x.Email != "" && (seatOf(r) == SeatTaken || r.State == registration.Offered) {
			return SeatTaken // they have registered by themselves
		}
	}
	return SeatNone
}

// seatOf tells how it stands with a registration; nil is another speaker's.
func seatOf(r *registration.Registration) Seat {
	if r == nil {
		return SeatShared
	}
	switch kind, attends := r.Attends(); {
	case !r.Live():
		return SeatGivenUp
	case !attends:
		return SeatNone
	case kind == registration.Remote && r.Kind == registration.Onsite:
		return SeatNone // the stream meanwhile, but no seat
	case kind == registration.Remote:
		return SeatRemote
	}
	return SeatTaken
}
