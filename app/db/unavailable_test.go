package db_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"agora/app/db"
	"agora/app/db/dbtest"
)

func TestUnavailableIsOnlyWhatPasses(t *testing.T) {
	for _, c := range []struct {
		err  error
		want bool
	}{
		{fmt.Errorf("asking: %w", context.DeadlineExceeded), true},
		{fmt.Errorf("asking: %w", io.ErrUnexpectedEOF), true},
		{&pgconn.PgError{Code: "53300"}, true},
		{&pgconn.PgError{Code: "57P03"}, true},
		{&pgconn.PgError{Code: "23505"}, false},
		{&pgconn.PgError{Code: "42601"}, false},
		{errors.New("something else"), false},
		{nil, false},
	} {
		if got := db.Unavailable(c.err); got != c.want {
			t.Errorf("%v: %v", c.err, got)
		}
	}
}

// A wrong statement is our fault on both engines; a server that is not there is not.
func TestUnavailableOnRealDatabases(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		_, err := d.Write.ExecContext(t.Context(), "SELECT nothing FROM nowhere")
		if err == nil || db.Unavailable(err) {
			t.Errorf("a wrong statement: %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := d.Read.ExecContext(ctx, "SELECT 1"); err == nil || db.Unavailable(err) {
			t.Errorf("a caller that left: %v", err)
		}
	})
	if _, err := db.Open(t.Context(), "postgres://nobody@127.0.0.1:1/none?sslmode=disable"); !db.Unavailable(err) {
		t.Errorf("no server: %v", err)
	}
}

// A connection that the server cuts in the middle of a statement says nothing of
// what was asked, and neither does using it once more.
func TestACutConnectionIsUnavailable(t *testing.T) {
	d := dbtest.OpenPostgres(t)
	c, err := d.Read.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for range 2 {
		if _, err := c.ExecContext(t.Context(), "SELECT pg_terminate_backend(pg_backend_pid())"); !db.Unavailable(err) {
			t.Errorf("%v", err)
		}
	}
}

// A full disk: SQLite may not grow beyond its pages, and says so as something
// that passes; reading goes on and so does writing once there is room.
func TestFullDiskPasses(t *testing.T) {
	d := dbtest.OpenSQLite(t)
	var pages int
	if err := d.Write.NewRaw("PRAGMA page_count").Scan(t.Context(), &pages); err != nil {
		t.Fatal(err)
	}
	limit := func(n int) {
		if _, err := d.Write.ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count=%d", n)); err != nil {
			t.Fatal(err)
		}
	}
	fill := func() error {
		_, err := d.Write.ExecContext(t.Context(), "INSERT INTO setting (name, value) VALUES (?, ?)", db.NewID(), fmt.Sprintf("%0100000d", 1))
		return err
	}
	limit(pages)
	if err := fill(); !db.Unavailable(err) {
		t.Errorf("a full disk: %v", err)
	}
	var n int
	if err := d.Read.NewRaw("SELECT count(*) FROM series").Scan(t.Context(), &n); err != nil {
		t.Errorf("reading stopped: %v", err)
	}
	limit(pages + 1000)
	if err := fill(); err != nil {
		t.Errorf("no recovery: %v", err)
	}
}
