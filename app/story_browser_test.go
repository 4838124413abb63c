package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"agora/app/apptest"
	"agora/app/text"
)

// patience is how long something that has to appear may take; CI runs other
// packages' tests on the same two cores.
const patience = 20 * time.Second

const (
	phone = 360
	desk  = 1280
)

// chromium starts a browser for one test.
func chromium(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := chromedp.NewContext(apptest.Chromium(t, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true)))
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// person is somebody with a browser of their own: cookies, language, screen.
type person struct {
	t     *testing.T
	site  *site
	ctx   context.Context
	name  string
	lang  text.Lang
	width int64

	deaf     atomic.Bool // while the checks do what a page may not
	mu       sync.Mutex
	troubles []string
	expected []string
}

// person gives somebody new a browser; what its console complains about fails the test.
func (s *site) person(browser context.Context, name string, lang text.Lang, width int64) *person {
	s.t.Helper()
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	s.t.Cleanup(cancel)
	p := &person{t: s.t, site: s, ctx: ctx, name: name, lang: lang, width: width}
	if err := chromedp.Listen(ctx, p.hear); err != nil {
		s.t.Fatal(err)
	}
	_, err := chromedp.Call(ctx, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": string(lang)}})
	if err != nil {
		s.t.Fatal(err)
	}
	p.screen(width, "light")
	s.t.Cleanup(p.calm)
	return p
}

// hear gathers what the console says.
func (p *person) hear(event any) {
	said := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		said = e.ExceptionDetails.Text
		if x := e.ExceptionDetails.Exception; x != nil {
			said += " " + x.Description
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" {
			b, _ := json.Marshal(e.Args)
			said = string(b)
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == "error" || e.Entry.Level == "warning" {
			said = e.Entry.Text + " " + e.Entry.URL
		}
	}
	if said == "" || p.deaf.Load() {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.troubles = append(p.troubles, said)
}

// expect names a complaint that belongs to the story.
func (p *person) expect(part string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.expected = append(p.expected, part)
}

// calm fails the test for every complaint nobody expected.
func (p *person) calm() {
	p.mu.Lock()
	defer p.mu.Unlock()
next:
	for _, said := range p.troubles {
		for _, part := range p.expected {
			if strings.Contains(said, part) {
				continue next
			}
		}
		p.t.Errorf("%s, %s: the browser complains: %s", p.name, p.lang, said)
	}
	p.troubles = nil
}

func (p *person) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.fail("%v", err)
	}
}

// fail ends the test and says where the person stood.
func (p *person) fail(format string, args ...any) {
	p.t.Helper()
	where, _ := evaluate[string](p, `location.pathname + ': ' + document.title + '\n' + document.body.innerText.slice(0, 1500)`)
	p.t.Fatalf("%s, %s: %s\nat %s", p.name, p.lang, fmt.Sprintf(format, args...), where)
}

func evaluate[T any](p *person, expression string) (T, error) {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// settle waits until everything the browser has said so far was heard: its
// messages come in order.
func (p *person) settle() {
	p.t.Helper()
	if _, err := evaluate[bool](p, `new Promise((done) => setTimeout(() => done(true)))`); err != nil {
		p.fail("%v", err)
	}
}

// get evaluates an expression that is a string.
func (p *person) get(expression string) string {
	p.t.Helper()
	s, err := evaluate[string](p, expression)
	if err != nil {
		p.fail("%s: %v", expression, err)
	}
	return s
}

// until waits for an expression to become true, also in a page that loads itself
// anew meanwhile.
func (p *person) until(expression string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	err := errors.New("not asked")
	for again := true; again; again = err != nil && ctx.Err() == nil && strings.Contains(err.Error(), "(-32000)") {
		_, err = chromedp.Run(ctx, chromedp.Poll[bool](expression, chromedp.WithPollingInterval(20*time.Millisecond), chromedp.WithPollingTimeout(patience)))
	}
	if err != nil {
		p.fail("never true: %s (%v)", expression, err)
	}
}

// words are the catalogue's in the person's language.
func (p *person) words(key string, args ...any) string {
	p.t.Helper()
	if !p.site.words.Has(p.lang, key) {
		p.t.Fatalf("there is no message %s", key)
	}
	return p.site.words.T(p.lang, key, args...)
}

// open goes to an address of the site and expects a page.
func (p *person) open(path string) {
	p.t.Helper()
	p.openRefused(path, 200)
}

// openRefused goes to an address and expects the status.
func (p *person) openRefused(path string, status int64) {
	p.t.Helper()
	if strings.HasPrefix(path, "/") {
		path = p.site.base + path
	}
	p.lands(status, chromedp.Navigate(path))
}

// press follows a link or sends a form, and expects a page.
func (p *person) press(selector string) {
	p.t.Helper()
	p.lands(200, chromedp.Click(chromedp.CSS(selector)))
}

// pressRefused sends a form and expects the status.
func (p *person) pressRefused(selector string, status int64) {
	p.t.Helper()
	p.lands(status, chromedp.Click(chromedp.CSS(selector)))
}

// lands does something that leads to a page, in the person's language.
func (p *person) lands(status int64, step chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if status != 200 {
		p.expect(fmt.Sprintf("status of %d", status))
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	answer, err := chromedp.RunResponse(ctx, step)
	if err == nil && answer == nil {
		err = errors.New("no answer")
	}
	if err != nil {
		p.fail("%v", err)
	}
	if int64(answer.Status) != status {
		p.fail("status %v for %s", answer.Status, answer.URL)
	}
	if lang := p.get(`document.documentElement.lang`); lang != string(p.lang) {
		p.fail("the page speaks %q", lang)
	}
}

// click presses what does not lead to another page.
func (p *person) click(selector string) {
	p.t.Helper()
	p.do(chromedp.Click(chromedp.CSS(selector)))
}

// fill writes into a field the way a browser's own filling in does.
func (p *person) fill(name, value string) {
	p.t.Helper()
	p.until(fmt.Sprintf(`(() => { const f = document.querySelector('main [name=%[1]q]:not([type=hidden])'); if (!f) return false; f.value = %[2]q;
		f.dispatchEvent(new Event('input', {bubbles: true})); f.dispatchEvent(new Event('change', {bubbles: true})); return f.value === %[2]q })()`, name, value))
}

// value is what stands in a field.
func (p *person) value(name string) string {
	p.t.Helper()
	return p.get(fmt.Sprintf(`document.querySelector('main [name=%q]:not([type=hidden])').value`, name))
}

// choose picks a card or ticks a box.
func (p *person) choose(name, value string) {
	p.t.Helper()
	p.click(fmt.Sprintf(`main label:has([name=%q][value=%q])`, name, value))
}

// sees waits until the page's main part says something.
func (p *person) sees(sentence string) {
	p.t.Helper()
	p.until(fmt.Sprintf(`document.querySelector('main').textContent.replace(/\s+/g, ' ').includes(%q.replace(/\s+/g, ' '))`, sentence))
}

// link finds what can be pressed by the words on it, as people do, and gives a
// selector for it.
func (p *person) link(words string) string {
	p.t.Helper()
	mark := strings.ReplaceAll(words, `"`, "")
	p.until(fmt.Sprintf(`(() => { const found = [...document.querySelectorAll('main a, main button, main summary, header a, nav a')].find((e) =>
		e.checkVisibility() && e.textContent.replace(/\s+/g, ' ').trim().includes(%q.replace(/\s+/g, ' ')));
		found?.setAttribute('data-found', %q); return !!found })()`, words, mark))
	return fmt.Sprintf(`[data-found=%q]`, mark)
}
