package registration

import (
	"context"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/db"
	"agora/app/text"
)

// InsertOne writes one registration in a transaction of its own: the plainest
// way to store one, and so the measure that a rehearsal compares with. It claims
// no place. Only a practice edition, which is removed, takes such rows.
func (s *Service) InsertOne(ctx context.Context, editionID string, p account.Person) error {
	now := s.now()
	r := Registration{ID: db.NewID(), EditionID: editionID, PersonID: p.ID, Kind: Onsite, State: Cancelled, Code: newCode(), Version: 1,
		Name: p.Name, Email: p.Email, Language: text.English, Photo: PhotoAsk, CreatedAt: now, ChangedAt: now}
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewInsert().Model(&r).Exec(ctx)
		return err
	})
}

// RemoveEdition drops the places and registrations of a practice edition,
// together with the edition.
func RemoveEdition(ctx context.Context, tx bun.IDB, editionID string) error {
	for _, model := range []any{(*Registration)(nil), (*Hold)(nil), (*tally)(nil), (*draft)(nil), (*listImport)(nil), (*Setup)(nil), (*Place)(nil)} {
		if _, err := tx.NewDelete().Model(model).Where("edition_id = ?", editionID).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
