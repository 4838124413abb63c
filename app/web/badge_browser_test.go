package web

import (
	"context"
	"fmt"
	"io"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"agora/app/db/dbtest"
	"agora/app/printing"
	"agora/app/web/desk"
)

// browseAsNamed opens windows on the site at an address that it takes for its own:
// its sockets let in nobody from another.
func (h *webHouse) browseAsNamed(t *testing.T) func() *window {
	t.Helper()
	target := &url.URL{Scheme: "http", Host: h.address}
	front := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		if r.In.Header.Get("Origin") != "" {
			r.Out.Header.Set("Origin", siteBase)
		}
	}})
	t.Cleanup(front.Close)
	t.Cleanup(front.CloseClientConnections)
	return (&liveHouse{t: t, base: front.URL}).chromium()
}

// spot is the middle of what a selector finds, in the window.
func (w *window) spot(selector string) (x, y float64) {
	w.t.Helper()
	at, err := chromedp.Run(w.ctx, chromedp.Evaluate[[]float64](fmt.Sprintf(`(() => { const e = document.querySelector(%q);
		e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 2] })()`, selector)))
	w.h.must(err)
	return at[0], at[1]
}

// pull takes hold of what a selector finds and lets it go elsewhere.
func (w *window) pull(selector string, dx, dy float64) {
	w.t.Helper()
	x, y := w.spot(selector)
	for _, step := range []struct {
		kind input.DispatchMouseEventType
		part float64
	}{{input.DispatchMouseEventTypeMousePressed, 0}, {input.DispatchMouseEventTypeMouseMoved, 0.5}, {input.DispatchMouseEventTypeMouseMoved, 1}, {input.DispatchMouseEventTypeMouseReleased, 1}} {
		w.do(chromedp.MouseEvent(step.kind, x+dx*step.part, y+dy*step.part, func(p *input.DispatchMouseEventParams) {
			p.Button, p.Buttons, p.ClickCount = input.MouseButtonLeft, 1, 1
		}))
	}
}

// editorHelp is what the editor's checks are written with: the measures of an
// element, and the picture of what stands in the form. A ready design is finer than
// the form's measures, so the first picture is asked for anew.
const editorHelp = `window.box = (i) => ['x', 'y', 'w', 'h'].map((k) => Number(document.getElementsByName('e' + i + '_' + k)[0].value));
	window.svg = () => document.querySelector('[data-badge-view] > svg:not(.badge-boxes)');
	window.picture = () => svg()?.outerHTML;
	window.was = box(4); svg().dataset.first = '1';
	document.querySelector('[name=cell_w]').dispatchEvent(new Event('input', {bubbles: true}))`

// editor opens a new design of one's own; its fifth element is the name.
func (w *window) editor(from string) {
	w.t.Helper()
	w.open("/desk/cmadfi/2028/badges/designs/new?from=" + from + "&lang=fi")
	w.until(`document.querySelectorAll('.badge-boxes [data-box]').length === 11 && document.querySelector('[name=e4_kind]').value === 'name'`)
	w.run(editorHelp)
	w.until(`svg() !== null && !svg().dataset.first && (window.drawn = picture()).length > 1000`)
}

