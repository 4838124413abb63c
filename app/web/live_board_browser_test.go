package web

import (
	"bytes"
	"fmt"
	"image/png"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"agora/app/poll"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/text"
	"agora/realtime"
)

// shortened makes long waits of the pages' scripts short: what they do every 45 s, or
// when the next session begins, comes within two seconds. The waits of until, which
// stand between, stay as they are.
const shortened = `{ const later = window.setTimeout, long = (ms) => ms > 2000 && (ms < 12000 || ms > 25000);
	window.setTimeout = (f, ms, ...rest) => later(f, long(ms) ? Math.min(ms / 30, 2000) : ms, ...rest) }`

func (w *window) hurry() {
	w.t.Helper()
	_, err := chromedp.Call(w.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: shortened})
	w.h.must(err)
}

// watched waits until so many watch a session by a view.
func (h *liveHouse) watched(session string, view realtime.View, n int) {
	h.t.Helper()
	deadline, tick := time.After(livePatience), time.NewTicker(20*time.Millisecond)
	defer tick.Stop()
	for h.hub.Present(session)[view] != n {
		select {
		case <-tick.C:
		case <-deadline:
			h.t.Fatalf("%d watch instead of %d", h.hub.Present(session)[view], n)
		}
	}
}

// The wall goes on by itself for hours: through a lost network, a new version of the
// program, an expired pass, from session to session, and until its link is renewed.
func TestScreenGoesOnByItself(t *testing.T) {
	h := startLiveHouse(t, nil)
	h.thanked()
	wall := h.chromium()()
	wall.hurry()
	first, second := h.queued("Mistä aloitamme?"), h.queued("Mihin lopetamme?")
	link := h.tokenPath(qa.Screen)
	wall.open(link)
	wall.until(`document.querySelector('.mode-questions .screen-top li') !== null && /^\d{5}$/.test(document.querySelector('.screen-digits').lastChild.textContent)`)
	h.watched(h.talk.ID, realtime.Screen, 1)
	wall.run(`window.mark = 1`)
	h.moderate("n1", qa.Request{Do: qa.ActNow, Question: first})
	wall.until(`document.querySelector('.mode-now h1')?.textContent === 'Mistä aloitamme?'`)

	t.Log("the network is lost and comes back; what happened meanwhile is there")
	h.wire.sever(true)
	wall.until(`!document.querySelector('[data-line]').hidden && document.querySelector('[data-line]').textContent.includes('yhteys palaa')`)
	wall.until(`document.querySelector('.mode-now h1')?.textContent === 'Mistä aloitamme?'`)
	h.moderate("n2", qa.Request{Do: qa.ActNow, Question: second})
	h.wire.sever(false)
	wall.until(`document.querySelector('.mode-now h1')?.textContent === 'Mihin lopetamme?' && document.querySelector('[data-line]').hidden && window.mark === 1`)
	h.watched(h.talk.ID, realtime.Screen, 1)

	t.Log("the server has a newer version: the page is loaded anew, once")
	wall.run(`document.querySelector('script[src*="/live-board.js"]').setAttribute('src', '/static/0000/js/live-board.js')`)
	wall.until(`window.mark === undefined && document.querySelector('.mode-now h1')?.textContent === 'Mihin lopetamme?'`)
	wall.run(`window.mark = 2`)
	h.moderate("n3", qa.Request{Do: qa.ActAnswered, Question: second})
	wall.until(`document.querySelector('.mode-questions') !== null && window.mark === 2`)

	t.Log("in the break: what comes, the hashtag, who made it possible, and the way in")
	h.forward(25 * time.Minute)
	wall.until(`document.querySelector('.mode-between h1')?.textContent === 'Mitä mittaat' && window.mark === 2`)
	wall.until(`['#cmadfi', 'Esimerkkiyhtiö Oy', 'Kahvi', '10.50'].every((s) => document.body.textContent.includes(s)) && document.querySelector('.screen-code svg') !== null`)

	t.Log("the next session begins, more than an hour after the wall was opened")
	h.forward(50 * time.Minute)
	wall.until(`document.querySelector('.mode-questions') !== null && document.querySelector('[data-part=head]').textContent.includes('Mitä mittaat') && window.mark === 2`)
	h.watched(h.later.ID, realtime.Screen, 1)
	h.watched(h.talk.ID, realtime.Screen, 0)

	t.Log("its link is renewed: it says so by itself, and shows nothing of the room")
	h.must(h.qa.RenewLink(t.Context(), "", h.linkOf(qa.Screen)))
	wall.until(`document.querySelector('[data-board]') === null && document.querySelector('main h1') !== null && !document.body.textContent.includes('Mitä mittaat')`)
}

