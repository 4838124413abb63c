package demo

import (
	"context"
	"errors"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"agora/app/account"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/program"
	"agora/app/registration"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

var (
	testNow    = time.Date(2026, time.November, 21, 21, 50, 47, 123456000, time.UTC)
	testSecret = []byte("a secret of thirty-two bytes ...")
)

const testBase = "http://127.0.0.1:8080"

func seeded(t *testing.T, d *db.DB, now time.Time) (*house, Cast) {
	t.Helper()
	began := time.Now()
	cast, err := Seed(t.Context(), d, filesOf(t, d, now), now, testSecret, testBase)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("seeded on %s in %v", d.Engine, time.Since(began).Round(time.Millisecond))
	h, err := newHouse(d, nil, now, testSecret, testBase)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.close)
	return h, cast
}

func count(t *testing.T, d *db.DB, query string, args ...any) int64 {
	t.Helper()
	var n int64
	if err := d.Read.NewRaw(query, args...).Scan(t.Context(), &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func find(t *testing.T, h *house, slug string) edition.Edition {
	t.Helper()
	e, err := h.editions.Find(t.Context(), Series, slug)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestSeed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, cast := seeded(t, d, testNow)
		t.Run("phases", func(t *testing.T) { testPhases(t, h) })
		t.Run("counters", func(t *testing.T) { testCounters(t, h) })
		t.Run("curve", func(t *testing.T) { testCurve(t, h) })
		t.Run("programme", func(t *testing.T) { testProgramme(t, h) })
		t.Run("archive", func(t *testing.T) { testArchive(t, h, cast) })
		t.Run("slides", func(t *testing.T) { testSlides(t, h) })
		t.Run("live", func(t *testing.T) { testLive(t, h, cast) })
		t.Run("polls", func(t *testing.T) { testPolls(t, h) })
		t.Run("cast", func(t *testing.T) { testCast(t, h, cast) })
		t.Run("addresses", func(t *testing.T) { testAddresses(t, d) })
		t.Run("again", func(t *testing.T) { testAgain(t, d) })
	})
}

func testPhases(t *testing.T, h *house) {
	if p := find(t, h, Archive).Phase(testNow, false); p != edition.Archive {
		t.Errorf("%s is %s", Archive, p)
	}
	if p := find(t, h, Coming).Phase(testNow, false); p != edition.Open {
		t.Errorf("%s is %s", Coming, p)
	}
}

func testCounters(t *testing.T, h *house) {
	want := map[string]map[registration.Kind]int64{
		Archive: {registration.Onsite: archiveOnsite, registration.Remote: archiveRemote},
		Coming:  {registration.Onsite: comingOnsite - comingCancelled + comingSpeakers, registration.Remote: comingRemote},
	}
	for slug, kinds := range want {
		e := find(t, h, slug)
		places, err := h.registrations.Places(t.Context(), e.ID)
		if err != nil {
			t.Fatal(err)
		}
		for kind, n := range kinds {
			rows := count(t, h.db, "SELECT count(*) FROM registration WHERE edition_id = ? AND kind = ? AND state = 'confirmed'", e.ID, kind)
			if p := places[kind]; p.Taken != n || rows != n || p.Waiting != 0 {
				t.Errorf("%s %s: %d taken, %d rows, %d waiting, want %d", slug, kind, p.Taken, rows, p.Waiting, n)
			}
		}
	}
	if n := count(t, h.db, "SELECT count(*) FROM registration WHERE state = 'cancelled'"); n != comingCancelled {
		t.Errorf("%d cancelled, want %d", n, comingCancelled)
	}
	if n := count(t, h.db, "SELECT count(*) FROM registration WHERE created_at > ?", testNow); n != 0 {
		t.Errorf("%d registrations of the future", n)
	}
}

