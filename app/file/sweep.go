package file

import (
	"context"
	"errors"
	"path"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"agora/app/fail"
)

// sweepSet is how many names of the store are compared with the tables at once.
const sweepSet = 500

// Sweep deletes what nobody took up or went on with for a day: loose files,
// sendings that were cut off, and bytes in the store that no row speaks of.
func (s *Service) Sweep(ctx context.Context) (n int, err error) {
	before := s.now().Add(-looseTime)
	uploads, errUploads := s.sweepUploads(ctx, before)
	files, errFiles := s.sweepFiles(ctx, before)
	rest, errStore := s.sweepStore(ctx, before)
	return uploads + files + rest, errors.Join(errUploads, errFiles, errStore)
}

func (s *Service) sweepUploads(ctx context.Context, before time.Time) (int, error) {
	var old []Upload
	if err := s.db.Read.NewSelect().Model(&old).Where("changed_at < ?", before).Scan(ctx); err != nil {
		return 0, err
	}
	for _, u := range old {
		if err := s.Abort(ctx, u.ID, u.Scope); err != nil && !fail.Is(err, fail.NotFound) {
			return 0, err
		}
	}
	return len(old), nil
}

// sweepFiles deletes rows first: whoever takes a file up at the same moment
// either keeps the row, or is told that it is gone.
func (s *Service) sweepFiles(ctx context.Context, before time.Time) (int, error) {
	var ids []string
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		return tx.NewRaw("DELETE FROM file WHERE NOT kept AND created_at < ? RETURNING id", before).Scan(ctx, &ids)
	})
	for _, id := range ids {
		err = errors.Join(err, s.discard(ctx, stored(id)))
	}
	return len(ids), err
}

// sweepStore removes what a crash left in the store.
func (s *Service) sweepStore(ctx context.Context, before time.Time) (n int, err error) {
	if err := s.Claim(ctx); err != nil {
		return 0, err // what lies there may belong to another site
	}
	var names []string
	flush := func() error {
		gone, err := s.unknown(ctx, names)
		for _, name := range gone {
			err = errors.Join(err, s.store.Remove(ctx, name))
		}
		n += len(gone)
		names = names[:0]
		return err
	}
	err = s.store.List(ctx, func(name string, _ int64, at time.Time) error {
		if at.After(before) || !nameForm.MatchString(name) || name == claimName {
			return nil
		}
		if names = append(names, name); len(names) == sweepSet {
			return flush()
		}
		return nil
	})
	return n, errors.Join(err, flush())
}

// unknown gives those of the names that no row speaks of.
func (s *Service) unknown(ctx context.Context, names []string) (gone []string, err error) {
	var ids []string
	parts := false
	for _, name := range names {
		ids = append(ids, path.Base(name))
		parts = parts || strings.HasPrefix(name, "part/")
	}
	if len(ids) == 0 {
		return nil, nil
	}
	known := map[string]bool{}
	var rows []string
	if err := s.db.Read.NewSelect().Model((*File)(nil)).Column("id").Where("id IN (?)", bun.List(ids)).Scan(ctx, &rows); err != nil {
		return nil, err
	}
	for _, id := range rows {
		known[stored(id)] = true
	}
	if parts {
		var under []Upload
		if err := s.db.Read.NewSelect().Model(&under).Column("parts").Scan(ctx); err != nil {
			return nil, err
		}
		for _, u := range under {
			for _, p := range u.Parts {
				known[partName(p.ID)] = true
			}
		}
	}
	for _, name := range names {
		if !known[name] {
			gone = append(gone, name)
		}
	}
	return gone, nil
}
