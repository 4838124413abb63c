package workshop

import (
	"strings"
	"testing"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/program"
	"agora/app/registration"
	"agora/app/text"
)

func TestOpening(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		talk := w.draft(program.Session{}, "Paja", "10:00", "11:00")
		key := strings.ToUpper(db.NewID())
		in := Input{Key: key, SessionID: talk.ID, Title: text.One(text.Finnish, "Oma nimi"), About: text.One(text.Finnish, " Ota kone mukaan. "), Capacity: of(20)}
		x := w.open(in)
		if again := w.open(in); again.ID != x.ID {
			t.Error("the same form opened two")
		}
		if x.Name(w.edition, text.English) != "Paja" || x.About[text.Finnish] != "Ota kone mukaan." || !x.Title.Empty() || x.Table() {
			t.Errorf("%+v", x)
		}
		in.Key = ""
		_, err := w.ws.Open(t.Context(), w.edition, "org", in)
		w.refused(err, "workshop.already_open")
		pause, err := w.program.SaveSession(t.Context(), "org", w.edition, "", program.SessionInput{Title: text.One(text.Finnish, "Kahvi"), Kind: program.Break})
		if err != nil {
			t.Fatal(err)
		}
		off, err := w.program.SaveSession(t.Context(), "org", w.edition, "", program.SessionInput{Title: text.One(text.Finnish, "Ei"), Kind: program.Talk, Cancelled: true})
		if err != nil {
			t.Fatal(err)
		}
		name := text.One(text.Finnish, "Pöytä")
		for _, c := range []struct {
			in  Input
			key string
		}{
			{Input{SessionID: "nothing"}, "workshop.session_missing"},
			{Input{SessionID: pause.ID}, "workshop.session_break"},
			{Input{SessionID: off.ID}, "workshop.called_off"},
			{Input{Capacity: of(4)}, "field.required"},
			{Input{Title: name}, "field.required"},
			{Input{Title: name, Capacity: of(0)}, "workshop.capacity_form"},
			{Input{Title: name, Capacity: of(10_001)}, "workshop.capacity_form"},
			{Input{Title: name, Capacity: of(4), Audience: "anybody"}, "workshop.audience_unknown"},
			{Input{Title: text.One(text.Finnish, strings.Repeat("ä", 121)), Capacity: of(4)}, "field.long"},
			{Input{Title: text.One(text.Finnish, "a\x00b"), Capacity: of(4)}, "field.characters"},
			{Input{Title: text.One("de", "Tisch"), Capacity: of(4)}, "field.characters"},
			{Input{Title: name, Capacity: of(4), About: text.One(text.Swedish, strings.Repeat("x", 1001))}, "field.long"},
		} {
			_, err := w.ws.Open(t.Context(), w.edition, "org", c.in)
			w.refused(err, c.key)
		}
		emoji := w.open(Input{Title: text.Texts{text.Finnish: "🎙️ Podcast", text.English: "مرحبا"}, Capacity: of(4)})
		if emoji.Name(w.edition, text.English) != "مرحبا" || emoji.Rank != x.Rank+1 {
			t.Errorf("%+v", emoji)
		}
		list, err := w.ws.List(t.Context(), w.edition.ID)
		if err != nil || len(list) != 2 || list[0].ID != x.ID {
			t.Errorf("%+v %v", list, err)
		}
	})
}

func TestChanging(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		x := w.session("Paja", "10:00", "11:00", Input{Capacity: of(2)})
		here, afar := w.people(registration.Onsite, 4), w.person(registration.Remote)
		for i, position := range []int64{0, 0, 1, 2} {
			w.in(here[i], x, position)
		}
		w.in(afar, x, 3)
		try := func(in Input, key string) {
			t.Helper()
			_, err := w.ws.Change(t.Context(), w.edition, "org", x.ID, in)
			w.refused(err, key)
		}
		try(Input{Capacity: of(1)}, "workshop.capacity_below")
		try(Input{Capacity: of(0)}, "workshop.capacity_form")
		try(Input{Capacity: of(2), Audience: registration.Onsite}, "workshop.audience_taken")
		try(Input{Capacity: of(1), Audience: registration.Onsite}, "workshop.audience_taken")
		if now, err := w.ws.One(t.Context(), w.edition.ID, x.ID); err != nil || *now.Capacity != 2 || now.Audience != "" {
			t.Errorf("a refusal has changed something: %+v %v", now, err)
		}
		now, err := w.ws.Change(t.Context(), w.edition, "org", x.ID, Input{Capacity: of(4), About: text.One(text.English, "Bring a pen")})
		if err != nil || now.Taken != 4 || now.Waiting != 1 || now.About[text.English] != "Bring a pen" {
			t.Errorf("%+v %v", now, err)
		}
		if n := w.letters("workshop_promoted"); n != 2 || w.state(here[3], x) != Confirmed || w.state(afar, x) != Waiting {
			t.Errorf("%d promoted", n)
		}
		w.leave(afar, x)
		if _, err := w.ws.Change(t.Context(), w.edition, "org", x.ID, Input{Audience: registration.Onsite}); err != nil {
			t.Error(err)
		}
		w.in(w.person(registration.Onsite), x, 0) // without a limit now
		_, err = w.signUp(afar, x)
		w.refused(err, "workshop.only_onsite")
		w.whole()
		lines, err := audit.Find(t.Context(), d.Read, audit.Query{Edition: w.edition.ID, Limit: 100})
		if err != nil || lines[0].Act != "workshop.change" || lines[0].Person != "org" || lines[0].Subject != x.ID {
			t.Errorf("%+v %v", lines, err)
		}
	})
}

