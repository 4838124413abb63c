package meet

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

// life is how long listings are kept after the day.
const life = 24 * time.Hour

// Service is the way in for who is coming.
type Service struct {
	db  *db.DB
	now func() time.Time
}

// New makes the service.
func New(d *db.DB, now func() time.Time) *Service { return &Service{db: d, now: now} }

// Save lists a person or, without the wish, takes them off the list. Conflict
// when the edition has no list, when it is over, and for those without a place;
// leaving the list is always possible.
func (s *Service) Save(ctx context.Context, e edition.Edition, r registration.Registration, in Input) error {
	if in.Wish {
		if err := in.check(); err != nil {
			return err
		}
	}
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		stored, err := claim(ctx, tx, e, r)
		if err != nil {
			return err
		}
		if !in.Wish {
			_, err := tx.NewDelete().Model((*row)(nil)).Where("registration_id = ?", stored.ID).Exec(ctx)
			return err
		}
		if err := s.allowed(ctx, tx, e, stored); err != nil {
			return err
		}
		one := row{RegistrationID: stored.ID, EditionID: e.ID, About: in.About, Topics: in.Topics, CreatedAt: s.now()}
		_, err = tx.NewInsert().Model(&one).On("CONFLICT (registration_id) DO UPDATE").
			Set("about = EXCLUDED.about, topics = EXCLUDED.topics").Exec(ctx)
		return err
	})
}

// claim reads the registration under the edition's lock, so that what one
// person says cannot come to stand under the name of the next.
func claim(ctx context.Context, tx bun.IDB, e edition.Edition, r registration.Registration) (registration.Registration, error) {
	if err := registration.Lock(ctx, tx, e.ID); err != nil {
		return r, err
	}
	var stored registration.Registration
	err := tx.NewSelect().Model(&stored).Where("id = ? AND edition_id = ?", r.ID, e.ID).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) || err == nil && stored.Version != r.Version {
		return stored, fail.Missing("registration.ticket_missing")
	}
	return stored, err
}

func (s *Service) allowed(ctx context.Context, tx bun.IDB, e edition.Edition, r registration.Registration) error {
	on, err := offered(ctx, tx, e.ID)
	_, attends := r.Attends()
	switch {
	case err != nil:
		return err
	case !on:
		return fail.Clash("meet.off")
	case !s.now().Before(e.EndsAt):
		return fail.Clash("meet.over")
	case !attends:
		return fail.Clash("meet.not_attending")
	}
	return nil
}

// offered reports whether an edition shows who is coming.
func offered(ctx context.Context, idb bun.IDB, editionID string) (bool, error) {
	var setup registration.Setup
	err := idb.NewSelect().Model(&setup).Column("rules").Where("edition_id = ?", editionID).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return registration.UsualRules.Meet, nil
	}
	return setup.Rules.Meet, err
}

// Mine gives what a registration is listed with; without the wish when it is not.
func (s *Service) Mine(ctx context.Context, registrationID string) (Input, error) {
	var one row
	err := s.db.Read.NewSelect().Model(&one).Where("registration_id = ?", registrationID).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return Input{}, nil
	}
	return Input{Wish: err == nil, About: one.About, Topics: one.Topics}, err
}

var _ registration.Follower = (*Service)(nil)

// Follow deletes the listings of those who have left and of those who handed
// their place over: what the former holder said is not the new one's word. Who has to wait for a
// place again is not shown meanwhile; see List.
func (s *Service) Follow(ctx context.Context, tx bun.IDB, _ edition.Edition, _ time.Time, moves []registration.Move) error {
	var ids []string
	for _, m := range moves {
		if !m.Registration.Live() || m.Handed {
			ids = append(ids, m.Registration.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	_, err := tx.NewDelete().Model((*row)(nil)).Where("registration_id IN (?)", bun.List(ids)).Exec(ctx)
	return err
}

// Purge deletes the listings of editions that ended a day ago, and tells of how
// many.
func (s *Service) Purge(ctx context.Context) (int64, error) {
	res, err := s.db.Write.NewRaw("DELETE FROM listing WHERE edition_id IN (SELECT id FROM edition WHERE ends_at <= ?)",
		s.now().Add(-life)).Exec(ctx)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}
