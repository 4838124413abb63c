package poll

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/app/qa"
)

func TestEveryKindCounts(t *testing.T) {
	each(t, func(h *house) {
		choice := h.add(Request{Kind: KindChoice, Text: "Onko teillä ohjeet?", Options: yesNo, Live: true})
		several := h.add(Request{Kind: KindChoices, Text: "Missä kanavissa?", Options: yesNo, Most: 2, Live: true})
		rating := h.add(Request{Kind: KindRating, Text: "Kuinka hyvin?", Live: true})
		cloud := h.add(Request{Kind: KindCloud, Text: "Yhdellä sanalla?", Live: true})
		open := h.add(Request{Kind: KindText, Text: "Mitä opit?", Live: true})
		for _, c := range []struct {
			voter, poll string
			choice      []string
			want        qa.Code
		}{
			{"a", choice, []string{"o1"}, ""}, {"b", choice, []string{"o2"}, ""}, {"c", choice, []string{"o1"}, ""},
			{"d", choice, []string{"o1", "o2"}, qa.CodeBadAct}, {"d", choice, []string{"o9"}, qa.CodeBadAct},
			{"b", choice, []string{"o1"}, ""}, {"c", choice, nil, ""},
			{"a", several, []string{"o3", "o1"}, ""}, {"b", several, []string{"o1", "o1"}, ""}, {"c", several, []string{"o1", "o2", "o3"}, qa.CodeBadAct},
			{"a", rating, []string{"4"}, ""}, {"b", rating, []string{"5"}, ""}, {"c", rating, []string{"6"}, qa.CodeBadAct}, {"c", rating, []string{"04"}, qa.CodeBadAct},
			{"c", rating, []string{"1", "2"}, qa.CodeBadAct},
			{"a", cloud, []string{"Luottamus", " luottamus!", "#Avoimuus"}, ""}, {"b", cloud, []string{"LUOTTAMUS"}, ""}, {"c", cloud, []string{"perkele"}, ""},
			{"d", cloud, []string{strings.Repeat("x", WordMax+1)}, qa.CodeTooLong}, {"d", cloud, []string{"a\x00"}, qa.CodeBadText}, {"d", cloud, []string{"a", "b", "c", "d"}, qa.CodeBadAct},
			{"a", open, []string{"Että ohje mahtuu yhdelle kalvolle."}, ""}, {"b", open, []string{" ", "että ohje mahtuu  yhdelle kalvolle"}, ""},
		} {
			if got := h.cast(c.voter, c.poll, c.choice...); got != c.want {
				t.Errorf("%s says %q: %q, want %q", c.voter, c.choice, got, c.want)
			}
		}
		for poll, want := range map[string]string{
			choice: "o1:2 o2:0 o3:0", several: "o1:2 o2:0 o3:1", rating: "1:0 2:0 3:0 4:1 5:1", cloud: "luottamus:2 avoimuus:1",
			open: "että ohje mahtuu yhdelle kalvolle:2",
		} {
			if got := h.get(qa.Audience, poll); got == nil || figures(got) != want {
				t.Errorf("%v, want %s", got, want)
			}
		}
		if got := h.get(qa.Audience, rating).Average(); got != 4.5 {
			t.Errorf("average %v", got)
		}
		if got := h.get(qa.Audience, choice); got.Voters != 2 || got.Options[0].Text != "Kyllä" || len(got.Options) != 3 {
			t.Errorf("%+v", got)
		}
		// What the filter stops at is for moderators, who may show it, and hide anything.
		if got := figures(h.get(qa.Moderator, cloud)); got != "luottamus:2 avoimuus:1 perkele:1" {
			t.Errorf("moderators see %s", got)
		}
		h.must(moderator, Request{Do: ActHide, Poll: cloud, Item: "perkele", On: ptr(false)})
		h.must(moderator, Request{Do: ActHide, Poll: cloud, Item: "avoimuus", On: ptr(true)})
		if got := figures(h.get(qa.Audience, cloud)); got != "luottamus:2 perkele:1" {
			t.Errorf("the audience sees %s", got)
		}
		h.agree()
	})
}

// expected is written out by hand: from which state each act leads where. Whatever is
// not here must be refused.
var expected = map[qa.Act]string{
	ActBallot:  "open>open closing>closing",
	ActChange:  "draft>draft",
	ActOpen:    "draft>open",
	ActClose:   "open>closing closing>closed",
	ActReopen:  "closing>open closed>open",
	ActResult:  "draft>draft open>open closing>closing closed>closed",
	ActHide:    "open>open closing>closing closed>closed",
	ActRemove:  "draft>removed closed>removed",
	ActRestore: "removed>draft",
}

