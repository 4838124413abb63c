package registration

import (
	"context"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/db"
	"agora/app/edition"
	"agora/app/mail"
)

// ByID finds a registration, of whatever edition, by what its ticket's code holds.
func (s *Service) ByID(ctx context.Context, id string) (Registration, error) {
	return s.one(ctx, "id = ?", id)
}

// AtDoor is somebody who stands at the door and wants a seat: a newcomer, or one
// whose registration has none yet.
type AtDoor struct {
	Input Input // of a newcomer
	ID    string
	// Unused says that the time has come at which the seats of those who are not
	// there go to who is.
	Unused bool
	Key    db.Key
	// Arrive writes that whoever got a seat is there, in the transaction of the seat:
	// else it could be given to the next at the door before they are.
	Arrive func(ctx context.Context, tx bun.IDB, r Registration) error
}

// Seat gives who stands at the door a seat: a free one that nobody waits for, or,
// from the stated time on, any that is free or that nobody has come to. Where there
// is none a newcomer gets a number in the waiting list and a remote place meanwhile,
// and whoever had something keeps it.
func (s *Service) Seat(ctx context.Context, e edition.Edition, by string, w AtDoor) (Result, error) {
	a := act{edition: e, at: s.now(), by: by, key: w.Key, absent: w.Unused}
	if w.ID != "" {
		a.targets = []string{w.ID}
		a.decide = func(t *turn, a *act) (Result, error) {
			return about(func(_ *hall, r *Registration) (int64, error) { return t.seatAtDoor(r, w) })(t, a)
		}
		return s.group.Do(ctx, a)
	}
	in := w.Input
	in.Place, in.Meanwhile = Onsite, true
	if err := in.checkAdded(e); err != nil {
		return Result{}, err
	}
	if !w.Key.Zero() {
		a.key.BodyHash = db.HashBody(in)
	}
	a.people = []account.NewPerson{{Email: in.Email, Name: in.Name, Language: in.Language}}
	a.decide = func(t *turn, a *act) (Result, error) {
		r := t.hall.byPerson[t.people[in.Email].ID]
		if r != nil { // somebody who is known: theirs is the seat, and no second one
			position, err := t.seatAtDoor(r, w)
			return Result{Registration: *r, Position: position}, err
		}
		r = t.fresh(a, in)
		t.log(a, "registration.add", r.Code, "")
		if !t.hall.seatFor(w.Unused) {
			position := t.hall.register(r, terms{meanwhile: true, free: true})
			return Result{Registration: *r, Position: position}, nil
		}
		t.hall.fresh = append(t.hall.fresh, r)
		t.hall.byPerson[r.PersonID] = r
		t.hall.seat(r)
		t.hall.tell(r, 0)
		t.arrives(r, w)
		return Result{Registration: *r}, nil
	}
	return s.group.Do(ctx, a)
}

func (t *turn) seatAtDoor(r *Registration, w AtDoor) (position int64, err error) {
	if position, err = t.hall.seatAtDoor(r, w.Unused); err == nil && r.State == Confirmed && r.Kind == Onsite {
		t.arrives(r, w)
	}
	return position, err
}

func (t *turn) arrives(r *Registration, w AtDoor) {
	if w.Arrive != nil {
		t.saves = append(t.saves, func(ctx context.Context, tx bun.IDB) error { return w.Arrive(ctx, tx, *r) })
	}
}

// seatAtDoor seats somebody who is registered and stands at the door.
func (h *hall) seatAtDoor(r *Registration, unused bool) (position int64, err error) {
	switch {
	case r.State == Confirmed && r.Kind == Onsite:
		return 0, nil
	case r.State == Offered && r.Kind == Onsite:
		return 0, h.accept(r) // it is theirs, and they came for it
	case !h.seatFor(unused):
		return r.Joined, nil
	}
	h.note(r)
	var freed []Kind
	if r.Live() {
		freed = h.release(r)
	}
	r.Kind = Onsite
	h.seat(r)
	h.byPerson[r.PersonID] = r
	h.tell(r, 0)
	// What they leave is remote, or a number: no seat is given to anybody far away.
	for _, kind := range freed {
		if kind == Remote {
			h.promote(Remote)
		}
	}
	return 0, nil
}

// seatFor finds a seat for somebody at the door and makes it free.
func (h *hall) seatFor(unused bool) bool {
	if !h.places[Onsite].offered() {
		return false
	}
	if n, unlimited := h.places[Onsite].Free(); unlimited || n > 0 && (unused || !h.full(Onsite)) {
		return true
	}
	if !unused || len(h.absent) == 0 {
		return false
	}
	h.giveUp(h.absent[0])
	h.absent = h.absent[1:]
	return true
}

// giveUp takes the seat of somebody who has not come. They take part from where
// they are, where that is possible, and are told.
func (h *hall) giveUp(r *Registration) {
	h.note(r)
	h.giveBack(r, Onsite)
	r.Kind, r.ComingAt = Remote, nil
	if h.places[Remote].offered() && !h.full(Remote) {
		h.seat(r)
	} else {
		r.Kind, r.State = Onsite, Cancelled
		delete(h.byPerson, r.PersonID)
	}
	h.say(r, mail.SeatGiven)
}

// loadAbsent reads whose seats may be given away: of those with a seat of their own
// who are not there, first those who never said that they come, then the last to
// have registered. A seat from a hold goes back there and helps nobody.
func (t *turn) loadAbsent(ctx context.Context, editionID string) error {
	most := 0
	named := map[string]bool{}
	for _, a := range t.acts {
		if a.absent {
			most++
		}
		for _, id := range a.targets {
			named[id] = true
		}
	}
	if most == 0 {
		return nil
	}
	var rows []*Registration
	err := t.tx.NewSelect().Model(&rows).Where("edition_id = ? AND kind = 'onsite' AND state = 'confirmed' AND hold_id = ''", editionID).
		Where("NOT EXISTS (SELECT 1 FROM check_in WHERE check_in.registration_id = registration.id)").
		OrderExpr("CASE WHEN coming_at IS NULL THEN 0 ELSE 1 END, created_at DESC, id DESC").Limit(int64(most + len(t.known))).Scan(ctx)
	for _, r := range rows {
		if t.known[r.ID] != nil {
			continue // somebody this very set is about
		}
		t.keep(r)
		t.hall.absent = append(t.hall.absent, r)
	}
	return err
}
