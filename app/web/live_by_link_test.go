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

	"agora/app/audit"
	"agora/app/poll"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/text"
)

// helper is somebody who was given a room's link.
func (h *liveHouse) helper(moderator, b *browser) (m moderators, link string) {
	h.t.Helper()
	link = h.linkTo(moderator, "moderate")
	status, to := b.page(link)
	if status != http.StatusSeeOther || to != link+"/"+h.talk.Slug {
		h.t.Fatalf("the link leads to %q, status %d", to, status)
	}
	return moderators{b, h, to}, link
}

// start is what the script of a moderators' desk begins with.
func (m moderators) start() (session, pass string) {
	m.h.t.Helper()
	status, page := m.page(m.desk)
	found := regexp.MustCompile(`data-moderate="([^"]*)"`).FindStringSubmatch(page)
	if status != http.StatusOK || found == nil {
		m.h.t.Fatalf("%s: status %d", m.desk, status)
	}
	var start struct {
		Session, Pass string
		Link          bool
	}
	m.h.must(json.Unmarshal([]byte(html.UnescapeString(found[1])), &start))
	if !start.Link {
		m.h.t.Error("the script does not know that it came by a link")
	}
	return start.Session, start.Pass
}

// Whoever has the room's link moderates its questions and polls without an account.
func TestModerateByLink(t *testing.T) {
	h := newLiveHouse(t)
	// An account of no role is neither needed nor told.
	m, link := h.helper(h.moderator(), h.signedIn("joku@example.org"))
	first, second := h.asked("Miten johdon saa mukaan, ja mitä se maksaa?"), h.asked("Palkitaanko aktiivisuudesta?")
	one := m.desk + "/questions/" + first
	m.does(m.desk, http.StatusSeeOther, "do", "approve", "questions", first, "questions", second)
	m.does(m.desk, http.StatusSeeOther, "do", "undo")
	m.does(m.desk, http.StatusSeeOther, "do", "redo")
	m.does(m.desk, http.StatusSeeOther, "do", "reject", "question", second, "reason", "Kysyttiin jo")
	m.does(m.desk, http.StatusSeeOther, "do", "pause")
	m.does(m.desk, http.StatusSeeOther, "do", "tell", "text", "Viisi minuuttia")
	status, _ := m.post(m.desk, url.Values{"key": {"e"}, "one": {"1"}, "question": {first}, "do": {"edit"}, "text": {"Miten johto mukaan?"}})
	if _, page := m.page(one); status != http.StatusSeeOther || !strings.Contains(page, "Miten johto mukaan?") {
		t.Error("edited: ", status)
	}
	if s := h.states(); s[first].State != qa.StateApproved || s[second].Reason != "Kysyttiin jo" {
		t.Error("the questions stand otherwise:", s)
	}
	m.does(m.desk+"/polls", http.StatusSeeOther, "do", "poll_add", "kind", "choice", "text", "Kumpi?", "options", "Kahvi\nTee")
	list, err := h.polls.List(t.Context(), h.talk.ID, qa.Moderator)
	h.must(err)
	m.does(m.desk+"/polls", http.StatusSeeOther, "do", "poll_open", "poll", list[0].ID)
	if list, err = h.polls.List(t.Context(), h.talk.ID, qa.Moderator); err != nil || list[0].State != poll.StateOpen {
		t.Error("the poll is", list[0].State, err)
	}
	settings := url.Values{"review": {"after"}, "names": {"allowed"}, "slow": {"30"}}
	if status, _ := m.post(m.desk+"/settings", settings); status != http.StatusSeeOther {
		t.Error("the room's settings: ", status)
	}
	room, err := h.qa.Room(t.Context(), h.talk.ID)
	h.must(err)
	if room.State != qa.RoomPaused || !room.Own || room.Settings.Slow != 30 || len(room.Messages) != 1 {
		t.Errorf("the room is %+v", room)
	}
	t.Log("all of it stands in the log as done by the link, and nobody's name")
	lines, err := audit.Find(t.Context(), h.db.Read, audit.Query{Edition: h.edition.ID, Acts: []string{"question.", "poll.", "room.pause", "room.tell", "room.settings"}, Limit: 100})
	h.must(err)
	if len(lines) < 9 {
		t.Errorf("%d lines in the log", len(lines))
	}
	for _, l := range lines {
		if l.Link != "moderator" {
			t.Errorf("%s was done by %q", l.Act, l.Person)
		}
	}
	t.Log("the whole day of the room, and the way to its next session")
	status, page := m.page(link + "?day=all")
	if status != http.StatusOK || !strings.Contains(page, link+"/"+h.later.Slug) || strings.Contains(page, "/desk") || strings.Contains(page, "discussion") {
		t.Error("the room's day: ", status)
	}
	if _, page = m.page(m.desk); !strings.Contains(page, `href="`+link+"/"+h.later.Slug+`"`) || strings.Contains(page, `href="/desk`) {
		t.Error("the desk does not lead on, or leads to where only a role does")
	}
}

