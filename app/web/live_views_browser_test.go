package web

import (
	"strings"
	"testing"

	"agora/app/edition"
	"agora/app/poll"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/text"
)

// longest is a question of as many characters as there may be.
var longest = string([]rune(strings.Repeat("Miten työntekijälähettilyys mitataan, kun kaikki eivät halua (#elämänturvaajat)? ", 8))[:qa.QuestionMax])

// full puts something of every kind into the room of the talk.
func (h *liveHouse) full() (now string) {
	h.t.Helper()
	set := qa.DefaultSettings()
	set.Labels, set.Filter = []qa.Label{{Name: "Tekniikka"}, {Name: "Raha"}}, []text.Lang{text.Finnish}
	_, err := h.qa.Open(h.t.Context(), h.talk.ID)
	h.must(err)
	h.must(h.qa.SetRoom(h.t.Context(), "", h.talk.ID, &set))
	room, err := h.qa.Room(h.t.Context(), h.talk.ID)
	h.must(err)
	ids := map[string]string{}
	for _, s := range []string{"Uusi, joka odottaa?", "Helvetti, miksi ette lopeta?", "Onko ohje tarpeen?", longest, "Tarvitaanko ohjetta?", "Lavalle ensin?", "Lavalle toiseksi?", "Nyt tähän?",
		"Vastattu jo?", "Kirjallisesti?", "Hylätty?", "Sivuun?"} {
		ids[s] = h.asked(s)
	}
	of := func(s string) string { return ids[s] }
	n := 0
	do := func(r qa.Request) {
		n++
		h.moderate("full"+string(rune('a'+n)), r)
	}
	for _, s := range []string{"Onko ohje tarpeen?", longest, "Tarvitaanko ohjetta?", "Vastattu jo?", "Sivuun?"} {
		do(qa.Request{Do: qa.ActApprove, Question: of(s)})
	}
	do(qa.Request{Do: qa.ActQueue, Question: of("Lavalle ensin?")})
	do(qa.Request{Do: qa.ActQueue, Question: of("Lavalle toiseksi?")})
	do(qa.Request{Do: qa.ActAnswered, Question: of("Vastattu jo?")})
	do(qa.Request{Do: qa.ActNow, Question: of("Nyt tähän?")})
	do(qa.Request{Do: qa.ActLater, Question: of("Kirjallisesti?")})
	do(qa.Request{Do: qa.ActReject, Question: of("Hylätty?"), Reason: "Tähän vastattiin jo."})
	do(qa.Request{Do: qa.ActArchive, Question: of("Sivuun?")})
	do(qa.Request{Do: qa.ActLabel, Question: of("Lavalle ensin?"), Labels: []string{room.Settings.Labels[0].ID}})
	do(qa.Request{Do: qa.ActMerge, Question: of("Onko ohje tarpeen?"), Questions: []string{of("Tarvitaanko ohjetta?")}})
	do(qa.Request{Do: qa.ActTell, Text: "Viisi minuuttia jäljellä"})
	yesNo := poll.Options{{Text: "Kyllä, ja niitä noudatetaan"}, {Text: "Ei vielä"}}
	open := h.pollAct("f1", poll.Request{Do: poll.ActAdd, Kind: poll.KindChoice, Text: "Onko teillä ohjeet?", Options: yesNo, Live: true})
	h.pollAct("f2", poll.Request{Do: poll.ActAdd, Kind: poll.KindRating, Text: "Miten päivä on sujunut?", Most: 5})
	h.pollAct("f3", poll.Request{Do: poll.ActOpen, Poll: open})
	h.must(h.polls.Do(h.t.Context(), qa.Viewer{Room: h.talk.ID, View: qa.Audience, Voter: "v"}, poll.Request{Op: "v", Do: poll.ActBallot, Poll: open, Choice: []string{"o1"}}).Err())
	return of("Nyt tähän?")
}

// linkOf is the first link of a view of the first room.
func (h *liveHouse) linkOf(view qa.View) qa.Link {
	h.t.Helper()
	p, err := h.programs.Programme(h.t.Context(), h.edition)
	h.must(err)
	return qa.Link{EditionID: h.edition.ID, RoomID: p.RoomBySlug("aula").ID, View: view, Number: 1}
}

// tokenPath is the link's address.
func (h *liveHouse) tokenPath(view qa.View) string {
	h.t.Helper()
	head := map[qa.View]string{qa.Moderator: "/moderate/", qa.Stage: "/stage/", qa.Screen: "/screen/"}[view]
	return head + h.qa.Token(h.linkOf(view))
}

// The four views, empty and full: for eyes and ears, by keys alone, without motion,
// and large enough for a thumb.
func TestFourViewsAreSound(t *testing.T) {
	h := startLiveHouse(t, nil)
	w := h.chromium()()
	views := []struct{ name, path, tap string }{
		{"audience", h.livePath(h.talk), ".vote, [data-send]"},
		{"moderator", h.tokenPath(qa.Moderator) + "/" + h.talk.Slug, ".item .btn, .item summary, .item-link, .item-tick"},
		{"stage", h.tokenPath(qa.Stage), ".stage-acts .btn, .stage-small .btn, .stage-message .btn"},
		{"screen", h.tokenPath(qa.Screen), ""},
	}
	ready := map[string]string{"moderator": `document.querySelector('[data-moderate]').dataset.ready === '1'`}
	look := func(state string) {
		for _, v := range views {
			w.open(v.path + "?lang=fi")
			if expression := ready[v.name]; expression != "" {
				w.until(expression)
			}
			w.until(`document.readyState === 'complete'`)
			w.sound(v.name + "-" + state)
			if state == "full" && v.tap != "" {
				w.large(v.name, v.tap)
			}
		}
	}
	look("empty")
	now := h.full()
	look("full")

	t.Log("a poll closes, its result is told; the overlay, and what a moderator opens from the desk")
	list, err := h.polls.List(t.Context(), h.talk.ID, qa.Moderator)
	h.must(err)
	h.pollAct("g1", poll.Request{Do: poll.ActClose, Poll: list[0].ID})
	w.open(h.tokenPath(qa.Screen) + "?lang=fi")
	w.until(`document.querySelector('[data-closes]') !== null`)
	w.clean("screen-poll")
	h.pollAct("g2", poll.Request{Do: poll.ActClose, Poll: list[0].ID})
	w.open(h.tokenPath(qa.Screen) + "?overlay=1&lang=fi")
	w.clean("overlay")
	for name, path := range map[string]string{"one": "/questions/" + now, "polls": "/polls", "settings": "/settings", "day": "?day=all"} {
		base := h.tokenPath(qa.Moderator)
		if name != "day" {
			base += "/" + h.talk.Slug
		}
		join := "?"
		if strings.Contains(path, "?") {
			join = "&"
		}
		w.open(base + path + join + "lang=sv")
		w.sound("moderator-" + name)
	}

	t.Log("between two sessions, and when the day is over")
	h.thanked()
	for name, at := range map[string]program.Session{"between": h.later} {
		h.now.Store(at.StartsAt.Add(-5 * 60e9).UnixMicro())
		for _, view := range []qa.View{qa.Screen, qa.Stage} {
			w.open(h.tokenPath(view) + "?lang=fi")
			w.sound(view.String() + "-" + name)
		}
	}
}

// thanked names a partner of the edition.
func (h *liveHouse) thanked() {
	h.t.Helper()
	_, err := h.site.Editions.AddThanks(h.t.Context(), "", h.edition, edition.ThanksInput{Kind: edition.Partner, Name: "Esimerkkiyhtiö Oy"})
	h.must(err)
}
