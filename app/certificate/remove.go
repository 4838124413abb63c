package certificate

import (
	"context"

	"github.com/uptrace/bun"
)

// RemoveEdition deletes what this area keeps of a practice edition.
func RemoveEdition(ctx context.Context, tx bun.IDB, editionID string) error {
	for _, table := range []string{"certificate", "certificate_rules", "certificate_word", "certificate_presence"} {
		if _, err := tx.NewRaw("DELETE FROM ? WHERE edition_id = ?", bun.Ident(table), editionID).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
