package door

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration"
)

// MaxScans bounds what a device sends at once; the rest follows with its next.
const MaxScans = 200

// Merge takes in what a device has read, in whatever order and however often it is
// sent. What cannot be taken, such as a ticket nobody knows, is left out of the
// answer: the device is told it is dealt with all the same.
func (s *Service) Merge(ctx context.Context, e edition.Edition, src Source, scans []Scan) (taken []Scan, err error) {
	if len(scans) == 0 {
		return nil, nil
	}
	if len(scans) > MaxScans {
		return nil, fail.New(fail.TooLarge, "door.too_many")
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		change, err := s.begin(ctx, tx, e.ID)
		if err != nil {
			return err
		}
		taken, err = s.take(ctx, tx, e, src, change, scans)
		return err
	})
	return taken, err
}

// begin takes the edition's lock, so that no seat is given away of somebody who is
// let in this moment, and raises its change number.
func (s *Service) begin(ctx context.Context, tx bun.IDB, editionID string) (change int64, err error) {
	if err := registration.Lock(ctx, tx, editionID); err != nil {
		return 0, err
	}
	err = tx.NewRaw(`INSERT INTO door_setup (edition_id, change) VALUES (?, 1)
		ON CONFLICT (edition_id) DO UPDATE SET change = door_setup.change + 1 RETURNING change`, editionID).Scan(ctx, &change)
	return change, err
}

// shown is what the door has to know of a ticket.
type shown struct {
	ID        string
	Version   int64
	State     registration.State
	Kind      registration.Kind
	ChangedAt time.Time
}

// take stores what is new and works out again everything it touches.
func (s *Service) take(ctx context.Context, tx bun.IDB, e edition.Edition, src Source, change int64, scans []Scan) (taken []Scan, err error) {
	tickets, err := ticketsOf(ctx, tx, e.ID, scans)
	if err != nil {
		return nil, err
	}
	places, err := placesOf(ctx, tx, e.ID, scans)
	if err != nil {
		return nil, err
	}
	now := s.now()
	ids := map[string]bool{}
	for _, scan := range scans {
		ticket, known := tickets[scan.RegistrationID]
		id, err := uuid.Parse(scan.ID)
		if err != nil || !known || !places[scan.SessionID] || !slices.Contains([]Act{In, Out, Undo}, scan.Act) || ids[id.String()] {
			continue
		}
		scan.ID, scan.EditionID, scan.ReceivedAt, scan.Change = id.String(), e.ID, now, change
		ids[scan.ID] = true
		scan.DeviceID, scan.PersonID = src.Device, src.Person
		if scan.At = scan.At.UTC().Truncate(time.Microsecond); scan.At.After(now) || scan.At.Before(now.Add(-oldest)) {
			scan.At = now
		}
		scan.Verdict, scan.Against = ticket.judge(scan), ""
		taken = append(taken, scan)
	}
	if len(taken) == 0 {
		return nil, nil
	}
	if _, err := tx.NewInsert().Model(&taken).On("CONFLICT (id) DO NOTHING").Exec(ctx); err != nil {
		return nil, err
	}
	all, err := refold(ctx, tx, e.ID, change, taken)
	if err != nil {
		return nil, err
	}
	for i := range taken {
		if same := all[taken[i].ID]; same != nil {
			taken[i] = *same
		}
	}
	return taken, nil
}

// oldest is how long ago something may have been read; a device whose clock says
// more is wrong.
const oldest = 14 * 24 * time.Hour

// judge looks at the ticket as it stands. One that was good when it was read, and
// was given up later, has let its holder in all the same.
func (t shown) judge(scan Scan) Verdict {
	switch {
	case scan.Act != In:
		return ""
	case scan.Version != t.Version:
		return Outdated
	case t.State == registration.Confirmed && t.Kind == registration.Onsite, t.ChangedAt.After(scan.At):
		return ""
	}
	return Refused
}

func ticketsOf(ctx context.Context, tx bun.IDB, editionID string, scans []Scan) (map[string]shown, error) {
	var ids []string
	for _, scan := range scans {
		ids = append(ids, scan.RegistrationID)
	}
	var rows []shown
	err := tx.NewRaw("SELECT id, version, state, kind, changed_at FROM registration WHERE edition_id = ? AND id IN (?)", editionID, bun.List(ids)).Scan(ctx, &rows)
	byID := map[string]shown{}
	for _, r := range rows {
		byID[r.ID] = r
	}
	return byID, err
}

