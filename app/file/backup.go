package file

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/uptrace/bun"

	"agora/app/db"
)

// ErrDamaged says that a file's bytes are not those that were taken.
var ErrDamaged = errors.New("its bytes are missing or are no longer those that were sent in")

// AllKept lists the files that were taken up, as of the caller's transaction. What
// is loose is in no backup.
func AllKept(ctx context.Context, idb bun.IDB) (files []File, err error) {
	err = idb.NewSelect().Model(&files).Where("kept").Order("id").Scan(ctx)
	return files, err
}

// CopyOut writes a file's bytes for a backup, and ErrDamaged when they are not the
// ones that were taken.
func CopyOut(ctx context.Context, store Store, f File, w io.Writer) error {
	r, err := store.Open(ctx, stored(f.ID), 0, f.Size)
	if errors.Is(err, fs.ErrNotExist) {
		return ErrDamaged
	}
	if err != nil {
		return err
	}
	sum := sha256.New()
	_, err = io.Copy(w, io.TeeReader(r, sum))
	if err = errors.Join(err, r.Close()); err != nil {
		return err
	}
	if hex.EncodeToString(sum.Sum(nil)) != f.SHA256 {
		return ErrDamaged
	}
	return nil
}

// PutBack stores a file's bytes out of a backup; what is not whole does not stay.
func PutBack(ctx context.Context, store Store, f File, r io.Reader) error {
	sum := sha256.New()
	err := store.Put(ctx, stored(f.ID), io.TeeReader(r, sum), f.Size)
	if errors.Is(err, io.ErrUnexpectedEOF) || err == nil && hex.EncodeToString(sum.Sum(nil)) != f.SHA256 {
		err = ErrDamaged
	}
	if err != nil {
		return errors.Join(err, TakeBack(ctx, store, f))
	}
	return nil
}

// TakeBack removes what PutBack stored.
func TakeBack(ctx context.Context, store Store, f File) error {
	return store.Remove(context.WithoutCancel(ctx), stored(f.ID))
}

// Restored settles the tables after a restore: what was loose or being sent had no
// bytes in the backup. It gives the new mark of the store; another site that
// still used the old one must not sweep this one's files away.
func Restored(ctx context.Context, tx bun.IDB) (mark string, err error) {
	mark = db.NewID()
	for _, statement := range []string{"DELETE FROM upload", "DELETE FROM file WHERE NOT kept"} {
		if _, err := tx.NewRaw(statement).Exec(ctx); err != nil {
			return "", err
		}
	}
	_, err = tx.NewRaw("UPDATE setting SET value = ? WHERE name = ?", mark, claimSetting).Exec(ctx)
	return mark, err
}

// MayRestore sees that a store is nobody's, or that of the site in the backup.
func MayRestore(ctx context.Context, tx bun.IDB, store Store) error {
	theirs, err := readClaim(ctx, store)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("the store of files: %w", err)
	}
	known, err := tx.NewSelect().Table("setting").Where("name = ? AND value = ?", claimSetting, theirs).Exists(ctx)
	if err == nil && !known {
		err = ErrOtherSite
	}
	return err
}

// Mark writes the mark of a restored site into its store.
func Mark(ctx context.Context, store Store, mark string) error {
	return store.Put(ctx, claimName, strings.NewReader(mark), int64(len(mark)))
}
