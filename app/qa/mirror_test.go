package qa

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/app/db/dbtest"
)

// straight reads what is a viewer's own from the database, as the mirror must say.
func (h *house) straight(v Viewer) (votes []string) {
	h.t.Helper()
	var key string
	if err := h.db.Write.NewRaw(`SELECT room_key FROM live_room WHERE session_id = ?`, v.Room).Scan(h.t.Context(), &key); err != nil {
		h.t.Fatal(err)
	}
	if err := h.db.Write.NewRaw(`SELECT question_id FROM vote WHERE session_id = ? AND voter = ? ORDER BY question_id`,
		v.Room, mark(h.seal(key), forVoter, v.Voter)).Scan(h.t.Context(), &votes); err != nil {
		h.t.Fatal(err)
	}
	return votes
}

// However acts come and on whichever node, everybody is told their own votes and
// questions as they are.
func TestTheMirrorSaysWhatIsStored(t *testing.T) {
	each(t, func(h *house) {
		other := New(h.db, h.clock.Now, []byte("the secret of this server"), nil) // another node
		t.Cleanup(other.Stop)
		nodes := []*Service{h.Service, other}
		r := rand.New(rand.NewPCG(3, 4))
		var all []string
		secrets := map[string]string{}
		for i := range 400 {
			h.clock.Move(30 * time.Second)
			node := nodes[r.IntN(2)]
			v := viewer(Audience, fmt.Sprint("v", r.IntN(8)))
			req := Request{Op: h.op(), Do: ActVote, On: ptr(r.IntN(3) > 0)}
			if len(all) > 0 {
				req.Question = all[r.IntN(len(all))]
			}
			switch k := r.IntN(12); {
			case len(all) == 0 || k == 0:
				req = Request{Op: h.op(), Do: ActAsk, Text: fmt.Sprint("Kysymys ", i)}
			case k == 1 && len(all) > 1:
				v, req = moderator, Request{Op: h.op(), Do: ActMerge, Question: all[0], Questions: []string{all[1+r.IntN(len(all)-1)]}}
			case k == 2:
				v, req = moderator, Request{Op: h.op(), Do: []Act{ActUndo, ActUnmerge, ActReject}[r.IntN(3)], Question: req.Question, Reason: "Muu."}
			case k == 3:
				v, req = moderator, Request{Op: h.op(), Do: ActApprove, Question: req.Question}
			}
			ack := node.Do(t.Context(), v, req)
			if req.Do == ActAsk && ack.Code == "" {
				all = append(all, ack.ID)
				secrets[ack.ID] = ack.Secret
				node.Do(t.Context(), moderator, Request{Op: h.op(), Do: ActApprove, Question: ack.ID})
			}
			if i%5 > 0 {
				continue
			}
			for _, node := range nodes {
				v := viewer(Audience, fmt.Sprint("v", r.IntN(8)))
				mine, err := node.Mine(t.Context(), v, secrets[all[0]])
				if want := h.straight(v); err != nil || !slices.Equal(mine.Votes, append([]string{}, want...)) {
					t.Fatalf("step %d: told %v, stored %v, %v", i, mine.Votes, want, err)
				}
				if q := h.get(all[0]); len(mine.Questions) != 1 || mine.Questions[0].Votes != q.Votes || mine.Questions[0].State != q.State {
					t.Fatalf("step %d: told %+v, stored %+v", i, mine.Questions, q)
				}
			}
			h.agree()
		}
		if n := h.number(`SELECT count(*) FROM vote WHERE via <> ''`) + h.number(`SELECT count(*) FROM live_edit WHERE undone`); n == 0 {
			t.Error("nothing was merged or undone: the test proves little")
		}
	})
}

// Five thousand who come back at once cost a reading or two, not one each.
func TestWhoJoinsReadsNothing(t *testing.T) {
	each(t, func(h *house) {
		q := h.ask("anna", "Miksi?")
		for i := range 20 {
			h.vote(fmt.Sprint("v", i), q.ID, true)
		}
		fresh := New(h.db, h.clock.Now, []byte("the secret of this server"), nil) // after a restart
		t.Cleanup(fresh.Stop)
		c := &dbtest.Queries{}
		before := h.db.Read
		h.db.Read = h.db.Read.WithQueryHook(c)
		defer func() { h.db.Read = before }()
		var all sync.WaitGroup
		for i := range 200 {
			all.Go(func() {
				m, err := fresh.Mine(t.Context(), viewer(Audience, fmt.Sprint("v", i)), q.Secret)
				if err != nil || len(m.Votes) != map[bool]int{true: 1}[i < 20] || len(m.Questions) != 1 {
					t.Errorf("%d: %+v %v", i, m, err)
				}
			})
		}
		all.Wait()
		if n := c.Load(); n > 4 {
			t.Errorf("200 who joined read %d times", n)
		}
		// On its own node an act is seen at once and without reading.
		h.Mine(t.Context(), viewer(Audience, "v1"))
		c.Store(0)
		h.vote("v30", q.ID, true)
		h.vote("v1", q.ID, false)
		if m, err := h.Mine(t.Context(), viewer(Audience, "v30")); err != nil || len(m.Votes) != 1 {
			t.Errorf("%+v %v", m, err)
		}
		if m, err := h.Mine(t.Context(), viewer(Audience, "v1")); err != nil || len(m.Votes) != 0 {
			t.Errorf("%+v %v", m, err)
		}
		if n := c.Load(); n != 0 {
			t.Errorf("own acts were read %d times", n)
		}
	})
}

