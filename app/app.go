// Package app puts Agora together: New shows every part and what it stands on,
// Run serves until it is told to stop, Close lets go of everything.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"agora/app/account"
	"agora/app/agenda"
	"agora/app/carry"
	"agora/app/certificate"
	"agora/app/db"
	"agora/app/door"
	"agora/app/edition"
	"agora/app/file"
	"agora/app/jobs"
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
	"agora/app/web"
	"agora/app/web/desk"
	"agora/app/web/live"
	"agora/app/web/page"
	"agora/app/workshop"
	"agora/migrations"
	"agora/realtime"
)

// stopTime bounds how long a stopping process finishes what is under way.
const stopTime = 10 * time.Second

// Config is all that an installation can set; cmd/agora reads it from the
// environment.
type Config struct {
	Addr           string
	BaseURL        string
	Data           string // folder for the database, the secret and files
	DatabaseURL    string // postgres://…, or empty for SQLite in Data
	SMTPURL        string
	NATSURL        string
	S3URL          string // https://KEY:SECRET@HOST/BUCKET for files, or empty for the folder files in Data
	TrustedProxies []string
	VideoHosts     []string // servers with PeerTube, besides the known hosts of videos
	Secret         string   // at least 32 characters; made and kept in Data when empty
	Fonts          string   // folder with more fonts for badges and certificates
	// ReadText is the command that reads words out of a file, in a process of its
	// own; without it only the search inside of files is missing.
	ReadText []string
	Demo     bool
}

// App is a whole Agora in one process.
type App struct {
	Config        Config
	DB            *db.DB
	Accounts      *account.Service
	Editions      *edition.Service
	Program       *program.Service
	Material      *material.Service
	Registrations *registration.Service
	Site          *web.Site

	log      *slog.Logger
	now      func() time.Time
	secret   []byte
	files    *file.Service
	qa       *qa.Service
	search   *search.Service
	calls    *proposal.Service
	prints   *printing.Service
	hub      *realtime.Hub
	hubOnce  sync.Once
	runner   *jobs.Runner
	listener net.Listener
	draining atomic.Bool
	closers  []func()
}

