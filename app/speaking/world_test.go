package speaking_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/mail"
	"agora/app/material"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/registration"
	"agora/app/speaking"
	"agora/app/text"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

var (
	start = time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)
	day   = time.Date(2027, 1, 25, 7, 0, 0, 0, time.UTC)
)

type silence struct{}

func (silence) Changed(string, int64) {}
func (silence) Now(string, int64)     {}

// world is a site with one edition, its speakers and their sessions.
type world struct {
	*testing.T
	*speaking.Service
	db       *db.DB
	at       atomic.Int64
	accounts *account.Service
	editions *edition.Service
	programs *program.Service
	material *material.Service
	reg      *registration.Service
	qa       *qa.Service
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

func seats(n int64) map[registration.Kind]*int64 {
	return map[registration.Kind]*int64{registration.Onsite: &n, registration.Remote: nil}
}

// each runs a test on both engines in a hall of n seats.
func each(t *testing.T, n int64, test func(w *world)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(newWorld(t, d, n)) })
}

func newWorld(t *testing.T, d *db.DB, n int64) *world {
	t.Helper()
	w := &world{T: t, db: d}
	w.set(start)
	words, err := text.Load()
	w.ok(err)
	const site = "https://agora.example"
	secret := []byte("0123456789abcdef0123456789abcdef")
	w.accounts = account.New(d, w.now, site)
	w.editions = edition.New(d, w.now)
	w.programs = program.New(d, w.now, w.editions)
	w.material = material.New(d, w.now, w.editions, site)
	t.Cleanup(w.material.Close)
	w.reg = registration.New(d, w.now, w.editions, secret, site)
	t.Cleanup(w.reg.Close)
	w.qa = qa.New(d, w.now, secret, silence{})
	t.Cleanup(w.qa.Stop)
	w.mails, err = mail.New(d, w.now, words, nil, "", site)
	w.ok(err)
	w.Service = speaking.New(d, w.now, words, w.accounts, w.editions, w.programs, w.material, w.reg, w.qa, secret, site)
	w.series, err = w.editions.NewSeries(t.Context(), "", edition.SeriesInput{Slug: "cmadfi", Title: text.One(text.Finnish, "CMADFI")})
	w.ok(err)
	w.e = w.edition("2027", n)
	w.organiser("olli@example.fi")
	return w
}

func (w *world) edition(slug string, n int64) edition.Edition {
	w.Helper()
	e, err := w.reg.NewEdition(w.Context(), "", w.series, edition.Input{Slug: slug, Title: text.One(text.Finnish, "CMADFI "+slug), Zone: "Europe/Helsinki",
		City: text.One(text.Finnish, "Tampere"), Languages: edition.Languages{text.Finnish, text.English},
		StartsAt: day, EndsAt: day.Add(8 * time.Hour), OpensAt: start, ClosesAt: day}, seats(n))
	w.ok(err)
	return e
}

func (w *world) organiser(email string) string {
	w.Helper()
	var id string
	w.ok(w.db.Tx(w.Context(), func(ctx context.Context, tx bun.Tx) error {
		people, err := account.Ensure(ctx, tx, w.now(), []account.NewPerson{{Email: email, Name: "Olli", Language: text.English}})
		if err != nil {
			return err
		}
		id = people[email].ID
		return w.accounts.Grant(ctx, tx, "", id, account.OfEdition(w.e.ID), account.Organiser)
	}))
	return id
}

// speaker makes a speaker with a talk of that title.
func (w *world) speaker(name, title string) *program.Speaker {
	w.Helper()
	w.session(title, name)
	return w.find(name)
}

func (w *world) session(title string, names ...string) program.Session {
	w.Helper()
	refs := make([]program.SpeakerRef, len(names))
	for i, name := range names {
		refs[i].Name = name
	}
	x, err := w.programs.SaveSession(w.Context(), "", w.e, "", program.SessionInput{Title: text.One(text.Finnish, title), Kind: program.Talk, Speakers: refs,
		StartsAt: day.Add(time.Hour), EndsAt: day.Add(90 * time.Minute)})
	w.ok(err)
	return x
}

