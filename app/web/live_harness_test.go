package web

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/notice"
	"agora/app/poll"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/text"
	"agora/app/web/live"
	"agora/app/web/page"
	"agora/realtime"
)

// livePatience is how long a test waits for something that must come.
const livePatience = 10 * time.Second

// liveNoon is during the first session of the test's day.
var liveNoon = time.Date(2027, 1, 25, 8, 0, 0, 0, time.UTC)

// liveHouse is the whole site on a port of its own, with one edition: two rooms,
// in the first a session that is on, a break, and one that comes.
type liveHouse struct {
	t        *testing.T
	base     string
	now      atomic.Int64
	db       *db.DB
	site     *Site
	hub      *realtime.Hub
	qa       *qa.Service
	polls    *poll.Service
	accounts *account.Service
	programs *program.Service
	edition  edition.Edition
	talk     program.Session // on now in Aula
	later    program.Session // next in Aula
	draft    program.Session // never released
	tick     chan time.Time
	wire     *wire
}

// newLiveHouse gives a site whose hub ticks when the test says so.
func newLiveHouse(t *testing.T) *liveHouse { return startLiveHouse(t, make(chan time.Time)) }

// startLiveHouse lets the hub tick by itself where tick is nil.
func startLiveHouse(t *testing.T, tick chan time.Time) *liveHouse {
	t.Helper()
	h := &liveHouse{t: t, db: dbtest.OpenSQLite(t), tick: tick}
	h.now.Store(liveNoon.UnixMicro())
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener := &wire{Listener: socket}
	h.wire = listener
	h.base = "http://" + listener.Addr().String()
	words, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return time.UnixMicro(h.now.Load()).UTC() }
	secret := []byte("a secret of the live room's tests")
	announce := &live.Announcer{}
	h.qa = qa.New(h.db, clock, secret, announce)
	t.Cleanup(h.qa.Stop)
	h.polls = poll.New(h.db, clock, h.qa, announce)
	t.Cleanup(h.polls.Stop)
	editions := edition.New(h.db, clock)
	h.programs = program.New(h.db, clock, editions)
	h.accounts = account.New(h.db, clock, h.base)
	deps := page.Deps{Config: page.Config{BaseURL: h.base, Secret: secret}, Now: clock, Log: slog.New(slog.DiscardHandler), Words: words, DB: h.db,
		Accounts: h.accounts, Editions: editions, Program: h.programs, QA: h.qa, Polls: h.polls, Notices: notice.New(h.db, clock)}
	options, err := live.Options(deps)
	if err != nil {
		t.Fatal(err)
	}
	if tick != nil {
		options.Tick = tick
	}
	h.hub = realtime.New(options)
	announce.Connect(h.hub)
	deps.Hub = h.hub
	if h.site, err = New(deps, func() bool { return false }); err != nil {
		t.Fatal(err)
	}
	h.fill(editions)
	served := make(chan error, 1)
	go func() { served <- h.site.Fiber().Listener(listener) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), livePatience)
		defer cancel()
		if err := h.hub.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		if err := h.site.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		<-served
	})
	return h
}

func (h *liveHouse) fill(editions *edition.Service) {
	h.t.Helper()
	series, err := editions.NewSeries(h.t.Context(), "", edition.SeriesInput{Slug: "cmadfi", Hashtag: "#cmadfi", Title: text.One(text.Finnish, "CMADFI")})
	h.must(err)
	in := edition.Input{Slug: "2027", Title: text.One(text.Finnish, "CMADFI 2027"), Zone: "Europe/Helsinki", Languages: edition.Languages{text.Finnish},
		StartsAt: liveNoon.Add(-time.Hour), EndsAt: liveNoon.Add(6 * time.Hour), OpensAt: liveNoon.AddDate(0, -2, 0), ClosesAt: liveNoon}
	h.must(h.db.Tx(h.t.Context(), func(ctx context.Context, tx bun.Tx) (err error) {
		h.edition, err = edition.Insert(ctx, tx, liveNoon, "", series, in)
		return err
	}))
	h.edition.Series = series
	aula := h.room("Aula")
	h.room("Sali 2")
	h.talk = h.session(program.SessionInput{Title: text.One(text.Finnish, "Tiedolla vaikuttaminen"), RoomID: aula, StartsAt: liveNoon.Add(-20 * time.Minute), EndsAt: liveNoon.Add(20 * time.Minute)})
	h.session(program.SessionInput{Title: text.One(text.Finnish, "Kahvi"), Kind: program.Break, RoomID: aula, StartsAt: liveNoon.Add(20 * time.Minute), EndsAt: liveNoon.Add(50 * time.Minute)})
	h.later = h.session(program.SessionInput{Title: text.One(text.Finnish, "Mitä mittaat"), RoomID: aula, StartsAt: liveNoon.Add(50 * time.Minute), EndsAt: liveNoon.Add(90 * time.Minute)})
	_, err = h.programs.Release(h.t.Context(), "", h.edition, "", nil)
	h.must(err)
	h.draft = h.session(program.SessionInput{Title: text.One(text.Finnish, "Vielä salassa")})
}

func (h *liveHouse) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *liveHouse) room(name string) string {
	h.t.Helper()
	r, err := h.programs.SaveRoom(h.t.Context(), "", h.edition, "", program.RoomInput{Name: text.One(text.Finnish, name)})
	h.must(err)
	return r.ID
}

func (h *liveHouse) session(in program.SessionInput) program.Session {
	h.t.Helper()
	if in.Kind == "" {
		in.Kind = program.Talk
	}
	x, err := h.programs.SaveSession(h.t.Context(), "", h.edition, "", in)
	h.must(err)
	return x
}

// wire is a network that can be cut.
type wire struct {
	net.Listener
	mu    sync.Mutex
	cut   bool
	conns []net.Conn
}

func (w *wire) Accept() (net.Conn, error) {
	for {
		c, err := w.Listener.Accept()
		if err != nil {
			return nil, err
		}
		w.mu.Lock()
		if w.cut {
			w.mu.Unlock()
			_ = c.Close()
			continue
		}
		w.conns = append(w.conns, c)
		w.mu.Unlock()
		return c, nil
	}
}

// sever closes what is open and, until it is called with false, whatever comes.
func (w *wire) sever(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.cut = cut; !cut {
		return
	}
	for _, c := range w.conns {
		_ = c.Close()
	}
	w.conns = nil
}

// forward moves the site's clock.
func (h *liveHouse) forward(d time.Duration) { h.now.Add(d.Microseconds()) }

func (h *liveHouse) livePath(x program.Session) string {
	return fmt.Sprintf("/cmadfi/2027/sessions/%s/live", x.Slug)
}
