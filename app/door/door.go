// Package door knows who has arrived. A registration is checked in at most once;
// doing it again tells when it was done before.
//
// Tables: check_in.
package door

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration"
)

// CheckIn says when somebody arrived and who let them in.
type CheckIn struct {
	bun.BaseModel `bun:"table:check_in"`

	RegistrationID string `bun:",pk"`
	EditionID      string
	At             time.Time
	PersonID       string
}

// Service checks people in.
type Service struct {
	db  *db.DB
	now func() time.Time
}

// New makes the service.
func New(d *db.DB, now func() time.Time) *Service { return &Service{db: d, now: now} }

// Arrive checks a registration in. again tells that it had been done before,
// and the check-in is then the earlier one. Only a confirmed place on site of
// this edition opens the door.
func (s *Service) Arrive(ctx context.Context, e edition.Edition, by string, r registration.Registration) (c CheckIn, again bool, err error) {
	switch {
	case r.EditionID != e.ID:
		return c, false, fail.Missing("door.unknown")
	case r.State == registration.Waiting:
		return c, false, fail.Clash("door.waiting")
	case r.State != registration.Confirmed:
		return c, false, fail.Clash("door.cancelled")
	case r.Kind != registration.Onsite:
		return c, false, fail.Clash("door.remote")
	}
	c = CheckIn{RegistrationID: r.ID, EditionID: e.ID, At: s.now(), PersonID: by}
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		// The place is looked at once more in the statement itself: it may have been
		// cancelled since the registration was read.
		res, err := tx.NewRaw(`INSERT INTO check_in (registration_id, edition_id, at, person_id)
			SELECT id, edition_id, ?, ? FROM registration WHERE id = ? AND state = ? AND kind = ?
			ON CONFLICT (registration_id) DO NOTHING`,
			c.At, by, r.ID, registration.Confirmed, registration.Onsite).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 1 {
			return err
		}
		again = true
		err = tx.NewSelect().Model(&c).WherePK().Scan(ctx)
		if errors.Is(err, sql.ErrNoRows) {
			return fail.Clash("door.cancelled")
		}
		return err
	})
	return c, again, err
}

// Undo takes a check-in back.
func (s *Service) Undo(ctx context.Context, e edition.Edition, registrationID string) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewDelete().Model((*CheckIn)(nil)).
			Where("registration_id = ? AND edition_id = ?", registrationID, e.ID).Exec(ctx)
		return err
	})
}

// Arrived tells whether a registration has been checked in.
func (s *Service) Arrived(ctx context.Context, registrationID string) (bool, error) {
	_, err := s.of(ctx, registrationID)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

func (s *Service) of(ctx context.Context, registrationID string) (CheckIn, error) {
	c := CheckIn{RegistrationID: registrationID}
	err := s.db.Read.NewSelect().Model(&c).WherePK().Scan(ctx)
	return c, err
}

// Count tells how many have arrived.
func (s *Service) Count(ctx context.Context, editionID string) (int64, error) {
	n, err := s.db.Read.NewSelect().Model((*CheckIn)(nil)).Where("edition_id = ?", editionID).Count(ctx)
	return int64(n), err
}

// All gives the check-ins of an edition by registration.
func (s *Service) All(ctx context.Context, editionID string) (map[string]CheckIn, error) {
	var rows []CheckIn
	err := s.db.Read.NewSelect().Model(&rows).Where("edition_id = ?", editionID).Scan(ctx)
	byID := make(map[string]CheckIn, len(rows))
	for _, c := range rows {
		byID[c.RegistrationID] = c
	}
	return byID, err
}

// Among gives the check-ins of some registrations, by registration.
func (s *Service) Among(ctx context.Context, registrationIDs []string) (map[string]CheckIn, error) {
	byID := map[string]CheckIn{}
	if len(registrationIDs) == 0 {
		return byID, nil
	}
	var rows []CheckIn
	err := s.db.Read.NewSelect().Model(&rows).Where("registration_id IN (?)", bun.List(registrationIDs)).Scan(ctx)
	for _, c := range rows {
		byID[c.RegistrationID] = c
	}
	return byID, err
}
