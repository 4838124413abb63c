// Package page is what every page stands on: who asks and in which language
// (Visit), forms that are shown again with what was typed, the frame around a
// page, drawing, keeping, errors and security. It also serves the files that all
// pages need. The packages of pages use it and do not know each other; it owns no
// tables.
package page

import (
	"context"
	"log/slog"
	"net/url"
	"time"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/agenda"
	"agora/app/carry"
	"agora/app/certificate"
	"agora/app/db"
	"agora/app/door"
	"agora/app/edition"
	"agora/app/file"
	"agora/app/mail"
	"agora/app/material"
	"agora/app/meet"
	"agora/app/message"
	"agora/app/notice"
	"agora/app/paper"
	"agora/app/poll"
	"agora/app/printing"
	"agora/app/program"
	"agora/app/proposal"
	"agora/app/qa"
	"agora/app/registration"
	"agora/app/search"
	"agora/app/speaking"
	"agora/app/text"
	"agora/app/workshop"
	"agora/realtime"
	"agora/static"
	"agora/templates"
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
	Polls         *poll.Service // nil: live rooms have no polls
	Paper         *paper.Service
	Printing      *printing.Service
	Door          *door.Service
	Certificates  *certificate.Service
	Workshops     *workshop.Service
	Meet          *meet.Service
	Agendas       *agenda.Service
	Messages      *message.Service
	Notices       *notice.Service // nil: nothing is told to everybody
	Search        *search.Service
	Proposals     *proposal.Service
	Speaking      *speaking.Service
	Carry         *carry.Service
	Files         *file.Service
	Hub           *realtime.Hub
	// Exports gives, by area, all that is kept of one person.
	Exports map[string]func(ctx context.Context, personID string) (any, error)
	// Erasers forget one person, in the order in which the areas have to.
	Erasers []Eraser
}

// Eraser forgets one person in one area, inside the transaction of all of them.
type Eraser func(ctx context.Context, tx bun.IDB, personID string) error

// Site is what every page is made with.
type Site struct {
	Deps
	// Sets holds every page's template once per language, built at start.
	Sets   map[text.Lang]*templates.Set
	Base   *url.URL
	Secure bool
	cache  *pageCache
	themes *themes
	langs  *langMemo
	Static string
	policy string
	// Seal signs what tickets hold for the door.
	Seal *door.Seal
	// puttingOff keeps the log short while the database is away.
	puttingOff tally
	// Wishes bounds how many letters about answers somebody may ask for.
	Wishes   Allowance
	draining func() bool
}

// New makes the site without its routes. draining tells that the process is
// stopping.
func New(deps Deps, draining func() bool) (*Site, error) {
	base, err := url.Parse(deps.Config.BaseURL)
	if err != nil {
		return nil, err
	}
	hash, err := static.Hash()
	if err != nil {
		return nil, err
	}
	s := &Site{Deps: deps, Base: base, Secure: base.Scheme == "https", draining: draining,
		Seal: door.NewSeal(deps.Config.Secret), cache: newPageCache(), themes: newThemes(), langs: &langMemo{known: map[string]text.Lang{}}, Static: "/static/" + hash}
	s.policy = s.contentPolicy()
	s.Sets, err = loadPages(deps.Words)
	return s, err
}
