package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"agora/app/material"
	"agora/app/text"
)

// asked collects which hosts a window asks for anything.
type asked struct {
	mu    sync.Mutex
	hosts []string
	paths []string
}

func (a *asked) listen(w *window) {
	w.t.Helper()
	w.h.must(chromedp.Listen(w.ctx, func(event any) {
		e, ok := event.(*network.EventRequestWillBeSent)
		if !ok {
			return
		}
		u, err := url.Parse(e.Request.URL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" {
			return
		}
		a.mu.Lock()
		defer a.mu.Unlock()
		a.hosts, a.paths = append(a.hosts, u.Hostname()), append(a.paths, u.Path+"?"+u.RawQuery)
	}))
}

// foreign are the hosts beside the site's own.
func (a *asked) foreign() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	list := slices.DeleteFunc(slices.Clone(a.hosts), func(host string) bool { return host == "127.0.0.1" })
	slices.Sort(list)
	return slices.Compact(list)
}

func (a *asked) has(part string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.ContainsFunc(a.paths, func(p string) bool { return strings.Contains(p, part) })
}

// plainPDF is a page with a word on it.
func plainPDF() string {
	var b strings.Builder
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, object := range []string{"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 320 180]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
		"<</Length 35>>stream\nBT /F1 24 Tf 40 90 Td (Kalvot) Tj ET\nendstream", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"} {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj%s\nendobj\n", i+1, object)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return b.String()
}

// TestNothingLeavesBeforeThePress: a page with a video, a sound and slides asks
// nobody else for anything until somebody presses; then only the one pressed for.
func TestNothingLeavesBeforeThePress(t *testing.T) {
	s := newShelved(t)
	w := s.browse(t)()
	var seen asked
	seen.listen(w)
	video := s.add("Katso", func(in *material.Input) {
		in.Kind, in.URL, in.RecordedAt = material.Recording, "https://youtu.be/dQw4w9WgXcQ", siteNow
	})
	s.add("Kuuntele", func(in *material.Input) { in.Kind, in.URL = material.Recording, "https://media.example.org/puhe.mp3" })
	s.add("Kalvot", func(in *material.Input) { in.URL = "https://speakerdeck.com/player/0123456789abcdef0123456789abcdef" })
	for _, path := range []string{s.e.Path() + "/materials", s.e.Path() + "/sessions/" + s.x.Slug} {
		w.open(path + "?lang=fi")
		w.until(`[...document.querySelectorAll('[data-play]')].length === 3 && [...document.querySelectorAll('[data-play]')].every((b) => !b.hidden)`)
		w.run(`scrollTo(0, document.body.scrollHeight); document.querySelector('[data-play]').focus()`)
		if got := seen.foreign(); len(got) != 0 {
			t.Fatalf("%s asked %v before anybody pressed", path, got)
		}
	}
	w.run(`document.querySelector('[data-of="` + video.Slug + `"] [data-play]').click()`)
	w.until(`document.querySelector('[data-of="` + video.Slug + `"] iframe').src === 'https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1'`)
	w.until(`document.querySelector('[data-open] [data-play] span').textContent === 'Sulje' && document.querySelectorAll('iframe, audio, video').length === 1`)
	s.until(func() bool { return slices.Equal(seen.foreign(), []string{"www.youtube-nocookie.com"}) })
	w.run(`document.querySelector('[data-of="` + video.Slug + `"] [data-play]').click()`)
	w.until(`document.querySelectorAll('iframe').length === 0 && document.querySelector('[data-play]').getAttribute('aria-expanded') === 'false'`)
}

// until waits for what comes from elsewhere than the page.
func (s *shelved) until(done func() bool) {
	s.t.Helper()
	deadline, tick := time.After(livePatience), time.NewTicker(20*time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-deadline:
			s.t.Fatal("it did not come")
		case <-tick.C:
		}
	}
}

// TestPDFShowsInThePage: our own policy lets it, and a press is needed.
func TestPDFShowsInThePage(t *testing.T) {
	s := newShelved(t)
	by := material.Author{}
	f, err := s.Files.Take(t.Context(), s.e.ID, by.Scope(s.x.ID), "kalvot.pdf", strings.NewReader(plainPDF()))
	s.must(err)
	m, err := s.Material.Add(t.Context(), by, s.e, s.x.ID, material.Input{Kind: material.Slides, Title: text.One(text.Finnish, "Tiedosto"), FileID: f.ID})
	s.must(err)
	w := s.browse(t)()
	var seen asked
	seen.listen(w)
	w.open(s.e.Path() + "/sessions/" + s.x.Slug + "?lang=fi")
	w.until(`!document.querySelector('[data-of="` + m.Slug + `"] [data-play]').hidden`)
	if seen.has("/materials/" + m.Slug) {
		t.Error("it was fetched before anybody pressed")
	}
	w.run(`document.querySelector('[data-of="` + m.Slug + `"] [data-play]').click()`)
	w.until(`document.querySelector('[data-of="` + m.Slug + `"] iframe')?.contentDocument?.contentType === 'application/pdf' || document.querySelector('[data-of="` + m.Slug + `"] iframe')?.contentWindow?.length > 0`)
	if !seen.has("/materials/"+m.Slug) || len(seen.foreign()) != 0 {
		t.Errorf("asked %v of %v", seen.paths, seen.foreign())
	}
}
