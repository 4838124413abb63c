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

	"github.com/gorilla/websocket"

	"agora/app/db"
	"agora/app/qa"
	"agora/app/text"
)

const linksPath = "/desk/cmadfi/2027/rooms/links"

// linkTo reads the address of a view's link of the first room from the desk's page.
func (h *liveHouse) linkTo(moderator *browser, view string) string {
	h.t.Helper()
	status, page := moderator.page(linksPath)
	found := regexp.MustCompile(`data-copy="` + regexp.QuoteMeta(h.base) + `(/` + view + `/[\w-]+)"`).FindStringSubmatch(page)
	if status != http.StatusOK || found == nil {
		h.t.Fatalf("status %d, no link of the %s", status, view)
	}
	return found[1]
}

// renew replaces a link by the form of the desk's page.
func (h *liveHouse) renew(moderator *browser, view string) int {
	h.t.Helper()
	_, page := moderator.page(linksPath)
	form := regexp.MustCompile(`name="room" value="([^"]+)"><input type="hidden" name="view" value="` + view + `"><input type="hidden" name="number" value="(\d+)"`).FindStringSubmatch(page)
	if form == nil {
		h.t.Fatal("no form to renew with")
	}
	status, _ := moderator.post(linksPath, url.Values{"room": {form[1]}, "view": {view}, "number": {form[2]}})
	return status
}

// boardOf is what the script of a stage or screen starts from.
func (b *browser) boardOf(path string) (page, session, pass string) {
	b.h.t.Helper()
	status, page := b.page(path)
	found := regexp.MustCompile(`data-board="([^"]*)"`).FindStringSubmatch(page)
	if status != http.StatusOK || found == nil {
		b.h.t.Fatalf("%s: status %d", path, status)
	}
	var start struct{ Session, Pass string }
	b.h.must(json.Unmarshal([]byte(html.UnescapeString(found[1])), &start))
	return page, start.Session, start.Pass
}

// queued puts a question into the queue of the stage.
func (h *liveHouse) queued(words string) string {
	h.t.Helper()
	_, err := h.qa.Open(h.t.Context(), h.talk.ID)
	h.must(err)
	desk := qa.Viewer{Room: h.talk.ID, View: qa.Moderator, Voter: "desk"}
	asked := h.qa.Do(h.t.Context(), desk, qa.Request{Op: db.NewID(), Do: qa.ActAsk, Text: words, Source: qa.SourceFloor})
	h.must(asked.Err())
	h.must(h.qa.Do(h.t.Context(), desk, qa.Request{Op: db.NewID(), Do: qa.ActQueue, Question: asked.ID}).Err())
	return asked.ID
}

// watch opens a socket with a pass that a page holds.
func (b *browser) watch(session, view, pass string) *socket {
	b.h.t.Helper()
	ws, res, err := b.dial(session, view, "", pass, b.h.base)
	if err != nil {
		b.h.t.Fatal(err, res)
	}
	return b.read(ws)
}

// ended waits for the socket's end and its reason.
func (s *socket) ended(code int) {
	s.t.Helper()
	timeout := time.After(livePatience)
	for {
		select {
		case _, open := <-s.in:
			if open {
				continue
			}
			if !websocket.IsCloseError(s.err, code) {
				s.t.Fatalf("ended with %v, want %d", s.err, code)
			}
			return
		case <-timeout:
			s.t.Fatal("the socket stays open")
		}
	}
}

// The host goes through the questions by forms alone.
func TestStageByForm(t *testing.T) {
	h := newLiveHouse(t)
	moderator, host := h.moderator(), h.browser()
	stage := h.linkTo(moderator, "stage")
	first, second := h.queued("Mistä aloitamme?"), h.queued("Mihin lopetamme?")
	press := func(do, question string) (int, string) {
		t.Helper()
		page, session, _ := host.boardOf(stage)
		return host.post(stage, url.Values{"key": {inputValue(t, page, "key")}, "session": {session}, "do": {do}, "question": {question}})
	}
	page, session, _ := host.boardOf(stage)
	if session != h.talk.ID || !strings.Contains(page, "20 min jäljellä") {
		t.Errorf("the stage shows session %s", session)
	}
	if status, to := press("now", first); status != http.StatusSeeOther || to != stage {
		t.Fatal(status, to)
	}
	if page, _, _ = host.boardOf(stage); !strings.Contains(page, `data-now="`+first+`"`) || !strings.Contains(page, `name="question" value="`+second+`"`) {
		t.Error("the first question is not being answered, or the second not next")
	}
	// One press with one key is one act, however often it arrives; each question is answered once.
	values := url.Values{"key": {inputValue(t, page, "key")}, "session": {h.talk.ID}, "do": {"now"}, "question": {second}}
	for range 2 {
		if status, _ := host.post(stage, values); status != http.StatusSeeOther {
			t.Error("status ", status)
		}
	}
	room, err := h.qa.Room(t.Context(), h.talk.ID)
	h.must(err)
	if room.Now != second || room.Counts.Answered != 1 {
		t.Errorf("now %s, %d answered", room.Now, room.Counts.Answered)
	}
	if status, _ := press("undo", ""); status != http.StatusSeeOther {
		t.Error("undo: ", status)
	}
	if room, err = h.qa.Room(t.Context(), h.talk.ID); err != nil || room.Now != first {
		t.Errorf("after undoing, %s is being answered: %v", room.Now, err)
	}
	if status, page := press("approve", first); status != http.StatusForbidden || !strings.Contains(page, "data-board") {
		t.Error("a moderator's act by the stage: ", status)
	}
	if status, _ := host.post(stage, url.Values{"session": {h.draft.ID}, "do": {"now"}, "question": {first}}); status != http.StatusNotFound {
		t.Error("an act in a session that is not in the room: ", status)
	}
	h.messages(moderator, host, stage)
}