func TestEveryActFromEveryStateInEveryView(t *testing.T) {
	may := map[qa.View]string{
		qa.Audience: "ballot", qa.Moderator: "poll_change poll_open poll_close poll_reopen poll_result poll_hide poll_remove poll_restore",
		qa.Stage: "poll_open poll_close poll_reopen poll_result", qa.Screen: "",
	}
	each(t, func(h *house) {
		id := h.must(moderator, Request{Do: ActAdd, Kind: KindChoice, Text: "?!", Options: yesNo}).ID
		set := func(s State) {
			for _, q := range []string{`DELETE FROM poll_ballot`, `DELETE FROM poll_tally`} {
				h.exec(q)
			}
			h.exec(`INSERT INTO poll_tally (poll_id, item, label, n, hidden) VALUES (?, 'o2', '', 0, FALSE)`, id)
			h.exec(`UPDATE poll SET state = ?, voters = 0, opened_at = NULL, closes_at = ? WHERE id = ?`, s, h.clock.Now().Add(time.Second), id)
		}
		for a, cases := range expected {
			allowed := map[State]State{}
			for _, c := range strings.Fields(cases) {
				from, to, _ := strings.Cut(c, ">")
				allowed[State(from)] = State(to)
			}
			for v, acts := range may {
				for _, from := range States {
					set(from)
					to, ok := allowed[from]
					want := qa.Code("")
					switch {
					case !slices.Contains(strings.Fields(acts), string(a)):
						to, want = from, qa.CodeForbidden
					case !ok:
						to, want = from, qa.CodeWrongState
					}
					h.clock.Move(time.Millisecond)
					ack := h.try(viewer(v, "x"), Request{Do: a, Poll: id, Text: "Toinen?", Options: yesNo, Choice: []string{"o1"}, Item: "o2", On: ptr(true)})
					if got := h.get(qa.Moderator, id); ack.Code != want || got.State != to {
						t.Errorf("%s in view %d from %s: %q, now %s; want %q, %s", a, v, from, ack.Code, got.State, want, to)
					}
					h.agree()
				}
			}
		}
	})
}

// A closing poll waits for those who see the stream later, and not longer.
func TestClosingLeavesTime(t *testing.T) {
	each(t, func(h *house) {
		id := h.add(Request{Kind: KindChoice, Text: "Kumpi?", Options: yesNo})
		h.cast("a", id, "o1")
		for v, told := range map[qa.View]bool{qa.Audience: false, qa.Screen: false, qa.Stage: true, qa.Moderator: true} {
			if got := h.get(v, id); (got.Result != nil) != told || got.Voters != 1 {
				t.Errorf("while open, view %d: %+v", v, got)
			}
		}
		h.ears.Take()
		h.must(moderator, Request{Do: ActClose, Poll: id})
		if got := h.ears.Take(); len(got) != 1 || !strings.HasPrefix(got[0], "now "+session+" ") {
			t.Errorf("announced %v", got)
		}
		closing := h.get(qa.Audience, id)
		if closing.State != StateClosing || !closing.ClosesAt.Equal(h.clock.Now().Add(Grace)) || closing.Result != nil {
			t.Errorf("closing: %+v", closing)
		}
		h.clock.Move(Grace - time.Second)
		if n, err := h.Finish(t.Context()); n != 0 || err != nil {
			t.Errorf("closed too early: %d %v", n, err)
		}
		if c := h.cast("b", id, "o2"); c != "" {
			t.Errorf("44 seconds later: %q", c)
		}
		h.clock.Move(2 * time.Second)
		if c := h.cast("c", id, "o2"); c != qa.CodeWrongState {
			t.Errorf("46 seconds later: %q", c)
		}
		if c := h.cast("b", id, "o2"); c != "" {
			t.Errorf("what was cast is confirmed: %q", c)
		}
		before := h.get(qa.Audience, id)
		if n, err := h.Finish(t.Context()); n != 1 || err != nil {
			t.Errorf("closed %d %v", n, err)
		}
		if n, err := h.Finish(t.Context()); n != 0 || err != nil {
			t.Errorf("closed again: %d %v", n, err)
		}
		if got := h.get(qa.Audience, id); got.State != StateClosed || figures(got) != "o1:1 o2:1 o3:0" || before.Result != nil {
			t.Errorf("closed: %+v", got)
		}
		h.must(moderator, Request{Do: ActReopen, Poll: id})
		if c := h.cast("c", id, "o2"); c != "" {
			t.Errorf("opened again: %q", c)
		}
		if err := h.qa.Close(t.Context(), session); err != nil {
			t.Fatal(err)
		}
		if c := h.cast("d", id, "o2"); c != qa.CodeClosed {
			t.Errorf("in a closed room: %q", c)
		}
		if n, err := h.Finish(t.Context()); n != 1 || err != nil || h.get(qa.Audience, id).State != StateClosed {
			t.Errorf("the room's end did not end the poll: %d %v", n, err)
		}
		if ack := h.try(moderator, Request{Do: ActReopen, Poll: id}); ack.Code != qa.CodeClosed {
			t.Errorf("opened in a closed room: %q", ack.Code)
		}
		h.agree()
	})
}

