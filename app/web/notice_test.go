package web

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"agora/app/account"
)

// organiser is somebody signed in with the role for the edition.
func (h *liveHouse) organiser() *browser {
	h.t.Helper()
	return h.signedInAs("jarjestaja@example.org", account.Organiser)
}

const noticePath = "/desk/cmadfi/2027/notice"

// tellAll sends a notice from the desk and gives its id.
func (b *browser) tellAll(words, life string) (id string) {
	b.h.t.Helper()
	_, page := b.page(noticePath)
	if status, to := b.post(noticePath, url.Values{"key": {inputValue(b.h.t, page, "key")}, "body_fi": {words}, "life": {life}}); status != http.StatusSeeOther {
		b.h.t.Fatal(status, to)
	}
	n, err := b.h.site.Notices.Standing(b.h.t.Context(), b.h.edition.ID)
	b.h.must(err)
	return n.ID
}

// noticed is what a page shows above itself, empty when nothing stands.
func noticed(page string) string {
	_, rest, found := strings.Cut(page, "data-day-notice=")
	if !found {
		return "no place for a notice"
	}
	rest, _, _ = strings.Cut(rest, "</aside>")
	_, rest, _ = strings.Cut(rest, "</svg><p")
	_, rest, _ = strings.Cut(rest, ">")
	words, _, _ := strings.Cut(rest, "</p>")
	return words
}

func TestANoticeReachesEverybody(t *testing.T) {
	h := newLiveHouse(t)
	organiser, stranger := h.organiser(), h.browser()
	_, err := h.qa.Open(t.Context(), h.talk.ID)
	h.must(err)
	pages := []string{"/cmadfi/2027/program", "/cmadfi/2027/practical", h.livePath(h.talk), "/cmadfi/2027/live"}
	shown := func(want string) {
		t.Helper()
		for _, path := range pages {
			for range 2 { // made, and from the cache
				if _, page := stranger.page(path); noticed(page) != want {
					t.Errorf("%s shows %q, want %q", path, noticed(page), want)
				}
			}
		}
	}
	shown("")
	_, asked := stranger.page("/cmadfi/2027/notice.json")
	if asked != `{"id":""}` {
		t.Errorf("nothing stands: %s", asked)
	}
	sockets := []*socket{stranger.join(h.talk.ID, "audience", ""), h.moderator().join(h.talk.ID, "moderator", "")}
	isNotice := func(f frameSeen) bool { return f.T == "notice" }

	id := organiser.tellAll("Sali on vaihtunut: <b>Auditorio</b>", "hour")
	shown("Sali on vaihtunut: &lt;b&gt;Auditorio&lt;/b&gt;")
	for _, s := range sockets {
		var f struct{ ID, Text string }
		h.must(json.Unmarshal([]byte(s.until("the notice", isNotice).raw), &f))
		if f.ID != id || f.Text != "Sali on vaihtunut: <b>Auditorio</b>" {
			t.Errorf("heard %+v", f)
		}
	}
	swedish, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.base+"/cmadfi/2027/notice.json", nil)
	h.must(err)
	swedish.Header.Set("Accept-Language", "sv")
	_, asked = stranger.send(swedish)
	var news struct{ ID, Text, Lang string }
	h.must(json.Unmarshal([]byte(asked), &news))
	if news.ID != id || news.Lang != "fi" || !strings.HasPrefix(news.Text, "Sali") {
		t.Errorf("asked: %s", asked)
	}
	if status, to := organiser.post(noticePath, url.Values{"back": {id}}); status != http.StatusSeeOther {
		t.Fatal(status, to)
	}
	shown("")
	if f := sockets[0].until("that it is gone", isNotice); f.ID != id || !strings.Contains(f.raw, `"text":""`) {
		t.Errorf("heard %s", f.raw)
	}
	organiser.tellAll("Lounas on katettu", "hour")
	shown("Lounas on katettu")
	h.forward(time.Hour)
	shown("")
	if _, log := organiser.page("/desk/cmadfi/2027/log?group=messages"); strings.Count(log, "Lähetti tiedotteen kaikille") != 2 || !strings.Contains(log, "Otti tiedotteen pois") || !strings.Contains(log, "Tunnin") {
		t.Error("the log does not tell of it")
	}
}

