package printing

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"agora/app/file"
)

// Purge lets go of files whose time is over, and of the rows a while later.
func (s *Service) Purge(ctx context.Context) (n int, err error) {
	now := s.now()
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if n, err = letGo(ctx, tx, "file_id <> '' AND expires_at < ?", now); err != nil {
			return err
		}
		_, err := tx.NewRaw("DELETE FROM printout WHERE expires_at < ?", now.Add(-rowTime)).Exec(ctx)
		return err
	})
	return n, err
}

// rowTime is how long it stays known that something was printed, after its file is
// gone: the page an organiser comes back to says so.
const rowTime = 30 * 24 * time.Hour

// letGo drops the files of some printouts.
func letGo(ctx context.Context, tx bun.IDB, where string, args ...any) (int, error) {
	var rows []Printout
	if err := tx.NewSelect().Model(&rows).Column("id", "file_id").Where(where, args...).Scan(ctx); err != nil || len(rows) == 0 {
		return 0, err
	}
	ids, files := make([]string, len(rows)), make([]string, len(rows))
	for i, p := range rows {
		ids[i], files[i] = p.ID, p.FileID
	}
	if err := file.Drop(ctx, tx, files...); err != nil {
		return 0, err
	}
	_, err := tx.NewRaw("UPDATE printout SET file_id = '', remarks = 'null', version = version + 1 WHERE id IN (?)", bun.List(ids)).Exec(ctx)
	return len(rows), err
}

// Ordered is a printout that a person ordered.
type Ordered struct {
	Edition string    `json:"edition"`
	Kind    string    `json:"kind"`
	At      time.Time `json:"at"`
}

// Export gives what the person ordered.
func (s *Service) Export(ctx context.Context, personID string) (any, error) {
	list := []Ordered{}
	err := s.db.Read.NewRaw("SELECT edition_id AS edition, kind, created_at AS at FROM printout WHERE person_id = ? ORDER BY created_at, id", personID).Scan(ctx, &list)
	return list, err
}

// Erase drops every file that may hold the person's name, and forgets who ordered
// what. It belongs before the registrations', by which the editions are found.
func (s *Service) Erase(ctx context.Context, tx bun.IDB, personID string) error {
	const theirs = `file_id <> '' AND (edition_id IN (SELECT edition_id FROM registration WHERE person_id = ?)
		OR edition_id IN (SELECT edition_id FROM speaker WHERE person_id = ?))`
	if _, err := letGo(ctx, tx, theirs, personID, personID); err != nil {
		return err
	}
	_, err := tx.NewRaw("UPDATE printout SET person_id = '' WHERE person_id = ?", personID).Exec(ctx)
	return err
}

// RemoveEdition drops the printouts of a practice edition, together with the edition.
func RemoveEdition(ctx context.Context, tx bun.IDB, editionID string) error {
	if _, err := letGo(ctx, tx, "file_id <> '' AND edition_id = ?", editionID); err != nil {
		return err
	}
	_, err := tx.NewRaw("DELETE FROM printout WHERE edition_id = ?", editionID).Exec(ctx)
	return err
}
