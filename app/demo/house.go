package demo

import (
	"context"
	"errors"
	"sync"
	"time"

	"agora/app/account"
	"agora/app/certificate"
	"agora/app/db"
	"agora/app/door"
	"agora/app/edition"
	"agora/app/file"
	"agora/app/material"
	"agora/app/meet"
	"agora/app/message"
	"agora/app/poll"
	"agora/app/program"
	"agora/app/proposal"
	"agora/app/qa"
	"agora/app/registration"
	"agora/app/speaking"
	"agora/app/text"
	"agora/app/workshop"
)

// clock is what the areas take for now. It stands still until it is set.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at.UTC().Truncate(time.Microsecond)
}

// house is every area with the demonstration's clock, and what they share.
type house struct {
	db        *db.DB
	files     *file.Service // nil: slides stay links
	now       time.Time     // when the demonstration starts
	zone      *time.Location
	clock     *clock
	crowd     []visitor
	organiser string // id of who does an organiser's acts
	series    edition.Series

	editions      *edition.Service
	registrations *registration.Service
	program       *program.Service
	material      *material.Service
	qa            *qa.Service
	polls         *poll.Service
	accounts      *account.Service
	door          *door.Service
	workshops     *workshop.Service
	meet          *meet.Service
	messages      *message.Service
	certificates  *certificate.Service
	proposals     *proposal.Service
	speaking      *speaking.Service
}

func newHouse(d *db.DB, files *file.Service, now time.Time, secret []byte, baseURL string) (*house, error) {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		return nil, err
	}
	crowd, err := newCrowd()
	if err != nil {
		return nil, err
	}
	h := &house{db: d, files: files, now: now, zone: zone, clock: &clock{}, crowd: crowd}
	h.clock.set(now)
	h.editions = edition.New(d, h.clock.now)
	h.registrations = registration.New(d, h.clock.now, h.editions, secret, baseURL)
	h.program = program.New(d, h.clock.now, h.editions)
	h.material = material.New(d, h.clock.now, h.editions, baseURL)
	h.qa = qa.New(d, h.clock.now, secret, nil)
	h.polls = poll.New(d, h.clock.now, h.qa, nil)
	h.accounts = account.New(d, h.clock.now, baseURL)
	h.door = door.New(d, h.clock.now)
	h.workshops = workshop.New(d, h.clock.now, h.editions, h.registrations.TicketURL)
	h.meet = meet.New(d, h.clock.now)
	h.messages = message.New(d, h.clock.now, nil, h.accounts, h.editions, h.registrations)  // saves messages, shows none
	h.proposals = proposal.New(d, h.clock.now, h.editions, h.program, nil, secret, baseURL) // decides, and tells nobody
	h.registrations.Followers(h.workshops, h.meet)
	words, err := text.Load()
	h.speaking = speaking.New(d, h.clock.now, words, h.accounts, h.editions, h.program, h.material, h.registrations, h.qa, secret, baseURL)
	// Gives out certificates, prints none.
	h.certificates = certificate.New(d, h.clock.now, words, h.editions, h.program, h.registrations, h.speaking, h.door, files, nil, baseURL)
	return h, err
}

func (h *house) close() {
	h.registrations.Close()
	h.material.Close()
	h.workshops.Close()
	h.polls.Stop()
	h.qa.Stop()
}

// quickly runs fn without waiting for the disk after each of its hundreds of
// transactions. SQLite stays whole all the same; what a power cut could take is
// a demonstration that is made anew in a second.
func (h *house) quickly(ctx context.Context, fn func() error) error {
	if h.db.Engine != db.SQLite {
		return fn()
	}
	if _, err := h.db.Write.ExecContext(ctx, "PRAGMA synchronous = NORMAL"); err != nil {
		return err
	}
	err := fn()
	// Whatever became of fn and of ctx, the writer must wait for the disk again.
	_, back := h.db.Write.ExecContext(context.WithoutCancel(ctx), "PRAGMA synchronous = FULL")
	return errors.Join(err, back)
}

// together does n things at once, so that the group commit can join them.
func together(n int, do func(i int) error) error {
	errs := make([]error, n)
	var wait sync.WaitGroup
	for i := range n {
		wait.Go(func() { errs[i] = do(i) })
	}
	wait.Wait()
	return errors.Join(errs...)
}

// day gives a time of day of the date, some days on, on the edition's clock.
func (h *house) day(date time.Time, days, hour, minute int) time.Time {
	y, m, d := date.In(h.zone).Date()
	return time.Date(y, m, d+days, hour, minute, 0, 0, h.zone)
}
