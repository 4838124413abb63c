package static

import (
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// buildsOn names, for each stylesheet of pages, those whose classes it may say more
// about. In every other case one class in two of them is two things of one name: all
// pages link one stylesheet, so a rule meant for a heading of one page also moves
// whatever another page calls the same.
var buildsOn = map[string][]string{
	"program.css":        nil,
	"pages-program.css":  {"program.css", "live.css", "pages-live.css"},
	"live.css":           nil,
	"pages-live.css":     {"live.css"},
	"live-audience.css":  {"live.css", "pages-live.css"},
	"live-moderator.css": {"live.css", "pages-live.css", "live-audience.css"},
	"live-board.css":     {"live.css", "pages-live.css"},
	"desk.css":           nil,
	"desk-places.css":    {"desk.css"},
	"desk-grid.css":      {"desk.css", "program.css", "pages-program.css"},
	"discussion.css":     {"desk.css"},
	"ticket.css":         {"live-board.css", "live.css"}, // codes, also on a room's screen
	"register.css":       {"ticket.css"},
	"door.css":           {"ticket.css"},
	"badge.css":          {"desk.css"},
	"paper.css":          {"ticket.css"},
	"material.css":       nil,
	"speakers.css":       {"material.css", "desk.css"},
	"speak.css":          {"material.css"},
	"editions.css":       nil,
	"search.css":         nil,
	"proposal.css":       {"desk.css", "discussion.css"},
}

// general are the layers that speak about every page.
var general = []string{"tokens", "base", "frame", "parts", "forms", "helpers", "print"}

// TestClassesMeanOneThing: a class that one page's stylesheet rules on its own is in
// no other page's.
func TestClassesMeanOneThing(t *testing.T) {
	sheets := map[string]string{}
	for _, m := range regexp.MustCompile(`@import url\("([^"]+)"\) layer\((\w+)\)`).FindAllStringSubmatch(read(t, "agora.css"), -1) {
		if slices.Contains(general, m[2]) {
			continue
		}
		if _, told := buildsOn[m[1]]; !told {
			t.Errorf("css/%s: buildsOn does not name it", m[1])
		}
		sheets[m[1]] = read(t, m[1])
	}
	for name := range buildsOn {
		if _, there := sheets[name]; !there {
			t.Errorf("buildsOn names css/%s, which is no page's stylesheet", name)
		}
	}
	for _, clash := range clashes(sheets, buildsOn) {
		t.Error(clash)
	}
}

// TestClashesAreSeen: the check above would find what it is for.
func TestClashesAreSeen(t *testing.T) {
	sheets := map[string]string{
		"a.css": `.theirs, .own > li { margin: 0 }  /* .block {} */`,
		"b.css": `@media (min-width: 10px) { .block.theirs { margin: 1px } } .own .x { margin: 0 }`,
		"c.css": `.sum:hover { margin: 0 } .theirs + p { margin: 0 } .x > :is(.own, .block) { margin: 0 }`,
		"d.css": `:is(.holds, .sum) > li { margin: 0 }`,
	}
	got := clashes(sheets, map[string][]string{"c.css": {"a.css"}})
	want := []string{"css/a.css rules .theirs on its own, and css/b.css has the class too",
		"css/c.css rules .theirs on its own, and css/b.css has the class too", "css/a.css rules .own on its own, and css/b.css has the class too",
		"css/c.css rules .sum on its own, and css/d.css has the class too", "css/d.css rules .sum on its own, and css/c.css has the class too"}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, wanted %q", got, want)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	content, err := fs.ReadFile(FS, "css/"+name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

var (
	remarks   = regexp.MustCompile(`(?s)/\*.*?\*/`)
	selectors = regexp.MustCompile(`([^{};]+)\{`)
	class     = regexp.MustCompile(`\.([a-z][a-z0-9-]*)`)
)

// clashes lists the classes that one sheet rules wherever they stand, while another
// that does not build on it has them as well. A rule with a second
// class, or with an attribute, is held to its own page by that.
func clashes(sheets map[string]string, buildsOn map[string][]string) []string {
	rules, has := map[string]map[string]bool{}, map[string]map[string]bool{}
	for name, sheet := range sheets {
		for _, m := range selectors.FindAllStringSubmatch(remarks.ReplaceAllString(sheet, ""), -1) {
			for _, one := range alternatives(m[1]) {
				named := class.FindAllStringSubmatch(one, -1)
				for _, c := range named {
					put(has, c[1], name)
					if len(named) == 1 && !strings.Contains(one, "[") {
						put(rules, c[1], name)
					}
				}
			}
		}
	}
	var found []string
	for _, c := range slices.Sorted(maps.Keys(rules)) {
		for owner := range rules[c] {
			for other := range has[c] {
				if other != owner && !slices.Contains(buildsOn[other], owner) && !slices.Contains(buildsOn[owner], other) {
					found = append(found, fmt.Sprintf("css/%s rules .%s on its own, and css/%s has the class too", owner, c, other))
				}
			}
		}
	}
	return found
}

// alternatives are the selectors of a rule one by one, those of :is() and :where() too.
func alternatives(list string) (each []string) {
	for _, one := range apart(list) {
		before, rest, found := strings.Cut(one, ":is(")
		if !found {
			before, rest, found = strings.Cut(one, ":where(")
		}
		end := strings.Index(rest, ")")
		if !found || end < 0 {
			each = append(each, strings.TrimSpace(one))
			continue
		}
		for _, inner := range apart(rest[:end]) {
			each = append(each, alternatives(before+strings.TrimSpace(inner)+rest[end+1:])...)
		}
	}
	return each
}

// apart divides a list at the commas that stand in no brackets.
func apart(list string) (each []string) {
	depth, from := 0, 0
	for i, r := range list {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth--
		case r == ',' && depth == 0:
			each = append(each, list[from:i])
			from = i + 1
		}
	}
	return append(each, list[from:])
}

func put(sets map[string]map[string]bool, key, value string) {
	if sets[key] == nil {
		sets[key] = map[string]bool{}
	}
	sets[key][value] = true
}
