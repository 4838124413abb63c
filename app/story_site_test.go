package app_test

import (
	"context"
	"log/slog"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"agora/app"
	"agora/app/account"
	"agora/app/text"
)

// clock runs like a real one, but can be moved to another day.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

// set moves the clock; it goes on from there.
func (c *clock) set(at time.Time) { c.ahead.Store(int64(time.Until(at))) }

// site is a whole Agora on a free port, with a database of its own.
type site struct {
	*app.App
	t     *testing.T
	clock *clock
	words *text.Catalogue
	base  string
	axe   string
	told  map[string]bool // faults of pages that were reported
}

func newSite(t *testing.T, at time.Time) *site {
	t.Helper()
	return newSiteBehind(t, at, func(address string) string { return address })
}

// newSiteBehind is a whole Agora; front tells under which address browsers find the
// one it listens on.
func newSiteBehind(t *testing.T, at time.Time, front func(address string) string) *site {
	t.Helper()
	s := &site{t: t, clock: &clock{}, axe: axe(t), told: map[string]bool{}}
	s.clock.set(at)
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	s.base = "http://" + front(address)
	if s.words, err = text.Load(); err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	s.App, err = app.New(t.Context(), app.Config{Addr: address, BaseURL: s.base, Data: t.TempDir()}, s.clock.now, log)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Listen(); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error("the site did not stop well: ", err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// link makes a sign-in link for somebody.
func (s *site) link(in account.Invite) string {
	s.t.Helper()
	token, _, err := s.Accounts.MakeLink(s.t.Context(), in)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.Accounts.URL(token)
}

// helsinki gives a moment on the edition's clock.
func helsinki(t *testing.T, at string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	moment, err := time.ParseInLocation("2006-01-02 15:04", at, zone)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}
