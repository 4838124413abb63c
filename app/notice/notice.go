// Package notice is the organisers' sentence to everybody who has one of an
// edition's pages open: the hall has changed, the lunch is late. One stands at a
// time, until its time is over, another comes or it is taken back.
//
// It names nobody: who wrote one stands in the log.
//
// Table: notice.
package notice

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/text"
)

const (
	// TextMax is what is read at a glance, on a phone, on the way.
	TextMax = 240
	// listed is how many earlier ones the desk shows.
	listed = 20
	// fresh is how long another node's notice may stay unseen by pages; sockets are
	// told at once.
	fresh = time.Second
	// kept bounds the editions kept in memory.
	kept = 500
)

// Life is how long a notice stands.
type Life string

// The lives of a notice.
const (
	Hour Life = "hour"
	Day  Life = "day"  // to the end of today on the edition's clock
	Open Life = "open" // until it is taken back
)

// Lives lists them.
var Lives = [...]Life{Hour, Day, Open}

// Notice is what was said.
type Notice struct {
	bun.BaseModel `bun:"table:notice"`

	ID        string `bun:",pk"`
	EditionID string
	Body      text.Texts
	SentAt    time.Time
	UntilAt   *time.Time
	EndedAt   *time.Time
}

// Stands tells whether it is to be shown at a moment.
func (n Notice) Stands(now time.Time) bool {
	return n.ID != "" && n.EndedAt == nil && (n.UntilAt == nil || n.UntilAt.After(now))
}

// Input is what an organiser decides. Key is the form's own: sent twice, it is said once.
type Input struct {
	Body text.Texts
	Life Life
	Key  string
}

// Check cleans the input and gives every problem at once, a text's under the name
// of its field.
func (in *Input) Check(e edition.Edition) error {
	f := fail.Fields{}
	said := text.Texts{}
	for _, l := range e.Languages {
		s, ok := text.Clean(in.Body[l])
		switch name := "body_" + string(l); {
		case !ok:
			f.Add(name, "field.characters")
		case len([]rune(s)) > TextMax:
			f.Add(name, "field.long", "max", TextMax)
		case s != "":
			said[l] = s
		case l == e.Languages[0]:
			f.Add(name, "notice.first_missing") // the others fall back to it
		}
	}
	if !slices.Contains(Lives[:], in.Life) {
		f.Add("life", "field.required")
	}
	in.Body = said
	return f.Err()
}

// until is when a life that begins now ends; nil is by hand.
func (l Life) until(e edition.Edition, now time.Time) *time.Time {
	var at time.Time
	switch l {
	case Hour:
		at = now.Add(time.Hour)
	case Day:
		y, m, d := e.Local(now).Date()
		at = time.Date(y, m, d+1, 0, 0, 0, 0, e.Location()).UTC()
	default:
		return nil
	}
	return &at
}

// Service says notices and takes them back.
type Service struct {
	db   *db.DB
	now  func() time.Time
	kept *db.Recent[string, Notice]
}

// New makes the service.
func New(d *db.DB, now func() time.Time) *Service {
	return &Service{db: d, now: now, kept: db.NewRecent[string, Notice](now, fresh, kept)}
}

// Standing gives what is to be shown on an edition's pages, from memory: a busy page
// costs no query, and while the database is away the last one known stands.
func (s *Service) Standing(ctx context.Context, editionID string) (Notice, error) {
	n, err := s.kept.Get(ctx, editionID, func(ctx context.Context) (Notice, error) {
		var n Notice
		err := s.db.Read.NewSelect().Model(&n).Where("edition_id = ?", editionID).Where("ended_at IS NULL").
			Order("sent_at DESC", "id DESC").Limit(1).Scan(ctx)
		if errors.Is(err, sql.ErrNoRows) {
			return Notice{}, nil
		}
		return n, err
	})
	if err != nil || !n.Stands(s.now()) {
		return Notice{}, err
	}
	return n, nil
}

// List gives an edition's newest notices.
func (s *Service) List(ctx context.Context, editionID string) ([]Notice, error) {
	var list []Notice
	err := s.db.Read.NewSelect().Model(&list).Where("edition_id = ?", editionID).Order("sent_at DESC", "id DESC").Limit(listed).Scan(ctx)
	return list, err
}

// Send says a notice in the place of the one that stands.
func (s *Service) Send(ctx context.Context, by string, e edition.Edition, in Input) (Notice, error) {
	if err := in.Check(e); err != nil {
		return Notice{}, err
	}
	now := s.now()
	n := Notice{ID: db.HashBody([]string{e.ID, in.Key})[:32], EditionID: e.ID, Body: in.Body, SentAt: now, UntilAt: in.Life.until(e, now)}
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		res, err := tx.NewInsert().Model(&n).On("CONFLICT (id) DO NOTHING").Exec(ctx)
		if err != nil {
			return err
		}
		if made, err := res.RowsAffected(); made == 0 || err != nil {
			return errors.Join(err, tx.NewSelect().Model(&n).WherePK().Scan(ctx))
		}
		_, err = tx.NewUpdate().Model((*Notice)(nil)).Set("ended_at = ?", now).
			Where("edition_id = ?", e.ID).Where("ended_at IS NULL").Where("id <> ?", n.ID).Exec(ctx)
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, now, audit.Entry{Person: by, Edition: e.ID, Act: "notice.send", Subject: n.ID, Detail: string(in.Life)})
	})
	s.kept.Forget()
	return n, err
}

// End takes a notice back. One that has ended already stays as it is.
func (s *Service) End(ctx context.Context, by string, e edition.Edition, id string) error {
	now := s.now()
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		known, err := tx.NewSelect().Model((*Notice)(nil)).Where("id = ?", id).Where("edition_id = ?", e.ID).Exists(ctx)
		if err != nil {
			return err
		}
		if !known {
			return fail.Missing("notice.missing")
		}
		res, err := tx.NewUpdate().Model((*Notice)(nil)).Set("ended_at = ?", now).
			Where("id = ?", id).Where("edition_id = ?", e.ID).Where("ended_at IS NULL").Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); n == 0 || err != nil {
			return err
		}
		return audit.Write(ctx, tx, now, audit.Entry{Person: by, Edition: e.ID, Act: "notice.end", Subject: id})
	})
	s.kept.Forget()
	return err
}

// RemoveEdition drops the notices of a practice edition, together with the edition.
func RemoveEdition(ctx context.Context, tx bun.IDB, editionID string) error {
	_, err := tx.NewDelete().Model((*Notice)(nil)).Where("edition_id = ?", editionID).Exec(ctx)
	return err
}
