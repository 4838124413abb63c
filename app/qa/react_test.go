package qa

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestReactionsAreOffUntilSwitchedOn(t *testing.T) {
	each(t, func(h *house) {
		react := func(v Viewer, reaction string) (Reaction, Code) {
			return h.React(t.Context(), v, []byte(fmt.Sprintf(`{"op":"1","do":"react","reaction":%q}`, reaction)))
		}
		anna := viewer(Audience, "anna")
		if _, code := react(anna, "clap"); code != CodeReactions {
			t.Errorf("before anybody switched them on: %q", code)
		}
		on := DefaultSettings()
		on.Reactions = true
		if err := h.SetDefault(t.Context(), "", "edition-1", 0, on); err != nil {
			t.Fatal(err)
		}
		for _, want := range Reactions {
			if got, code := react(anna, string(want)); got != want || code != "" {
				t.Errorf("%s: %q %q", want, got, code)
			}
		}
		for who, v := range map[string]Viewer{"moderator": moderator, "screen": viewer(Screen, "s")} {
			if _, code := react(v, "clap"); code != CodeForbidden {
				t.Errorf("%s: %q", who, code)
			}
		}
		if _, code := react(anna, "rotten tomato"); code != CodeBadAct {
			t.Errorf("an unknown one: %q", code)
		}
		if _, code := react(Viewer{Room: "nowhere", Voter: "anna"}, "clap"); code != CodeNotFound {
			t.Errorf("no such room: %q", code)
		}
		off := DefaultSettings()
		if err := h.SetRoom(t.Context(), "", session, &off); err != nil {
			t.Fatal(err)
		}
		if _, code := react(anna, "clap"); code != CodeReactions {
			t.Errorf("switched off for the room: %q", code)
		}
		if err := h.SetRoom(t.Context(), "", session, nil); err != nil {
			t.Fatal(err)
		}
		if err := h.Close(t.Context(), session); err != nil {
			t.Fatal(err)
		}
		h.clock.Move(time.Second)
		if _, code := react(anna, "clap"); code != CodeClosed {
			t.Errorf("in a closed room: %q", code)
		}
	})
}

func TestReadmeListsTheReactions(t *testing.T) {
	_, part, found := strings.Cut(liveSection(t), "### Reactions\n")
	part, _, _ = strings.Cut(part, "\n###")
	for _, r := range Reactions {
		if found = found && strings.Contains(part, "`"+string(r)+"`"); !found {
			t.Errorf("the README does not tell of %s", r)
		}
	}
	var frame struct {
		Do       Act      `json:"do"`
		Reaction Reaction `json:"reaction"`
	}
	_, example, _ := strings.Cut(part, "```\n")
	line, _, _ := strings.Cut(example, "\n")
	if err := json.Unmarshal([]byte(line), &frame); err != nil || frame.Do != ActReact || frame.Reaction != ReactionClap {
		t.Errorf("the example %q: %v", line, err)
	}
}
