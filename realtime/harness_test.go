package realtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gorilla/websocket"
)

const patience = 10 * time.Second

var testKey = []byte("a key of the tests, thirty-two b")

// board is a consumer small enough to reason about: items with a text, shown to moderators always and to the others
// when approved.
type board struct {
	mu      sync.Mutex
	epoch   string
	version int64
	items   map[string]*entry
	order   []string
	touched []string
	loads   int
	fail    error
	acts    []string          // "voter op do"
	done    map[string]string // op → id, as an idempotent consumer keeps it
	mine    map[string]string
	onAct   func(act Act) json.RawMessage
}

type entry struct {
	text     string
	approved bool
	version  int64
}

func newBoard() *board {
	return &board{epoch: "e1", version: 1, items: map[string]*entry{}, done: map[string]string{}, mine: map[string]string{}}
}

// put changes an item and returns the room's new version.
func (b *board) put(id, text string, approved bool) int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.version++
	if b.items[id] == nil {
		b.order = append(b.order, id)
	}
	b.items[id] = &entry{text, approved, b.version}
	return b.version
}

func (b *board) set(change func(b *board)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change(b)
}

func (b *board) Changes(_ context.Context, room string, since int64) (Changes, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.loads++
	if room == "nowhere" {
		return Changes{}, ErrNoRoom
	}
	if b.fail != nil {
		return Changes{}, b.fail
	}
	c := Changes{Epoch: b.epoch, Version: b.version, RoomVersion: 1, Touched: b.touched}
	b.touched = nil
	for v := range c.Room {
		c.Room[v] = json.RawMessage(`{"title":"Aula"}`)
	}
	for _, id := range b.order {
		e := b.items[id]
		if e.version <= since {
			continue
		}
		raw := encode(map[string]string{"id": id, "text": e.text})
		item := Item{ID: id, Version: e.version}
		item.Views[Moderator] = raw
		if e.approved {
			item.Views[Audience], item.Views[Stage], item.Views[Screen] = raw, raw, raw
		}
		c.Items = append(c.Items, item)
	}
	return c, nil
}

func (b *board) Mine(_ context.Context, v Viewer) (json.RawMessage, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.mine[v.Voter] == "" {
		return nil, nil
	}
	return encode(map[string]any{"t": "mine", "votes": []string{b.mine[v.Voter]}}), nil
}

func (b *board) Act(_ context.Context, v Viewer, act Act) json.RawMessage {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.acts = append(b.acts, v.Voter+" "+act.Op+" "+act.Do)
	if b.onAct != nil {
		return b.onAct(act)
	}
	if act.Do == "panic" {
		panic("a broken act")
	}
	if act.Do != "ask" {
		return AckError(act.Op, "unknown_act", "unknown act")
	}
	if b.done[act.Op] == "" {
		b.done[act.Op] = fmt.Sprintf("id-%d", len(b.done)+1)
	}
	return AckOK(act.Op, b.done[act.Op], nil)
}

// node is one process: a Fiber app on a loopback port with a hub whose clocks the test moves.
type node struct {
	t          *testing.T
	hub        *Hub
	app        *fiber.App
	addr       string
	tick, beat chan time.Time
}

func startNode(t *testing.T, b *board, change ...func(*Options)) *node {
	t.Helper()
	n := &node{t: t, tick: make(chan time.Time), beat: make(chan time.Time)}
	opt := Options{
		Source: b, Acts: b, PassKey: testKey, ItemsKey: "questions",
		Origin: func(c *fiber.Ctx) bool { return c.Get("Origin") == "https://agora.test" },
		Tick:   n.tick, Beat: n.beat, ByeSpread: time.Millisecond,
	}
	for _, f := range change {
		f(&opt)
	}
	n.hub = New(opt)
	n.app = fiber.New(fiber.Config{DisableStartupMessage: true, Immutable: true, ReadTimeout: 5 * time.Second})
	Prepare(n.app)
	n.app.Get("/api/v1/live/:id", func(c *fiber.Ctx) error { return n.hub.Serve(c, c.Params("id")) })
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	n.addr = ln.Addr().String()
	served := make(chan error, 1)
	go func() { served <- n.app.Listener(ln) }()
	t.Cleanup(func() {
		n.stop()
		must(t, n.app.Shutdown())
		must(t, <-served)
	})
	return n
}

// stop shuts the hub down once.
func (n *node) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_ = n.hub.Shutdown(ctx) // a second time is refused, which is fine here
}

// turn moves the delivery clock by one tick.
func (n *node) turn() { n.send(n.tick) }

func (n *node) send(clock chan time.Time) {
	n.t.Helper()
	select {
	case clock <- time.Now():
	case <-time.After(patience):
		n.t.Fatal("the hub takes no tick")
	}
}

