package registration_test

import (
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"agora/app/apptest"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration"
	"agora/app/text"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

var opening = time.Date(2026, 11, 2, 7, 0, 0, 0, time.UTC)

// world is a site with one edition.
type world struct {
	*testing.T
	db      *db.DB
	clock   *apptest.Clock
	reg     *registration.Service
	edition edition.Edition
}

func newWorld(t *testing.T, d *db.DB, seats, remote *int64) *world {
	t.Helper()
	c := apptest.NewClock(opening)
	editions := edition.New(d, c.Now)
	reg := registration.New(d, c.Now, editions, []byte("secret"), "https://agora.example")
	t.Cleanup(reg.Close)
	series, err := editions.NewSeries(t.Context(), "", edition.SeriesInput{Slug: "cmadfi", Title: text.One(text.Finnish, "CMADFI")})
	if err != nil {
		t.Fatal(err)
	}
	e, err := reg.NewEdition(t.Context(), "", series, edition.Input{
		Slug: "2027", Title: text.One(text.Finnish, "CMADFI 2027"), Zone: "Europe/Helsinki", Languages: edition.Languages{text.Finnish},
		StartsAt: time.Date(2027, 1, 25, 7, 0, 0, 0, time.UTC), EndsAt: time.Date(2027, 1, 25, 15, 0, 0, 0, time.UTC),
		OpensAt: opening, ClosesAt: time.Date(2027, 1, 18, 22, 0, 0, 0, time.UTC),
	}, map[registration.Kind]*int64{registration.Onsite: seats, registration.Remote: remote})
	if err != nil {
		t.Fatal(err)
	}
	return &world{T: t, db: d, clock: c, reg: reg, edition: e}
}

func of(n int64) *int64 { return &n }

func person(i int) registration.Input {
	return registration.Input{Name: fmt.Sprintf("Osallistuja %d", i), Email: fmt.Sprintf("o%d@example.org", i), Place: registration.Onsite}
}

func (w *world) register(in registration.Input, key string) (registration.Result, error) {
	k := db.Key{}
	if key != "" {
		k = db.Key{Scope: "register:" + w.edition.ID, Key: key}
	}
	return w.reg.Register(w.Context(), w.edition, in, k)
}

func (w *world) count(query string, args ...any) int64 {
	w.Helper()
	var n int64
	if err := w.db.Read.NewRaw(query, args...).Scan(w.Context(), &n); err != nil {
		w.Fatal(err)
	}
	return n
}

// consistent compares the stored counters with the stored registrations.
func (w *world) consistent() {
	w.Helper()
	for _, kind := range registration.Kinds {
		taken := w.count("SELECT count(*) FROM registration WHERE edition_id = ? AND kind = ? AND state IN ('confirmed', 'offered')", w.edition.ID, kind)
		if kind == registration.Remote {
			taken += w.count("SELECT count(*) FROM registration WHERE edition_id = ? AND meanwhile", w.edition.ID)
		}
		waiting := w.count("SELECT count(*) FROM registration WHERE edition_id = ? AND kind = ? AND state = 'waiting' AND NOT pending", w.edition.ID, kind)
		if got := w.count("SELECT taken FROM place WHERE edition_id = ? AND kind = ?", w.edition.ID, kind); got != taken {
			w.Errorf("%s: counter says %d taken, rows %d", kind, got, taken)
		}
		if got := w.count("SELECT waiting FROM place WHERE edition_id = ? AND kind = ?", w.edition.ID, kind); got != waiting {
			w.Errorf("%s: counter says %d waiting, rows %d", kind, got, waiting)
		}
	}
}

func TestOpeningMinute(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const people, seats = 600, 50
		w := newWorld(t, d, of(seats), nil)
		var all sync.WaitGroup
		var mu sync.Mutex
		answers := map[int][]registration.Result{}
		press := func(i int) {
			res, err := w.register(person(i), fmt.Sprint("key-", i))
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			answers[i] = append(answers[i], res)
		}
		for i := range people {
			all.Go(func() { press(i) })
			if i%10 == 0 {
				all.Go(func() { press(i) })
			}
		}
		all.Wait()
		confirmed, positions := 0, []int64{}
		for who, list := range answers {
			if len(list) == 2 && (list[0].Position != list[1].Position || list[0].Registration.ID != list[1].Registration.ID) {
				t.Errorf("%d pressed twice and was told two things", who)
			}
			if list[0].Registration.State == registration.Confirmed {
				confirmed++
			} else {
				positions = append(positions, list[0].Position)
			}
		}
		slices.Sort(positions)
		for i, p := range positions {
			if p != int64(i+1) {
				t.Fatalf("position %d stands where %d should", p, i+1)
			}
		}
		if confirmed != seats || len(positions) != people-seats {
			t.Errorf("%d confirmed and %d waiting of %d", confirmed, len(positions), people)
		}
		if letters := w.count("SELECT count(*) FROM mail"); letters != people {
			t.Errorf("%d letters for %d people", letters, people)
		}
		w.consistent()
	})
}