func TestSomethingSimilarWasAsked(t *testing.T) {
	each(t, func(h *house) {
		v := viewer(Audience, "anna")
		q := h.ask("bo", "Pitäisikö somessa aktiivisia työntekijöitä palkita jotenkin?")
		hidden := h.must(viewer(Audience, "cecilia"), Request{Do: ActAsk, Text: "Palkitaanko aktiivisia työntekijöitä?"})
		for i := range 3 {
			h.vote(fmt.Sprint("v", i), q.ID, true)
		}
		typed := "Palkitaanko aktiiviset työntekijät?"
		ack := h.must(v, Request{Do: ActAlike, Text: typed})
		if len(ack.Alike) != 1 || ack.Alike[0].ID != q.ID || ack.Alike[0].People != 4 || ack.More()["alike"] == nil {
			t.Errorf("the audience: %+v", ack.Alike)
		}
		if ack := h.must(moderator, Request{Do: ActAlike, Question: hidden.ID}); len(ack.Alike) != 1 || ack.Alike[0].ID != q.ID {
			t.Errorf("like one: %+v", ack.Alike)
		}
		pairs := h.must(moderator, Request{Do: ActAlike})
		if len(pairs.Pairs) != 1 || pairs.Pairs[0].A != min(q.ID, hidden.ID) || pairs.More()["pairs"] == nil {
			t.Errorf("pairs: %+v", pairs.Pairs)
		}
		h.must(moderator, Request{Do: ActMerge, Question: q.ID, Questions: []string{hidden.ID}})
		if ack := h.must(v, Request{Do: ActAlike, Text: typed}); ack.Alike[0].People != 5 {
			t.Errorf("with what was merged: %+v", ack.Alike)
		}
		h.clock.Move(time.Second)
		h.must(moderator, Request{Do: ActReject, Question: q.ID, Reason: "Kysyttiin jo."})
		if ack := h.must(v, Request{Do: ActAlike, Text: typed}); len(ack.Alike) != 0 {
			t.Errorf("a rejected one is offered: %+v", ack.Alike)
		}
		for _, nothing := range []string{"", "a", "\x00", strings.Repeat("ä", 5000)} {
			h.clock.Move(time.Second)
			if ack := h.must(v, Request{Do: ActAlike, Text: nothing}); len(ack.Alike) != 0 || ack.Alike == nil {
				t.Errorf("%.10q: %+v", nothing, ack.Alike)
			}
		}
		for range AlikePerSecond {
			h.try(v, Request{Do: ActAlike, Text: typed})
		}
		if ack := h.try(v, Request{Do: ActAlike, Text: typed}); ack.Code != CodeSlowDown {
			t.Errorf("typing like a script: %q", ack.Code)
		}
		if ack := h.try(Viewer{Room: "nowhere", View: Audience, Voter: "z"}, Request{Do: ActAlike, Text: typed}); ack.Code != CodeNotFound {
			t.Errorf("in no room: %q", ack.Code)
		}
	})
}

// A thousand votes of a thousand people: about what a second must take.
func BenchmarkVotes(b *testing.B) {
	h := newHouse(b, dbtest.OpenSQLite(b))
	var questions []string
	for i := range 20 {
		questions = append(questions, h.ask(fmt.Sprint("asker", i), "Miksi?").ID)
	}
	on := true
	for b.Loop() {
		h.clock.Move(time.Second)
		var all sync.WaitGroup
		for i := range 1000 {
			all.Go(func() {
				r := Request{Op: h.op(), Do: ActVote, Question: questions[i%len(questions)], On: ptr(on)}
				if ack := h.Do(b.Context(), viewer(Audience, fmt.Sprint("v", i)), r); ack.Code != "" {
					b.Error(ack.Code, ack.Cause)
				}
			})
		}
		all.Wait()
		on = !on
	}
	b.ReportMetric(float64(1000*b.N)/b.Elapsed().Seconds(), "votes/s")
}