func passFor(room string, view View, voter string) string {
	return Pass{Room: room, View: view, Voter: voter, Lang: "fi", Expires: time.Now().Add(time.Hour)}.Sign(testKey)
}

// client is one viewer that keeps what the frames say, as a page does.
type client struct {
	*testing.T
	ws      *websocket.Conn
	epoch   string
	version int64
	items   map[string]string
}

type frameIn struct {
	T         string                          `json:"t"`
	Epoch     string                          `json:"epoch"`
	V         int64                           `json:"v"`
	Room      json.RawMessage                 `json:"room"`
	Questions []struct{ ID, Text string }     `json:"questions"`
	Gone      []string                        `json:"gone"`
	Op        string                          `json:"op"`
	OK        bool                            `json:"ok"`
	ID        string                          `json:"id"`
	Error     *struct{ Code, Message string } `json:"error"`
	RetryMS   *int64                          `json:"retry_ms"`
	Text      string                          `json:"text"`
	N         int                             `json:"n"`
	Views     map[string]int                  `json:"views"`
	Votes     []string                        `json:"votes"`
}

type dialing struct {
	room, pass, since, origin string
	view                      View
	protocols                 []string
	net                       func(ctx context.Context, network, addr string) (net.Conn, error)
}

func (n *node) dial(d dialing) (*websocket.Conn, *http.Response, error) {
	if d.room == "" {
		d.room = "aula"
	}
	if d.origin == "" {
		d.origin = "https://agora.test"
	}
	if d.pass == "" {
		d.pass = passFor(d.room, d.view, "voter")
	}
	if d.protocols == nil {
		d.protocols = []string{Protocol, d.pass}
	}
	url := fmt.Sprintf("ws://%s/api/v1/live/%s?view=%s&since=%s", n.addr, d.room, d.view, d.since)
	dialer := websocket.Dialer{Subprotocols: d.protocols, HandshakeTimeout: patience, NetDialContext: d.net}
	return dialer.Dial(url, http.Header{"Origin": {d.origin}})
}

func (n *node) join(t *testing.T, d dialing) *client {
	t.Helper()
	ws, _, err := n.dial(d)
	must(t, err)
	t.Cleanup(func() { ws.Close() })
	return &client{T: t, ws: ws, items: map[string]string{}}
}

// next reads one frame and takes it in.
func (c *client) next() frameIn {
	c.Helper()
	must(c, c.ws.SetReadDeadline(time.Now().Add(patience)))
	_, raw, err := c.ws.ReadMessage()
	must(c, err)
	return c.take(raw)
}

func (c *client) take(raw []byte) frameIn {
	c.Helper()
	var f frameIn
	if err := json.Unmarshal(raw, &f); err != nil {
		c.Fatalf("frame %q: %v", raw, err)
	}
	switch f.T {
	case "snapshot":
		c.items = map[string]string{}
	case "patch":
		if f.Epoch != c.epoch {
			c.Fatalf("patch of epoch %q after %q", f.Epoch, c.epoch)
		}
	default:
		return f
	}
	c.epoch, c.version = f.Epoch, f.V
	for _, q := range f.Questions {
		c.items[q.ID] = q.Text
	}
	for _, id := range f.Gone {
		delete(c.items, id)
	}
	return f
}

// want reads the next frame, which must be of kind t.
func (c *client) want(t string) frameIn {
	c.Helper()
	f := c.next()
	if f.T != t {
		c.Fatalf("got %+v, want a frame %q", f, t)
	}
	return f
}

// until reads frames up to a version.
func (c *client) until(version int64) {
	c.Helper()
	for c.version < version {
		c.next()
	}
}

// closedWith reads up to the close and returns its code; 1006 stands for a socket that just ended.
func (c *client) closedWith() (Code, string) {
	c.Helper()
	for {
		must(c, c.ws.SetReadDeadline(time.Now().Add(patience)))
		_, _, err := c.ws.ReadMessage()
		var closed *websocket.CloseError
		var network net.Error
		switch {
		case err == nil:
		case errors.As(err, &closed):
			return Code(closed.Code), closed.Text
		case errors.As(err, &network) && network.Timeout():
			c.Fatal("socket was not closed")
		default:
			return websocket.CloseAbnormalClosure, ""
		}
	}
}

func (c *client) send(text string) {
	c.Helper()
	must(c, c.ws.WriteMessage(websocket.TextMessage, []byte(text)))
}

func (c *client) shows(want string) {
	c.Helper()
	var got []string
	for id, text := range c.items {
		got = append(got, id+"="+text)
	}
	slices.Sort(got)
	if s := strings.Join(got, " "); s != want {
		c.Fatalf("viewer shows %q, want %q", s, want)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// eventually waits for something that no channel tells.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	end := time.After(patience)
	for !holds() {
		select {
		case <-look.C:
		case <-end:
			t.Fatalf("never: %s", what)
		}
	}
}
