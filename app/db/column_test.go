package db_test

import (
	"testing"

	"agora/app/db"
	"agora/app/db/dbtest"
)

// A list comes back as it was, nothing of what was in it before stays, and none
// is an empty one.
func TestListsComeBackAsTheyWere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, c := range []struct {
			list   db.List[string]
			stored string
		}{{db.List[string]{"ä\"", ""}, `["ä\"",""]`}, {db.List[string]{}, "[]"}, {nil, "[]"}} {
			var stored string
			got := db.List[string]{"before", "and", "more"}
			if err := d.Read.NewRaw("SELECT ?, ?", c.list, c.list).Scan(t.Context(), &stored, &got); err != nil {
				t.Fatal(err)
			}
			if stored != c.stored || len(got) != len(c.list) || len(got) > 0 && got[0] != c.list[0] {
				t.Errorf("%q is stored as %s and comes back as %q", c.list, stored, got)
			}
		}
	})
}