func TestWhatAPollMustBe(t *testing.T) {
	each(t, func(h *house) {
		for name, c := range map[string]struct {
			r    Request
			want qa.Code
		}{
			"no kind":            {Request{Text: "?!", Options: yesNo}, qa.CodeBadAct},
			"no text":            {Request{Kind: KindText}, qa.CodeEmpty},
			"a long text":        {Request{Kind: KindText, Text: strings.Repeat("ä", TextMax+1)}, qa.CodeTooLong},
			"one option":         {Request{Kind: KindChoice, Text: "?!", Options: yesNo[:1]}, qa.CodeEmpty},
			"a long option":      {Request{Kind: KindChoice, Text: "?!", Options: Options{{Text: strings.Repeat("ä", OptionMax+1)}, {Text: "b"}}}, qa.CodeTooLong},
			"an option twice":    {Request{Kind: KindChoice, Text: "?!", Options: Options{{ID: "o1", Text: "a"}, {ID: "o1", Text: "b"}}}, qa.CodeBadAct},
			"a scale of one":     {Request{Kind: KindRating, Text: "?!", Most: 1}, qa.CodeBadAct},
			"a scale of hundred": {Request{Kind: KindRating, Text: "?!", Most: 100}, qa.CodeBadAct},
			"an essay of words":  {Request{Kind: KindCloud, Text: "?!", Most: 50}, qa.CodeBadAct},
			"a good one":         {Request{Kind: KindRating, Text: "?!", Most: 10}, ""},
		} {
			c.r.Do = ActAdd
			if ack := h.try(moderator, c.r); ack.Code != c.want {
				t.Errorf("%s: %q, want %q", name, ack.Code, c.want)
			}
		}
		again := Request{Op: "same", Do: ActAdd, Kind: KindText, Text: "Mitä opit?"}
		if a, b := h.must(moderator, again).ID, h.must(moderator, again).ID; a != b {
			t.Error("an op repeated made another poll")
		}
		again.Text = "Muuta?"
		if ack := h.try(moderator, again); ack.Code != qa.CodeOpUsed {
			t.Errorf("an op for another act: %q", ack.Code)
		}
		id := h.must(moderator, Request{Do: ActAdd, Kind: KindChoice, Text: "A?", Options: yesNo}).ID
		h.must(moderator, Request{Do: ActChange, Poll: id, Text: "B?", Options: Options{{ID: "o2", Text: "Ei!"}, {Text: "Uusi"}}})
		if got := h.get(qa.Stage, id); got.Text != "B?" || fmt.Sprint(got.Options) != "[{o2 Ei!} {o1 Uusi}]" {
			t.Errorf("changed: %+v", got)
		}
		if h.get(qa.Audience, id) != nil || h.get(qa.Screen, id) != nil {
			t.Error("a draft is shown")
		}
		for range PollsMax - 3 {
			h.must(moderator, Request{Do: ActAdd, Kind: KindText, Text: "?!"})
		}
		if ack := h.try(moderator, Request{Do: ActAdd, Kind: KindText, Text: "?!"}); ack.Code != qa.CodeBadAct {
			t.Errorf("one poll too many: %q", ack.Code)
		}
		if n := h.number(`SELECT count(*) FROM audit WHERE act LIKE 'poll.%'`); n < PollsMax {
			t.Errorf("only %d acts are in the log", n)
		}
	})
}
