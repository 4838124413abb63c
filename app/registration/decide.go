package registration

import (
	"slices"
	"time"

	"agora/app/fail"
)

// hall is one edition during a set of acts: its places, the front of each
// waiting list and the registrations the set knows. The functions here are
// pure: they read and change a hall and nothing else, so that what they decide
// can be tested without a database and is the same on both engines.
type hall struct {
	places map[Kind]*Place
	// line is the front of each waiting list in order, at least as long as the
	// set can shorten it.
	line     map[Kind][]*Registration
	byPerson map[string]*Registration
	fresh    []*Registration
	changed  map[string]*Registration
	news     []news
}

// news is what somebody has to be told.
type news struct {
	reg  *Registration
	kind string
	pos  int64
}

func newHall() *hall {
	return &hall{places: map[Kind]*Place{}, line: map[Kind][]*Registration{},
		byPerson: map[string]*Registration{}, changed: map[string]*Registration{}}
}

// register gives r a place of its kind, or a number in the waiting list and,
// when it wants one, a remote place meanwhile.
func (h *hall) register(r *Registration, meanwhile bool) (position int64) {
	position = h.claim(r, meanwhile)
	h.fresh = append(h.fresh, r)
	h.byPerson[r.PersonID] = r
	h.tell(r, position)
	return position
}

// claim decides between a place and the waiting list.
func (h *hall) claim(r *Registration, meanwhile bool) (position int64) {
	p := h.places[r.Kind]
	if !p.Full() {
		p.Taken++
		r.State = Confirmed
		return 0
	}
	p.Waiting++
	p.Line++
	r.State, r.Line = Waiting, p.Line
	h.line[r.Kind] = append(h.line[r.Kind], r)
	if remote := h.places[Remote]; meanwhile && r.Kind == Onsite && !remote.Full() {
		remote.Taken++
		r.Meanwhile = true
	}
	return p.Waiting
}

// cancel ends a claim and lets the next in line move up. Cancelling twice is
// no mistake: the second time changes nothing.
func (h *hall) cancel(r *Registration, now time.Time) {
	if !r.Live() {
		return
	}
	freed := h.release(r)
	r.State = Cancelled
	delete(h.byPerson, r.PersonID)
	h.touch(r, now)
	h.news = append(h.news, news{reg: r, kind: "registration_cancelled"})
	for _, kind := range freed {
		h.promote(kind, now)
	}
}

// release takes back whatever r holds and says which kinds have gained a place.
func (h *hall) release(r *Registration) (freed []Kind) {
	p := h.places[r.Kind]
	switch r.State {
	case Confirmed, Offered:
		p.Taken--
		freed = append(freed, r.Kind)
	case Waiting:
		p.Waiting--
		h.line[r.Kind] = slices.DeleteFunc(h.line[r.Kind], func(w *Registration) bool { return w.ID == r.ID })
	}
	if r.Meanwhile {
		h.places[Remote].Taken--
		r.Meanwhile = false
		freed = append(freed, Remote)
	}
	r.Line = 0
	return freed
}

// switchTo moves a claim to the other kind of place. Nobody loses anything by
// asking: a seat or a number is given up only for a remote place that is there, and who
// goes from remote to a full hall keeps the remote place while waiting.
func (h *hall) switchTo(r *Registration, kind Kind, now time.Time) (position int64, err error) {
	to := h.places[kind]
	switch {
	case !r.Live():
		return 0, fail.Clash("registration.is_cancelled")
	case r.Kind == kind:
		return 0, nil
	case kind == Remote && r.Meanwhile:
		// The remote place is held already: only the line is left.
		r.Meanwhile = false
		h.release(r)
		r.State = Confirmed
	case kind == Remote && to.Full():
		return 0, fail.Clash("registration.remote_full")
	case kind == Onsite && r.State == Confirmed && to.Full():
		to.Waiting++
		to.Line++
		r.State, r.Line, r.Meanwhile = Waiting, to.Line, true
		r.Kind, position = Onsite, to.Waiting
		h.line[Onsite] = append(h.line[Onsite], r)
	default:
		freed := h.release(r)
		r.Kind = kind
		position = h.claim(r, true)
		defer func() {
			for _, k := range freed {
				h.promote(k, now)
			}
		}()
	}
	r.Kind = kind
	h.touch(r, now)
	h.tell(r, position)
	return position, nil
}

// resize sets a capacity (nil is unlimited). It never goes below what people
// already hold, and growth is given out in order of the waiting list.
func (h *hall) resize(kind Kind, capacity *int64, now time.Time) error {
	p := h.places[kind]
	if capacity != nil && *capacity+p.Overbook < p.Taken+p.Held {
		return fail.Wrong("capacity_"+string(kind), "registration.capacity_below", "taken", p.Taken+p.Held)
	}
	p.Capacity = capacity
	h.promote(kind, now)
	return nil
}

// promote gives every free place to the first in line.
func (h *hall) promote(kind Kind, now time.Time) {
	p := h.places[kind]
	for len(h.line[kind]) > 0 {
		if n, unlimited := p.Free(); n == 0 && !unlimited {
			return
		}
		r := h.line[kind][0]
		h.line[kind] = h.line[kind][1:]
		p.Waiting--
		p.Taken++
		r.State, r.Line = Confirmed, 0
		h.touch(r, now)
		h.news = append(h.news, news{reg: r, kind: "registration_promoted"})
		if r.Meanwhile {
			r.Meanwhile = false
			h.places[Remote].Taken--
			h.promote(Remote, now)
		}
	}
}

// touch notes a change of a registration that is already stored.
func (h *hall) touch(r *Registration, now time.Time) {
	r.ChangedAt = now
	if !slices.Contains(h.fresh, r) {
		h.changed[r.ID] = r
	}
}

// tell notes the letter that says what r has become.
func (h *hall) tell(r *Registration, position int64) {
	kind := "registration_confirmed"
	switch {
	case r.State == Waiting:
		kind = "registration_waiting"
	case r.Kind == Remote:
		kind = "registration_remote"
	}
	h.news = append(h.news, news{reg: r, kind: kind, pos: position})
}