func TestTheNoticeIsOnlyConfirmed(t *testing.T) {
	h := newLiveHouse(t)
	ask := func(etag string) *http.Response {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.base+"/cmadfi/2027/notice.json", nil)
		h.must(err)
		req.Header.Set("If-None-Match", etag)
		res, err := h.browser().Do(req)
		h.must(err)
		res.Body.Close()
		return res
	}
	organiser := h.organiser()
	first := ask("")
	etag := first.Header.Get("ETag")
	if first.StatusCode != http.StatusOK || etag == "" || first.Header.Get("Cache-Control") != "no-cache" {
		t.Fatal(first.Status, first.Header)
	}
	if again := ask(etag); again.StatusCode != http.StatusNotModified {
		t.Error("unchanged: ", again.Status)
	}
	organiser.tellAll("Sali on vaihtunut", "open")
	if news := ask(etag); news.StatusCode != http.StatusOK {
		t.Error("changed: ", news.Status)
	}
}

func TestTheNoticeForm(t *testing.T) {
	h := newLiveHouse(t)
	b := h.organiser()
	_, page := b.page(noticePath)
	values := url.Values{"key": {inputValue(t, page, "key")}, "body_fi": {"Sali on vaihtunut"}, "life": {"day"}, "preview": {"1"}}
	if status, page := b.post(noticePath, values); status != http.StatusOK || strings.Count(page, "Sali on vaihtunut") != 2 || noticed(page) != "" {
		t.Error("the preview shows it, keeps it in the form and sends nothing: ", status)
	}
	values.Del("preview")
	values.Set("body_fi", "  ")
	if status, page := b.post(noticePath, values); status != http.StatusUnprocessableEntity || !strings.Contains(page, "ainakin tapahtuman ensimmäisellä kielellä") {
		t.Error("nothing was written: ", status)
	}
	values.Set("body_fi", "Sali on vaihtunut")
	for range 2 {
		if status, to := b.post(noticePath, values); status != http.StatusSeeOther {
			t.Error("pressed: ", status, to)
		}
	}
	if list, err := h.site.Notices.List(t.Context(), h.edition.ID); err != nil || len(list) != 1 {
		t.Error("pressed twice: ", len(list), err)
	}
	if status, _ := b.post(noticePath, url.Values{"back": {"of another edition"}}); status != http.StatusNotFound {
		t.Error("taken back what is not there: ", status)
	}
	if status, _ := h.moderator().page(noticePath); status != http.StatusForbidden {
		t.Error("a moderator: ", status)
	}
}

// A question asked by form is the asker's own to the script too.
func TestTheScriptKnowsWhatWasAskedByForm(t *testing.T) {
	h := newLiveHouse(t)
	asker, other := h.browser(), h.browser()
	place := h.livePath(h.talk)
	_, page := asker.page(place)
	if strings.Contains(page, "secrets") {
		t.Error("secrets before anything was asked")
	}
	if status, to := asker.post(place, url.Values{"key": {inputValue(t, page, "key")}, "text": {"Paljonko aikaa menee?"}, "anonymous": {"1"}}); status != http.StatusSeeOther {
		t.Fatal(status, to)
	}
	_, page = asker.page(place)
	var start struct{ Secrets map[string]string }
	data := regexp.MustCompile(`data-live="([^"]*)"`).FindStringSubmatch(page)
	if data == nil {
		t.Fatal("the page starts no script")
	}
	h.must(json.Unmarshal([]byte(html.UnescapeString(data[1])), &start))
	if len(start.Secrets) != 1 {
		t.Fatalf("the script gets %v", start.Secrets)
	}
	if _, page := other.page(place); strings.Contains(page, "secrets") {
		t.Error("somebody else's page holds secrets")
	}
	s := asker.join(h.talk.ID, "audience", "")
	for id, secret := range start.Secrets {
		if f := s.do("r", map[string]any{"do": "revise", "question": id, "secret": secret, "text": "Paljonko aikaa menee viikossa?"}); !f.OK {
			t.Error("revised: ", f.raw)
		}
		if f := s.do("n", map[string]any{"do": "withdraw", "question": id, "secret": "another"}); f.OK {
			t.Error("the control, without the secret: ", f.raw)
		}
		if f := s.do("w", map[string]any{"do": "withdraw", "question": id, "secret": secret}); !f.OK {
			t.Error("withdrawn: ", f.raw)
		}
	}
}
