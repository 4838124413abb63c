package agenda

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"agora/app/text"
)

// Exported is what a person is given of a session they marked.
type Exported struct {
	EditionID string     `json:"edition"`
	Session   text.Texts `json:"session"`
	CreatedAt time.Time  `json:"created_at"`
}

// Export gives everything this area keeps of a person.
func (s *Service) Export(ctx context.Context, personID string) (any, error) {
	list := []Exported{}
	err := s.db.Read.NewSelect().TableExpr("favourite AS f").ColumnExpr("f.edition_id, x.title AS session, f.created_at").
		Join("JOIN session AS x ON x.id = f.session_id").
		Where("f.person_id = ?", personID).OrderExpr("f.created_at, f.session_id").Scan(ctx, &list)
	return list, err
}

// Erase forgets what a person marked.
func (s *Service) Erase(ctx context.Context, tx bun.IDB, personID string) error {
	_, err := tx.NewDelete().Model((*row)(nil)).Where("person_id = ?", personID).Exec(ctx)
	return err
}

// RemoveEdition drops what was marked in a practice edition, before its programme.
func RemoveEdition(ctx context.Context, tx bun.IDB, editionID string) error {
	_, err := tx.NewDelete().Model((*row)(nil)).Where("edition_id = ?", editionID).Exec(ctx)
	return err
}
