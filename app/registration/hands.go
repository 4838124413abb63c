package registration

import (
	"agora/app/fail"
	"agora/app/mail"
	"agora/app/text"
)

// approve is an organiser's yes: from then on r is treated like anybody who has
// just come. An approval twice is no mistake.
func (h *hall) approve(r *Registration) {
	if !r.Live() || !r.Pending {
		return
	}
	h.note(r)
	r.Pending, r.Together = false, false
	h.tell(r, h.claim(r, terms{meanwhile: true, free: true}))
}

// heir is who takes over a place.
type heir struct {
	PersonID, Name, Email, Organisation string
	Language                            text.Lang
	Code                                string // the new ticket's
}

// handOver gives a confirmed place to another person. What was known of the one
// before goes with them; the ticket gets another code and version, so the old one
// stops working.
func (h *hall) handOver(r *Registration, to heir) error {
	switch {
	case r.State != Confirmed:
		return fail.Clash("registration.hand_confirmed")
	case r.PersonID == to.PersonID:
		return fail.Wrong("email", "registration.hand_self")
	case h.byPerson[to.PersonID] != nil:
		return fail.Wrong("email", "registration.hand_known", "email", to.Email)
	}
	h.note(r)
	before := *r
	delete(h.byPerson, r.PersonID)
	r.PersonID, r.Name, r.Email, r.Organisation, r.Code = to.PersonID, to.Name, to.Email, to.Organisation, to.Code
	r.Language = to.Language
	r.Version++
	r.Photo, r.Needs, r.Answers, r.ConsentAt, r.ComingAt = PhotoAsk, "", nil, nil, nil
	h.byPerson[r.PersonID] = r
	h.handed[r.ID] = true
	h.news = append(h.news, news{reg: before, kind: mail.HandedOver, other: r.Name}, news{reg: *r, kind: mail.HandedTo, other: before.Name})
	return nil
}
