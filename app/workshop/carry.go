package workshop

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/edition"
)

// Sessions lists the sessions of an edition that people sign up to.
func Sessions(ctx context.Context, tx bun.IDB, editionID string) ([]string, error) {
	var ids []string
	err := tx.NewSelect().Model((*Workshop)(nil)).Column("session_id").Where("edition_id = ? AND session_id IS NOT NULL", editionID).Scan(ctx, &ids)
	return ids, err
}

// CarryOver opens in a planned edition the topic tables of another, and those of
// its workshops whose sessions came along: sessions gives the new session by the
// old one's id. Nobody is signed up yet.
func CarryOver(ctx context.Context, tx bun.IDB, now time.Time, from, to edition.Edition, sessions map[string]string) (n int, err error) {
	var had []Workshop
	if err := tx.NewSelect().Model(&had).Where("edition_id = ?", from.ID).Order("rank", "id").Scan(ctx); err != nil {
		return 0, err
	}
	var rows []Workshop
	for _, w := range had {
		carried := Workshop{ID: db.NewID(), EditionID: to.ID, Title: w.Title, About: w.About, Audience: w.Audience, Capacity: w.Capacity, Rank: w.Rank, CreatedAt: now}
		if !w.Table() {
			session, came := sessions[*w.SessionID]
			if !came {
				continue
			}
			carried.SessionID = &session
		}
		rows = append(rows, carried)
	}
	if len(rows) == 0 {
		return 0, nil
	}
	_, err = tx.NewInsert().Model(&rows).Exec(ctx)
	return len(rows), err
}
