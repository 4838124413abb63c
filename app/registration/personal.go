package registration

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"agora/app/registration/form"
)

// needsLife is how long diet and access needs are kept after the day.
const needsLife = 7 * 24 * time.Hour

// Exported is what a person is given of a registration.
type Exported struct {
	EditionID    string       `json:"edition"`
	Kind         Kind         `json:"place"`
	State        State        `json:"state"`
	Name         string       `json:"name"`
	Email        string       `json:"email"`
	Organisation string       `json:"organisation"`
	Language     string       `json:"language"`
	Photo        Photo        `json:"photo"`
	Needs        string       `json:"needs"`
	Answers      form.Answers `json:"answers,omitempty"`
	Code         string       `json:"code"`
	CreatedAt    time.Time    `json:"created_at"`
}

// Export gives everything this area keeps of a person.
func (s *Service) Export(ctx context.Context, personID string) (any, error) {
	rows, err := s.AllOfPerson(ctx, personID)
	if err != nil {
		return nil, err
	}
	list := make([]Exported, len(rows))
	for i, r := range rows {
		list[i] = Exported{r.EditionID, r.Kind, r.State, r.Name, r.Email, r.Organisation, string(r.Language), r.Photo, r.Needs, r.Answers, r.Code, r.CreatedAt}
	}
	return list, nil
}

// Erase blanks a person's registrations. The claim itself stays, so that the
// day's figures do; its ticket ends.
func (s *Service) Erase(ctx context.Context, tx bun.IDB, personID string) error {
	_, err := tx.NewRaw(`UPDATE registration SET name = '', email = '', organisation = '', needs = '', answers = '{}',
		version = version + 1 WHERE person_id = ?`, personID).Exec(ctx)
	return err
}

// PurgeNeeds deletes what people said of diet and access once the day is a week
// past, and tells of how many.
func (s *Service) PurgeNeeds(ctx context.Context) (int64, error) {
	res, err := s.db.Write.NewRaw(`UPDATE registration SET needs = '' WHERE needs <> '' AND edition_id IN
		(SELECT id FROM edition WHERE ends_at < ?)`, s.now().Add(-needsLife)).Exec(ctx)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}
