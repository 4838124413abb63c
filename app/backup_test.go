package app_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app"
	"agora/app/account"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/registration"
	"agora/app/text"
	"agora/migrations"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

// backupNow is when the sites that are backed up stand.
var backupNow = time.Date(2026, 11, 21, 12, 0, 0, 123456000, time.UTC)

func stillNow() time.Time { return backupNow }

// engines give the address of an empty database; SQLite's lies in the folder.
var engines = map[string]func(*testing.T) string{"SQLite": func(*testing.T) string { return "" }, "PostgreSQL": func(t *testing.T) string { return dbtest.PostgresURL(t) }}

// kept opens an installation that stands still: no listener, no jobs.
func kept(t *testing.T, cfg app.Config) *app.App {
	t.Helper()
	cfg.BaseURL = "http://agora.test"
	a, err := app.New(t.Context(), cfg, stillNow, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// tableRows are the rows of every table as a dump writes them, in any order.
func tableRows(t *testing.T, d *db.DB) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	err := d.Snapshot(t.Context(), func(ctx context.Context, tx bun.Tx) error {
		for _, table := range db.Tables {
			var b bytes.Buffer
			if err := db.Dump(ctx, tx, table, &b); err != nil {
				return err
			}
			rows := strings.Split(strings.TrimSpace(b.String()), "\n")
			slices.Sort(rows[1:])
			all[table] = rows
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// epochsOf takes the epochs out of the rows of live rooms, which alone change
// besides the mark of the store of files.
func epochsOf(rows map[string][]string) (epochs []string) {
	rows["setting"] = slices.DeleteFunc(rows["setting"], func(row string) bool { return strings.HasPrefix(row, `["files",`) })
	form := regexp.MustCompile(`^\["[^"]*","([^"]*)"`)
	for i, row := range rows["live_room"][1:] {
		if m := form.FindStringSubmatch(row); m != nil {
			epochs = append(epochs, m[1])
			rows["live_room"][i+1] = strings.Replace(row, m[1], "", 1)
		}
	}
	return epochs
}

// TestTablesAreTheSchema: a backup takes every table but leases, bun's own, and
// those of the search, which is made anew from the others.
func TestTablesAreTheSchema(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		question := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
		if d.Engine == db.Postgres {
			question = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
		}
		var names []string
		if err := d.Read.NewRaw(question).Scan(t.Context(), &names); err != nil {
			t.Fatal(err)
		}
		names = slices.DeleteFunc(names, func(n string) bool {
			return n == "lease" || strings.HasPrefix(n, "bun_") || strings.HasPrefix(n, "search_")
		})
		want := slices.Clone(db.Tables)
		slices.Sort(names)
		slices.Sort(want)
		if !slices.Equal(names, want) {
			t.Errorf("the schema has\n%v\na backup\n%v", names, want)
		}
	})
}

// TestBackupAndRestore carries the demo from each engine to each.
func TestBackupAndRestore(t *testing.T) {
	for from, source := range engines {
		t.Run("from "+from, func(t *testing.T) {
			cfg := app.Config{Data: t.TempDir(), DatabaseURL: source(t)}
			a := kept(t, cfg)
			var said bytes.Buffer
			if err := a.SeedDemo(t.Context(), &said); err != nil {
				t.Fatal(err)
			}
			fillDoor(t, a.DB)
			want := tableRows(t, a.DB)
			epochs := epochsOf(want)
			for _, table := range filled {
				if len(want[table]) < 2 {
					t.Errorf("nothing of %s goes through a backup", table)
				}
			}
			if len(epochs) == 0 || len(want["vote"]) < 2 || len(want["certificate"]) < 2 {
				t.Fatal("the demo has too little to look at")
			}
			file := filepath.Join(t.TempDir(), "site.zip")
			if err := app.Backup(t.Context(), cfg, backupNow, file); err != nil {
				t.Fatal(err)
			}
			for to, target := range engines {
				t.Run("to "+to, func(t *testing.T) {
					back := app.Config{Data: filepath.Join(t.TempDir(), "new"), DatabaseURL: target(t)}
					if err := app.Restore(t.Context(), back, file); err != nil {
						t.Fatal(err)
					}
					b := kept(t, back)
					got := tableRows(t, b.DB)
					renewed := epochsOf(got)
					for _, table := range db.Tables {
						if !slices.Equal(got[table], want[table]) {
							t.Errorf("%s differs: %d rows, want %d\n%s", table, len(got[table]), len(want[table]), firstDifference(got[table], want[table]))
						}
					}
					if len(renewed) != len(epochs) || slices.ContainsFunc(renewed, func(e string) bool { return e == "" || slices.Contains(epochs, e) }) {
						t.Errorf("the epochs are %v, before %v", renewed, epochs)
					}
					opens(t, b, said.String())
				})
			}
		})
	}
}

func firstDifference(got, want []string) string {
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			return fmt.Sprintf(" got %.300s\nwant %.300s", got[i], want[i])
		}
	}
	return ""
}

// opens asks the restored site for what people hold in their hands.
func opens(t *testing.T, a *app.App, said string) {
	t.Helper()
	for _, path := range []string{"/ticket/", "/verify/", "/cmadfi/2027"} {
		at := strings.Index(said, "http://agora.test"+path)
		if at < 0 {
			said += " http://agora.test" + path
			at = strings.LastIndex(said, "http://agora.test"+path)
		}
		link, _, _ := strings.Cut(said[at:], "\n")
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, strings.TrimSpace(link), nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := a.Site.Fiber().Test(req, -1)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d %.200s", link, res.StatusCode, body)
		}
	}
}

