package speaking

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/material"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/registration"
	"agora/app/text"
)

// Service is the way in for all that speakers do themselves.
type Service struct {
	db            *db.DB
	now           func() time.Time
	words         *text.Catalogue
	accounts      *account.Service
	editions      *edition.Service
	programs      *program.Service
	materials     *material.Service
	registrations *registration.Service
	qa            *qa.Service
	secret        []byte
	baseURL       string
}

// New makes the service. secret signs the links; baseURL is where they point.
func New(d *db.DB, now func() time.Time, words *text.Catalogue, accounts *account.Service, editions *edition.Service, programs *program.Service,
	materials *material.Service, registrations *registration.Service, questions *qa.Service, secret []byte, baseURL string) *Service {
	return &Service{db: d, now: now, words: words, accounts: accounts, editions: editions, programs: programs,
		materials: materials, registrations: registrations, qa: questions, secret: secret, baseURL: baseURL}
}

// Of gives a speaker's own side; Missing when they have none yet.
func (s *Service) Of(ctx context.Context, e edition.Edition, speakerID string) (Speaking, error) {
	var x Speaking
	err := s.db.Read.NewSelect().Model(&x).Where("speaker_id = ? AND edition_id = ?", speakerID, e.ID).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return x, fail.Missing("speaking.missing")
	}
	return x, err
}

// OfEdition gives what there is of an edition's speakers, by the speaker's id.
func (s *Service) OfEdition(ctx context.Context, editionID string) (map[string]Speaking, error) {
	var rows []Speaking
	err := s.db.Read.NewSelect().Model(&rows).Where("edition_id = ?", editionID).Scan(ctx)
	by := make(map[string]Speaking, len(rows))
	for _, x := range rows {
		by[x.SpeakerID] = x
	}
	return by, err
}

// Refused gives the speakers of an edition who have said no to something.
func (s *Service) Refused(ctx context.Context, editionID string) (map[string]Consent, error) {
	all, err := s.OfEdition(ctx, editionID)
	by := map[string]Consent{}
	for id, x := range all {
		for _, what := range Subjects {
			if x.Consent.Refuses(what) {
				by[id] = x.Consent
			}
		}
	}
	return by, err
}

// Withholds reports whether a file is a picture that is kept and may not be shown,
// because its speaker has said no to that.
func (s *Service) Withholds(ctx context.Context, fileID string) (bool, error) {
	return s.db.Read.NewSelect().Model((*Speaking)(nil)).Where("withheld = ? AND withheld <> ''", fileID).Exists(ctx)
}

// Attending gives the registrations by which the speakers of an edition attend:
// who has accepted, by the id of the registration.
func (s *Service) Attending(ctx context.Context, editionID string) (map[string]Speaking, error) {
	var rows []Speaking
	err := s.db.Read.NewSelect().Model(&rows).Where("edition_id = ? AND state = ? AND registration_id <> ''", editionID, Accepted).Scan(ctx)
	by := make(map[string]Speaking, len(rows))
	for _, x := range rows {
		by[x.RegistrationID] = x
	}
	return by, err
}

// Seatless gives the registrations of speakers who have accepted and still wait for
// a seat, by name: their badges are printed all the same.
func (s *Service) Seatless(ctx context.Context, e edition.Edition) ([]registration.Registration, error) {
	var rows []registration.Registration
	err := s.db.Read.NewSelect().Model(&rows).Where("edition_id = ? AND kind = ? AND state IN (?)", e.ID, registration.Onsite,
		bun.List([]registration.State{registration.Waiting, registration.Offered})).
		Where("id IN (SELECT registration_id FROM speaking WHERE edition_id = ? AND state = ?)", e.ID, Accepted).Scan(ctx)
	registration.ByName(rows)
	return rows, err
}
