package web

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"agora/app/qa"
	"agora/realtime"
)

// The whole way of a question: asked, seen by the moderator alone, approved, seen
// by everybody in the next tick.
func TestLiveAskApproveVote(t *testing.T) {
	h := newLiveHouse(t)
	asker, listener, moderator := h.browser(), h.browser(), h.moderator()
	a, l := asker.join(h.talk.ID, "audience", ""), listener.join(h.talk.ID, "audience", "")
	m := moderator.join(h.talk.ID, "moderator", "")
	for _, s := range []*socket{a, l, m} {
		s.kind("snapshot")
	}
	const secretText = "Kuka sen päättää, ja milloin?"
	asked := a.do("op-1", map[string]any{"do": "ask", "text": secretText, "name": nil})
	if !asked.OK || asked.ID == "" || asked.Secret == "" {
		t.Fatal("not asked: ", asked.raw)
	}
	if again := a.do("op-1", map[string]any{"do": "ask", "text": secretText, "name": nil}); again.ID != asked.ID || again.Secret != asked.Secret {
		t.Error("a repeated op was done again: ", again.raw)
	}
	h.tock()
	waiting := m.until("the question in review", func(f frameSeen) bool { return f.has(asked.ID) != nil })
	if q := waiting.has(asked.ID); q.State != qa.StateNew || q.Text != secretText {
		t.Error("the moderator sees ", q)
	}
	seen := l.until("the figures", func(f frameSeen) bool { return f.T == "patch" })
	if strings.Contains(seen.raw, secretText) || strings.Contains(seen.raw, asked.ID) {
		t.Error("the audience saw a question that waits: ", seen.raw)
	}
	if status, page := listener.page(h.livePath(h.talk)); status != http.StatusOK || strings.Contains(page, "Kuka sen") || strings.Contains(page, asked.ID) {
		t.Error("the page shows a question that waits", status)
	}
	if ack := l.do("op-no", map[string]any{"do": "approve", "question": asked.ID}); ack.OK || ack.Error.Code != string(qa.CodeForbidden) {
		t.Error("the audience approved: ", ack.raw)
	}
	if ack := m.do("op-2", map[string]any{"do": "approve", "question": asked.ID}); !ack.OK {
		t.Fatal(ack.raw)
	}
	h.tock()
	public := l.until("the approved question", func(f frameSeen) bool { return f.has(asked.ID) != nil })
	if q := public.has(asked.ID); q.Text != secretText || q.Name != nil || q.Source != "" {
		t.Error("the audience sees more than it should: ", public.raw)
	}

	for _, step := range []struct {
		on    bool
		votes int64
	}{{true, 1}, {true, 1}, {false, 0}, {true, 1}} {
		op := "vote-" + strconv.FormatInt(int64(len(l.in)), 10) + strconv.FormatBool(step.on) + strconv.FormatInt(time.Now().UnixNano(), 10)
		if ack := l.do(op, map[string]any{"do": "vote", "question": asked.ID, "on": step.on}); !ack.OK {
			t.Fatal(ack.raw)
		}
		if room, err := h.qa.Seen(t.Context(), h.talk.ID, qa.Audience); err != nil || room[0].Votes != step.votes {
			t.Error("votes are ", room, err, "want", step.votes)
		}
	}
	h.tock()
	a.until("the vote", func(f frameSeen) bool { q := f.has(asked.ID); return q != nil && q.Votes == 1 })

	if ack := m.do("op-3", map[string]any{"do": "now", "question": asked.ID}); !ack.OK {
		t.Fatal(ack.raw)
	}
	l.until("what is answered now, without a tick", func(f frameSeen) bool { q := f.has(asked.ID); return q != nil && q.State == qa.StateNow })
}

// A page that comes back with the last version it saw gets what it missed, and
// one that missed nothing gets no snapshot.
func TestLiveResume(t *testing.T) {
	h := newLiveHouse(t)
	b, m := h.browser(), h.moderator()
	first := b.join(h.talk.ID, "audience", "")
	snap := first.kind("snapshot")
	asked := first.do("op-1", map[string]any{"do": "ask", "text": "Mitä jäi väliin?"})
	_ = first.ws.Close()
	desk := m.join(h.talk.ID, "moderator", "")
	desk.kind("snapshot")
	if ack := desk.do("op-2", map[string]any{"do": "approve", "question": asked.ID}); !ack.OK {
		t.Fatal(ack.raw)
	}
	h.tock()
	again := b.join(h.talk.ID, "audience", snap.Epoch+"."+strconv.FormatInt(snap.V, 10))
	missed := again.until("what was missed", func(f frameSeen) bool {
		if f.T == "snapshot" {
			t.Error("a snapshot in spite of since")
		}
		return f.has(asked.ID) != nil
	})
	if missed.T != "patch" || missed.V <= snap.V {
		t.Error("resumed with ", missed.raw)
	}
	mine := again.do("op-3", map[string]any{"do": "mine", "secrets": []string{asked.Secret}})
	if mine.has(asked.ID) == nil {
		t.Error("the asker's own question is not theirs after the reload: ", mine.raw)
	}
	stranger := h.browser().join(h.talk.ID, "audience", "old.1")
	stranger.kind("snapshot")
	if other := stranger.do("op-4", map[string]any{"do": "mine"}); len(other.Questions) != 0 {
		t.Error("a stranger owns ", other.raw)
	}
}

