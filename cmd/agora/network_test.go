package main

import (
	"context"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"

	"agora/app/db/dbtest"
)

// The network between site and PostgreSQL swallows everything without a word,
// as after a failover: old connections stay silent for ever, new ones are taken
// and not answered at first.
func TestSilentNetworkIsSurvived(t *testing.T) {
	c := dbtest.NewCluster(t)
	w := newWire(t, c.URL)
	s := newSite(t, w.url, siteSeats, nil)
	harm(t, s, func(ctx context.Context, h *harmed) {
		w.swallow(true)
		h.refuse(ctx)
		w.swallow(false)
	})
}

// wire passes connections on to PostgreSQL until it swallows them.
type wire struct {
	url, to string
	mu      sync.Mutex
	silent  bool
	stopped chan struct{} // closed when the connections of now become silent
	all     []net.Conn
}

func newWire(t *testing.T, address string) *wire {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{to: u.Host, stopped: make(chan struct{})}
	u.Host = l.Addr().String()
	w.url = u.String()
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			from, err := l.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { w.pass(from) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		w.mu.Lock()
		for _, c := range w.all {
			c.Close()
		}
		w.mu.Unlock()
		serving.Wait()
	})
	return w
}

// swallow makes every connection there is silent for ever, and new ones for as
// long as it lasts.
func (w *wire) swallow(silent bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.silent = silent; silent {
		close(w.stopped)
		w.stopped = make(chan struct{})
	}
}

func (w *wire) pass(from net.Conn) {
	w.mu.Lock()
	silent, stopped := w.silent, w.stopped
	w.all = append(w.all, from)
	w.mu.Unlock()
	if silent {
		return // it stays open, and nobody reads it
	}
	to, err := net.Dial("tcp", w.to)
	if err != nil {
		from.Close()
		return
	}
	w.mu.Lock()
	w.all = append(w.all, to)
	w.mu.Unlock()
	var ways sync.WaitGroup
	for _, way := range [][2]net.Conn{{from, to}, {to, from}} {
		ways.Go(func() { carry(way[0], way[1], stopped) })
	}
	ways.Wait()
}

// carry moves bytes until one side ends, or drops them once all is silent.
func carry(from, to net.Conn, stopped <-chan struct{}) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		select {
		case <-stopped:
			return
		default:
		}
		if n > 0 {
			if _, e := to.Write(buffer[:n]); e != nil {
				err = e
			}
		}
		if err != nil {
			if err != io.EOF {
				from.Close()
			}
			to.Close()
			return
		}
	}
}
