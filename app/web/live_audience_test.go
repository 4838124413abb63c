package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"agora/app/poll"
	"agora/app/qa"
)

// Polls are answered, changed and taken back by form too.
func TestLivePollByForm(t *testing.T) {
	h := newLiveHouse(t)
	b, place := h.browser(), h.livePath(h.talk)
	_, _ = b.page(place) // opens the room
	id := h.pollAct("a", poll.Request{Do: poll.ActAdd, Kind: poll.KindChoices, Text: "Missä <b>kanavissa</b>?", Most: 2, Live: true,
		Options: poll.Options{{Text: "Slack"}, {Text: "Teams"}, {Text: "Posti"}}})
	if _, page := b.page(place); strings.Contains(page, "kanavissa") {
		t.Error("a draft is shown")
	}
	h.pollAct("b", poll.Request{Do: poll.ActOpen, Poll: id})
	send := func(want int, values url.Values) string {
		t.Helper()
		values.Set("poll", id)
		status, body := b.post(place, values)
		if status != want {
			t.Error("status ", status, " instead of ", want)
		}
		return body
	}
	if to := send(http.StatusSeeOther, url.Values{"choice": {"o1", "o3"}}); to != place+"#poll-"+id {
		t.Error("leads to ", to)
	}
	_, page := b.page(place)
	if strings.Count(page, `value="o1" checked`) != 1 || strings.Count(page, `value="o2" checked`) != 0 || !strings.Contains(page, "1 vastaus") ||
		!strings.Contains(page, "Missä &lt;b&gt;kanavissa") || !strings.Contains(page, `name="back"`) {
		t.Error("the own answer is not on the page")
	}
	if body := send(http.StatusUnprocessableEntity, url.Values{"choice": {"o1", "o2", "o3"}}); !strings.Contains(body, `value="o2" checked`) || !strings.Contains(body, `role="alert"`) {
		t.Error("too many are not told, or not kept")
	}
	send(http.StatusUnprocessableEntity, url.Values{})
	send(http.StatusSeeOther, url.Values{"back": {"1"}})
	if _, page = b.page(place); strings.Contains(page, `checked> `) || !strings.Contains(page, "0 vastausta") {
		t.Error("it was not taken back")
	}
	h.pollAct("c", poll.Request{Do: poll.ActClose, Poll: id})
	h.pollAct("d", poll.Request{Do: poll.ActClose, Poll: id})
	send(http.StatusConflict, url.Values{"choice": {"o1"}})
}

// Own questions are changed by form, and only by whoever asked.
func TestLiveReviseByForm(t *testing.T) {
	h := newLiveHouse(t)
	asker, other, place := h.browser(), h.browser(), h.livePath(h.talk)
	_, page := asker.page(place)
	asker.post(place, url.Values{"key": {inputValue(t, page, "key")}, "text": {"Alku\n\nja loppu?"}, "anonymous": {"1"}})
	_, page = asker.page(place)
	id := regexp.MustCompile(`data-revise="([^"]+)"`).FindStringSubmatch(page)
	if id == nil {
		t.Fatal("the own question cannot be changed")
	}
	_, page = asker.page(place + "?revise=" + id[1])
	if inputValue(t, page, "revise") != id[1] || !strings.Contains(page, ">Alku\n\nja loppu?</textarea>") {
		t.Error("the form does not hold the question")
	}
	change := url.Values{"revise": {id[1]}, "was": {"Alku\r\n\r\nja loppu?"}, "text": {"Uusi?"}}
	if status, _ := other.post(place, change); status != http.StatusForbidden {
		t.Error("somebody else changed it: ", status)
	}
	if status, to := asker.post(place, change); status != http.StatusSeeOther || to != place {
		t.Error("not changed: ", status, to)
	}
	if status, _ := asker.post(place, change); status != http.StatusConflict {
		t.Error("an older text was changed: ", status)
	}
	list, err := h.qa.Seen(t.Context(), h.talk.ID, qa.Moderator)
	if h.must(err); len(list) != 1 || list[0].Text != "Uusi?" {
		t.Error(list)
	}
}

