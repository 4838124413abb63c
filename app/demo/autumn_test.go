package demo

import (
	"testing"

	"agora/app/db"
	"agora/app/db/dbtest"
)

// The coming edition shows every use of an autumn at once: a form of its own,
// places held back, workshops of which one is full, tables, people who wish to be
// found, and a message that waits to be sent.
func TestAutumn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, _ := seeded(t, d, testNow)
		e := find(t, h, Coming)
		for _, c := range []struct {
			what, query string
			want        int64
		}{
			{"workshops", "SELECT count(*) FROM workshop WHERE session_id IS NOT NULL AND edition_id = ?", 5},
			{"full workshops with people waiting", "SELECT count(*) FROM workshop WHERE taken = capacity AND waiting = 4 AND edition_id = ?", 1},
			{"topic tables", "SELECT count(*) FROM workshop WHERE session_id IS NULL AND edition_id = ?", 3},
			{"people who wish to be found", "SELECT count(*) FROM listing WHERE edition_id = ?", 8},
			{"places held back", "SELECT held FROM place WHERE kind = 'onsite' AND edition_id = ?", 24 + unanswered},
			{"holds with a code", "SELECT count(*) FROM hold WHERE code <> '' AND edition_id = ?", 2},
			{"messages not sent", "SELECT count(*) FROM message WHERE sent_at IS NULL AND edition_id = ?", 1},
		} {
			if got := count(t, d, c.query, e.ID); got != c.want {
				t.Errorf("%s: %d, want %d", c.what, got, c.want)
			}
		}
		if got := count(t, d, "SELECT count(*) FROM registration WHERE answers LIKE '%hope%' AND edition_id = ?", e.ID); got < 50 {
			t.Errorf("only %d said what they hope for", got)
		}
	})
}
