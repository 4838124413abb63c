package workshop

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration"
)

// board is one edition's workshops during a set of acts: their places, who of
// the people in the set is signed up where, and the waiting lists the set can
// shorten. The functions here are pure: they read and change a board and
// nothing else.
type board struct {
	edition   edition.Edition
	now       time.Time
	workshops map[string]*Workshop
	lines     map[string]*line
	of        map[string][]*SignUp // live sign-ups by registration
	fresh     []*SignUp
	changed   map[string]*SignUp
	touched   map[string]bool // workshops whose counters have changed
	news      []news
}

// line is a waiting list, or the end of one: ahead are those before it who
// cannot move during the set and so were not read.
type line struct {
	ahead int64
	wait  []*SignUp
}

// news is what somebody has to be told.
type news struct {
	registration string
	workshop     Workshop
	kind         string
}

func newBoard(e edition.Edition, now time.Time) *board {
	return &board{edition: e, now: now, workshops: map[string]*Workshop{}, lines: map[string]*line{},
		of: map[string][]*SignUp{}, changed: map[string]*SignUp{}, touched: map[string]bool{}}
}

// line gives a workshop's waiting list; of one that was not read everybody is
// ahead.
func (b *board) line(w *Workshop) *line {
	l := b.lines[w.ID]
	if l == nil {
		l = &line{ahead: w.Waiting}
		b.lines[w.ID] = l
	}
	return l
}

// find gives a registration's live sign-up to a workshop, or nil.
func (b *board) find(registrationID, workshopID string) *SignUp {
	for _, s := range b.of[registrationID] {
		if s.WorkshopID == workshopID {
			return s
		}
	}
	return nil
}

// signUp takes a place or a number in the waiting list. Who is signed up
// already gets the same answer again, whatever has changed since.
func (b *board) signUp(r registration.Registration, w *Workshop) (Result, error) {
	if s := b.find(r.ID, w.ID); s != nil {
		return b.result(s), nil
	}
	if err := b.allowed(r, w); err != nil {
		return Result{}, err
	}
	s := &SignUp{ID: db.NewID(), WorkshopID: w.ID, RegistrationID: r.ID, State: Confirmed, CreatedAt: b.now, ChangedAt: b.now}
	if w.Full() {
		l := b.line(w) // counts those ahead before this one is among them
		l.wait = append(l.wait, s)
		w.Waiting++
		w.Line++
		s.State, s.Line = Waiting, w.Line
	} else {
		w.Taken++
	}
	b.touched[w.ID] = true
	b.fresh = append(b.fresh, s)
	b.of[r.ID] = append(b.of[r.ID], s)
	return b.result(s), nil
}

// allowed says why a registration cannot sign up, if it cannot.
func (b *board) allowed(r registration.Registration, w *Workshop) error {
	kind, attends := r.Attends()
	switch {
	case !b.now.Before(b.edition.EndsAt):
		return fail.Clash("workshop.edition_over")
	case w.CalledOff:
		return fail.Clash("workshop.called_off")
	case w.over(b.edition, b.now):
		return fail.Clash("workshop.started", "started", w.StartsAt)
	case !attends:
		return fail.Clash("workshop.not_attending")
	case !w.Fits(kind):
		return fail.Clash("workshop.only_" + string(w.Audience))
	}
	for _, s := range b.of[r.ID] {
		switch other := b.workshops[s.WorkshopID]; {
		case w.Table() && other.Table():
			return fail.Clash("workshop.one_table", "other", title{b.edition, *other})
		case w.overlaps(*other):
			return fail.Clash("workshop.clash", "other", title{b.edition, *other}, "when", hours{b.edition, *other})
		}
	}
	return nil
}

// result tells how a live sign-up stands.
func (b *board) result(s *SignUp) Result {
	if s.State != Waiting {
		return Result{State: s.State}
	}
	l := b.line(b.workshops[s.WorkshopID])
	return Result{State: Waiting, Position: l.ahead + int64(slices.Index(l.wait, s)) + 1}
}

// leave ends a sign-up and lets the next in line move up. Leaving twice is no
// mistake: the second time changes nothing.
func (b *board) leave(registrationID string, w *Workshop) Result {
	if s := b.find(registrationID, w.ID); s != nil {
		b.release(s)
		b.promote(w)
	}
	return Result{State: Cancelled}
}

