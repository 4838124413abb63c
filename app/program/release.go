package program

import (
	"context"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/text"
)

// Release publishes the draft under the next number. A draft that is the same
// as the newest release is refused: people would be told of nothing.
func (s *Service) Release(ctx context.Context, by string, e edition.Edition, name string, note text.Texts) (Release, error) {
	name, err := checkRelease(name, note)
	if err != nil {
		return Release{}, err
	}
	var r Release
	err = s.change(ctx, by, e, "program.release", func(ctx context.Context, tx bun.Tx) (string, error) {
		var err error
		if r, err = s.releaseChanged(ctx, tx, e, name, note); err == nil && r.ID == "" {
			err = fail.Clash("program.nothing_new")
		}
		return r.ID, err
	})
	return r, err
}

func checkRelease(name string, note text.Texts) (string, error) {
	f := fail.Fields{}
	name = line(f, "name", name, maxName, false)
	texts(f, "note", note, maxAbstract, false)
	return name, f.Err()
}

// Releases lists the edition's releases, the newest first.
func (s *Service) Releases(ctx context.Context, e edition.Edition) ([]Release, error) {
	var list []Release
	err := s.db.Read.NewSelect().Model(&list).Where("edition_id = ?", e.ID).Order("number DESC").Scan(ctx)
	return list, err
}

// releaseChanged copies the draft under the next number and tells whoever
// listens, unless that would change nothing: then there is no release, and its
// number is 0. The edition's row is held, so numbers have no gaps.
func (s *Service) releaseChanged(ctx context.Context, tx bun.IDB, e edition.Edition, name string, note text.Texts) (Release, error) {
	changes, last, err := pending(ctx, tx, e)
	if err != nil || len(changes) == 0 {
		return Release{}, err
	}
	r := Release{ID: db.NewID(), EditionID: e.ID, Number: last.Number + 1, Name: name, Note: note, ReleasedAt: s.now()}
	if _, err := tx.NewInsert().Model(&r).Exec(ctx); err != nil {
		return r, err
	}
	_, err = tx.NewRaw(`INSERT INTO slot (id, session_id, release_id, room_id, starts_at, ends_at, cancelled)
		SELECT ? || '.' || d.session_id, d.session_id, ?, d.room_id, d.starts_at, d.ends_at, s.cancelled
		FROM slot AS d JOIN session AS s ON s.id = d.session_id
		WHERE d.release_id IS NULL AND s.edition_id = ?`, r.ID, r.ID, e.ID).Exec(ctx)
	if err != nil {
		return r, err
	}
	for _, l := range s.listeners {
		if err := l.Released(ctx, tx, e, r, changes); err != nil {
			return r, err
		}
	}
	return r, nil
}
