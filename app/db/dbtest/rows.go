package dbtest

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
)

// Row puts a row into another area's table: what is not given is empty, times are
// at, so that a new column there does not concern the test. Foreign keys stay NULL.
func Row(t testing.TB, d *db.DB, at time.Time, table string, given map[string]any) {
	t.Helper()
	rows, err := d.Write.QueryContext(t.Context(), "SELECT * FROM "+table+" WHERE 1 = 0")
	if err != nil {
		t.Fatal(err)
	}
	types, err := rows.ColumnTypes()
	rows.Close()
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]any{}
	for _, c := range types {
		switch name := c.DatabaseTypeName(); {
		case given[c.Name()] != nil:
			values[c.Name()] = given[c.Name()]
		case strings.HasSuffix(c.Name(), "_id"):
		case name == "TEXT":
			values[c.Name()] = ""
		case name == "TIMESTAMPTZ":
			values[c.Name()] = at
		case strings.HasPrefix(name, "BOOL"):
			values[c.Name()] = false
		default:
			values[c.Name()] = 0
		}
	}
	if _, err := d.Write.NewInsert().Model(&values).TableExpr(table).Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// Number reads one number.
func Number(t testing.TB, d *db.DB, sql string, args ...any) (n int64) {
	t.Helper()
	if err := d.Write.NewRaw(sql, args...).Scan(t.Context(), &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// Exec carries out one statement.
func Exec(t testing.TB, d *db.DB, sql string, args ...any) {
	t.Helper()
	if _, err := d.Write.NewRaw(sql, args...).Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// Queries counts statements, as a hook of a connection.
type Queries struct{ atomic.Int64 }

// BeforeQuery counts one.
func (q *Queries) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context {
	q.Add(1)
	return ctx
}

// AfterQuery has nothing to add.
func (q *Queries) AfterQuery(context.Context, *bun.QueryEvent) {}
