package agenda

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/mail"
	"agora/app/program"
	"agora/app/program/exchange"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/workshop"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

var noon = time.Date(2027, 1, 20, 12, 0, 0, 0, time.UTC)

// world is a site with one edition, its programme, people and outbox.
type world struct {
	*testing.T
	*Service
	db      *db.DB
	program *program.Service
	letters *mail.Service
	edition edition.Edition
	rooms   []program.Room
	n       int
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	now := func() time.Time { return noon }
	words, err := text.Load()
	check(t, err)
	editions := edition.New(d, now)
	secret, base := []byte("a secret of the tests, long enough"), "https://agora.example"
	w := &world{T: t, db: d, program: program.New(d, now, editions)}
	registrations := registration.New(d, now, editions, secret, base)
	t.Cleanup(registrations.Close)
	workshops := workshop.New(d, now, editions, registrations.TicketURL)
	t.Cleanup(workshops.Close)
	w.Service = New(d, now, words, w.program, registrations, workshops, secret, base)
	w.program.Listen(w.Service)
	w.letters, err = mail.New(d, now, words, nil, "", base)
	check(t, err)
	series, err := editions.NewSeries(t.Context(), "", edition.SeriesInput{Slug: "cmadfi", Title: text.One(text.Finnish, "CMADFI")})
	check(t, err)
	w.edition, err = registrations.NewEdition(t.Context(), "", series, edition.Input{Slug: "2027", Title: text.One(text.Finnish, "CMADFI 2027"), Zone: "Europe/Helsinki",
		Languages: edition.Languages{text.Finnish, text.English}, StartsAt: at("09:00"), EndsAt: at("17:00"), OpensAt: noon.AddDate(0, -1, 0), ClosesAt: at("09:00")},
		map[registration.Kind]*int64{registration.Onsite: nil, registration.Remote: nil})
	check(t, err)
	for _, name := range []string{"Aula", "Studio"} {
		r, err := w.program.SaveRoom(t.Context(), "", w.edition, "", program.RoomInput{Name: text.One(text.Finnish, name)})
		check(t, err)
		w.rooms = append(w.rooms, r)
	}
	return w
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func at(s string) time.Time {
	v, err := time.Parse("2006-01-02 15:04 -0700", "2027-01-25 "+s+" +0200")
	if err != nil {
		panic(err)
	}
	return v.UTC()
}

// fresh is the edition as it is now, with its revision.
func (w *world) fresh() edition.Edition {
	w.Helper()
	e := w.edition
	check(w.T, w.db.Read.NewRaw("SELECT revision FROM edition WHERE id = ?", e.ID).Scan(w.Context(), &e.Revision))
	return e
}

func (w *world) session(title string, room int, from, to string, change ...func(*program.SessionInput)) program.Session {
	w.Helper()
	in := program.SessionInput{Title: text.One(text.Finnish, title), Kind: program.Talk, RoomID: w.rooms[room].ID, StartsAt: at(from), EndsAt: at(to)}
	for _, c := range change {
		c(&in)
	}
	x, err := w.program.SaveSession(w.Context(), "org", w.edition, "", in)
	check(w.T, err)
	return x
}

// move puts a session elsewhere in the draft.
func (w *world) move(x program.Session, room int, from, to string, change ...func(*program.SessionInput)) {
	w.Helper()
	in := program.SessionInput{Title: x.Title, Kind: x.Kind}
	if from != "" {
		in.RoomID, in.StartsAt, in.EndsAt = w.rooms[room].ID, at(from), at(to)
	}
	for _, c := range change {
		c(&in)
	}
	_, err := w.program.SaveSession(w.Context(), "org", w.edition, x.ID, in)
	check(w.T, err)
}

func (w *world) mark(ctx context.Context, e edition.Edition, personID string, sessionIDs ...string) error {
	_, err := w.Set(ctx, e, personID, sessionIDs, nil)
	return err
}

func (w *world) unmark(ctx context.Context, e edition.Edition, personID string, sessionIDs ...string) error {
	_, err := w.Set(ctx, e, personID, nil, sessionIDs)
	return err
}

func (w *world) release(note string) {
	w.Helper()
	_, err := w.program.Release(w.Context(), "org", w.edition, "", text.One(text.Finnish, note))
	check(w.T, err)
}

func (w *world) person(l text.Lang) account.Person {
	w.Helper()
	w.n++
	email := fmt.Sprintf("o%d@example.org", w.n)
	var p account.Person
	check(w.T, w.db.Tx(w.Context(), func(ctx context.Context, tx bun.Tx) error {
		people, err := account.Ensure(ctx, tx, noon, []account.NewPerson{{Email: email, Name: fmt.Sprint("Henkilö ", w.n), Language: l}})
		p = people[email]
		return err
	}))
	return p
}

// outbox is the letters about changes by address.
func (w *world) outbox() map[string]mail.Shown {
	w.Helper()
	shown, _, err := w.letters.Outbox(w.Context(), mail.Filter{EditionID: w.edition.ID, Limit: 1000})
	check(w.T, err)
	by := map[string]mail.Shown{}
	for _, m := range shown {
		if m.Kind != mail.ProgramChanged {
			continue
		}
		if _, twice := by[m.Email]; twice {
			w.Errorf("%s has two letters", m.Email)
		}
		by[m.Email] = m
	}
	return by
}

func (w *world) forget() {
	w.Helper()
	_, err := w.db.Write.NewRaw("DELETE FROM mail").Exec(w.Context())
	check(w.T, err)
}

func TestMarksAreAPersonsOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		a, b := w.session("A", 0, "10:00", "11:00"), w.session("B", 1, "10:30", "11:30")
		w.release("")
		draft := w.session("Luonnos", 1, "12:00", "13:00")
		p, other := w.person(text.Finnish), w.person(text.Finnish)
		e := w.fresh()
		check(t, w.mark(t.Context(), e, p.ID, a.ID, a.ID))
		check(t, w.mark(t.Context(), e, p.ID, a.ID))
		check(t, w.mark(t.Context(), e, other.ID, b.ID))
		// What a device kept is united; what the public programme lacks is passed over.
		ids, err := w.Set(t.Context(), e, p.ID, []string{b.ID, draft.ID, "nothing"}, nil)
		if slices.Sort(ids); err != nil || !slices.Equal(ids, slices.Sorted(slices.Values([]string{a.ID, b.ID}))) {
			t.Errorf("%v %v", ids, err)
		}
		mine, err := w.Mine(t.Context(), e, p.ID)
		check(t, err)
		if len(mine.Items) != 2 || len(mine.Items[0].Clashes) != 1 || mine.Items[0].Clashes[0].ID != b.ID || len(mine.Items[1].Clashes) != 1 {
			t.Errorf("%+v", mine)
		}
		check(t, w.unmark(t.Context(), e, p.ID, a.ID, "nothing"))
		check(t, w.unmark(t.Context(), e, p.ID, a.ID))
		if ids, err := w.Marked(t.Context(), e.ID, other.ID); err != nil || !slices.Equal(ids, []string{b.ID}) {
			t.Errorf("the other has %v %v", ids, err)
		}
		if _, err := w.Set(t.Context(), e, p.ID, make([]string, maxMarked+1), nil); fail.KindOf(err) != fail.Conflict {
			t.Error(err)
		}
		exported, err := w.Export(t.Context(), p.ID)
		if list := exported.([]Exported); err != nil || len(list) != 1 || list[0].Session[text.Finnish] != "B" {
			t.Errorf("%v %v", exported, err)
		}
		check(t, d.Tx(t.Context(), func(ctx context.Context, tx bun.Tx) error { return w.Erase(ctx, tx, p.ID) }))
		if ids, err := w.Marked(t.Context(), e.ID, p.ID); err != nil || len(ids) != 0 {
			t.Errorf("%v %v", ids, err)
		}
		check(t, d.Tx(t.Context(), func(ctx context.Context, tx bun.Tx) error { return RemoveEdition(ctx, tx, e.ID) }))
		if ids, err := w.Marked(t.Context(), e.ID, other.ID); err != nil || len(ids) != 0 {
			t.Errorf("%v %v", ids, err)
		}
	})
}