func (w *world) draft() *program.Programme {
	w.Helper()
	e, err := w.editions.ByID(w.Context(), w.e.ID)
	w.ok(err)
	p, err := w.programs.Draft(w.Context(), e)
	w.ok(err)
	return p
}

func (w *world) find(name string) *program.Speaker {
	w.Helper()
	for _, who := range w.draft().Speakers {
		if who.Name == name {
			return who
		}
	}
	w.Fatalf("there is no speaker %q", name)
	return nil
}

func (w *world) invite(who *program.Speaker, email string) speaking.Outcome {
	w.Helper()
	out, err := w.Invite(w.Context(), "org", w.e, who.ID, email, text.Finnish)
	w.ok(err)
	return out
}

// side is what there is of a speaker now.
func (w *world) side(who *program.Speaker) speaking.Speaking {
	w.Helper()
	x, err := w.Of(w.Context(), w.e, who.ID)
	w.ok(err)
	return x
}

// places says what is taken, held and waits on site, of how many.
func (w *world) places() string {
	w.Helper()
	var p registration.Place
	w.ok(w.db.Read.NewSelect().Model(&p).Where("edition_id = ? AND kind = 'onsite'", w.e.ID).Scan(w.Context()))
	return fmt.Sprintf("%d+%d of %d+%d, %d wait", p.Taken, p.Held, *p.Capacity, p.Overbook, p.Waiting)
}

// register lets somebody come by the usual way.
func (w *world) register(name string, kind registration.Kind) registration.Registration {
	w.Helper()
	email := strings.ToLower(name) + "@example.fi"
	res, err := w.reg.Register(w.Context(), w.e, registration.Input{Name: name, Email: email, Place: kind}, db.Key{})
	w.ok(err)
	return res.Registration
}

// letters lists the outbox, the oldest first, as "kind to address".
func (w *world) letters() (list []string) {
	w.Helper()
	shown, _, err := w.mails.Outbox(w.Context(), mail.Filter{EditionID: w.e.ID, Limit: 100})
	w.ok(err)
	for i := len(shown) - 1; i >= 0; i-- {
		list = append(list, shown[i].Kind+" to "+shown[i].Email)
	}
	return list
}

// last is the newest letter of a kind.
func (w *world) last(kind string) mail.Shown {
	w.Helper()
	shown, _, err := w.mails.Outbox(w.Context(), mail.Filter{EditionID: w.e.ID, Kind: kind, Limit: 1})
	w.ok(err)
	if len(shown) == 0 {
		w.Fatalf("no letter %s; there are %q", kind, w.letters())
	}
	return shown[0]
}

func (w *world) refused(err error, kind fail.Kind, key string) {
	w.Helper()
	f, ok := fail.As(err)
	if !ok || f.Kind != kind || f.Key != key && !hasProblem(f, key) {
		w.Errorf("refused with %v, want %s", err, key)
	}
}

func hasProblem(f *fail.Error, key string) bool {
	for _, list := range f.Fields {
		for _, p := range list {
			if p.Key == key {
				return true
			}
		}
	}
	return false
}

func (w *world) equal(what string, got, want any) {
	w.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		w.Errorf("%s: %v, want %v", what, got, want)
	}
}

func contains(s, part string) bool { return strings.Contains(s, part) }

func (w *world) person(email string) string {
	w.Helper()
	p, err := w.accounts.ByEmail(w.Context(), email)
	w.ok(err)
	return p.ID
}

func (w *world) erase(personID string) {
	w.Helper()
	w.ok(w.db.Tx(w.Context(), func(ctx context.Context, tx bun.Tx) error { return w.Erase(ctx, tx, personID) }))
}
