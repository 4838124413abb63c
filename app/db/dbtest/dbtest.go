// Package dbtest gives tests real databases: SQLite in a temporary folder and
// PostgreSQL, either the server of AGORA_TEST_POSTGRES_URL or a throw-away
// cluster started from the installed programs.
//
// Without PostgreSQL its half of a test is skipped, saying so; with
// AGORA_TEST_COMPULSORY set it fails instead.
package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"agora/app/apptest"
	"agora/app/db"
	"agora/migrations"
)

// cluster is the PostgreSQL server of this test process. It is the one piece
// of state that tests of a package share, made by the first that asks.
type cluster struct {
	once     sync.Once
	url      string
	template string
	err      error
	stop     func()
	n        int
	mu       sync.Mutex
}

var shared cluster

// Run runs the tests of a package and takes the cluster down afterwards. It
// belongs in TestMain.
func Run(m *testing.M) int {
	defer func() {
		if shared.stop != nil {
			shared.stop()
		}
	}()
	return m.Run()
}

// Each runs the test on both engines, on a fresh and migrated database.
func Each(t *testing.T, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) { test(t, OpenSQLite(t)) })
	t.Run("PostgreSQL", func(t *testing.T) { test(t, OpenPostgres(t)) })
}

// OpenSQLite gives a fresh and migrated SQLite database.
func OpenSQLite(t testing.TB) *db.DB {
	t.Helper()
	d := Open(t, filepath.Join(t.TempDir(), "agora.db"))
	if _, err := db.Migrate(t.Context(), d, migrations.For(string(d.Engine))); err != nil {
		t.Fatal(err)
	}
	return d
}

// OpenPostgres gives a fresh and migrated PostgreSQL database.
func OpenPostgres(t testing.TB) *db.DB {
	t.Helper()
	return Open(t, PostgresURL(t))
}

// Open opens a database and closes it when the test ends.
func Open(t testing.TB, address string) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// PostgresURL gives the address of a fresh and migrated PostgreSQL database,
// which is dropped when the test ends.
func PostgresURL(t testing.TB) string {
	t.Helper()
	shared.once.Do(shared.start)
	if shared.err != nil {
		apptest.Missing(t, "PostgreSQL ("+shared.err.Error()+")")
	}
	return shared.fresh(t)
}

func (c *cluster) start() {
	c.url = os.Getenv("AGORA_TEST_POSTGRES_URL")
	if c.url == "" {
		var own *Cluster
		if own, c.err = launch(); c.err != nil {
			return
		}
		c.url, c.stop = own.URL, own.stop
	}
	c.template = fmt.Sprintf("agora_template_%d", os.Getpid())
	if c.err = c.exec("DROP DATABASE IF EXISTS " + c.template); c.err != nil {
		return
	}
	if c.err = c.exec("CREATE DATABASE " + c.template + " TEMPLATE template0 ENCODING 'UTF8'"); c.err != nil {
		return
	}
	stop := c.stop
	c.stop = func() {
		_ = c.exec("DROP DATABASE IF EXISTS " + c.template + " WITH (FORCE)")
		if stop != nil {
			stop()
		}
	}
	c.err = c.migrate()
}

func (c *cluster) migrate() error {
	ctx := context.Background()
	d, err := db.Open(ctx, c.address(c.template))
	if err != nil {
		return err
	}
	defer d.Close()
	_, err = db.Migrate(ctx, d, migrations.For(string(d.Engine)))
	return err
}

// fresh copies the migrated template, which is much faster than migrating again.
func (c *cluster) fresh(t testing.TB) string {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	name := fmt.Sprintf("agora_test_%d_%d", os.Getpid(), c.n)
	if err := c.exec("CREATE DATABASE " + name + " TEMPLATE " + c.template); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.exec("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return c.address(name)
}

func (c *cluster) address(database string) string {
	u, err := url.Parse(c.url)
	if err != nil {
		return c.url
	}
	u.Path = "/" + database
	return u.String()
}

func (c *cluster) exec(statement string) error {
	pool, err := sql.Open("pgx", c.url)
	if err != nil {
		return err
	}
	defer pool.Close()
	_, err = pool.Exec(statement)
	return err
}
