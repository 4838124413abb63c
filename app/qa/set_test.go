package qa

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/db/dbtest"
)

// randomActs makes acts that meet each other: few questions, few voters, every
// act, some ops used twice. Their ids and times are given, as the writer does.
func randomActs(r *rand.Rand, n int) []act {
	acts := make([]act, 0, n)
	var questions []string
	seal := string(keyed("the secret of this server", "room", "the same key"))
	secrets := map[string][2]string{} // who asked, and the secret they were given
	for i := range n {
		a := act{at: morning.Add(time.Duration(i) * 400 * time.Millisecond), newID: fmt.Sprintf("q%04d", i)}
		a.Op = fmt.Sprintf("op-%d", i)
		a.viewer = viewer(Audience, fmt.Sprintf("voter-%d", r.IntN(12)))
		a.Do = Acts[r.IntN(len(Acts))]
		switch k := r.IntN(10); {
		case k < 2 || len(questions) == 0:
			a.Do = ActAsk
		case k < 6:
			a.Do = ActVote
		case a.Do == ActMine || a.Do == ActAlike:
			a.Do = ActNow
		case k == 9 && r.IntN(2) == 0:
			a.Do = []Act{ActMerge, ActMerge, ActUnmerge, ActSplit, ActRevise}[r.IntN(5)]
		}
		if a.Do == ActAsk {
			a.Text, a.Source = fmt.Sprintf("Kysymys %d?", i), SourceAudience
			if r.IntN(3) == 0 {
				a.Name = ptr("Anna")
			}
			questions = append(questions, a.newID)
			secrets[a.newID] = [2]string{a.viewer.Voter, secretOf(seal, a.viewer.Voter, a.Op)}
		} else {
			a.Question = questions[r.IntN(len(questions))]
			a.On, a.Position, a.Reason, a.Text = ptr(r.IntN(3) > 0), r.IntN(4), "Kysyttiin jo.", fmt.Sprintf("Muokattu %d?", i)
			a.Message = "q0000"
			if own := secrets[a.Question]; a.Do == ActRevise && own[0] != "" {
				a.viewer.Voter, a.Secret = own[0], own[1]
			}
		}
		switch {
		case a.Do == ActMerge:
			a.Questions = []string{questions[r.IntN(len(questions))]}
			if a.Questions[0] == a.Question {
				a.Do, a.Questions = ActUndo, nil
			}
		case a.Do == ActSplit:
			a.Texts = []string{fmt.Sprintf("Ensin %d?", i), fmt.Sprintf("Sitten %d?", i)}
			questions = append(questions, a.newID)
		case rules[a.Do].bulk && r.IntN(3) == 0:
			a.Questions, a.Question = []string{a.Question, questions[r.IntN(len(questions))]}, ""
		case r.IntN(12) == 0 && a.Do != ActAsk && a.Do != ActVote:
			a.Do = []Act{ActUndo, ActRedo}[r.IntN(2)]
		}
		if rules[a.Do].views[0] != Audience {
			a.viewer = viewer(Moderator, fmt.Sprintf("desk-%d", r.IntN(2)))
		}
		if i > 0 && r.IntN(15) == 0 {
			again := acts[r.IntN(len(acts))]
			again.at, again.newID = a.at, a.newID
			a = again
		}
		acts = append(acts, a)
	}
	return acts
}