// A link opens its own room, and of the edition nothing else.
func TestModeratorsLinkOpensNothingElse(t *testing.T) {
	h := newLiveHouse(t)
	programme, err := h.programs.Programme(t.Context(), h.edition)
	h.must(err)
	elsewhere := h.session(program.SessionInput{Title: text.One(text.Finnish, "Toisaalla"), RoomID: programme.RoomBySlug("sali-2").ID,
		StartsAt: liveNoon, EndsAt: liveNoon.Add(time.Hour)})
	_, err = h.programs.Release(t.Context(), "", h.edition, "", nil)
	h.must(err)
	moderator := h.moderator()
	m, link := h.helper(moderator, h.browser())
	id := h.asked("Palkitaanko aktiivisuudesta?")
	token := strings.TrimPrefix(link, "/moderate/")
	for _, path := range []string{
		link + "/" + elsewhere.Slug, link + "/" + elsewhere.Slug + "/polls", link + "/" + elsewhere.Slug + "/settings", link + "/kahvi", link + "/" + h.draft.Slug,
		m.desk + "/discussion", m.desk + "/discussion.csv", link + "/live-settings", m.desk + "/live-settings", m.desk + "/questions/" + id + "x",
		"/moderate/" + token[1:], "/moderate/" + token + "A/" + h.talk.Slug, "/moderate/" + strings.Repeat("A", 48) + "/" + h.talk.Slug,
		"/stage/" + token, "/screen/" + token,
		"/moderate/" + strings.TrimPrefix(h.linkTo(moderator, "stage"), "/stage/") + "/" + h.talk.Slug,
		"/moderate/" + strings.TrimPrefix(h.linkTo(moderator, "screen"), "/screen/") + "/" + h.talk.Slug,
	} {
		if status, page := m.page(path); status != http.StatusNotFound || strings.Contains(page, "data-moderate") {
			t.Errorf("%s: status %d", path, status)
		}
	}
	approve := url.Values{"key": {"k"}, "do": {"approve"}, "question": {id}}
	for _, path := range []string{link + "/" + elsewhere.Slug, link + "/" + h.later.Slug} {
		// The later session is in the room, but the question is not the later session's.
		if status, _ := m.post(path, approve); status != http.StatusNotFound {
			t.Errorf("an act on another session's question at %s: status %d", path, status)
		}
	}
	for _, path := range []string{"/desk/cmadfi/2027/live", "/desk/cmadfi/2027/live/" + h.talk.Slug, "/desk/cmadfi/2027/live-settings", linksPath, "/desk/cmadfi/2027/now"} {
		if status, _ := m.page(path); status != http.StatusSeeOther { // to sign in
			t.Errorf("%s: status %d", path, status)
		}
	}
	if status, _ := m.pass(h.talk.ID, "moderator"); status != http.StatusUnauthorized {
		t.Error("a pass without the page: ", status)
	}
	m.Site = "cross-site"
	if status, _ := m.post(m.desk, approve); status != http.StatusForbidden {
		t.Error("a form of another site: ", status)
	}
	if h.states()[id].State != qa.StateNew {
		t.Error("the question is not as it was asked")
	}
}

// The page of a link holds a pass for its session and view alone, and the link's end
// ends what was opened by it.
func TestModeratorsLinkSocket(t *testing.T) {
	h := newLiveHouse(t)
	moderator := h.moderator()
	m, link := h.helper(moderator, h.browser())
	other, _ := h.helper(moderator, h.browser())
	id := h.asked("Palkitaanko aktiivisuudesta?")
	session, pass := m.start()
	_, othersPass := other.start()
	s, role := m.watch(session, "moderator", pass), moderator.join(session, "moderator", "")
	two := other.watch(session, "moderator", othersPass)
	for _, one := range []*socket{s, role, two} {
		one.kind("snapshot")
	}
	if ack := s.do("1", map[string]any{"do": "approve", "question": id}); !ack.OK {
		t.Error("approve: ", ack.raw)
	}
	if ack := two.do("2", map[string]any{"do": "undo"}); ack.Error == nil || ack.Error.Code != "nothing" {
		t.Error("another helper undid it: ", ack.raw)
	}
	if ack := s.do("3", map[string]any{"do": "undo"}); !ack.OK || h.states()[id].State != qa.StateNew {
		t.Error("undo: ", ack.raw)
	}
	if ack := s.do("4", map[string]any{"do": "seen", "message": "x"}); ack.Error == nil || ack.Error.Code != "forbidden" {
		t.Error("an act of the stage: ", ack.raw)
	}
	for _, view := range []string{"stage", "screen", "audience"} {
		m.watch(session, view, pass).ended(4511)
	}
	m.watch(h.later.ID, "moderator", pass).ended(4511)

	if status := h.renew(moderator, "moderator"); status != http.StatusSeeOther {
		t.Fatal("renew: ", status)
	}
	s.ended(4513)
	two.ended(4513)
	m.watch(session, "moderator", pass).ended(4513)
	for _, path := range []string{link, m.desk, m.desk + "/polls", m.desk + "/settings", m.desk + "/questions/" + id} {
		if status, page := m.page(path); status != http.StatusGone || strings.Contains(page, "aktiivisuudesta") {
			t.Errorf("%s by the old link: status %d", path, status)
		}
	}
	for _, path := range []string{m.desk, m.desk + "/polls", m.desk + "/settings"} {
		if status, _ := m.post(path, url.Values{"key": {"k"}, "do": {"approve"}, "question": {id}}); status != http.StatusGone {
			t.Errorf("%s by the old link: status %d", path, status)
		}
	}
	h.queued("Näkyykö tämä?")
	h.tock()
	role.kind("patch") // who has the role stays
	fresh, _ := h.helper(moderator, h.browser())
	session, pass = fresh.start()
	fresh.watch(session, "moderator", pass).kind("snapshot")
}
