package registration

import (
	"slices"
	"strings"
	"time"

	"agora/app/edition"
	"agora/app/mail"
)

// hall is one edition during a set of acts: its rules, its places, the front of
// each waiting list and the registrations the set knows. The functions of a hall
// are pure: they read and change it and nothing else, so that what they decide
// can be tested without a database and is the same on both engines.
//
// decide.go lets people in, leave.go lets them go, offers.go hands free places
// on, hands.go is what organisers and holders decide about one registration, and
// capacity.go is what organisers decide about places.
type hall struct {
	edition edition.Edition
	rules   Rules
	now     time.Time

	places map[Kind]*Place
	// line is the front of each waiting list in order, at least as long as the
	// set can shorten it.
	line     map[Kind][]*Registration
	holds    map[string]*Hold
	absent   []*Registration // whose seats may be given to who is at the door
	byPerson map[string]*Registration
	fresh    []*Registration
	changed  map[string]*Registration
	// was is by which place somebody took part before the set.
	was    map[string]Kind
	handed map[string]bool // to another person
	// written are the holds to be stored, made or changed.
	written map[string]*Hold
	news    []news
}

// news is what somebody has to be told.
type news struct {
	reg  Registration
	kind string
	pos  int64
	// other is whom a place was handed to or from, party those who were registered
	// together, as they stand when the letter is written.
	other string
	party []*Registration
}

func newHall(e edition.Edition, rules Rules, now time.Time) *hall {
	return &hall{edition: e, rules: rules, now: now, places: map[Kind]*Place{}, line: map[Kind][]*Registration{},
		holds: map[string]*Hold{}, byPerson: map[string]*Registration{}, changed: map[string]*Registration{},
		was: map[string]Kind{}, handed: map[string]bool{}, written: map[string]*Hold{}}
}

// terms are what somebody comes with.
type terms struct {
	meanwhile bool  // hold a remote place while waiting for a seat
	hold      *Hold // take one of the places held back here
	free      bool  // an organiser let them in: no approval is asked
}

// register gives r a place of its kind, or a number in the waiting list and,
// when it wants one, a remote place meanwhile.
func (h *hall) register(r *Registration, with terms) (position int64) {
	h.fresh = append(h.fresh, r)
	h.byPerson[r.PersonID] = r
	position = h.claim(r, with)
	h.tell(r, position)
	return position
}

// claim decides between a place and the waiting list, or leaves it to the
// organisers.
func (h *hall) claim(r *Registration, with terms) (position int64) {
	p := h.places[r.Kind]
	switch {
	case with.hold.opens(r.Kind):
		p.Held--
		with.hold.Used++
		h.written[with.hold.ID] = with.hold
		r.HoldID = with.hold.ID
		h.seat(r)
		return 0
	case h.rules.Approval && !with.free:
		r.State, r.Pending = Waiting, true
		return 0
	case !h.full(r.Kind):
		h.seat(r)
		return 0
	}
	return h.queue(r, with.meanwhile)
}

// seat takes a place for r.
func (h *hall) seat(r *Registration) {
	h.places[r.Kind].Taken++
	r.State, r.Line, r.Pending, r.OfferUntil = Confirmed, 0, false, nil
}

// queue gives r the next number in the waiting list.
func (h *hall) queue(r *Registration, meanwhile bool) (position int64) {
	p := h.places[r.Kind]
	p.Waiting++
	p.Line++
	r.State, r.Line, r.Joined, r.Pending = Waiting, p.Line, p.Waiting, false
	h.line[r.Kind] = append(h.line[r.Kind], r)
	if meanwhile && r.Kind == Onsite && !r.Meanwhile && !h.full(Remote) {
		h.places[Remote].Taken++
		r.Meanwhile = true
	}
	return p.Waiting
}

// full reports whether the next one to come has to wait. Nobody passes those who
// wait, except when only parties wait that are too large for what is free and
// want to stay together: better somebody sits there than nobody.
func (h *hall) full(kind Kind) bool {
	p := h.places[kind]
	n, unlimited := p.Free()
	switch {
	case unlimited:
		return false
	case n == 0:
		return true
	case p.Waiting == 0:
		return false
	}
	return len(h.line[kind]) == 0 || h.nextFitting(kind, n) != nil
}

// party lets colleagues in together. Those who wish to stay together wait
// together when there are too few places for all; others are taken one by one in
// the order they were written down.
func (h *hall) party(all []*Registration, with terms, together bool) {
	kind, size := all[0].Kind, int64(len(all))
	for _, r := range all {
		r.Party = all[0].ID
	}
	free, unlimited := h.places[kind].Free()
	if h.full(kind) {
		free, unlimited = 0, unlimited && free > 0
	}
	kept := int64(0)
	if with.hold.opens(kind) {
		kept = with.hold.Left()
	}
	asked := h.rules.Approval && !with.free
	wait := together && !unlimited && free+kept < size && !asked
	for _, r := range all {
		h.fresh = append(h.fresh, r)
		h.byPerson[r.PersonID] = r
		position := int64(0)
		if wait {
			r.Together = true
			position = h.queue(r, with.meanwhile)
		} else {
			position = h.claim(r, with)
			r.Together = together && r.Pending
		}
		h.tell(r, position)
	}
	h.news = append(h.news, news{reg: *all[0], kind: mail.Party, party: all})
}

// note remembers how r stood before the set, and that it is to be written.
func (h *hall) note(r *Registration) {
	if slices.Contains(h.fresh, r) {
		r.ChangedAt = h.now
		return
	}
	if _, seen := h.changed[r.ID]; !seen {
		kind, _ := r.Attends()
		h.was[r.ID] = kind
		h.changed[r.ID] = r
	}
	r.ChangedAt = h.now
}

// moved lists the registrations whose part in the day changed, for whatever
// hangs on them.
func (h *hall) moved() []Move {
	var list []Move
	for id, r := range h.changed {
		kind, attends := r.Attends()
		if !h.handed[id] && (h.was[id] == "" || kind == h.was[id]) {
			continue
		}
		list = append(list, Move{Registration: *r, Left: !attends, Handed: h.handed[id]})
	}
	slices.SortFunc(list, func(a, b Move) int { return strings.Compare(a.Registration.ID, b.Registration.ID) })
	return list
}

// tell notes the letter that says what r has become.
func (h *hall) tell(r *Registration, position int64) {
	h.news = append(h.news, news{reg: *r, kind: standing(*r), pos: position})
}

// say notes a letter of another kind.
func (h *hall) say(r *Registration, kind string) { h.news = append(h.news, news{reg: *r, kind: kind}) }
