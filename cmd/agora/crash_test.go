package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"agora/app/db/dbtest"
)

const (
	crashes      = 50
	crashClients = 32
	// crashLimit bounds the whole test; a client that is never answered fails it.
	crashLimit = 4 * time.Minute
)

// The server is killed without warning again and again while people register,
// each repeating a call with its key until it is answered. Whatever was
// acknowledged must be there afterwards, once, with its letter.
func TestKilledServerLosesAndDoublesNothing(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) { crash(t, "") })
	t.Run("PostgreSQL", func(t *testing.T) { crash(t, dbtest.PostgresURL(t)) })
}

func crash(t *testing.T, database string) {
	s := newSite(t, database, siteSeats, nil)
	ctx, cancel := context.WithTimeout(t.Context(), crashLimit)
	defer cancel()
	c := &crowd{site: s, told: map[string]string{}}
	c.join(ctx, crashClients)
	rng := rand.New(rand.NewPCG(1, 2))
	for range crashes {
		s.start(ctx)
		more := c.acked.Load() + int64(5+rng.IntN(60))
		s.until(ctx, "busy", func() bool { return c.acked.Load() >= more })
		s.kill()
	}
	s.start(ctx)
	c.leave()
	s.kill()
	slices.Sort(s.ready)
	t.Logf("%d acknowledged over %d kills; start to ready: median %v, slowest %v", c.acked.Load(), crashes,
		s.ready[len(s.ready)/2].Round(time.Millisecond), s.ready[len(s.ready)-1].Round(time.Millisecond))
	d := dbtest.Open(t, s.address())
	for _, fault := range judge(t, d, c.told) {
		t.Error(fault)
	}
	control(t, d, c.told)
}

// crowd are clients that register one person after the other, each until it is
// answered, repeating the call with its key.
type crowd struct {
	site   *site
	name   string
	all    sync.WaitGroup
	enough atomic.Bool
	acked  atomic.Int64

	mu      sync.Mutex
	told    map[string]string // codes by address
	answers []answer          // kept only when watched
	watched bool
}

func (c *crowd) join(ctx context.Context, clients int) {
	client := browser(clients)
	for who := range clients {
		c.all.Go(func() {
			for n := 0; !c.enough.Load(); n++ {
				if !c.register(ctx, client, fmt.Sprintf("%sc%d-%d@example.org", c.name, who, n)) {
					return
				}
			}
		})
	}
}

// leave waits until everybody has their last answer.
func (c *crowd) leave() {
	c.enough.Store(true)
	c.all.Wait()
}

func (c *crowd) register(ctx context.Context, client *http.Client, email string) bool {
	for ctx.Err() == nil {
		a, said := c.site.press(ctx, client, email)
		c.note(a)
		switch {
		case a.Err != nil || a.Status == http.StatusServiceUnavailable:
			// Killed or busy: the same again. A person would wait as long as asked;
			// a tenth of that is a crowd less patient than any.
			pause(ctx, a.restOf()/10)
		case a.Status != http.StatusCreated:
			c.site.t.Errorf("%s: %d %s", email, a.Status, a.Body)
			return false
		default:
			c.mu.Lock()
			c.told[email] = said.Code
			c.mu.Unlock()
			c.acked.Add(1)
			return true
		}
	}
	c.site.t.Errorf("%s was never answered", email)
	return false
}

// note keeps what is needed of an answer to judge it.
func (c *crowd) note(a answer) {
	if !c.watched {
		return
	}
	if a.Status < http.StatusBadRequest {
		a.Body = nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answers = append(c.answers, a)
}
