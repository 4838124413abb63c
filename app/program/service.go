package program

import (
	"context"
	"database/sql"
	"time"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/edition"
)

// Service reads and changes programmes.
type Service struct {
	db       *db.DB
	now      func() time.Time
	editions *edition.Service
	shelf    *shelf
	// spoke tells in which editions a human speaks.
	spoke *db.Recent[string, []spoken]
	// listeners hear of releases; see Listen.
	listeners []Listener
}

// New makes the service.
func New(d *db.DB, now func() time.Time, editions *edition.Service) *Service {
	return &Service{db: d, now: now, editions: editions, shelf: newShelf(),
		spoke: db.NewRecent[string, []spoken](now, spokeFresh, maxSpoke)}
}

// Programme gives the edition's public programme, as the newest release has
// it; without any release it is empty. It is kept in memory until the edition's
// revision is raised, shared by everybody and must not be changed.
func (s *Service) Programme(ctx context.Context, e edition.Edition) (*Programme, error) {
	return s.shelf.get(ctx, e.ID, e.Revision, func(ctx context.Context) (*Programme, error) {
		return s.read(ctx, e, false)
	})
}

// Draft gives the programme as organisers are editing it, with the sessions
// that have no slot yet. It is read anew every time.
func (s *Service) Draft(ctx context.Context, e edition.Edition) (*Programme, error) {
	return s.read(ctx, e, true)
}

func (s *Service) read(ctx context.Context, e edition.Edition, draft bool) (*Programme, error) {
	var r rows
	err := s.snapshot(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		r, err = load(ctx, tx, e.ID, draft)
		return err
	})
	if err != nil {
		return nil, err
	}
	return build(e, r, draft), nil
}

// snapshot runs fn on one state of the database, so that no session is read
// without the slot written beside it.
func (s *Service) snapshot(ctx context.Context, fn func(ctx context.Context, tx bun.Tx) error) error {
	options := &sql.TxOptions{ReadOnly: true}
	if s.db.Engine == db.Postgres {
		options.Isolation = sql.LevelRepeatableRead
	}
	return s.db.Read.RunInTx(ctx, options, fn)
}

// change runs one use case in a transaction of its own: it takes the edition's
// row first, writes the log last and drops what is kept after the commit. fn
// returns the id of what was changed.
func (s *Service) change(ctx context.Context, by string, e edition.Edition, act string,
	fn func(ctx context.Context, tx bun.Tx) (subject string, err error)) error {
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := edition.Touch(ctx, tx, e.ID); err != nil {
			return err
		}
		subject, err := fn(ctx, tx)
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, s.now(), audit.Entry{Person: by, Edition: e.ID, Act: act, Subject: subject})
	})
	if err == nil {
		s.editions.Forget()
	}
	return err
}