func TestCancellationsDuringTheBurstPromoteInOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, of(20), of(10))
		var first []registration.Result
		for i := range 40 {
			in := person(i)
			in.Meanwhile = true
			res, err := w.register(in, "")
			if err != nil {
				t.Fatal(err)
			}
			first = append(first, res)
		}
		if n := w.count("SELECT taken FROM place WHERE kind = 'remote'"); n != 10 {
			t.Errorf("%d remote places held meanwhile, 10 there are", n)
		}
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				if _, err := w.reg.Cancel(t.Context(), w.edition, first[i].Registration); err != nil {
					t.Error(err)
				}
			})
			all.Go(func() {
				if _, err := w.register(person(100+i), ""); err != nil {
					t.Error(err)
				}
			})
		}
		all.Go(func() {
			if err := w.reg.Resize(t.Context(), w.edition, "", registration.Sizes{Capacity: map[registration.Kind]*int64{registration.Onsite: of(22)}}); err != nil {
				t.Error(err)
			}
		})
		all.Wait()
		// 8 cancelled and 2 more seats: exactly the first ten of the line are in.
		for i := range 20 {
			r, err := w.reg.ByCode(t.Context(), w.edition.ID, first[20+i].Registration.Code)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := r.State == registration.Confirmed, i < 10; got != want {
				t.Errorf("number %d of the line: confirmed is %v", i+1, got)
			}
		}
		if n := w.count("SELECT count(*) FROM mail WHERE kind = 'registration_promoted'"); n != 10 {
			t.Errorf("%d were told of their seat", n)
		}
		w.consistent()
	})
}

func TestOneKeyOneAnswer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, of(1), nil)
		first, err := w.register(person(1), "k")
		if err != nil {
			t.Fatal(err)
		}
		again, err := w.register(person(1), "k")
		if err != nil || again.Registration.ID != first.Registration.ID || again.Registration.Code != first.Registration.Code {
			t.Errorf("the same key: %v %+v", err, again)
		}
		if _, err := w.register(person(2), "k"); !fail.Is(err, fail.Invalid) {
			t.Errorf("the same key with another body: %v", err)
		}
		if _, err := w.register(person(1), "other"); !fail.Is(err, fail.Conflict) {
			t.Errorf("a known address under a new key: %v", err)
		}
		if _, err := w.register(person(1), "other"); !fail.Is(err, fail.Conflict) {
			t.Errorf("a refusal was stored as an answer: %v", err)
		}
		if n := w.count("SELECT count(*) FROM mail WHERE kind = 'already_registered'"); n != 1 {
			t.Errorf("the ticket was mailed again %d times within minutes, want once", n)
		}
		w.clock.Set(opening.Add(11 * time.Minute))
		if _, err := w.register(person(1), ""); !fail.Is(err, fail.Conflict) {
			t.Error(err)
		}
		if n := w.count("SELECT count(*) FROM mail WHERE kind = 'already_registered'"); n != 2 {
			t.Errorf("later it may be mailed once more: %d", n)
		}
		w.consistent()
	})
}