// TestBadgeEditorInABrowser: an element is pulled and nudged, the picture follows, everything can be taken
// back, also over an added element, and what stands in the form is what is kept.
func TestBadgeEditorInABrowser(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	h.makeOwner()
	h.newEdition("2028", seats(1), nil)
	w := h.browse(t)()
	w.enter(h, asOwner)
	w.editor("a7")
	const name = `.badge-boxes [data-box="4"]`
	follows := func(change string) {
		t.Helper()
		w.until(change)
		w.until(`picture() !== drawn`)
	}
	back := func(press func()) {
		t.Helper()
		press()
		w.until(`box(4).join() === was.join()`)
		w.until(`picture() === drawn`)
	}

	t.Log("by the pointer: the element, then its corner")
	w.pull(name, 20, 10)
	follows(`box(4)[0] > was[0] && box(4)[1] > was[1] && box(4)[2] === was[2]`)
	w.until(`document.activeElement.dataset.box === '4' && document.querySelector('[data-badge-part="4"]').classList.contains('badge-on')`)
	w.until(`!document.querySelector('[data-badge-undo]').disabled`)
	back(func() { w.run(`document.querySelector('[data-badge-undo]').click()`) })
	w.run(`document.querySelector('[data-badge-redo]').click()`)
	follows(`box(4)[0] > was[0]`)
	back(func() { w.run(`document.querySelector('[data-badge-undo]').click()`) })
	w.pull(".badge-boxes .badge-corner", -30, -6)
	follows(`box(4)[0] === was[0] && box(4)[2] < was[2] && box(4)[3] < was[3]`)
	back(func() { w.run(`document.querySelector('[data-badge-undo]').click()`) })
	w.pull(name, 3000, 0)
	follows(`box(4)[0] + box(4)[2] === Number(document.querySelector('[name=cell_w]').value)`)
	back(func() { w.run(`document.querySelector('[data-badge-undo]').click()`) })

	t.Log("by keys")
	for _, c := range []struct {
		key      string
		with     []chromedp.Modifier
		measures string
	}{{kb.ArrowRight, nil, "1,0,0,0"}, {kb.ArrowUp, nil, "0,-1,0,0"}, {kb.ArrowLeft, []chromedp.Modifier{chromedp.ModifierShift}, "0,0,-1,0"}} {
		w.run(`document.querySelector('` + name + `').focus()`)
		w.do(chromedp.KeyEvent(c.key, chromedp.KeyModifiers(c.with...)))
		follows(`box(4).map((n, k) => Math.round(10 * (n - was[k])) / 10).join() === '` + c.measures + `'`)
		w.until(`document.activeElement.dataset.box === '4'`)
		back(func() { w.do(chromedp.KeyEvent("z", chromedp.KeyModifiers(chromedp.ModifierCtrl))) })
	}
	// A typed Enter would be sent on to the field that it leads to.
	w.run(`document.querySelector('` + name + `').dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}))`)
	w.until(`document.activeElement.name.startsWith('e4_') && document.querySelector('[data-badge-part="4"]').open`)

	t.Log("an added element takes a page, and taking it back goes over that")
	w.run(`window.stays = true; document.querySelector('[name=add]').value = 'text'; document.querySelector('[name=step][value=add]').click()`)
	w.until(`!window.stays && document.querySelectorAll('.badge-boxes [data-box]').length === 12`)
	w.until(`document.querySelector('[data-badge-undo]')?.disabled === false`)
	w.run(`document.querySelector('[data-badge-undo]').click()`)
	w.until(`document.querySelectorAll('.badge-boxes [data-box]').length === 11`)

	t.Log("what is wrong is said while it is typed, and refused")
	w.run(`const f = document.querySelector('[name=e4_x]'); f.value = '500'; f.dispatchEvent(new Event('input', {bubbles: true}))`)
	w.until(`document.querySelector('[data-badge-texts]').textContent.includes('Osa menee lapun reunan yli')`)
	w.run(`document.querySelector('.acts [name=step][value=save]').click()`)
	w.until(`document.querySelector('.error-summary') !== null && document.querySelector('[name=e4_x]').value === '500'`)
	w.clean("badge-editor-wrong")
	if n := h.count("SELECT COUNT(*) FROM badge_design"); n != 0 {
		t.Errorf("%d designs are kept", n)
	}

	t.Log("kept as it was pulled")
	w.editor("a7")
	w.sound("badge-editor")
	w.pull(name, 20, 10)
	follows(`box(4)[0] > was[0]`)
	at, err := chromedp.Run(w.ctx, chromedp.Evaluate[string](`box(4).join()`))
	h.must(err)
	w.run(`document.querySelector('[name=name]').value = 'Raahattu'; document.querySelector('.acts [name=step][value=save]').click()`)
	w.until(`!location.pathname.endsWith('/new') && document.querySelector('.badge-boxes') !== null`)
	w.run(editorHelp)
	w.until(`was.join() === '` + at + `' && document.querySelector('[name=name]').value === 'Raahattu'`)
	w.until(`document.querySelector('[data-badge-undo]').hidden`)
	if n := h.count("SELECT COUNT(*) FROM badge_design"); n != 1 {
		t.Errorf("%d designs are kept", n)
	}
}

