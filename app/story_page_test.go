package app_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"agora/app/apptest"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// axe gives the text of axe-core: the checks' own copy, or the one named by
// AGORA_TEST_AXE. Without it pages are looked at for everything else.
func axe(t *testing.T) string {
	t.Helper()
	path := os.Getenv("AGORA_TEST_AXE")
	if path == "" {
		path = filepath.Join("..", ".ci", "node_modules", "axe-core", "axe.min.js")
	}
	b, err := os.ReadFile(filepath.Clean(path))
	if err != nil && apptest.Compulsory() {
		t.Fatalf("axe-core is compulsory here (npm ci --prefix .ci): %v", err)
	}
	return string(b)
}

// screen sets the size of the window and the colours the person prefers.
func (p *person) screen(width int64, scheme string) {
	p.t.Helper()
	height := int64(800)
	if width == phone {
		height = 740
	}
	p.do(chromedp.EmulateViewport(width, height))
	_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme},
		// Without it colours are measured half-way between two states.
		{Name: "prefers-reduced-motion", Value: "reduce"},
	}})
	if err != nil {
		p.t.Fatal(err)
	}
}

// check looks at the page as it stands: on a phone and on a desk, in light and
// in dark. Only colours differ between light and dark, so all other rules of
// axe run once per width.
func (p *person) check(page string) {
	p.t.Helper()
	p.until(`document.readyState === 'complete'`)
	for _, width := range []int64{phone, desk} {
		for _, scheme := range []string{"light", "dark"} {
			p.screen(width, scheme)
			rules := "null"
			if scheme == "dark" {
				rules = "['color-contrast', 'link-in-text-block']"
			}
			for _, fault := range p.faults(rules) {
				// One fault of the frame shows on every page; it is told once.
				if !p.site.told[fault] {
					p.site.told[fault] = true
					p.t.Errorf("%s (%s, %d px, %s): %s", page, p.lang, width, scheme, fault)
				}
			}
			p.shot(fmt.Sprintf("%s-%d-%s-%s", page, width, scheme, p.lang))
		}
	}
	p.screen(p.width, "light")
}

// faults are the violations that axe finds and what is wider than the window.
func (p *person) faults(rules string) []string {
	p.t.Helper()
	// axe sets styles of its own, which the page's policy refuses; that is no
	// fault of the page. What the page itself did was heard before.
	p.settle()
	p.deaf.Store(true)
	defer func() {
		p.settle()
		p.deaf.Store(false)
	}()
	if script := p.site.axe; script != "" {
		if _, err := evaluate[bool](p, `if (!window.axe) { `+script+`
			} !!window.axe`); err != nil {
			p.fail("axe: %v", err)
		}
	}
	list, err := evaluate[[]string](p, fmt.Sprintf(pageFaults, rules))
	if err != nil {
		p.fail("looking at the page: %v", err)
	}
	return list
}

const pageFaults = `(async () => {
	const list = [], rules = %s;
	const wide = document.documentElement.scrollWidth - innerWidth;
	if (wide > 0) {
		const within = (e) => { for (let a = e.parentElement; a && a !== document.body; a = a.parentElement) if (getComputedStyle(a).overflowX !== 'visible') return true; return false };
		const right = (e) => { const r = document.createRange(); r.selectNodeContents(e); return Math.max(e.getBoundingClientRect().right, r.getBoundingClientRect().right) };
		const who = [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility() && right(e) > innerWidth + 0.5 && !within(e)).reverse();
		list.push(wide + ' px wider than the window: ' + who.slice(0, 3).map((e) => e.outerHTML.slice(0, 100)).join(' | '));
	}
	if (!window.axe) return list;
	const found = await axe.run(document, { resultTypes: ['violations'], preload: false, ...(rules ? { runOnly: { type: 'rule', values: rules } } : {}) });
	for (const v of found.violations) list.push(v.id + ' (' + v.impact + '): ' + v.help + '\n' + v.nodes.slice(0, 3).map((n) => '    ' + n.target.join(' ') + ' ' + n.html.slice(0, 160) + '\n      ' + n.failureSummary.replace(/\n/g, ' ')).join('\n'));
	return list;
})()`

// shot keeps a picture where AGORA_SHOTS says, for people to look at.
func (p *person) shot(name string) {
	p.t.Helper()
	folder := os.Getenv("AGORA_SHOTS")
	if folder == "" {
		return
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.MkdirAll(folder, 0o750); err != nil {
		p.t.Fatal(err)
	}
	name = strings.NewReplacer("/", "_", " ", "-").Replace(name)
	if err := os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// The checker is tried on a page with one fault of each kind: one that finds
// nothing proves nothing.
func TestPageCheckNoticesFaults(t *testing.T) {
	browser := chromium(t)
	s := newSite(t, time.Now())
	p := s.person(browser, "checker", "fi", phone)
	p.open("/")
	for _, fault := range p.faults("null") {
		t.Error(fault)
	}
	p.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('main').insertAdjacentHTML('beforeend',
		'<p class="bad-contrast">haalea</p><input id="nameless"><div class="too-wide" style="color: red">leveä</div>');
		document.querySelector('.too-wide').style.width = '500px';
		document.querySelector('.bad-contrast').style.color = 'rgb(240, 240, 240)'; console.error('harm'); undefined`))
	found := strings.Join(p.faults("null"), "\n")
	want := []string{"wider than the window"}
	if s.axe != "" {
		want = append(want, "label (critical)", "color-contrast (serious)")
	}
	for _, w := range want {
		if !strings.Contains(found, w) {
			t.Errorf("not noticed: %s; noticed:\n%s", w, found)
		}
	}
	p.settle()
	p.mu.Lock()
	heard := strings.Join(p.troubles, " ")
	p.mu.Unlock()
	if !strings.Contains(heard, "harm") || !strings.Contains(heard, "Content Security Policy") {
		t.Error("the console was not heard: ", heard)
	}
	p.expect("harm")
	p.expect("Content Security Policy")
}
