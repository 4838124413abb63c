package web

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"agora/app/qa"
)

// Without a script, the same is done by forms.
func TestLiveByForm(t *testing.T) {
	h := newLiveHouse(t)
	asker, other, moderator := h.browser(), h.browser(), h.moderator()
	place, desk := h.livePath(h.talk), "/desk/cmadfi/2027/live/"+h.talk.Slug
	_, page := asker.page(place)
	ask := url.Values{"key": {inputValue(t, page, "key")}, "text": {"Paljonko aikaa menee viikossa?\n\n<script>alert(1)</script>"}, "anonymous": {"1"}}
	if status, to := asker.post(place, ask); status != http.StatusSeeOther || to != place {
		t.Fatal(status, to)
	}
	if status, _ := asker.post(place, ask); status != http.StatusSeeOther {
		t.Error("pressed twice: ", status)
	}
	_, page = asker.page(place)
	if strings.Count(page, "Paljonko aikaa") != 2 || strings.Contains(page, "<script>alert") { // on the page, and in what its script starts from
		t.Error("the asker does not see the own question once")
	}
	if _, page = other.page(place); strings.Contains(page, "Paljonko") {
		t.Error("others see a question that waits")
	}
	_, page = moderator.page(desk)
	id := regexp.MustCompile(`name="question" value="([^"]+)"`).FindStringSubmatch(page)
	if id == nil {
		t.Fatal("the moderator does not see the question")
	}
	act := func(do string, more url.Values) int {
		t.Helper()
		_, page := moderator.page(desk)
		values := url.Values{"key": {inputValue(t, page, "key")}, "do": {do}, "question": {id[1]}}
		for k, list := range more {
			values[k] = list
		}
		status, _ := moderator.post(desk, values)
		return status
	}
	if status := act("reject", url.Values{"reason": {"  "}}); status != http.StatusUnprocessableEntity {
		t.Error("rejected without a reason", status)
	}
	if status := act("approve", nil); status != http.StatusSeeOther {
		t.Error("approve", status)
	}
	if status := act("approve", nil); status != http.StatusConflict {
		t.Error("approved twice", status)
	}
	if _, page = other.page(place); !strings.Contains(page, "Paljonko") || !strings.Contains(page, `value="`+id[1]+` on"`) {
		t.Error("the approved question is not there to vote for")
	}
	vote := func(b *browser, wish string) {
		t.Helper()
		if status, to := b.post(place+"?sort=new", url.Values{"vote": {id[1] + " " + wish}}); status != http.StatusSeeOther || to != place+"?sort=new" {
			t.Error("vote", status, to)
		}
	}
	vote(other, "on")
	vote(other, "on")
	if _, page = other.page(place); !strings.Contains(page, `aria-pressed="true"`) || !strings.Contains(page, "1 ääni") {
		t.Error("the own vote is not shown")
	}
	vote(other, "off")
	if list, err := h.qa.Seen(t.Context(), h.talk.ID, qa.Audience); err != nil || list[0].Votes != 0 {
		t.Error(list, err)
	}
	if status, _ := other.post(place, url.Values{"withdraw": {id[1]}}); status != http.StatusForbidden {
		t.Error("somebody else's question was withdrawn", status)
	}
	if status, _ := asker.post(place, url.Values{"withdraw": {id[1]}}); status != http.StatusSeeOther {
		t.Error("the own question could not be withdrawn", status)
	}
}

func TestLiveRefusedTextIsKept(t *testing.T) {
	h := newLiveHouse(t)
	b := h.browser()
	place := h.livePath(h.talk)
	long := strings.Repeat("pitkä ", 101)
	for name, c := range map[string]struct {
		values url.Values
		want   string
	}{
		"too long": {url.Values{"text": {long}, "anonymous": {"1"}}, "600"},
		"no name":  {url.Values{"text": {"Hei"}}, "Kirjoita nimesi"},
		"empty":    {url.Values{"text": {" \n "}, "anonymous": {"1"}}, "Kirjoita tähän"},
	} {
		status, page := b.post(place, c.values)
		if status != http.StatusUnprocessableEntity || !strings.Contains(page, c.want) {
			t.Error(name, status)
		}
		if !strings.Contains(page, ">"+html.EscapeString(c.values.Get("text"))+"</textarea>") {
			t.Error(name, ": what was typed is lost")
		}
	}
}

