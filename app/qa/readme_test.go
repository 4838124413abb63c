package qa

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"agora/app/apptest"
)

// liveSection is the part of the protocol's README that this area owns.
func liveSection(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("../../realtime/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(b), "## Acts, states and error codes of the live room\n")
	if !found {
		t.Fatal("the README has no section on the live room")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	return section
}

// Other clients are written after the README, so it must list what the code has.
func TestReadmeListsWhatTheCodeHas(t *testing.T) {
	section := liveSection(t)
	for title, want := range map[string][]string{
		"Acts": apptest.Words(Acts[:]), "States of a question": apptest.Words(States[:]), "States of a room": apptest.Words(RoomStates[:]),
		"Sources": apptest.Words(Sources[:]), "Error codes": apptest.Words(Codes[:]),
	} {
		if got, _ := apptest.Table(t, section, title); !slices.Equal(got, want) {
			t.Errorf("%s: the README lists %v, the code %v", title, got, want)
		}
	}
}

func TestReadmeTellsTheRules(t *testing.T) {
	section := liveSection(t)
	names := map[View]string{Audience: "audience", Moderator: "moderator", Stage: "stage", Screen: "screen"}
	_, acts := apptest.Table(t, section, "Acts")
	for a, rule := range rules {
		row := acts[string(a)]
		if len(row) != 4 {
			t.Fatalf("%s: %q", a, row)
		}
		var who []string
		for _, v := range rule.views {
			who = append(who, names[v])
		}
		if got := strings.TrimSpace(row[0]); got != strings.Join(who, ", ") {
			t.Errorf("%s: the README lets %q do it, the code %v", a, got, who)
		}
		if got := apptest.Quoted(row[2]); !slices.Equal(got, apptest.Words(rule.from)) {
			t.Errorf("%s: the README allows it from %v, the code from %v", a, got, rule.from)
		}
		if to := apptest.Quoted(row[3]); rule.to != "" && !slices.Equal(to, []string{string(rule.to)}) {
			t.Errorf("%s: the README leads to %v, the code to %s", a, to, rule.to)
		}
	}
	_, states := apptest.Table(t, section, "States of a question")
	for _, s := range States {
		row := states[string(s)]
		for i, v := range []View{Audience, Stage, Screen} {
			if got := strings.TrimSpace(row[i+1]) == "yes"; got != v.Sees(s) {
				t.Errorf("%s: the README shows it to the %s: %v", s, names[v], got)
			}
		}
	}
}

// The examples of the README are read with what the code writes: a member that one
// of them does not know is told.
func TestReadmeShowsWhatIsSent(t *testing.T) {
	section := liveSection(t)
	var found []string
	for _, m := range regexp.MustCompile("(?s)```json\n(.*?)\n```").FindAllStringSubmatch(section, -1) {
		var members map[string]json.RawMessage
		if err := json.Unmarshal([]byte(m[1]), &members); err != nil {
			t.Errorf("%s: %v", m[1], err)
			continue
		}
		into, what := any(&Question{}), "question"
		switch {
		case members["counts"] != nil:
			into, what = &roomDesk{}, "room"
		case members["kind"] != nil:
			what = "poll" // the polls' own tests compare theirs
		}
		found = append(found, what)
		d := json.NewDecoder(strings.NewReader(m[1]))
		if d.DisallowUnknownFields(); what != "poll" {
			if err := d.Decode(into); err != nil {
				t.Errorf("%s: %v", m[1], err)
			}
		}
	}
	if fmt.Sprint(found) != "[question question room poll]" {
		t.Errorf("the README has examples of %v", found)
	}
	for _, member := range []string{`"asking"`, `"queue"`, `"messages"`, `"sources"`, `"blocked"`, `"labels"`, "`held`", "`into`", "`from`", `"alike"`, `"pairs"`, `"done"`, `"left"`, "`undo`", "`redo`"} {
		if !strings.Contains(section, member) {
			t.Errorf("the README does not tell of %s", member)
		}
	}
}
