package app_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app"
	"agora/app/apptest"
	"agora/app/db/dbtest"
	"agora/app/file"
)

var stores = map[string]func(*testing.T) string{"folder": func(*testing.T) string { return "" }, "bucket": func(t *testing.T) string { return apptest.Bucket(t) }}

// storeOf opens where a site's files lie, past the site.
func storeOf(t *testing.T, cfg app.Config) file.Store {
	t.Helper()
	var store file.Store
	var err error
	if cfg.S3URL != "" {
		store, err = file.NewS3(t.Context(), cfg.S3URL)
	} else {
		store, err = file.NewDisk(filepath.Join(cfg.Data, "files"))
	}
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// filed takes some files into a site: two that are kept, one that is loose.
func filed(t *testing.T, a *app.App) map[string]string {
	t.Helper()
	files, want := a.Site.Files, map[string]string{}
	for name, body := range map[string]string{"Yksi.txt": "ensimmäinen\n", "Kaksi.txt": strings.Repeat("toinen\n", 100000), "Irto.txt": "kukaan ei ottanut\n"} {
		f, err := files.Take(t.Context(), "e", "session:1", name, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if name == "Irto.txt" {
			continue
		}
		want[f.ID] = body
		if err := a.DB.Tx(t.Context(), func(ctx context.Context, tx bun.Tx) error {
			_, err := file.Keep(ctx, tx, f.ID, "e", "session:1")
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := files.Begin(t.Context(), "e", "session:1", "Kesken.pdf", 1000); err != nil {
		t.Fatal(err)
	}
	return want
}

func sameFiles(t *testing.T, a *app.App, want map[string]string) {
	t.Helper()
	var rows []file.File
	if err := a.DB.Read.NewSelect().Model(&rows).Scan(t.Context()); err != nil || len(rows) != len(want) {
		t.Errorf("%d files, want %d, %v", len(rows), len(want), err)
	}
	for _, f := range rows {
		r, err := a.Site.Files.Open(t.Context(), f, 0, -1)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err = errors.Join(err, r.Close()); err != nil || string(b) != want[f.ID] || !f.Kept {
			t.Errorf("%s came back as %.20q %v", f.Name, b, err)
		}
	}
	if n, err := a.DB.Read.NewSelect().Table("upload").Count(t.Context()); err != nil || n != 0 {
		t.Errorf("%d sendings, %v", n, err)
	}
}

// TestFilesAreBackedUp: from a folder and a bucket to both, on both engines, while
// the site runs; the site that was before may not sweep what is the new one's.
func TestFilesAreBackedUp(t *testing.T) {
	for name, source := range stores {
		t.Run("from a "+name, func(t *testing.T) {
			cfg := app.Config{Data: t.TempDir(), S3URL: source(t)}
			a := kept(t, cfg)
			want := filed(t, a)
			zip := filepath.Join(t.TempDir(), "site.zip")
			if err := app.Backup(t.Context(), cfg, backupNow, zip); err != nil {
				t.Fatal(err)
			}
			for to, target := range stores {
				for engine, address := range engines {
					t.Run("to a "+to+" and "+engine, func(t *testing.T) {
						back := app.Config{Data: filepath.Join(t.TempDir(), "new"), S3URL: target(t), DatabaseURL: address(t)}
						if err := app.Restore(t.Context(), back, zip); err != nil {
							t.Fatal(err)
						}
						sameFiles(t, kept(t, back), want)
					})
				}
			}
			if cfg.S3URL == "" {
				return
			}
			// The machine was lost, its bucket was not: the site goes on there, and the
			// first one, should it still run, keeps its hands off.
			back := app.Config{Data: filepath.Join(t.TempDir(), "new"), S3URL: cfg.S3URL}
			if err := app.Restore(t.Context(), back, zip); err != nil {
				t.Fatal(err)
			}
			sameFiles(t, kept(t, back), want)
			if _, err := a.Site.Files.Sweep(t.Context()); !errors.Is(err, file.ErrOtherSite) {
				t.Errorf("the site of before sweeps: %v", err)
			}
		})
	}
}

// TestDamagedFiles: a backup says what it could not take, and a restore takes
// nothing of a backup that is not whole.
func TestDamagedFiles(t *testing.T) {
	for name, source := range stores {
		t.Run(name, func(t *testing.T) {
			cfg := app.Config{Data: t.TempDir(), S3URL: source(t)}
			a := kept(t, cfg)
			want := filed(t, a)
			good := filepath.Join(t.TempDir(), "site.zip")
			if err := app.Backup(t.Context(), cfg, backupNow, good); err != nil {
				t.Fatal(err)
			}
			ids := []string{}
			for id := range want {
				ids = append(ids, id)
			}
			slices.Sort(ids)
			for what, bad := range map[string]string{
				"changed": change(t, good, func(n string, b []byte) []byte {
					if n == "files/"+ids[1] {
						b[5] ^= 1
					}
					return b
				}),
				"shorter": change(t, good, func(n string, b []byte) []byte {
					if n == "files/"+ids[1] {
						return b[:5]
					}
					return b
				}),
				"absent": change(t, good, func(n string, b []byte) []byte {
					if n == "files/"+ids[1] {
						return nil
					}
					return b
				}),
			} {
				for engine, address := range engines {
					back := app.Config{Data: filepath.Join(t.TempDir(), "new"), S3URL: source(t), DatabaseURL: address(t)}
					if err := app.Restore(t.Context(), back, bad); err == nil || !strings.Contains(err.Error(), "is not whole") || strings.Contains(err.Error(), "\n") {
						t.Errorf("%s: %v", what, err)
					}
					if left, err := os.ReadDir(back.Data); err != nil || len(left) > 0 {
						t.Errorf("%s on %s: %v are left, %v", what, engine, left, err)
					}
					n := 0
					if back.S3URL != "" {
						if err := storeOf(t, back).List(t.Context(), func(string, int64, time.Time) error { n++; return nil }); err != nil || n > 0 {
							t.Errorf("%s: %d are left in the bucket, %v", what, n, err)
						}
					}
					if err := app.Restore(t.Context(), back, good); err != nil {
						t.Errorf("then the right one: %v", err)
					}
				}
			}
			// The store has lost one and harmed the other.
			store := storeOf(t, cfg)
			if err := errors.Join(store.Remove(t.Context(), "file/"+ids[0]), store.Put(t.Context(), "file/"+ids[1], bytes.NewReader(make([]byte, len(want[ids[1]]))), int64(len(want[ids[1]])))); err != nil {
				t.Fatal(err)
			}
			holed := filepath.Join(t.TempDir(), "holed.zip")
			var incomplete *app.IncompleteError
			if err := app.Backup(t.Context(), cfg, backupNow, holed); !errors.As(err, &incomplete) || len(incomplete.Names) != 2 {
				t.Errorf("%v", err)
			}
			back := app.Config{Data: filepath.Join(t.TempDir(), "new")}
			if err := app.Restore(t.Context(), back, holed); err != nil {
				t.Errorf("what is there can be restored: %v", err)
			}
		})
	}
}

// TestRestoreIntoAnothersBucket is refused before anything is written.
func TestRestoreIntoAnothersBucket(t *testing.T) {
	first, second := app.Config{Data: t.TempDir(), S3URL: apptest.Bucket(t)}, app.Config{Data: t.TempDir()}
	want := filed(t, kept(t, first))
	filed(t, kept(t, second))
	zip := filepath.Join(t.TempDir(), "site.zip")
	if err := app.Backup(t.Context(), second, backupNow, zip); err != nil {
		t.Fatal(err)
	}
	back := app.Config{Data: filepath.Join(t.TempDir(), "new"), S3URL: first.S3URL}
	if err := app.Restore(t.Context(), back, zip); !errors.Is(err, file.ErrOtherSite) {
		t.Errorf("%v", err)
	}
	d := dbtest.Open(t, filepath.Join(first.Data, "agora.db"))
	n, err := d.Read.NewSelect().Model((*file.File)(nil)).Where("kept").Count(t.Context())
	if err != nil || n != int64(len(want)) {
		t.Errorf("%d files of the first, %v", n, err)
	}
	if _, err := app.New(t.Context(), app.Config{Data: t.TempDir(), S3URL: first.S3URL, BaseURL: "http://agora.test"}, stillNow, slog.New(slog.DiscardHandler)); err == nil ||
		!strings.Contains(err.Error(), "AGORA_S3_URL") || !strings.Contains(err.Error(), "another site") {
		t.Errorf("a new site in another's bucket: %v", err)
	}
}
