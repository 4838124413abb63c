package material

import (
	"context"
	"database/sql"
	"errors"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/file"
)

// OfSession gives a session's material in order, whoever may see it.
func (s *Service) OfSession(ctx context.Context, e edition.Edition, sessionID string) ([]Material, error) {
	var list []Material
	err := s.db.Read.NewSelect().Model(&list).Where("session_id = ?", sessionID).Where("edition_id = ?", e.ID).
		Order("rank", "id").Scan(ctx)
	if err != nil {
		return nil, err
	}
	return list, withFiles(ctx, s.db.Read, list)
}

// OfEdition gives all material of an edition by the id of its session, each list
// in order, whoever may see it: for organisers. Pages ask for Visible.
func (s *Service) OfEdition(ctx context.Context, e edition.Edition) (map[string][]Material, error) {
	return ofEdition(ctx, s.db.Read, e.ID)
}

func ofEdition(ctx context.Context, idb bun.IDB, editionID string) (map[string][]Material, error) {
	var list []Material
	err := idb.NewSelect().Model(&list).Where("edition_id = ?", editionID).Order("session_id", "rank", "id").Scan(ctx)
	if err == nil {
		err = withFiles(ctx, idb, list)
	}
	by := map[string][]Material{}
	for _, m := range list {
		by[m.SessionID] = append(by[m.SessionID], m)
	}
	return by, err
}

// BySlug gives the material at an address, whoever may see it: ask Shown.
func (s *Service) BySlug(ctx context.Context, e edition.Edition, slug string) (Material, error) {
	return s.one(ctx, "slug = ?", slug, e)
}

// ByID gives one of the edition's pieces of material.
func (s *Service) ByID(ctx context.Context, e edition.Edition, id string) (Material, error) {
	return s.one(ctx, "id = ?", id, e)
}

func (s *Service) one(ctx context.Context, by, value string, e edition.Edition) (Material, error) {
	list := make([]Material, 1)
	err := s.db.Read.NewSelect().Model(&list[0]).Where(by, value).Where("edition_id = ?", e.ID).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return Material{}, fail.Missing("material.missing")
	}
	if err == nil {
		err = withFiles(ctx, s.db.Read, list)
	}
	return list[0], err
}

// Versions gives all versions of a piece of material, the newest first.
func (s *Service) Versions(ctx context.Context, e edition.Edition, id string) ([]Version, error) {
	var list []Version
	err := s.db.Read.NewSelect().Model(&list).Where("material_id = ?", id).
		Where("material_id IN (SELECT id FROM material WHERE edition_id = ?)", e.ID).Order("number DESC").Scan(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(list))
	for i, v := range list {
		ids[i] = v.FileID
	}
	files, err := filesOf(ctx, s.db.Read, ids)
	for i := range list {
		list[i].File = files[list[i].FileID]
	}
	return list, err
}

// Counts tells how much material each session has; one without any is missing.
func (s *Service) Counts(ctx context.Context, e edition.Edition) (map[string]int, error) {
	var rows []struct {
		SessionID string
		N         int
	}
	err := s.db.Read.NewSelect().Model((*Material)(nil)).Column("session_id").ColumnExpr("count(*) AS n").
		Where("edition_id = ?", e.ID).Group("session_id").Scan(ctx, &rows)
	by := make(map[string]int, len(rows))
	for _, r := range rows {
		by[r.SessionID] = r.N
	}
	return by, err
}

// withFiles fills in the files of material that has one.
func withFiles(ctx context.Context, idb bun.IDB, list []Material) error {
	ids := make([]string, len(list))
	for i, m := range list {
		ids[i] = m.FileID
	}
	files, err := filesOf(ctx, idb, ids)
	for i := range list {
		list[i].File = files[list[i].FileID]
	}
	return err
}

// perStatement is how many rows one statement names.
const perStatement = 200

// filesOf reads files by their ids, of which some may be empty. It asks once for
// the whole edition, and not at all where there are none.
func filesOf(ctx context.Context, idb bun.IDB, ids []string) (map[string]*file.File, error) {
	var wanted []string
	for _, id := range ids {
		if id != "" {
			wanted = append(wanted, id)
		}
	}
	by := make(map[string]*file.File, len(wanted))
	if len(wanted) == 0 {
		return by, nil
	}
	var rows []file.File
	err := idb.NewSelect().Model(&rows).Where("id IN (?)", bun.List(wanted)).Scan(ctx)
	for i := range rows {
		by[rows[i].ID] = &rows[i]
	}
	return by, err
}
