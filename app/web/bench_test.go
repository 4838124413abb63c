package web

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/uptrace/bun"
	"github.com/valyala/fasthttp"

	"agora/app/account"
	"agora/app/apptest"
	"agora/app/carry"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/door"
	"agora/app/edition"
	"agora/app/mail"
	"agora/app/material"
	"agora/app/paper"
	"agora/app/program"
	"agora/app/program/exchange"
	"agora/app/qa"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/web/live"
	"agora/app/web/page"
	"agora/migrations"
	"agora/realtime"
)

// benchSite is the whole site on a real socket, with one edition of n sessions.
type benchSite struct {
	base          string
	db            *db.DB
	editions      *edition.Service
	registrations *registration.Service
	programs      *program.Service
	edition       edition.Edition
}

func newBenchSite(b *testing.B, d *db.DB, seats int64, sessions int) *benchSite {
	b.Helper()
	now := func() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }
	words, err := text.Load()
	check(b, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(b, err)
	s := &benchSite{base: "http://" + listener.Addr().String(), db: d, editions: edition.New(d, now)}
	secret := []byte("a secret of the benchmarks, long enough")
	s.registrations = registration.New(d, now, s.editions, secret, s.base)
	programs := program.New(d, now, s.editions)
	s.programs = programs
	letters, err := mail.New(d, now, words, nil, "", s.base)
	check(b, err)
	announce := &live.Announcer{}
	questions := qa.New(d, now, secret, announce)
	press, _ := paper.NewPress("")
	deps := page.Deps{Config: page.Config{BaseURL: s.base, Secret: secret}, Now: now, Log: slog.New(slog.DiscardHandler), Words: words, DB: d,
		Accounts: account.New(d, now, s.base), Mail: letters, Editions: s.editions, Program: programs, Registrations: s.registrations,
		Material: material.New(d, now, s.editions, "http://agora.test"), QA: questions, Paper: paper.New(d, now, press), Door: door.New(d, now)}
	deps.Carry = carry.New(d, now, words, deps.Editions, deps.Accounts)
	options, err := live.Options(deps)
	check(b, err)
	deps.Hub = realtime.New(options)
	site, err := New(deps, func() bool { return false })
	check(b, err)
	series, err := s.editions.NewSeries(b.Context(), "", edition.SeriesInput{Slug: "cmadfi", Title: text.One(text.Finnish, "CMADFI")})
	check(b, err)
	s.edition, err = s.registrations.NewEdition(b.Context(), "", series, edition.Input{
		Slug: "2027", Title: text.One(text.Finnish, "CMADFI 2027"), Zone: "Europe/Helsinki", Languages: edition.Languages{text.Finnish},
		StartsAt: now().AddDate(0, 2, 0), EndsAt: now().AddDate(0, 2, 3), OpensAt: now().AddDate(0, -1, 0), ClosesAt: now().AddDate(0, 1, 0),
	}, map[registration.Kind]*int64{registration.Onsite: &seats, registration.Remote: nil})
	check(b, err)
	if sessions > 0 {
		_, err = programs.Import(b.Context(), "", s.edition, bigSchedule(s.edition.StartsAt, sessions), program.ImportOptions{Release: true})
		check(b, err)
	}
	go func() { _ = site.Fiber().Listener(listener) }()
	b.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = deps.Hub.Shutdown(ctx)
		_ = site.Shutdown(ctx)
		s.registrations.Close()
		questions.Stop()
	})
	return s
}

func check(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// bigSchedule is as large as that of 38C3: sessions over 24 rooms and four days.
func bigSchedule(from time.Time, n int) exchange.Schedule {
	x := exchange.Schedule{Acronym: "big", Title: "Big", TimeZone: "Europe/Helsinki", Start: from, End: from.AddDate(0, 0, 3)}
	for i := range n {
		room, slot := i%24, i/24
		x.Sessions = append(x.Sessions, exchange.Session{
			GUID: fmt.Sprintf("00000000-0000-4000-8000-%012d", i), Title: fmt.Sprintf("Tiedolla vaikuttaminen verkossa, osa %d", i),
			Abstract: "Mitä yhteisömanageri tekee, kun keskustelu lähtee sivuraiteille, ja mistä sen huomaa ajoissa.", Language: "fi",
			Track: fmt.Sprintf("Raita %d", i%7), Kind: "talk", Room: fmt.Sprintf("Sali %d", room+1),
			Start: from.AddDate(0, 0, slot%4).Add(time.Duration(slot/4) * 50 * time.Minute), Duration: 40 * time.Minute,
			Speakers: []exchange.Speaker{{Name: fmt.Sprintf("Puhuja %d", i%500)}},
		})
	}
	return exchange.Complete(x)
}

// hammer sends requests for a time and tells how many were answered per second.
func hammer(b *testing.B, workers int, span time.Duration, send func(c *fasthttp.Client, n int64) bool) float64 {
	b.Helper()
	client := &fasthttp.Client{MaxConnsPerHost: workers, ReadBufferSize: 64 << 10}
	var n, done atomic.Int64
	until := time.Now().Add(span)
	start := time.Now()
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for time.Now().Before(until) {
				if send(client, n.Add(1)) {
					done.Add(1)
				} else {
					b.Error("a request failed")
					return
				}
			}
		})
	}
	all.Wait()
	return float64(done.Load()) / time.Since(start).Seconds()
}