// New opens the database, brings its schema up to date and builds every part,
// in the order in which they stand on each other.
func New(ctx context.Context, cfg Config, now func() time.Time, log *slog.Logger) (*App, error) {
	a := &App{Config: cfg, log: log}
	if err := a.open(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	if err := a.build(ctx, now); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (a *App) open(ctx context.Context) (err error) {
	if err = os.MkdirAll(a.Config.Data, 0o700); err != nil {
		return fmt.Errorf("the data folder: %w", err)
	}
	address := a.Config.DatabaseURL
	if address == "" {
		address = filepath.Join(a.Config.Data, "agora.db")
	}
	if a.DB, err = db.Open(ctx, address); err != nil {
		return err
	}
	a.closers = append(a.closers, func() { a.DB.Close() })
	_, err = db.Migrate(ctx, a.DB, migrations.For(string(a.DB.Engine)))
	return err
}

func (a *App) build(ctx context.Context, now func() time.Time) error {
	cfg, d := a.Config, a.DB
	clock := func() time.Time { return now().UTC().Truncate(time.Microsecond) }
	a.now = clock
	secret, err := ownSecret(ctx, d, cfg.Secret, cfg.Data)
	if err != nil {
		return err
	}
	a.secret = secret
	words, err := text.Load()
	if err != nil {
		return err
	}
	sender, from, err := smtp(cfg.SMTPURL)
	if err != nil {
		return err
	}
	letters, err := mail.New(d, clock, words, sender, from, cfg.BaseURL)
	if err != nil {
		return err
	}
	a.Accounts = account.New(d, clock, cfg.BaseURL)
	a.Editions = edition.New(d, clock)
	a.Program = program.New(d, clock, a.Editions)
	a.Material = material.New(d, clock, a.Editions, cfg.BaseURL, cfg.VideoHosts...)
	a.closers = append(a.closers, a.Material.Close)
	a.Registrations = registration.New(d, clock, a.Editions, secret, cfg.BaseURL)
	a.closers = append(a.closers, a.Registrations.Close)
	workshops := workshop.New(d, clock, a.Editions, a.Registrations.TicketURL)
	a.closers = append(a.closers, workshops.Close)
	circle := meet.New(d, clock)
	agendas := agenda.New(d, clock, words, a.Program, a.Registrations, workshops, secret, cfg.BaseURL)
	a.Program.Listen(agendas)
	a.Registrations.Followers(workshops, circle)
	messages := message.New(d, clock, words, a.Accounts, a.Editions, a.Registrations)
	files, err := openFiles(ctx, d, clock, cfg)
	if err != nil {
		return err
	}
	a.files = files
	a.search = search.New(d, clock, a.Editions)
	announcer := &live.Announcer{}
	a.qa = qa.New(d, clock, secret, announcer)
	doors := door.New(d, clock)
	polls := poll.New(d, clock, a.qa, announcer)
	a.closers = append(a.closers, a.qa.Stop, polls.Stop)
	speakings := speaking.New(d, clock, words, a.Accounts, a.Editions, a.Program, a.Material, a.Registrations, a.qa, secret, cfg.BaseURL)
	proposals := proposal.New(d, clock, a.Editions, a.Program, speakings.Ask, secret, cfg.BaseURL)
	a.calls = proposals
	press, problems := paper.NewPress(cfg.Fonts)
	for _, p := range problems {
		a.log.Warn("a font cannot be used", "error", p.Error())
	}
	a.prints = printing.New(d, clock, a.log, files, announcer)
	a.closers = append(a.closers, a.prints.Stop)
	papers := paper.New(d, clock, press)
	certificates := certificate.New(d, clock, words, a.Editions, a.Program, a.Registrations, speakings, doors, files, press, cfg.BaseURL)
	deps := page.Deps{
		Config: page.Config{BaseURL: cfg.BaseURL, Secret: secret, TrustedProxies: cfg.TrustedProxies, Demo: cfg.Demo, SMTP: sender != nil},
		Now:    clock, Log: a.log, Words: words, DB: d, Accounts: a.Accounts, Mail: letters, Editions: a.Editions,
		Program: a.Program, Registrations: a.Registrations, Material: a.Material, QA: a.qa, Polls: polls,
		Paper: papers, Printing: a.prints, Door: doors, Certificates: certificates,
		Workshops: workshops, Meet: circle, Agendas: agendas, Messages: messages, Notices: notice.New(d, clock), Search: a.search, Proposals: proposals, Speaking: speakings, Carry: carry.New(d, clock, words, a.Editions, a.Accounts), Files: files,
		Exports: map[string]func(context.Context, string) (any, error){
			"account": a.Accounts.Export, "thanks": a.Editions.Export, "mail": letters.Export, "registrations": a.Registrations.Export,
			"programme": a.Program.Export, "questions": a.qa.Export,
			"workshops": workshops.Export, "listing": circle.Export, "favourites": agendas.Export, "messages": messages.Export,
			"proposals": proposals.Export, "speaking": speakings.Export, "material": a.Material.Export, "door": doors.Export,
			"printing": a.prints.Export, "certificates": certificates.Export,
		},
		// Letters are found by the address, so the account goes last.
		Erasers: []page.Eraser{a.prints.Erase, papers.EraseBadges, certificates.Erase, doors.Erase,
			speakings.Erase, a.qa.Erase, a.Editions.Erase, a.Program.Erase, a.Material.Erase, workshops.Erase, circle.Erase, agendas.Erase, messages.Erase, proposals.Erase, a.Registrations.Erase, letters.Erase, a.Accounts.Erase},
	}
	if err := a.connect(announcer, &deps); err != nil {
		return err
	}
	if a.Site, err = web.New(deps, a.draining.Load); err != nil {
		return err
	}
	a.prints.Offer(desk.Printed(a.Site.Site)...)
	a.runner = jobs.New(d, clock, a.log, db.NewID(),
		jobs.Job{Name: "mail", Every: 5 * time.Second, Run: func(ctx context.Context) error { _, err := letters.Deliver(ctx); return err }},
		jobs.Job{Name: "places", Every: 5 * time.Second, Run: func(ctx context.Context) error {
			return errors.Join(a.Registrations.LapseOffers(ctx), a.Registrations.ReleaseHolds(ctx))
		}},
		jobs.Job{Name: "live", Every: 5 * time.Second, Run: func(ctx context.Context) error {
			_, errPolls := polls.Finish(ctx)
			_, errTold := a.qa.TellAnswered(ctx, a.answerLetter(cfg.BaseURL))
			return errors.Join(errPolls, errTold)
		}},
		jobs.Job{Name: "reminders", Every: time.Minute, Run: func(ctx context.Context) error {
			return errors.Join(messages.Ask(ctx), messages.Remind(ctx), proposals.InviteAll(ctx), speakings.TellChanges(ctx), certificates.Tell(ctx))
		}},
		jobs.Job{Name: "texts", Every: 15 * time.Second, Run: func(ctx context.Context) error { _, err := files.ReadTexts(ctx); return err }},
		jobs.Job{Name: "files", Every: time.Hour, Run: func(ctx context.Context) error { _, err := files.Sweep(ctx); return err }},
		jobs.Job{Name: "search", Every: 3 * time.Second, Run: func(ctx context.Context) error { _, err := a.search.Refresh(ctx); return err }},
		jobs.Job{Name: "sweep", Every: time.Hour, Run: a.sweep(clock, circle, certificates)})
	return nil
}

// connect builds the hub of the live rooms and, where NATS is given, joins the
// other nodes.
func (a *App) connect(announcer *live.Announcer, deps *page.Deps) error {
	options, err := live.Options(*deps)
	if err != nil {
		return err
	}
	if a.Config.NATSURL != "" {
		broker, err := realtime.NATS(a.Config.NATSURL, "agora")
		if err != nil {
			return fmt.Errorf("AGORA_NATS_URL: %w", err)
		}
		options.Broker = broker
	}
	a.hub = realtime.New(options)
	announcer.Connect(a.hub)
	deps.Hub = a.hub
	a.closers = append(a.closers, a.stopHub)
	return nil
}

// stopHub sends the viewers away, once: Run does it while pages are still
// served, Close for a site that never ran. One who does not go may not use up
// the time of requests under way.
func (a *App) stopHub() {
	a.hubOnce.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), stopTime/2)
		defer cancel()
		if err := a.hub.Shutdown(ctx); err != nil {
			a.log.Warn("some viewers were cut off", "error", err.Error())
		}
		if f := a.hub.Figures(); f.Loads > 0 {
			a.log.Info("live rooms ended", "readings", f.Loads, "snapshots", f.Snapshots, "patches", f.Patches, "stalled", f.Stalled)
		}
	})
}

