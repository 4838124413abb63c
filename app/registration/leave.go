package registration

import (
	"slices"

	"agora/app/fail"
)

// cancel ends a claim and lets the next in line move up. Cancelling twice is
// no mistake: the second time changes nothing.
func (h *hall) cancel(r *Registration, kind string) {
	if !r.Live() {
		return
	}
	freed := h.end(r)
	h.say(r, kind)
	h.promoteAll(freed)
}

// end is cancel for those who are told by somebody else, and promotes nobody yet.
func (h *hall) end(r *Registration) (freed []Kind) {
	h.note(r)
	freed = h.release(r)
	r.State = Cancelled
	delete(h.byPerson, r.PersonID)
	return freed
}

// release takes back whatever r holds and says which kinds have gained a place.
func (h *hall) release(r *Registration) (freed []Kind) {
	switch {
	case r.Pending:
		r.Pending = false
	case r.State == Confirmed || r.State == Offered:
		h.giveBack(r, r.Kind)
		freed = append(freed, r.Kind)
	case r.State == Waiting:
		h.places[r.Kind].Waiting--
		h.line[r.Kind] = slices.DeleteFunc(h.line[r.Kind], func(w *Registration) bool { return w.ID == r.ID })
		// Who leaves a party that was too large may make it fit.
		freed = append(freed, r.Kind)
	}
	if r.Meanwhile {
		r.Meanwhile = false
		h.giveBack(r, Remote)
		freed = append(freed, Remote)
	}
	r.Line, r.OfferUntil, r.Together = 0, nil, false
	return freed
}

// giveBack frees a place that r has. One that came from a hold goes back there
// while the hold lasts.
func (h *hall) giveBack(r *Registration, kind Kind) {
	p := h.places[kind]
	p.Taken--
	hold := h.holds[r.HoldID]
	if hold == nil || hold.Kind != kind {
		return
	}
	r.HoldID = ""
	if hold.lasts(h.now) {
		hold.Used--
		p.Held++
		h.written[hold.ID] = hold
	}
}

// switchTo moves a claim to the other kind of place. Nobody loses anything by
// asking: a seat or a number is given up only for a remote place that is there,
// and who goes from remote to a full hall keeps the remote place while waiting.
func (h *hall) switchTo(r *Registration, kind Kind) (position int64, err error) {
	switch {
	case !r.Live():
		return 0, fail.Clash("registration.is_cancelled")
	case r.Kind == kind:
		return 0, nil
	case !h.places[kind].offered():
		return 0, fail.Clash("registration.place_closed")
	case r.Pending:
		h.note(r)
		r.Kind = kind
		return 0, nil
	case kind == Remote && !r.Meanwhile && h.full(Remote):
		return 0, fail.Clash("registration.remote_full")
	}
	h.note(r)
	switch {
	case kind == Remote && r.Meanwhile:
		h.fallBack(r)
	case kind == Onsite && r.State == Confirmed && h.full(Onsite):
		// The remote place counted as taken goes on being held, meanwhile.
		r.Kind, r.Meanwhile = Onsite, true
		position = h.queue(r, false)
	default:
		freed := h.release(r)
		r.Kind = kind
		// An organiser's word once given holds for both kinds of place.
		position = h.claim(r, terms{meanwhile: true, free: true})
		defer h.promoteAll(freed)
	}
	r.ComingAt = nil
	h.tell(r, position)
	return position, nil
}

// fallBack leaves the line, or an offered seat, for the remote place that was
// held meanwhile.
func (h *hall) fallBack(r *Registration) {
	r.Meanwhile = false // it becomes the place itself and is not given back
	freed := h.release(r)
	r.Kind, r.State = Remote, Confirmed
	h.promoteAll(freed)
}
