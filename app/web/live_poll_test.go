package web

import (
	"strings"
	"testing"
)

// A poll reaches everybody in patches beside the questions, and a ballot is told to
// whoever cast it when they come back.
func TestLivePollOverTheSocket(t *testing.T) {
	h := newLiveHouse(t)
	voter := h.browser()
	v, m := voter.join(h.talk.ID, "audience", ""), h.moderator().join(h.talk.ID, "moderator", "")
	for _, s := range []*socket{v, m} {
		if f := s.kind("snapshot"); strings.Contains(f.raw, "polls") {
			t.Error("a room without polls has a list of them: ", f.raw)
		}
	}
	if ack := v.do("p0", map[string]any{"do": "poll_add", "kind": "choice", "text": "Oma?", "options": []map[string]string{{"text": "A"}, {"text": "B"}}}); ack.OK || ack.Error.Code != "forbidden" {
		t.Error("the audience made a poll: ", ack.raw)
	}
	made := m.do("p1", map[string]any{"do": "poll_add", "kind": "choice", "text": "Onko teillä ohjeet?", "live": true, "options": []map[string]string{{"text": "On"}, {"text": "Ei"}}})
	if !made.OK || made.ID == "" {
		t.Fatal(made.raw)
	}
	h.tock()
	m.until("the draft", func(f frameSeen) bool { return strings.Contains(f.raw, `"state":"draft"`) })
	if ack := v.do("p2", map[string]any{"do": "ballot", "poll": made.ID, "choice": []string{"o1"}}); ack.OK || ack.Error.Code != "wrong_state" || ack.Error.Message == "" {
		t.Error("a ballot for a draft: ", ack.raw)
	}
	m.do("p3", map[string]any{"do": "poll_open", "poll": made.ID})
	v.until("the poll, at once", func(f frameSeen) bool {
		return f.T == "patch" && strings.Contains(f.raw, `"polls":[{"id":"`+made.ID) && strings.Contains(f.raw, `"n":0`)
	})
	if ack := v.do("p4", map[string]any{"do": "ballot", "poll": made.ID, "choice": []string{"o1"}}); !ack.OK {
		t.Fatal(ack.raw)
	}
	h.tock()
	v.until("the count", func(f frameSeen) bool { return strings.Contains(f.raw, `{"item":"o1","text":"On","n":1}`) })
	if mine := v.do("p5", map[string]any{"do": "mine"}); !strings.Contains(mine.raw, `"ballots":{"`+made.ID+`":["o1"]}`) {
		t.Error("mine: ", mine.raw)
	}
	back := voter.join(h.talk.ID, "audience", "")
	// Its first frames are a snapshot, a patch after it and "mine", in any order but that.
	seen := map[string]bool{}
	back.until("the poll and the own ballot", func(f frameSeen) bool {
		seen["poll"] = seen["poll"] || f.T != "mine" && strings.Contains(f.raw, `"polls":[{"id":"`+made.ID)
		seen["mine"] = seen["mine"] || f.T == "mine" && strings.Contains(f.raw, `"ballots":{"`+made.ID+`":["o1"]}`)
		return seen["poll"] && seen["mine"]
	})
}
