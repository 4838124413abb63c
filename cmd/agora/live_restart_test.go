package main

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"agora/app/db"
	"agora/app/db/dbtest"
)

// hallActors of the audience take part while the server goes and comes.
const hallActors = 40

// A full hall lives through a server that is stopped, and through one that is
// killed without warning, while people vote, answer a poll and ask: everybody is
// live again by themselves, and what was acknowledged is there, once. The figures
// are in the log (-v).
func TestHallSurvivesRestarts(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) { restarts(t, "") })
	t.Run("PostgreSQL", func(t *testing.T) { restarts(t, dbtest.PostgresURL(t)) })
}

func restarts(t *testing.T, database string) {
	h := newHall(t, database)
	s := h.sites[0]
	s.start(h.ctx)
	h.open()
	people := h.fill(hallSize())
	for _, v := range people[:hallActors] {
		v.takePart()
	}
	h.enter(s, "stage", h.staffPass("stage"))
	h.enter(s, "screen", h.staffPass("screen"))
	all := int64(len(people) + 3)
	h.moderate()
	h.busy(3)
	for _, end := range []struct {
		name string
		stop func()
	}{{"stopped", s.stop}, {"killed", s.kill}} {
		h.lost()
		end.stop()
		s.start(h.ctx)
		h.until("everybody is live again", func() bool { return h.live.Load() == all })
		t.Logf("%s: %s; ready after %v", end.name, h.returned(), s.ready[len(s.ready)-1].Round(time.Millisecond))
		// Who is back before the doors close is asked to wait; hardly anybody is.
		if n := h.statuses[503]; len(h.statuses) > 1 || n > len(people)/50 || n == 0 && len(h.statuses) > 0 {
			t.Errorf("%s: some were refused with %v", end.name, h.statuses)
		}
		h.busy(3)
	}
	h.settle()
	var asked sync.WaitGroup
	for _, v := range people[:hallActors] {
		asked.Go(v.mine)
	}
	asked.Wait()
	h.told()
	h.crowdAtOnce(all)
	d := dbtest.Open(t, s.address())
	for _, fault := range judgeRoom(t.Context(), d, h.promised()) {
		t.Error(fault)
	}
	controlRoom(t, d, h.promised())
}

// busy waits until many more frames went out, so that whatever follows hits a
// room in full swing.
func (h *hall) busy(rounds int64) {
	h.t.Helper()
	more := h.patches.Load() + rounds*h.live.Load()
	h.until("frames go out", func() bool { return h.patches.Load() >= more })
}

// crowdAtOnce kills the server and has everybody come as if for the first time:
// one snapshot for each view serves them all, and hardly anything is read.
func (h *hall) crowdAtOnce(all int64) {
	h.t.Helper()
	s := h.sites[0]
	for _, v := range h.viewers {
		v.forgetful.Store(true)
	}
	h.lost()
	s.kill()
	before := transactions(h.t, s)
	s.start(h.ctx)
	h.until("everybody is live again", func() bool { return h.live.Load() == all })
	h.t.Logf("as newcomers: %s", h.returned())
	if h.firsts["snapshot"] != int(all) {
		h.t.Errorf("first frames %v of %d viewers", h.firsts, all)
	}
	s.stop()
	said := regexp.MustCompile(`live rooms ended.* readings=(\d+) snapshots=(\d+)`).FindStringSubmatch(s.log.String())
	if said == nil {
		h.t.Fatalf("the server does not tell what it made:\n%s", s.log.String())
	}
	if n, err := strconv.Atoi(said[2]); err != nil || n < 1 || n > 4 {
		h.t.Errorf("%s snapshots were made for one room in four views", said[2])
	}
	if s.database == "" {
		return
	}
	read := transactions(h.t, s) - before
	h.t.Logf("%d transactions from start to end with %d viewers, %s readings and %s snapshots of the room", read, all, said[1], said[2])
	if read > all/4 {
		h.t.Errorf("%d transactions for %d viewers who came back", read, all)
	}
	if before < all {
		h.t.Errorf("%d transactions while %d passes were asked for: reading does not show", before, all)
	}
}

// transactions is how many the database has seen; nobody may be connected who
// has not told it yet, so the server is down.
func transactions(t testing.TB, s *site) (n int64) {
	t.Helper()
	if s.database == "" {
		return 0
	}
	d, err := db.Open(t.Context(), s.database)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for others := 1; others > 0; {
		if !pause(ctx, 10*time.Millisecond) {
			t.Fatal("the server's connections stay")
		}
		if err := d.Read.NewRaw(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`).Scan(ctx, &others); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Read.NewRaw(`SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()`).Scan(ctx, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// stop asks the server to end, and waits until it did.
func (s *site) stop() {
	s.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil {
		s.t.Error(fmt.Errorf("it did not end well: %w\n%s", err, s.log.String()))
	}
}
