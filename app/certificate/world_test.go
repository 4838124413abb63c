package certificate_test

import (
	"fmt"
	"os"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"agora/app/account"
	"agora/app/certificate"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/door"
	"agora/app/edition"
	"agora/app/file"
	"agora/app/mail"
	"agora/app/material"
	"agora/app/paper"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/registration"
	"agora/app/speaking"
	"agora/app/text"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

// The day of the tests, nine to five in Helsinki.
var (
	opens = time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)
	day   = time.Date(2027, 1, 25, 7, 0, 0, 0, time.UTC)
	over  = day.Add(8 * time.Hour)
)

type silence struct{}

func (silence) Changed(string, int64) {}
func (silence) Now(string, int64)     {}

// world is a site with one edition.
type world struct {
	*testing.T
	*certificate.Service
	db       *db.DB
	at       atomic.Int64
	editions *edition.Service
	programs *program.Service
	speaking *speaking.Service
	reg      *registration.Service
	door     *door.Service
	files    *file.Service
	mails    *mail.Service
	series   edition.Series
	e        edition.Edition
}

func (w *world) now() time.Time     { return time.UnixMicro(w.at.Load()).UTC() }
func (w *world) set(t time.Time)    { w.at.Store(t.UnixMicro()) }
func (w *world) on(d time.Duration) { w.at.Add(d.Microseconds()) }

func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// each runs a test on both engines.
func each(t *testing.T, test func(w *world)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(newWorld(t, d)) })
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{T: t, db: d}
	w.set(opens)
	words, err := text.Load()
	w.ok(err)
	const site = "https://agora.example"
	secret := []byte("0123456789abcdef0123456789abcdef")
	w.editions = edition.New(d, w.now)
	w.programs = program.New(d, w.now, w.editions)
	materials := material.New(d, w.now, w.editions, site)
	t.Cleanup(materials.Close)
	w.reg = registration.New(d, w.now, w.editions, secret, site)
	t.Cleanup(w.reg.Close)
	questions := qa.New(d, w.now, secret, silence{})
	t.Cleanup(questions.Stop)
	w.mails, err = mail.New(d, w.now, words, nil, "", site)
	w.ok(err)
	w.speaking = speaking.New(d, w.now, words, account.New(d, w.now, site), w.editions, w.programs, materials, w.reg, questions, secret, site)
	w.door = door.New(d, w.now)
	store, err := file.NewDisk(t.TempDir())
	w.ok(err)
	w.files = file.New(d, w.now, store, t.TempDir())
	press, _ := paper.NewPress("")
	w.Service = certificate.New(d, w.now, words, w.editions, w.programs, w.reg, w.speaking, w.door, w.files, press, site)
	w.series, err = w.editions.NewSeries(t.Context(), "", edition.SeriesInput{Slug: "cmadfi", Title: text.One(text.Finnish, "CMADFI")})
	w.ok(err)
	w.e = w.edition("2027", day)
	return w
}

func (w *world) edition(slug string, from time.Time) edition.Edition {
	w.Helper()
	e, err := w.reg.NewEdition(w.Context(), "", w.series, edition.Input{Slug: slug, Title: text.One(text.Finnish, "CMADFI "+slug), Zone: "Europe/Helsinki",
		City: text.One(text.Finnish, "Tampere"), Venue: text.One(text.Finnish, "Tampere-talo"), Languages: edition.Languages{text.Finnish, text.English},
		StartsAt: from, EndsAt: from.Add(8 * time.Hour), OpensAt: opens, ClosesAt: from}, map[registration.Kind]*int64{})
	w.ok(err)
	return e
}

// person registers somebody.
func (w *world) person(name string, kind registration.Kind) registration.Registration {
	w.Helper()
	return w.people(1, name, kind)[0]
}

func (w *world) people(n int, name string, kind registration.Kind) []registration.Registration {
	w.Helper()
	list := make([]registration.Registration, n)
	for i := range list {
		called := name
		if n > 1 {
			called = fmt.Sprintf("%s %d", name, i)
		}
		res, err := w.reg.Register(w.Context(), w.e, registration.Input{Name: called, Email: fmt.Sprintf("%s@example.fi", text.Slug(called, 60)), Place: kind, Language: text.Finnish}, db.Key{})
		w.ok(err)
		list[i] = res.Registration
	}
	return list
}

func (w *world) arrive(r registration.Registration) {
	w.Helper()
	_, _, err := w.door.Arrive(w.Context(), w.e, "door", r)
	w.ok(err)
}

// rules changes the edition's.
func (w *world) rules(change func(*certificate.Rules)) certificate.Rules {
	w.Helper()
	r, err := w.Rules(w.Context(), w.e.ID)
	w.ok(err)
	change(&r)
	w.ok(w.SaveRules(w.Context(), "organiser", w.e, r))
	r, err = w.Rules(w.Context(), w.e.ID)
	w.ok(err)
	return r
}

// of is how it stands with somebody's certificate of attendance.
func (w *world) of(r registration.Registration) certificate.Standing {
	w.Helper()
	list, err := w.Of(w.Context(), w.e, r)
	w.ok(err)
	return list[0]
}

// mine is what the holder of a registration gets.
func (w *world) mine(r registration.Registration) certificate.Issued {
	w.Helper()
	i, err := w.Mine(w.Context(), w.e, r, certificate.Attendance)
	w.ok(err)
	return i
}

// session is released with its speakers.
func (w *world) session(title string, from, to time.Time, names ...string) program.Session {
	w.Helper()
	refs := make([]program.SpeakerRef, len(names))
	for i, name := range names {
		refs[i].Name = name
	}
	x, err := w.programs.SaveSession(w.Context(), "", w.e, "", program.SessionInput{Title: text.One(text.Finnish, title), Kind: program.Talk, Speakers: refs, StartsAt: from, EndsAt: to})
	w.ok(err)
	w.e, err = w.editions.ByID(w.Context(), w.e.ID)
	w.ok(err)
	_, err = w.programs.Release(w.Context(), "", w.e, "", nil)
	w.ok(err)
	w.editions.Forget()
	w.e, err = w.editions.ByID(w.Context(), w.e.ID)
	w.ok(err)
	return x
}

// speaker is how it stands with a speaker's certificate.
func (w *world) speaker(name string) certificate.Standing {
	w.Helper()
	list, err := w.Speakers(w.Context(), w.e)
	w.ok(err)
	i := slices.IndexFunc(list, func(st certificate.Standing) bool { return st.Name == name })
	if i < 0 {
		return certificate.Standing{}
	}
	return list[i]
}

// letters are those about certificates, by address.
func (w *world) letters() map[string]mail.Shown {
	w.Helper()
	list, _, err := w.mails.Outbox(w.Context(), mail.Filter{EditionID: w.e.ID, Kind: mail.Certificate, Limit: 500})
	w.ok(err)
	by := map[string]mail.Shown{}
	for _, l := range list {
		if _, twice := by[l.Email]; twice {
			w.Errorf("%s was written to twice", l.Email)
		}
		by[l.Email] = l
	}
	return by
}

func (w *world) count(query string, args ...any) (n int) {
	w.Helper()
	w.ok(w.db.Read.NewRaw(query, args...).Scan(w.Context(), &n))
	return n
}
