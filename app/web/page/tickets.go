package page

import (
	"errors"
	"strings"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration"
)

// Holder opens the ticket of the address and finds its edition. Gone tells that
// its place was handed over: who gave it away may know that.
func (v *Visit) Holder() (registration.Registration, error) {
	r, err := v.Site.Registrations.ByToken(v.Ctx, v.Param("token"))
	if fail.Is(err, fail.NotFound) {
		id, was, known := v.Site.Registrations.HandedOver(v.Ctx, v.Param("token"))
		if known != nil || !was {
			return r, errors.Join(known, err)
		}
		if v.Edition, err = v.Site.Editions.ByID(v.Ctx, id); err == nil {
			err = fail.New(fail.Gone, "ticket.handed_how")
		}
	}
	if err != nil {
		return r, err
	}
	v.Edition, err = v.Site.Editions.ByID(v.Ctx, r.EditionID)
	return r, err
}

// SeatOf picks the dot that stands for a person in the picture of the hall. It
// is not a reserved seat; it only stays the same from visit to visit.
func SeatOf(r registration.Registration, taken int64) int {
	if taken < 1 {
		return 0
	}
	sum := 0
	for _, c := range []byte(r.ID) {
		sum = sum*31 + int(c)
	}
	return 1 + (sum&0x7fffffff)%int(taken)
}

// DoorAddress is what the QR code of tickets and badges holds: a web address, so that
// a phone's own camera opens the right page for door staff. What follows in it is
// signed, so that a door without network can tell it from a made-up one. Capitals
// make the code a third smaller; scheme and host mean the same in them.
func (s *Site) DoorAddress(e edition.Edition, r registration.Registration) string {
	return strings.ToUpper(s.Base.Scheme+"://"+s.Base.Host) + s.Base.Path + "/T/" + s.Seal.Code(e.ID, r.ID, r.Version)
}
