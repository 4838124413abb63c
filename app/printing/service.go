package printing

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/file"
	"agora/app/text"
)

const (
	// keptTime is how long a file waits to be fetched: it is full of names.
	keptTime = 3 * 24 * time.Hour
	// maxWaiting protects the machine from one edition's impatience.
	maxWaiting = 10
	// maxAttempts is how often a printout is begun whose process died over it.
	maxAttempts = 3
	// listed is how many of the newest an organiser sees.
	listed = 30
)

// Service takes orders, works on them and gives what was printed.
type Service struct {
	db       *db.DB
	now      func() time.Time
	log      *slog.Logger
	files    *file.Service
	announce Announcer
	holder   string
	kinds    map[string]Kind

	wake   chan struct{}
	cancel context.CancelFunc
	all    sync.WaitGroup

	mu    sync.Mutex
	under map[string]context.CancelFunc // what this process works on
}

// New makes the service; it works from Start on, or when Work is called.
func New(d *db.DB, now func() time.Time, log *slog.Logger, files *file.Service, announce Announcer) *Service {
	return &Service{db: d, now: now, log: log, files: files, announce: announce, holder: db.NewID(), kinds: map[string]Kind{},
		wake: make(chan struct{}, 1), cancel: func() {}, under: map[string]context.CancelFunc{}}
}

// Offer adds kinds; it belongs before Start.
func (s *Service) Offer(kinds ...Kind) {
	for _, k := range kinds {
		s.kinds[k.Name] = k
	}
}

// Order is what an organiser wants printed. Options is the kind's own; Name is the
// file's, Total how many pieces it will be, if that is known.
type Order struct {
	By      string
	Kind    string
	Name    string
	Lang    text.Lang
	Options any
	Total   int
}

// Order takes an order, which then waits for its turn. The same order given twice
// while the first one waits is one printout.
func (s *Service) Order(ctx context.Context, e edition.Edition, o Order) (Printout, error) {
	if _, known := s.kinds[o.Kind]; !known {
		return Printout{}, fail.Missing("printing.kind_missing")
	}
	options, err := json.Marshal(o.Options)
	if err != nil {
		return Printout{}, err
	}
	p := Printout{ID: db.NewID(), EditionID: e.ID, PersonID: o.By, Kind: o.Kind, Name: o.Name, Lang: o.Lang, Options: string(options),
		State: Waiting, Total: int64(o.Total), Remarks: "null", Version: 1, CreatedAt: s.now()}
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		var open []Printout
		if err := tx.NewSelect().Model(&open).Where("edition_id = ? AND state IN (?, ?)", e.ID, Waiting, Working).Order("created_at").Scan(ctx); err != nil {
			return err
		}
		for _, one := range open {
			if one.State == Waiting && one.Kind == p.Kind && one.Options == p.Options && one.Lang == p.Lang {
				p = one
				return nil
			}
		}
		if len(open) >= maxWaiting {
			return fail.New(fail.TooMany, "printing.too_many")
		}
		if _, err := tx.NewInsert().Model(&p).Exec(ctx); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s.now(), audit.Entry{Person: o.By, Edition: e.ID, Act: "printing.order", Subject: p.ID, Detail: o.Kind})
	})
	if err != nil {
		return Printout{}, err
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
	return p, nil
}

// List gives an edition's newest printouts.
func (s *Service) List(ctx context.Context, editionID string) (list []Printout, err error) {
	err = s.db.Read.NewSelect().Model(&list).Where("edition_id = ?", editionID).OrderExpr("created_at DESC, id DESC").Limit(listed).Scan(ctx)
	return list, err
}

// ByID gives one printout of an edition.
func (s *Service) ByID(ctx context.Context, editionID, id string) (p Printout, err error) {
	err = s.db.Read.NewSelect().Model(&p).Where("id = ? AND edition_id = ?", id, editionID).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return p, fail.Missing("printing.missing")
	}
	return p, err
}

// File gives the file of a printout that is ready.
func (s *Service) File(ctx context.Context, p Printout) (file.File, error) {
	if p.FileID == "" {
		return file.File{}, fail.New(fail.Gone, "printing.file_gone")
	}
	return s.files.ByID(ctx, p.FileID)
}

// Watched gives the printout that a room of the transport is about; ok is false
// when the room is none of ours.
func (s *Service) Watched(ctx context.Context, room string) (p Printout, ok bool, err error) {
	id, ok := strings.CutPrefix(room, roomPrefix)
	if !ok {
		return p, false, nil
	}
	err = s.db.Read.NewSelect().Model(&p).Where("id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		err = fail.Missing("printing.missing")
	}
	return p, true, err
}

// Cancel ends an order that waits or is worked on. One that is over stays as it is.
func (s *Service) Cancel(ctx context.Context, e edition.Edition, by, id string) error {
	var p Printout
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		err := tx.NewRaw(`UPDATE printout SET state = ?, holder = '', until = NULL, finished_at = ?, expires_at = ?, version = version + 1
			WHERE id = ? AND edition_id = ? AND state IN (?, ?) RETURNING *`,
			Cancelled, s.now(), s.now().Add(keptTime), id, e.ID, Waiting, Working).Scan(ctx, &p)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, s.now(), audit.Entry{Person: by, Edition: e.ID, Act: "printing.cancel", Subject: p.ID, Detail: p.Kind})
	})
	if err != nil {
		return err
	}
	if p.ID == "" {
		_, err := s.ByID(ctx, e.ID, id)
		return err
	}
	s.mu.Lock()
	stop := s.under[id]
	s.mu.Unlock()
	if stop != nil {
		stop()
	}
	s.tell(p)
	return nil
}

func (s *Service) tell(p Printout) {
	if s.announce != nil {
		s.announce.Changed(Room(p.ID), p.Version)
	}
}
