package door_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/door"
)

// A person gets what is kept of where they were, and can have it forgotten; that
// somebody came stays. Nobody else loses anything.
func TestExportErasureAndRemoval(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		_, e, people := house(t, d, "personal", 2)
		doors := door.New(d, func() time.Time { return noon.Add(time.Hour) })
		one, two := people[0], people[1]
		if _, err := doors.Merge(t.Context(), e, door.Source{Person: two.PersonID}, []door.Scan{seen(one, door.In, 0), seen(two, door.In, 1)}); err != nil {
			t.Fatal(err)
		}
		for _, r := range people {
			if err := doors.SetNote(t.Context(), e, "o", r.ID, "Ohjaa takahuoneeseen"); err != nil {
				t.Fatal(err)
			}
		}
		export := func(person string) string {
			list, err := doors.Export(t.Context(), person)
			b, bad := json.Marshal(list)
			if err != nil || bad != nil {
				t.Fatal(err, bad)
			}
			return string(b)
		}
		if got := export(one.PersonID); strings.Count(got, "takahuoneeseen") != 1 || !strings.Contains(got, e.ID) {
			t.Errorf("a person is given %s", got)
		}
		other := export(two.PersonID)
		erase := func(person string) {
			if err := d.Tx(t.Context(), func(ctx context.Context, tx bun.Tx) error { return doors.Erase(ctx, tx, person) }); err != nil {
				t.Fatal(err)
			}
		}
		erase(one.PersonID)
		if got := export(one.PersonID); got != "[]" || export(two.PersonID) != other {
			t.Errorf("after erasure there is %s", got)
		}
		if n, err := doors.Count(t.Context(), e.ID); err != nil || n != 2 {
			t.Errorf("%d have come, %v", n, err)
		}
		erase(two.PersonID)
		var named int64
		if err := d.Read.NewRaw("SELECT count(*) FROM check_in WHERE person_id <> ''").Scan(t.Context(), &named); err != nil || named != 0 {
			t.Errorf("%d arrivals name who let them in, %v", named, err)
		}
		if err := d.Tx(t.Context(), func(ctx context.Context, tx bun.Tx) error { return door.RemoveEdition(ctx, tx, e.ID) }); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"check_in", "presence", "door_scan", "door_device", "door_note", "door_setup"} {
			var n int64
			if err := d.Read.NewRaw("SELECT count(*) FROM ?", bun.Ident(table)).Scan(t.Context(), &n); err != nil || n != 0 {
				t.Errorf("%d rows stay in %s, %v", n, table, err)
			}
		}
	})
}
