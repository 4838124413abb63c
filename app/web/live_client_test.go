package web

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/qa"
	"agora/app/text"
	"agora/realtime"
)

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
	return h.signedInAs("moderaattori@example.org", account.Moderator)
}

// signedInAs is somebody signed in with a role for the edition.
func (h *liveHouse) signedInAs(email string, role account.Role) *browser {
	h.t.Helper()
	b := h.signedIn(email)
	p, err := h.accounts.ByEmail(h.t.Context(), email)
	h.must(err)
	h.must(h.db.Tx(h.t.Context(), func(ctx context.Context, tx bun.Tx) error {
		return h.accounts.Grant(ctx, tx, "", p.ID, account.OfEdition(h.edition.ID), role)
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
	b.Jar.SetCookies(u, []*http.Cookie{{Name: h.site.LoginCookie(), Value: login.Token, Path: "/"}})
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

	err error // why it ended; read once in is closed
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
	return b.read(ws)
}

// read takes in what comes until the socket ends.
func (b *browser) read(ws *websocket.Conn) *socket {
	s := &socket{t: b.h.t, h: b.h, ws: ws, in: make(chan frameSeen, 256)}
	go func() {
		defer close(s.in)
		for {
			_, body, err := ws.ReadMessage()
			if err != nil {
				s.err = err
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