// A pass that ran out is replaced from the page, by the wall and by a moderators' desk
// that was opened by a link.
func TestPassesOfLinksAreRenewed(t *testing.T) {
	h := startLiveHouse(t, nil)
	room := h.room("Paja")
	long := h.session(program.SessionInput{Title: text.One(text.Finnish, "Koko päivän paja"), RoomID: room, StartsAt: liveNoon, EndsAt: liveNoon.Add(6 * time.Hour)})
	_, err := h.programs.Release(t.Context(), "", h.edition, "", nil)
	h.must(err)
	start := h.chromium()
	wall, desk := start(), start()
	for _, w := range []*window{wall, desk} {
		w.hurry()
	}
	wall.open("/screen/" + h.qa.Token(qa.Link{RoomID: room, View: qa.Screen, Number: 1}))
	desk.open("/moderate/" + h.qa.Token(qa.Link{RoomID: room, View: qa.Moderator, Number: 1}) + "?lang=fi")
	for range 2 {
		h.watched(long.ID, realtime.Screen, 1)
		h.watched(long.ID, realtime.Moderator, 1)
		h.wire.sever(true)
		h.watched(long.ID, realtime.Screen, 0)
		h.forward(2 * time.Hour)
		h.wire.sever(false)
	}
	h.watched(long.ID, realtime.Screen, 1)
	h.watched(long.ID, realtime.Moderator, 1)
	ack := h.qa.Do(t.Context(), qa.Viewer{Room: long.ID, View: qa.Audience, Voter: "v"}, qa.Request{Op: "a", Do: qa.ActAsk, Text: "Näkyykö tämä vielä?"})
	h.must(ack.Err())
	desk.until(`document.querySelector('[data-list=new]').textContent.includes('Näkyykö')`)
	desk.run(`document.querySelector('[data-list=new] button[value=approve]').click()`)
	wall.until(`document.querySelector('.screen-top')?.textContent.includes('Näkyykö')`)

	t.Log("the desk's link is renewed: it says that it stopped, and the way to know more")
	h.must(h.qa.RenewLink(t.Context(), "", qa.Link{EditionID: h.edition.ID, RoomID: room, View: qa.Moderator, Number: 1}))
	h.watched(long.ID, realtime.Moderator, 0)
	desk.until(`document.querySelector('[data-line] a') !== null || document.querySelector('main').textContent.includes('Linkki on vaihdettu')`)
	desk.run(`document.querySelector('[data-line] a')?.click()`)
	desk.until(`document.querySelector('[data-moderate]') === null && document.querySelector('main').textContent.includes('Linkki on vaihdettu')`)
}

// The host goes through the questions by keys, and what is pressed without network is
// done once, when it is back.
func TestStageInABrowser(t *testing.T) {
	h := startLiveHouse(t, nil)
	host := h.chromium()()
	host.hurry()
	first, second := h.queued("Mistä aloitamme?"), h.queued("Mihin lopetamme?")
	host.open(h.tokenPath(qa.Stage) + "?lang=fi")
	tab := func(expression string) {
		t.Helper()
		for range 40 {
			host.do(chromedp.KeyEvent(kb.Tab))
			if at, err := chromedp.Run(host.ctx, chromedp.Evaluate[bool](`Boolean(document.activeElement?.matches('`+expression+`'))`)); err == nil && at {
				return
			}
		}
		t.Fatal("the keys do not lead to ", expression)
	}
	host.until(`document.querySelector('[data-go]') !== null`)
	tab("[data-go]")
	host.do(chromedp.KeyEvent(kb.Enter))
	host.until(`document.querySelector('[data-now]')?.dataset.now === '` + first + `' && document.activeElement.matches('[data-go]')`)

	t.Log("without network the press is kept, the next question shows, and it is taken once")
	h.wire.sever(true)
	host.do(chromedp.KeyEvent(kb.Enter))
	host.until(`document.querySelector('[data-line]').textContent.includes('tallessa') && !document.querySelector('[data-line]').hidden && document.querySelector('.stage-now .big').textContent === 'Mihin lopetamme?'`)
	host.do(chromedp.KeyEvent(kb.Enter)) // pressed again, for nothing seems to happen
	h.wire.sever(false)
	host.until(`document.querySelector('[data-now]')?.dataset.now === '` + second + `' && document.querySelector('[data-line]').hidden`)
	room, err := h.qa.Room(t.Context(), h.talk.ID)
	h.must(err)
	if room.Now != second || room.Counts.Answered != 1 {
		t.Errorf("now %s, %d answered", room.Now, room.Counts.Answered)
	}

	t.Log("a message is said, shown and acknowledged")
	h.moderate("t", qa.Request{Do: qa.ActTell, Text: "Viisi minuuttia jäljellä"})
	host.until(`document.querySelector('.stage-message:not(.seen) button') !== null && document.querySelector('[data-say]').textContent.includes('Viisi minuuttia')`)
	host.clean("stage-message")
	tab(".stage-message button")
	host.do(chromedp.KeyEvent(kb.Enter))
	host.until(`document.querySelector('.stage-message.seen') !== null`)

	t.Log("in the middle of an answer the page stays; afterwards it goes on")
	h.forward(60 * time.Minute)
	host.until(`location.search.includes('session=') && document.querySelector('[data-now]').dataset.now === '` + second + `'`)
	tab("[data-go]")
	host.do(chromedp.KeyEvent(kb.Enter))
	host.until(`document.querySelector('[data-now]') === null`)
	host.until(`document.querySelector('.stage-foot > p a:not([data-reload])') !== null`)
	host.run(`document.querySelector('.stage-foot > p a:not([data-reload])').click()`)
	host.until(`document.querySelector('h1').textContent === 'Mitä mittaat'`)
}

