package message

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/edition"
)

// CarryOver writes an edition's messages, sent or not, as drafts of one that is
// being planned: their words come again every year, and nothing goes out before
// somebody has looked at them.
func CarryOver(ctx context.Context, tx bun.IDB, now time.Time, by string, from, to edition.Edition) (n int, err error) {
	var had []Message
	err = tx.NewSelect().Model(&had).Where("edition_id = ?", from.ID).Order("created_at DESC", "id DESC").Limit(maxListed).Scan(ctx)
	if err != nil || len(had) == 0 {
		return 0, err
	}
	rows := make([]Message, len(had))
	for i, m := range had {
		// The newest of the list stays the newest.
		at := now.Add(-time.Duration(i) * time.Millisecond)
		rows[i] = Message{ID: db.NewID(), EditionID: to.ID, PersonID: by, Audience: m.Audience, Subject: m.Subject, Body: m.Body,
			Version: 1, CreatedAt: at, ChangedAt: at}
	}
	_, err = tx.NewInsert().Model(&rows).Exec(ctx)
	return len(rows), err
}
