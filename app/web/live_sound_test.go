package web

import (
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// tapSize is the least height and width of what is pressed in a hurry, by a thumb.
const tapSize = 44

// large fails for whatever a selector finds, in sight, that is smaller than a thumb.
func (w *window) large(name, selector string) {
	w.t.Helper()
	for _, width := range []int64{360, 1280} {
		w.do(chromedp.EmulateViewport(width, 800))
		found, err := chromedp.Run(w.ctx, chromedp.Evaluate[[]string](fmt.Sprintf(`(() => {
			const list = [...document.querySelectorAll(%q)].filter((e) => e.checkVisibility());
			const small = list.filter((e) => { const r = e.getBoundingClientRect(); return r.width < %[2]d || r.height < %[2]d });
			return list.length ? small.map((e) => e.outerHTML.slice(0, 120)) : ['there is none'];
		})()`, selector, tapSize)))
		w.h.must(err)
		for _, one := range found {
			w.t.Errorf("%s %d: %s: smaller than %d px: %s", name, width, selector, tapSize, one)
		}
	}
	w.do(chromedp.EmulateViewport(1280, 900))
}

// calm fails for whatever moves though its viewer asked for less motion, and makes
// sure that the same look finds motion where nobody asked.
func (w *window) calm(name string) {
	w.t.Helper()
	const moving = `[...document.querySelectorAll('*')].filter((e) => {
		const s = getComputedStyle(e), lasts = (list) => list.split(',').some((t) => parseFloat(t) > 0.02);
		return (s.animationName !== 'none' && lasts(s.animationDuration)) || lasts(s.transitionDuration) || s.scrollBehavior === 'smooth';
	}).map((e) => e.outerHTML.slice(0, 100))`
	look := func(wish string) []string {
		_, err := chromedp.Call(w.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: wish}}})
		w.h.must(err)
		found, err := chromedp.Run(w.ctx, chromedp.Evaluate[[]string](moving))
		w.h.must(err)
		return found
	}
	for _, one := range look("reduce") {
		w.t.Errorf("%s moves: %s", name, one)
	}
	if len(look("no-preference")) == 0 {
		w.t.Log(name, "moves for nobody")
	}
}

// tabStop is where the keyboard is after a press.
type tabStop struct {
	Key    string // tells elements apart; empty: on none of the page's
	What   string
	Bare   bool // nothing shows that it has the focus
	Hidden bool // something lies over it
}

// byKeys goes through the page by Tab alone: everything that can be pressed is reached,
// shows that it has the focus, and lies under nothing.
func (w *window) byKeys(name string) {
	w.t.Helper()
	const all = `(() => {
		const names = new Set();
		window.stops = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')].filter((e) =>
			e.checkVisibility({visibilityProperty: true}) && !e.disabled && e.tabIndex >= 0 && !e.closest('dialog:not([open])') &&
			!(e.type === 'radio' && (names.has(e.name) ? true : (names.add(e.name), [...document.getElementsByName(e.name)].some((o) => o.checked) && !e.checked))));
		document.activeElement?.blur();
		return window.stops.length })()`
	const here = `(() => {
		const e = document.activeElement;
		if (!e || e === document.body) return {Key: ''};
		const box = e.type === 'checkbox' || e.type === 'radio' ? e.closest('label') ?? e : e;
		const style = getComputedStyle(e), around = getComputedStyle(box), r = (e.getClientRects()[0] ?? e.getBoundingClientRect());
		const shown = [style, around].some((s) => (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none');
		const x = r.left + Math.min(r.width / 2, 40), y = r.top + Math.min(r.height / 2, 20), top = document.elementFromPoint(x, y);
		return {Key: String(window.stops.indexOf(e)), What: e.outerHTML.slice(0, 110), Bare: !shown, Hidden: !top || !(e.contains(top) || box.contains(top) || top.contains(e))};
	})()`
	n, err := chromedp.Run(w.ctx, chromedp.Evaluate[int](all))
	w.h.must(err)
	met := map[string]bool{}
	for range n + 40 {
		w.do(chromedp.KeyEvent(kb.Tab))
		at, err := chromedp.Run(w.ctx, chromedp.Evaluate[tabStop](here))
		w.h.must(err)
		if at.Key == "" || met[at.Key] && at.Key == "0" {
			break
		}
		if !met[at.Key] && (at.Bare || at.Hidden) {
			w.t.Errorf("%s: by Tab, focus not shown (%v) or covered (%v): %s", name, at.Bare, at.Hidden, at.What)
		}
		met[at.Key] = true
	}
	missed, err := chromedp.Run(w.ctx, chromedp.Evaluate[[]string](`window.stops.map((e) => e.outerHTML.slice(0, 110))`))
	w.h.must(err)
	for i, what := range missed {
		if !met[fmt.Sprint(i)] {
			w.t.Errorf("%s: not reached by Tab: %s", name, what)
		}
	}
	if n == 0 && !strings.Contains(name, "screen") {
		w.t.Error(name, "has nothing to press")
	}
}

// sound is what every view of a room holds to.
func (w *window) sound(name string) {
	w.t.Helper()
	w.clean(name)
	w.byKeys(name)
	w.calm(name)
	w.do(chromedp.EmulateViewport(1280, 900))
}
