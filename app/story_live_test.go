package app_test

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

const (
	question = "Kuinka usein on sopivaa julkaista (#elämänturvaajat), ja kuka sen päättää? 🙂"
	offline  = "Tämä kysyttiin ilman verkkoa – saako silti vastauksen?"
	typing   = "Vielä kesken"
	// withinASecond is how fast everybody else has to see what happens in a room.
	withinASecond = 1000
)

// liveRoom: asked on a phone, approved at the moderator's desk, seen by
// everybody else within a second; nothing is lost by a reload or a lost line.
func (s *story) liveRoom() {
	asker, other, moderator := s.second, s.waiter, s.organiser
	for _, p := range []*person{asker, other} {
		p.open(s.public)
		p.press(p.link(p.words("edition.go_live")))
		p.sees("Aula")
		if p == asker {
			p.check("live-day")
			p.open(s.public)
			p.check("edition-today")
			p.open(s.public + "/live")
		}
		p.press(p.link("Oma ääni kuuluviin"))
		p.online()
	}
	asker.check("live-empty")
	moderator.open(s.desk + "/live")
	moderator.check("desk-live-today")
	moderator.press(moderator.link("Oma ääni kuuluviin"))
	moderator.online()
	moderator.check("moderate-empty")

	asker.ask(question, "Maximiliane")
	asker.sees(asker.words("live.own_new"))
	asker.check("live-own")
	moderator.inList("new", question)
	moderator.check("moderate")
	other.until(fmt.Sprintf(`!document.body.textContent.includes(%q)`, question))
	s.timed(moderator, "approve", question, other)
	moderator.inList("approved", question)
	other.check("live")

	other.show()
	other.click(`[data-questions] li:first-child .vote`)
	for _, p := range []*person{other, asker} {
		p.show()
		p.until(`document.querySelector('[data-questions] li:first-child .vote span').textContent === '1'`)
	}
	asker.do(chromedp.Reload())
	asker.online()
	asker.until(`document.querySelector('[data-questions] li:first-child .vote span').textContent === '1'`)
	asker.sees(asker.words("live.own"))

	s.loseTheLine(asker, moderator, other)

	moderator.act("approved", question, "now")
	for _, p := range []*person{asker, other} {
		p.until(fmt.Sprintf(`document.querySelector('[data-now]').textContent.includes(%q)`, question))
	}
	other.check("live-now")
	moderator.check("moderate-now")
	moderator.act("now", question, "answered")
	asker.until(`document.querySelector('[data-now]').classList.contains('none') && document.querySelector('[data-fig=answered]').textContent === '1'`)
	other.do(chromedp.Reload())
	other.online()
	other.until(`document.querySelector('[data-fig=answered]').textContent === '1' && document.querySelector('.vote[aria-pressed=true]') !== null`)
	other.check("live-answered")
	moderator.check("moderate-answered")
}

// loseTheLine: a phone without network goes on; what was asked meanwhile is
// sent, what was typed stays, and what others did is there, when it is back.
func (s *story) loseTheLine(asker, moderator, other *person) {
	for _, complaint := range []string{"WebSocket connection", "ERR_INTERNET_DISCONNECTED"} {
		asker.expect(complaint)
	}
	asker.network(false)
	asker.until(`!document.querySelector('[data-line]').hidden`)
	asker.ask(offline, "Maximiliane")
	asker.sees(asker.words("live.own_sending"))
	asker.check("live-offline")
	asker.fill("text", typing)
	other.ask("Kysymys sillä välin", "Özlem")
	moderator.inList("new", "Kysymys sillä välin")
	moderator.act("new", "Kysymys sillä välin", "approve")
	asker.network(true)
	asker.online()
	asker.until(`document.querySelector('[data-line]').hidden`)
	moderator.inList("new", offline)
	asker.show()
	asker.until(`document.querySelector('[data-questions]').textContent.includes('Kysymys sillä välin')`)
	if text := asker.value("text"); text != typing {
		asker.fail("the unfinished question reads %q", text)
	}
	asker.fill("text", "")
	moderator.click(fmt.Sprintf(`[data-list=new] li:has(article[data-id=%q]) details summary`, moderator.idOf("new", offline)))
	moderator.fillIn(`[data-list=new] textarea[name=reason]`, "Tähän vastattiin jo.")
	moderator.click(`[data-list=new] button[value=reject]`)
	asker.sees("Tähän vastattiin jo.")
	asker.check("live-rejected")
}

