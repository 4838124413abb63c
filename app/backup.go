package app

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/file"
	"agora/app/qa"
	"agora/migrations"
)

// A backup is a zip: manifest.json says of which kind and moment it is, a file
// per table holds its rows, files/ holds what people sent in, and secret signs
// the tickets that are out there. It does not depend on the engine nor on where
// files lie: one of SQLite and a folder can be restored to PostgreSQL and a bucket.

const (
	backupKind = "agora-backup"
	backupForm = 2 // from 2 on with files
	maxSecret  = 4 << 10
	// maxManifest holds the ids of many files that were lost.
	maxManifest = 4 << 20
)

type manifest struct {
	Kind      string    `json:"kind"`
	Form      int       `json:"form"`
	CreatedAt time.Time `json:"created_at"`
	Engine    db.Engine `json:"engine"`
	// Lost are the files that the store did not give whole.
	Lost []string `json:"lost,omitempty"`
}

var errNotBackup = errors.New("this file is no backup of Agora, or it was cut off")

// Backup writes everything into path, as of one moment, while the server may
// be running. The file appears whole or not at all. With an IncompleteError it was
// written without some files.
func Backup(ctx context.Context, cfg Config, now time.Time, path string) (err error) {
	d, secret, err := openKept(ctx, cfg)
	if err != nil {
		return err
	}
	defer d.Close()
	store, err := openStore(ctx, cfg)
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".agora-backup-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	lost, err := writeBackup(ctx, d, store, manifest{Kind: backupKind, Form: backupForm, CreatedAt: now.UTC(), Engine: d.Engine}, secret, tmp)
	if err != nil {
		return errors.Join(err, tmp.Close())
	}
	if err := errors.Join(tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), path); err != nil || len(lost) == 0 {
		return err
	}
	return &IncompleteError{Names: lost}
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

// writeBackup takes the rows as of one moment and then the files, which never
// change once they are taken. lost are the names of those that were not whole.
func writeBackup(ctx context.Context, d *db.DB, store file.Store, m manifest, secret []byte, w io.Writer) (lost []string, err error) {
	z := zip.NewWriter(w)
	var kept []file.File
	err = d.Snapshot(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		for _, table := range db.Tables {
			f, err := z.Create("tables/" + table + ".jsonl")
			if err != nil {
				return err
			}
			if err := db.Dump(ctx, tx, table, f); err != nil {
				return err
			}
		}
		kept, err = file.AllKept(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	without, err := backupFiles(ctx, z, store, kept)
	if err != nil {
		return nil, err
	}
	for _, f := range without {
		m.Lost, lost = append(m.Lost, f.ID), append(lost, f.Name)
	}
	about, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, err
	}
	for name, content := range map[string][]byte{"secret": secret, "manifest.json": about} {
		f, err := z.Create(name)
		if err != nil {
			return nil, err
		}
		if _, err := f.Write(content); err != nil {
			return nil, err
		}
	}
	return lost, z.Close()
}

// Restore puts a backup into an empty data folder (and an empty database). All
// rows go in with one transaction.
func Restore(ctx context.Context, cfg Config, path string) error {
	z, err := zip.OpenReader(path)
	if err != nil {
		return errNotBackup
	}
	defer z.Close()
	m, err := readManifest(&z.Reader)
	if err != nil {
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
	if err := restoreInto(ctx, cfg, address, &z.Reader, m.Lost); err != nil {
		clearStore(cfg)
		// Otherwise the right file, tried next, would find the folder taken.
		for _, name := range []string{"secret", "agora.db", "agora.db-wal", "agora.db-shm"} {
			err = errors.Join(err, removeAny(filepath.Join(cfg.Data, name)))
		}
		return err
	}
	return nil
}

// restoreInto puts files and rows back: the files first, so that no row ever
// speaks of bytes that are not there.
func restoreInto(ctx context.Context, cfg Config, address string, z *zip.Reader, lost []string) error {
	store, err := openStore(ctx, cfg)
	if err != nil {
		return err
	}
	d, err := db.Open(ctx, address)
	if err != nil {
		return err
	}
	undo, mark := func() error { return nil }, ""
	_, err = db.Migrate(ctx, d, migrations.For(string(d.Engine)))
	if err == nil {
		err = d.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
			if err := restoreTables(ctx, tx, z); err != nil {
				return err
			}
			if err := file.MayRestore(ctx, tx, store); err != nil {
				return err
			}
			if mark, err = file.Restored(ctx, tx); err != nil {
				return err
			}
			taken, err := restoreFiles(ctx, tx, d, z, store, lost)
			if taken != nil {
				undo = taken
			}
			return err
		})
	}
	if err != nil {
		return errors.Join(err, undo(), d.Close())
	}
	return errors.Join(file.Mark(ctx, store, mark), d.Close())
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

func readManifest(z *zip.Reader) (m manifest, err error) {
	b, err := readEntry(z, "manifest.json", maxManifest)
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(b, &m); err != nil || m.Kind != backupKind {
		return m, errNotBackup
	}
	if m.Form > backupForm {
		return m, errors.New("this backup was made by a newer version of Agora; restore it with that version")
	}
	return m, nil
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
