package qa

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/app/text"
)

// expected is written out by hand: from which state each act leads where.
// Whatever is not here must be refused.
var expected = map[Act]string{
	ActVote:     "approved>approved queued>queued now>now later>later",
	ActWithdraw: "new>withdrawn approved>withdrawn",
	ActApprove:  "new>approved",
	ActReject:   "new>rejected approved>rejected queued>rejected",
	ActEdit:     "new>new approved>approved queued>queued now>now later>later",
	ActQueue:    "new>queued approved>queued queued>queued now>queued later>queued",
	ActUnqueue:  "queued>approved now>approved",
	ActNow:      "new>now approved>now queued>now answered>now later>now",
	ActAnswered: "approved>answered queued>answered now>answered later>answered",
	ActLater:    "new>later approved>later queued>later now>later",
	ActArchive:  "approved>archived queued>archived answered>archived later>archived",
	ActRestore:  "answered>approved later>approved rejected>approved archived>approved",
	ActRevise:   "new>new approved>new",
	ActMerge:    "new>new approved>approved queued>queued now>now later>later",
	ActUnmerge:  "merged>approved",
	ActSplit:    "new>new approved>approved queued>queued later>later",
	ActLabel:    "new>new approved>approved queued>queued now>now answered>answered later>later rejected>rejected archived>archived",
	ActAddress:  "new>new approved>approved queued>queued now>now later>later",
	ActBlock:    "new>new approved>approved queued>queued now>now answered>answered later>later rejected>rejected withdrawn>withdrawn archived>archived merged>merged",
	ActUnblock:  "new>new approved>approved queued>queued now>now answered>answered later>later rejected>rejected withdrawn>withdrawn archived>archived merged>merged",
}

// filled is a request with everything any act could want.
func filled(a Act, question, secret string) Request {
	r := Request{Do: a, Question: question, Text: "Entä budjetti?", Reason: "Kysyttiin jo.", On: ptr(true), Secret: secret}
	switch a {
	case ActSplit:
		r.Texts = []string{"Entä budjetti?", "Entä aikataulu?"}
	case ActMerge:
		r.Questions = []string{"other"}
	case ActSeen, ActUntell:
		r.Message = "message"
	}
	return r
}

func TestEveryActFromEveryState(t *testing.T) {
	each(t, func(h *house) {
		asked := h.ask("anna", "Miten johdon saa mukaan?")
		for a, cases := range expected {
			allowed := map[State]State{}
			for _, c := range strings.Fields(cases) {
				from, to, _ := strings.Cut(c, ">")
				allowed[State(from)] = State(to)
			}
			for _, from := range States {
				h.exec(`DELETE FROM vote`)
				h.exec(`DELETE FROM question WHERE id <> ?`, asked.ID)
				h.exec(`UPDATE question SET state = ?, votes = 0, rank = ?, reason = '', text = 'Miten',
					into_id = ?, back_to = 'approved' WHERE id = ?`, from, map[bool]int{true: 1}[from == StateQueued], map[bool]string{true: "other"}[from == StateMerged], asked.ID)
				h.exec(`INSERT INTO question (id, session_id, version, state, text, original, owner, asker, source, votes, rank, reason, asked_at)
					VALUES ('other', ?, 1, 'new', 'Toinen', '', '', '', 'audience', 0, 0, '', ?)`, session, morning)
				v := moderator
				if rules[a].views[0] == Audience {
					v = viewer(Audience, "anna")
				}
				ack := h.try(v, filled(a, asked.ID, asked.Secret))
				to, ok := allowed[from]
				want := Code("")
				if !ok {
					to, want = from, CodeWrongState
				}
				if got := h.get(asked.ID); ack.Code != want || got.State != to {
					t.Errorf("%s from %s: %q, now %s; want %q, %s", a, from, ack.Code, got.State, want, to)
				}
				h.agree()
			}
		}
	})
}

// Every act is tried in every view; a view that is not in the table is refused,
// whatever it claims.
func TestEveryActInEveryView(t *testing.T) {
	each(t, func(h *house) {
		may := map[View]string{
			Audience: "ask revise vote withdraw mine alike",
			Moderator: "ask alike approve reject edit queue unqueue now answered later archive restore merge unmerge split label address " +
				"undo redo block unblock pause resume tell untell",
			Stage:  "now answered later undo redo seen",
			Screen: "",
		}
		for v := range may {
			for _, a := range Acts {
				q := h.ask(fmt.Sprintf("voter %s %d", a, v), "Miksi?")
				ack := h.try(viewer(v, "x"), filled(a, q.ID, q.Secret))
				if want := !slices.Contains(strings.Fields(may[v]), string(a)); (ack.Code == CodeForbidden) != want {
					t.Errorf("%s in view %d: %q", a, v, ack.Code)
				}
				h.exec(`UPDATE live_room SET state = 'open'`)
			}
		}
	})
}

