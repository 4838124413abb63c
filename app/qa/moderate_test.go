package qa

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// stored gives everything moderators and voters make of questions, but for versions.
func (h *house) stored() string {
	h.t.Helper()
	var rows []question
	var votes []ballot
	if err := h.db.Write.NewSelect().Model(&rows).Order("id").Scan(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	if err := h.db.Write.NewSelect().Model(&votes).Order("question_id", "voter").Scan(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	for i := range rows {
		rows[i].Version, rows[i].Unvoted = 0, 0
	}
	for i := range votes {
		votes[i].Version = 0
	}
	b, err := json.Marshal([]any{rows, votes})
	if err != nil {
		h.t.Fatal(err)
	}
	return string(b)
}

// Merging unites voters and parting gives exactly what was, by the act and by undo,
// whatever was merged before.
func TestMergingIsReversibleExactly(t *testing.T) {
	each(t, func(h *house) {
		r := rand.New(rand.NewPCG(1, 2))
		var all []string
		for i := range 6 {
			all = append(all, h.ask(fmt.Sprint("asker", i), fmt.Sprintf("Kysymys %d?", i)).ID)
		}
		union := map[string]bool{}
		for v := range 30 {
			for _, q := range all {
				if r.IntN(3) == 0 {
					h.vote(fmt.Sprint("v", v), q, true)
					h.clock.Move(1e8)
					if q == all[0] || q == all[1] || q == all[2] {
						union[fmt.Sprint("v", v)] = true
					}
				}
			}
		}
		h.must(moderator, Request{Do: ActQueue, Question: all[1]})
		h.must(moderator, Request{Do: ActQueue, Question: all[4]})
		before := h.stored()
		h.must(moderator, Request{Do: ActMerge, Question: all[0], Questions: []string{all[1], all[2], all[1]}})
		if got := h.get(all[0]).Votes; got != int64(len(union)) {
			t.Errorf("%d voters united, want %d", got, len(union))
		}
		if q := h.get(all[1]); q.State != StateMerged || q.Into != all[0] || !slices.Equal(h.room().Queue, []string{all[4]}) {
			t.Errorf("merged: %+v, queue %v", q, h.room().Queue)
		}
		if c := h.room().Counts; c.Asked != 4 {
			t.Errorf("counts %+v", c)
		}
		h.agree()
		merged := h.stored()
		h.must(moderator, Request{Do: ActMerge, Question: all[3], Questions: []string{all[0]}})
		h.agree()
		if ack := h.try(moderator, Request{Do: ActUnmerge, Question: all[1]}); ack.Code != CodeWrongState {
			t.Errorf("parted from inside another: %q", ack.Code)
		}
		for _, want := range []string{merged, before} {
			if ack := h.must(moderator, Request{Do: ActUndo}); ack.Undo == nil {
				t.Error("the ack does not tell what may be undone next")
			}
			if h.stored() != want {
				t.Fatalf("undone is not what was:\n%s\n%s", h.stored(), want)
			}
		}
		h.must(moderator, Request{Do: ActRedo})
		if h.stored() != merged {
			t.Error("redone is not what was undone")
		}
		// By the act all comes back but the place in the queue.
		h.must(moderator, Request{Do: ActUnmerge, Questions: []string{all[1], all[2]}})
		if q := h.get(all[1]); q.State != StateApproved || q.Into != "" {
			t.Errorf("parted: %+v", q)
		}
		h.must(moderator, Request{Do: ActQueue, Question: all[1], Position: 1})
		if h.stored() != before {
			t.Error("parted is not what was")
		}
		h.agree()
	})
}

// Who takes the vote for the whole back takes it back for each part.
func TestAVoteForWhatWasMerged(t *testing.T) {
	each(t, func(h *house) {
		a, b := h.ask("anna", "A?"), h.ask("bo", "B?")
		for _, v := range []string{"v1", "v2", "v3"} {
			h.vote(v, b.ID, true)
		}
		h.vote("v1", a.ID, true)
		h.must(moderator, Request{Do: ActMerge, Question: a.ID, Questions: []string{b.ID}})
		if m, err := h.Mine(t.Context(), viewer(Audience, "v2")); err != nil || !slices.Contains(m.Votes, a.ID) {
			t.Errorf("a united voter is not told: %+v %v", m, err)
		}
		if m, err := h.Mine(t.Context(), viewer(Audience, "bo"), b.Secret); err != nil || m.Questions[0].State != StateMerged || m.Questions[0].Into != a.ID {
			t.Errorf("the asker is not told: %+v %v", m, err)
		}
		if ack := h.vote("v4", b.ID, true); ack.Code != CodeWrongState {
			t.Errorf("a vote for the part: %q", ack.Code)
		}
		h.vote("v1", a.ID, false)
		h.vote("v3", a.ID, false)
		h.vote("v3", a.ID, true)
		h.vote("v5", a.ID, true)
		h.agree()
		if got := h.get(a.ID).Votes; got != 3 { // v2, v3, v5
			t.Errorf("%d votes for the whole", got)
		}
		h.must(moderator, Request{Do: ActUnmerge, Question: b.ID})
		if x, y := h.get(a.ID).Votes, h.get(b.ID).Votes; x != 2 || y != 1 { // v3, v5; v2
			t.Errorf("%d and %d votes after parting", x, y)
		}
		h.agree()
	})
}

func TestWhatCannotBeMerged(t *testing.T) {
	each(t, func(h *house) {
		a, b := h.ask("anna", "A?"), h.ask("bo", "B?")
		waiting := h.must(viewer(Audience, "cecilia"), Request{Do: ActAsk, Text: "C?"})
		for name, c := range map[string]struct {
			r    Request
			want Code
		}{
			"into itself":                        {Request{Question: a.ID, Questions: []string{a.ID}}, CodeBadAct},
			"nothing":                            {Request{Question: a.ID}, CodeNotFound},
			"one that is not here":               {Request{Question: a.ID, Questions: []string{b.ID, "nothing"}}, CodeNotFound},
			"what all see into what nobody does": {Request{Question: waiting.ID, Questions: []string{a.ID}}, CodeWrongState},
		} {
			c.r.Do = ActMerge
			if ack := h.try(moderator, c.r); ack.Code != c.want {
				t.Errorf("%s: %q, want %q", name, ack.Code, c.want)
			}
		}
		h.must(moderator, Request{Do: ActNow, Question: b.ID})
		if ack := h.try(moderator, Request{Do: ActMerge, Question: a.ID, Questions: []string{b.ID}}); ack.Code != CodeWrongState {
			t.Errorf("what is being answered went away: %q", ack.Code)
		}
		h.must(moderator, Request{Do: ActMerge, Question: b.ID, Questions: []string{a.ID, waiting.ID}})
		h.must(moderator, Request{Do: ActUnmerge, Question: waiting.ID})
		if h.get(waiting.ID).State != StateNew {
			t.Error("parting published what nobody had approved")
		}
		h.agree()
	})
}

func TestSplittingAQuestion(t *testing.T) {
	each(t, func(h *house) {
		q := h.ask("anna", "Paljonko aikaa ja kuka maksaa?")
		h.vote("v1", q.ID, true)
		h.must(moderator, Request{Do: ActQueue, Question: q.ID})
		h.must(moderator, Request{Do: ActQueue, Question: h.ask("bo", "B?").ID})
		before := h.stored()
		if ack := h.try(moderator, Request{Do: ActSplit, Question: q.ID, Texts: []string{"a", "b"}, Was: ptr("Muuta")}); ack.Code != CodeStale {
			t.Errorf("split although it is another by now: %q", ack.Code)
		}
		second := h.must(moderator, Request{Op: "s", Do: ActSplit, Question: q.ID, Texts: []string{"Paljonko aikaa?", "Kuka maksaa?"}, Was: ptr("Paljonko aikaa ja kuka maksaa?")})
		if again := h.must(moderator, Request{Op: "s", Do: ActSplit, Question: q.ID, Texts: []string{"Paljonko aikaa?", "Kuka maksaa?"}, Was: ptr("Paljonko aikaa ja kuka maksaa?")}); again.ID != second.ID {
			t.Error("an op repeated split again")
		}
		one, two := h.get(q.ID), h.get(second.ID)
		if one.Text != "Paljonko aikaa?" || one.Original != "Paljonko aikaa ja kuka maksaa?" || two.Text != "Kuka maksaa?" || two.From != q.ID || two.Votes != 1 {
			t.Errorf("%+v\n%+v", one, two)
		}
		if queue := h.room().Queue; len(queue) != 3 || queue[1] != second.ID {
			t.Errorf("queue %v", queue)
		}
		if m, err := h.Mine(t.Context(), viewer(Audience, "anna"), q.Secret); err != nil || len(m.Questions) != 2 {
			t.Errorf("the asker has %+v %v", m.Questions, err)
		}
		h.must(moderator, Request{Do: ActUndo})
		h.exec(`DELETE FROM question WHERE id = ?`, second.ID)
		if h.stored() != before {
			t.Error("undone is not what was")
		}
		h.agree()
	})
}

func TestManyAtOnce(t *testing.T) {
	each(t, func(h *house) {
		var all []string
		for i := range 5 {
			all = append(all, h.must(viewer(Audience, fmt.Sprint(i)), Request{Do: ActAsk, Text: "Miksi?"}).ID)
		}
		h.must(moderator, Request{Do: ActApprove, Question: all[0]})
		before := h.stored()
		r := Request{Op: "many", Do: ActReject, Questions: append(slices.Clone(all), "nothing", all[1]), Reason: "Ei aiheesta."}
		h.must(moderator, Request{Do: ActArchive, Question: all[0]})
		ack := h.must(moderator, r)
		if !slices.Equal(ack.Done, all[1:]) || !slices.Equal(ack.Left, all[:1]) || h.get(all[3]).Reason != "Ei aiheesta." {
			t.Errorf("done %v, left %v", ack.Done, ack.Left)
		}
		if again := h.must(moderator, r); !slices.Equal(again.Done, ack.Done) || !slices.Equal(again.Left, ack.Left) {
			t.Errorf("again: %+v", again)
		}
		if ack := h.try(moderator, Request{Do: ActReject, Questions: all, Reason: "x"}); ack.Code != CodeWrongState {
			t.Errorf("none of them can: %q", ack.Code)
		}
		if ack := h.try(moderator, Request{Do: ActApprove, Questions: make([]string, BulkMax+1)}); ack.Code != CodeBadAct {
			t.Errorf("too many: %q", ack.Code)
		}
		if m := ack.More(); fmt.Sprint(m["done"], m["undo"]) != fmt.Sprint(all[1:], "reject") {
			t.Errorf("the frame says %v", m)
		}
		h.must(moderator, Request{Do: ActUndo})
		h.must(moderator, Request{Do: ActUndo})
		if h.stored() != before {
			t.Error("undone is not what was")
		}
		h.with(func(s *Settings) { s.Labels = []Label{{Name: "Budjetti"}, {Name: "Kiire"}} })
		h.must(moderator, Request{Do: ActLabel, Questions: all[:2], Labels: []string{"l2", "l1"}})
		if q := h.get(all[0]); !slices.Equal(q.Labels, []string{"l1", "l2"}) {
			t.Errorf("labels %v", q.Labels)
		}
		if ack := h.try(moderator, Request{Do: ActLabel, Question: all[0], Labels: []string{"l9"}}); ack.Code != CodeBadAct {
			t.Errorf("a label of no room: %q", ack.Code)
		}
		h.must(moderator, Request{Do: ActQueue, Question: all[0]})
		item := h.changes(0).Items[0]
		if strings.Contains(string(item.Views[Audience]), "labels") || !strings.Contains(string(item.Views[Stage]), `"labels":["l1","l2"]`) {
			t.Errorf("%s\n%s", item.Views[Audience], item.Views[Stage])
		}
		h.with(func(s *Settings) { s.Labels = []Label{{ID: "l2", Name: "Kiire"}} })
		if q := h.get(all[0]); !slices.Equal(q.Labels, []string{"l2"}) {
			t.Errorf("a label that is gone stayed: %v", q.Labels)
		}
	})
}

// Each undoes their own, and nothing that somebody changed since.
func TestUndoAndRedo(t *testing.T) {
	each(t, func(h *house) {
		other := viewer(Moderator, "another desk")
		host := Viewer{Room: session, View: Stage, Voter: "tablet", Person: "person-host"}
		a, b := h.ask("anna", "A?"), h.ask("bo", "B?")
		history := func(v Viewer) string {
			u, err := h.History(t.Context(), v)
			if err != nil {
				t.Fatal(err)
			}
			return fmt.Sprint(u)
		}
		if ack := h.try(other, Request{Do: ActUndo}); ack.Code != CodeNothing {
			t.Errorf("nothing of one's own: %q", ack.Code)
		}
		h.must(moderator, Request{Do: ActEdit, Question: a.ID, Text: "A1?"})
		h.must(moderator, Request{Do: ActEdit, Question: a.ID, Text: "A2?"})
		for i, step := range []struct {
			v    Viewer
			do   Act
			code Code
			text string
			left string
		}{
			{moderator, ActUndo, "", "A1?", "{edit edit}"}, {moderator, ActUndo, "", "A?", "{approve edit}"},
			{moderator, ActRedo, "", "A1?", "{edit edit}"}, {moderator, ActRedo, "", "A2?", "{edit }"},
			{moderator, ActRedo, CodeNothing, "A2?", "{edit }"}, {moderator, ActUndo, "", "A1?", "{edit edit}"},
		} {
			ack := h.try(step.v, Request{Do: step.do})
			if got := h.get(a.ID).Text; ack.Code != step.code || got != step.text || history(step.v) != step.left {
				t.Errorf("step %d, %s: %q, %q, left %s", i, step.do, ack.Code, got, history(step.v))
			}
		}
		h.must(other, Request{Do: ActEdit, Question: a.ID, Text: "Toisen?"})
		for _, do := range []Act{ActUndo, ActRedo} {
			if ack := h.try(moderator, Request{Do: do}); ack.Code != CodeStale || h.get(a.ID).Text != "Toisen?" {
				t.Errorf("%s over another's edit: %q", do, ack.Code)
			}
		}
		h.must(other, Request{Do: ActUndo})
		h.must(moderator, Request{Do: ActUndo})
		if h.get(a.ID).Text != "A?" {
			t.Error("not undone after the other took theirs back")
		}
		// A vote is no reason to refuse; the asker's own word is.
		h.must(moderator, Request{Do: ActQueue, Question: b.ID})
		h.vote("v1", b.ID, true)
		h.must(moderator, Request{Do: ActUndo})
		if q := h.get(b.ID); q.State != StateApproved || q.Votes != 1 {
			t.Errorf("%+v", q)
		}
		h.must(moderator, Request{Do: ActRedo})
		// The stage undoes a press on the wrong one, with its times.
		h.must(host, Request{Do: ActNow, Question: a.ID})
		h.clock.Move(6e10)
		onStage := h.stored()
		h.must(host, Request{Do: ActNow, Question: b.ID})
		h.must(host, Request{Do: ActUndo})
		if h.stored() != onStage || h.room().Now != a.ID || !slices.Equal(h.room().Queue, []string{b.ID}) {
			t.Errorf("the stage is not as it was: %+v", h.room())
		}
		h.must(host, Request{Do: ActRedo})
		if h.room().Now != b.ID || h.get(a.ID).State != StateAnswered {
			t.Errorf("redone: %+v", h.room())
		}
		// Another's question stands on stage now: mine does not push it away.
		h.must(host, Request{Do: ActAnswered, Question: b.ID})
		c := h.ask("cecilia", "C?")
		h.must(other, Request{Do: ActNow, Question: c.ID})
		if ack := h.try(host, Request{Do: ActUndo}); ack.Code != CodeStale || h.room().Now != c.ID {
			t.Errorf("pushed away: %q", ack.Code)
		}
		h.agree()
		if n := h.number(`SELECT count(*) FROM audit WHERE act = 'question.undo' AND person_id = 'person-host' AND detail = 'now'`); n != 2 {
			t.Errorf("%d lines tell of the host's undo", n)
		}
	})
}

func TestAskingOnBehalfCanBeUndone(t *testing.T) {
	each(t, func(h *house) {
		q := h.must(moderator, Request{Do: ActAsk, Text: "Salista?", Source: SourceFloor})
		if q.Undo == nil || q.Undo.Undo != ActAsk {
			t.Errorf("%+v", q.Undo)
		}
		h.must(moderator, Request{Do: ActUndo})
		if h.get(q.ID).State != StateWithdrawn {
			t.Error("it is still there")
		}
		h.must(moderator, Request{Do: ActRedo})
		if h.get(q.ID).State != StateApproved {
			t.Error("it is not back")
		}
	})
}

func TestRevisingOnesOwn(t *testing.T) {
	each(t, func(h *house) {
		v := viewer(Audience, "anna")
		q := h.must(v, Request{Do: ActAsk, Text: "mikis?"})
		revise := func(v Viewer, secret, text string, was *string) Code {
			return h.try(v, Request{Do: ActRevise, Question: q.ID, Secret: secret, Text: text, Was: was}).Code
		}
		if c := revise(viewer(Audience, "bo"), "guess", "Minun!", nil); c != CodeNotYours {
			t.Errorf("somebody else's: %q", c)
		}
		if c := revise(v, q.Secret, "Miksi?", ptr("mikis?")); c != "" || h.get(q.ID).Original != "" {
			t.Errorf("while nobody saw it: %q", c)
		}
		if c := revise(v, q.Secret, "Miten?", ptr("mikis?")); c != CodeStale {
			t.Errorf("from another tab: %q", c)
		}
		h.must(moderator, Request{Do: ActApprove, Question: q.ID})
		if c := revise(v, q.Secret, "Miksi näin?", nil); c != "" {
			t.Errorf("approved: %q", c)
		}
		if got := h.get(q.ID); got.State != StateNew || got.Original != "Miksi?" {
			t.Errorf("everybody sees what nobody looked at: %+v", got)
		}
		h.with(func(s *Settings) { s.Review = ReviewAfter })
		h.must(moderator, Request{Do: ActApprove, Question: q.ID})
		if c := revise(v, q.Secret, "Miksi juuri näin?", nil); c != "" || h.get(q.ID).State != StateApproved {
			t.Errorf("reviewed after: %q %s", c, h.get(q.ID).State)
		}
		if c := revise(v, q.Secret, "Perkele!", nil); c != "" || h.get(q.ID).State != StateNew {
			t.Errorf("held: %q %s", c, h.get(q.ID).State)
		}
		h.must(moderator, Request{Do: ActNow, Question: q.ID})
		if c := revise(v, q.Secret, "Liian myöhään?", nil); c != CodeWrongState {
			t.Errorf("taken: %q", c)
		}
	})
}
