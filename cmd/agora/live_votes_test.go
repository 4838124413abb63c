package main

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"agora/app/db"
)

const (
	voters     = 24
	voterTabs  = 4 // two on each node
	voteRounds = 12
)

// Every voter has tabs on both nodes that vote and answer the poll at the same
// moment. Whatever they do, everybody has one vote and one ballot, and at no
// instant do counters and rows differ.
func TestOneVoteEachFromManyTabsAndNodes(t *testing.T) {
	p := newPost(t)
	p.up()
	h, d := newNodes(t, p)
	h.heard(p, 2)
	tabs := h.tabs()
	settle := watchCounts(h, d)
	var all sync.WaitGroup
	for person, list := range tabs {
		for i, v := range list {
			all.Go(func() {
				for n := range voteRounds {
					// Tabs of one person contradict each other on purpose.
					v.must(fmt.Sprintf(`"do":"vote","question":%q,"on":%t`, h.questions[(person+n)%2], (n+i)%2 == 0))
					v.must(fmt.Sprintf(`"do":"ballot","poll":%q,"choice":["o%d"]`, h.poll, 1+(n+i)%3))
				}
				// In the end all want the same.
				v.must(fmt.Sprintf(`"do":"vote","question":%q,"on":true`, h.questions[0]))
				v.must(fmt.Sprintf(`"do":"vote","question":%q,"on":false`, h.questions[1]))
				v.must(fmt.Sprintf(`"do":"ballot","poll":%q,"choice":["o%d"]`, h.poll, 1+person%3))
			})
		}
	}
	all.Wait()
	settle()
	h.told()
	want := roomFacts{votes: map[string]int64{h.questions[0]: voters}, ballots: map[string]int64{}, voters: voters}
	for person := range voters {
		want.ballots[fmt.Sprintf("o%d", 1+person%3)]++
	}
	for _, fault := range judgeRoom(t.Context(), d, want) {
		t.Error(fault)
	}
	h.agree(d)
	for person, list := range tabs {
		for _, v := range list {
			v.told.votes[h.questions[0]], v.told.ballot = true, fmt.Sprintf("o%d", 1+person%3)
			v.mine()
		}
	}
	h.told()
	controlVotes(t, d, want)
}

// tabs opens each person's tabs with one pass, as pages of one browser have it.
func (h *hall) tabs() [][]*roomViewer {
	h.t.Helper()
	client := browser(8)
	tabs := make([][]*roomViewer, voters)
	for person := range tabs {
		pass, err := h.passOf(client, "audience")
		if err != nil {
			h.t.Fatal(err)
		}
		for i := range voterTabs {
			tabs[person] = append(tabs[person], h.enter(h.sites[i%2], "audience", pass))
		}
	}
	h.until("all tabs are open", func() bool { return h.live.Load() == voters*voterTabs+1 })
	return tabs
}

// watchCounts looks into the database until it is told to stop.
func watchCounts(h *hall, d *db.DB) (settle func()) {
	ctx, stop := context.WithCancel(h.ctx)
	done := make(chan struct{})
	looks := 0
	go func() {
		defer close(done)
		for pause(ctx, time.Millisecond) {
			faults, _, err := lookAtRoom(ctx, d)
			if ctx.Err() != nil {
				return
			}
			looks++
			if len(faults) > 0 || err != nil {
				h.fault("at look %d: %q %v", looks, faults, err)
				return
			}
		}
	}()
	return func() {
		stop()
		<-done
		h.t.Logf("%d looks", looks)
		if looks == 0 {
			h.t.Error("nobody looked")
		}
	}
}

// controlVotes takes the protection away: without the key of person and question,
// a second vote of one person is kept, and found.
func controlVotes(t *testing.T, d *db.DB, want roomFacts) {
	t.Helper()
	again := `INSERT INTO vote (question_id, voter, session_id) SELECT question_id, voter, session_id FROM vote LIMIT 1`
	ballot := `INSERT INTO poll_ballot (poll_id, voter, session_id, version, choice) SELECT poll_id, voter, session_id, version, choice FROM poll_ballot LIMIT 1`
	for _, statement := range []string{again, ballot} {
		if _, err := d.Write.ExecContext(t.Context(), statement); err == nil {
			t.Errorf("the database takes a second one of a person: %s", statement)
		}
	}
	for _, statement := range []string{`ALTER TABLE vote DROP CONSTRAINT vote_pkey`, `ALTER TABLE poll_ballot DROP CONSTRAINT poll_ballot_pkey`, again, ballot} {
		if _, err := d.Write.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if faults := judgeRoom(t.Context(), d, want); len(faults) < 4 { // rows against counters, and against what was told, of both
		t.Errorf("second votes are noticed as %q only", faults)
	}
}