// The day's address leads a chosen room to what is on there.
func TestLiveDayLeadsToTheRoom(t *testing.T) {
	h := newLiveHouse(t)
	b := h.browser()
	const day = "/cmadfi/2027/live"
	status, page := b.page(day)
	if status != http.StatusOK || !strings.Contains(page, "Tiedolla vaikuttaminen") || !strings.Contains(page, "Mitä mittaat") || strings.Contains(page, "Sali 2") {
		t.Error("the day's rooms", status)
	}
	if status, to := b.page(day + "?room=aula"); status != http.StatusSeeOther || to != h.livePath(h.talk)+"?room=aula" {
		t.Error("during the session: ", status, to)
	}
	h.forward(30 * time.Minute)
	if status, page = b.page(day + "?room=aula"); status != http.StatusOK || !strings.Contains(page, "Mitä mittaat") || !strings.Contains(page, "data-live-day") {
		t.Error("in the break: ", status)
	}
	h.forward(30 * time.Minute)
	if status, to := b.page(day + "?room=aula"); status != http.StatusSeeOther || to != h.livePath(h.later)+"?room=aula" {
		t.Error("in the next session: ", status, to)
	}
	h.forward(2 * time.Hour)
	if status, page = b.page(day); status != http.StatusOK || !strings.Contains(page, "Päivä on ohi") || !strings.Contains(page, "/cmadfi/2027/materials") {
		t.Error("after the day: ", status)
	}
	h.forward(24 * time.Hour)
	status, page = b.page(h.livePath(h.talk))
	if status != http.StatusOK || strings.Contains(page, "<textarea") || strings.Contains(page, "data-live") {
		t.Error("the archive takes questions", status)
	}
	if status, _ := b.pass(h.talk.ID, "audience"); status != http.StatusGone {
		t.Error("the archive gives passes", status)
	}
}

func inputValue(t *testing.T, page, name string) string {
	t.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(page)
	if m == nil {
		t.Fatal("no field " + name)
	}
	return html.UnescapeString(m[1])
}

// Every live page in every language: no word is missing, on the page or in what
// its script starts from.
func TestLiveWordsAreThere(t *testing.T) {
	h := newLiveHouse(t)
	b := h.moderator()
	s := b.join(h.talk.ID, "audience", "")
	asked := s.do("op-1", map[string]any{"do": "ask", "text": "Näkyykö kaikki?", "name": "Ållè Öberg"})
	for _, act := range []qa.Act{qa.ActApprove, qa.ActQueue, qa.ActNow, qa.ActAnswered} {
		for _, lang := range []string{"fi", "sv", "en"} {
			for _, path := range []string{h.livePath(h.talk), h.livePath(h.talk) + "?room=aula", h.livePath(h.later), "/cmadfi/2027/live", "/cmadfi/2027/live?room=sali-2",
				"/desk/cmadfi/2027/live", "/desk/cmadfi/2027/live/" + h.talk.Slug} {
				join := "?"
				if strings.Contains(path, "?") {
					join = "&"
				}
				status, page := b.page(path + join + "lang=" + lang)
				if strings.HasSuffix(path, "room=sali-2") && status == http.StatusSeeOther {
					continue
				}
				if status != http.StatusOK || strings.ContainsAny(page, "⟦") || strings.Contains(page, "ZgotmplZ") || strings.Contains(page, "<no value>") {
					t.Error(lang, path, status)
				}
			}
		}
		h.must(h.qa.Do(t.Context(), qa.Viewer{Room: h.talk.ID, View: qa.Moderator, Voter: "m"}, qa.Request{Op: string(act), Do: act, Question: asked.ID}).Err())
	}
	if h.must(h.qa.Close(t.Context(), h.talk.ID)); t.Failed() {
		return
	}
	if status, page := b.page(h.livePath(h.talk)); status != http.StatusOK || strings.Contains(page, "<textarea") || !strings.Contains(page, "Näkyykö") {
		t.Error("a closed room is not there to read", status)
	}
}
