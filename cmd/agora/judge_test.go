package main

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"testing"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/registration"
)

// placeFacts are a place's counters beside what its rows say.
type placeFacts struct {
	registration.Place
	claims, waiting  int64 // by rows
	nearest, longest int64 // numbers of the waiting list
}

// look compares the counters with the rows inside one read transaction, so
// that it sees a single instant, and tells every fault.
func look(ctx context.Context, d *db.DB) (faults []string, err error) {
	options := &sql.TxOptions{ReadOnly: true}
	if d.Engine == db.Postgres {
		options.Isolation = sql.LevelRepeatableRead
	}
	err = d.Read.RunInTx(ctx, options, func(ctx context.Context, tx bun.Tx) error {
		facts, err := readFacts(ctx, tx)
		if err != nil {
			return err
		}
		for _, kind := range registration.Kinds {
			faults = append(faults, facts[kind].faults()...)
		}
		return nil
	})
	return faults, err
}

func readFacts(ctx context.Context, tx bun.Tx) (map[registration.Kind]*placeFacts, error) {
	facts := map[registration.Kind]*placeFacts{}
	for _, kind := range registration.Kinds {
		facts[kind] = &placeFacts{}
	}
	var places []registration.Place
	if err := tx.NewSelect().Model(&places).Scan(ctx); err != nil {
		return facts, err
	}
	for _, p := range places {
		facts[p.Kind].Place = p
	}
	var groups []struct {
		Kind      registration.Kind
		State     registration.State
		Meanwhile bool
		N, Lo, Hi int64
	}
	err := tx.NewRaw(`SELECT kind, state, meanwhile, count(*) AS n, min(line) AS lo, max(line) AS hi FROM registration
		WHERE state <> ? AND NOT pending GROUP BY kind, state, meanwhile`, registration.Cancelled).Scan(ctx, &groups)
	if err != nil {
		return facts, err
	}
	for _, g := range groups {
		f := facts[g.Kind]
		if g.State != registration.Waiting {
			f.claims += g.N
			continue
		}
		if g.Meanwhile {
			facts[registration.Remote].claims += g.N
		}
		if f.waiting == 0 || g.Lo < f.nearest {
			f.nearest = g.Lo
		}
		f.waiting, f.longest = f.waiting+g.N, max(f.longest, g.Hi)
	}
	return facts, nil
}

// faults: seats are never oversold, counters are the rows, and whoever waits
// stands in one unbroken line that ends with the last number given out. Nobody
// leaves the line by themselves in these tests, so it is broken as soon as
// anybody is promoted out of turn.
func (f *placeFacts) faults() (faults []string) {
	fault := func(format string, args ...any) {
		faults = append(faults, string(f.Kind)+": "+fmt.Sprintf(format, args...))
	}
	if f.Capacity != nil && f.Taken > *f.Capacity+f.Overbook-f.Held {
		fault("%d taken of %d + %d - %d", f.Taken, *f.Capacity, f.Overbook, f.Held)
	}
	if f.Taken != f.claims {
		fault("the counter says %d taken, the rows %d", f.Taken, f.claims)
	}
	if f.Place.Waiting != f.waiting {
		fault("the counter says %d waiting, the rows %d", f.Place.Waiting, f.waiting)
	}
	if f.waiting > 0 && (f.longest != f.Line || f.longest-f.nearest+1 != f.waiting) {
		fault("%d wait with the numbers %d to %d, the last given out is %d", f.waiting, f.nearest, f.longest, f.Line)
	}
	return faults
}

// judge compares what people were told with what is stored, and tells every fault.
func judge(t *testing.T, d *db.DB, told map[string]string) (faults []string) {
	t.Helper()
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	faults, err := look(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	var stored []registration.Registration
	if err := d.Read.NewSelect().Model(&stored).Scan(t.Context()); err != nil {
		t.Fatal(err)
	}
	codes, first := map[string]string{}, map[string]int{}
	for _, r := range stored {
		if codes[r.Email] != "" {
			fault("%s is registered twice", r.Email)
		}
		codes[r.Email] = r.Code
	}
	for email, code := range told {
		if codes[email] != code {
			fault("%s was told %s and is stored as %q", email, code, codes[email])
		}
	}
	for letter, n := range letters(t, d) {
		if n != 1 {
			fault("%s got the letter %s %d times", letter[0], letter[1], n)
		}
		if slices.Contains(firstLetters, letter[1]) {
			first[letter[0]]++
		}
	}
	for email := range codes {
		if first[email] != 1 {
			fault("%s got %d letters about registering", email, first[email])
		}
	}
	if len(first) != len(codes) {
		fault("%d people got letters, %d are registered", len(first), len(codes))
	}
	return faults
}

// firstLetters answer a registration; each person gets one of them.
var firstLetters = []string{"registration_confirmed", "registration_waiting", "registration_remote"}

// letters counts the outbox by address and kind.
func letters(t *testing.T, d *db.DB) map[[2]string]int {
	t.Helper()
	var rows []struct {
		Email, Kind string
		N           int
	}
	if err := d.Read.NewRaw("SELECT email, kind, count(*) AS n FROM mail GROUP BY email, kind").Scan(t.Context(), &rows); err != nil {
		t.Fatal(err)
	}
	found := map[[2]string]int{}
	for _, r := range rows {
		found[[2]string{r.Email, r.Kind}] = r.N
	}
	return found
}

// control breaks the database in one way after the other, none of which may go
// unnoticed.
func control(t *testing.T, d *db.DB, told map[string]string) {
	t.Helper()
	before := judge(t, d, told)
	for _, c := range []struct{ what, statement string }{
		{"a counter that is too low", "UPDATE place SET taken = taken - 1 WHERE kind = 'onsite'"},
		{"a line with a gap", "UPDATE registration SET line = line - 100000 WHERE line = (SELECT max(line) FROM registration)"},
		{"a seat given away beside the counters", "UPDATE registration SET state = 'confirmed', line = 0 WHERE code = (SELECT min(code) FROM registration WHERE state = 'waiting')"},
		{"another code than was told", "UPDATE registration SET code = 'QQQQ-QQQQ' WHERE code = (SELECT min(code) FROM registration)"},
		{"a letter that is missing", "DELETE FROM mail WHERE id = (SELECT min(id) FROM mail)"},
		{"a letter to somebody else", "UPDATE mail SET email = 'nobody@example.org' WHERE id = (SELECT min(id) FROM mail)"},
		{"a letter that came twice", "UPDATE mail SET email = (SELECT min(email) FROM mail WHERE kind = 'registration_confirmed') WHERE id = (SELECT max(id) FROM mail WHERE kind = 'registration_confirmed')"},
		{"a registration that vanished", "DELETE FROM registration WHERE code = (SELECT max(code) FROM registration)"},
	} {
		if _, err := d.Write.ExecContext(t.Context(), c.statement); err != nil {
			t.Fatalf("%s: %v", c.what, err)
		}
		after := judge(t, d, told)
		if !slices.ContainsFunc(after, func(fault string) bool { return !slices.Contains(before, fault) }) {
			t.Errorf("%s goes unnoticed", c.what)
		}
		before = after
	}
}
