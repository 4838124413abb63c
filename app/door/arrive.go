package door

import (
	"context"
	"database/sql"
	"errors"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration"
)

// Admits says whether a registration opens the door of an edition, and if not, why.
func Admits(e edition.Edition, r registration.Registration) error {
	switch {
	case r.EditionID != e.ID:
		return fail.Missing("door.unknown")
	case r.State == registration.Waiting:
		return fail.Clash("door.waiting")
	case r.State == registration.Offered:
		return fail.Clash("door.offered")
	case r.State != registration.Confirmed:
		return fail.Clash("door.cancelled")
	case r.Kind != registration.Onsite:
		return fail.Clash("door.remote")
	}
	return nil
}

// Arrive checks a registration in. again tells that it had been done before,
// and the check-in is then the earlier one. Only a confirmed place on site of
// this edition opens the door.
func (s *Service) Arrive(ctx context.Context, e edition.Edition, by string, r registration.Registration) (c CheckIn, again bool, err error) {
	p, again, err := s.Enter(ctx, e, Source{Person: by}, s.NewScan(r, "", In, ByCode), r)
	if err != nil {
		return c, false, err
	}
	return CheckIn{RegistrationID: r.ID, EditionID: e.ID, At: *p.FirstAt, PersonID: p.PersonID}, again, nil
}

// Enter lets somebody in at a place, on the spot. again tells that they are in
// already: then nothing is stored, and the presence says since when.
func (s *Service) Enter(ctx context.Context, e edition.Edition, src Source, scan Scan, r registration.Registration) (p Presence, again bool, err error) {
	if err := Admits(e, r); err != nil {
		return p, false, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		p, again, err = s.enter(ctx, tx, e, src, scan)
		return err
	})
	return p, again, err
}

// EnterWith lets somebody in inside the transaction that gives them their seat.
func (s *Service) EnterWith(ctx context.Context, tx bun.IDB, e edition.Edition, src Source, r registration.Registration) error {
	_, _, err := s.enter(ctx, tx, e, src, s.NewScan(r, "", In, ByWalkIn))
	return err
}

func (s *Service) enter(ctx context.Context, tx bun.IDB, e edition.Edition, src Source, scan Scan) (p Presence, again bool, err error) {
	change, err := s.begin(ctx, tx, e.ID)
	if err != nil {
		return p, false, err
	}
	if p, err = presence(ctx, tx, scan.RegistrationID, scan.SessionID); err != nil || p.Inside {
		return p, p.Inside, err
	}
	// The ticket is looked at once more: it may have been given up since it was read.
	taken, err := s.take(ctx, tx, e, src, change, []Scan{scan})
	switch {
	case err != nil:
		return p, false, err
	case len(taken) == 0:
		return p, false, fail.Missing("door.unknown")
	case taken[0].Verdict == Outdated:
		return p, false, fail.Clash("door.outdated")
	case taken[0].Verdict == Refused:
		return p, false, fail.Clash("door.cancelled")
	}
	p, err = presence(ctx, tx, scan.RegistrationID, scan.SessionID)
	return p, false, err
}

// Leave checks somebody out at a place.
func (s *Service) Leave(ctx context.Context, e edition.Edition, src Source, scan Scan) error {
	scan.Act = Out
	_, err := s.Merge(ctx, e, src, []Scan{scan})
	return err
}

// Undo takes back all that was scanned of a registration at the door.
func (s *Service) Undo(ctx context.Context, e edition.Edition, registrationID string) error {
	return s.UndoAt(ctx, e, Source{}, registrationID, "")
}

// UndoAt takes back all that was scanned of a registration at a place. A
// registration of another edition is left as it is.
func (s *Service) UndoAt(ctx context.Context, e edition.Edition, src Source, registrationID, session string) error {
	scan := s.NewScan(registration.Registration{ID: registrationID}, session, Undo, ByCode)
	_, err := s.Merge(ctx, e, src, []Scan{scan})
	return err
}

// presence reads where somebody is; nobody who was never there is anywhere.
func presence(ctx context.Context, idb bun.IDB, registrationID, session string) (Presence, error) {
	var p Presence
	err := idb.NewSelect().Model(&p).Where("registration_id = ? AND session_id = ?", registrationID, session).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return Presence{RegistrationID: registrationID, SessionID: session}, nil
	}
	return p, err
}

// PresenceOf tells where somebody is.
func (s *Service) PresenceOf(ctx context.Context, registrationID, session string) (Presence, error) {
	return presence(ctx, s.db.Read, registrationID, session)
}