func TestLiveSocketIsRefused(t *testing.T) {
	h := newLiveHouse(t)
	b := h.browser()
	_, pass := b.pass(h.talk.ID, "audience")
	if _, res, err := b.dial(h.talk.ID, "audience", "", pass, "https://elsewhere.example"); err == nil || res == nil || res.StatusCode != http.StatusForbidden {
		t.Error("a foreign page was let in: ", res, err)
	}
	if _, res, err := b.dial(h.talk.ID, "audience", "", "", h.base); err == nil || res == nil || res.StatusCode != http.StatusUnauthorized {
		t.Error("without a pass: ", res, err)
	}
	for name, c := range map[string]struct {
		room, view, pass string
		code             int
	}{
		"another view":  {h.talk.ID, "moderator", pass, int(realtime.CodeElsewhere)},
		"another room":  {h.later.ID, "audience", pass, int(realtime.CodeElsewhere)},
		"a forged pass": {h.talk.ID, "audience", pass[:len(pass)-2] + "AA", int(realtime.CodePassBad)},
	} {
		ws, _, err := b.dial(c.room, c.view, "", c.pass, h.base)
		if err != nil {
			t.Fatal(name, err)
		}
		_, _, err = ws.ReadMessage()
		if !websocket.IsCloseError(err, c.code) {
			t.Errorf("%s: %v, want close code %d", name, err, c.code)
		}
		_ = ws.Close()
	}
}

func TestLivePassNeedsTheRole(t *testing.T) {
	h := newLiveHouse(t)
	stranger, person, moderator := h.browser(), h.signedIn("kuulija@example.org"), h.moderator()
	for _, view := range []string{"moderator", "stage", "screen"} {
		if status, body := stranger.pass(h.talk.ID, view); status != http.StatusUnauthorized || strings.Contains(body, `"pass"`) {
			t.Error("a stranger's pass for ", view, status, body)
		}
		if status, body := person.pass(h.talk.ID, view); status != http.StatusForbidden || strings.Contains(body, `"pass"`) {
			t.Error("a pass without the role for ", view, status, body)
		}
		if status, _ := moderator.pass(h.talk.ID, view); status != http.StatusOK {
			t.Error("no pass for the moderator of ", view, status)
		}
	}
	if status, _ := stranger.pass(h.draft.ID, "audience"); status != http.StatusNotFound {
		t.Error("a pass for a session nobody published", status)
	}
	if status, _ := stranger.pass("no\x00thing", "audience"); status == http.StatusInternalServerError {
		t.Error("a strange id is our fault", status)
	}
	if status, _ := moderator.pass(h.talk.ID, "everything"); status != http.StatusUnprocessableEntity {
		t.Error("an unknown view", status)
	}
	foreign := h.moderator()
	foreign.Site = "cross-site"
	if status, _ := foreign.pass(h.talk.ID, "moderator"); status != http.StatusForbidden {
		t.Error("another site got a pass", status)
	}
	desk := "/desk/cmadfi/2027/live/" + h.talk.Slug
	if status, _ := person.page(desk); status != http.StatusForbidden {
		t.Error("the moderator's page opens without the role", status)
	}
	if status, _ := person.post(desk, url.Values{"do": {"pause"}}); status != http.StatusForbidden {
		t.Error("an act without the role", status)
	}
	// Signing asks once, sockets ask again: a pass whose role was never there.
	forged := realtime.Pass{Room: h.talk.ID, View: realtime.Moderator, Person: "nobody", Expires: liveNoon.Add(time.Hour)}
	ws, _, err := person.dial(h.talk.ID, "moderator", "", forged.Sign(liveKey([]byte("a secret of the live room's tests"), "pass")), h.base)
	h.must(err)
	defer ws.Close()
	if _, _, err = ws.ReadMessage(); !websocket.IsCloseError(err, int(realtime.CodeNotAllowed)) {
		t.Error("a pass outlived its role: ", err)
	}
}

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
