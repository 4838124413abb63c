package main

import (
	"encoding/json"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const evil = `</script><script>alert(1)</script><img src=x onerror="alert(1)">&lt;b>'{{.}}`

// evilInHTML finds what a page would run or draw of it.
var evilInHTML = regexp.MustCompile(`(?i)<script>alert|<img[^>]*onerror|</script><script>|<b>'`)

// A script in every text field stays text: the pages of all four views escape it,
// and frames hold it exactly as it was written.
func TestScriptsStayText(t *testing.T) {
	a := newAbused(t)
	quoted, err := json.Marshal(evil)
	if err != nil {
		t.Fatal(err)
	}
	text := `"text":` + string(quoted)
	m, p := a.moderator, a.people[0]
	asked := p.must(`"do":"ask",` + text + `,"name":"<script>alert(1)</script>"`)
	other := a.people[1].must(`"do":"ask","text":"Something harmless","name":null`)
	m.must(`"do":"approve","question":"` + asked.ID + `"`)
	m.must(`"do":"edit","question":"` + a.questions[0] + `",` + text)
	m.must(`"do":"reject","question":"` + other.ID + `","reason":` + string(quoted))
	m.must(`"do":"queue","question":"` + asked.ID + `"`)
	m.must(`"do":"now","question":"` + a.questions[0] + `"`)
	m.must(`"do":"tell",` + text)
	polls := []string{
		m.must(`"do":"poll_add","kind":"choice",` + text + `,"options":[{` + text + `},{"text":"b"}],"live":true`).ID,
		m.must(`"do":"poll_add","kind":"cloud",` + text + `,"most":3,"live":true`).ID,
		m.must(`"do":"poll_add","kind":"text",` + text + `,"live":true`).ID,
	}
	for i, id := range polls {
		m.must(`"do":"poll_open","poll":"` + id + `"`)
		p.must(`"do":"ballot","poll":"` + id + `","choice":[` + []string{`"o1"`, `"<img onerror=x>","<script>alert(1)"`, string(quoted)}[i] + `]`)
	}
	a.written(asked.ID)
	a.pagesEscape()
	a.told()
}

// written sees that frames hold the text as it was typed, in all four views.
func (a *abused) written(id string) {
	a.t.Helper()
	for _, view := range []string{"moderator", "stage", "screen"} {
		a.enter(a.sites[0], view, a.staffPass(view))
	}
	a.until("every view shows it", func() bool {
		for _, v := range a.viewers {
			_, _, things := v.sees()
			var q struct{ Text string }
			if json.Unmarshal([]byte(things[id]), &q) != nil || q.Text != evil {
				return false
			}
		}
		return true
	})
}

// pagesEscape opens the pages that the server draws of the room.
func (a *abused) pagesEscape() {
	a.t.Helper()
	s := a.sites[0]
	desk := "/desk" + siteEdition
	links := string(s.get(a.ctx, a.owner.client, desk+"/rooms/links").Body)
	pages := regexp.MustCompile(`/(?:stage|screen|moderate)/[A-Za-z0-9_.-]+`).FindAllString(links, -1)
	if !strings.Contains(strings.Join(pages, " "), "/stage/") || !strings.Contains(strings.Join(pages, " "), "/screen/") {
		a.t.Fatalf("no links to stage and screen: %q", pages)
	}
	pages = append(pages, siteEdition+"/sessions/opening/live", siteEdition+"/sessions/opening", desk+"/live/opening", desk+"/live/opening/polls",
		desk+"/live/opening/discussion", desk+"/live/opening/discussion.json")
	shown := 0
	for _, path := range slices.Compact(pages) {
		page := s.get(a.ctx, a.owner.client, path)
		if page.Status != http.StatusOK {
			a.t.Errorf("%s: %d", path, page.Status)
			continue
		}
		if m := evilInHTML.FindString(string(page.Body)); m != "" {
			a.t.Errorf("%s holds %s", path, m)
		}
		if strings.Contains(string(page.Body), html.EscapeString("<script>alert(1)")) || strings.Contains(string(page.Body), `\u003cscript\u003ealert(1)`) {
			shown++
		}
		if policy := page.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "script-src 'self'") || strings.Contains(policy, "unsafe") {
			a.t.Errorf("%s: the policy is %q", path, policy)
		}
	}
	if shown < 4 {
		a.t.Errorf("only %d pages show the text at all, so this proves little", shown)
	}
	if !evilInHTML.MatchString("<p>" + evil + "</p>") {
		a.t.Error("a page that does not escape goes unnoticed")
	}
}