// Over a picture nothing is painted where there are no words.
func TestOverlayIsTransparent(t *testing.T) {
	h := startLiveHouse(t, nil)
	w := h.chromium()()
	w.do(chromedp.EmulateViewport(1920, 1080))
	w.transparent()
	id := h.queued("Mistä aloitamme?")
	for _, shown := range []bool{false, true} {
		if shown {
			h.moderate("n", qa.Request{Do: qa.ActNow, Question: id})
		}
		for _, dark := range []bool{false, true} {
			w.dark(dark)
			w.open(h.tokenPath(qa.Screen) + "?overlay=1")
			w.until(`document.readyState === 'complete' && (document.querySelector('.mode-now') !== null) === ` + map[bool]string{true: "true", false: "false"}[shown])
			painted := w.painted()
			if shown != painted {
				t.Errorf("a question: %v, dark: %v, painted: %v", shown, dark, painted)
			}
		}
	}
}

// transparent lets pictures of the window have no ground of their own.
func (w *window) transparent() {
	w.t.Helper()
	// Of nothing at all the protocol would say the default, which is white.
	almost := &cdp.RGBA{A: 0.001}
	_, err := chromedp.Call(w.ctx, emulation.SetDefaultBackgroundColorOverride, emulation.SetDefaultBackgroundColorOverrideParams{Color: almost})
	w.h.must(err)
}

// painted tells whether there is anything in the window; its upper half never holds any.
func (w *window) painted() bool {
	w.t.Helper()
	answer, err := chromedp.Call(w.ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{Format: "png"})
	w.h.must(err)
	picture, err := png.Decode(bytes.NewReader(answer.Data))
	w.h.must(err)
	any := false
	for y := range picture.Bounds().Dy() {
		for x := range picture.Bounds().Dx() {
			_, _, _, alpha := picture.At(x, y).RGBA()
			if alpha == 0 {
				continue
			}
			if any = true; y < picture.Bounds().Dy()/2 {
				w.t.Fatalf("the picture is painted over at %d, %d", x, y)
			}
		}
	}
	return any
}

// Whatever is on the wall, nothing of it lies below its lower edge: there is nobody to
// scroll, and the code stands there.
func TestTheWallFits(t *testing.T) {
	h := startLiveHouse(t, nil)
	h.thanked()
	w := h.chromium()()
	fits := func(what string) {
		t.Helper()
		for _, size := range [][2]int64{{1920, 1080}, {1366, 768}, {1280, 720}} {
			w.do(chromedp.EmulateViewport(size[0], size[1]))
			w.open(h.tokenPath(qa.Screen) + "?lang=fi")
			w.until(`document.readyState === 'complete' && document.querySelector('.screen-digits') !== null`)
			over, err := chromedp.Run(w.ctx, chromedp.Evaluate[int](`Math.max(0, document.documentElement.scrollHeight - innerHeight, Math.ceil(document.querySelector('.screen-code').getBoundingClientRect().bottom - innerHeight))`))
			h.must(err)
			if over > 0 {
				t.Errorf("%s: %d px too much at %d × %d", what, over, size[0], size[1])
			}
		}
		w.shot("wall-" + what)
	}
	for i := range 6 {
		h.queued(string(rune('a'+i)) + "sia, jota moni kysyy ja joka on kahden rivin mittainen, jos se kirjoitetaan isolla seinälle?")
	}
	fits("questions")
	for i, n := range []int{60, 129, 140, 209, 220, qa.QuestionMax} {
		id := h.queued(string([]rune(string(rune('k'+i)) + longest)[:n]))
		h.moderate("now"+string(rune('a'+i)), qa.Request{Do: qa.ActNow, Question: id})
		fits(fmt.Sprint("now-", n))
	}
	var options poll.Options
	for i := range 6 {
		options = append(options, poll.Option{Text: string(rune('A'+i)) + "nnetaan jokaisen julkaista omalla äänellään"})
	}
	id := h.pollAct("p", poll.Request{Do: poll.ActAdd, Kind: poll.KindChoice, Text: "Mikä näistä kuvaa parhaiten oman työpaikkasi tapaa ohjata sitä, mitä henkilöstö julkaisee?", Options: options, Live: true})
	h.pollAct("q", poll.Request{Do: poll.ActOpen, Poll: id})
	fits("poll")
	h.pollAct("r", poll.Request{Do: poll.ActClose, Poll: id})
	fits("poll-closing")
	h.now.Store(h.later.StartsAt.Add(-10 * time.Minute).UnixMicro())
	fits("between")
}
