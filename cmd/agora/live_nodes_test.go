package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"agora/app/db"
	"agora/app/db/dbtest"
)

const (
	// nodesCrowd is how many of the audience there are, half of them on each node.
	nodesCrowd  = 120
	nodesActors = 30
)

// post is a NATS server that goes and comes at one address.
type post struct {
	t    *testing.T
	port int
	s    *server.Server
}

func newPost(t *testing.T) *post {
	t.Helper()
	_, port, err := net.SplitHostPort(freeAddress(t))
	if err != nil {
		t.Fatal(err)
	}
	p := &post{t: t}
	if _, err := fmt.Sscan(port, &p.port); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.down)
	return p
}

func (p *post) up() {
	p.t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: p.port, NoLog: true, NoSigs: true})
	if err != nil {
		p.t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(patience) {
		p.t.Fatal("the NATS server does not start")
	}
	p.s = s
}

func (p *post) down() {
	if p.s != nil {
		p.s.Shutdown()
		p.s.WaitForShutdown()
		p.s = nil
	}
}

// newNodes is a hall on two processes with one PostgreSQL and one NATS.
func newNodes(t *testing.T, p *post) (*hall, *db.DB) {
	t.Helper()
	h := newHall(t, dbtest.PostgresURL(t))
	h.keeping = true
	nats := fmt.Sprintf("AGORA_NATS_URL=nats://127.0.0.1:%d", p.port)
	h.sites[0].env = append(h.sites[0].env, nats)
	h.secondNode(nats)
	for _, s := range h.sites {
		s.start(h.ctx)
	}
	h.open()
	return h, dbtest.Open(t, h.sites[0].address())
}

// Two processes serve one room. With NATS, without it and with it again each goes
// on, and once it is quiet everybody shows the same in the same order: what the
// database holds, which is what people were told.
func TestTwoNodesShowTheSame(t *testing.T) {
	// How long NATS is away at least; the acts of ten rounds take some seconds anyway.
	away, err := time.ParseDuration(cmp.Or(os.Getenv("AGORA_TEST_NATS_AWAY"), "0s"))
	if err != nil {
		t.Fatal(err)
	}
	p := newPost(t)
	p.up()
	h, d := newNodes(t, p)
	people := h.fill(nodesCrowd)
	for _, s := range h.sites {
		for _, view := range []string{"moderator", "stage", "screen"} {
			h.enter(s, view, h.staffPass(view))
		}
	}
	h.until("the staff is here", func() bool { return h.live.Load() == nodesCrowd+7 })
	h.heard(p, 2)
	for _, step := range []struct {
		name   string
		change func()
	}{
		{"with NATS", func() {}},
		{"without NATS", p.down},
		{"with NATS again", func() { p.up(); h.heard(p, 2) }},
	} {
		step.change()
		for _, v := range people[:nodesActors] {
			v.takePart()
		}
		h.moderate()
		h.busy(10)
		for began := time.Now(); step.name == "without NATS" && time.Since(began) < away; {
			h.busy(10)
		}
		h.settle()
		quiet := time.Now()
		h.agree(d)
		t.Logf("%s: everybody shows the same %v after the last act", step.name, time.Since(quiet).Round(time.Millisecond))
		for _, fault := range judgeRoom(t.Context(), d, h.promised()) {
			t.Errorf("%s: %s", step.name, fault)
		}
	}
	var asked sync.WaitGroup
	for _, v := range people[:nodesActors] {
		asked.Go(v.mine)
	}
	asked.Wait()
	h.told()
	h.disagree(people[0])
	controlRoom(t, d, h.promised())
}

// heard waits until so many nodes listen to each other.
func (h *hall) heard(p *post, nodes int) {
	h.t.Helper()
	h.until("the nodes hear each other", func() bool { return p.s.NumClients() == nodes && p.s.NumSubscriptions() >= uint32(nodes) })
}

// agree waits until everybody shows the counts that the database holds, and compares
// what those of one view show.
func (h *hall) agree(d *db.DB) {
	h.t.Helper()
	_, stored, err := lookAtRoom(h.ctx, d)
	if err != nil {
		h.t.Fatal(err)
	}
	want := stored.counts(h)
	var fault string
	defer func() {
		if fault != "" {
			h.t.Error(fault)
		}
	}()
	h.until("everybody shows the same", func() bool {
		fault = ""
		for _, v := range h.viewers {
			if got := v.counts(); !slices.Equal(got, want) && v.view != "stage" { // which is shown the queue only
				fault = fmt.Sprintf("%s %d shows %v of %v", v.view, v.n, got, want)
				return false
			}
		}
		faults := h.differences()
		fault = strings.Join(faults, "\n")
		return len(faults) == 0
	})
}

// counts are the votes of the first questions, and how many answered the poll.
func (f roomFacts) counts(h *hall) (list []int64) {
	for _, id := range h.questions {
		list = append(list, f.votes[id])
	}
	return append(list, f.voters)
}

// counts are what a page shows of these.
func (v *roomViewer) counts() (list []int64) {
	_, _, things := v.sees()
	for _, id := range append(slices.Clone(v.h.questions), v.h.poll) {
		shown := struct{ Votes, Voters int64 }{}
		if json.Unmarshal([]byte(things[id]), &shown) == nil {
			list = append(list, shown.Votes+shown.Voters)
		}
	}
	return list
}

// differences compares everybody with the first of their view. A question's votes
// and rank stand in what is shown, and the queue in the room: so order is compared too.
func (h *hall) differences() (faults []string) {
	first := map[string]*roomViewer{}
	for _, v := range h.viewers {
		f := first[v.view]
		if f == nil {
			first[v.view] = v
			continue
		}
		_, room, things := v.sees()
		_, firstRoom, firstThings := f.sees()
		if room != firstRoom {
			faults = append(faults, fmt.Sprintf("%s %d shows the room as %s, %d as %s", v.view, v.n, room, f.n, firstRoom))
		}
		if !maps.Equal(things, firstThings) {
			faults = append(faults, fmt.Sprintf("%s %d shows %v, %d %v", v.view, v.n, things, f.n, firstThings))
		}
	}
	return faults
}

// disagree shows that a viewer who misses one vote would be found.
func (h *hall) disagree(v *roomViewer) {
	h.t.Helper()
	v.mu.Lock()
	kept := maps.Clone(v.things)
	v.things[h.questions[0]] = `{"votes":-1}`
	v.mu.Unlock()
	if len(h.differences()) == 0 {
		h.t.Error("a viewer who shows something else goes unnoticed")
	}
	v.mu.Lock()
	v.things = kept
	v.mu.Unlock()
}