// TestBackupWhileWriting: people register while the backup is made, and what it
// holds is of one moment: counters equal rows, and every row has its parent.
func TestBackupWhileWriting(t *testing.T) {
	for name, source := range engines {
		t.Run(name, func(t *testing.T) {
			cfg := app.Config{Data: t.TempDir(), DatabaseURL: source(t)}
			a := kept(t, cfg)
			places, e := smallDay(t, a.DB)
			ctx, stop := context.WithCancel(t.Context())
			started, done := make(chan struct{}), make(chan error, 1)
			go func() {
				for i := 0; ; i++ {
					in := registration.Input{Name: fmt.Sprint("Nimi ", i), Email: fmt.Sprintf("n%d@agora.test", i), Place: registration.Onsite}
					if _, err := places.Register(context.WithoutCancel(ctx), e, in, db.Key{}); err != nil {
						done <- err
						return
					}
					if i == 5 {
						close(started)
					}
					if ctx.Err() != nil {
						done <- nil
						return
					}
				}
			}()
			<-started
			for i := range 3 {
				file := filepath.Join(t.TempDir(), "site.zip")
				if err := app.Backup(t.Context(), cfg, backupNow, file); err != nil {
					t.Fatal(err)
				}
				back := app.Config{Data: filepath.Join(t.TempDir(), "new")}
				if err := app.Restore(t.Context(), back, file); err != nil {
					t.Fatal(err)
				}
				d := dbtest.Open(t, filepath.Join(back.Data, "agora.db"))
				var taken, rows, letters int64
				err := d.Read.NewRaw(`SELECT (SELECT taken FROM place WHERE kind = 'onsite'), (SELECT count(*) FROM registration), (SELECT count(*) FROM mail)`).Scan(t.Context(), &taken, &rows, &letters)
				if err != nil || taken != rows || rows != letters || rows < 5 {
					t.Errorf("backup %d: %d taken, %d rows, %d letters, %v", i, taken, rows, letters, err)
				}
			}
			stop()
			if err := <-done; err != nil {
				t.Error("writing meanwhile: ", err)
			}
		})
	}
}

