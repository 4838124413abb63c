package realtime

import (
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
)

// NATSBroker carries messages over a NATS server. It never stops a start: without the server, the hub reads its rooms
// once per second until the connection heals by itself.
type NATSBroker struct {
	subject string
	conn    *nats.Conn
	out     chan Message
	done    chan struct{}
	sender  sync.WaitGroup
	up      atomic.Bool
	why     atomic.Pointer[string]

	mu      sync.Mutex // guards what Start sets
	receive func(Message)
	missed  func()
}

const (
	natsQueue    = 1024
	natsPatience = 2 * time.Second
)

// NATS connects to the server at url in the background. Prefix separates installations that share a server. The error
// is only about a url that cannot be one.
func NATS(url, prefix string) (*NATSBroker, error) {
	b := &NATSBroker{
		subject: prefix + ".live",
		out:     make(chan Message, natsQueue),
		done:    make(chan struct{}),
	}
	b.lost("not connected yet")
	conn, err := nats.Connect(url,
		nats.Name("agora live rooms"),
		nats.RetryOnFailedConnect(true),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(500*time.Millisecond),
		nats.ReconnectJitter(500*time.Millisecond, time.Second),
		nats.ReconnectBufSize(-1), // old versions are worth nothing: everyone looks again after a gap
		nats.NoEcho(),
		nats.Timeout(natsPatience),
		nats.FlusherTimeout(natsPatience),
		nats.PingInterval(5*time.Second),
		nats.MaxPingsOutstanding(2),
		nats.ConnectHandler(func(*nats.Conn) { b.found() }),
		nats.ReconnectHandler(func(*nats.Conn) { b.found() }),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) { b.lost(fmt.Sprint(err)) }),
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) { b.gap() }),
	)
	if err != nil {
		return nil, fmt.Errorf("connect to NATS: %w", err)
	}
	b.conn = conn
	b.sender.Go(b.run)
	return b, nil
}

// Start implements Broker.
func (b *NATSBroker) Start(receive func(Message), missed func()) {
	b.mu.Lock()
	b.receive, b.missed = receive, missed
	b.mu.Unlock()
	_, err := b.conn.Subscribe(b.subject, func(msg *nats.Msg) {
		var m Message
		if json.Unmarshal(msg.Data, &m) == nil {
			receive(m)
		}
	})
	if err != nil {
		b.lost(err.Error())
		return
	}
	if b.conn.IsConnected() {
		b.found()
	}
}

func (b *NATSBroker) found() {
	b.up.Store(true)
	b.gap()
}

func (b *NATSBroker) lost(why string) {
	b.why.Store(&why)
	b.up.Store(false)
}

func (b *NATSBroker) gap() {
	b.mu.Lock()
	missed := b.missed
	b.mu.Unlock()
	if missed != nil {
		missed()
	}
}

// Send implements Broker: a queue keeps a frozen server away from those who change rooms.
func (b *NATSBroker) Send(m Message) {
	if !b.up.Load() {
		return
	}
	select {
	case b.out <- m:
	default:
	}
}

func (b *NATSBroker) run() {
	for {
		select {
		case <-b.done:
			return
		case m := <-b.out:
			// A message that is lost is found by looking: see SafetyBeats.
			_ = b.conn.Publish(b.subject, encode(m))
		}
	}
}

// Health implements Broker.
func (b *NATSBroker) Health() (string, bool, string) {
	if b.up.Load() {
		return "nats", true, ""
	}
	return "nats", false, "NATS is not reachable (" + *b.why.Load() + "); rooms are read once per second"
}

// Close implements Broker.
func (b *NATSBroker) Close() {
	close(b.done)
	b.conn.Close()
	b.sender.Wait()
}
