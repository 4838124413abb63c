// Package web is all of Agora's HTTP: one table of routes that says who may use
// each (routes.go), errors, rendering, and a file per area of pages.
//
// A handler reads input, calls one use case of an area and renders or redirects;
// rules live in the areas. Adding a page takes a line in the table, a handler
// with its page struct, a template under templates/pages and its words in the
// three catalogues.
package web

import (
	"context"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"agora/app/account"
	"agora/app/db"
	"agora/app/door"
	"agora/app/edition"
	"agora/app/mail"
	"agora/app/material"
	"agora/app/paper"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/registration"
	"agora/app/text"
	"agora/realtime"
	"agora/static"
)

const (
	maxForm   = 64 << 10 // a form or an API call; protects memory
	maxImport = 64 << 20 // a schedule file; the largest real ones are 3 MB

	readTimeout  = 30 * time.Second // a slow sender may not hold a connection for ever
	writeTimeout = 60 * time.Second
	idleTimeout  = 90 * time.Second
)

// Config is what the site has to know of its installation.
type Config struct {
	BaseURL        string
	Secret         []byte
	TrustedProxies []string
	// Demo takes every name of the loopback as the site's own origin.
	Demo bool
	// SMTP says whether letters really leave; without it the desk shows them.
	SMTP bool
}

// Deps are the areas the pages are made of.
type Deps struct {
	Config        Config
	Now           func() time.Time
	Log           *slog.Logger
	Words         *text.Catalogue
	DB            *db.DB
	Accounts      *account.Service
	Mail          *mail.Service
	Editions      *edition.Service
	Program       *program.Service
	Registrations *registration.Service
	Material      *material.Service
	QA            *qa.Service
	Paper         *paper.Service
	Door          *door.Service
	Hub           *realtime.Hub
	// Exports gives, by area, all that is kept of one person.
	Exports map[string]func(ctx context.Context, personID string) (any, error)
	// Erasers forget one person, in the order in which the areas have to.
	Erasers []Eraser
}

// Site serves the pages and the API.
type Site struct {
	Deps
	base     *url.URL
	secure   bool
	pages    *pages
	cache    *pageCache
	themes   *themes
	langs    *langMemo
	static   string
	policy   string
	fiber    *fiber.App
	draining func() bool
}

// New builds the site. draining tells that the process is stopping, so that it
// says "not ready" while it still serves.
func New(deps Deps, draining func() bool) (*Site, error) {
	base, err := url.Parse(deps.Config.BaseURL)
	if err != nil {
		return nil, err
	}
	hash, err := static.Hash()
	if err != nil {
		return nil, err
	}
	s := &Site{Deps: deps, base: base, secure: base.Scheme == "https", draining: draining,
		cache: newPageCache(), themes: newThemes(), langs: &langMemo{known: map[string]text.Lang{}}, static: "/static/" + hash}
	s.policy = s.contentPolicy()
	if s.pages, err = loadPages(deps.Words); err != nil {
		return nil, err
	}
	s.fiber = fiber.New(fiber.Config{
		// Without it kept strings change under us when a connection is used again.
		Immutable:             true,
		ReadTimeout:           readTimeout,
		WriteTimeout:          writeTimeout,
		IdleTimeout:           idleTimeout,
		BodyLimit:             maxForm,
		ErrorHandler:          s.lastResort,
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

// bodyLimits decides, as soon as the header is read, how much of a body is taken:
// a schedule file may be larger than a form, but only from somebody who is signed
// in; a stranger's is not even read.
func (s *Site) bodyLimits(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	path := string(h.RequestURI())
	if strings.HasPrefix(path, "/desk/") && strings.HasSuffix(path, "/import") {
		ctx, cancel := context.WithTimeout(context.Background(), pageTime)
		defer cancel()
		if _, _, err := s.Accounts.Who(ctx, string(h.Cookie(s.loginCookie()))); err == nil {
			return fasthttp.RequestConfig{MaxRequestBodySize: maxImport}
		}
	}
	return fasthttp.RequestConfig{MaxRequestBodySize: maxForm}
}

// Fiber is the application to listen with.
func (s *Site) Fiber() *fiber.App { return s.fiber }

// Shutdown stops taking connections and waits for requests under way.
func (s *Site) Shutdown(ctx context.Context) error { return s.fiber.ShutdownWithContext(ctx) }
