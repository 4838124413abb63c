package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/poll"
	"agora/app/qa"
)

// moderators is a moderator at the desk of the talk, by forms alone.
type moderators struct {
	*browser
	h    *liveHouse
	desk string
}

func newModerators(h *liveHouse) moderators {
	return moderators{h.moderator(), h, "/desk/cmadfi/2027/live/" + h.talk.Slug}
}

// asked puts a question into the room, and gives its id.
func (h *liveHouse) asked(text string) string {
	h.t.Helper()
	if _, err := h.qa.Open(h.t.Context(), h.talk.ID); err != nil {
		h.t.Fatal(err)
	}
	ack := h.qa.Do(h.t.Context(), qa.Viewer{Room: h.talk.ID, View: qa.Audience, Voter: text}, qa.Request{Op: "ask " + text[:3], Do: qa.ActAsk, Text: text})
	h.must(ack.Err())
	return ack.ID
}

// does sends one act by a form of the page at path.
func (m moderators) does(path string, want int, pairs ...string) string {
	m.h.t.Helper()
	_, page := m.page(path)
	values := url.Values{"key": {inputValue(m.h.t, page, "key")}}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	if strings.Contains(path, "/questions/") {
		path = m.desk
	}
	status, body := m.post(path, values)
	if status != want {
		m.h.t.Errorf("%v: status %d, want %d", pairs, status, want)
	}
	return body
}

// states are those of the questions, by id.
func (h *liveHouse) states() map[string]qa.Question {
	h.t.Helper()
	list, err := h.qa.Seen(h.t.Context(), h.talk.ID, qa.Moderator)
	h.must(err)
	found := map[string]qa.Question{}
	for _, q := range list {
		found[q.ID] = q
	}
	return found
}

// Whatever the script does can be done by forms.
func TestModerateByForm(t *testing.T) {
	h := newLiveHouse(t)
	m := newModerators(h)
	first, second, third := h.asked("Miten johdon saa mukaan, ja mitä se maksaa?"), h.asked("Palkitaanko aktiivisuudesta?"), h.asked("Onko ohje tarpeen?")
	one := m.desk + "/questions/" + first
	m.does(m.desk, http.StatusSeeOther, "do", "approve", "questions", first, "questions", second)
	if s := h.states(); s[first].State != qa.StateApproved || s[second].State != qa.StateApproved || s[third].State != qa.StateNew {
		t.Fatal("not those that were ticked:", s)
	}
	_, page := m.page(m.desk)
	if !strings.Contains(page, "Kumoa: hyväksyminen") {
		t.Error("the page does not say what would be undone")
	}
	m.does(m.desk, http.StatusSeeOther, "do", "undo")
	if s := h.states(); s[first].State != qa.StateNew || s[second].State != qa.StateNew {
		t.Error("not undone")
	}
	m.does(m.desk, http.StatusSeeOther, "do", "redo")
	m.does(m.desk, http.StatusSeeOther, "do", "approve", "questions", second, "questions", third)
	if s := h.states(); s[third].State != qa.StateApproved {
		t.Error("what could be done was not")
	}
	if _, page = m.page(m.desk); !strings.Contains(page, "Osalle kysymyksistä") {
		t.Error("it is not said that some were left")
	}
	t.Log("one question: edit, split, refused texts kept")
	body := m.does(one, http.StatusConflict, "one", "1", "question", first, "do", "edit", "text", "Uusi teksti", "was", "Jotain muuta")
	if !strings.Contains(body, "Uusi teksti") || !strings.Contains(body, "Joku ehti muuttaa") {
		t.Error("a stale edit is not shown again with its text")
	}
	m.does(one, http.StatusSeeOther, "one", "1", "question", first, "do", "edit", "text", "Miten johto mukaan?", "was", "Miten johdon saa mukaan, ja mitä se maksaa?")
	if _, page = m.page(m.desk); !strings.Contains(page, "Alun perin: Miten johdon saa mukaan") {
		t.Error("the original is not shown")
	}
	if body = m.does(one, http.StatusUnprocessableEntity, "one", "1", "question", first, "do", "split", "text_1", "Puolikas", "text_2", " "); !strings.Contains(body, "Puolikas") {
		t.Error("the half that was typed is lost")
	}
	m.does(one, http.StatusSeeOther, "one", "1", "question", first, "do", "split", "text_1", "Miten johto mukaan?", "text_2", "Mitä se maksaa?")
	if len(h.states()) != 4 {
		t.Error("not split")
	}
	t.Log("merge and part again")
	m.does(m.desk, http.StatusSeeOther, "do", "merge", "questions", second, "questions", third)
	s := h.states()
	target, gone := second, third
	if s[second].State == qa.StateMerged {
		target, gone = third, second
	}
	if s[gone].State != qa.StateMerged || s[gone].Into != target {
		t.Fatal("not merged", s)
	}
	if _, page = m.page(m.desk + "/questions/" + target); !strings.Contains(page, `value="unmerge"`) {
		t.Error("the merged one cannot be parted")
	}
	m.does(m.desk+"/questions/"+target, http.StatusSeeOther, "one", "1", "question", gone, "do", "unmerge")
	if h.states()[gone].State != qa.StateApproved {
		t.Error("not parted")
	}
	m.does(one, http.StatusSeeOther, "one", "1", "question", first, "do", "block")
	if _, page = m.page(one); !strings.Contains(page, `value="unblock"`) {
		t.Error("a block cannot be taken back")
	}
	if status, _ := m.page(m.desk + "/questions/nothing"); status != http.StatusNotFound {
		t.Error("a question that is not there:", status)
	}
}

