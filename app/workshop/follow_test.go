package workshop

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/fail"
	"agora/app/program"
	"agora/app/registration"
)

// Who gives the place up leaves everything; those who wait move up with a
// letter, and never somebody who is leaving as well.
func TestLeavingTheDayLeavesItsWorkshops(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		x, y, table := w.session("A", "10:00", "11:00", Input{Capacity: of(1)}), w.session("B", "12:00", "13:00", Input{}), w.table("Pöytä", 1)
		p := w.people(registration.Onsite, 4)
		for i := range p {
			w.in(p[i], x, int64(i))
		}
		w.in(p[0], y, 0)
		w.in(p[0], table, 0)
		w.in(p[2], table, 1)
		w.move(left(p[0]), left(p[1]))
		for i, want := range []State{"", "", Confirmed, Waiting} {
			if got := w.state(p[i], x); got != want {
				t.Errorf("number %d is %q, want %q", i, got, want)
			}
		}
		if w.state(p[2], table) != Confirmed || w.state(p[0], y) != "" {
			t.Error("a place was left behind")
		}
		if n := w.letters("workshop_promoted"); n != 2 {
			t.Errorf("%d letters of promotion, want one for the workshop and one for the table", n)
		}
		if n := w.letters("workshop_dropped"); n != 0 {
			t.Errorf("%d letters to those who left themselves", n)
		}
		w.move(left(p[0])) // told twice
		w.whole()
	})
}

func TestSwitchingLeavesWhatIsForTheOthers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		hall := w.session("Sali", "10:00", "11:00", Input{Capacity: of(1), Audience: registration.Onsite})
		both := w.session("Kaikille", "12:00", "13:00", Input{})
		p := w.people(registration.Onsite, 2)
		for i := range p {
			w.in(p[i], hall, int64(i))
			w.in(p[i], both, 0)
		}
		p[0].Kind = registration.Remote
		w.move(registration.Move{Registration: p[0]})
		if w.state(p[0], hall) != "" || w.state(p[0], both) != Confirmed || w.state(p[1], hall) != Confirmed {
			t.Error("who takes part remotely keeps what is for all, and only that")
		}
		if w.letters("workshop_dropped") != 1 || w.letters("workshop_promoted") != 1 {
			t.Error("both have to be told")
		}
		// A place that changes hands keeps its sign-ups.
		p[1].Version, p[1].Name = 2, "Kollega"
		w.move(registration.Move{Registration: p[1], Handed: true})
		if list, err := w.ws.SignedUp(t.Context(), w.edition.ID, hall.ID); err != nil || len(list) != 1 || list[0].Name != "Kollega" {
			t.Errorf("%+v %v", list, err)
		}
		w.whole()
	})
}

// What registration undoes, its followers have not done.
func TestFollowingIsUndoneWithTheAct(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		x := w.table("Pöytä", 1)
		p := w.people(registration.Onsite, 2)
		w.in(p[0], x, 0)
		w.in(p[1], x, 1)
		undone := fail.Clash("undone")
		err := d.Tx(t.Context(), func(ctx context.Context, tx bun.Tx) error {
			if err := w.ws.Follow(ctx, tx, w.edition, noon, []registration.Move{left(p[0])}); err != nil {
				return err
			}
			return undone
		})
		w.refused(err, "undone")
		if w.state(p[0], x) != Confirmed || w.state(p[1], x) != Waiting || w.letters("workshop_promoted") != 0 {
			t.Error("something stayed")
		}
	})
}

// A session that is called off keeps its list as it is. Once it is on again,
// what came free meanwhile goes to the line before anybody new.
func TestCalledOffAndOnAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		x := w.session("A", "10:00", "11:00", Input{Capacity: of(1)})
		p := w.people(registration.Onsite, 3)
		w.in(p[0], x, 0)
		w.in(p[1], x, 1)
		call := func(off bool) {
			t.Helper()
			if _, err := d.Write.NewUpdate().Model((*program.Session)(nil)).Set("cancelled = ?", off).Where("id = ?", *x.SessionID).Exec(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		call(true)
		w.leave(p[0], x)
		_, err := w.signUp(p[2], x)
		w.refused(err, "workshop.called_off")
		if w.state(p[1], x) != Waiting {
			t.Error("promoted into nothing")
		}
		call(false)
		w.in(p[2], x, 1)
		if w.state(p[1], x) != Confirmed || w.letters("workshop_promoted") != 1 {
			t.Error("who waited was passed")
		}
		w.whole()
	})
}

func TestExportErasureAndRemoval(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		x, y := w.session("A", "10:00", "11:00", Input{}), w.table("Pöytä", 3)
		p := w.people(registration.Onsite, 2)
		for _, r := range p {
			w.in(r, x, 0)
			w.in(r, y, 0)
		}
		w.leave(p[0], y)
		got, err := w.ws.Export(t.Context(), p[0].PersonID)
		if err != nil {
			t.Fatal(err)
		}
		list := got.([]Exported)
		if len(list) != 2 || list[0].Workshop.String() != "A" || list[1].Workshop.String() != "Pöytä" || list[1].State != Cancelled {
			t.Errorf("%+v", list)
		}
		if b, err := json.Marshal(got); err != nil || len(b) == 0 {
			t.Error(err)
		}
		if err := w.ws.Erase(t.Context(), d.Write, p[0].PersonID); err != nil {
			t.Fatal(err)
		}
		if n := w.count("SELECT count(*) FROM sign_up"); n != 3 {
			t.Errorf("%d sign-ups are left, want those that count", n)
		}
		w.whole()
		w.tx(func(ctx context.Context, tx bun.Tx) error { return RemoveEdition(ctx, tx, w.edition.ID) })
		if n := w.count("SELECT count(*) FROM sign_up") + w.count("SELECT count(*) FROM workshop"); n != 0 {
			t.Errorf("%d rows of a removed edition", n)
		}
	})
}
