package message_test

import (
	"context"
	"fmt"
	"net/mail"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/app/account"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/fail"
	letters "agora/app/mail"
	"agora/app/message"
	"agora/app/registration"
	"agora/app/text"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

// long ago everybody registered.
var long = time.Date(2026, 9, 1, 7, 0, 0, 0, time.UTC)

// clock is a time that stands still until a test moves it. on is told of every
// look at it.
type clock struct {
	mu sync.Mutex
	at time.Time
	on func()
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.on != nil {
		c.on()
	}
	return c.at
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = t
}

func (c *clock) watch(on func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.on = on
}

// world is a site with one edition and its people.
type world struct {
	*testing.T
	db      *db.DB
	clock   *clock
	words   *text.Catalogue
	reg     *registration.Service
	svc     *message.Service
	outbox  *letters.Service
	box     *box
	edition edition.Edition
	people  int
}

// box is a mail server that keeps what it is given.
type box struct{ sent []letters.Message }

func (b *box) Send(_ context.Context, m letters.Message) error {
	b.sent = append(b.sent, m)
	return nil
}

// newWorld makes the site; starts is when the day begins.
func newWorld(t *testing.T, d *db.DB, starts time.Time) *world {
	t.Helper()
	return newWorldIn(t, d, 0, starts)
}

// newWorldIn makes another series and edition in the same database.
func newWorldIn(t *testing.T, d *db.DB, nth int, starts time.Time) *world {
	t.Helper()
	w := &world{T: t, db: d, clock: &clock{at: long}, box: &box{}, people: nth * 1000}
	var err error
	if w.words, err = text.Load(); err != nil {
		t.Fatal(err)
	}
	w.reg, w.svc = w.node()
	if w.outbox, err = letters.New(d, w.clock.now, w.words, w.box, "", "https://agora.example"); err != nil {
		t.Fatal(err)
	}
	editions := edition.New(d, w.clock.now)
	series, err := editions.NewSeries(t.Context(), "", edition.SeriesInput{Slug: "cmadfi" + strings.Repeat("x", nth), Title: text.One(text.Finnish, "CMADFI")})
	if err != nil {
		t.Fatal(err)
	}
	w.edition = w.newEdition(series, "2026", starts)
	return w
}

// node is another process beside the first.
func (w *world) node() (*registration.Service, *message.Service) {
	w.Helper()
	editions := edition.New(w.db, w.clock.now)
	reg := registration.New(w.db, w.clock.now, editions, []byte("secret"), "https://agora.example")
	w.Cleanup(reg.Close)
	return reg, message.New(w.db, w.clock.now, w.words, account.New(w.db, w.clock.now, "https://agora.example"), editions, reg)
}

func (w *world) newEdition(series edition.Series, slug string, starts time.Time) edition.Edition {
	w.Helper()
	e, err := w.reg.NewEdition(w.Context(), "", series, edition.Input{
		Slug: slug, Title: text.Texts{text.Finnish: "CMADFI " + slug, text.Swedish: "CMADFI på svenska"}, Zone: "Europe/Helsinki",
		City: text.One(text.Finnish, "Jyväskylä"), Venue: text.One(text.Finnish, "Agora"),
		Languages: edition.Languages{text.Finnish, text.Swedish}, StartsAt: starts, EndsAt: starts.Add(8 * time.Hour), OpensAt: long, ClosesAt: starts,
		Practical: edition.Practical{
			"arrival": text.Texts{text.Finnish: "Bussi **5** tuo ovelle.", text.Swedish: "Buss **5** stannar vid dörren."},
			"contact": text.One(text.Finnish, "[Kirjoita](https://agora.example/apua) meille."), "wifi": text.One(text.Finnish, strings.Repeat("sana ", 400)),
		},
	}, nil)
	if err != nil {
		w.Fatal(err)
	}
	return e
}

// add registers somebody; as changes what they are.
func (w *world) add(name string, as func(*registration.Registration)) registration.Registration {
	w.Helper()
	return w.addMany(1, name, as)[0]
}

func (w *world) addMany(n int, name string, as func(*registration.Registration)) []registration.Registration {
	w.Helper()
	rows := make([]registration.Registration, n)
	people := make([]account.NewPerson, n)
	for i := range rows {
		w.people++
		people[i] = account.NewPerson{Email: fmt.Sprintf("p%d@example.org", w.people), Name: name, Language: text.Finnish}
	}
	known, err := account.Ensure(w.Context(), w.db.Write, long, people)
	if err != nil {
		w.Fatal(err)
	}
	for i, p := range people {
		rows[i] = registration.Registration{ID: db.NewID(), EditionID: w.edition.ID, PersonID: known[p.Email].ID, Kind: registration.Onsite,
			State: registration.Confirmed, Code: p.Email, Version: 1, Name: name, Email: p.Email, Language: text.Finnish,
			Photo: registration.PhotoAsk, CreatedAt: long, ChangedAt: long}
		if as != nil {
			as(&rows[i])
		}
	}
	if _, err := w.db.Write.NewInsert().Model(&rows).Exec(w.Context()); err != nil {
		w.Fatal(err)
	}
	return rows
}

func (w *world) organiser() account.Person {
	w.Helper()
	known, err := account.Ensure(w.Context(), w.db.Write, long, []account.NewPerson{{Email: "jarjestaja@example.org", Name: "Järjestäjä", Language: text.Finnish}})
	if err != nil {
		w.Fatal(err)
	}
	return known["jarjestaja@example.org"]
}

// written gives the letters of a kind so far, by address; who got two fails.
func (w *world) written(kinds ...string) map[string]letters.Shown {
	w.Helper()
	var ids []string
	if err := w.db.Read.NewRaw("SELECT id FROM mail WHERE edition_id = ? ORDER BY id", w.edition.ID).Scan(w.Context(), &ids); err != nil {
		w.Fatal(err)
	}
	found := map[string]letters.Shown{}
	for _, id := range ids {
		m, err := w.outbox.ByID(w.Context(), id)
		if err != nil {
			w.Fatal(err)
		}
		if len(kinds) > 0 && !slices.Contains(kinds, m.Kind) {
			continue
		}
		if _, twice := found[m.Email]; twice {
			w.Errorf("%s got %s twice", m.Email, m.Kind)
		}
		found[m.Email] = m
	}
	return found
}

func (w *world) count(query string, args ...any) int64 {
	w.Helper()
	var n int64
	if err := w.db.Read.NewRaw(query, args...).Scan(w.Context(), &n); err != nil {
		w.Fatal(err)
	}
	return n
}

func (w *world) mails() int64 {
	return w.count("SELECT count(*) FROM mail WHERE edition_id = ?", w.edition.ID)
}

func (w *world) save(in message.Input) message.Message {
	w.Helper()
	m, err := w.svc.Save(w.Context(), w.edition, w.organiser().ID, in)
	if err != nil {
		w.Fatal(err)
	}
	return m
}

func fi(s string) text.Texts { return text.One(text.Finnish, s) }

func draft(a message.Audience) message.Input {
	return message.Input{Draft: message.Draft{Subject: fi("Hei {name}"), Body: fi("Hei **{name}**! [Lippu]({ticket}), {edition}."), Audience: a}}
}

func conflict(t *testing.T, err error, key string) {
	t.Helper()
	if e, ok := fail.As(err); !ok || e.Kind != fail.Conflict || e.Key != key {
		t.Errorf("got %v, want %s", err, key)
	}
}

// headerSafe parses a subject and a name as a mail reader does.
func headerSafe(m letters.Message) bool {
	back, err := mail.ParseAddress(m.To.String())
	return err == nil && back.Address == m.To.Address && !strings.ContainsAny(m.Subject, "\r\n\x00")
}