// messages come from the moderators and are acknowledged on stage.
func (h *liveHouse) messages(moderator, host *browser, stage string) {
	h.t.Helper()
	told := h.qa.Do(h.t.Context(), qa.Viewer{Room: h.talk.ID, View: qa.Moderator, Voter: "desk"}, qa.Request{Op: "tell", Do: qa.ActTell, Text: "Viisi minuuttia <jäljellä>"})
	h.must(told.Err())
	page, session, _ := host.boardOf(stage)
	if !strings.Contains(page, "Viisi minuuttia &lt;jäljellä&gt;") {
		h.t.Error("the message does not show on stage")
	}
	if status, _ := host.post(stage, url.Values{"key": {inputValue(h.t, page, "key")}, "session": {session}, "do": {"seen"}, "message": {told.ID}}); status != http.StatusSeeOther {
		h.t.Error("seen: ", status)
	}
	room, err := h.qa.Room(h.t.Context(), h.talk.ID)
	h.must(err)
	if room.Messages[0].SeenAt == nil {
		h.t.Error("the moderators are not told that it was seen")
	}
}

// A room's link follows its day: the session that is on, an overrun, what comes,
// another time when the room is late.
func TestLinkFollowsTheRoom(t *testing.T) {
	h := newLiveHouse(t)
	moderator, wall := h.moderator(), h.browser()
	stage, screen := h.linkTo(moderator, "stage"), h.linkTo(moderator, "screen")
	for _, c := range []struct {
		after   time.Duration // since the last step
		session string
		screen  string
	}{
		{0, h.talk.ID, "mode-questions"},
		{25 * time.Minute, h.talk.ID, "mode-between"}, // the break; the last answer may go on
		{16 * time.Minute, h.later.ID, "mode-between"},
		{10 * time.Minute, h.later.ID, "mode-questions"},
		{70 * time.Minute, "", "mode-over"},
	} {
		h.forward(c.after)
		if _, session, _ := wall.boardOf(stage); session != c.session {
			t.Errorf("after %s the stage shows %q, want %q", c.after, session, c.session)
		}
		if page, _, _ := wall.boardOf(screen); !strings.Contains(page, c.screen) {
			t.Errorf("after %s the screen is not in %s", c.after, c.screen)
		}
	}
	h.forward(-121 * time.Minute)
	programme, err := h.programs.Programme(t.Context(), h.edition)
	h.must(err)
	h.must(h.programs.SetDelay(t.Context(), "", h.edition, programme.RoomBySlug("aula").ID, 15, time.Time{}))
	h.forward(25 * time.Minute)
	if page, session, _ := wall.boardOf(stage); session != h.talk.ID || !strings.Contains(page, "10 min jäljellä") || !strings.Contains(page, "15 min myöhässä") {
		t.Errorf("late, the stage shows %q", session)
	}
	if page, session, _ := wall.boardOf(stage + "?session=" + h.later.Slug); session != h.later.ID || !strings.Contains(page, `href="`+stage+`"`) {
		t.Errorf("chosen by hand, the stage shows %q", session)
	}
	if status, _ := wall.page(stage + "?session=kahvi"); status != http.StatusNotFound {
		t.Error("a break was chosen: ", status)
	}
}

