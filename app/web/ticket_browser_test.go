package web

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"agora/app/apptest"
	"agora/app/db/dbtest"
	"agora/app/registration"
)

// browser opens a window of Chromium on the site.
func (h *webHouse) browser() context.Context {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(apptest.Chromium(h.t), time.Minute)
	h.t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	h.t.Cleanup(cancel)
	return ctx
}

// hurried makes the page ask a hundred times as often, and counts how often it
// does.
const hurried = `(() => {
  const wait = window.setTimeout;
  window.setTimeout = (fn, ms, ...more) => wait(fn, String(fn).includes('this.ask()') ? ms / 100 : ms, ...more);
  const fetched = window.fetch;
  window.asked = 0;
  window.fetch = (...all) => { if (String(all[0]).endsWith('/state')) window.asked += 1; return fetched(...all); };
})()`

// TestTicketInABrowser: an open ticket follows the line and the offer by itself,
// leaves alone whoever is in the middle of something, and rests when it is settled.
func TestTicketInABrowser(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	h.newEdition("2028", seats(1), nil)
	h.rules("2028", func(r *registration.Rules) { r.Promotion = registration.ByOffer })
	eka, toka := h.register("2028", person("Eka Henkilö", "onsite")), h.register("2028", person("Toka Henkilö", "onsite"))
	kolmas := h.register("2028", person("Kolmas Henkilö", "onsite"))
	ctx := h.browser()
	until := func(condition string) {
		t.Helper()
		if _, err := chromedp.Run(ctx, chromedp.Poll[bool](condition, chromedp.WithPollingTimeout(10*time.Second))); err != nil {
			t.Fatal(condition, ": ", err)
		}
	}
	h.must(chromedp.Do(ctx, chromedp.Navigate("about:blank")))
	_, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: hurried})
	h.must(err)
	h.must(chromedp.Do(ctx, chromedp.Navigate("http://"+h.address+kolmas+"?lang=fi")))
	until(`document.querySelector('.place-number').textContent === '2' && window.asked > 1`)

	h.post(asStranger, toka+"/cancel", nil)
	until(`document.querySelector('.place-number').textContent === '1' && document.querySelector('[data-ticket-say]').textContent.includes('nyt olet sijalla 1')`)

	until(`document.querySelector('.changes details').open = true`)
	h.post(asStranger, eka+"/cancel", nil)
	until(`document.querySelector('p.notice') !== null`)
	until(`document.querySelector('h1').textContent === '` + h.said("ticket.waiting") + `' && document.querySelector('[data-ticket-say]').textContent === '` + h.said("ticket.changed") + `'`)
	until(`(document.querySelector('.changes details').open = false) === false`)
	until(`document.querySelector('h1').textContent === '` + h.said("ticket.offered") + `' && document.querySelector('p.notice') === null`)
	until(`!document.querySelector('[data-countdown-figs]').hidden`)

	h.post(asStranger, kolmas+"/accept", nil)
	until(`document.querySelector('h1').textContent === '` + h.said("ticket.confirmed") + `' && document.querySelector('.qr svg') !== null`)
	// It was one and the same page all the time, and it rests now.
	until(`window.asked > 3 && document.querySelector('[data-ticket]').dataset.state === undefined`)
}
