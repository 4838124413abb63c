package poll

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"agora/app/qa"
	"agora/app/text"
)

var quoted = regexp.MustCompile("`([a-z_]+)`")

// table gives the rows of the protocol's table under a title, by the word in its
// first column.
func table(t *testing.T, title string) (words []string, cells map[string][]string) {
	t.Helper()
	b, err := os.ReadFile("../../realtime/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, part, found := strings.Cut(string(b), "### "+title+"\n")
	if !found {
		t.Fatalf("no part %q", title)
	}
	part, _, _ = strings.Cut(part, "\n###")
	cells = map[string][]string{}
	for _, line := range strings.Split(part, "\n") {
		row := strings.Split(line, "|")
		if len(row) > 2 && quoted.MatchString(row[1]) {
			word := strings.Trim(row[1], " `")
			words = append(words, word)
			cells[word] = row[2 : len(row)-1]
		}
	}
	return words, cells
}

func strs[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

// Other clients are written after the README, so it must list what the code has.
func TestReadmeTellsOfPolls(t *testing.T) {
	for title, want := range map[string][]string{"Acts on polls": strs(Acts[:]), "Kinds of polls": strs(Kinds[:]), "States of a poll": strs(States[:])} {
		if got, _ := table(t, title); !slices.Equal(got, want) {
			t.Errorf("%s: the README lists %v, the code %v", title, got, want)
		}
	}
	names := map[qa.View]string{qa.Audience: "audience", qa.Moderator: "moderator", qa.Stage: "stage", qa.Screen: "screen"}
	_, acts := table(t, "Acts on polls")
	for a, rule := range rules {
		row := acts[string(a)]
		var who []string
		for _, v := range rule.views {
			who = append(who, names[v])
		}
		var from []string
		for _, m := range quoted.FindAllStringSubmatch(row[2], -1) {
			from = append(from, m[1])
		}
		if strings.TrimSpace(row[0]) != strings.Join(who, ", ") || !slices.Equal(from, strs(rule.from)) {
			t.Errorf("%s: the README says %q from %v, the code %v from %v", a, row[0], from, who, rule.from)
		}
	}
	_, states := table(t, "States of a poll")
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
	b, err := os.ReadFile("../../realtime/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, part, _ := strings.Cut(string(b), "### Polls\n")
	_, part, _ = strings.Cut(part, "```json\n")
	example, _, _ := strings.Cut(part, "\n```")
	d := json.NewDecoder(strings.NewReader(example))
	d.DisallowUnknownFields()
	var s Shown
	if err := d.Decode(&s); err != nil || s.Kind != KindChoice || len(s.Result) != 2 {
		t.Errorf("%+v %v", s, err)
	}
}