// slowly lets badges be printed a step at a time: each number sent is how many are
// done, and closing the steps ends the work well.
func (h *webHouse) slowly() (steps chan int) {
	steps = make(chan int)
	kind := desk.Printed(h.Site.Site)[0]
	real := kind.Print
	kind.Print = func(ctx context.Context, p printing.Printout, w io.Writer, progress func(done, total int)) (printing.Outcome, error) {
		for {
			select {
			case <-ctx.Done():
				return printing.Outcome{}, ctx.Err()
			case n, more := <-steps:
				if !more {
					return real(ctx, p, w, progress)
				}
				progress(n, int(p.Total))
			}
		}
	}
	h.Printing.Offer(kind)
	return steps
}

// TestPrintingInABrowser: the bar of a printout moves by itself, its page may be left, and turns to the file
// in the end; a cancelled one stops.
func TestPrintingInABrowser(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	h.makeOwner()
	h.newEdition("2028", seats(20), nil)
	for _, name := range []string{"Aarne Aalto", "Ilo 🎉 Väki", "李小龍", "Åsa Öhman"} {
		h.register("2028", person(name, "onsite", "email", fmt.Sprintf("%x@agora.test", name)))
	}
	steps := h.slowly()
	w := h.browseAsNamed(t)()
	w.enter(h, asOwner)
	const page = "/desk/cmadfi/2028/badges"
	order := func() {
		t.Helper()
		w.open(page + "?lang=fi")
		w.until(`document.readyState === 'complete'`)
		w.run(`document.querySelector('form[action$="/print"] button').click()`)
		w.until(`location.pathname.includes('/printing/') && document.querySelector('progress')?.value === 0`)
	}
	printing := make(chan error, 2)
	work := func() { go func() { printing <- h.Printing.Work(context.WithoutCancel(t.Context())) }() }
	clock := siteNow
	moves := func(n int) {
		t.Helper()
		clock = clock.Add(time.Second) // progress is written down now and then, by this clock
		h.at(clock)
		steps <- n
		w.until(fmt.Sprintf(`document.querySelector('progress').value === %d && document.querySelector('[data-said]').textContent.replaceAll('\u00a0', ' ') === '%[1]d / 4'`, n))
	}

	order()
	w.until(`document.querySelector('.head .tag').textContent.includes('Jonossa')`)
	w.sound("printout-waiting")
	w.run(`window.stays = true`)
	work()
	moves(1)
	w.until(`window.stays && document.querySelector('.head .tag').textContent.includes('Tulostuu')`)
	moves(3)

	t.Log("left, and come back to from the list")
	w.open(page + "?lang=fi")
	w.until(`document.querySelector('main a[href*="/printing/"]') !== null`)
	w.clean("badges-printing")
	w.run(`document.querySelector('main a[href*="/printing/"]').click()`)
	w.until(`document.querySelector('progress')?.value === 3`)
	w.clean("printout-working")
	w.run(`window.stays = true`)
	close(steps)
	h.must(<-printing)
	w.until(`!window.stays && document.querySelector('a[href$="/file.pdf"]') !== null && document.querySelector('progress') === null`)
	w.sound("printout-ready")
	w.open(page + "/look?lang=fi")
	w.clean("badges-look")
	if n := h.count("SELECT COUNT(*) FROM badge_print"); n != 4 {
		t.Errorf("%d are noted as printed", n)
	}

	t.Log("cancelled under way")
	_, err := h.DB.Write.ExecContext(t.Context(), "DELETE FROM badge_print")
	h.must(err)
	steps = h.slowly()
	order()
	work()
	moves(2)
	w.run(`document.querySelector('form[action$="/cancel"] button').click()`)
	w.until(`document.querySelector('.head .tag')?.textContent.includes('Peruttu') && document.querySelector('progress, a[href$="/file.pdf"]') === null`)
	h.must(<-printing)
	w.clean("printout-cancelled")
	w.open("/desk/cmadfi/2028/printing?lang=fi")
	w.until(`document.querySelectorAll('main a[href*="/printing/"]').length === 2`)
	w.sound("printing")
	if n := h.count("SELECT COUNT(*) FROM badge_print"); n != 0 {
		t.Errorf("%d are noted as printed", n)
	}
}
