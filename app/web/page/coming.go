package page

import (
	"net/url"
	"sync"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"agora/app/text"
)

// maxComing bounds what is remembered of forms with a file that are on their way.
const maxComing = 256

// coming remembers the language of forms with a file while they come in. When one
// breaks off, or the disk is full, the server's library forgets its head before
// it asks us for the answer; only the place of the head stays the same.
type coming struct {
	mu    sync.Mutex
	langs map[*fasthttp.RequestHeader]text.Lang
}

// take gives what is remembered of a form, once.
func (c *coming) take(h *fasthttp.RequestHeader) (l text.Lang, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l, ok = c.langs[h]
	delete(c.langs, h)
	return l, ok
}

// Comes is told of every form with a file as soon as its head is there.
func (s *Site) Comes(h *fasthttp.RequestHeader) {
	l := s.langOf(h)
	c := &s.langs.coming
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.langs) >= maxComing || c.langs == nil {
		c.langs = make(map[*fasthttp.RequestHeader]text.Lang, maxComing)
	}
	c.langs[h] = l
}

// langOf is the language that a head wishes for, found like that of a visit.
func (s *Site) langOf(h *fasthttp.RequestHeader) text.Lang {
	if u, err := url.ParseRequestURI(string(h.RequestURI())); err == nil {
		if l, ok := text.ParseLang(u.Query().Get("lang")); ok {
			return l
		}
	}
	if l, ok := text.ParseLang(string(h.Cookie(langCookie))); ok {
		return l
	}
	return s.langs.of(string(h.Peek(fiber.HeaderAcceptLanguage)))
}
