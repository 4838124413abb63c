package registration_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/registration"
)

// The letter to whoever registered colleagues says of each what became of them.
func TestPartyLetterTellsEveryOutcome(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, of(2), nil)
		line := func(i int) string { p := person(i); return p.Name + " <" + p.Email + ">" }
		for _, c := range []struct {
			from, size      int
			together        bool
			places, waiting string
		}{
			{0, 1, false, "", ""}, // one alone is no party
			{10, 2, false, line(10), line(11)},
			{20, 2, true, "", line(20) + "\n" + line(21)},
		} {
			p := registration.Party{Together: c.together}
			for i := range c.size {
				p.People = append(p.People, person(c.from+i))
			}
			if _, err := w.reg.RegisterParty(t.Context(), w.edition, p, db.Key{Scope: "register:" + w.edition.ID, Key: fmt.Sprint("party", c.from)}); err != nil {
				t.Fatal(err)
			}
			var rows []string
			if err := d.Read.NewRaw("SELECT args FROM mail WHERE kind = 'registration_party' AND email = ?", person(c.from).Email).Scan(t.Context(), &rows); err != nil {
				t.Fatal(err)
			}
			if c.size == 1 {
				if len(rows) != 0 {
					t.Errorf("a list of one: %s", rows)
				}
				continue
			}
			var got struct{ List, Waiting string }
			if len(rows) != 1 || json.Unmarshal([]byte(rows[0]), &got) != nil || got.List != c.places || got.Waiting != c.waiting {
				t.Errorf("%d: %s", c.from, rows)
			}
		}
	})
}
