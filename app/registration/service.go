package registration

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"

	"github.com/uptrace/bun"

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

	mu     sync.RWMutex
	counts map[string]keptPlaces
}

type keptPlaces struct {
	places Places
	until  time.Time
}

// New makes the service and starts its writer. secret signs tickets; baseURL
// is where the links of letters point.
func New(d *db.DB, now func() time.Time, editions *edition.Service, secret []byte, baseURL string) *Service {
	s := &Service{db: d, now: now, editions: editions, secret: secret, baseURL: baseURL, counts: map[string]keptPlaces{}}
	s.group = db.NewGroup(d, s.set, func([]act, []db.Outcome[Result]) { s.forget() })
	return s
}

// Close finishes what waits.
func (s *Service) Close() { s.group.Close() }

// Register claims a place. The key makes repeating safe; its zero value is for
// callers that cannot repeat. What is refused: Conflict when registration is
// not open or the address is known, Invalid for problems in the input.
func (s *Service) Register(ctx context.Context, e edition.Edition, in Input, key db.Key) (Result, error) {
	if err := in.Check(e); err != nil {
		return Result{}, err
	}
	if !key.Zero() {
		key.BodyHash = db.HashBody(in)
	}
	return s.group.Do(ctx, act{edition: e, at: s.now(), register: &in, key: key})
}

// Add registers somebody on behalf of an organiser, whatever the clock says.
func (s *Service) Add(ctx context.Context, e edition.Edition, by string, in Input) (Result, error) {
	if err := in.Check(e); err != nil {
		return Result{}, err
	}
	return s.group.Do(ctx, act{edition: e, at: s.now(), by: by, register: &in})
}

// Cancel ends a claim; by is empty when the person does it.
func (s *Service) Cancel(ctx context.Context, e edition.Edition, by string, r Registration) (Result, error) {
	return s.group.Do(ctx, act{edition: e, at: s.now(), by: by, cancel: r.ID})
}

// Switch asks for the other kind of place.
func (s *Service) Switch(ctx context.Context, e edition.Edition, r Registration, to Kind) (Result, error) {
	if to != Onsite && to != Remote {
		return Result{}, fail.Wrong("place", "registration.place_unknown")
	}
	return s.group.Do(ctx, act{edition: e, at: s.now(), change: &change{id: r.ID, to: to}})
}

// Resize sets the capacity of the kinds named; nil is unlimited.
func (s *Service) Resize(ctx context.Context, e edition.Edition, by string, capacity map[Kind]*int64) error {
	if err := CheckCapacity(capacity); err != nil {
		return err
	}
	_, err := s.group.Do(ctx, act{edition: e, at: s.now(), by: by, resize: capacity})
	return err
}

// Settings changes an edition and its capacities together, or neither.
func (s *Service) Settings(ctx context.Context, e edition.Edition, by string, in edition.Input, capacity map[Kind]*int64) error {
	in.Slug = e.Slug
	problems := fail.Fields{}
	for _, err := range []error{in.Check(), CheckCapacity(capacity)} {
		if bad, ok := fail.As(err); ok {
			for name, list := range bad.Fields {
				problems[name] = list
			}
		}
	}
	if err := problems.Err(); err != nil {
		return err
	}
	_, err := s.group.Do(ctx, act{edition: e, at: s.now(), by: by, resize: capacity, settings: &in})
	s.editions.Forget()
	return err
}

const maxCapacity = 1_000_000 // beyond any hall; keeps sums far from overflow

// CheckCapacity gives the problems of capacities as numbers; nil is unlimited.
func CheckCapacity(capacity map[Kind]*int64) error {
	f := fail.Fields{}
	for kind, n := range capacity {
		if n != nil && (*n < 0 || *n > maxCapacity) {
			f.Add("capacity_"+string(kind), "registration.capacity_form", "max", maxCapacity)
		}
	}
	return f.Err()
}

// NewEdition makes an edition together with its places, or neither.
func (s *Service) NewEdition(ctx context.Context, by string, series edition.Series, in edition.Input, capacity map[Kind]*int64) (edition.Edition, error) {
	if err := CheckCapacity(capacity); err != nil {
		return edition.Edition{}, err
	}
	var e edition.Edition
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		var err error
		if e, err = edition.Insert(ctx, tx, s.now(), by, series, in); err != nil {
			return err
		}
		rows := make([]Place, len(Kinds))
		for i, kind := range Kinds {
			rows[i] = Place{EditionID: e.ID, Kind: kind, Capacity: capacity[kind]}
		}
		_, err = tx.NewInsert().Model(&rows).Exec(ctx)
		return err
	})
	s.editions.Forget()
	return e, err
}

// Places gives the counts of an edition, at most a second old.
func (s *Service) Places(ctx context.Context, editionID string) (Places, error) {
	s.mu.RLock()
	k, ok := s.counts[editionID]
	s.mu.RUnlock()
	if ok && s.now().Before(k.until) {
		return k.places, nil
	}
	var rows []Place
	if err := s.db.Read.NewSelect().Model(&rows).Where("edition_id = ?", editionID).Scan(ctx); err != nil {
		return nil, err
	}
	places := Places{}
	for _, p := range rows {
		places[p.Kind] = p
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts[editionID] = keptPlaces{places: places, until: s.now().Add(fresh)}
	return places, nil
}

func (s *Service) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.counts)
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
	if !equalMAC(mac, s.mac(r)) {
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
	if r.State != Waiting {
		return 0, nil
	}
	n, err := s.db.Read.NewSelect().Model((*Registration)(nil)).
		Where("edition_id = ? AND kind = ? AND state = ? AND line <= ?", r.EditionID, r.Kind, Waiting, r.Line).Count(ctx)
	return int64(n), err
}