// bestOf alternates two measurements and gives the median of their ratio, which
// holds when the machine's speed drifts.
func ratio(ours, peer func() float64) (r, a, p float64) {
	const rounds = 5
	type pair struct{ r, a, p float64 }
	var list []pair
	for range rounds {
		a, p := ours(), peer()
		list = append(list, pair{a / p, a, p})
	}
	for i := range list {
		for j := range i {
			if list[j].r > list[i].r {
				list[i], list[j] = list[j], list[i]
			}
		}
	}
	m := list[rounds/2]
	return m.r, m.a, m.p
}

// BenchmarkProgrammePage measures the programme of 1,007 sessions, all days,
// against a handler that sends the same bytes, and where they are at hand those
// of 38C3 and FOSDEM 2025. The bar of design is 0.5.
func BenchmarkProgrammePage(b *testing.B) {
	const path = "/cmadfi/2027/program?day=all"
	b.Run("made up", func(b *testing.B) { againstBare(b, newBenchSite(b, dbtest.OpenSQLite(b), 300, 1007), path) })
	for _, name := range []string{"38c3.xml", "fosdem-2025.xml"} {
		b.Run(name, func(b *testing.B) {
			file, err := os.Open(apptest.RealFile(b, name))
			check(b, err)
			defer file.Close()
			x, _, err := exchange.Read(file, name)
			check(b, err)
			s := newBenchSite(b, dbtest.OpenSQLite(b), 300, 0)
			_, err = s.programs.Import(b.Context(), "", s.edition, x, program.ImportOptions{Release: true})
			check(b, err)
			againstBare(b, s, path)
		})
	}
}

// BenchmarkScheduleFiles measures the same programme as phones and calendars
// fetch it, against a handler that sends the same bytes.
func BenchmarkScheduleFiles(b *testing.B) {
	s := newBenchSite(b, dbtest.OpenSQLite(b), 300, 1007)
	for _, name := range []string{"schedule.xml", "schedule.json", "schedule.ics"} {
		b.Run(name, func(b *testing.B) { againstBare(b, s, "/cmadfi/2027/"+name) })
	}
}

