package message

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"agora/app/text"
)

// Exported is what an organiser is given of the messages they wrote.
type Exported struct {
	EditionID string     `json:"edition"`
	Audience  Audience   `json:"audience"`
	Subject   text.Texts `json:"subject"`
	Body      text.Texts `json:"body"`
	ChangedAt time.Time  `json:"changed_at"`
	SentAt    *time.Time `json:"sent_at"`
}

// Export gives the messages that the person wrote or sent. What was written to
// them is a letter, and so the outbox's to give.
func (s *Service) Export(ctx context.Context, personID string) (any, error) {
	var rows []Message
	if err := s.db.Read.NewSelect().Model(&rows).Where("person_id = ?", personID).Order("id").Scan(ctx); err != nil {
		return nil, err
	}
	list := make([]Exported, len(rows))
	for i, m := range rows {
		list[i] = Exported{m.EditionID, m.Audience, m.Subject, m.Body, m.ChangedAt, m.SentAt}
	}
	return list, nil
}

// Erase forgets who wrote the messages; they belong to the edition.
func (s *Service) Erase(ctx context.Context, tx bun.IDB, personID string) error {
	_, err := tx.NewUpdate().Model((*Message)(nil)).Set("person_id = ''").Where("person_id = ?", personID).Exec(ctx)
	return err
}

// RemoveEdition drops the messages of a practice edition, together with the edition.
func RemoveEdition(ctx context.Context, tx bun.IDB, editionID string) error {
	_, err := tx.NewDelete().Model((*Message)(nil)).Where("edition_id = ?", editionID).Exec(ctx)
	return err
}
