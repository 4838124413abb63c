package web

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"agora/app/account"
	"agora/app/apptest"
	"agora/app/qa"
	"agora/app/text"
)

// window is a browser's window of somebody.
type window struct {
	t   *testing.T
	h   *liveHouse
	ctx context.Context
}

// chromium starts a browser; every window of it has cookies of its own.
func (h *liveHouse) chromium() func() *window {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(apptest.Chromium(h.t), 2*time.Minute)
	h.t.Cleanup(cancel)
	first, cancel := chromedp.NewContext(ctx)
	h.t.Cleanup(cancel)
	h.must(chromedp.Do(first, chromedp.Navigate("about:blank")))
	return func() *window { return h.window(first) }
}

func (h *liveHouse) window(parent context.Context) *window {
	h.t.Helper()
	ctx, cancel := chromedp.NewContext(parent, chromedp.WithNewBrowserContext())
	h.t.Cleanup(cancel)
	w := &window{t: h.t, h: h, ctx: ctx}
	w.do(chromedp.EmulateViewport(1280, 900))
	h.must(chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			what := e.ExceptionDetails.Text
			if e.ExceptionDetails.Exception != nil {
				what += " " + e.ExceptionDetails.Exception.Description
			}
			h.t.Error("script: ", what)
		case *log.EventEntryAdded:
			if strings.Contains(e.Entry.Text, "Content Security Policy") {
				h.t.Error("browser: ", e.Entry.Text)
			}
		}
	}))
	return w
}

func (w *window) do(steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	if err := chromedp.Do(w.ctx, steps...); err != nil {
		w.t.Fatal(err)
	}
}

func (w *window) open(path string) {
	w.t.Helper()
	w.do(chromedp.Navigate(w.h.base + path))
}

// run runs a script that gives true.
func (w *window) run(script string) {
	w.t.Helper()
	w.until(`(() => { ` + script + `; return true })()`)
}

// until waits for an expression to become true.
func (w *window) until(expression string) {
	w.t.Helper()
	for left := time.Now().Add(20 * time.Second); ; {
		_, err := chromedp.Run(w.ctx, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(time.Until(left))))
		if err == nil {
			return
		}
		// A page that moves on by itself takes the question away; the next page is asked.
		if moved := strings.Contains(err.Error(), "(-32000)"); !moved || time.Now().After(left) {
			w.shot("failed")
			w.t.Fatalf("%s: %v", expression, err)
		}
	}
}

// shot keeps a picture in the folder AGORA_SHOTS, for looking at.
func (w *window) shot(name string) {
	w.t.Helper()
	dir := os.Getenv("AGORA_SHOTS")
	if dir == "" {
		return
	}
	picture, err := chromedp.Run(w.ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o600)
	}
	if err != nil {
		w.t.Error(err)
	}
}

func (w *window) dark(on bool) {
	value := "light"
	if on {
		value = "dark"
	}
	_, err := chromedp.Call(w.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: value}}})
	w.h.must(err)
}

const (
	askHere  = `const f = document.querySelector('[data-ask]'); f.text.value = %TEXT%; f.text.dispatchEvent(new Event('input', {bubbles: true})); f.querySelector('button').click()`
	shownHas = `[...document.querySelectorAll(%LIST%)].some((p) => p.textContent.includes(%TEXT%))`
)

func with(script string, pairs ...string) string {
	return strings.NewReplacer(pairs...).Replace(script)
}