func testCurve(t *testing.T, h *house) {
	for _, slug := range []string{Archive, Coming} {
		days, err := h.registrations.Curve(t.Context(), find(t, h, slug), registration.Onsite)
		if err != nil {
			t.Fatal(err)
		}
		if len(days) < 14 {
			t.Fatalf("%s: only %d days", slug, len(days))
		}
		for i := 1; i < len(days); i++ {
			if step := days[i].Taken - days[i-1].Taken; step >= days[0].Taken/2 {
				t.Errorf("%s: %d on day %d, %d on the first", slug, step, i, days[0].Taken)
			}
		}
	}
}

func testProgramme(t *testing.T, h *house) {
	e := find(t, h, Coming)
	p, err := h.program.Programme(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Sessions) < 20 || len(p.Tracks) != 3 {
		t.Errorf("%d sessions, %d tracks", len(p.Sessions), len(p.Tracks))
	}
	draft, err := h.program.Draft(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	moved := 0
	for _, x := range draft.Sessions {
		public := p.ByID(x.ID)
		if x.Scheduled() && !public.StartsAt.Equal(x.StartsAt) {
			moved++
			here := x.Spot()
			back := program.EditInput{Act: program.Move, Session: program.Seen{ID: x.ID, Spot: &here}, RoomID: public.Room.ID, StartsAt: public.StartsAt}
			if c, err := h.program.Try(t.Context(), e, back); err != nil || len(c) > 0 {
				t.Errorf("%d clashes in the release, %v", len(c), err)
			}
		}
	}
	if moved != 1 {
		t.Errorf("%d sessions differ from the release, want 1", moved)
	}
	if c, err := h.program.Clashes(t.Context(), e); err != nil || len(c) > 0 {
		t.Errorf("%d clashes in the draft, %v", len(c), err)
	}
	releases, err := h.program.Releases(t.Context(), e)
	if err != nil || len(releases) != 2 {
		t.Errorf("%d releases, %v", len(releases), err)
	}
}

func testCast(t *testing.T, h *house, cast Cast) {
	e := find(t, h, Coming)
	for role, m := range map[account.Role]Member{account.Owner: cast.Organiser, account.Moderator: cast.Moderator,
		account.Speaker: cast.Speaker, "attendee": cast.Attendee} {
		h.clock.set(testNow.Add(29 * 24 * time.Hour))
		who, err := h.accounts.Peek(t.Context(), m.Token)
		if err != nil || who.ID != m.ID || who.Name != m.Name {
			t.Fatalf("%s: %+v, %v", role, who, err)
		}
		if want := testBase + account.SignInPath + m.Token; m.Link != want {
			t.Errorf("%s: the link is %s, want %s", role, m.Link, want)
		}
		if account.LocalPath(m.Next) != m.Next || m.Next == "" {
			t.Errorf("%s: the link leads to %q", role, m.Next)
		}
		var roles account.Roles
		if err := h.db.Read.NewRaw("SELECT scope, role FROM role WHERE person_id = ?", m.ID).Scan(t.Context(), &roles); err != nil {
			t.Fatal(err)
		}
		if role != "attendee" && !roles.May(role, e.SeriesID, e.ID) || role == "attendee" && len(roles) > 0 {
			t.Errorf("%s: the roles are %v", role, roles)
		}
	}
	r, err := h.registrations.ByToken(t.Context(), strings.TrimPrefix(cast.Ticket, "/ticket/"))
	if err != nil || r.PersonID != cast.Attendee.ID || r.State != registration.Confirmed || r.EditionID != e.ID {
		t.Errorf("the ticket is %+v, %v", r, err)
	}
	p, err := h.program.Programme(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	x := p.BySlug(cast.Speaker.Next[strings.LastIndex(cast.Speaker.Next, "/")+1:])
	if x == nil || len(x.Speakers) != 1 || x.Speakers[0].PersonID == nil || *x.Speakers[0].PersonID != cast.Speaker.ID {
		t.Errorf("the speaker's session is %+v", x)
	}
}

func testAddresses(t *testing.T, d *db.DB) {
	for _, table := range []string{"person", "registration", "mail"} {
		if n := count(t, d, "SELECT count(*) FROM "+table+" WHERE email NOT LIKE '%@example.org'"); n != 0 {
			t.Errorf("%d rows of %s have another address", n, table)
		}
	}
	var links []string
	if err := d.Read.NewRaw("SELECT url FROM material UNION SELECT stream_url FROM edition UNION SELECT stream_url FROM room").Scan(t.Context(), &links); err != nil {
		t.Fatal(err)
	}
	for _, l := range links {
		if u, err := url.Parse(l); l != "" && (err != nil || u.Scheme != "https" || u.Host != "example.org") {
			t.Errorf("a link leads to %s", l)
		}
	}
}

func testAgain(t *testing.T, d *db.DB) {
	before := count(t, d, "SELECT count(*) FROM person")
	_, err := Seed(t.Context(), d, nil, testNow, testSecret, testBase)
	if !errors.Is(err, ErrNotEmpty) || !fail.Is(err, fail.Conflict) {
		t.Errorf("seeding again: %v", err)
	}
	if n := count(t, d, "SELECT count(*) FROM person"); n != before {
		t.Errorf("%d people after it, %d before", n, before)
	}
}

// TestComingDay: just after midnight, in the night when the clocks change, at
// the end of the registration, on the day itself and years later, registration
// is open and nobody comes from the future.
func TestComingDay(t *testing.T) {
	for _, now := range []string{"2026-11-20T22:00:01Z", "2026-10-25T01:30:00Z", "2027-01-18T21:58:00Z", "2027-01-18T22:30:00Z", "2027-01-25T10:00:00Z", "2031-06-01T12:00:00Z"} {
		h := &house{zone: helsinki(t)}
		h.now, _ = time.Parse(time.RFC3339, now)
		day, opens, closes, err := h.comingDay()
		if err != nil || day.Weekday() != time.Monday || !closes.After(h.now) || closes.After(day) || h.now.Sub(opens) < 20*24*time.Hour {
			t.Errorf("%s: %v, from %v to %v, %v", now, day, opens, closes, err)
		}
		times := rush{opens: opens, until: h.now, first: 0.4, tail: 0.8}.times(h, 200)
		if len(times) != 200 || times[0].Before(opens) || times[199].After(h.now) {
			t.Errorf("%s: %d people from %v to %v", now, len(times), times[0], times[len(times)-1])
		}
	}
}

func helsinki(t *testing.T) *time.Location {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// TestSeedLater starts the demonstration after the real edition has closed.
func TestSeedLater(t *testing.T) {
	now := time.Date(2027, time.January, 25, 10, 0, 0, 0, time.UTC)
	h, _ := seeded(t, dbtest.OpenSQLite(t), now)
	e := find(t, h, Coming)
	if p := e.Phase(now, false); p != edition.Open || !strings.Contains(e.Name("en"), "2028") {
		t.Errorf("%s is %s", e.Name("en"), p)
	}
}

// TestQuickly: whatever becomes of the work, the writer waits for the disk again.
func TestQuickly(t *testing.T) {
	d := dbtest.OpenSQLite(t)
	level := func() (n int) {
		if err := d.Write.NewRaw("PRAGMA synchronous").Scan(t.Context(), &n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	h := &house{db: d}
	ctx, cancel := context.WithCancel(t.Context())
	broken := errors.New("broken off")
	err := h.quickly(ctx, func() error {
		if n := level(); n != 1 {
			t.Errorf("synchronous is %d meanwhile, want 1 (NORMAL)", n)
		}
		cancel()
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("the error is %v", err)
	}
	if n := level(); n != 2 {
		t.Errorf("synchronous is %d, want 2 (FULL)", n)
	}
}

func BenchmarkSeed(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		d := dbtest.OpenSQLite(b)
		b.StartTimer()
		if _, err := Seed(b.Context(), d, filesOf(b, d, testNow), testNow, testSecret, testBase); err != nil {
			b.Fatal(err)
		}
	}
}