func TestActsOnWhatIsNotThere(t *testing.T) {
	each(t, func(h *house) {
		if _, err := h.Open(t.Context(), "session-2"); err != nil {
			t.Fatal(err)
		}
		q := h.ask("anna", "Miksi?")
		elsewhere := Viewer{Room: "session-2", View: Moderator, Voter: "desk"}
		for name, c := range map[string]struct {
			v    Viewer
			r    Request
			want Code
		}{
			"another room's question": {elsewhere, filled(ActReject, q.ID, ""), CodeNotFound},
			"no question":             {moderator, filled(ActApprove, "nothing", ""), CodeNotFound},
			"no question named":       {moderator, filled(ActApprove, "", ""), CodeNotFound},
			"no such room":            {Viewer{Room: "nowhere", View: Moderator}, filled(ActApprove, q.ID, ""), CodeNotFound},
			"asking in no room":       {Viewer{Room: "nowhere", View: Audience}, filled(ActAsk, "", ""), CodeNotFound},
			"unknown act":             {moderator, filled("destroy", q.ID, ""), CodeBadAct},
			"a vote for nothing":      {viewer(Audience, "b"), Request{Do: ActVote, Question: q.ID}, CodeBadAct},
			"with a wrong secret":     {viewer(Audience, "b"), filled(ActWithdraw, q.ID, "guess"), CodeNotYours},
			"without a secret":        {viewer(Audience, "anna"), filled(ActWithdraw, q.ID, ""), CodeNotYours},
			"a NUL in an id":          {moderator, filled(ActApprove, "a\x00b", ""), CodeNotFound},
			"a source of no kind":     {moderator, Request{Do: ActAsk, Text: "x", Source: "dream"}, CodeBadAct},
		} {
			if ack := h.try(c.v, c.r); ack.Code != c.want {
				t.Errorf("%s: %q, want %q (%v)", name, ack.Code, c.want, ack.Cause)
			}
		}
		if got := h.get(q.ID); got.State != StateApproved || got.Votes != 0 {
			t.Errorf("refused acts changed the question: %+v", got)
		}
	})
}

func TestNowAnsweringMoves(t *testing.T) {
	each(t, func(h *house) {
		a, b, c := h.ask("anna", "A?"), h.ask("bo", "B?"), h.ask("cecilia", "C?")
		for _, q := range []Ack{a, b, c} {
			h.must(moderator, Request{Do: ActQueue, Question: q.ID})
		}
		h.must(moderator, Request{Do: ActQueue, Question: c.ID, Position: 1})
		if got := h.room().Queue; !slices.Equal(got, []string{c.ID, a.ID, b.ID}) {
			t.Fatalf("queue %v", got)
		}
		h.ears.Take()
		stage := viewer(Stage, "host")
		h.must(stage, Request{Do: ActNow, Question: c.ID})
		h.clock.Move(3 * time.Minute)
		h.must(stage, Request{Do: ActNow, Question: a.ID})
		r, done := h.room(), h.get(c.ID)
		if r.Now != a.ID || !slices.Equal(r.Queue, []string{b.ID}) || h.get(b.ID).Rank != 1 {
			t.Errorf("now %s, queue %v", r.Now, r.Queue)
		}
		if done.State != StateAnswered || !done.NowAt.Equal(morning) || !done.AnsweredAt.Equal(morning.Add(3*time.Minute)) {
			t.Errorf("the one before: %+v", done)
		}
		if got := h.ears.Take(); len(got) != 2 || !strings.HasPrefix(got[0], "now ") || !strings.HasPrefix(got[1], "now ") {
			t.Errorf("announced %v", got)
		}
		h.must(moderator, Request{Do: ActRestore, Question: c.ID})
		if q := h.get(c.ID); q.NowAt != nil || q.AnsweredAt != nil {
			t.Errorf("what was taken back was never on stage: %+v", q)
		}
		if want := (Counts{Asked: 3, Approved: 3, Answered: 0, Left: 3}); h.room().Counts != want {
			t.Errorf("counts %+v", h.room().Counts)
		}
		h.agree()
	})
}

func TestEveryWordHasItsMessages(t *testing.T) {
	c, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, code := range Codes {
		keys = append(keys, code.Key())
	}
	for _, s := range States {
		keys = append(keys, "qa.state."+string(s))
	}
	for _, s := range RoomStates {
		keys = append(keys, "qa.room.state."+string(s))
	}
	for _, a := range Acts {
		keys = append(keys, "qa.act."+string(a))
	}
	for _, s := range Sources {
		keys = append(keys, "qa.source."+string(s))
	}
	for _, r := range Reviews {
		keys = append(keys, "qa.review."+string(r))
	}
	for _, n := range NameRules {
		keys = append(keys, "qa.names."+string(n))
	}
	for _, k := range append(keys, "qa.room.missing", "qa.collect.many", "qa.settings.unknown", "qa.settings.slow", "qa.settings.many", "qa.settings.twice",
		"qa.answer_missing") {
		for _, l := range text.Langs {
			if !c.Has(l, k) {
				t.Errorf("%s lacks %s", l, k)
			}
		}
	}
	if len(rules) != len(Acts) {
		t.Errorf("%d acts have rules, %d are listed", len(rules), len(Acts))
	}
}
