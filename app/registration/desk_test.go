package registration_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/registration"
)

// standings are everybody's names with how they stand, in the order they came.
func (w *world) standings() (list []string) {
	w.Helper()
	err := w.db.Read.NewRaw(`SELECT name || ' ' || state || CASE WHEN pending THEN ' pending' ELSE '' END
		FROM registration WHERE edition_id = ? ORDER BY id`, w.edition.ID).Scan(w.Context(), &list)
	if err != nil {
		w.Fatal(err)
	}
	for i := range list {
		list[i] = strings.TrimPrefix(list[i], "Osallistuja ")
	}
	return list
}

// Several are approved in the order they came, however they were chosen, and the
// counts say what the filters find.
func TestDecideAboutSeveral(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, of(2), nil)
		w.rules(func(r *registration.Rules) { r.Approval = true })
		var ids []string
		for i := range 5 {
			ids = append(ids, w.must(person(i)).ID)
		}
		chosen := []string{ids[3], ids[1], ids[0], ids[3], "nobody"}
		if n, err := w.reg.Decide(t.Context(), w.edition, "anna", registration.ToApprove, chosen); n != 3 || err != nil {
			t.Fatal(n, err)
		}
		if n, err := w.reg.Decide(t.Context(), w.edition, "anna", registration.ToRefuse, []string{ids[4], ids[0]}); n != 1 || err != nil {
			t.Error(n, err)
		}
		if got, want := w.standings(), []string{"0 confirmed", "1 confirmed", "2 waiting pending", "3 waiting", "4 cancelled"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		counts, err := w.reg.Counts(t.Context(), w.edition.ID)
		if want := (registration.Counts{Total: 5, Confirmed: 2, Waiting: 1, Pending: 1, Cancelled: 1}); counts != want || err != nil {
			t.Errorf("%+v, %v", counts, err)
		}
		for f, want := range map[registration.Filter]int64{{}: 5, {InLine: true}: 1, {Pending: true}: 1, {State: registration.Confirmed}: 2, {State: registration.Cancelled}: 1} {
			if n, err := w.reg.Count(t.Context(), w.edition.ID, f); n != want || err != nil {
				t.Errorf("%+v: %d, %v", f, n, err)
			}
		}
		// Both seats are given up at once: the one in line gets one of them.
		if n, err := w.reg.Decide(t.Context(), w.edition, "anna", registration.ToCancel, ids); n != 4 || err != nil {
			t.Error(n, err)
		}
		if n := w.count("SELECT count(*) FROM registration WHERE state <> 'cancelled'"); n != 0 {
			t.Errorf("%d left", n)
		}
		if n := w.count("SELECT count(*) FROM audit WHERE person_id = 'anna' AND act IN ('registration.approve', 'registration.refuse', 'registration.cancel')"); n != 8 {
			t.Errorf("%d verdicts in the log", n)
		}
		_, err = w.reg.Decide(t.Context(), w.edition, "anna", "delete", ids)
		refusedFor(t, err, "verdict", "field.required")
		w.consistent()
	})
}

// Two organisers who decide about the same people at once decide once.
func TestTwoOrganisersDecideOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, of(3), nil)
		w.rules(func(r *registration.Rules) { r.Approval = true })
		var ids []string
		for i := range 6 {
			ids = append(ids, w.must(person(i)).ID)
		}
		done := make([]int, 4)
		var all sync.WaitGroup
		for i := range done {
			all.Go(func() {
				n, err := w.reg.Decide(t.Context(), w.edition, fmt.Sprint(i), registration.ToApprove, ids)
				if done[i] = n; err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if slices.Sort(done); !slices.Equal(done, []int{0, 0, 0, 6}) {
			t.Errorf("decided %v", done)
		}
		if n := w.count("SELECT count(*) FROM audit WHERE act = 'registration.approve'"); n != 6 {
			t.Errorf("%d in the log", n)
		}
		w.consistent()
	})
}

// The ticket is sent again as the registration stands, once for two presses.
func TestTicketIsSentAgainOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, of(1), nil)
		first, second := w.must(person(1)), w.must(person(2))
		w.clock.Move(time.Hour)
		for r, kind := range map[string]string{first.Code: "registration_confirmed", second.Code: "registration_waiting"} {
			one, err := w.reg.ByCode(t.Context(), w.edition.ID, r)
			if err != nil {
				t.Fatal(err)
			}
			sent := make([]bool, 3)
			var all sync.WaitGroup
			for i := range sent {
				all.Go(func() {
					ok, err := w.reg.SendAgain(t.Context(), w.edition, "anna", one)
					if sent[i] = ok; err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if n := w.letters(kind, one.Email); n != 2 {
				t.Errorf("%d letters %s, of which one is the first", n, kind)
			}
		}
		if _, err := w.reg.Cancel(t.Context(), w.edition, first); err != nil {
			t.Fatal(err)
		}
		_, err := w.reg.SendAgain(t.Context(), w.edition, "anna", w.now(first))
		clashes(t, err, "registration.is_cancelled")
	})
}
