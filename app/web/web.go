// Package web is Agora's HTTP as a whole: the one table of routes that says who
// may use each (routes.go), the way every request takes through it, and the
// server. The pages are beside it by whom they are for: public for visitors and
// those who come; planning, registering, asking and desk for organisers, by task;
// door for those who let people in; live for the rooms of questions. page is what
// all of them stand on.
//
// A handler reads input, calls one use case of an area and renders or redirects;
// rules live in the areas. Adding a page takes a line in the table, a handler
// with its page struct, a template under templates/pages and its words in the
// three catalogues. The package owns no tables.
package web

import (
	"context"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"agora/app/file"
	"agora/app/registration/sheet"
	"agora/app/web/page"
)

const (
	maxForm   = 64 << 10 // a form or an API call; protects memory
	maxImport = 64 << 20 // a schedule file; the largest real ones are 3 MB
	// maxList is for a list of people. A file somewhat too large is still read, so
	// that its sender gets a sentence and not a broken connection.
	maxList = 2 * sheet.MaxFile

	readTimeout  = 30 * time.Second // a slow sender may not hold a connection for ever
	writeTimeout = 60 * time.Second
	idleTimeout  = 90 * time.Second
	// partTimeout lets a part of a file arrive at a quarter of a megabit per second,
	// fileTimeout a whole one at a bit more than one.
	partTimeout = 2 * time.Minute
	fileTimeout = 30 * time.Minute
)

// Site serves the pages and the API.
type Site struct {
	*page.Site
	fiber *fiber.App
}

// New builds the site. draining tells that the process is stopping, so that it
// says "not ready" while it still serves.
func New(deps page.Deps, draining func() bool) (*Site, error) {
	made, err := page.New(deps, draining)
	if err != nil {
		return nil, err
	}
	s := &Site{Site: made}
	s.fiber = fiber.New(fiber.Config{
		// Without it kept strings change under us when a connection is used again.
		Immutable:             true,
		ReadTimeout:           readTimeout,
		WriteTimeout:          writeTimeout,
		IdleTimeout:           idleTimeout,
		BodyLimit:             maxForm,
		ErrorHandler:          s.LastResort,
		DisableStartupMessage: true,
		ServerHeader:          "",
		StrictRouting:         true,
		CaseSensitive:         true,
		DisableDefaultDate:    false,
		UnescapePath:          false,
	})
	server := s.fiber.Server()
	// realtime needs the raw connection after the handshake.
	server.KeepHijackedConns = true
	server.HeaderReceived = s.bodyLimits
	s.mount()
	return s, nil
}

// bodyLimits decides, as soon as the header is read, how much of a body is taken
// and how long it may take: a file may be larger than a form, but only from
// somebody who may bring one; a stranger's is not even read.
func (s *Site) bodyLimits(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	path, _, _ := strings.Cut(string(h.RequestURI()), "?")
	limits := fasthttp.RequestConfig{MaxRequestBodySize: maxForm}
	if len(h.MultipartFormBoundary()) > 0 {
		s.Comes(h)
	}
	switch {
	case strings.HasPrefix(path, "/desk/") && strings.HasSuffix(path, "/registrations/import"):
		limits.MaxRequestBodySize = maxList
	case strings.HasPrefix(path, "/desk/") && strings.HasSuffix(path, "/import"):
		limits.MaxRequestBodySize = maxImport
	case string(h.Method()) == patch && strings.Contains(path, "/uploads/"):
		limits.MaxRequestBodySize, limits.ReadTimeout = file.MaxPart, partTimeout
	case string(h.Method()) == post && len(h.MultipartFormBoundary()) > 0 && h.ContentLength() > 0:
		// Of a known length it goes to the disk; one without would stand in memory.
		limits.MaxRequestBodySize, limits.ReadTimeout = file.MaxFile+maxForm, fileTimeout
	default:
		return limits
	}
	if !s.mayBring(path, string(h.Cookie(s.LoginCookie()))) {
		return fasthttp.RequestConfig{MaxRequestBodySize: maxForm}
	}
	return limits
}

// mayBring tells who may send more than a form: who works here, and who holds a
// speaker's link.
func (s *Site) mayBring(path, cookie string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), pageTime)
	defer cancel()
	if strings.HasPrefix(path, "/desk/") {
		_, roles, err := s.Accounts.Who(ctx, cookie)
		return err == nil && len(roles) > 0
	}
	if rest, found := strings.CutPrefix(path, "/speak/"); found {
		token, _, _ := strings.Cut(rest, "/")
		_, err := s.Speaking.ByToken(ctx, token)
		return err == nil
	}
	return false
}

// Fiber is the application to listen with.
func (s *Site) Fiber() *fiber.App { return s.fiber }

// Shutdown stops taking connections and waits for requests under way.
func (s *Site) Shutdown(ctx context.Context) error { return s.fiber.ShutdownWithContext(ctx) }
