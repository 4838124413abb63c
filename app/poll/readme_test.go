package poll

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"agora/app/apptest"
	"agora/app/qa"
	"agora/app/text"
)

// protocol is the README that other clients are written after.
func protocol(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("../../realtime/README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Other clients are written after the README, so it must list what the code has.
func TestReadmeTellsOfPolls(t *testing.T) {
	readme := protocol(t)
	for title, want := range map[string][]string{"Acts on polls": apptest.Words(Acts[:]), "Kinds of polls": apptest.Words(Kinds[:]), "States of a poll": apptest.Words(States[:])} {
		if got, _ := apptest.Table(t, readme, title); !slices.Equal(got, want) {
			t.Errorf("%s: the README lists %v, the code %v", title, got, want)
		}
	}
	names := map[qa.View]string{qa.Audience: "audience", qa.Moderator: "moderator", qa.Stage: "stage", qa.Screen: "screen"}
	_, acts := apptest.Table(t, readme, "Acts on polls")
	for a, rule := range rules {
		row := acts[string(a)]
		var who []string
		for _, v := range rule.views {
			who = append(who, names[v])
		}
		from := apptest.Quoted(row[2])
		if strings.TrimSpace(row[0]) != strings.Join(who, ", ") || !slices.Equal(from, apptest.Words(rule.from)) {
			t.Errorf("%s: the README says %q from %v, the code %v from %v", a, row[0], from, who, rule.from)
		}
	}
	_, states := apptest.Table(t, readme, "States of a poll")
	for _, s := range States {
		for i, v := range []qa.View{qa.Audience, qa.Stage, qa.Screen} {
			if got := strings.TrimSpace(states[string(s)][i+1]) == "yes"; got != Sees(v, s) {
				t.Errorf("%s: the README shows it to the %s: %v", s, names[v], got)
			}
		}
	}
}

func TestEveryWordHasItsMessages(t *testing.T) {
	c, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, k := range Kinds {
		keys = append(keys, "poll.kind."+string(k))
	}
	for _, s := range States {
		keys = append(keys, "poll.state."+string(s))
	}
	for _, a := range Acts {
		keys = append(keys, "poll.act."+string(a))
		if !Knows(a) {
			t.Errorf("%s is not known", a)
		}
	}
	for _, k := range keys {
		for _, l := range text.Langs {
			if !c.Has(l, k) {
				t.Errorf("%s lacks %s", l, k)
			}
		}
	}
	if Knows(qa.ActVote) || len(rules) != len(Acts) {
		t.Error("acts are not told apart")
	}
}

func TestReadmeShowsAPoll(t *testing.T) {
	_, part, _ := strings.Cut(protocol(t), "### Polls\n")
	_, part, _ = strings.Cut(part, "```json\n")
	example, _, _ := strings.Cut(part, "\n```")
	d := json.NewDecoder(strings.NewReader(example))
	d.DisallowUnknownFields()
	var s Shown
	if err := d.Decode(&s); err != nil || s.Kind != KindChoice || len(s.Result) != 2 {
		t.Errorf("%+v %v", s, err)
	}
}