// Whoever asks to be told leaves an address that does not lead to the question, and
// not more of them than one person follows.
func TestLiveTellMeByForm(t *testing.T) {
	h := newLiveHouse(t)
	b, place := h.browser(), h.livePath(h.talk)
	_, _ = b.page(place)
	q := h.moderate("m1", qa.Request{Do: qa.ActAsk, Text: "Kuka vastaa?", Source: qa.SourceFloor})
	if _, page := b.page(place + "?tell=" + q.ID); !strings.Contains(page, `name="tell" value="`+q.ID+`"`) || strings.Count(page, `id="tell-email"`) != 1 {
		t.Error("no form to be told")
	}
	if status, page := b.post(place, url.Values{"tell": {q.ID}, "email": {"ei osoite"}}); status != http.StatusUnprocessableEntity || !strings.Contains(page, `value="ei osoite"`) {
		t.Error("a wrong address: ", status)
	}
	for i := range 25 {
		want := http.StatusSeeOther
		if i >= 19 {
			want = http.StatusTooManyRequests
		}
		if status, _ := b.post(place, url.Values{"tell": {q.ID}, "email": {"anna@example.org"}}); status != want {
			t.Fatal(i, status)
		}
	}
	var n int
	h.must(h.db.Read.NewRaw("SELECT count(*) FROM answer_wish").Scan(t.Context(), &n))
	if n != 1 {
		t.Error(n, " wishes of one address")
	}
}

// The short code on the hall's screen leads to the day.
func TestLiveJoin(t *testing.T) {
	h := newLiveHouse(t)
	b := h.browser()
	_, page := b.page("/cmadfi/2027/live")
	code := regexp.MustCompile(`join-code">(\d{5})<`).FindStringSubmatch(page)
	if code == nil || !strings.Contains(page, "<svg") {
		t.Fatal("the day's page shows no code")
	}
	for _, typed := range []string{code[1], " " + code[1][:2] + " " + code[1][2:]} {
		if status, to := b.page("/join?code=" + url.QueryEscape(typed)); status != http.StatusSeeOther || to != "/cmadfi/2027/live" {
			t.Error(typed, status, to)
		}
	}
	if status, page := b.page("/join?code=%3Cb%3E1"); status != http.StatusNotFound || !strings.Contains(page, `value="&lt;b&gt;1"`) || !strings.Contains(page, `role="alert"`) {
		t.Error("a wrong code: ", status)
	}
	if status, page := b.page("/join"); status != http.StatusOK || strings.Contains(page, `role="alert"`) {
		t.Error("the empty form: ", status)
	}
}

// The list is narrowed and keeps what else was chosen.
func TestLiveNarrowed(t *testing.T) {
	h := newLiveHouse(t)
	b, place := h.browser(), h.livePath(h.talk)
	_, _ = b.page(place)
	done := h.moderate("m1", qa.Request{Do: qa.ActAsk, Text: "Vastattu jo?", Source: qa.SourceFloor})
	h.moderate("m2", qa.Request{Do: qa.ActAsk, Text: "Vielä auki?", Source: qa.SourceFloor})
	h.moderate("m3", qa.Request{Do: qa.ActAnswered, Question: done.ID})
	for query, want := range map[string][2]bool{"": {true, true}, "?show=open": {false, true}, "?show=answered&sort=new": {true, false}} {
		_, page := b.page(place + query)
		if got := [2]bool{strings.Contains(page, `q-text">Vastattu jo`), strings.Contains(page, `q-text">Vielä auki`)}; got != want {
			t.Error(query, got)
		}
		if query != "" && !strings.Contains(page, strings.TrimSuffix(`href="`+place+query, "&amp;sort=new")) && !strings.Contains(page, `name="show" value=`) {
			t.Error(query, "the choice is lost with the order")
		}
	}
}
