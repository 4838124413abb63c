package db_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/fail"
	"agora/migrations"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

func TestMigratingTwiceDoesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		done, err := db.Migrate(t.Context(), d, migrations.For(string(d.Engine)))
		if err != nil || len(done) != 0 {
			t.Errorf("second run did %v, %v", done, err)
		}
	})
}

func TestFailedMigrationLeavesNothingAndRunsAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		files := withOurs(t, d)
		files["9002_half.tx.up.sql"] = file("CREATE TABLE half (id TEXT PRIMARY KEY);\n--bun:split\nINSERT INTO nowhere VALUES (1);\n")
		if _, err := db.Migrate(t.Context(), d, files); err == nil {
			t.Fatal("a broken migration passed")
		}
		if exists(t, d, "half") {
			t.Error("the broken migration left its table behind")
		}
		files["9002_half.tx.up.sql"] = file("CREATE TABLE half (id TEXT PRIMARY KEY);")
		done, err := db.Migrate(t.Context(), d, files)
		if err != nil || len(done) != 1 || !exists(t, d, "half") {
			t.Errorf("the mended migration: %v %v", done, err)
		}
	})
}

func TestMigrationThatOrphansRowsIsUndone(t *testing.T) {
	d := dbtest.OpenSQLite(t)
	files := withOurs(t, d)
	files["9002_orphan.tx.up.sql"] = file("INSERT INTO role (person_id, scope, role) VALUES ('nobody', 'all', 'owner');")
	if _, err := db.Migrate(t.Context(), d, files); err == nil {
		t.Error("a row without its parent passed")
	}
	var n int
	if err := d.Read.NewRaw("SELECT count(*) FROM role").Scan(t.Context(), &n); err != nil || n != 0 {
		t.Errorf("%d rows stayed, %v", n, err)
	}
	// Foreign keys must be on again afterwards.
	if _, err := d.Write.ExecContext(t.Context(), "INSERT INTO role (person_id, scope, role) VALUES ('nobody', 'all', 'owner')"); err == nil {
		t.Error("foreign keys stayed off after migrating")
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		files := withOurs(t, d)
		files["9009_future.tx.up.sql"] = file("CREATE TABLE future (id TEXT PRIMARY KEY);")
		if _, err := db.Migrate(t.Context(), d, files); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Migrate(t.Context(), d, migrations.For(string(d.Engine))); !errors.Is(err, db.ErrNewer) {
			t.Errorf("an older program accepted a newer schema: %v", err)
		}
	})
}

func TestManyNodesMigrateAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		files := withOurs(t, d)
		files["9002_new.tx.up.sql"] = file("CREATE TABLE fresh (id TEXT PRIMARY KEY);")
		var nodes sync.WaitGroup
		for range 6 {
			nodes.Go(func() {
				if _, err := db.Migrate(t.Context(), d, files); err != nil {
					t.Error(err)
				}
			})
		}
		nodes.Wait()
	})
}

func TestReadersCannotWrite(t *testing.T) {
	d := dbtest.OpenSQLite(t)
	if _, err := d.Read.ExecContext(t.Context(), "INSERT INTO setting (name, value) VALUES ('a', 'b')"); err == nil {
		t.Error("a reader wrote")
	}
}

func TestTimesAndTextsComeBackAsTheyWere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		at := time.Date(2027, 1, 25, 7, 5, 0, 123456000, time.UTC)
		want := db.Stored{Scope: "s", Key: "k", BodyHash: "h", Answer: `{"a":"Å?-?1 ' \ "}`, CreatedAt: at}
		if err := db.Remember(t.Context(), d.Write, []db.Stored{want}); err != nil {
			t.Fatal(err)
		}
		got, err := db.Recall(t.Context(), d.Read, []db.Key{{Scope: "s", Key: "k", BodyHash: "h"}})
		if err != nil {
			t.Fatal(err)
		}
		r := got[db.Key{Scope: "s", Key: "k"}]
		if !r.CreatedAt.Equal(at) || r.Answer != want.Answer {
			t.Errorf("got %v %q", r.CreatedAt, r.Answer)
		}
		// Times compare as times inside the database too.
		for _, c := range []struct {
			now  time.Time
			left int
		}{{at.Add(db.KeyLife), 1}, {at.Add(db.KeyLife + time.Microsecond), 0}} {
			if err := db.Forget(t.Context(), d.Write, c.now); err != nil {
				t.Fatal(err)
			}
			if got, _ := db.Recall(t.Context(), d.Read, []db.Key{{Scope: "s", Key: "k"}}); len(got) != c.left {
				t.Errorf("at %v %d answers are left, want %d", c.now, len(got), c.left)
			}
		}
	})
}

