package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"net/http"
	"net/url"
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
	key := hmac.New(sha256.New, []byte("a secret of the live room's tests"))
	key.Write([]byte("agora live pass"))
	ws, _, err := person.dial(h.talk.ID, "moderator", "", forged.Sign(key.Sum(nil)), h.base)
	h.must(err)
	defer ws.Close()
	if _, _, err = ws.ReadMessage(); !websocket.IsCloseError(err, int(realtime.CodeNotAllowed)) {
		t.Error("a pass outlived its role: ", err)
	}
}
