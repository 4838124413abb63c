package web

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"agora/app/apptest"
	"agora/app/poll"
	"agora/app/qa"
)

// pollAct does a moderator's act on polls.
func (h *liveHouse) pollAct(op string, r poll.Request) string {
	h.t.Helper()
	r.Op = op
	ack := h.polls.Do(h.t.Context(), qa.Viewer{Room: h.talk.ID, View: qa.Moderator, Voter: "m"}, r)
	h.must(ack.Err())
	return ack.ID
}

// moderate does a moderator's act on questions.
func (h *liveHouse) moderate(op string, r qa.Request) qa.Ack {
	h.t.Helper()
	r.Op = op
	ack := h.qa.Do(h.t.Context(), qa.Viewer{Room: h.talk.ID, View: qa.Moderator, Voter: "m"}, r)
	h.must(ack.Err())
	return ack
}

// clean fails where axe finds a fault, or something is wider than the window.
func (w *window) clean(name string) {
	w.t.Helper()
	path := os.Getenv("AGORA_TEST_AXE")
	if path == "" {
		path = filepath.Join("..", "..", ".ci", "node_modules", "axe-core", "axe.min.js")
	}
	script, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		if apptest.Compulsory() {
			w.t.Fatal("axe-core is compulsory here: ", err)
		}
		return
	}
	for _, width := range []int64{360, 1280} {
		for _, dark := range []bool{false, true} {
			w.do(chromedp.EmulateViewport(width, 800))
			w.still(dark)
			w.do(chromedp.Evaluate[chromedp.Void](string(script) + "; undefined"))
			found, err := chromedp.Run(w.ctx, chromedp.Evaluate[[]string](`(async () => {
				const list = document.documentElement.scrollWidth > innerWidth ? ['wider than the window'] : [];
				const found = await axe.run(document, { resultTypes: ['violations'], preload: false });
				return [...list, ...found.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html.slice(0, 140) + ' ' + n.failureSummary).join(' | '))];
			})()`, chromedp.EvalAwaitPromise))
			w.h.must(err)
			for _, fault := range found {
				w.t.Error(name, width, dark, fault)
			}
			w.shot(fmt.Sprintf("%s-%d-%v", name, width, dark))
		}
	}
	w.still(false)
	w.do(chromedp.EmulateViewport(1280, 900))
}

