package workshop

import (
	"fmt"
	"strings"
	"testing"

	"agora/app/db/dbtest"
	"agora/app/registration"
)

// faults compares the stored counters with the stored sign-ups and the rules;
// none is nil.
func (w *world) faults() (faults []string) {
	w.Helper()
	for what, query := range map[string]string{
		"taken differs from the rows":   `SELECT count(*) FROM workshop AS w WHERE taken <> (SELECT count(*) FROM sign_up AS u WHERE u.workshop_id = w.id AND u.state = 'confirmed')`,
		"waiting differs from the rows": `SELECT count(*) FROM workshop AS w WHERE waiting <> (SELECT count(*) FROM sign_up AS u WHERE u.workshop_id = w.id AND u.state = 'waiting')`,
		"oversold":                      `SELECT count(*) FROM workshop WHERE taken > capacity`,
		"free while somebody waits":     `SELECT count(*) FROM workshop WHERE waiting > 0 AND (capacity IS NULL OR taken < capacity)`,
		"one number held twice":         `SELECT count(*) FROM (SELECT 1 AS x FROM sign_up WHERE state = 'waiting' GROUP BY workshop_id, line HAVING count(*) > 1) AS y`,
		"signed up twice":               `SELECT count(*) FROM (SELECT 1 AS x FROM sign_up WHERE state <> 'cancelled' GROUP BY workshop_id, registration_id HAVING count(*) > 1) AS y`,
		"signed up without a place": `SELECT count(*) FROM sign_up AS u JOIN registration AS r ON r.id = u.registration_id
			WHERE u.state <> 'cancelled' AND r.state <> 'confirmed'`,
		"in an audience they do not belong to": `SELECT count(*) FROM sign_up AS u JOIN registration AS r ON r.id = u.registration_id
			JOIN workshop AS w ON w.id = u.workshop_id WHERE u.state <> 'cancelled' AND w.audience <> '' AND w.audience <> r.kind`,
		"at two tables": `SELECT count(*) FROM (SELECT 1 AS x FROM sign_up AS u JOIN workshop AS w ON w.id = u.workshop_id
			WHERE u.state <> 'cancelled' AND w.session_id IS NULL GROUP BY u.registration_id HAVING count(*) > 1) AS y`,
	} {
		if n := w.count(query); n > 0 {
			faults = append(faults, fmt.Sprintf("%d × %s", n, what))
		}
	}
	clashes, err := w.ws.Clashes(w.Context(), w.edition.ID)
	if err != nil {
		w.Fatal(err)
	}
	if len(clashes) > 0 {
		faults = append(faults, fmt.Sprintf("%d × at two places at once", len(clashes)))
	}
	return faults
}

func (w *world) whole() {
	w.Helper()
	if faults := w.faults(); faults != nil {
		w.Errorf("%q", faults)
	}
}

// The tests' own eyes: each fault, made by hand, is seen.
func TestFaultsAreNoticed(t *testing.T) {
	for _, c := range []struct{ statement, want string }{
		{"UPDATE workshop SET taken = taken - 1 WHERE taken = 2", "taken differs"},
		{"UPDATE workshop SET waiting = waiting + 1 WHERE waiting = 2", "waiting differs"},
		{"UPDATE sign_up SET state = 'cancelled' WHERE state = 'confirmed'", "taken differs"},
		{"UPDATE workshop SET capacity = 9 WHERE waiting = 2", "free while somebody waits"},
		{"UPDATE sign_up SET line = 1 WHERE state = 'waiting'", "one number held twice"},
		{"UPDATE registration SET state = 'waiting'", "signed up without a place"},
		{"UPDATE workshop SET audience = 'remote'", "in an audience they do not belong to"},
		{"UPDATE workshop SET session_id = NULL", "at two tables"},
		{"UPDATE slot SET starts_at = (SELECT min(starts_at) FROM slot)", "at two places at once"},
	} {
		d := dbtest.OpenSQLite(t)
		w := newWorld(t, d)
		a, b := w.session("A", "10:00", "11:00", Input{Capacity: of(2)}), w.session("B", "12:00", "13:00", Input{})
		for i, r := range w.people(registration.Onsite, 4) {
			w.in(r, a, max(0, int64(i-1)))
			w.in(r, b, 0)
		}
		w.whole()
		if _, err := d.Write.ExecContext(t.Context(), c.statement); err != nil {
			t.Fatal(err)
		}
		if faults := strings.Join(w.faults(), "; "); !strings.Contains(faults, c.want) {
			t.Errorf("%s: noticed only %q", c.statement, faults)
		}
	}
	// And what the database itself refuses.
	d := dbtest.OpenSQLite(t)
	w := newWorld(t, d)
	x := w.table("A", 1)
	w.in(w.person(registration.Onsite), x, 0)
	if _, err := d.Write.ExecContext(t.Context(), "UPDATE workshop SET taken = 2"); err == nil {
		t.Error("the database let a table be oversold")
	}
}