// run decides the acts in sets of the sizes that next gives, and tells what came
// out: every answer, and everything stored but the versions.
func (h *house) run(acts []act, next func() int) (answers []string, stored string) {
	h.t.Helper()
	for len(acts) > 0 {
		n := min(next(), len(acts))
		for _, r := range h.inSet(acts[:n]) {
			answers = append(answers, r.String())
		}
		h.agree()
		acts = acts[n:]
	}
	var rows []question
	if err := h.db.Write.NewSelect().Model(&rows).Order("id").Scan(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	var votes []ballot
	if err := h.db.Write.NewSelect().Model(&votes).Order("question_id", "voter").Scan(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	for i := range rows {
		rows[i].Version, rows[i].Unvoted = 0, 0
	}
	for i := range votes {
		votes[i].Version = 0
	}
	var edits []edit
	if err := h.db.Write.NewSelect().Model(&edits).Order("seq").Scan(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	for i := range edits {
		edits[i].Seq = 0
	}
	room := h.room()
	b, err := json.Marshal([]any{rows, votes, edits, room.State, room.Queue, room.Now, room.Blocked, room.Messages})
	if err != nil {
		h.t.Fatal(err)
	}
	return answers, string(b)
}

// String is what a result says, without pointers.
func (r result) String() string {
	s := fmt.Sprint(r.code, r.id, r.secret, r.done, r.left)
	if r.undo != nil {
		s += fmt.Sprint(*r.undo)
	}
	return s
}

func TestSetsOfAnySizeGiveTheSameEnd(t *testing.T) {
	done := map[Act]int{}
	for seed := range uint64(4) {
		acts := randomActs(rand.New(rand.NewPCG(seed, 1)), 300)
		sizes := rand.New(rand.NewPCG(seed, 2))
		each(t, func(h *house) {
			h.exec(`UPDATE live_room SET room_key = 'the same key'`)
			wantAnswers, want := h.run(acts, func() int { return 1 })
			if done := slices.DeleteFunc(slices.Clone(wantAnswers), func(s string) bool { return strings.Contains(s, "_") }); len(done) < len(acts)/4 {
				t.Fatalf("only %d acts of %d were done: the test proves little", len(done), len(acts))
			}
			for i, answer := range wantAnswers {
				if !strings.Contains(answer, "_") && !strings.HasPrefix(answer, string(CodeStale)) && !strings.HasPrefix(answer, string(CodeNothing)) {
					done[acts[i].Do]++
				}
			}
			for _, table := range []string{"vote", "question", "idempotency", "live_edit", "live_block", "live_message"} {
				h.exec("DELETE FROM " + table)
			}
			h.exec(`UPDATE live_room SET state = 'open'`)
			gotAnswers, got := h.run(acts, func() int { return 1 + sizes.IntN(60) })
			for i := range acts {
				if gotAnswers[i] != wantAnswers[i] {
					t.Fatalf("seed %d, act %d %s: in sets %q, one by one %q", seed, i, acts[i].Do, gotAnswers[i], wantAnswers[i])
				}
			}
			if got != want {
				at := 0
				for at < min(len(got), len(want)) && got[at] == want[at] {
					at++
				}
				t.Errorf("seed %d: stored in sets …%.300s\none by one …%.300s", seed, got[max(0, at-80):], want[max(0, at-80):])
			}
		})
	}
	for _, a := range []Act{ActAsk, ActVote, ActRevise, ActMerge, ActUnmerge, ActSplit, ActUndo, ActRedo, ActBlock, ActQueue, ActNow, ActTell} {
		if done[a] < 2 {
			t.Errorf("%s was done %d times: the test proves little", a, done[a])
		}
	}
}

// Folding reads and writes nothing but the world it is given.
func TestFoldIsPure(t *testing.T) {
	acts := randomActs(rand.New(rand.NewPCG(7, 7)), 300)
	once := func() string {
		w := newWorld()
		w.rooms[session] = &room{SessionID: session, State: RoomOpen, Seal: "k", Version: 2}
		mine := slices.Clone(acts)
		wants(w, mine)
		b, err := json.Marshal([]any{fmt.Sprint(fold(w, mine)), w.questions, w.remember})
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if a, b := once(), once(); a != b {
		t.Errorf("the same acts gave something else: %d and %d bytes", len(a), len(b))
	}
}

func TestSameOpIsAnsweredAgain(t *testing.T) {
	each(t, func(h *house) {
		ask := Request{Op: "9f", Do: ActAsk, Text: "Miksi?"}
		first := h.must(viewer(Audience, "anna"), ask)
		h.clock.Move(time.Hour)
		if again := h.must(viewer(Audience, "anna"), ask); again.ID != first.ID || again.Secret != first.Secret || first.Secret == "" {
			t.Errorf("first %+v, again %+v", first, again)
		}
		other := h.must(viewer(Audience, "bo"), ask)
		if other.ID == first.ID || other.Secret == first.Secret {
			t.Error("somebody else's op gave away a question's secret")
		}
		changed := ask
		changed.Text = "Mikä?"
		if ack := h.try(viewer(Audience, "anna"), changed); ack.Code != CodeOpUsed {
			t.Errorf("the op of another act: %q", ack.Code)
		}
		approve := Request{Op: "a1", Do: ActApprove, Question: first.ID}
		h.must(moderator, approve)
		h.must(moderator, approve)
		if ack := h.try(moderator, Request{Do: ActApprove, Question: first.ID}); ack.Code != CodeWrongState {
			t.Errorf("a second approval: %q", ack.Code)
		}
		// A refusal is not kept: the same op may succeed later.
		h.must(moderator, Request{Do: ActPause})
		late := Request{Op: "late", Do: ActAsk, Text: "Vielä yksi?"}
		if ack := h.try(viewer(Audience, "anna"), late); ack.Code != CodePaused {
			t.Errorf("asking in a paused room: %q", ack.Code)
		}
		h.must(moderator, Request{Do: ActResume})
		h.must(viewer(Audience, "anna"), late)
		if n := h.number(`SELECT count(*) FROM question`); n != 3 {
			t.Errorf("%d questions", n)
		}
		same := []act{
			{Request: Request{Op: "s", Do: ActAsk, Text: "Samassa?", Source: SourceAudience}, viewer: viewer(Audience, "c"), at: h.clock.Now(), newID: "s1"},
			{Request: Request{Op: "s", Do: ActAsk, Text: "Samassa?", Source: SourceAudience}, viewer: viewer(Audience, "c"), at: h.clock.Now(), newID: "s2"},
		}
		if r := h.inSet(same); r[0].id != "s1" || r[1].id != "s1" || r[0].secret != r[1].secret {
			t.Errorf("twice in one set: %+v", r)
		}
	})
}

func TestStatementsDoNotGrowWithTheSet(t *testing.T) {
	each(t, func(h *house) {
		questions := make([]string, 20)
		for i := range questions {
			questions[i] = h.ask(fmt.Sprint("asker", i), fmt.Sprintf("Kysymys %d?", i)).ID
		}
		voter := 0
		count := func(size int, one func(i int) act) int64 {
			acts := manyActs(size, one)
			c := &dbtest.Queries{}
			counted := h.db.Write.WithQueryHook(c)
			err := counted.RunInTx(t.Context(), nil, func(ctx context.Context, tx bun.Tx) error {
				outs, err := h.decide(ctx, tx, acts)
				for _, o := range outs {
					if o.Value.code != "" {
						t.Errorf("refused: %s", o.Value.code)
					}
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return c.Load()
		}
		vote := func(int) act {
			voter++
			return act{Request: Request{Op: h.op(), Do: ActVote, Question: questions[voter%20], On: ptr(true)}, viewer: viewer(Audience, fmt.Sprint("v", voter)), at: morning}
		}
		ask := func(i int) act {
			voter++
			return act{Request: Request{Op: h.op(), Do: ActAsk, Text: "Miksi?", Source: SourceAudience}, viewer: viewer(Audience, fmt.Sprint("v", voter)), at: morning, newID: db.NewID()}
		}
		edit := func(i int) act {
			return act{Request: Request{Op: h.op(), Do: ActEdit, Question: questions[i%20], Text: h.op()}, viewer: moderator, at: morning, newID: db.NewID()}
		}
		for name, one := range map[string]func(int) act{"votes": vote, "questions": ask, "edits": edit} {
			few, many, most := count(10, one), count(100, one), count(1000, one)
			if few != many || many != most || few > 12 {
				t.Errorf("10 %s take %d statements, 100 %d, 1,000 %d", name, few, many, most)
			}
		}
		h.agree()
	})
}

func manyActs(n int, one func(int) act) []act {
	acts := make([]act, n)
	for i := range acts {
		acts[i] = one(i)
	}
	return acts
}