// againstBare measures an address in turns with a handler that has nothing to do
// but send what the address sends.
func againstBare(b *testing.B, s *benchSite, path string) {
	b.Helper()
	address := s.base + path
	ask := func(c *fasthttp.Client, url string, res *fasthttp.Response) bool {
		req := fasthttp.AcquireRequest()
		defer fasthttp.ReleaseRequest(req)
		req.SetRequestURI(url)
		req.Header.Set("Accept-Encoding", "gzip")
		req.Header.Set("Accept-Language", "fi")
		return c.Do(req, res) == nil && res.StatusCode() == 200
	}
	get := func(url string) func(c *fasthttp.Client, _ int64) bool {
		return func(c *fasthttp.Client, _ int64) bool {
			res := fasthttp.AcquireResponse()
			defer fasthttp.ReleaseResponse(res)
			return ask(c, url, res)
		}
	}
	var page fasthttp.Response
	if !ask(&fasthttp.Client{ReadBufferSize: 64 << 10}, address, &page) {
		b.Fatal(page.StatusCode())
	}
	kind, zipped := string(page.Header.ContentType()), page.Body()
	plain := fiber.New(fiber.Config{DisableStartupMessage: true})
	plain.Get("/page", func(c *fiber.Ctx) error {
		c.Set("Content-Type", kind)
		c.Set("Content-Encoding", "gzip")
		c.Response().SetBodyRaw(zipped)
		return nil
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(b, err)
	go func() { _ = plain.Listener(listener) }()
	defer plain.Shutdown() //nolint:errcheck // the benchmark is over
	peer := "http://" + listener.Addr().String() + "/page"
	b.ResetTimer()
	for range b.N {
		r, ours, theirs := ratio(
			func() float64 { return hammer(b, 8, time.Second, get(address)) },
			func() float64 { return hammer(b, 8, time.Second, get(peer)) })
		b.ReportMetric(r, "ratio")
		b.ReportMetric(ours, "pages/s")
		b.ReportMetric(theirs, "bare/s")
		b.ReportMetric(float64(len(zipped)), "bytes")
	}
}

// BenchmarkRegistration measures registrations through HTTP against two rates of
// the same machine without HTTP: bare inserts, one to a transaction (inserts/s),
// and whole registrations, one to a transaction (alone/s). Bars: 1.5 times the
// inserts on SQLite, 6 times the registrations alone on PostgreSQL.
func BenchmarkRegistration(b *testing.B) {
	b.Run("SQLite", func(b *testing.B) { benchRegistration(b, dbtest.OpenSQLite(b)) })
	b.Run("PostgreSQL", func(b *testing.B) {
		if os.Getenv("AGORA_BENCH_POSTGRES_URL") == "" {
			b.Skip("AGORA_BENCH_POSTGRES_URL names no durable PostgreSQL")
		}
		d, err := db.Open(b.Context(), os.Getenv("AGORA_BENCH_POSTGRES_URL"))
		check(b, err)
		_, err = db.Migrate(b.Context(), d, migrations.For(string(d.Engine)))
		check(b, err)
		benchRegistration(b, d)
	})
}

func benchRegistration(b *testing.B, d *db.DB) {
	s := newBenchSite(b, d, 300, 0)
	address := s.base + "/api/v1/editions/cmadfi/2027/registrations"
	var people atomic.Int64
	register := func(c *fasthttp.Client, _ int64) bool {
		n := people.Add(1)
		req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
		defer fasthttp.ReleaseRequest(req)
		defer fasthttp.ReleaseResponse(res)
		req.SetRequestURI(address)
		req.Header.SetMethod("POST")
		req.Header.SetContentType("application/json")
		req.Header.Set("Idempotency-Key", fmt.Sprint("key-", n))
		body, _ := json.Marshal(map[string]any{"name": fmt.Sprint("Osallistuja ", n), "email": fmt.Sprintf("o%d@example.org", n), "place": "onsite", "language": "fi"})
		req.SetBody(body)
		return c.Do(req, res) == nil && res.StatusCode() == 201
	}
	b.ResetTimer()
	for range b.N {
		r, ours, theirs := ratio(
			func() float64 { return hammer(b, 500, time.Second, register) },
			func() float64 { return singleInserts(b, s, &people, time.Second) })
		b.ReportMetric(r, "ratio")
		b.ReportMetric(ours, "registrations/s")
		b.ReportMetric(theirs, "inserts/s")
		r, _, alone := ratio(
			func() float64 { return hammer(b, 500, time.Second, register) },
			func() float64 { return registrationsAlone(b, s, &people, time.Second) })
		b.ReportMetric(r, "ratio-alone")
		b.ReportMetric(alone, "alone/s")
	}
}

// singleInserts is the peer: a registration's row alone, one transaction after
// the other, with neither HTTP nor any decision.
func singleInserts(b *testing.B, s *benchSite, people *atomic.Int64, span time.Duration) float64 {
	b.Helper()
	person := account.Person{ID: db.NewID(), Email: fmt.Sprintf("single%d@example.org", people.Add(1)), Name: "Yksi", Language: text.Finnish, CreatedAt: time.Now().UTC()}
	_, err := s.db.Write.NewInsert().Model(&person).Exec(b.Context())
	check(b, err)
	start, n := time.Now(), 0
	for time.Since(start) < span {
		now := time.Now().UTC()
		r := registration.Registration{ID: db.NewID(), EditionID: s.edition.ID, PersonID: person.ID, Kind: registration.Onsite, State: registration.Cancelled,
			Code: registration.RandomLetters(8), Version: 1, Name: person.Name, Email: person.Email, Language: text.Finnish, Photo: registration.PhotoAsk,
			CreatedAt: now, ChangedAt: now}
		err := s.db.Tx(b.Context(), func(ctx context.Context, tx bun.Tx) error {
			_, err := tx.NewInsert().Model(&r).Exec(ctx)
			return err
		})
		check(b, err)
		n++
	}
	return float64(n) / time.Since(start).Seconds()
}

// registrationsAlone is the other peer: the same decisions for callers who come
// one after the other, so that each has a transaction of its own.
func registrationsAlone(b *testing.B, s *benchSite, people *atomic.Int64, span time.Duration) float64 {
	b.Helper()
	start, n := time.Now(), 0
	for time.Since(start) < span {
		i := people.Add(1)
		_, err := s.registrations.Register(b.Context(), s.edition, registration.Input{Name: fmt.Sprint("Osallistuja ", i),
			Email: fmt.Sprintf("o%d@example.org", i), Place: registration.Onsite, Language: text.Finnish},
			db.Key{Scope: "register:" + s.edition.ID, Key: fmt.Sprint("key-", i)})
		check(b, err)
		n++
	}
	return float64(n) / time.Since(start).Seconds()
}