func TestLeaseHasOneHolder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now := time.Date(2027, 1, 25, 7, 0, 0, 0, time.UTC)
		take := func(who string, at time.Time) bool {
			ok, err := d.Lease(t.Context(), "mail", who, at, time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			return ok
		}
		if !take("a", now) || take("b", now.Add(30*time.Second)) || !take("a", now.Add(50*time.Second)) {
			t.Error("a free lease is taken, a held one is not, its holder may renew it")
		}
		if !take("b", now.Add(3*time.Minute)) || take("a", now.Add(3*time.Minute)) {
			t.Error("a lease that ran out goes to the next")
		}
	})
}

func TestSettingIsAgreedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, offered := range []string{"first", "second"} {
			if got, err := d.Setting(t.Context(), "secret", offered); err != nil || got != "first" {
				t.Errorf("offered %q, got %q, %v", offered, got, err)
			}
		}
	})
}

// put is an act of the group tests: it stores a value, or fails in some way.
type put struct{ key, wish string }

func decidePut(ctx context.Context, tx bun.Tx, acts []put) ([]db.Outcome[string], error) {
	outs := make([]db.Outcome[string], len(acts))
	for i, a := range acts {
		if a.wish == "refused" {
			outs[i].Err = fail.Clash("test.refused")
			continue
		}
		if a.wish == "panics" {
			panic("deciding went wrong")
		}
		if _, err := tx.NewRaw("INSERT INTO setting (name, value) VALUES (?, ?)", a.key, a.wish).Exec(ctx); err != nil {
			return nil, err
		}
		outs[i].Value = a.wish
	}
	return outs, nil
}

func TestGroupAnswersEveryoneAndAFailingMemberFailsAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		g := db.NewGroup(d, decidePut, nil)
		acts := map[string]put{
			"doubled": {"taken", "x"}, "refused": {"r", "refused"}, "panics": {"p", "panics"},
		}
		for _, k := range strings.Split("a b c d e f g h i j", " ") {
			acts[k] = put{k, "kept"}
		}
		if _, err := g.Do(t.Context(), put{"taken", "first"}); err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		var mu sync.Mutex
		failed := map[string]error{}
		for name, act := range acts {
			all.Go(func() {
				_, err := g.Do(t.Context(), act)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					failed[name] = err
				}
			})
		}
		all.Wait()
		g.Close()
		if len(failed) != 3 || failed["doubled"] == nil || failed["panics"] == nil || !fail.Is(failed["refused"], fail.Conflict) {
			t.Errorf("failed: %v", failed)
		}
		var n int
		if err := d.Read.NewRaw("SELECT count(*) FROM setting WHERE value = 'kept'").Scan(t.Context(), &n); err != nil || n != 10 {
			t.Errorf("%d of 10 kept, %v", n, err)
		}
		if _, err := g.Do(t.Context(), put{"late", "kept"}); !fail.Is(err, fail.Busy) {
			t.Errorf("a closed group must say come back, got %v", err)
		}
	})
}

// While a set is being committed, everybody who arrives waits for the next one
// and shares it.
func TestGroupSharesTransactions(t *testing.T) {
	d := dbtest.OpenSQLite(t)
	entered, leave := make(chan struct{}), make(chan struct{})
	var sets []int
	g := db.NewGroup(d, func(ctx context.Context, tx bun.Tx, acts []put) ([]db.Outcome[string], error) {
		if acts[0].key == "first" {
			close(entered)
			<-leave
		}
		return decidePut(ctx, tx, acts)
	}, func(acts []put, _ []db.Outcome[string]) { sets = append(sets, len(acts)) })
	var all sync.WaitGroup
	do := func(key string) {
		if _, err := g.Do(t.Context(), put{key: key, wish: "kept"}); err != nil {
			t.Error(err)
		}
	}
	all.Go(func() { do("first") })
	<-entered
	for i := range 50 {
		all.Go(func() { do(strings.Repeat("k", i+1)) })
	}
	for g.Waiting() < 50 {
		runtime.Gosched()
	}
	close(leave)
	all.Wait()
	g.Close()
	if !slices.Equal(sets, []int{1, 50}) {
		t.Errorf("sets of %v acts, want 1 and 50", sets)
	}
}

func file(sql string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(sql)} }

// withOurs gives the program's own migrations, to which a test adds later ones.
func withOurs(t *testing.T, d *db.DB) fstest.MapFS {
	t.Helper()
	ours := migrations.For(string(d.Engine))
	names, err := fs.Glob(ours, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for _, name := range names {
		b, err := fs.ReadFile(ours, name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: b}
	}
	return files
}

func exists(t *testing.T, d *db.DB, table string) bool {
	t.Helper()
	var n int
	err := d.Read.NewRaw("SELECT count(*) FROM "+table).Scan(t.Context(), &n)
	return err == nil
}
