package web

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"agora/app/qa"
)

// reactionsOn switches reactions on for the edition.
func (h *liveHouse) reactionsOn(on bool) {
	h.t.Helper()
	set, version, err := h.qa.Default(h.t.Context(), h.edition.ID)
	h.must(err)
	set.Reactions = on
	h.must(h.qa.SetDefault(h.t.Context(), "", h.edition.ID, version, set))
}

// reacted reads up to the next frame of reactions.
func (s *socket) reacted() map[string]int64 {
	s.t.Helper()
	var f struct {
		Counts map[string]int64 `json:"counts"`
	}
	s.h.must(json.Unmarshal([]byte(s.until("reactions", func(f frameSeen) bool { return f.T == "reactions" }).raw), &f))
	return f.Counts
}

func TestReactionsInARoom(t *testing.T) {
	h := newLiveHouse(t)
	moderator := h.moderator()
	_, err := h.qa.Open(t.Context(), h.talk.ID)
	h.must(err)
	one, two := h.browser().join(h.talk.ID, "audience", ""), h.browser().join(h.talk.ID, "audience", "")
	desk := moderator.join(h.talk.ID, "moderator", "")
	for _, s := range []*socket{one, two, desk} {
		s.until("the room", func(f frameSeen) bool { return f.T == "snapshot" })
	}
	refused := func(s *socket, op, reaction string, want qa.Code) {
		t.Helper()
		if f := s.do(op, map[string]any{"do": "react", "reaction": reaction}); f.Op != op || f.Error == nil || f.Error.Code != string(want) || f.Error.Message == f.Error.Code {
			t.Errorf("%s: %s", op, f.raw)
		}
	}
	refused(one, "off", "clap", qa.CodeReactions)
	h.reactionsOn(true)
	before := dumpTables(t, h.db)
	refused(one, "unknown", "tomato", qa.CodeBadAct)
	refused(desk, "moderator", "clap", qa.CodeForbidden)
	for i, s := range []*socket{one, two, two} {
		op := string(rune('a' + i))
		if f := s.do(op, map[string]any{"do": "react", "reaction": "clap"}); f.Op != op || !f.OK {
			t.Errorf("%s: %s", op, f.raw)
		}
	}
	for _, s := range []*socket{one, two, desk} {
		got := map[string]int64{}
		for got["clap"] < 3 { // a beat may have come between them
			for kind, n := range s.reacted() {
				got[kind] += n
			}
		}
		if !maps.Equal(got, map[string]int64{"clap": 3}) {
			t.Errorf("seen %v", got)
		}
	}
	if diff := differing(before, dumpTables(t, h.db)); diff != "" {
		t.Errorf("reactions were stored in %s", diff)
	}
}

func TestReactionsInTheSettings(t *testing.T) {
	h := newLiveHouse(t)
	b := h.organiser()
	const path = "/desk/cmadfi/2027/live-settings"
	_, page := b.page(path)
	if !strings.Contains(page, `name="reactions"`) || strings.Contains(page, `name="reactions" value="1" checked`) {
		t.Error("reactions are not off, or cannot be switched on")
	}
	values := map[string][]string{"version": {inputValue(t, page, "version")}, "review": {"before"}, "names": {"allowed"}, "slow": {"0"}, "reactions": {"1"}}
	if status, to := b.post(path, values); status != 303 {
		t.Fatal(status, to)
	}
	if set, _, err := h.qa.Default(t.Context(), h.edition.ID); err != nil || !set.Reactions {
		t.Error("not saved", err)
	}
	if _, page = b.page(path); !strings.Contains(page, `name="reactions" value="1" checked`) {
		t.Error("not shown as saved")
	}
}