func TestModerateForOthersAndTheStage(t *testing.T) {
	h := newLiveHouse(t)
	m := newModerators(h)
	m.does(m.desk, http.StatusSeeOther, "do", "ask", "text", "Kysyn takarivistä", "source", "floor", "name", "Sirpa")
	for _, q := range h.states() {
		if q.Source != qa.SourceFloor || q.State != qa.StateApproved || q.Name == nil || *q.Name != "Sirpa" {
			t.Error("asked for somebody:", q)
		}
	}
	long := strings.Repeat("x", 601)
	if body := m.does(m.desk, http.StatusUnprocessableEntity, "do", "ask", "text", long, "source", "chat"); !strings.Contains(body, ">"+long+"</textarea>") {
		t.Error("what was typed is lost")
	}
	if body := m.does(m.desk, http.StatusUnprocessableEntity, "do", "tell", "text", " "); !strings.Contains(body, "Kirjoita tähän ensin jotain") {
		t.Error("an empty message is not refused beside its field")
	}
	m.does(m.desk, http.StatusSeeOther, "do", "tell", "text", "Viisi <b>minuuttia</b>")
	_, page := m.page(m.desk)
	if !strings.Contains(page, "Viisi &lt;b&gt;") || !strings.Contains(page, "Ei vielä nähty lavalla") {
		t.Error("the message is not listed")
	}
	room, err := h.qa.Room(t.Context(), h.talk.ID)
	h.must(err)
	h.must(h.qa.Do(t.Context(), qa.Viewer{Room: h.talk.ID, View: qa.Stage, Voter: "s"}, qa.Request{Op: "seen", Do: qa.ActSeen, Message: room.Messages[0].ID}).Err())
	if _, page = m.page(m.desk); !strings.Contains(page, "Nähty lavalla") {
		t.Error("the acknowledgement is not shown")
	}
	m.does(m.desk, http.StatusSeeOther, "do", "untell", "message", room.Messages[0].ID)
	if _, page = m.page(m.desk); strings.Contains(page, "Viisi &lt;b&gt;") {
		t.Error("the message stays")
	}
}

func TestModeratePolls(t *testing.T) {
	h := newLiveHouse(t)
	m := newModerators(h)
	place := m.desk + "/polls"
	if body := m.does(place, http.StatusUnprocessableEntity, "do", "poll_add", "kind", "choice", "text", "Kumpi?", "options", "Vain yksi"); !strings.Contains(body, "Vain yksi</textarea>") {
		t.Error("the refused poll is lost")
	}
	m.does(place, http.StatusSeeOther, "do", "poll_add", "kind", "choice", "text", "Kumpi?", "options", "Kahvi\r\nTee\r\n")
	list := func() []poll.Shown {
		t.Helper()
		list, err := h.polls.List(t.Context(), h.talk.ID, qa.Moderator)
		h.must(err)
		return list
	}
	p := list()[0]
	if p.State != poll.StateDraft || len(p.Options) != 2 {
		t.Fatal(p)
	}
	m.does(place, http.StatusSeeOther, "do", "poll_change", "poll", p.ID, "text", "Kahvi vai tee?", "options", "Kahvi\nTee\nVesi")
	m.does(place, http.StatusSeeOther, "do", "poll_open", "poll", p.ID)
	m.does(place, http.StatusSeeOther, "do", "poll_result", "poll", p.ID, "live", "1")
	m.does(place, http.StatusConflict, "do", "poll_open", "poll", p.ID)
	if p = list()[0]; p.State != poll.StateOpen || p.Text != "Kahvi vai tee?" || !p.Live || len(p.Options) != 3 {
		t.Error(p)
	}
	h.must(h.polls.Do(t.Context(), qa.Viewer{Room: h.talk.ID, View: qa.Audience, Voter: "a"}, poll.Request{Op: "b", Do: poll.ActBallot, Poll: p.ID, Choice: []string{p.Options[1].ID}}).Err())
	m.does(place, http.StatusSeeOther, "do", "poll_close", "poll", p.ID)
	_, page := m.page(place)
	if !strings.Contains(page, "Sulje heti") || !strings.Contains(page, "100") || !strings.Contains(page, "1 vastaus") {
		t.Error("the result or the second press is missing")
	}
	m.does(place, http.StatusSeeOther, "do", "poll_close", "poll", p.ID)
	if p = list()[0]; p.State != poll.StateClosed {
		t.Error("not closed at once:", p.State)
	}
	m.does(place, http.StatusSeeOther, "do", "poll_add", "kind", "cloud", "text", "Yksi sana?")
	cloud := list()[1]
	m.does(place, http.StatusSeeOther, "do", "poll_open", "poll", cloud.ID)
	h.must(h.polls.Do(t.Context(), qa.Viewer{Room: h.talk.ID, View: qa.Audience, Voter: "a"}, poll.Request{Op: "c", Do: poll.ActBallot, Poll: cloud.ID, Choice: []string{"Ilo"}}).Err())
	item := list()[1].Result[0].Item
	m.does(place, http.StatusSeeOther, "do", "poll_hide", "poll", cloud.ID, "item", item, "on", "1")
	if !list()[1].Result[0].Hidden {
		t.Error("the word is not hidden")
	}
	m.does(place, http.StatusSeeOther, "do", "poll_hide", "poll", cloud.ID, "item", item, "on", "0")
	if list()[1].Result[0].Hidden {
		t.Error("the word stays hidden")
	}
}

