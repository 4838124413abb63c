package app

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/qa"
	"agora/migrations"
)

// A backup is a zip: manifest.json says of which kind and moment it is, a file
// per table holds its rows, and secret signs the tickets that are out there. It
// does not depend on the engine: one of SQLite can be restored to PostgreSQL.

const (
	backupKind = "agora-backup"
	backupForm = 1
	maxSecret  = 4 << 10
)

type manifest struct {
	Kind      string    `json:"kind"`
	Form      int       `json:"form"`
	CreatedAt time.Time `json:"created_at"`
	Engine    db.Engine `json:"engine"`
}

var errNotBackup = errors.New("this file is no backup of Agora, or it was cut off")

// Backup writes everything into path, as of one moment, while the server may
// be running. The file appears whole or not at all.
func Backup(ctx context.Context, cfg Config, now time.Time, path string) (err error) {
	d, secret, err := openKept(ctx, cfg)
	if err != nil {
		return err
	}
	defer d.Close()
	tmp, err := os.CreateTemp(filepath.Dir(path), ".agora-backup-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	if err := writeBackup(ctx, d, secret, now, tmp); err != nil {
		return errors.Join(err, tmp.Close())
	}
	if err := errors.Join(tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

// openKept opens the database of an installation without changing anything.
func openKept(ctx context.Context, cfg Config) (*db.DB, []byte, error) {
	address := cfg.DatabaseURL
	if address == "" {
		address = filepath.Join(cfg.Data, "agora.db")
		if _, err := os.Stat(address); err != nil {
			return nil, nil, fmt.Errorf("there is no database in %q; name the data folder with AGORA_DATA", cfg.Data)
		}
	}
	d, err := db.Open(ctx, address)
	if err != nil {
		return nil, nil, err
	}
	secret, err := ownSecret(ctx, d, cfg.Secret, cfg.Data)
	if err != nil {
		return nil, nil, errors.Join(err, d.Close())
	}
	return d, secret, nil
}

func writeBackup(ctx context.Context, d *db.DB, secret []byte, now time.Time, w io.Writer) error {
	z := zip.NewWriter(w)
	err := d.Snapshot(ctx, func(ctx context.Context, tx bun.Tx) error {
		for _, table := range db.Tables {
			f, err := z.Create("tables/" + table + ".jsonl")
			if err != nil {
				return err
			}
			if err := db.Dump(ctx, tx, table, f); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	about, err := json.MarshalIndent(manifest{Kind: backupKind, Form: backupForm, CreatedAt: now.UTC(), Engine: d.Engine}, "", "  ")
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{"secret": secret, "manifest.json": about} {
		f, err := z.Create(name)
		if err != nil {
			return err
		}
		if _, err := f.Write(content); err != nil {
			return err
		}
	}
	return z.Close()
}

// Restore puts a backup into an empty data folder (and an empty database). All
// rows go in with one transaction.
func Restore(ctx context.Context, cfg Config, path string) error {
	z, err := zip.OpenReader(path)
	if err != nil {
		return errNotBackup
	}
	defer z.Close()
	if err := checkManifest(&z.Reader); err != nil {
		return err
	}
	secret, err := readEntry(&z.Reader, "secret", maxSecret)
	if err != nil {
		return err
	}
	if cfg.Secret != "" && cfg.Secret != string(secret) {
		return errors.New("AGORA_SECRET is set to another secret than the backup's; unset it, or set it to the one the backup was made with")
	}
	if err := emptyFolder(cfg.Data); err != nil {
		return err
	}
	address := cfg.DatabaseURL
	if address == "" {
		address = filepath.Join(cfg.Data, "agora.db")
	}
	// The secret goes first: a database whose tickets nothing signs would be worse
	// than none.
	if err := os.WriteFile(filepath.Join(cfg.Data, "secret"), append(secret, '\n'), 0o600); err != nil {
		return err
	}
	if err := restoreInto(ctx, address, &z.Reader); err != nil {
		// Otherwise the right file, tried next, would find the folder taken.
		for _, name := range []string{"secret", "agora.db", "agora.db-wal", "agora.db-shm"} {
			err = errors.Join(err, removeAny(filepath.Join(cfg.Data, name)))
		}
		return err
	}
	return nil
}

func removeAny(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func restoreInto(ctx context.Context, address string, z *zip.Reader) error {
	d, err := db.Open(ctx, address)
	if err != nil {
		return err
	}
	_, err = db.Migrate(ctx, d, migrations.For(string(d.Engine)))
	if err == nil {
		err = d.Tx(ctx, func(ctx context.Context, tx bun.Tx) error { return restoreTables(ctx, tx, z) })
	}
	return errors.Join(err, d.Close())
}

func restoreTables(ctx context.Context, tx bun.Tx, z *zip.Reader) error {
	for _, table := range db.Tables {
		if table == "setting" {
			continue // holds what opening it has written
		}
		if taken, err := tx.NewSelect().TableExpr("?", bun.Ident(table)).Exists(ctx); err != nil {
			return err
		} else if taken {
			return errors.New("the database is not empty; restore into an empty one")
		}
	}
	if _, err := tx.NewRaw("DELETE FROM setting").Exec(ctx); err != nil {
		return err
	}
	for _, table := range db.Tables {
		f, err := z.Open("tables/" + table + ".jsonl")
		if err != nil {
			return errNotBackup
		}
		err = db.Load(ctx, tx, table, f)
		if err = errors.Join(err, f.Close()); err != nil {
			return fmt.Errorf("the backup is damaged and nothing was restored: %s", strings.ReplaceAll(err.Error(), "\n", "; "))
		}
	}
	// Viewers that kept a state of before must not take it for a newer one.
	return qa.RenewEpochs(ctx, tx)
}

func checkManifest(z *zip.Reader) error {
	b, err := readEntry(z, "manifest.json", maxSecret)
	if err != nil {
		return err
	}
	var m manifest
	if err := json.Unmarshal(b, &m); err != nil || m.Kind != backupKind {
		return errNotBackup
	}
	if m.Form > backupForm {
		return errors.New("this backup was made by a newer version of Agora; restore it with that version")
	}
	return nil
}

func readEntry(z *zip.Reader, name string, most int64) ([]byte, error) {
	f, err := z.Open(name)
	if err != nil {
		return nil, errNotBackup
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return nil, errNotBackup
	}
	return bytes.TrimSpace(b), nil
}

// emptyFolder makes the folder, or sees that nothing of a site is in it.
func emptyFolder(path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() == "agora.db" || e.Name() == "secret" }) {
		return fmt.Errorf("the data folder %q already holds a site; restore into an empty one", path)
	}
	return nil
}