// Only those with a session that changed are written to, each about their own.
func TestOnlyWhoIsConcernedIsWrittenTo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		speaker := w.person(text.English)
		k, err := w.program.SaveSpeaker(t.Context(), "org", w.edition, "", program.SpeakerInput{Name: "Aino Puhuja", PersonID: speaker.ID})
		check(t, err)
		speaks := func(in *program.SessionInput) { in.Speakers = []program.SpeakerRef{{ID: k.ID}} }
		moved, roomed := w.session("Siirtyvä", 0, "10:00", "11:00"), w.session("Salinvaihto", 0, "11:00", "12:00")
		gone, off, still := w.session("Poistuva", 0, "13:00", "14:00"), w.session("Peruuntuva", 0, "14:00", "15:00", speaks), w.session("Pysyvä", 1, "10:00", "11:00")
		first, second, third, erased := w.person(text.Finnish), w.person(text.Swedish), w.person(text.Finnish), w.person(text.Finnish)
		w.release("")
		if n := len(w.outbox()); n != 0 {
			t.Errorf("the first release wrote %d letters", n)
		}
		e := w.fresh()
		check(t, w.mark(t.Context(), e, first.ID, moved.ID, still.ID))
		check(t, w.mark(t.Context(), e, second.ID, moved.ID, roomed.ID, gone.ID))
		check(t, w.mark(t.Context(), e, third.ID, still.ID))
		check(t, w.mark(t.Context(), e, erased.ID, moved.ID))
		_, err = d.Write.NewRaw("UPDATE person SET email = ?, name = '' WHERE id = ?", "erased:"+erased.ID, erased.ID).Exec(t.Context())
		check(t, err)
		w.move(moved, 1, "15:00", "16:00")
		w.move(roomed, 1, "11:00", "12:00")
		w.move(gone, 0, "", "")
		w.move(off, 0, "14:00", "15:00", speaks, func(in *program.SessionInput) { in.Cancelled = true })
		w.session("Uusi", 1, "12:00", "13:00", speaks)
		pending, err := w.program.Pending(t.Context(), w.edition)
		check(t, err)
		if n, err := w.Affected(t.Context(), w.edition, pending); err != nil || n != 3 {
			t.Errorf("%d would be written to: %v", n, err)
		}
		w.release("Aula remontissa.")
		letters := w.outbox()
		if len(letters) != 3 {
			t.Errorf("letters to %d people", len(letters))
		}
		is := func(who account.Person, wanted, unwanted []string) {
			t.Helper()
			body := letters[who.Email].Body
			for _, s := range wanted {
				if !strings.Contains(body, s) {
					t.Errorf("%s is not told %q:\n%s", who.Name, s, body)
				}
			}
			for _, s := range unwanted {
				if strings.Contains(body, s) {
					t.Errorf("%s is told %q:\n%s", who.Name, s, body)
				}
			}
		}
		is(first, []string{"Siirtyi: ”Siirtyvä”, ma 25.1. klo\u00a010.00–11.00, Aula → ma 25.1. klo\u00a015.00–16.00, Studio.", "Aula remontissa.", "https://agora.example/cmadfi/2027/agenda"},
			[]string{"Pysyvä", "Salinvaihto", "Poistuva", "Uusi"})
		is(second, []string{"Nytt rum: ”Salinvaihto”, må 25.1 kl.\u00a011.00–12.00, Aula → Studio.", "Borttagen ur programmet: ”Poistuva”", "Flyttad: ”Siirtyvä”"}, []string{"Pysyvä", "Peruuntuva"})
		is(speaker, []string{"Cancelled: “Peruuntuva”, Mon 25 Jan"}, []string{"Siirtyvä", "Uusi"})
		// The next release tells only what is new in it.
		w.forget()
		w.move(still, 1, "09:30", "10:30")
		w.release("")
		letters = w.outbox()
		if len(letters) != 2 || strings.Contains(letters[first.Email].Body, "Siirtyvä") || strings.Contains(letters[third.Email].Body, "Järjestäjä kertoo") {
			t.Errorf("%+v", letters)
		}
		is(third, []string{"Aika muuttui: ”Pysyvä”, ma 25.1. klo\u00a010.00–11.00 → klo\u00a09.30–10.30, Studio."}, nil)
	})
}

