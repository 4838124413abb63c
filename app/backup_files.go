package app

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/file"
)

// IncompleteError says that a backup was written but lacks files which the store did
// not give whole. It can be restored without them.
type IncompleteError struct{ Names []string }

// Error names some of the files.
func (e *IncompleteError) Error() string {
	few := e.Names[:min(len(e.Names), 10)]
	return fmt.Sprintf("the backup was written, but %d of the files could not be read whole and are not in it: %q. "+
		"Look whether the store of files is complete (agora doctor)", len(e.Names), few)
}

// backupFiles streams the files into the zip, checked against what was taken;
// most are packed already, so they are only stored. lost are those that were not
// whole.
func backupFiles(ctx context.Context, z *zip.Writer, store file.Store, kept []file.File) (lost []file.File, err error) {
	for _, f := range kept {
		w, err := z.CreateHeader(&zip.FileHeader{Name: "files/" + f.ID, Method: zip.Store})
		if err != nil {
			return nil, err
		}
		switch err = file.CopyOut(ctx, store, f, w); {
		case errors.Is(err, file.ErrDamaged):
			lost = append(lost, f)
		case err != nil:
			return nil, err
		}
	}
	return lost, nil
}

// restoreFiles puts the files of a backup into the store, before its rows are
// committed. undo takes back what was put.
func restoreFiles(ctx context.Context, tx bun.Tx, d *db.DB, z *zip.Reader, store file.Store, lost []string) (undo func() error, err error) {
	if d.Engine == db.Postgres {
		// The rows wait while files travel; nobody else uses an empty database.
		if _, err := tx.ExecContext(ctx, "SET LOCAL idle_in_transaction_session_timeout = 0"); err != nil {
			return nil, err
		}
	}
	kept, err := file.AllKept(ctx, tx)
	if err != nil {
		return nil, err
	}
	there := map[string]bool{}
	if err := store.List(ctx, func(name string, _ int64, _ time.Time) error { there[name] = true; return nil }); err != nil {
		return nil, err
	}
	var put []file.File
	undo = func() (err error) {
		for _, f := range put {
			err = errors.Join(err, file.TakeBack(ctx, store, f))
		}
		return err
	}
	for _, f := range kept {
		if slices.Contains(lost, f.ID) {
			continue
		}
		if err := restoreFile(ctx, z, store, f); err != nil {
			return undo, err
		}
		if !there["file/"+f.ID] {
			put = append(put, f)
		}
	}
	return undo, nil
}

func restoreFile(ctx context.Context, z *zip.Reader, store file.Store, f file.File) error {
	r, err := z.Open("files/" + f.ID)
	if err != nil {
		return damagedFile(f)
	}
	err = file.PutBack(ctx, store, f, zipped{r})
	if errClose := r.Close(); err == nil {
		err = errClose
	}
	if errors.Is(err, file.ErrDamaged) || errors.Is(err, zip.ErrChecksum) || errors.Is(err, zip.ErrFormat) {
		return damagedFile(f)
	}
	return err
}

// zipped hides that an entry of a zip is a file: stores would want to go back in it.
type zipped struct{ io.Reader }

func damagedFile(f file.File) error {
	return fmt.Errorf("the backup is damaged and nothing was restored: the file %q in it is not whole", f.Name)
}

// clearStore takes the empty folders of a restore that failed away again.
func clearStore(cfg Config) {
	if cfg.S3URL != "" {
		return
	}
	for _, name := range []string{"file", "part", "check", "site", ""} {
		// What is not empty is somebody's.
		_ = os.Remove(filepath.Join(cfg.Data, "files", name))
	}
}

// removeAny takes a file away that may not be there.
func removeAny(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
