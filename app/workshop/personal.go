package workshop

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"agora/app/text"
)

// Exported is what a person is given of a sign-up.
type Exported struct {
	EditionID string     `json:"edition"`
	Workshop  text.Texts `json:"workshop"`
	State     State      `json:"state"`
	CreatedAt time.Time  `json:"created_at"`
	ChangedAt time.Time  `json:"changed_at"`
}

// Export gives everything this area keeps of a person.
func (s *Service) Export(ctx context.Context, personID string) (any, error) {
	var rows []struct {
		EditionID string
		Title     text.Texts
		Session   text.Texts
		State     State
		CreatedAt time.Time
		ChangedAt time.Time
	}
	err := s.db.Read.NewSelect().TableExpr("sign_up AS u").
		ColumnExpr("w.edition_id, w.title, x.title AS session, u.state, u.created_at, u.changed_at").
		Join("JOIN registration AS r ON r.id = u.registration_id").
		Join("JOIN workshop AS w ON w.id = u.workshop_id").
		Join("LEFT JOIN session AS x ON x.id = w.session_id").
		Where("r.person_id = ?", personID).OrderExpr("u.created_at, u.id").Scan(ctx, &rows)
	list := make([]Exported, len(rows))
	for i, r := range rows {
		called := r.Title
		if called.Empty() {
			called = r.Session
		}
		list[i] = Exported{EditionID: r.EditionID, Workshop: called, State: r.State, CreatedAt: r.CreatedAt, ChangedAt: r.ChangedAt}
	}
	return list, err
}

// Erase deletes what a person gave up. Sign-ups that count stay with the
// blanked registration, so that the day's figures do; those to come were ended
// when the person's places were given on.
func (s *Service) Erase(ctx context.Context, tx bun.IDB, personID string) error {
	_, err := tx.NewRaw("DELETE FROM sign_up WHERE state = ? AND registration_id IN (SELECT id FROM registration WHERE person_id = ?)",
		Cancelled, personID).Exec(ctx)
	return err
}

// RemoveEdition drops the workshops of a practice edition, together with the
// edition and before its programme and registrations.
func RemoveEdition(ctx context.Context, tx bun.IDB, editionID string) error {
	_, err := tx.NewRaw("DELETE FROM sign_up WHERE workshop_id IN (SELECT id FROM workshop WHERE edition_id = ?)", editionID).Exec(ctx)
	if err != nil {
		return err
	}
	_, err = tx.NewRaw("DELETE FROM workshop WHERE edition_id = ?", editionID).Exec(ctx)
	return err
}