// The wall shows nothing that is not for everybody.
func TestScreenByLink(t *testing.T) {
	h := newLiveHouse(t)
	moderator, wall := h.moderator(), h.browser()
	screen := h.linkTo(moderator, "screen")
	id := h.queued(strings.Repeat("Sana ", 100) + "loppu")
	desk := qa.Viewer{Room: h.talk.ID, View: qa.Moderator, Voter: "desk"}
	h.must(h.qa.Do(t.Context(), desk, qa.Request{Op: "tell", Do: qa.ActTell, Text: "Vain lavalle"}).Err())
	secret := h.qa.Do(t.Context(), qa.Viewer{Room: h.talk.ID, View: qa.Audience, Voter: "x"}, qa.Request{Op: "new", Do: qa.ActAsk, Text: "Vielä tarkistamatta"})
	h.must(secret.Err())
	h.must(h.qa.Do(t.Context(), desk, qa.Request{Op: "now", Do: qa.ActNow, Question: id}).Err())
	page, _, _ := wall.boardOf(screen)
	for _, not := range []string{"Vain lavalle", "Vielä tarkistamatta", "loppu", "<form"} {
		if strings.Contains(page, not) {
			t.Errorf("the wall shows %q", not)
		}
	}
	if !strings.Contains(page, "mode-now") || !strings.Contains(page, "Sana …") || !strings.Contains(page, "0 ääntä") || !strings.Contains(page, "/cmadfi/2027/live") {
		t.Error("the wall does not show what is being answered, its votes and the way in")
	}
	if page, _, _ = wall.boardOf(screen + "?counts=0"); strings.Contains(page, "0 ääntä") {
		t.Error("the wall counts although it should not")
	}
	if page, _, _ = wall.boardOf(screen + "?overlay=1"); !strings.Contains(page, "overlay") || strings.Contains(page, "screen-join") {
		t.Error("the overlay shows more than what is happening")
	}
	if status, _ := wall.post(screen, nil); status != http.StatusMethodNotAllowed && status != http.StatusNotFound {
		t.Error("the wall takes a form: ", status)
	}
}

// A renewed link ends at once what was opened by it, and leaves the other view alone.
func TestRenewedLinkEnds(t *testing.T) {
	h := newLiveHouse(t)
	moderator, host, wall := h.moderator(), h.browser(), h.browser()
	stage, screen := h.linkTo(moderator, "stage"), h.linkTo(moderator, "screen")
	_, session, pass := host.boardOf(stage)
	_, _, wallPass := wall.boardOf(screen)
	onStage, onWall := host.watch(session, "stage", pass), wall.watch(session, "screen", wallPass)
	onStage.kind("snapshot")
	onWall.kind("snapshot")
	host.watch(session, "moderator", pass).ended(4511)
	if status := h.renew(moderator, "stage"); status != http.StatusSeeOther {
		t.Fatal("renew: ", status)
	}
	onStage.ended(4513)
	if status, page := host.page(stage); status != http.StatusGone || strings.Contains(page, "data-board") {
		t.Error("the old link: ", status)
	}
	if status, _ := host.post(stage, url.Values{"session": {session}, "do": {"undo"}}); status != http.StatusGone {
		t.Error("an act by the old link: ", status)
	}
	host.watch(session, "stage", pass).ended(4513)
	if fresh := h.linkTo(moderator, "stage"); fresh == stage {
		t.Error("the link is the same")
	}
	h.queued("Näkyykö tämä?")
	h.tock()
	onWall.kind("patch")
	for _, who := range []*browser{h.browser(), h.signedIn("joku@example.org")} {
		if status, page := who.page(linksPath); strings.Contains(page, "data-copy") || status == http.StatusOK {
			t.Error("the links are shown to somebody else: ", status)
		}
	}
	for _, forged := range []string{"/stage/x", "/screen/" + strings.TrimPrefix(stage, "/stage/"), "/stage/" + strings.Repeat("A", 48)} {
		if status, _ := host.page(forged); status != http.StatusNotFound {
			t.Errorf("%s: status %d", forged, status)
		}
	}
}

// Every room has its links in every language, and an edition without rooms says so.
func TestLinksPage(t *testing.T) {
	h := newLiveHouse(t)
	moderator := h.moderator()
	for _, l := range text.Langs {
		status, page := moderator.page(linksPath + "?lang=" + string(l))
		if n := strings.Count(page, `data-copy="`+h.base); status != http.StatusOK || n != 8 { // two rooms: moderators, stage, screen, overlay
			t.Errorf("%s: status %d, %d addresses", l, status, n)
		}
	}
	if status, _ := moderator.post(linksPath, url.Values{"room": {"x"}, "view": {"stage"}, "number": {"1"}}); status != http.StatusNotFound {
		t.Error("a room of nowhere: ", status)
	}
	if status, _ := moderator.post(linksPath, url.Values{"room": {"x"}, "view": {"audience"}, "number": {"1"}}); status != http.StatusNotFound {
		t.Error("a view without links: ", status)
	}
}