// placesOf says which of the places are the edition's.
func placesOf(ctx context.Context, tx bun.IDB, editionID string, scans []Scan) (map[string]bool, error) {
	known := map[string]bool{"": true}
	var ids []string
	for _, scan := range scans {
		if scan.SessionID != "" {
			ids = append(ids, scan.SessionID)
		}
	}
	if len(ids) == 0 {
		return known, nil
	}
	var found []string
	err := tx.NewRaw("SELECT id FROM session WHERE edition_id = ? AND id IN (?)", editionID, bun.List(ids)).Scan(ctx, &found)
	for _, id := range found {
		known[id] = true
	}
	return known, err
}

// spot is one registration at one place.
type spot struct{ registration, session string }

// refold works out again everything about the registrations that scans are of, and
// writes what has changed: presence, verdicts, check-ins.
func refold(ctx context.Context, tx bun.IDB, editionID string, change int64, taken []Scan) (map[string]*Scan, error) {
	var ids []string
	for _, scan := range taken {
		ids = append(ids, scan.RegistrationID)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	var rows []*Scan
	if err := tx.NewSelect().Model(&rows).Where("registration_id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, err
	}
	spots, all := map[spot][]*Scan{}, map[string]*Scan{}
	was := map[string]Scan{}
	for _, r := range rows {
		at := spot{r.RegistrationID, r.SessionID}
		spots[at] = append(spots[at], r)
		all[r.ID], was[r.ID] = r, *r
	}
	var present []Presence
	for at, list := range spots {
		p := fold(list)
		p.RegistrationID, p.SessionID, p.EditionID, p.Change = at.registration, at.session, editionID, change
		present = append(present, p)
	}
	var changed []*Scan
	for _, r := range rows {
		if before := was[r.ID]; before.Verdict != r.Verdict || before.Against != r.Against {
			r.Change = change
			changed = append(changed, r)
		}
	}
	if len(changed) > 0 {
		if _, err := tx.NewUpdate().Model(&changed).Column("verdict", "against", "change").Bulk().Exec(ctx); err != nil {
			return nil, err
		}
	}
	_, err := tx.NewInsert().Model(&present).On("CONFLICT (registration_id, session_id) DO UPDATE").
		Set("first_at = EXCLUDED.first_at, last_at = EXCLUDED.last_at, inside = EXCLUDED.inside, seconds = EXCLUDED.seconds").
		Set("device_id = EXCLUDED.device_id, person_id = EXCLUDED.person_id, change = EXCLUDED.change").Exec(ctx)
	if err != nil {
		return nil, err
	}
	return all, checkIn(ctx, tx, editionID, ids, present)
}

// checkIn writes the fact that somebody was there: since their earliest arrival
// anywhere, for who is at a workshop has come through the door.
func checkIn(ctx context.Context, tx bun.IDB, editionID string, ids []string, present []Presence) error {
	first := map[string]CheckIn{}
	for _, p := range present {
		if c, known := first[p.RegistrationID]; p.Was() && (!known || p.FirstAt.Before(c.At)) {
			first[p.RegistrationID] = CheckIn{RegistrationID: p.RegistrationID, EditionID: editionID, At: *p.FirstAt, PersonID: p.PersonID}
		}
	}
	var rows []CheckIn
	gone := []string{}
	for _, id := range ids {
		if c, came := first[id]; came {
			rows = append(rows, c)
		} else {
			gone = append(gone, id)
		}
	}
	if len(gone) > 0 {
		if _, err := tx.NewDelete().Model((*CheckIn)(nil)).Where("registration_id IN (?)", bun.List(gone)).Exec(ctx); err != nil {
			return err
		}
	}
	if len(rows) == 0 {
		return nil
	}
	_, err := tx.NewInsert().Model(&rows).On("CONFLICT (registration_id) DO UPDATE").
		Set("at = EXCLUDED.at, person_id = EXCLUDED.person_id").Exec(ctx)
	return err
}

// NewScan makes a scan as it is read on the spot.
func (s *Service) NewScan(r registration.Registration, session string, act Act, means Means) Scan {
	return Scan{ID: db.NewID(), RegistrationID: r.ID, SessionID: session, Act: act, Means: means, Version: r.Version, At: s.now()}
}