func TestFeedIsOnesOwn(t *testing.T) {
	d := dbtest.OpenSQLite(t)
	w := newWorld(t, d)
	a := w.session("Äänet; esiin", 0, "10:00", "11:00")
	w.session("Muu", 1, "10:00", "11:00")
	w.release("")
	p := w.person(text.Finnish)
	check(t, w.mark(t.Context(), w.fresh(), p.ID, a.ID))
	token := w.Token(w.edition.ID, p.ID)
	read := func() (string, exchange.Schedule) {
		t.Helper()
		b, err := w.ICS(t.Context(), w.fresh(), token, "Oma ohjelma")
		check(t, err)
		x, _, err := exchange.Read(strings.NewReader(string(b)), "agenda.ics")
		check(t, err)
		return string(b), x
	}
	before, x := read()
	if len(x.Sessions) != 1 || x.Sessions[0].Title != "Äänet; esiin" || !strings.Contains(before, "UID:"+a.GUID) || !strings.Contains(before, "TZID:Europe/Helsinki") {
		t.Error(before)
	}
	sequence := func(s string) string {
		_, s, _ = strings.Cut(s, "SEQUENCE:")
		s, _, _ = strings.Cut(s, "\r")
		return s
	}
	w.move(a, 0, "12:00", "13:00", func(in *program.SessionInput) { in.Cancelled = true })
	w.release("")
	after, _ := read()
	if sequence(after) <= sequence(before) || !strings.Contains(after, "UID:"+a.GUID) || !strings.Contains(after, "STATUS:CANCELLED") {
		t.Errorf("%s\n%s", before, after)
	}
	w.move(a, 0, "", "")
	w.release("")
	if gone, _ := read(); !strings.Contains(gone, "UID:"+a.GUID) || !strings.Contains(gone, "STATUS:CANCELLED") || sequence(gone) < sequence(after) {
		t.Errorf("what left the programme: %s", gone)
	}
	other := w.edition
	other.ID = db.NewID()
	for name, try := range map[string]func() ([]byte, error){
		"another edition": func() ([]byte, error) { return w.ICS(t.Context(), other, token, "") },
		"another person":  func() ([]byte, error) { return w.ICS(t.Context(), w.edition, w.Token(w.edition.ID, db.NewID()), "") },
		"forged":          func() ([]byte, error) { return w.ICS(t.Context(), w.edition, token[:len(token)-2]+"AA", "") },
		"nothing":         func() ([]byte, error) { return w.ICS(t.Context(), w.edition, "", "") },
	} {
		if _, err := try(); fail.KindOf(err) != fail.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := d.Write.NewRaw("UPDATE person SET email = ? WHERE id = ?", "erased:"+p.ID, p.ID).Exec(t.Context())
	check(t, err)
	if _, err := w.ICS(t.Context(), w.edition, token, ""); fail.KindOf(err) != fail.NotFound {
		t.Errorf("erased: %v", err)
	}
}