func TestLiveSettings(t *testing.T) {
	h := newLiveHouse(t)
	m := newModerators(h)
	boss, err := h.accounts.ByEmail(t.Context(), "moderaattori@example.org")
	h.must(err)
	const place = "/desk/cmadfi/2027/live-settings"
	if status, _ := m.page(place); status != http.StatusForbidden {
		t.Error("a moderator opens the day's settings:", status)
	}
	h.must(h.db.Tx(t.Context(), func(ctx context.Context, tx bun.Tx) error {
		return h.accounts.Grant(ctx, tx, "", boss.ID, account.OfEdition(h.edition.ID), account.Organiser)
	}))
	save := func(path string, want int, values url.Values) string {
		t.Helper()
		status, body := m.post(path, values)
		if status != want {
			t.Fatalf("%s: status %d, want %d", path, status, want)
		}
		return body
	}
	values := func(version string) url.Values {
		return url.Values{"version": {version}, "review": {"after"}, "names": {"allowed"}, "slow": {"30"}, "filter": {"fi", "en"}, "sources": {"floor"}, "words": {"kilpail*\r\nkissa"}, "label_new_1": {"Tekniikka"}, "label_new_2": {"Raha"}}
	}
	wrong := values("0")
	wrong.Set("slow", "99999")
	if body := save(place, http.StatusUnprocessableEntity, wrong); !strings.Contains(body, "kilpail*") || !strings.Contains(body, "3600") || !strings.Contains(body, "Tekniikka") {
		t.Error("what was typed is lost")
	}
	save(place, http.StatusSeeOther, values("0"))
	save(place, http.StatusConflict, values("0"))
	set, _, err := h.qa.Default(t.Context(), h.edition.ID)
	h.must(err)
	if set.Review != qa.ReviewAfter || set.Slow != 30 || !slices.Equal(set.Words, []string{"kilpail*", "kissa"}) || len(set.Labels) != 2 || len(set.Filter) != 2 || !slices.Equal(set.Sources, []qa.Source{qa.SourceFloor}) {
		t.Error(set)
	}
	room := m.desk + "/settings"
	own := values("")
	own.Del("label_new_1")
	own.Del("label_new_2")
	own.Set("label_"+set.Labels[0].ID, "Tekniikkaa")
	own.Set("review", "before")
	save(room, http.StatusSeeOther, own)
	r, err := h.qa.Room(t.Context(), h.talk.ID)
	h.must(err)
	if !r.Own || r.Settings.Review != qa.ReviewBefore || len(r.Settings.Labels) != 1 || r.Settings.Labels[0] != (qa.Label{ID: set.Labels[0].ID, Name: "Tekniikkaa"}) {
		t.Error("the room's own:", r.Settings)
	}
	save(room, http.StatusSeeOther, url.Values{"follow": {"1"}})
	if r, err = h.qa.Room(t.Context(), h.talk.ID); err != nil || r.Own || r.Settings.Review != qa.ReviewAfter {
		t.Error("the room does not follow again", err)
	}
	q := h.asked("Onko kissa paikalla?")
	if status, page := m.page(m.desk); status != http.StatusOK || !strings.Contains(page, "Suodatin pysäytti: kissa") {
		t.Error("what the filter stopped is not said")
	}
	one := m.desk + "/questions/" + q
	m.does(one, http.StatusSeeOther, "one", "1", "question", q, "do", "label", "labels", set.Labels[0].ID)
	if _, page := m.page(m.desk); !strings.Contains(page, `<span class="tag plain">Tekniikka</span>`) {
		t.Error("the label is not shown")
	}
}