// timed lets a moderator act and measures, inside the two browsers, how long
// somebody else waits for it.
func (s *story) timed(moderator *person, act, words string, other *person) {
	other.until(fmt.Sprintf(`(() => { window.seen = 0; const look = () => { if (!window.seen && document.querySelector('main').textContent.includes(%q)) window.seen = Date.now() };
		new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true }); return true })()`, words))
	moderator.until(`(() => { document.addEventListener('submit', () => { window.acted ||= Date.now() }, true); return true })()`)
	moderator.act("new", words, act)
	other.until(`document.querySelector('[data-fig=approved]').textContent === '1'`)
	other.show()
	other.until(`window.seen > 0`)
	from, _ := strconv.ParseInt(moderator.get(`String(window.acted)`), 10, 64)
	to, _ := strconv.ParseInt(other.get(`String(window.seen)`), 10, 64)
	s.t.Logf("seen by somebody else after %d ms", to-from)
	if to-from > withinASecond {
		s.t.Errorf("it took %v until somebody else saw the question", time.Duration(to-from)*time.Millisecond)
	}
}

// online waits until the room's connection stands: the count of those who
// follow comes over it.
func (p *person) online() {
	p.t.Helper()
	p.until(`document.readyState === 'complete' && document.querySelector('[data-line]')?.hidden === true && /[1-9]/.test(document.querySelector('[data-following]').textContent)`)
}

// network takes the browser's network away, or gives it back.
func (p *person) network(on bool) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Offline: !on, DownloadThroughput: -1, UploadThroughput: -1}}})
	if err == nil {
		_, err = chromedp.Call(p.ctx, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: !on, DownloadThroughput: -1, UploadThroughput: -1})
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

// ask types a question by hand and sends it.
func (p *person) ask(words, name string) {
	p.t.Helper()
	p.fill("name", name)
	p.do(chromedp.SendKeys(chromedp.CSS("#text"), words))
	p.click(`[data-ask] button[type=submit]`)
	p.until(`document.querySelector('#text').value === ''`)
}

// show presses "3 new questions", if the page offers it: lists do not move by themselves.
func (p *person) show() {
	p.t.Helper()
	p.until(`(() => { const b = document.querySelector('[data-fresh]'); if (b && !b.hidden) b.click(); return true })()`)
}

// inList waits until a question stands in one of the moderator's lists.
func (p *person) inList(list, words string) {
	p.t.Helper()
	p.until(fmt.Sprintf(`document.querySelector('[data-list=%s]').textContent.includes(%q)`, list, words))
}

func (p *person) idOf(list, words string) string {
	p.t.Helper()
	p.inList(list, words)
	return p.get(fmt.Sprintf(`[...document.querySelectorAll('[data-list=%s] article')].find((a) => a.textContent.includes(%q)).dataset.id`, list, words))
}

// act presses one of the buttons of a question.
func (p *person) act(list, words, do string) {
	p.t.Helper()
	p.click(fmt.Sprintf(`[data-list=%s] article[data-id=%q] button[value=%s]`, list, p.idOf(list, words), do))
}

// fillIn writes into what a selector finds.
func (p *person) fillIn(selector, value string) {
	p.t.Helper()
	p.do(chromedp.SendKeys(chromedp.CSS(strings.TrimSpace(selector)), value))
}