func TestTheClockDecides(t *testing.T) {
	d := dbtest.OpenSQLite(t)
	w := newWorld(t, d, of(5), nil)
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{opening.Add(-time.Microsecond), "registration.not_open"},
		{opening, ""},
		{w.edition.ClosesAt.Add(-time.Microsecond), ""},
		{w.edition.ClosesAt, "registration.closed"},
	} {
		w.clock.Set(c.at)
		_, err := w.register(person(int(c.at.UnixMicro()%100000)), "")
		e, _ := fail.As(err)
		if c.want == "" && err != nil || c.want != "" && (e == nil || e.Key != c.want || e.Kind != fail.Conflict) {
			t.Errorf("at %v: %v, want %q", c.at, err, c.want)
		}
	}
	if n := w.count("SELECT count(*) FROM person"); n != 2 {
		t.Errorf("%d people are known, 2 were let in: a refusal left somebody behind", n)
	}
}

func TestEveryProblemAtOnce(t *testing.T) {
	w := newWorld(t, dbtest.OpenSQLite(t), of(5), nil)
	_, err := w.register(registration.Input{Name: " ", Email: "asa@esimerkki", Place: "sofa", Photo: "maybe", Needs: "a\x00b"}, "k")
	e, ok := fail.As(err)
	if !ok || e.Kind != fail.Invalid {
		t.Fatal(err)
	}
	var names []string
	for name := range e.Fields {
		names = append(names, name)
	}
	slices.Sort(names)
	if !slices.Equal(names, []string{"consent", "email", "name", "needs", "photo", "place"}) {
		t.Errorf("problems of %v", names)
	}
	if n := w.count("SELECT count(*) FROM registration") + w.count("SELECT count(*) FROM idempotency"); n != 0 {
		t.Error("a refused form left something behind")
	}
}

func TestTicketsCannotBeGuessedOrOutlived(t *testing.T) {
	w := newWorld(t, dbtest.OpenSQLite(t), of(5), nil)
	res, err := w.register(person(1), "")
	if err != nil {
		t.Fatal(err)
	}
	token := w.reg.Token(res.Registration)
	if r, err := w.reg.ByToken(t.Context(), token); err != nil || r.ID != res.Registration.ID {
		t.Fatalf("own token: %v", err)
	}
	newer := res.Registration
	newer.Version++
	other := registration.New(w.db, w.clock.Now, nil, []byte("another secret"), "")
	defer other.Close()
	for name, bad := range map[string]string{
		"next version": w.reg.Token(newer), "other secret": other.Token(res.Registration),
		"cut": token[:len(token)-2], "empty": "", "changed": token[:30] + flip(token[30]) + token[31:], "id alone": res.Registration.ID,
	} {
		if _, err := w.reg.ByToken(t.Context(), bad); !fail.Is(err, fail.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCodesAreReadAsPeopleTypeThem(t *testing.T) {
	for typed, want := range map[string]string{"k7m4pq2x": "K7M4-PQ2X", " k7m4 - pq2x ": "K7M4-PQ2X", "K7M4-PQ2X": "K7M4-PQ2X", "k7": "K7", "kk ä kkk": "KKÄKKK", "kkkäkkk": "KKKÄKKK"} {
		if got := registration.CleanCode(typed); got != want {
			t.Errorf("%q read as %q, want %q", typed, got, want)
		}
	}
}

func TestSearchTakesSignsLiterally(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, nil, nil)
		for i, name := range []string{"Åsa Öhman", "100 % Testi", "Anna_Maria"} {
			in := person(i)
			in.Name = name
			if _, err := w.register(in, ""); err != nil {
				t.Fatal(err)
			}
		}
		for search, want := range map[string]int64{"sa": 1, "%": 1, "_": 1, "o1@": 1, "example.org": 3, "nobody": 0,
			"åsa": 1, "ÖHMAN": 1, "åsa ö": 1, "Kkkäkkk": 0} {
			rows, n, err := w.reg.List(t.Context(), w.edition.ID, registration.Filter{Search: search, Limit: 10})
			if err != nil || n != want || int64(len(rows)) != want {
				t.Errorf("%q finds %d (%d), want %d, %v", search, n, len(rows), want, err)
			}
		}
		// The number of a page far too large has turned round.
		if _, _, err := w.reg.List(t.Context(), w.edition.ID, registration.Filter{Limit: 10, Offset: -100}); err != nil {
			t.Error(err)
		}
	})
}

func flip(c byte) string {
	if c == 'x' {
		return "y"
	}
	return "x"
}