// still is dark or light without motion: else colours are measured half-way
// between two states.
func (w *window) still(dark bool) {
	scheme := map[bool]string{false: "light", true: "dark"}[dark]
	_, err := chromedp.Call(w.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
	w.h.must(err)
}

// Two windows of the audience: polls of every kind are answered, changed and closed.
func TestLivePollsInABrowser(t *testing.T) {
	h := startLiveHouse(t, nil)
	start := h.chromium()
	one, two := start(), start()
	place := h.livePath(h.talk)
	one.open(place + "?lang=fi")
	two.open(place + "?lang=en")
	yesNo := poll.Options{{Text: "Kyllä, ja niitä noudatetaan"}, {Text: "Ei vielä"}}
	id := h.pollAct("a", poll.Request{Do: poll.ActAdd, Kind: poll.KindChoice, Text: "Onko teillä ohjeet?", Options: yesNo, Live: true})
	one.until(`document.querySelector('[data-polls]').hidden`)
	h.pollAct("b", poll.Request{Do: poll.ActOpen, Poll: id})
	for _, w := range []*window{one, two} {
		w.until(`document.querySelector('[data-poll-call] button') !== null && document.querySelector('[data-polls]').hidden`)
	}
	one.clean("poll-call")
	one.run(`document.querySelector('[data-poll-call] button').click()`)
	one.until(`document.activeElement?.name === 'choice' && !document.querySelector('[data-polls]').hidden`)
	one.run(`document.querySelector('[data-polls] input[value=o1]').click(); document.querySelector('[data-polls] form button').click()`)
	one.until(`document.querySelector('.poll-result td').textContent.startsWith('1')`)
	two.run(`document.querySelector('[data-poll-call] button').click()`)
	two.until(`document.querySelector('.poll-result td')?.textContent.startsWith('1')`)
	two.run(`document.querySelector('[data-polls] input[value=o1]').click(); document.querySelector('[data-polls] form button').click()`)
	one.until(`document.querySelector('.poll-result td').textContent.startsWith('2')`)

	t.Log("changed, and taken back")
	two.run(`document.querySelector('[data-polls] input[value=o2]').click(); document.querySelector('[data-polls] form button').click()`)
	one.until(`[...document.querySelectorAll('.poll-result td')].map((e) => e.textContent[0]).join('') === '11'`)
	two.run(`document.querySelector('[data-polls] [name=back]').click()`)
	one.until(`[...document.querySelectorAll('.poll-result td')].map((e) => e.textContent[0]).join('') === '10'`)
	one.clean("poll-open")

	t.Log("while it closes, the seconds are counted; a choice that was begun stays")
	two.run(`document.querySelector('[data-polls] input[value=o2]').click()`)
	h.pollAct("c", poll.Request{Do: poll.ActClose, Poll: id})
	one.until(`/Sulkeutuu \d+ sekunnin/.test(document.querySelector('.poll .meta').textContent)`)
	two.until(`/Closes in \d+ second/.test(document.querySelector('.poll .meta').textContent) && document.querySelector('[data-polls] input[value=o2]').checked`)
	h.pollAct("d", poll.Request{Do: poll.ActClose, Poll: id})
	one.until(`document.querySelector('.poll.over form') === null && document.querySelector('.poll.over .tag.mine') !== null`)

	t.Log("the other kinds, after a reload")
	for i, r := range []poll.Request{
		{Kind: poll.KindChoices, Text: "Missä kanavissa?", Options: poll.Options{{Text: "Slack"}, {Text: "Teams"}, {Text: "Sähköposti"}}, Most: 2, Live: true},
		{Kind: poll.KindRating, Text: "Miten päivä on sujunut?", Most: 5, Live: true},
		{Kind: poll.KindCloud, Text: "Yhteisö kolmella sanalla", Most: 3, Live: true},
		{Kind: poll.KindText, Text: "Mitä viet mukanasi?", Live: true},
	} {
		r.Do = poll.ActAdd
		id := h.pollAct(fmt.Sprint("add", i), r)
		h.pollAct(fmt.Sprint("open", i), poll.Request{Do: poll.ActOpen, Poll: id})
	}
	one.open(place)
	two.open(place)
	one.until(`document.querySelectorAll('.poll form').length === 4`)
	one.run(`const [a, b, c, d] = document.querySelectorAll('.poll form');
		for (const box of a.querySelectorAll('input[name=choice]')) box.checked = true;
		a.querySelector('button').click();
		b.querySelector('input[value="4"]').checked = true; b.querySelector('button').click();
		c.querySelectorAll('input[name=choice]')[0].value = 'Lämpö'; c.querySelectorAll('input[name=choice]')[1].value = 'avoimuus'; c.querySelector('button').click();
		d.querySelector('textarea').value = 'Uusia tuttuja'; d.querySelector('button').click()`)
	one.until(`document.querySelector('.poll .error') !== null`) // three of at most two
	two.until(`document.querySelectorAll('.cloud span').length === 2 && document.querySelector('.poll-average') !== null && document.body.textContent.includes('Uusia tuttuja')`)
	one.clean("poll-kinds")
	one.open(place)
	one.until(`document.querySelectorAll('.poll form')[3].querySelector('textarea').value !== ''`)
}

// Typing in the form that sticks to the lower edge leaves the page where it is.
func TestTypingMovesNothing(t *testing.T) {
	h := startLiveHouse(t, nil)
	w := h.chromium()()
	for _, width := range []int64{360, 1280} {
		w.do(chromedp.EmulateViewport(width, 420))
		w.open(h.livePath(h.talk))
		w.until(`document.documentElement.scrollHeight > innerHeight + 100`)
		w.run(`const field = document.querySelector('#text'); field.focus({preventScroll: true}); field.select()`)
		w.do(chromedp.KeyEvent("Var?"))
		w.until(`document.querySelector('#text').value === 'Var?'`)
		w.until(`scrollY === 0`)
	}
}

// What the audience does beside asking and voting.
func TestLiveAudienceInABrowser(t *testing.T) {
	h := startLiveHouse(t, nil)
	start := h.chromium()
	asker, other := start(), start()
	place := h.livePath(h.talk)
	asker.open(place + "?lang=fi")
	other.open(place + "?lang=fi")
	asker.run(with(askHere, "%TEXT%", `"Kannattaako aktiivisia työntekijöitä palkita?"`, "querySelector('button')", "querySelector('[data-send]')"))
	asker.until(`document.querySelector('[data-own] [data-revise]') !== null`)

	t.Log("the own question is changed")
	asker.run(`document.querySelector('[data-own] [data-revise]').click()`)
	asker.until(`document.querySelector('[data-ask]').text.value.startsWith('Kannattaako') && !document.querySelector('[data-revising]').hidden`)
	asker.clean("revise")
	asker.run(`const f = document.querySelector('[data-ask]'); f.text.value = 'Pitäisikö aktiivisia työntekijöitä palkita?'; f.querySelector('[data-send]').click()`)
	asker.until(`document.querySelector('[data-own] .q-text').textContent.startsWith('Pitäisikö')`)
	list, err := h.qa.Seen(t.Context(), h.talk.ID, qa.Moderator)
	if h.must(err); len(list) != 1 || !strings.HasPrefix(list[0].Text, "Pitäisikö") {
		t.Fatal("the change did not arrive", list)
	}
	h.moderate("m1", qa.Request{Do: qa.ActApprove, Question: list[0].ID})

	t.Log("somebody who types much the same votes instead")
	other.until(`document.querySelectorAll('[data-questions] li').length === 1`)
	other.run(`const f = document.querySelector('[data-ask]'); f.text.value = 'miten aktiivisia työntekijöitä pitäisi palkita'; f.text.dispatchEvent(new Event('input', {bubbles: true}))`)
	other.until(`document.querySelector('[data-alike] button') !== null`)
	other.clean("alike")
	other.run(`document.querySelector('[data-alike] button').click()`)
	asker.until(`document.querySelector('[data-questions] .vote span').textContent === '1'`)

	t.Log("told when it is answered")
	other.run(`document.querySelector('[data-questions] [data-tell]').click()`)
	other.until(`document.querySelector('[data-tell-dialog]').open`)
	other.clean("tell")
	other.run(`const f = document.querySelector('[data-tell-dialog] form'); f.elements.email.value = 'kuuntelija@example.org'; f.requestSubmit()`)
	other.until(`!document.querySelector('[data-tell-dialog]').open && document.querySelector('[data-questions] .meta').textContent.includes('kerromme')`)

	t.Log("merged: the vote goes along, and the asker reads where the question went")
	twin := h.moderate("m2", qa.Request{Do: qa.ActAsk, Text: "Palkitaanko aktiivisuudesta?", Source: qa.SourceFloor})
	h.moderate("m3", qa.Request{Do: qa.ActMerge, Question: twin.ID, Questions: []string{list[0].ID}})
	asker.until(`document.querySelector('[data-own]').textContent.includes('Palkitaanko aktiivisuudesta?')`)
	other.until(`!document.querySelector('[data-fresh]').hidden`)
	other.run(`document.querySelector('[data-fresh]').click()`)
	other.until(`document.querySelector('[data-questions] .vote[aria-pressed=true]') !== null`)

	t.Log("answered ones alone")
	h.moderate("m4", qa.Request{Do: qa.ActAnswered, Question: twin.ID})
	other.until(`document.querySelector('[data-questions]').textContent.includes('Vastattu lavalla')`)
	other.run(`document.querySelector('[data-show=open]').click()`)
	other.until(`document.querySelectorAll('[data-questions] li').length === 0 && location.search.includes('show=open')`)
	other.run(`document.querySelector('[data-show=answered]').click()`)
	other.until(`document.querySelectorAll('[data-questions] li').length === 1`)
	other.run(`const f = document.querySelector('[data-ask]'); f.text.value = ''; f.text.dispatchEvent(new Event('input', {bubbles: true}))`)

	t.Log("paused and slow are said")
	room := qa.DefaultSettings()
	room.Slow, room.Names = 30, qa.NamesRequired
	h.must(h.qa.SetRoom(t.Context(), "", h.talk.ID, &room))
	other.until(`document.querySelector('[data-slow]').textContent.includes('30') && document.querySelector('[data-anonymous]').hidden`)
	h.moderate("m5", qa.Request{Do: qa.ActPause})
	other.until(`!document.querySelector('[data-paused]').hidden && document.querySelector('[data-send]').disabled`)
	asker.clean("audience")
	h.forward(time.Second)
}