// Two browsers: one asks and votes, the other moderates; a cut network and a
// reload lose nothing.
func TestLiveInABrowser(t *testing.T) {
	h := startLiveHouse(t, nil)
	start := h.chromium()
	audience, desk := start(), start()
	token, _, err := h.accounts.MakeLink(t.Context(), account.Invite{Email: "omistaja@example.org", Name: "Olli Omistaja", Language: text.Finnish, Owner: true})
	h.must(err)
	login, err := h.accounts.Redeem(t.Context(), token, "tests")
	h.must(err)
	desk.open("/privacy?lang=fi")
	desk.run(`document.cookie = '` + h.site.LoginCookie() + `=` + login.Token + `; path=/'`)
	place := h.livePath(h.talk)
	audience.open(place + "?lang=fi")
	desk.open("/desk/cmadfi/2027/live/" + h.talk.Slug)
	audience.shot("live-empty")

	ask := func(s string) { t.Helper(); audience.run(with(askHere, "%TEXT%", `"`+s+`"`)) }
	has := func(w *window, list, s string) {
		t.Helper()
		w.until(with(shownHas, "%LIST%", `"`+list+` .q-text"`, "%TEXT%", `"`+s+`"`))
	}
	press := func(act string) {
		t.Helper()
		desk.until(`document.querySelector('[data-moderate] button[value="` + act + `"]') !== null`)
		desk.run(`document.querySelector('[data-moderate] [data-list] button[value="` + act + `"]').click()`)
	}
	ask("Kuinka usein on sopivaa julkaista?")
	has(audience, "[data-own]", "Kuinka usein")
	has(desk, "[data-list=new]", "Kuinka usein")
	press("approve")
	has(audience, "[data-questions]", "Kuinka usein")
	audience.until(`document.querySelector('[data-own]').hidden`)

	audience.run(`document.querySelector('[data-questions] .vote').click()`)
	audience.until(`document.querySelector('[data-questions] .vote[aria-pressed=true] span').textContent === '1'`)
	desk.until(`document.querySelector('[data-list=approved] .meta').textContent.includes('1 ääni')`)
	audience.run(`document.querySelector('[data-questions] .vote').click()`)
	desk.until(`document.querySelector('[data-list=approved] .meta').textContent.includes('0 ääntä')`)

	t.Log("a second question waits for a tap")
	ask("Kannattaako aktiivisuudesta palkita?")
	has(desk, "[data-list=new]", "Kannattaako")
	press("approve")
	audience.until(`!document.querySelector('[data-fresh]').hidden`)
	audience.shot("live-fresh")
	audience.run(`document.querySelector('[data-fresh]').click()`)
	has(audience, "[data-questions]", "Kannattaako")

	t.Log("the network is cut: the question is kept and sent afterwards, once")
	h.wire.sever(true)
	audience.until(`!document.querySelector('[data-line]').hidden`)
	ask("Kuka kysyi pimeässä?")
	audience.until(`document.querySelector('[data-line]').textContent.includes('tallessa')`)
	audience.run(`const f = document.querySelector('[data-ask]'); f.text.value = 'kesken jäänyt'; f.text.dispatchEvent(new Event('input', {bubbles: true}))`)
	audience.shot("live-offline")
	h.wire.sever(false)
	has(desk, "[data-list=new]", "pimeässä")
	audience.until(`document.querySelector('[data-line]').hidden`)
	audience.open(place)
	audience.until(`document.querySelector('[data-ask]').text.value === 'kesken jäänyt'`)
	has(audience, "[data-own]", "pimeässä")
	list, err := h.qa.Seen(t.Context(), h.talk.ID, qa.Moderator)
	if h.must(err); len(list) != 3 {
		t.Errorf("%d questions instead of 3", len(list))
	}

	t.Log("rejected with a reason, queued, answered now")
	desk.run(`const d = document.querySelector('[data-list=new] details'); d.open = true; d.querySelector('textarea').value = 'Sama kysymys on jo listalla.'; d.querySelector('button').click()`)
	audience.until(`document.querySelector('[data-own]').textContent.includes('Sama kysymys on jo')`)
	desk.run(`document.querySelector('[data-list=approved] button[value=queue]').click()`)
	desk.until(`document.querySelector('[data-list=queued] button[value=now]') !== null`)
	desk.run(`document.querySelector('[data-list=queued] button[value=now]').click()`)
	audience.until(`document.querySelector('[data-now] .tag.live') !== null`)
	desk.until(`document.querySelector('[data-list=now] button[value=answered]') !== null`)
	looks(h, audience, desk, place)

	t.Log("the page moves on only when nothing is being written")
	audience.open(place + "?room=aula")
	audience.run(`document.querySelector('[data-ask]').text.focus()`)
	h.forward(time.Hour)
	audience.open("/cmadfi/2027/live?room=aula")
	audience.until(`location.pathname === '` + h.livePath(h.later) + `'`)
	audience.open(place + "?room=aula") // its next session is on, but a question is half written
	audience.until(`document.querySelector('[data-next-link]').textContent.includes('Siirry')`)
	audience.run(`const f = document.querySelector('[data-ask]'); f.text.value = ''; f.text.dispatchEvent(new Event('input', {bubbles: true}))`)
	audience.open(place + "?room=aula")
	audience.until(`location.pathname === '` + h.livePath(h.later) + `'`)
}

// looks takes the pictures that are looked at: phone and desk, light and dark, fi and en.
func looks(h *liveHouse, audience, desk *window, place string) {
	if os.Getenv("AGORA_SHOTS") == "" {
		return
	}
	pages := map[string]struct {
		w    *window
		path string
	}{
		"live": {audience, place}, "day": {audience, "/cmadfi/2027/live"}, "waiting": {audience, "/cmadfi/2027/live?room=sali-2"},
		"desk": {desk, "/desk/cmadfi/2027/live"}, "moderate": {desk, "/desk/cmadfi/2027/live/" + h.talk.Slug},
	}
	for name, p := range pages {
		for _, look := range []struct {
			suffix, lang string
			width        int64
			dark         bool
		}{{"360-fi", "fi", 360, false}, {"360-dark-en", "en", 360, true}, {"1280-fi", "fi", 1280, false}, {"1280-dark-sv", "sv", 1280, true}} {
			p.w.do(chromedp.EmulateViewport(look.width, 900))
			p.w.dark(look.dark)
			join := "?"
			if strings.Contains(p.path, "?") {
				join = "&"
			}
			p.w.open(p.path + join + "lang=" + look.lang)
			p.w.until(`document.readyState === 'complete'`)
			p.w.shot(name + "-" + look.suffix)
		}
		p.w.dark(false)
	}
	audience.open("/cmadfi/2027/live?lang=fi")
}