// release takes a sign-up's place or number back.
func (b *board) release(s *SignUp) {
	w := b.workshops[s.WorkshopID]
	if s.State == Waiting {
		w.Waiting--
		l := b.line(w)
		l.wait = slices.DeleteFunc(l.wait, func(o *SignUp) bool { return o == s })
	} else {
		w.Taken--
	}
	s.State, s.Line = Cancelled, 0
	b.of[s.RegistrationID] = slices.DeleteFunc(b.of[s.RegistrationID], func(o *SignUp) bool { return o == s })
	b.touch(s)
}

// resize sets a capacity (nil is unlimited), never below what is taken, and
// gives what is gained to those who wait.
func (b *board) resize(w *Workshop, capacity *int64) error {
	if capacity != nil && *capacity < w.Taken {
		return fail.Wrong("capacity", "workshop.capacity_below", "taken", w.Taken)
	}
	w.Capacity = capacity
	b.touched[w.ID] = true
	b.promote(w)
	return nil
}

// promote gives every free place to the first in line. Nobody is given a place
// in what has begun or was called off.
func (b *board) promote(w *Workshop) {
	if w.over(b.edition, b.now) {
		return
	}
	l := b.line(w)
	for len(l.wait) > 0 && l.ahead == 0 {
		if n, unlimited := w.Free(); n == 0 && !unlimited {
			return
		}
		s := l.wait[0]
		l.wait = l.wait[1:]
		w.Waiting--
		w.Taken++
		s.State, s.Line = Confirmed, 0
		b.touch(s)
		b.tell(s.RegistrationID, w, promoted)
	}
}

// follow ends the sign-ups of registrations that do not attend any more, or in
// a way the workshop is not for. All are ended before anybody moves up: who is
// leaving as well is not given a place first.
func (b *board) follow(moves []registration.Move) {
	freed := map[string]bool{}
	for _, m := range moves {
		kind, attends := m.Registration.Attends()
		for _, s := range slices.Clone(b.of[m.Registration.ID]) {
			w := b.workshops[s.WorkshopID]
			if !m.Left && attends && w.Fits(kind) {
				continue
			}
			b.release(s)
			freed[w.ID] = true
			if m.Registration.Live() && !w.over(b.edition, b.now) {
				b.tell(s.RegistrationID, w, dropped)
			}
		}
	}
	for _, id := range ordered(freed) {
		b.promote(b.workshops[id])
	}
}

// touch notes a changed sign-up.
func (b *board) touch(s *SignUp) {
	s.ChangedAt = b.now
	b.touched[s.WorkshopID] = true
	if !slices.Contains(b.fresh, s) {
		b.changed[s.ID] = s
	}
}

func (b *board) tell(registrationID string, w *Workshop, kind string) {
	b.news = append(b.news, news{registration: registrationID, workshop: *w, kind: kind})
}

// ordered gives the names of a set in order.
func ordered(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }

// signedUp gives the live sign-ups to a workshop that the set knows, in order
// of coming.
func (b *board) signedUp(workshopID string) []*SignUp {
	var list []*SignUp
	for _, ups := range b.of {
		for _, s := range ups {
			if s.WorkshopID == workshopID {
				list = append(list, s)
			}
		}
	}
	slices.SortFunc(list, func(a, b *SignUp) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

// remove takes a workshop off the board. Whoever the set knows to be signed up
// is told, unless the day has passed it.
func (b *board) remove(w *Workshop) {
	for _, s := range b.signedUp(w.ID) {
		if !w.over(b.edition, b.now) || w.CalledOff {
			b.tell(s.RegistrationID, w, removed)
		}
	}
	gone := func(s *SignUp) bool { return s.WorkshopID == w.ID }
	for id, ups := range b.of {
		b.of[id] = slices.DeleteFunc(ups, gone)
	}
	b.fresh = slices.DeleteFunc(b.fresh, gone)
	maps.DeleteFunc(b.changed, func(_ string, s *SignUp) bool { return gone(s) })
	delete(b.touched, w.ID)
	delete(b.workshops, w.ID)
}
