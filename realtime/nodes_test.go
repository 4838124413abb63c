package realtime

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

func withBroker(b Broker) func(*Options) { return func(o *Options) { o.Broker = b } }

func TestNodesHearEachOther(t *testing.T) {
	b := newBoard()
	var between Memory
	one := startNode(t, b, withBroker(between.Join()))
	two := startNode(t, b, withBroker(between.Join()))
	here, there := one.join(t, dialing{}), two.join(t, dialing{})
	here.want("snapshot")
	there.want("snapshot")

	one.hub.Notify("aula", b.put("q1", "one", true))
	one.turn()
	two.turn()
	here.want("patch")
	there.want("patch")
	there.shows("q1=one")

	one.hub.Urgent("aula", b.put("q1", "now", true))
	here.want("patch")
	there.want("patch")
	one.hub.Notice("aula", "lunch")
	here.want("notice")
	there.want("notice")

	two.send(two.beat)
	two.turn() // the beat has surely ended
	one.send(one.beat)
	if f := here.want("presence"); f.N != 2 {
		t.Fatalf("two viewers on two nodes are %d", f.N)
	}
}

func TestAViewerMovesToAnotherNode(t *testing.T) {
	b := newBoard()
	b.put("q1", "one", true)
	one, two := startNode(t, b), startNode(t, b)
	c := one.join(t, dialing{})
	c.want("snapshot")
	b.put("q1", "hidden since", false)
	b.put("q2", "two", true)
	moved := two.join(t, dialing{since: fmt.Sprintf("%s.%d", c.epoch, c.version)})
	moved.epoch, moved.items = c.epoch, c.items
	moved.want("patch")
	moved.shows("q2=two")
}

func TestOtherNodesAreToldOncePerTick(t *testing.T) {
	b := newBoard()
	var between Memory
	listener := between.Join()
	var heard []Message
	listener.Start(func(m Message) { heard = append(heard, m) }, nil)
	n := startNode(t, b, withBroker(between.Join()))
	for v := range int64(1000) {
		n.hub.Notify("aula", v+1)
	}
	n.turn()
	n.turn() // the first has surely ended
	if len(heard) != 2 || heard[0].Version != 1 || heard[1].Version != 1000 {
		t.Fatalf("told %+v", heard)
	}
}

// natsServer runs a server on a port that stays the same over restarts.
type natsServer struct {
	t    *testing.T
	port int
	s    *server.Server
}

func newNATSServer(t *testing.T) *natsServer {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer ln.Close()
	n := &natsServer{t: t, port: ln.Addr().(*net.TCPAddr).Port}
	t.Cleanup(n.down)
	return n
}

func (n *natsServer) url() string { return fmt.Sprintf("nats://127.0.0.1:%d", n.port) }

func (n *natsServer) up() {
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: n.port, NoLog: true, NoSigs: true})
	must(n.t, err)
	s.Start()
	if !s.ReadyForConnections(patience) {
		n.t.Fatal("the NATS server does not start")
	}
	n.s = s
}

func (n *natsServer) down() {
	if n.s != nil {
		n.s.Shutdown()
		n.s.WaitForShutdown()
		n.s = nil
	}
}

func natsBroker(t *testing.T, n *natsServer) *NATSBroker {
	t.Helper()
	b, err := NATS(n.url(), "agora.test")
	must(t, err)
	return b
}

func TestNATSDownAndUp(t *testing.T) {
	s := newNATSServer(t)
	b := newBoard()
	// Both nodes start although there is no server yet.
	one := startNode(t, b, withBroker(natsBroker(t, s)))
	two := startNode(t, b, withBroker(natsBroker(t, s)))
	here, there := one.join(t, dialing{}), two.join(t, dialing{})
	here.want("snapshot")
	there.want("snapshot")
	healthy := func(want bool) {
		t.Helper()
		eventually(t, fmt.Sprint("health is ", want), func() bool {
			return one.hub.Health().OK == want && two.hub.Health().OK == want
		})
	}
	change := func(text string) int64 {
		v := b.put("q1", text, true)
		one.hub.Notify("aula", v)
		one.turn()
		here.until(v)
		return v
	}
	polled := func(v int64) {
		t.Helper()
		two.send(two.beat)
		two.turn()
		there.until(v)
	}

	healthy(false)
	if h := one.hub.Health(); h.Broker != "nats" || !strings.Contains(h.Detail, "once per second") {
		t.Fatalf("health %+v", h)
	}
	polled(change("without NATS"))

	s.up()
	healthy(true)
	for i := range 3 {
		v := change(fmt.Sprint("over NATS ", i))
		eventually(t, "the other node hears of it", func() bool { return marked(two.hub, "aula") || there.version >= v })
		two.turn()
		there.until(v)
	}

	s.down()
	healthy(false)
	polled(change("without NATS again"))
	last := b.put("q1", "while it was away", true)
	one.hub.Notify("aula", last)

	s.up()
	healthy(true)
	eventually(t, "a gap makes everybody look again", func() bool { return marked(two.hub, "aula") })
	two.turn()
	there.until(last)
	there.shows("q1=while it was away")
}

// marked tells whether a room waits for the next tick.
func marked(h *Hub, name string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	_, is := h.dirty[h.rooms[name]]
	return is
}

func TestNATSRefusesAWrongAddress(t *testing.T) {
	if _, err := NATS("nats://[", "agora"); err == nil {
		t.Fatal("no error")
	}
}

func TestEmptyRoomsAreLetGo(t *testing.T) {
	b := newBoard()
	n := startNode(t, b)
	c := n.join(t, dialing{})
	c.want("snapshot")
	c.ws.Close()
	eventually(t, "it left", func() bool { return n.hub.Health().Sockets == 0 })
	n.join(t, dialing{}).ws.Close()
	eventually(t, "it left", func() bool { return n.hub.Health().Sockets == 0 })
	if f := n.hub.Figures(); f.Loads != 1 {
		t.Fatalf("%d readings for a reload", f.Loads)
	}
	// A change nobody watches is read by whoever comes next, not before, and never missed.
	n.hub.Notify("aula", b.put("q1", "meanwhile", true))
	if n.hub.Health().Rooms != 0 {
		t.Fatal("a changed empty room is kept")
	}
	c = n.join(t, dialing{})
	c.want("snapshot")
	c.shows("q1=meanwhile")
	c.ws.Close()
	eventually(t, "it left", func() bool { return n.hub.Health().Sockets == 0 })
	for range EmptyBeats {
		n.send(n.beat)
	}
	eventually(t, "the room is let go", func() bool { return n.hub.Health().Rooms == 0 })
}

func TestPastPassOfAModeratorMustBeRenewed(t *testing.T) {
	now := make(chan time.Time, 1)
	now <- time.Now()
	n := startNode(t, newBoard(), func(o *Options) {
		o.Now = func() time.Time { at := <-now; now <- at; return at }
	})
	c := n.join(t, dialing{view: Stage})
	c.want("snapshot")
	later := <-now
	now <- later.Add(2 * time.Hour)
	for range ReadmitBeats {
		n.send(n.beat)
	}
	if code, _ := c.closedWith(); code != CodePassExpired {
		t.Fatalf("closed with %d", code)
	}
}