// smallDay is an edition that anybody may register for.
func smallDay(t *testing.T, d *db.DB) (*registration.Service, edition.Edition) {
	t.Helper()
	editions := edition.New(d, stillNow)
	places := registration.New(d, stillNow, editions, []byte("some secret of some length"), "http://agora.test")
	t.Cleanup(places.Close)
	series, err := editions.NewSeries(t.Context(), "", edition.SeriesInput{Slug: "paiva", Title: text.One(text.Finnish, "Päivä")})
	if err != nil {
		t.Fatal(err)
	}
	e, err := places.NewEdition(t.Context(), "", series, edition.Input{Slug: "2027", Title: text.One(text.Finnish, "Päivä"), Zone: "Europe/Helsinki", Languages: edition.Languages{text.Finnish},
		StartsAt: backupNow.AddDate(0, 2, 0), EndsAt: backupNow.AddDate(0, 2, 1), OpensAt: backupNow.AddDate(0, -1, 0), ClosesAt: backupNow.AddDate(0, 1, 0)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return places, e
}

// change writes a copy of a backup in which each entry may be changed, or left
// out with nil.
func change(t *testing.T, file string, edit func(name string, content []byte) []byte) string {
	t.Helper()
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		r.Close()
		if err != nil {
			t.Fatal(err)
		}
		if content = edit(f.Name, content); content == nil {
			continue
		}
		into, err := w.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := into.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return write(t, b.Bytes())
}

func write(t *testing.T, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "changed.zip")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestRestoreOfSomethingElse: a file that cannot be restored is told in a plain
// sentence and leaves nothing behind, so that the right one can follow.
func TestRestoreOfSomethingElse(t *testing.T) {
	cfg := app.Config{Data: t.TempDir()}
	a := kept(t, cfg)
	smallDay(t, a.DB)
	good := filepath.Join(t.TempDir(), "site.zip")
	if err := app.Backup(t.Context(), cfg, backupNow, good); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	const none = "this file is no backup of Agora, or it was cut off"
	only := func(name string, with []byte) string {
		return change(t, good, func(n string, content []byte) []byte {
			if n == name {
				return with
			}
			return content
		})
	}
	junk := make([]byte, 4096)
	_, _ = rand.Read(junk)
	flipped := slices.Clone(whole)
	flipped[bytes.Index(whole, []byte("tables/edition.jsonl"))+40] ^= 0xff
	for name, c := range map[string]struct{ file, says string }{
		"half of it":        {write(t, whole[:len(whole)/2]), none},
		"nothing":           {write(t, nil), none},
		"something else":    {write(t, junk), none},
		"another zip":       {change(t, good, func(n string, b []byte) []byte { return map[string][]byte{"secret": b}[n] }), none},
		"another manifest":  {only("manifest.json", []byte(`{"kind":"photographs","form":1}`)), none},
		"broken manifest":   {only("manifest.json", []byte(`{`)), none},
		"newer":             {only("manifest.json", []byte(`{"kind":"agora-backup","form":99}`)), "this backup was made by a newer version of Agora; restore it with that version"},
		"without a table":   {only("tables/person.jsonl", nil), none},
		"without a secret":  {only("secret", nil), none},
		"a broken row":      {only("tables/edition.jsonl", []byte("[{\"name\":\"id\",\"kind\":\"text\"}]\n[")), ""},
		"an unknown column": {only("tables/series.jsonl", []byte("[{\"name\":\"id\",\"kind\":\"text\"},{\"name\":\"shoe_size\",\"kind\":\"number\"}]\n[\"x\",42]\n")), ""},
		"an orphan":         {only("tables/series.jsonl", []byte("[{\"name\":\"id\",\"kind\":\"text\"}]\n")), ""},
		"a flipped bit":     {write(t, flipped), ""},
		"not there":         {filepath.Join(t.TempDir(), "no.zip"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "new")
			err := app.Restore(t.Context(), app.Config{Data: folder}, c.file)
			if err == nil || c.says != "" && err.Error() != c.says || strings.Contains(err.Error(), "\n") {
				t.Errorf("it says %v, want %q", err, c.says)
			}
			if entries, _ := os.ReadDir(folder); len(entries) > 0 {
				t.Errorf("%v is left behind", entries)
			}
			if err := app.Restore(t.Context(), app.Config{Data: folder}, good); err != nil {
				t.Errorf("the right one afterwards: %v", err)
			}
		})
	}
}

// TestRestoreOverSomething: what is there stays as it is.
func TestRestoreOverSomething(t *testing.T) {
	cfg := app.Config{Data: t.TempDir()}
	smallDay(t, kept(t, cfg).DB)
	good := filepath.Join(t.TempDir(), "site.zip")
	if err := app.Backup(t.Context(), cfg, backupNow, good); err != nil {
		t.Fatal(err)
	}
	t.Run("a folder with a site", func(t *testing.T) {
		other := app.Config{Data: t.TempDir()}
		a := kept(t, other)
		before := tableRows(t, a.DB)
		err := app.Restore(t.Context(), other, good)
		if want := fmt.Sprintf("the data folder %q already holds a site; restore into an empty one", other.Data); err == nil || err.Error() != want {
			t.Errorf("it says %v", err)
		}
		if after := tableRows(t, a.DB); fmt.Sprint(after) != fmt.Sprint(before) {
			t.Error("the site that was there has changed")
		}
	})
	t.Run("another secret", func(t *testing.T) {
		folder := filepath.Join(t.TempDir(), "new")
		err := app.Restore(t.Context(), app.Config{Data: folder, Secret: strings.Repeat("s", 40)}, good)
		if err == nil || !strings.HasPrefix(err.Error(), "AGORA_SECRET is set to another secret than the backup's") {
			t.Errorf("it says %v", err)
		}
		if _, err := os.Stat(filepath.Join(folder, "agora.db")); err == nil {
			t.Error("a database was made")
		}
	})
	t.Run("a database with somebody in it", func(t *testing.T) {
		address := dbtest.PostgresURL(t)
		d := dbtest.Open(t, address)
		accounts := account.New(d, stillNow, "http://agora.test")
		if _, _, err := accounts.MakeLink(t.Context(), account.Invite{Email: "owner@agora.invalid", Language: text.Finnish, Owner: true}); err != nil {
			t.Fatal(err)
		}
		before := tableRows(t, d)
		folder := filepath.Join(t.TempDir(), "new")
		err := app.Restore(t.Context(), app.Config{Data: folder, DatabaseURL: address}, good)
		if err == nil || err.Error() != "the database is not empty; restore into an empty one" {
			t.Errorf("it says %v", err)
		}
		if after := tableRows(t, d); fmt.Sprint(after) != fmt.Sprint(before) {
			t.Error("the database has changed")
		}
		if entries, _ := os.ReadDir(folder); len(entries) > 0 {
			t.Errorf("%v is left behind", entries)
		}
	})
}

// TestBackupOfNothing says where to look, and makes nothing.
func TestBackupOfNothing(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(t.TempDir(), "site.zip")
	err := app.Backup(t.Context(), app.Config{Data: folder}, backupNow, file)
	if want := fmt.Sprintf("there is no database in %q; name the data folder with AGORA_DATA", folder); err == nil || err.Error() != want {
		t.Errorf("it says %v", err)
	}
	for _, dir := range []string{folder, filepath.Dir(file)} {
		if entries, _ := os.ReadDir(dir); len(entries) > 0 {
			t.Errorf("%v was made", entries)
		}
	}
}

// TestSchemaOfBackups: the copies hold their migrations, so that the next start
// finds nothing to do.
func TestSchemaOfBackups(t *testing.T) {
	cfg := app.Config{Data: t.TempDir()}
	smallDay(t, kept(t, cfg).DB)
	file := filepath.Join(t.TempDir(), "site.zip")
	back := app.Config{Data: filepath.Join(t.TempDir(), "new")}
	if err := app.Backup(t.Context(), cfg, backupNow, file); err != nil {
		t.Fatal(err)
	}
	if err := app.Restore(t.Context(), back, file); err != nil {
		t.Fatal(err)
	}
	d := dbtest.Open(t, filepath.Join(back.Data, "agora.db"))
	if done, err := db.Migrate(t.Context(), d, migrations.For(string(d.Engine))); err != nil || fmt.Sprint(done) != "[]" && fmt.Sprint(done) != "0" {
		t.Errorf("migrated %v, %v", done, err)
	}
	if info, err := os.Stat(filepath.Join(back.Data, "secret")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the secret: %v, %v", info, err)
	}
}
