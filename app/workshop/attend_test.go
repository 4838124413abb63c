package workshop

import (
	"strings"
	"testing"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/fail"
	"agora/app/program"
	"agora/app/registration"
	"agora/app/text"
)

func TestPlacesThenTheLineThenPromotion(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		x := w.session("Ääni esiin", "10:00", "11:00", Input{Capacity: of(2)})
		w.release()
		p := w.people(registration.Onsite, 5)
		for i, position := range []int64{0, 0, 1, 2, 3} {
			w.in(p[i], x, position)
		}
		w.in(p[3], x, 2) // twice is no mistake
		w.in(p[0], x, 0)
		w.leave(p[2], x)
		w.in(p[3], x, 1)
		w.leave(p[0], x)
		w.leave(p[0], x)
		if w.state(p[3], x) != Confirmed || w.state(p[4], x) != Waiting || w.state(p[0], x) != "" {
			t.Error("the place did not go to the first in line")
		}
		w.in(p[4], x, 1)
		w.in(p[0], x, 2) // back again, behind the others
		if n := w.letters("workshop_promoted"); n != 1 {
			t.Errorf("%d letters of promotion", n)
		}
		var args string
		if err := d.Read.NewRaw("SELECT args FROM mail WHERE kind = 'workshop_promoted'").Scan(t.Context(), &args); err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{"Ääni esiin", "maanantaina 25.1.2027 klo\u00a010.00", "Pajatila", "/ticket/" + p[3].ID} {
			if !strings.Contains(args, part) {
				t.Errorf("the letter lacks %q: %s", part, args)
			}
		}
		w.whole()
	})
}

func TestWhoMaySignUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		hall := w.session("Sali", "10:00", "11:00", Input{Audience: registration.Onsite})
		afar := w.session("Etä", "12:00", "13:00", Input{Audience: registration.Remote})
		here, remote := w.person(registration.Onsite), w.person(registration.Remote)
		w.in(here, hall, 0)
		w.in(remote, afar, 0)
		try := func(r registration.Registration, x Workshop, key string) {
			t.Helper()
			_, err := w.signUp(r, x)
			w.refused(err, key)
		}
		try(here, afar, "workshop.only_remote")
		try(remote, hall, "workshop.only_onsite")
		// Who waits for a seat takes part by the remote place held meanwhile, or not at all.
		waits := w.person(registration.Onsite)
		waits.State, waits.Line = registration.Waiting, 1
		w.move(registration.Move{Registration: waits})
		try(waits, hall, "workshop.not_attending")
		waits.Meanwhile = true
		w.move(registration.Move{Registration: waits})
		try(waits, hall, "workshop.only_onsite")
		w.in(waits, afar, 0)
		// What the caller says of a registration does not count, what is stored does.
		gone := w.person(registration.Onsite)
		w.move(left(gone))
		try(gone, hall, "workshop.not_attending")
		old := here
		here.Version++
		w.move(registration.Move{Registration: here, Handed: true})
		try(old, hall, "registration.ticket_missing")
		try(registration.Registration{ID: "nobody"}, hall, "registration.ticket_missing")
		try(here, Workshop{ID: "nothing"}, "workshop.missing")
	})
}

func TestTheClockDecides(t *testing.T) {
	d := dbtest.OpenSQLite(t)
	w := newWorld(t, d)
	x, table := w.session("Paja", "10:00", "11:00", Input{Capacity: of(1)}), w.table("Pöytä", 3)
	unset := w.session("Ilman aikaa", "", "", Input{})
	p := w.people(registration.Onsite, 6)
	w.in(p[0], x, 0)
	w.in(p[1], x, 1)
	w.clock.Set(at("10:00").Add(-1))
	w.in(p[2], x, 2)
	w.clock.Set(at("10:00"))
	_, err := w.signUp(p[3], x)
	w.refused(err, "workshop.started")
	w.in(p[0], x, 0) // still the same answer for who is in
	w.in(p[3], table, 0)
	w.in(p[3], unset, 0)
	w.leave(p[0], x)
	if w.state(p[1], x) != Waiting || w.letters("workshop_promoted") != 0 {
		t.Error("a place was given in what has begun")
	}
	w.clock.Set(w.edition.EndsAt)
	for _, one := range []Workshop{x, table, unset} {
		_, err := w.signUp(p[4], one)
		w.refused(err, "workshop.edition_over")
	}
}

func TestClashesAreRefusedInPlainWords(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		words, err := text.Load()
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(t, d)
		first := w.session("Aamu", "10:00", "11:00", Input{Capacity: of(1)})
		late := w.session("Myöhään", "10:45", "11:30", Input{})
		next := w.session("Heti perään", "11:00", "12:00", Input{})
		r := w.person(registration.Onsite)
		w.in(w.person(registration.Onsite), first, 0)
		w.in(r, first, 1) // who waits may be given the place, so waiting counts
		w.in(r, next, 0)  // one ends as the other starts
		_, err = w.signUp(r, late)
		w.refused(err, "workshop.clash")
		e, _ := fail.As(err)
		got := words.T(text.Finnish, e.Key, e.Args...)
		if !strings.Contains(got, "”Aamu”, klo\u00a010.00–11.00") || strings.ContainsAny(got, "{}") {
			t.Errorf("said: %s", got)
		}
		if got := words.T(text.English, e.Key, e.Args...); !strings.Contains(got, "“Aamu”, 10:00–11:00") {
			t.Errorf("said: %s", got)
		}
		w.leave(r, first)
		w.leave(r, next)
		w.in(r, late, 0)
		a, b := w.table("Rekry", 2), w.table("Some", 2)
		w.in(r, a, 0)
		_, err = w.signUp(r, b)
		w.refused(err, "workshop.one_table")
		if e, _ := fail.As(err); !strings.Contains(words.T(text.Swedish, e.Key, e.Args...), "”Rekry”") {
			t.Errorf("said: %s", words.T(text.Swedish, e.Key, e.Args...))
		}
		w.leave(r, a)
		w.in(r, b, 0)
		w.whole()
	})
}

