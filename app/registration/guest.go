package registration

import (
	"context"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/edition"
	"agora/app/text"
)

// Guest is somebody an edition expects, such as a speaker: they get a place
// without filling in a form, and a place is held for them until they say so.
type Guest struct {
	Name     string
	Email    string
	Language text.Lang
	Kind     Kind
	// HoldID is the hold that keeps their place, if one could be kept.
	HoldID string
	// Beyond lets them in over the size of the hall, which is raised by one.
	Beyond bool
}

// Beside writes what belongs to an act about a guest, in the act's transaction.
// An error of it undoes the act. r is nil where nobody is registered.
type Beside func(ctx context.Context, tx bun.IDB, r *Registration, made bool) error

// KeepPlace holds a place on site for a guest who may come, under a name for the
// organisers, unless the hold with the id keeps one already. Without a free place
// that nobody waits for none is kept, and the hold that comes back is empty.
func (s *Service) KeepPlace(ctx context.Context, e edition.Edition, name, holdID string, beside func(ctx context.Context, tx bun.IDB, h Hold) error) (Hold, error) {
	var kept Hold
	a := act{edition: e, at: s.now(), holds: []string{holdID}, grows: true}
	a.decide = func(t *turn, a *act) (Result, error) {
		kept = t.hall.keepOne(e, t.hall.holds[holdID], name)
		hold := kept
		t.saves = append(t.saves, func(ctx context.Context, tx bun.IDB) error { return beside(ctx, tx, hold) })
		return Result{}, nil
	}
	if _, err := s.group.Do(ctx, a); err != nil {
		return Hold{}, err // the act may still be under way, and kept be written
	}
	return kept, nil
}

// Welcome gives a guest a place. Who is registered already keeps what they have,
// and loses at most their number in the line to a seat. Where no place can be
// given the registration waits for an organiser and stands in no line.
func (s *Service) Welcome(ctx context.Context, e edition.Edition, by string, g Guest, beside Beside) (Result, error) {
	in := Input{Name: g.Name, Email: g.Email, Place: g.Kind, Language: g.Language}
	if err := in.checkAdded(e); err != nil {
		return Result{}, err
	}
	a := act{edition: e, at: s.now(), by: by, holds: []string{g.HoldID}, grows: true,
		people: []account.NewPerson{{Email: in.Email, Name: in.Name, Language: in.Language}}}
	a.decide = func(t *turn, a *act) (Result, error) {
		r := t.hall.byPerson[t.people[in.Email].ID]
		made := r == nil
		if made {
			r = t.fresh(a, in)
			t.hall.fresh = append(t.hall.fresh, r)
			t.hall.byPerson[r.PersonID] = r
		}
		t.hall.welcome(r, made, g, t.hall.holds[g.HoldID])
		t.log(a, "registration.welcome", r.Code, "")
		t.saves = append(t.saves, func(ctx context.Context, tx bun.IDB) error { return beside(ctx, tx, r, made) })
		return Result{Registration: *r}, nil
	}
	return s.group.Do(ctx, a)
}

// LetGuestGo frees the place held for a guest who does not come and, when a
// registration is named, that too.
func (s *Service) LetGuestGo(ctx context.Context, e edition.Edition, by, holdID, registrationID string, beside Beside) error {
	a := act{edition: e, at: s.now(), by: by, holds: []string{holdID}, grows: true}
	if registrationID != "" {
		a.targets = []string{registrationID}
	}
	a.decide = func(t *turn, a *act) (Result, error) {
		r := t.known[registrationID]
		if r != nil && r.Live() {
			t.hall.promoteAll(t.hall.end(r))
			t.log(a, "registration.cancel", r.Code, "")
		}
		if h := t.hall.holds[holdID]; h != nil {
			t.hall.letGo(h)
		}
		t.saves = append(t.saves, func(ctx context.Context, tx bun.IDB) error { return beside(ctx, tx, r, false) })
		return Result{}, nil
	}
	_, err := s.group.Do(ctx, a)
	return err
}

// keepOne keeps a single place back for a guest, passing nobody.
func (h *hall) keepOne(e edition.Edition, known *Hold, name string) Hold {
	if known != nil && known.Left() > 0 {
		return *known
	}
	if !h.places[Onsite].offered() || h.full(Onsite) {
		return Hold{}
	}
	hold := HoldInput{Name: name, Kind: Onsite, Seats: 1}.hold(e, h.now)
	if h.keep(hold) != nil {
		return Hold{}
	}
	return *hold
}

// welcome decides about a guest's place: the one they have, the one held for
// them, a free one that nobody waits for, or one beyond the hall's size.
func (h *hall) welcome(r *Registration, made bool, g Guest, hold *Hold) {
	if !made {
		h.note(r)
	}
	has := !made && r.Kind == g.Kind
	switch {
	case has && r.State == Confirmed:
	case has && r.State == Offered:
		r.State, r.OfferUntil = Confirmed, nil
		h.noMeanwhile(r)
	case g.Kind == Onsite && hold.opens(Onsite):
		h.seatGuest(r, made, g.Kind, hold)
		return // the hold lasts: a seat that comes free goes back there
	case g.Beyond && h.full(g.Kind):
		h.places[g.Kind].Overbook++
		fallthrough
	case g.Beyond || !h.full(g.Kind):
		h.seatGuest(r, made, g.Kind, nil)
	case made:
		r.State, r.Pending = Waiting, true
		return
	default:
		return // what they have stays: a number, the stream, an organiser's word to come
	}
	if hold != nil {
		h.letGo(hold)
	}
}

// seatGuest gives up whatever r has or waits for and seats it.
func (h *hall) seatGuest(r *Registration, made bool, kind Kind, from *Hold) {
	var freed []Kind
	if !made {
		freed = h.release(r)
	}
	r.Kind = kind
	if from != nil {
		h.places[kind].Held--
		from.Used++
		h.written[from.ID] = from
		r.HoldID = from.ID
	}
	h.seat(r)
	h.promoteAll(freed)
}
