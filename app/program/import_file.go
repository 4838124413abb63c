package program

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/program/exchange"
)

// keptFor is how long a file waits for its organiser's word. It holds people's
// names, so that it is not kept longer than a working day needs.
const keptFor = 24 * time.Hour

// ImportFile is a file that was sent in and read, and waits for the organiser:
// a table whose columns are to be matched, or a schedule of which something was
// changed here too.
type ImportFile struct {
	Table    *exchange.Table    `json:"table,omitempty"`
	Schedule *exchange.Schedule `json:"schedule,omitempty"`
}

type importFile struct {
	bun.BaseModel `bun:"table:import_file"`

	ID        string `bun:",pk"`
	EditionID string
	PersonID  string
	Name      string
	Content   string
	CreatedAt time.Time
}

// PutFile keeps a file until its sender has decided about it.
func (s *Service) PutFile(ctx context.Context, by string, e edition.Edition, name string, f ImportFile) (id string, err error) {
	b, err := json.Marshal(f)
	if err != nil {
		return "", err
	}
	row := importFile{ID: db.NewID(), EditionID: e.ID, PersonID: by, Name: name, Content: string(b), CreatedAt: s.now()}
	return row.ID, s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewDelete().Model((*importFile)(nil)).Where("created_at < ?", s.now().Add(-keptFor)).Exec(ctx); err != nil {
			return err
		}
		_, err := tx.NewInsert().Model(&row).Exec(ctx)
		return err
	})
}

// File gives a file that the same person put for the same edition.
func (s *Service) File(ctx context.Context, by string, e edition.Edition, id string) (name string, f ImportFile, err error) {
	var row importFile
	err = s.db.Read.NewSelect().Model(&row).Where("id = ? AND edition_id = ? AND person_id = ? AND created_at >= ?", id, e.ID, by, s.now().Add(-keptFor)).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return "", f, fail.Missing("program_import.gone")
	}
	if err != nil {
		return "", f, err
	}
	return row.Name, f, json.Unmarshal([]byte(row.Content), &f)
}

// DropFile forgets a file that has been dealt with.
func (s *Service) DropFile(ctx context.Context, by string, e edition.Edition, id string) error {
	_, err := s.db.Write.NewDelete().Model((*importFile)(nil)).Where("id = ? AND edition_id = ? AND person_id = ?", id, e.ID, by).Exec(ctx)
	return err
}
