package realtime

import (
	"context"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"
)

// narrow dials with a small receive buffer, as a viewer on a bad line has.
func narrow(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, addr)
	if err == nil {
		err = conn.(*net.TCPConn).SetReadBuffer(64 << 10)
	}
	return conn, err
}

// flood changes one large item often enough to fill every buffer between here and a viewer that does not read, while
// quick keeps up; it returns the last version.
func flood(n *node, b *board, quick *client, rounds int) int64 {
	var version int64
	for i := range rounds {
		version = b.put("q1", strings.Repeat(string(rune('a'+i%26)), 100<<10), true)
		n.hub.Notify("aula", version)
		n.turn()
		quick.until(version)
	}
	return version
}

func TestSlowViewerSkipsForwardAndDelaysNobody(t *testing.T) {
	b := newBoard()
	n := startNode(t, b)
	quick := n.join(t, dialing{})
	quick.want("snapshot")
	slow := n.join(t, dialing{net: narrow})
	slow.want("snapshot")
	const rounds = 40
	version := flood(n, b, quick, rounds)
	frames := 0
	for slow.version < version {
		slow.next()
		frames++
	}
	if frames > rounds*2/3 {
		t.Fatalf("%d frames for %d versions: nothing was skipped", frames, rounds)
	}
	if slow.items["q1"] != quick.items["q1"] {
		t.Fatal("the slow one ended in another state")
	}
	// Once it has caught up, it is a viewer like any other, without a goroutine of its own.
	n.hub.Notify("aula", b.put("q2", "small", true))
	n.turn()
	quick.want("patch")
	slow.want("patch")
	eventually(t, "no writer is left", func() bool { return !strings.Contains(stacks(), "(*viewer).push") })
}

func TestSocketsThatCannotBeTriedWork(t *testing.T) {
	b := newBoard()
	n := startNodeOn(t, b, func(ln net.Listener) net.Listener { return opaque{ln} })
	c := n.join(t, dialing{})
	c.want("snapshot")
	flood(n, b, c, 5)
	c.send(`{"op":"a","do":"ask"}`)
	c.want("ack")
	n.hub.Dismiss("aula", func(Viewer) bool { return true })
	if code, _ := c.closedWith(); code != CodeNotAllowed {
		t.Fatalf("closed with %d", code)
	}
}

func TestViewerWithoutProgressIsCut(t *testing.T) {
	b := newBoard()
	n := startNode(t, b, func(o *Options) { o.Stall = 200 * time.Millisecond })
	quick := n.join(t, dialing{})
	quick.want("snapshot")
	stuck := n.join(t, dialing{net: narrow})
	stuck.want("snapshot")
	eventually(t, "the stuck one is cut", func() bool {
		flood(n, b, quick, 1)
		return n.hub.Figures().Stalled == 1
	})
	eventually(t, "its place is free", func() bool { return n.hub.Health().Sockets == 1 })
	if code, _ := stuck.closedWith(); code != 1006 {
		t.Fatalf("closed with %d", code)
	}
}

func TestShutdownSendsEverybodyAwayWithATime(t *testing.T) {
	b := newBoard()
	n := startNode(t, b, func(o *Options) { o.ByeSpread = 5 * time.Second })
	clients := make([]*client, 12)
	for i := range clients {
		clients[i] = n.join(t, dialing{})
		clients[i].want("snapshot")
	}
	ended := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		ended <- n.hub.Shutdown(ctx)
	}()
	times := map[int64]bool{}
	for _, c := range clients {
		f := c.want("bye")
		if f.RetryMS == nil || *f.RetryMS < 250 || *f.RetryMS > 5000 {
			t.Fatalf("got %+v", f)
		}
		times[*f.RetryMS] = true
		if code, _ := c.closedWith(); code != CodeStopping {
			t.Fatalf("closed with %d", code)
		}
		c.ws.Close()
	}
	must(t, <-ended)
	if len(times) < 6 {
		t.Fatalf("returning times are not spread: %v", times)
	}
	if _, answer, err := n.dial(dialing{}); err == nil || answer.StatusCode != 503 || answer.Header.Get("Retry-After") == "" {
		t.Fatal("a stopped hub took a viewer")
	}
	eventually(t, "no goroutine is left", func() bool { return !strings.Contains(stacks(), "realtime.(*") })
}

func TestShutdownEndsInSpiteOfStuckViewers(t *testing.T) {
	b := newBoard()
	n := startNode(t, b)
	quick := n.join(t, dialing{})
	quick.want("snapshot")
	stuck := n.join(t, dialing{net: narrow})
	stuck.want("snapshot")
	flood(n, b, quick, 30)
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	if err := n.hub.Shutdown(ctx); err == nil {
		t.Fatal("a viewer that reads nothing cannot have left in time")
	}
	eventually(t, "all are cut", func() bool { return n.hub.Health().Sockets == 0 })
	eventually(t, "no goroutine is left", func() bool { return !strings.Contains(stacks(), "realtime.(*") })
}

// stacks lists the goroutines that are in this package's own code, leaving the tests out.
func stacks() string {
	buf := make([]byte, 1<<20)
	var own []string
	for g := range strings.SplitSeq(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		if !strings.Contains(g, "testing.tRunner") && !strings.Contains(g, "_test.go") {
			own = append(own, g)
		}
	}
	return strings.Join(own, "\n\n")
}
