// Package material is what sessions leave behind: slides, recordings, write-ups
// and links, each an address with a title. Organisers add it; it shows at once.
//
// Table: material.
package material

import (
	"context"
	"database/sql/driver"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/text"
)

// Kind is what a piece of material is.
type Kind string

// The kinds of material.
const (
	Slides    Kind = "slides"
	Recording Kind = "recording"
	Writeup   Kind = "writeup"
	Link      Kind = "link"
)

// Kinds lists them in the order they are offered; each is called by the message
// material.kind.KIND.
var Kinds = [...]Kind{Slides, Recording, Writeup, Link}

// Material is one piece of a session's material. Without a title it is shown by
// the name of its kind.
type Material struct {
	bun.BaseModel `bun:"table:material"`

	ID        string `bun:",pk"`
	EditionID string
	SessionID string
	Slug      string
	Kind      Kind
	Title     text.Texts
	URL       string
	Extra     Extra
	Rank      int64
	CreatedAt time.Time
}

// Extra is what else is known: Imported material came from a schedule file,
// which called it Word.
type Extra struct {
	Imported bool   `json:"imported,omitempty"`
	Word     string `json:"word,omitempty"`
}

// Value stores the extra as JSON.
func (x Extra) Value() (driver.Value, error) { return db.ValueJSON(x) }

// Scan reads what Value stored.
func (x *Extra) Scan(src any) error {
	*x = Extra{}
	return db.ScanJSON(src, x)
}

// Service reads and changes material.
type Service struct {
	db       *db.DB
	now      func() time.Time
	editions *edition.Service
}

// New makes the service.
func New(d *db.DB, now func() time.Time, editions *edition.Service) *Service {
	return &Service{db: d, now: now, editions: editions}
}

// ofEdition holds every statement to the sessions of one edition.
const ofEdition = "session_id IN (SELECT id FROM session WHERE edition_id = ?)"

// OfSession gives a session's material in order.
func (s *Service) OfSession(ctx context.Context, e edition.Edition, sessionID string) ([]Material, error) {
	var list []Material
	err := s.db.Read.NewSelect().Model(&list).Where("session_id = ?", sessionID).Where(ofEdition, e.ID).
		Order("rank", "id").Scan(ctx)
	return list, err
}

// OfEdition gives all material of an edition by the id of its session, each
// list in order. Sessions that are not public are among them: pages go through
// the programme and take what belongs to its sessions.
func (s *Service) OfEdition(ctx context.Context, e edition.Edition) (map[string][]Material, error) {
	var list []Material
	err := s.db.Read.NewSelect().Model(&list).Where(ofEdition, e.ID).Order("session_id", "rank", "id").Scan(ctx)
	by := map[string][]Material{}
	for _, m := range list {
		by[m.SessionID] = append(by[m.SessionID], m)
	}
	return by, err
}

// Counts tells how much material each session has; one without any is missing.
func (s *Service) Counts(ctx context.Context, e edition.Edition) (map[string]int, error) {
	var rows []struct {
		SessionID string
		N         int
	}
	err := s.db.Read.NewSelect().Model((*Material)(nil)).Column("session_id").ColumnExpr("count(*) AS n").
		Where(ofEdition, e.ID).Group("session_id").Scan(ctx, &rows)
	by := make(map[string]int, len(rows))
	for _, r := range rows {
		by[r.SessionID] = r.N
	}
	return by, err
}
