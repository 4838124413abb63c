// Package door knows who has arrived, who is inside and who was at which session.
//
// What is read at a door is a scan: it is stored once, under an id made where it
// was read, and never changed. Devices may have been without network for hours, so
// scans come late, twice and in any order; what they come to is worked out anew
// from all scans of a registration at a place (fold.go), and is therefore the same
// in whatever order they came. The earliest arrival counts.
//
// check_in is the plain fact that others build on: somebody was there at all, and
// since when. presence says where somebody is now, and how long they were there.
// Both follow from the scans and are written with them.
//
// A ticket's QR code is signed (seal.go): a device without network tells a real one
// from a made-up one by itself, and finds what it has to know of its holder in the
// roster it keeps (roster.go).
//
// Tables: check_in, door_setup, door_device, door_scan, presence, door_note.
package door

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/fail"
)

// CheckIn says when somebody arrived and who let them in.
type CheckIn struct {
	bun.BaseModel `bun:"table:check_in"`

	RegistrationID string `bun:",pk"`
	EditionID      string
	At             time.Time
	PersonID       string
}

// Service keeps the door.
type Service struct {
	db      *db.DB
	now     func() time.Time
	rosters *db.Recent[string, Roster]
}

const (
	// rosterAge is how old the roster may be that several devices are given alike.
	rosterAge = time.Second
	// maxRosters bounds the editions whose roster is kept in memory.
	maxRosters = 20
)

// New makes the service.
func New(d *db.DB, now func() time.Time) *Service {
	return &Service{db: d, now: now, rosters: db.NewRecent[string, Roster](now, rosterAge, maxRosters)}
}

// Arrived tells whether a registration has been checked in.
func (s *Service) Arrived(ctx context.Context, registrationID string) (bool, error) {
	c := CheckIn{RegistrationID: registrationID}
	err := s.db.Read.NewSelect().Model(&c).WherePK().Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
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

// missing turns an absent row into the kind that says so.
func missing(err error, key string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fail.Missing(key)
	}
	return err
}
