package speaking

import (
	"context"

	"github.com/uptrace/bun"
)

// RemoveEdition drops what speakers did in a practice edition.
func RemoveEdition(ctx context.Context, tx bun.IDB, editionID string) error {
	for _, table := range []string{"speaking_change", "speaking", "speaking_rules"} {
		if _, err := tx.NewDelete().Table(table).Where("edition_id = ?", editionID).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
