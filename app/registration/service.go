package registration

import (
	"context"
	"crypto/hmac"
	"database/sql"
	"errors"
	"time"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
)

// fresh is how long another node's acts may stay unseen in the counts shown.
const fresh = time.Second

// Service is the way in for everything about places.
type Service struct {
	db       *db.DB
	now      func() time.Time
	editions *edition.Service
	secret   []byte
	baseURL  string
	group    *db.Group[act, Result]
	drops    *db.Group[string, struct{}] // drafts to be forgotten

	followers []Follower

	counts *db.Recent[string, Places]
	setups *db.Recent[string, Setup]
}

// maxKept bounds the editions whose counts and rules are kept in memory.
const maxKept = 500

// New makes the service and starts its writer. secret signs tickets; baseURL
// is where the links of letters point.
func New(d *db.DB, now func() time.Time, editions *edition.Service, secret []byte, baseURL string) *Service {
	s := &Service{db: d, now: now, editions: editions, secret: secret, baseURL: baseURL,
		counts: db.NewRecent[string, Places](now, fresh, maxKept), setups: db.NewRecent[string, Setup](now, fresh, maxKept)}
	s.group = db.NewGroup(d, s.set, func([]act, []db.Outcome[Result]) { s.counts.Forget() })
	s.drops = db.NewGroup(d, dropDrafts, nil)
	return s
}

// Followers are told of registrations that left, switched or changed hands. They
// are named once, before the first act.
func (s *Service) Followers(list ...Follower) { s.followers = list }

// Close finishes what waits.
func (s *Service) Close() {
	s.group.Close()
	s.drops.Close()
}

// Places gives the counts of an edition, at most a second old while the
// database answers, and the last ones known while it does not.
func (s *Service) Places(ctx context.Context, editionID string) (Places, error) {
	return s.counts.Get(ctx, editionID, func(ctx context.Context) (Places, error) {
		var rows []Place
		err := s.db.Read.NewSelect().Model(&rows).Where("edition_id = ?", editionID).Scan(ctx)
		places := Places{}
		for _, p := range rows {
			places[p.Kind] = p
		}
		return places, err
	})
}

// ByToken opens a ticket. A wrong or outdated token and a missing registration
// are the same to the caller.
func (s *Service) ByToken(ctx context.Context, token string) (Registration, error) {
	id, mac, ok := openToken(token)
	if !ok {
		return Registration{}, fail.Missing("registration.ticket_missing")
	}
	r, err := s.one(ctx, "id = ?", id)
	if err != nil {
		return r, err
	}
	if !hmac.Equal(mac, s.mac(r)) {
		return Registration{}, fail.Missing("registration.ticket_missing")
	}
	return r, nil
}

// ByCode finds an edition's registration by the code on its ticket.
func (s *Service) ByCode(ctx context.Context, editionID, code string) (Registration, error) {
	return s.one(ctx, "edition_id = ? AND code = ?", editionID, CleanCode(code))
}

// OfPerson finds a person's registration for an edition, if there is a live one.
func (s *Service) OfPerson(ctx context.Context, editionID, personID string) (Registration, error) {
	return s.one(ctx, "edition_id = ? AND person_id = ? AND state <> ?", editionID, personID, Cancelled)
}

// AllOfPerson lists a person's registrations, the newest first.
func (s *Service) AllOfPerson(ctx context.Context, personID string) ([]Registration, error) {
	var rows []Registration
	err := s.db.Read.NewSelect().Model(&rows).Where("person_id = ?", personID).Order("created_at DESC").Scan(ctx)
	return rows, err
}

func (s *Service) one(ctx context.Context, where string, args ...any) (Registration, error) {
	var r Registration
	err := s.db.Read.NewSelect().Model(&r).Where(where, args...).Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return r, fail.Missing("registration.ticket_missing")
	}
	return r, err
}

// Position tells how many are before r in the waiting list, counting itself.
func (s *Service) Position(ctx context.Context, r Registration) (int64, error) {
	if r.State != Waiting || r.Pending {
		return 0, nil
	}
	n, err := s.db.Read.NewSelect().Model((*Registration)(nil)).
		Where("edition_id = ? AND kind = ? AND state = 'waiting' AND NOT pending AND line <= ?", r.EditionID, r.Kind, r.Line).Count(ctx)
	return int64(n), err
}

// PartyOf lists those who came along with a registration, itself first, in the
// order they were written down; nothing for who came alone.
func (s *Service) PartyOf(ctx context.Context, r Registration) ([]Registration, error) {
	if r.Party != r.ID {
		return nil, nil // only who registered them all sees all
	}
	var rows []Registration
	err := s.db.Read.NewSelect().Model(&rows).Where("party = ?", r.Party).Order("id").Scan(ctx)
	return rows, err
}
