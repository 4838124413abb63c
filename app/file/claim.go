package file

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"agora/app/db"
)

// A store belongs to one site: what no row speaks of is swept away, and another
// site's files would be. So the store holds the site's mark, which stands in the
// database too.
const (
	claimName    = "site/0"
	claimSetting = "files"
	maxClaim     = 100
)

// ErrOtherSite says that a store holds the files of another site.
var ErrOtherSite = errors.New("it holds the files of another site; give this one a folder or a prefix of its own")

// Claim sees that the store is this site's, and takes one that is nobody's yet.
func (s *Service) Claim(ctx context.Context) error {
	mine, err := s.db.Setting(ctx, claimSetting, db.NewID())
	if err != nil {
		return err
	}
	theirs, err := readClaim(ctx, s.store)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return s.store.Put(ctx, claimName, strings.NewReader(mine), int64(len(mine)))
	case err != nil:
		return fmt.Errorf("the store of files: %w", err)
	case theirs != mine:
		return ErrOtherSite
	}
	return nil
}

func readClaim(ctx context.Context, store Store) (string, error) {
	r, err := store.Open(ctx, claimName, 0, maxClaim)
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(r)
	return string(b), errors.Join(err, r.Close())
}

// Check writes, reads and deletes something in a store: what it may not do is
// better known before the day.
func Check(ctx context.Context, store Store) error {
	name := "check/" + db.NewID()
	if err := store.Put(ctx, name, strings.NewReader(name), int64(len(name))); err != nil {
		return fmt.Errorf("it cannot be written to: %w", err)
	}
	r, err := store.Open(ctx, name, 0, int64(len(name)))
	if err != nil {
		return fmt.Errorf("it cannot be read from: %w", err)
	}
	b, err := io.ReadAll(r)
	if err = errors.Join(err, r.Close()); err != nil || string(b) != name {
		return fmt.Errorf("it gives back something else than was written: %w", errors.Join(err, fs.ErrInvalid))
	}
	if err := store.Remove(ctx, name); err != nil {
		return fmt.Errorf("nothing can be deleted from it: %w", err)
	}
	return nil
}
