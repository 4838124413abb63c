package qa

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"agora/app/db/dbtest"
)

func TestVotersPressingTwiceAtOnce(t *testing.T) {
	each(t, func(h *house) {
		q := h.ask("anna", "Kuinka usein on sopivaa julkaista?")
		var all sync.WaitGroup
		var failed atomic.Int64
		for i := range 200 {
			for press := range 2 {
				all.Go(func() {
					r := Request{Op: fmt.Sprintf("v%d-%d", i, press), Do: ActVote, Question: q.ID, On: ptr(true)}
					if ack := h.Do(t.Context(), viewer(Audience, fmt.Sprint("v", i)), r); ack.Code != "" {
						failed.Add(1)
					}
				})
			}
		}
		all.Wait()
		if got := h.get(q.ID).Votes; got != 200 || failed.Load() != 0 {
			t.Errorf("%d votes of 200 voters, %d refused", got, failed.Load())
		}
		for i := range 200 {
			if i%4 == 0 {
				all.Go(func() { h.vote(fmt.Sprint("v", i), q.ID, false) })
			}
		}
		all.Wait()
		if got := h.get(q.ID).Votes; got != 150 {
			t.Errorf("%d votes after 50 were taken back", got)
		}
		h.agree()
	})
}

// A member that the database refuses fails alone, and nobody hears of it.
func TestOneBadMemberDoesNotSpoilTheSet(t *testing.T) {
	each(t, func(h *house) {
		q := h.ask("anna", "Miksi?")
		var all sync.WaitGroup
		var bad atomic.Value
		for i := range 40 {
			all.Go(func() {
				if i == 20 {
					v := viewer(Audience, "ghost")
					v.Person = "nobody" // breaks a foreign key
					bad.Store(h.try(v, Request{Do: ActAsk, Text: "Olenko?", Name: ptr("Haamu")}).Code)
					return
				}
				if ack := h.vote(fmt.Sprint("v", i), q.ID, true); ack.Code != "" {
					t.Errorf("a good member was refused: %s %v", ack.Code, ack.Cause)
				}
			})
		}
		all.Wait()
		if c := bad.Load(); c != CodeInternal && c != CodeBusy {
			t.Errorf("the bad one: %v", c)
		}
		if got := h.get(q.ID).Votes; got != 39 {
			t.Errorf("%d votes", got)
		}
		h.agree()
	})
}

// Two nodes write to one database: everybody votes once, whoever takes the vote.
func TestTwoNodesAgree(t *testing.T) {
	d := dbtest.OpenPostgres(t)
	h := newHouse(t, d)
	other := New(d, h.clock.Now, []byte("the secret of this server"), nil)
	t.Cleanup(other.Stop)
	if _, err := h.Open(t.Context(), "session-2"); err != nil {
		t.Fatal(err)
	}
	q := h.ask("anna", "Miksi?")
	second := h.must(Viewer{Room: "session-2", View: Moderator, Voter: "desk"}, Request{Do: ActAsk, Text: "Milloin?"})
	var all sync.WaitGroup
	for i := range 100 {
		for n, node := range []*Service{h.Service, other} {
			all.Go(func() {
				for _, target := range []struct{ room, question string }{{session, q.ID}, {"session-2", second.ID}} {
					r := Request{Op: fmt.Sprint("x", i, n), Do: ActVote, Question: target.question, On: ptr(true)}
					v := Viewer{Room: target.room, View: Audience, Voter: fmt.Sprint("v", i)}
					if ack := node.Do(t.Context(), v, r); ack.Code != "" {
						t.Errorf("refused: %s %v", ack.Code, ack.Cause)
					}
				}
			})
		}
	}
	all.Wait()
	if n := h.number(`SELECT sum(votes) FROM question`); n != 200 {
		t.Errorf("%d votes of 100 voters in two rooms", n)
	}
	h.agree()
}