// sweep deletes what has outlived its purpose.
func (a *App) sweep(now func() time.Time, circle *meet.Service, certificates *certificate.Service) func(context.Context) error {
	return func(ctx context.Context) error {
		closed, errRooms := a.qa.CloseFinished(ctx)
		errRooms = errors.Join(errRooms, a.qa.ForgetWishes(ctx))
		if closed > 0 {
			a.log.Info("live rooms of past days were closed, and their keys destroyed", "rooms", closed)
		}
		purged, err := a.Registrations.PurgeNeeds(ctx)
		if purged > 0 {
			a.log.Info("diet and access needs of past days were deleted", "registrations", purged)
		}
		answers, errAnswers := a.Registrations.PurgeAnswers(ctx)
		if answers > 0 {
			a.log.Info("answers that had been kept for as long as was promised were deleted", "registrations", answers)
		}
		listed, errListed := circle.Purge(ctx)
		if listed > 0 {
			a.log.Info("the lists of who was coming were deleted", "people", listed)
		}
		proposed, errProposed := a.calls.Purge(ctx)
		if proposed > 0 {
			a.log.Info("proposals that had been kept for as long as was promised were deleted", "proposals", proposed)
		}
		_, errDrafts := a.Registrations.PurgeDrafts(ctx)
		_, errPrints := a.prints.Purge(ctx)
		_, errMinutes := certificates.PurgePresence(ctx)
		return errors.Join(errRooms, err, errAnswers, errListed, errProposed, errDrafts, errPrints, errMinutes, a.Accounts.Sweep(ctx), db.Forget(ctx, a.DB.Write, now()))
	}
}

// smtp gives the sender of letters; without an address there is none.
func smtp(address string) (mail.Sender, string, error) {
	if address == "" {
		return nil, "", nil
	}
	s, err := mail.NewSMTP(address)
	if err != nil {
		return nil, "", fmt.Errorf("AGORA_SMTP_URL: %w", err)
	}
	return s, s.From(), nil
}

// Listen takes the address, so that the caller can tell it before Run.
func (a *App) Listen() (addr string, err error) {
	if a.listener, err = net.Listen("tcp", a.Config.Addr); err != nil {
		return "", fmt.Errorf("AGORA_ADDR: %w", err)
	}
	a.closers = append(a.closers, func() { _ = a.listener.Close() }) // Run has closed it, if it came so far
	return a.listener.Addr().String(), nil
}

// Run serves until ctx ends, then finishes what is under way.
func (a *App) Run(ctx context.Context) error {
	if a.listener == nil {
		if _, err := a.Listen(); err != nil {
			return err
		}
	}
	a.runner.Start(ctx)
	a.prints.Start(ctx)
	served := make(chan error, 1)
	go func() { served <- a.Site.Fiber().Listener(a.listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	a.draining.Store(true)
	// Viewers of live rooms are told when to come back before the doors close.
	a.stopHub()
	stop, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	return a.Site.Shutdown(stop)
}

// Close lets go of everything, the last opened first.
func (a *App) Close() error {
	if a.runner != nil {
		a.runner.Stop()
		a.runner = nil
	}
	for i := len(a.closers) - 1; i >= 0; i-- {
		a.closers[i]()
	}
	a.closers = nil
	return nil
}
