package meet

import (
	"context"
	"time"

	"github.com/uptrace/bun"
)

// Exported is what a person is given of a listing.
type Exported struct {
	EditionID string    `json:"edition"`
	About     string    `json:"about"`
	Topics    Topics    `json:"topics"`
	CreatedAt time.Time `json:"created_at"`
}

// Export gives everything this area keeps of a person.
func (s *Service) Export(ctx context.Context, personID string) (any, error) {
	list := []Exported{}
	err := s.db.Read.NewSelect().TableExpr("listing AS l").ColumnExpr("l.edition_id, l.about, l.topics, l.created_at").
		Join("JOIN registration AS r ON r.id = l.registration_id").
		Where("r.person_id = ?", personID).OrderExpr("l.created_at, l.registration_id").Scan(ctx, &list)
	return list, err
}

// Erase deletes a person's listings.
func (s *Service) Erase(ctx context.Context, tx bun.IDB, personID string) error {
	_, err := tx.NewRaw("DELETE FROM listing WHERE registration_id IN (SELECT id FROM registration WHERE person_id = ?)", personID).Exec(ctx)
	return err
}

// RemoveEdition drops the listings of a practice edition, together with the
// edition and before its registrations.
func RemoveEdition(ctx context.Context, tx bun.IDB, editionID string) error {
	_, err := tx.NewDelete().Model((*row)(nil)).Where("edition_id = ?", editionID).Exec(ctx)
	return err
}
