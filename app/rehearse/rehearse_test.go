package rehearse_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"agora/app"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/registration"
	"agora/app/rehearse"
	"agora/app/text"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

var small = rehearse.Plan{People: 200, Seats: 30, Viewers: 20, Seconds: 1}

// house is a site that is served at an address, with a life of its own, and
// beside it the same site without a server, as the command opens it.
type house struct {
	*testing.T
	address string
	beside  *app.App
}

// eachHouse runs the test on both engines.
func eachHouse(t *testing.T, test func(*house)) {
	t.Run("SQLite", func(t *testing.T) { test(newHouse(t, "")) })
	t.Run("PostgreSQL", func(t *testing.T) { test(newHouse(t, dbtest.PostgresURL(t))) })
}

func newHouse(t *testing.T, databaseURL string) *house {
	t.Helper()
	cfg := app.Config{Addr: "127.0.0.1:0", BaseURL: "http://127.0.0.1:8080", Data: t.TempDir(), DatabaseURL: databaseURL}
	server := newApp(t, cfg)
	address, err := server.Listen()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- server.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	h := &house{T: t, address: address, beside: newApp(t, cfg)}
	h.furnish()
	return h
}

func newApp(t *testing.T, cfg app.Config) *app.App {
	t.Helper()
	a, err := app.New(t.Context(), cfg, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

// furnish gives the site something that a rehearsal must leave alone.
func (h *house) furnish() {
	h.Helper()
	series, err := h.beside.Editions.NewSeries(h.Context(), "", edition.SeriesInput{Slug: "cmadfi", Title: text.One(text.Finnish, "CMADFI")})
	if err != nil {
		h.Fatal(err)
	}
	now := time.Now()
	e, err := h.beside.Registrations.NewEdition(h.Context(), "", series, edition.Input{
		Slug: "2027", Title: text.One(text.Finnish, "CMADFI 2027"), Zone: "Europe/Helsinki", Languages: edition.Languages{text.Finnish},
		StartsAt: now.Add(48 * time.Hour), EndsAt: now.Add(56 * time.Hour), OpensAt: now.Add(-time.Hour), ClosesAt: now.Add(40 * time.Hour),
	}, map[registration.Kind]*int64{registration.Onsite: nil, registration.Remote: nil})
	if err != nil {
		h.Fatal(err)
	}
	in := registration.Input{Name: "Åsa Öhman", Email: "asa@example.org", Place: registration.Onsite, Language: text.Swedish}
	if _, err := h.beside.Registrations.Register(h.Context(), e, in, db.Key{Scope: "register:" + e.ID, Key: "k"}); err != nil {
		h.Fatal(err)
	}
}

func (h *house) rehearsal(tell rehearse.Progress) *rehearse.Rehearsal {
	r := h.beside.Rehearsal(h.address, time.Now, tell)
	r.Patient()
	return r
}

// rows counts every table.
func (h *house) rows() map[string]int {
	h.Helper()
	counts := map[string]int{}
	for _, table := range db.Tables {
		n, err := h.beside.DB.Read.NewSelect().TableExpr(table).Count(h.Context())
		if err != nil {
			h.Fatal(err)
		}
		counts[table] = int(n)
	}
	return counts
}

func (h *house) sameAs(before map[string]int) {
	h.Helper()
	if after := h.rows(); !maps.Equal(before, after) {
		h.Errorf("left behind:\nbefore %v\nafter  %v", before, after)
	}
}

func TestASmallRehearsalIsReadyAndLeavesNothing(t *testing.T) {
	eachHouse(t, func(h *house) {
		before := h.rows()
		stages := map[string]bool{}
		result, err := h.rehearsal(func(stage string, done, total int) {
			if done < 0 || done > total {
				h.Errorf("%s: %d of %d", stage, done, total)
			}
			stages[stage] = true
		}).Run(h.Context(), small)
		if err != nil {
			h.Fatal(err)
		}
		if !result.Ready() || !strings.HasPrefix(result.Verdict(), "Ready: 200 people were answered in ") ||
			!strings.Contains(result.Verdict(), "30 have a seat and 170 their place in line") {
			h.Errorf("%s", result.Verdict())
		}
		b, room := result.Burst, result.Room
		if b.Presses != 220 || b.P50 <= 0 || b.P99 < b.P50 || b.Slowest < b.P99 || result.Singles <= 0 {
			h.Errorf("%+v, %f one by one", b, result.Singles)
		}
		if room.Joined != 20 || room.Votes == 0 || room.Asked == 0 || room.Frames < 20 || len(room.Seen) == 0 {
			h.Errorf("%+v", room)
		}
		if len(stages) < 5 {
			h.Errorf("told of %v", stages)
		}
		h.sameAs(before)
		h.Log("\n" + result.Verdict() + result.Figures())
	})
}

func TestAStoppedRehearsalLeavesNothing(t *testing.T) {
	for _, stage := range []string{"Making a practice edition", "Registering", "Asking and voting"} {
		t.Run(stage, func(t *testing.T) {
			h := newHouse(t, "")
			before := h.rows()
			ctx, stop := context.WithCancel(h.Context())
			defer stop()
			_, err := h.rehearsal(func(s string, _, _ int) {
				if s == stage {
					stop()
				}
			}).Run(ctx, small)
			if !errors.Is(err, context.Canceled) || errors.Is(err, rehearse.ErrLeft) {
				t.Errorf("ended with %v", err)
			}
			h.sameAs(before)
		})
	}
}

// A removal that fails is told, also to whoever stopped the rehearsal.
func TestAPracticeThatStaysIsTold(t *testing.T) {
	h := newHouse(t, "")
	ctx, stop := context.WithCancel(h.Context())
	defer stop()
	_, err := h.rehearsal(func(stage string, _, _ int) {
		if stage == "Measuring this machine alone" {
			stop()
			if _, err := h.beside.DB.Write.NewRaw(`CREATE TRIGGER IF NOT EXISTS stubborn BEFORE DELETE ON series BEGIN SELECT RAISE(ABORT, 'stubborn'); END`).Exec(h.Context()); err != nil {
				h.Error(err)
			}
		}
	}).Run(ctx, small)
	if !errors.Is(err, context.Canceled) || !errors.Is(err, rehearse.ErrLeft) {
		t.Errorf("ended with %v", err)
	}
}

func TestAKilledRehearsalIsRemovedByTheNext(t *testing.T) {
	eachHouse(t, func(h *house) {
		before := h.rows()
		if err := h.rehearsal(nil).Abandon(h.Context(), small); err != nil {
			h.Fatal(err)
		}
		left := h.rows()
		for _, table := range []string{"idempotency", "audit", "mail", "person", "series", "edition", "place", "registration",
			"room", "session", "release", "slot", "live_room", "question", "vote"} {
			if left[table] <= before[table] {
				h.Errorf("nothing was left in %s, so nothing is tried there", table)
			}
		}
		h.hidden()
		result, err := h.rehearsal(nil).Run(h.Context(), rehearse.Plan{People: 5, Seats: 10, Viewers: 1, Seconds: 1})
		if err != nil || result.Leftovers != 1 {
			h.Errorf("%d were removed, %v", result.Leftovers, err)
		}
		h.sameAs(before)
		if err := h.rehearsal(nil).Abandon(h.Context(), rehearse.Plan{People: 2, Seats: 1, Viewers: 1, Seconds: 1}); err != nil {
			h.Fatal(err)
		}
		if n, err := h.rehearsal(nil).Clean(h.Context()); n != 1 || err != nil {
			h.Errorf("%d were cleaned, %v", n, err)
		}
		h.sameAs(before)
	})
}

// hidden: a practice edition is in no list, however long it stays.
func (h *house) hidden() {
	h.Helper()
	practices, err := h.beside.Editions.Practices(h.Context())
	if err != nil || len(practices) != 1 {
		h.Fatal(practices, err)
	}
	all, err := h.beside.Editions.AllSeries(h.Context())
	if err != nil || len(all) != 1 || all[0].Slug != "cmadfi" {
		h.Errorf("listed: %v %v", all, err)
	}
	res, err := http.Get("http://" + h.address + "/")
	if err != nil {
		h.Fatal(err)
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err != nil || !strings.Contains(string(page), "/cmadfi") || strings.Contains(string(page), practices[0].Slug) {
		h.Errorf("the front page shows the practice: %v", err)
	}
}

func TestWhatIsInTheWayIsSaid(t *testing.T) {
	h, other := newHouse(t, ""), newHouse(t, "")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := listener.Addr().String()
	listener.Close()
	before := h.rows()
	for address, want := range map[string]string{nobody: "no server answers", other.address: "another database"} {
		if _, err := h.beside.Rehearsal(address, time.Now, nil).Run(t.Context(), small); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q was not said, but %v", want, err)
		}
	}
	h.sameAs(before)
	for _, plan := range []rehearse.Plan{
		{}, {People: rehearse.MaxPeople + 1, Seats: 1, Viewers: 1, Seconds: 1}, {People: 1, Seats: rehearse.MaxSeats + 1, Viewers: 1, Seconds: 1},
		{People: 1, Seats: 1, Viewers: rehearse.MaxViewers + 1, Seconds: 1}, {People: 1, Seats: 1, Viewers: 1, Seconds: rehearse.MaxSeconds + 1},
		{People: 1, Seats: 1, Viewers: 1, Seconds: -1},
	} {
		if _, err := h.rehearsal(nil).Run(t.Context(), plan); err == nil || !strings.HasPrefix(err.Error(), "--") {
			t.Errorf("%+v is taken: %v", plan, err)
		}
	}
}

// A name that only looks like a rehearsal's is nobody's to remove.
func TestNoOtherSeriesIsEverRemoved(t *testing.T) {
	d := dbtest.OpenSQLite(t)
	editions := edition.New(d, time.Now)
	for i, slug := range []string{"practice-0123456789abcdef", "practice-", "practice-makes-perfect"} {
		if _, err := editions.NewSeries(t.Context(), "", edition.SeriesInput{Slug: slug, Title: text.One(text.English, fmt.Sprint(i))}); err == nil {
			t.Errorf("%s can be taken by an organiser", slug)
		}
	}
	one, err := editions.NewSeries(t.Context(), "", edition.SeriesInput{Slug: "practices", Title: text.One(text.English, "Practices")})
	if err != nil {
		t.Fatal(err)
	}
	if err := edition.RemovePractice(t.Context(), d.Write, one); err != nil {
		t.Fatal(err)
	}
	if all, err := editions.AllSeries(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("%v %v", all, err)
	}
}