func TestRemoving(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		empty, table := w.session("Tyhjä", "10:00", "11:00", Input{}), w.table("Pöytä", 1)
		p := w.people(registration.Onsite, 3)
		for i := range p {
			w.in(p[i], table, int64(i))
		}
		w.leave(p[0], table)
		if err := w.ws.Remove(t.Context(), w.edition, "org", empty.ID, false); err != nil {
			t.Error(err)
		}
		w.refused(w.ws.Remove(t.Context(), w.edition, "org", table.ID, false), "workshop.taken")
		if err := w.ws.Remove(t.Context(), w.edition, "org", table.ID, true); err != nil {
			t.Error(err)
		}
		if n := w.letters("workshop_removed"); n != 2 {
			t.Errorf("%d letters for one with a place and one who waits", n)
		}
		if n := w.count("SELECT count(*) FROM workshop") + w.count("SELECT count(*) FROM sign_up"); n != 0 {
			t.Errorf("%d rows are left", n)
		}
		w.refused(w.ws.Remove(t.Context(), w.edition, "org", table.ID, true), "workshop.missing")
		_, err := w.ws.Change(t.Context(), w.edition, "org", table.ID, Input{})
		w.refused(err, "workshop.missing")
	})
}

// An edition's organisers and people reach their own workshops only.
func TestOfAnotherEdition(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		x, ours := w.table("Pöytä", 4), w.edition
		mine := w.person(registration.Onsite)
		w.in(mine, x, 0)
		talk := w.draft(program.Session{}, "Paja", "10:00", "11:00")
		w.edition = w.newEdition("2028")
		theirs := w.person(registration.Onsite)
		_, err := w.signUp(theirs, x)
		w.refused(err, "workshop.missing")
		_, err = w.ws.SignUp(t.Context(), ours, theirs, x.ID, db.Key{})
		w.refused(err, "registration.ticket_missing")
		_, err = w.ws.Leave(t.Context(), w.edition, mine, x.ID, db.Key{})
		w.refused(err, "workshop.missing")
		_, err = w.ws.Change(t.Context(), w.edition, "org", x.ID, Input{})
		w.refused(err, "workshop.missing")
		w.refused(w.ws.Remove(t.Context(), w.edition, "org", x.ID, true), "workshop.missing")
		_, err = w.ws.Open(t.Context(), w.edition, "org", Input{SessionID: talk.ID})
		w.refused(err, "workshop.session_missing")
		_, err = w.ws.Open(t.Context(), w.edition, "org", Input{Key: x.ID, Title: text.One(text.Finnish, "P"), Capacity: of(1)})
		w.refused(err, "workshop.missing")
		if list, err := w.ws.SignedUp(t.Context(), w.edition.ID, x.ID); err != nil || len(list) != 0 {
			t.Errorf("%+v %v", list, err)
		}
		w.edition = ours
		if w.state(mine, x) != Confirmed {
			t.Error("somebody else's organiser reached our table")
		}
		w.whole()
	})
}

func TestNamesForTheOrganiser(t *testing.T) {
	d := dbtest.OpenSQLite(t)
	w := newWorld(t, d)
	x := w.table("Pöytä", 3)
	p := w.people(registration.Onsite, 5)
	for i, name := range []string{"Öhman", "Aalto", "Åberg", "Zorro", "Aatu"} {
		p[i].Name = name
		w.move(registration.Move{Registration: p[i]})
		w.in(p[i], x, max(0, int64(i-2)))
	}
	list, err := w.ws.SignedUp(t.Context(), w.edition.ID, x.ID)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"Aalto", "Åberg", "Öhman", "Zorro", "Aatu"} {
		if list[i].Name != want || list[i].Position != max(0, int64(i-2)) {
			t.Errorf("%d: %+v, want %s", i, list[i], want)
		}
	}
}
