package mail

import (
	"context"
	"strings"

	"github.com/uptrace/bun"
)

// nowhere is the ending of addresses that can never be reached (RFC 2606). Those
// of a rehearsal have it; a server that was handed them would only bounce.
const nowhere = ".invalid"

func reachable(email string) bool { return !strings.HasSuffix(strings.ToLower(email), nowhere) }

// RemoveEdition drops the letters of a practice edition, together with the edition.
func RemoveEdition(ctx context.Context, tx bun.IDB, editionID string) error {
	_, err := tx.NewRaw("DELETE FROM mail WHERE edition_id = ?", editionID).Exec(ctx)
	return err
}
