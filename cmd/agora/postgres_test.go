package main

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	"agora/app/db/dbtest"
)

const (
	faultClients = 32
	faultLimit   = 2 * time.Minute
	// frozenFor is how long the database neither answers nor goes away.
	frozenFor = 10 * time.Second
	// manyRefused is how many answers of a fault are looked at.
	manyRefused = 100
)

// PostgreSQL is ended as by a power cut and started again, while people register.
func TestPostgresCrashIsSurvived(t *testing.T) {
	c := dbtest.NewCluster(t)
	harm(t, newSite(t, c.URL, siteSeats, nil), func(_ context.Context, h *harmed) {
		if err := c.Crash(); err != nil {
			t.Fatal(err)
		}
	})
}

// PostgreSQL neither answers nor goes away: every process of it stands still.
func TestFrozenPostgresIsSurvived(t *testing.T) {
	c := dbtest.NewCluster(t)
	harm(t, newSite(t, c.URL, siteSeats, nil), func(ctx context.Context, h *harmed) {
		if err := c.Freeze(); err != nil {
			t.Fatal(err)
		}
		before := h.crowd.acked.Load()
		pause(ctx, frozenFor) // the fault itself lasts that long
		// What was on its way when it froze may still be acknowledged.
		if more := h.crowd.acked.Load() - before; more > faultClients {
			t.Errorf("%d registrations were acknowledged while it was frozen", more)
		}
		if err := c.Thaw(); err != nil {
			t.Fatal(err)
		}
	})
}

// Others take every connection that PostgreSQL has, the site's own as well.
func TestPostgresOutOfConnectionsIsSurvived(t *testing.T) {
	c := dbtest.NewCluster(t, "max_connections=20")
	harm(t, newSite(t, c.URL, siteSeats, nil), func(ctx context.Context, h *harmed) {
		give, err := occupy(ctx, c.URL)
		if err != nil {
			t.Fatal(err)
		}
		defer give()
		h.refuse(ctx)
	})
}

// occupy takes connections until there is none left and ends those of others.
func occupy(ctx context.Context, address string) (give func(), err error) {
	var mine []*sql.Conn
	pool, err := sql.Open("pgx", address+"&application_name=occupier")
	if err != nil {
		return nil, err
	}
	give = func() {
		for _, c := range mine {
			c.Close()
		}
		pool.Close()
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for ctx.Err() == nil {
		c, err := pool.Conn(ctx)
		if err == nil {
			mine = append(mine, c)
			continue
		}
		if len(mine) == 0 {
			return give, err
		}
		others := 0
		if err := mine[0].QueryRowContext(ctx, `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
			WHERE backend_type = 'client backend' AND application_name <> 'occupier'`).Scan(&others); err != nil {
			return give, err
		}
		if others == 0 {
			return give, nil
		}
	}
	return give, errors.New("the connections could not be taken in time")
}

// harm lets a crowd register and read, does harm to what the site stands on,
// and sees that everybody was answered clearly, that reading went on and that
// the site recovers by itself and has lost and doubled nothing.
func harm(t *testing.T, s *site, fault func(context.Context, *harmed)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), faultLimit)
	defer cancel()
	s.start(ctx)
	h := newHarmed(ctx, s)
	s.until(ctx, "busy", func() bool { return h.crowd.acked.Load() >= 100 && h.reads.Load() >= 100 })
	began := time.Now()
	fault(ctx, h)
	over := time.Now()
	acked := h.crowd.acked.Load()
	s.until(ctx, "recovered", func() bool { return h.crowd.acked.Load() >= acked+2*faultClients })
	recovered := time.Since(over)
	h.leave()
	t.Logf("harmed for %v, recovered %v after; %s", over.Sub(began).Round(time.Millisecond), recovered.Round(time.Millisecond), h.summary())
	if h.refused() == 0 {
		t.Error("the fault was never felt, so this proves nothing")
	}
	for _, fault := range h.faults() {
		t.Error(fault)
	}
	s.kill()
	d := dbtest.Open(t, s.address())
	for _, fault := range judge(t, d, h.crowd.told) {
		t.Error(fault)
	}
	control(t, d, h.crowd.told)
	for _, a := range unclear {
		if a.fault() == "" {
			t.Errorf("%d %s %q counts as a clear answer", a.Status, a.Body, a.Header)
		}
	}
}

// unclear are answers that must not pass.
var unclear = []answer{
	{What: "page", Status: 500, Body: []byte(busyWords)},
	{What: "page", Status: 503, Body: []byte(busyWords)},
	{What: "page", Status: 503, Header: map[string][]string{"Retry-After": {"2"}}, Body: []byte("no")},
	{What: "registration", Status: 503, Header: map[string][]string{"Retry-After": {"2"}}, Body: []byte(`{"error":"busy"}`)},
	{What: "registration", Err: errors.New("cut off")},
	{What: "page", Status: 200, Took: answerTime},
}
