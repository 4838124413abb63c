package main

import (
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const (
	benchCrowd = 5000
	// A turn is so many changes, each of which everybody has before the next is made.
	benchTurns   = 10
	benchChanges = 20
	// benchVotes come each second, from one viewer after the other.
	benchVotes = 1000
	benchTime  = 20 * time.Second
	// benchRest is longer than the server waits before it gives memory back.
	benchRest = 6 * time.Second
)

func benchSize() int {
	if os.Getenv("AGORA_TEST_VIEWERS") != "" {
		return hallSize()
	}
	return benchCrowd
}

// BenchmarkHall measures the real program with a full room: what an idle viewer
// takes, what a delivered frame costs against a bare write loop of the same bytes in
// turns, and what 1,000 votes a second come to while everybody watches.
func BenchmarkHall(b *testing.B) {
	for range b.N {
		benchHall(b)
	}
}

func benchHall(b *testing.B) {
	h := newHall(b, "")
	s := h.sites[0]
	s.start(h.ctx)
	h.open()
	// What a change costs when only its moderator watches is no part of delivering it.
	pid := s.cmd.Process.Pid
	alone := spent(pid)
	for n := range benchChanges * benchTurns {
		if _, ok := h.change(10_000+n, 1); !ok {
			b.Fatal("a change did not reach its moderator")
		}
	}
	alone = (spent(pid) - alone) / (benchChanges * benchTurns)
	// The first thousand bring with them what a room needs at all.
	people := h.fill(benchSize() / 5)
	pause(h.ctx, benchRest)
	before := s.memory("VmRSS")
	more := h.fill(benchSize() - len(people))
	pause(h.ctx, benchRest)
	b.ReportMetric(float64(s.memory("VmRSS")-before)/float64(len(more)), "B/idle")
	people = append(people, more...)
	all := int64(len(people) + 1)
	loop := startBare(b, len(people))
	var server, writing time.Duration
	var frames int64
	for turn := range benchTurns + 1 {
		if turn == 1 { // the first warms both up
			server, writing, frames = 0, 0, 0
		}
		began, got := spent(pid), h.patches.Load()
		for n := range benchChanges {
			if _, ok := h.change(turn*benchChanges+n, all); !ok {
				b.Fatal("a change did not reach everybody")
			}
		}
		server, frames = server+spent(pid)-began, frames+h.patches.Load()-got
		people[0].mu.Lock()
		size := people[0].frame + frameHead
		people[0].mu.Unlock()
		writing += loop.write(h.ctx, benchChanges, size, len(people))
	}
	each := writing.Seconds() / float64(benchTurns*benchChanges*len(people))
	b.ReportMetric(each*1e6, "bare-µs/frame")
	b.ReportMetric(server.Seconds()/float64(frames)/each, "ratio-with-acts")
	b.ReportMetric((server-benchTurns*benchChanges*alone).Seconds()/float64(frames)/each, "ratio")
	b.ReportMetric(float64(alone.Microseconds()), "µs/act")
	h.vote(b, people, all)
	h.told()
}

// frameHead is the header of a server's frame of 126 bytes and more.
const frameHead = 4

// change edits a question and waits until everybody has it; it tells how long that
// took from the moment the act was sent.
func (h *hall) change(n int, all int64) (took time.Duration, ok bool) {
	words := fmt.Sprintf("changed %d times", n)
	seen := h.watchFor.start(words, all)
	began := time.Now()
	h.moderator.must(`"do":"edit","question":"` + h.questions[0] + `","text":"Question 0 of the hall, a little longer than the others so that it is as long as most, ` + words + `"`)
	select {
	case at := <-seen:
		return at.Sub(began), true
	case <-time.After(patience):
		return patience, false
	}
}

// vote has a part of the crowd vote while changes are timed.
func (h *hall) vote(b *testing.B, people []*roomViewer, all int64) {
	b.Helper()
	for _, v := range people {
		v.mu.Lock()
		v.patches = 0
		v.mu.Unlock()
	}
	began, cost := time.Now(), spent(h.sites[0].cmd.Process.Pid)
	var acked atomic.Int64
	waiting := make([]atomic.Bool, len(people)) // who waits for an answer does not vote again
	h.acting.Go(func() {
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for n := 0; !h.quiet.Load(); <-tick.C {
			for ; n < int(time.Since(began).Seconds()*benchVotes); n++ {
				v := people[n%len(people)]
				if waits := &waiting[n%len(people)]; waits.CompareAndSwap(false, true) {
					h.acting.Go(func() {
						if f := v.must(fmt.Sprintf(`"do":"vote","question":%q,"on":%t`, h.questions[1+n%7], n/len(people)%2 == 0)); f.OK {
							acked.Add(1)
						}
						waits.Store(false)
					})
				}
			}
		}
	})
	var late []time.Duration
	for n := 0; time.Since(began) < benchTime; n++ {
		took, ok := h.change(1000+n, all)
		if !ok {
			b.Error("a change did not reach everybody")
		}
		late = append(late, took)
	}
	h.quiet.Store(true)
	span := time.Since(began).Seconds()
	h.acting.Wait()
	var most int64
	for _, v := range people {
		v.mu.Lock()
		most = max(most, v.patches)
		v.mu.Unlock()
	}
	b.ReportMetric(float64(acked.Load())/span, "votes/s")
	b.ReportMetric(float64(most)/span, "patches/s")
	b.ReportMetric(float64(quantile(late, 50).Milliseconds()), "last-p50-ms")
	b.ReportMetric(float64(quantile(late, 99).Milliseconds()), "last-p99-ms")
	b.ReportMetric((spent(h.sites[0].cmd.Process.Pid)-cost).Seconds()/span, "server-cores")
	raw, err := os.ReadFile("/proc/loadavg")
	b.Logf("%d changes timed; load %s%v", len(late), strings.TrimSpace(string(raw)), err)
}
