package material

import (
	"context"
	"database/sql"
	"errors"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
)

// Add gives a session a piece of material, after those it has.
func (s *Service) Add(ctx context.Context, by string, e edition.Edition, sessionID string, in Input) (Material, error) {
	if err := in.check(); err != nil {
		return Material{}, err
	}
	id := db.NewID()
	m := Material{ID: id, EditionID: e.ID, SessionID: sessionID, Slug: id, Kind: in.Kind, Title: in.Title, URL: in.URL, CreatedAt: s.now()}
	err := s.change(ctx, by, e, "material.new", m.ID, func(ctx context.Context, tx bun.Tx) error {
		known, err := tx.NewSelect().Table("session").Where("id = ?", sessionID).Where("edition_id = ?", e.ID).Exists(ctx)
		if err != nil {
			return err
		}
		if !known {
			return fail.Missing("material.session_missing")
		}
		if m.Rank, err = beside(ctx, tx, m); err != nil {
			return err
		}
		_, err = tx.NewInsert().Model(&m).Exec(ctx)
		return err
	})
	return m, err
}

// Change replaces what is said of a piece of material.
func (s *Service) Change(ctx context.Context, by string, e edition.Edition, id string, in Input) (Material, error) {
	if err := in.check(); err != nil {
		return Material{}, err
	}
	var m Material
	err := s.change(ctx, by, e, "material.change", id, func(ctx context.Context, tx bun.Tx) error {
		err := tx.NewSelect().Model(&m).Where("id = ?", id).Where(ofEdition, e.ID).Scan(ctx)
		if errors.Is(err, sql.ErrNoRows) {
			return fail.Missing("material.missing")
		}
		if err != nil {
			return err
		}
		if in.Kind != m.Kind {
			m.Extra = Extra{}
		}
		m.Kind, m.Title, m.URL = in.Kind, in.Title, in.URL
		if _, err := beside(ctx, tx, m); err != nil {
			return err
		}
		_, err = tx.NewUpdate().Model(&m).Column("kind", "title", "url", "extra").
			Where("id = ?", id).Where(ofEdition, e.ID).Exec(ctx)
		return err
	})
	return m, err
}

// Remove takes a piece of material away.
func (s *Service) Remove(ctx context.Context, by string, e edition.Edition, id string) error {
	return s.change(ctx, by, e, "material.remove", id, func(ctx context.Context, tx bun.Tx) error {
		res, err := tx.NewDelete().Model((*Material)(nil)).Where("id = ?", id).Where(ofEdition, e.ID).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fail.Missing("material.missing"))
		}
		return nil
	})
}

// beside looks at the session's other material: the address may not be there
// yet, nor may there be too much. It gives the rank after them.
func beside(ctx context.Context, tx bun.IDB, m Material) (rank int64, err error) {
	var others []Material
	err = tx.NewSelect().Model(&others).Column("id", "url", "rank").
		Where("session_id = ?", m.SessionID).Where("id <> ?", m.ID).Scan(ctx)
	if err != nil {
		return 0, err
	}
	for _, o := range others {
		if o.URL == m.URL {
			return 0, fail.Wrong("url", "material.url_twice")
		}
		rank = max(rank, o.Rank)
	}
	if len(others) >= maxPerSession {
		return 0, fail.Clash("material.too_many", "max", maxPerSession)
	}
	return rank + 1, nil
}

// change runs one use case in a transaction of its own. Raising the edition's
// revision first takes its row, so that two people adding at once are one after
// the other.
func (s *Service) change(ctx context.Context, by string, e edition.Edition, act, subject string,
	fn func(ctx context.Context, tx bun.Tx) error) error {
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := edition.Touch(ctx, tx, e.ID); err != nil {
			return err
		}
		if err := fn(ctx, tx); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s.now(), audit.Entry{Person: by, Edition: e.ID, Act: act, Subject: subject})
	})
	if err == nil {
		s.editions.Forget()
	}
	return err
}
