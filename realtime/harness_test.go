package realtime

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
)

const patience = 10 * time.Second

var testKey = []byte("a key of the tests, thirty-two b")

// node is one process: a Fiber app on a loopback port with a hub whose clocks the test moves.
type node struct {
	t          *testing.T
	hub        *Hub
	app        *fiber.App
	addr       string
	tick, beat chan time.Time
}

// opaque hides from the hub that its sockets could be tried without waiting, as TLS does.
type opaque struct{ net.Listener }

func (o opaque) Accept() (net.Conn, error) {
	conn, err := o.Listener.Accept()
	return struct{ net.Conn }{conn}, err
}

func startNode(t *testing.T, b *board, change ...func(*Options)) *node {
	t.Helper()
	return startNodeOn(t, b, func(ln net.Listener) net.Listener { return ln }, change...)
}

func startNodeOn(t *testing.T, b *board, wrap func(net.Listener) net.Listener, change ...func(*Options)) *node {
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
	ln = wrap(ln)
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
