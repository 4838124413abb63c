package web

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/text"
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
	announce := &LiveAnnouncer{}
	h.qa = qa.New(h.db, clock, secret, announce)
	t.Cleanup(h.qa.Stop)
	editions := edition.New(h.db, clock)
	h.programs = program.New(h.db, clock, editions)
	h.accounts = account.New(h.db, clock, h.base)
	deps := Deps{Config: Config{BaseURL: h.base, Secret: secret}, Now: clock, Log: slog.New(slog.DiscardHandler), Words: words, DB: h.db,
		Accounts: h.accounts, Editions: editions, Program: h.programs, QA: h.qa}
	options, err := LiveOptions(deps)
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
	series, err := editions.NewSeries(h.t.Context(), "", edition.SeriesInput{Slug: "cmadfi", Title: text.One(text.Finnish, "CMADFI")})
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

// browser is somebody with cookies of their own.
type browser struct {
	h *liveHouse
	*http.Client
	Site string // Sec-Fetch-Site of their forms
}

func (h *liveHouse) browser() *browser {
	jar, err := cookiejar.New(nil)
	h.must(err)
	return &browser{h: h, Site: "same-origin", Client: &http.Client{Jar: jar, Timeout: livePatience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// moderator is somebody signed in with the role for the edition.
func (h *liveHouse) moderator() *browser {
	h.t.Helper()
	b := h.signedIn("moderaattori@example.org")
	p, err := h.accounts.ByEmail(h.t.Context(), "moderaattori@example.org")
	h.must(err)
	h.must(h.db.Tx(h.t.Context(), func(ctx context.Context, tx bun.Tx) error {
		return h.accounts.Grant(ctx, tx, "", p.ID, account.OfEdition(h.edition.ID), account.Moderator)
	}))
	return b
}

func (h *liveHouse) signedIn(email string) *browser {
	h.t.Helper()
	b := h.browser()
	token, _, err := h.accounts.MakeLink(h.t.Context(), account.Invite{Email: email, Name: "Nimi Tekaistu", Language: text.Finnish})
	h.must(err)
	login, err := h.accounts.Redeem(h.t.Context(), token, "tests")
	h.must(err)
	u, _ := url.Parse(h.base)
	b.Jar.SetCookies(u, []*http.Cookie{{Name: h.site.loginCookie(), Value: login.Token, Path: "/"}})
	return b
}

// page gets a page; the answer's body is its text.
func (b *browser) page(path string) (int, string) {
	b.h.t.Helper()
	req, err := http.NewRequestWithContext(b.h.t.Context(), http.MethodGet, b.h.base+path, nil)
	b.h.must(err)
	req.Header.Set("Accept-Language", "fi")
	return b.send(req)
}

// post sends a form as a browser does.
func (b *browser) post(path string, values url.Values) (int, string) {
	b.h.t.Helper()
	req, err := http.NewRequestWithContext(b.h.t.Context(), http.MethodPost, b.h.base+path, strings.NewReader(values.Encode()))
	b.h.must(err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept-Language", "fi")
	req.Header.Set("Sec-Fetch-Site", b.Site)
	return b.send(req)
}

func (b *browser) send(req *http.Request) (int, string) {
	b.h.t.Helper()
	res, err := b.Do(req)
	b.h.must(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	b.h.must(err)
	if place := res.Header.Get("Location"); place != "" {
		return res.StatusCode, place
	}
	return res.StatusCode, string(body)
}

// pass asks for a room pass.
func (b *browser) pass(session, view string) (int, string) {
	b.h.t.Helper()
	status, body := b.post("/api/v1/live/"+url.PathEscape(session)+"/pass?view="+view, nil)
	var answer struct{ Pass string }
	if status == http.StatusOK {
		b.h.must(json.Unmarshal([]byte(body), &answer))
		return status, answer.Pass
	}
	return status, body
}

// socket is one open page.
type socket struct {
	t  *testing.T
	h  *liveHouse
	ws *websocket.Conn
	in chan frameSeen
}

// frameSeen is what arrives, with every member a test looks at.
type frameSeen struct {
	T         string        `json:"t"`
	Epoch     string        `json:"epoch"`
	V         int64         `json:"v"`
	Op        string        `json:"op"`
	OK        bool          `json:"ok"`
	ID        string        `json:"id"`
	Secret    string        `json:"secret"`
	Votes     []string      `json:"votes"`
	Questions []qa.Question `json:"questions"`
	Gone      []string      `json:"gone"`
	Error     *struct{ Code, Message string }
	raw       string
}

// join opens a page's socket with a fresh pass.
func (b *browser) join(session, view, since string) *socket {
	b.h.t.Helper()
	status, pass := b.pass(session, view)
	if status != http.StatusOK {
		b.h.t.Fatalf("pass: %d %s", status, pass)
	}
	ws, res, err := b.dial(session, view, since, pass, b.h.base)
	if err != nil {
		b.h.t.Fatal(err, res)
	}
	s := &socket{t: b.h.t, h: b.h, ws: ws, in: make(chan frameSeen, 256)}
	go func() {
		defer close(s.in)
		for {
			_, body, err := ws.ReadMessage()
			if err != nil {
				return
			}
			f := frameSeen{raw: string(body)}
			if json.Unmarshal(body, &f) == nil {
				s.in <- f
			}
		}
	}()
	b.h.t.Cleanup(func() { _ = ws.Close() })
	return s
}

func (b *browser) dial(session, view, since, pass, origin string) (*websocket.Conn, *http.Response, error) {
	address := "ws" + strings.TrimPrefix(b.h.base, "http") + "/api/v1/live/" + session + "?view=" + view + "&since=" + since
	d := websocket.Dialer{Subprotocols: []string{realtime.Protocol, pass}, HandshakeTimeout: livePatience, Jar: b.Jar}
	return d.DialContext(b.h.t.Context(), address, http.Header{"Origin": {origin}})
}

// until returns the first frame that is wanted and lets the others pass.
func (s *socket) until(what string, want func(frameSeen) bool) frameSeen {
	s.t.Helper()
	timeout := time.After(livePatience)
	for {
		select {
		case f, open := <-s.in:
			if !open {
				s.t.Fatal("socket closed while waiting for " + what)
			}
			if want(f) {
				return f
			}
		case <-timeout:
			s.t.Fatal("never came: " + what)
		}
	}
}

func (s *socket) kind(t string) frameSeen {
	s.t.Helper()
	return s.until(t, func(f frameSeen) bool { return f.T == t })
}

// do sends an act and waits for its ack.
func (s *socket) do(op string, act map[string]any) frameSeen {
	s.t.Helper()
	act["op"] = op
	s.h.must(s.ws.WriteJSON(act))
	return s.until("ack of "+op, func(f frameSeen) bool { return f.T == "ack" && f.Op == op })
}

// tock is one tick of the hub: what happened before it is delivered after it.
func (h *liveHouse) tock() {
	h.t.Helper()
	select {
	case h.tick <- time.Now():
	case <-time.After(livePatience):
		h.t.Fatal("the hub does not tick")
	}
}

func (f frameSeen) has(id string) *qa.Question {
	for _, q := range f.Questions {
		if q.ID == id {
			return &q
		}
	}
	return nil
}

func (h *liveHouse) livePath(x program.Session) string {
	return fmt.Sprintf("/cmadfi/2027/sessions/%s/live", x.Slug)
}
