package material

import (
	"context"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/file"
)

// Remove takes a piece of material away with all its versions and files.
func (s *Service) Remove(ctx context.Context, by Author, e edition.Edition, id string) error {
	return s.change(ctx, by, e, "material.remove", id, func(ctx context.Context, tx bun.Tx) error {
		m, err := own(ctx, tx, by, e, id)
		if err != nil {
			return err
		}
		var files []string
		if err := tx.NewSelect().Table("material_version").Column("file_id").Where("material_id = ?", m.ID).Where("file_id <> ''").Scan(ctx, &files); err != nil {
			return err
		}
		for _, c := range m.Captions {
			files = append(files, c.FileID)
		}
		if err := file.Drop(ctx, tx, files...); err != nil {
			return err
		}
		_, err = tx.NewDelete().Model(&m).Where("id = ?", m.ID).Where("edition_id = ?", e.ID).Exec(ctx)
		return err
	})
}

// RemoveEdition drops the material of a practice edition, together with the edition.
func RemoveEdition(ctx context.Context, tx bun.IDB, editionID string) error {
	for _, table := range []string{"material", "withdrawn"} {
		if _, err := tx.NewDelete().Table(table).Where("edition_id = ?", editionID).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
