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
		same, err := released(ctx, tx, e.ID)
		if err != nil {
			return "", err
		}
		if same {
			return "", fail.Clash("program.nothing_new")
		}
		r, err = s.release(ctx, tx, e.ID, name, note)
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

// release copies the draft. The edition's row is held, so numbers have no gaps.
func (s *Service) release(ctx context.Context, tx bun.IDB, editionID, name string, note text.Texts) (Release, error) {
	last, err := newestRelease(ctx, tx, editionID)
	if err != nil {
		return last, err
	}
	r := Release{ID: db.NewID(), EditionID: editionID, Number: last.Number + 1, Name: name, Note: note, ReleasedAt: s.now()}
	if _, err := tx.NewInsert().Model(&r).Exec(ctx); err != nil {
		return r, err
	}
	_, err = tx.NewRaw(`INSERT INTO slot (id, session_id, release_id, room_id, starts_at, ends_at)
		SELECT ? || '.' || d.session_id, d.session_id, ?, d.room_id, d.starts_at, d.ends_at
		FROM slot AS d JOIN session AS s ON s.id = d.session_id
		WHERE d.release_id IS NULL AND s.edition_id = ?`, r.ID, r.ID, editionID).Exec(ctx)
	return r, err
}

// released reports whether the draft is what the newest release shows. Nothing
// at all is the same as no release.
func released(ctx context.Context, tx bun.IDB, editionID string) (bool, error) {
	last, err := newestRelease(ctx, tx, editionID)
	if err != nil {
		return false, err
	}
	var n struct{ Draft, Public, Shared int64 }
	err = tx.NewRaw(`SELECT
		(SELECT count(*) FROM slot AS d JOIN session AS s ON s.id = d.session_id
			WHERE d.release_id IS NULL AND s.edition_id = ?) AS draft,
		(SELECT count(*) FROM slot WHERE release_id = ?) AS public,
		(SELECT count(*) FROM slot AS p JOIN slot AS d ON d.session_id = p.session_id AND d.release_id IS NULL
			WHERE p.release_id = ? AND p.starts_at = d.starts_at AND p.ends_at = d.ends_at
			AND coalesce(p.room_id, '') = coalesce(d.room_id, '')) AS shared`,
		editionID, last.ID, last.ID).Scan(ctx, &n)
	return n.Draft == n.Public && n.Public == n.Shared, err
}