// The draft counts only as long as nothing is released; a new release that
// makes two sign-ups overlap is shown to the organiser.
func TestTheReleasedProgrammeDecides(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		a := w.session("A", "10:00", "11:00", Input{})
		b := w.session("B", "12:00", "13:00", Input{})
		r := w.person(registration.Onsite)
		w.release()
		b2 := program.Session{ID: *b.SessionID}
		w.draft(b2, "B", "10:30", "11:30")
		w.in(r, a, 0)
		w.in(r, b, 0) // the draft moved it, the public programme has not
		w.whole()
		w.release()
		clashes, err := w.ws.Clashes(t.Context(), w.edition.ID)
		if err != nil || len(clashes) != 1 || clashes[0].Name != r.Name || clashes[0].First.ID != a.ID || clashes[0].Second.ID != b.ID {
			t.Errorf("%+v %v", clashes, err)
		}
		_, err = w.signUp(w.both(a), b)
		w.refused(err, "workshop.clash")
		agenda, err := w.ws.Agenda(t.Context(), r.ID)
		if err != nil || len(agenda) != 2 || agenda[0].Workshop.ID != a.ID || !agenda[1].Workshop.StartsAt.Equal(at("10:30")) ||
			agenda[1].Workshop.Room[text.English] != "Studio" || agenda[1].Workshop.Slug != "b" {
			t.Errorf("%+v %v", agenda, err)
		}
	})
}

// both is somebody new who is signed up to x.
func (w *world) both(x Workshop) registration.Registration {
	w.Helper()
	r := w.person(registration.Onsite)
	w.in(r, x, 0)
	return r
}

// Before anything is released, an agenda does not tell the draft's times.
func TestAgendaKeepsTheDraftToItself(t *testing.T) {
	d := dbtest.OpenSQLite(t)
	w := newWorld(t, d)
	x, table := w.session("A", "10:00", "11:00", Input{Capacity: of(1)}), w.table("Pöytä", 4)
	r := w.both(x)
	other := w.person(registration.Onsite)
	w.in(other, x, 1)
	w.in(other, table, 0)
	for who, want := range map[string]int{r.ID: 1, other.ID: 2, "nobody": 0} {
		agenda, err := w.ws.Agenda(t.Context(), who)
		if err != nil || len(agenda) != want {
			t.Fatalf("%+v %v", agenda, err)
		}
		if want > 0 && (agenda[0].Workshop.Scheduled() || agenda[0].Workshop.Room != nil && !agenda[0].Workshop.Room.Empty()) {
			t.Errorf("%+v", agenda[0])
		}
		if want == 2 && (agenda[0].State != Waiting || agenda[0].Position != 1 || agenda[1].Workshop.Name(w.edition, text.Swedish) != "Pöytä") {
			t.Errorf("%+v", agenda)
		}
	}
	if list, err := w.ws.List(t.Context(), w.edition.ID); err != nil || !list[0].StartsAt.Equal(at("10:00")) || list[0].Taken != 1 || list[0].Waiting != 1 {
		t.Errorf("the organiser sees the draft: %+v %v", list, err)
	}
}

func TestOneKeyOneAnswer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		a, b := w.session("A", "10:00", "11:00", Input{Capacity: of(1)}), w.session("B", "12:00", "13:00", Input{})
		r := w.person(registration.Onsite)
		key := db.Key{Scope: "workshop:" + w.edition.ID, Key: "k"}
		for range 2 {
			if res, err := w.ws.SignUp(t.Context(), w.edition, r, a.ID, key); err != nil || res.State != Confirmed {
				t.Errorf("%+v %v", res, err)
			}
		}
		w.leave(r, a)
		if res, err := w.ws.SignUp(t.Context(), w.edition, r, a.ID, key); err != nil || res.State != Confirmed || w.state(r, a) != "" {
			t.Errorf("a late repetition signed up again: %+v %v", res, err)
		}
		_, err := w.ws.SignUp(t.Context(), w.edition, r, b.ID, key)
		w.refused(err, "registration.key_reused")
		_, err = w.ws.Leave(t.Context(), w.edition, r, a.ID, key)
		w.refused(err, "registration.key_reused")
		again := db.Key{Scope: key.Scope, Key: "again"}
		if _, err := w.ws.SignUp(t.Context(), w.edition, r, "nothing", again); !fail.Is(err, fail.NotFound) {
			t.Error(err)
		}
		if res, err := w.ws.SignUp(t.Context(), w.edition, r, a.ID, again); err != nil || res.State != Confirmed {
			t.Errorf("a refusal was stored as an answer: %+v %v", res, err)
		}
		w.whole()
	})
}
