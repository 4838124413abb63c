package web

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"

	"agora/app/qa"
)

const (
	noticeIs   = `(() => { const n = document.querySelector('[data-day-notice]'); return !n.hidden && n.querySelector('p').textContent === %TEXT% })()`
	noticeGone = `document.querySelector('[data-day-notice]').hidden`
	// The browser's clock is not the test's: on the day itself pages ask by themselves.
	lookNow = `Date.now = () => %NOW%; document.dispatchEvent(new Event('visibilitychange'))`
)

// Two open pages, one with a socket and one without, show what is told to everybody,
// until it is taken back; whoever puts it away does not see it again.
func TestANoticeInABrowser(t *testing.T) {
	h := startLiveHouse(t, nil)
	organiser := h.organiser()
	start := h.chromium()
	live, programme := start(), start()
	look := with(lookNow, "%NOW%", fmt.Sprint(liveNoon.UnixMilli()))
	shows := func(w *window, words string) {
		t.Helper()
		w.until(with(noticeIs, "%TEXT%", fmt.Sprintf("%q", words)))
	}
	live.open(h.livePath(h.talk))
	programme.open("/cmadfi/2027/program")
	h.watched(h.talk.ID, 0, 1)

	id := organiser.tellAll("Sali on vaihtunut", "hour")
	shows(live, "Sali on vaihtunut")
	programme.run(look)
	shows(programme, "Sali on vaihtunut")
	live.until(`document.querySelector('[data-day-notice-say]').textContent === 'Sali on vaihtunut'`)
	live.clean("the live page with a notice")
	desk := h.moderateWindow()
	shows(desk.window, "Sali on vaihtunut")
	desk.run(`scrollTo(0, document.documentElement.scrollHeight)`)
	desk.until(`document.querySelector('.moderate-bar').getBoundingClientRect().top >= document.querySelector('.day-notice').getBoundingClientRect().bottom`)
	desk.do(chromedp.EmulateViewport(360, 500))
	for _, list := range []string{"queued", "new"} {
		desk.run(`document.querySelector('.list-tabs a[href="#list-` + list + `"]').click()`)
		desk.until(`(() => { const below = document.querySelector('#list-` + list + `').getBoundingClientRect().top - document.querySelector('.moderate-bar').getBoundingClientRect().bottom; return below >= 0 && below < 80 })()`)
	}
	programme.clean("the programme with a notice")

	// Put away here, it stays so on the next page; elsewhere it stands.
	programme.run(`document.querySelector('.day-notice-close').click()`)
	programme.until(noticeGone)
	programme.open("/cmadfi/2027/practical")
	programme.until(`document.querySelector('[data-day-notice]').dataset.dayNotice !== ''`)
	programme.until(noticeGone)
	shows(live, "Sali on vaihtunut")

	organiser.tellAll("Lounas on katettu", "hour")
	shows(live, "Lounas on katettu")
	programme.run(look)
	shows(programme, "Lounas on katettu")
	n, err := h.site.Notices.Standing(t.Context(), h.edition.ID)
	h.must(err)
	if n.ID == id {
		t.Fatal("the second notice is the first")
	}
	organiser.post(noticePath, url.Values{"back": {n.ID}})
	live.until(noticeGone)
	programme.run(look)
	programme.until(noticeGone)
}

// What one claps, the hall and the moderators see; nothing jumps and nothing talks.
func TestReactionsInABrowser(t *testing.T) {
	h := startLiveHouse(t, nil)
	h.asked("Kuinka monta meitä on?")
	start := h.chromium()
	one, two := start(), start()
	for _, w := range []*window{one, two} {
		w.open(h.livePath(h.talk))
	}
	h.watched(h.talk.ID, 0, 2)
	one.until(`document.querySelector('[data-reactions]').hidden`)
	h.reactionsOn(true)
	for _, w := range []*window{one, two} {
		w.until(`!document.querySelector('[data-reactions]').hidden && document.querySelectorAll('.react').length === 5`)
		w.until(`[...document.querySelectorAll('.react')].every((b) => b.offsetWidth >= 44 && b.offsetHeight >= 44)`)
	}
	one.run(`document.querySelectorAll('.react')[0].click()`)
	one.run(`document.querySelectorAll('.react')[3].click()`)
	two.until(`[...document.querySelectorAll('.react-count')].map((c) => c.textContent).join() === '1,,,1,'`)
	two.until(`document.querySelector('[data-say]').textContent === ''`)
	one.clean("the live page with reactions")

	stage := start()
	stage.open(h.tokenPath(qa.Stage))
	h.watched(h.talk.ID, 2, 1)
	one.run(`document.querySelectorAll('.react')[1].click()`)
	stage.until(`document.querySelector('.react-strip:not([hidden])')?.textContent.endsWith(' 1')`)

	h.reactionsOn(false)
	one.until(`document.querySelector('[data-reactions]').hidden`)
}
