package templates_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"agora/app/apptest"
	"agora/app/text"
	"agora/static"
	"agora/templates"
)

// strictPolicy is the policy pages live under; a report to it is a fault of ours.
const strictPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; report-uri /report"

type gallery struct {
	*httptest.Server
	posts, reports atomic.Int32
}

func serveGallery(t *testing.T) *gallery {
	t.Helper()
	words, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	theme, err := os.ReadFile("testdata/gallery/theme.css")
	if err != nil {
		t.Fatal(err)
	}
	g := &gallery{}
	mux := http.NewServeMux()
	mux.Handle("GET /static/", http.StripPrefix("/static/", http.FileServerFS(static.FS)))
	mux.HandleFunc("GET /theme.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css")
		_, _ = io.WriteString(w, string(theme)+templates.GridSheet(12, 60))
	})
	mux.HandleFunc("POST /report", func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		t.Log(string(body))
		g.reports.Add(1)
	})
	mux.HandleFunc("POST /form", func(w http.ResponseWriter, _ *http.Request) {
		g.posts.Add(1)
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("GET /{name}", func(w http.ResponseWriter, r *http.Request) {
		f, ok := galleryPages[r.PathValue("name")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		p := samples(t)
		now := time.Now().UnixMilli()
		until := now + 500
		if r.URL.RawQuery == "far" {
			until = now + 100_000_000
		}
		p["Countdown"] = templates.Countdown{Until: until, Now: now, Text: "Kohta.", OpenText: "Auki."}
		w.Header().Set("Content-Security-Policy", strictPolicy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, renderSample(t, words, "fi", r.PathValue("name"), f, p))
	})
	g.Server = httptest.NewServer(mux)
	t.Cleanup(g.Close)
	return g
}

func browser(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := chromedp.NewContext(apptest.Chromium(t))
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// until waits for an expression to become true.
func until(t *testing.T, ctx context.Context, expression string) {
	t.Helper()
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(15*time.Second))); err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
}

func TestModulesInABrowser(t *testing.T) {
	ctx := browser(t)
	g := serveGallery(t)
	desktop, phone := chromedp.EmulateViewport(1280, 900), chromedp.EmulateViewport(360, 740)

	t.Run("countdown opens without a reload", func(t *testing.T) {
		do(t, ctx, desktop, chromedp.Navigate(g.URL+"/edition?far"))
		until(t, ctx, `document.querySelector('[data-enable-when-open]').disabled && document.querySelector('[data-part=d]').textContent === '1'`)
		do(t, ctx, chromedp.Navigate(g.URL+"/edition"))
		until(t, ctx, `!document.querySelector('[data-when-open]').hidden && !document.querySelector('[data-enable-when-open]').disabled`)
		until(t, ctx, `document.querySelector('[data-when-closed]').hidden && document.querySelector('[data-countdown]').hidden`)
		until(t, ctx, `document.querySelector('[data-countdown-say]').textContent === 'Auki.'`)
	})
	t.Run("a second press sends nothing", func(t *testing.T) {
		do(t, ctx, chromedp.Navigate(g.URL+"/form"))
		until(t, ctx, `document.activeElement.matches('[data-error-summary]')`)
		until(t, ctx, `(() => { const b = document.querySelector('.acts .btn'); b.click(); b.click(); return b.matches('.pending[aria-disabled=true]') })()`)
		until(t, ctx, `!document.querySelector('main form').dispatchEvent(new SubmitEvent('submit', {bubbles: true, cancelable: true}))`)
		if n := g.posts.Load(); n > 1 {
			t.Errorf("%d posts", n)
		}
	})
	t.Run("dialog opens and closes", func(t *testing.T) {
		do(t, ctx, chromedp.Navigate(g.URL+"/form"))
		until(t, ctx, `(() => { document.querySelector('[data-dialog-open]').click(); return document.querySelector('#d1').matches(':modal') })()`)
		until(t, ctx, `(() => { document.querySelector('#d1 [data-dialog-close]').click(); return !document.querySelector('#d1').open })()`)
	})
	t.Run("scheme is kept", func(t *testing.T) {
		until(t, ctx, `(() => { document.querySelector('[data-scheme-to=dark]').click(); return document.documentElement.dataset.scheme === 'dark' })()`)
		do(t, ctx, chromedp.Navigate(g.URL+"/program"))
		until(t, ctx, `document.documentElement.dataset.scheme === 'dark' && getComputedStyle(document.body).backgroundColor === 'rgb(19, 20, 22)'`)
		until(t, ctx, `(() => { document.querySelector('[data-scheme-to=""]').click(); return !('scheme' in document.documentElement.dataset) })()`)
	})
	t.Run("grid keeps rooms and times in sight", func(t *testing.T) {
		until(t, ctx, `(() => { const s = document.querySelector('.grid-scroll'); s.scrollTo(9999, 200); const box = s.getBoundingClientRect();
			return s.scrollLeft > 0 && s.scrollTop > 0 && Math.abs(document.querySelector('.grid-room').getBoundingClientRect().top - box.top) < 2
				&& Math.abs(document.querySelector('.grid-time').getBoundingClientRect().left - box.left) < 2 })()`)
	})
	for _, name := range []string{"live", "form", "desk", "moderator"} {
		t.Run("focus is never hidden on a phone: "+name, func(t *testing.T) {
			do(t, ctx, phone, chromedp.Navigate(g.URL+"/"+name))
			hidden, err := chromedp.Run(ctx, chromedp.Evaluate[string](hiddenFocus))
			if err != nil || hidden != "" {
				t.Error(hidden, err)
			}
		})
	}
	if g.reports.Load() > 0 {
		t.Error("the content security policy was broken")
	}
}

// hiddenFocus focuses everything in turn and names what then lies under something else.
const hiddenFocus = `(() => {
	const found = [];
	for (const e of document.querySelectorAll('main a, main button:not(:disabled), main input, main select, main textarea, main summary, footer button')) {
		if (!e.checkVisibility() || e.closest('dialog')) continue;
		e.focus();
		const r = e.getBoundingClientRect();
		const at = document.elementFromPoint(Math.min(r.left + r.width / 2, innerWidth - 1), r.top + r.height / 2);
		if (!at || !(e.contains(at) || at.contains(e) || at.closest('label')?.contains(e))) found.push(e.outerHTML.slice(0, 80) + ' under ' + (at ? at.outerHTML.slice(0, 60) : 'nothing'));
	}
	return found.join('\n');
})()`

func renderSample(t *testing.T, words *text.Catalogue, l text.Lang, name string, f frame, p map[string]any) string {
	t.Helper()
	out, err := gallerySet(t, words, l, name).Draw(name, galleryFrame(f, l, name), p)
	if err != nil {
		t.Error(err)
	}
	return string(out)
}
