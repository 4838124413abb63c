package door

import (
	"context"
	"time"

	"github.com/uptrace/bun"
)

// Exported is what a person is given of where they were.
type Exported struct {
	EditionID string     `json:"edition"`
	SessionID string     `json:"session,omitempty"` // empty: the door
	From      *time.Time `json:"from"`
	Last      time.Time  `json:"last"`
	Inside    bool       `json:"inside"`
	Seconds   int64      `json:"seconds,omitempty"`
	Note      string     `json:"note_for_the_door,omitempty"`
}

// Export gives everything this area keeps of a person.
func (s *Service) Export(ctx context.Context, personID string) (any, error) {
	var rows []struct {
		EditionID, SessionID string
		FirstAt              *time.Time
		LastAt               time.Time
		Inside               bool
		Seconds              int64
		Note                 string
	}
	err := s.db.Read.NewRaw(`SELECT p.edition_id, p.session_id, p.first_at, p.last_at, p.inside, p.seconds, coalesce(n.note, '') AS note
		FROM presence p JOIN registration r ON r.id = p.registration_id LEFT JOIN door_note n ON n.registration_id = r.id
		WHERE r.person_id = ? ORDER BY p.last_at, p.session_id`, personID).Scan(ctx, &rows)
	list := []Exported{}
	for _, r := range rows {
		list = append(list, Exported{r.EditionID, r.SessionID, r.FirstAt, r.LastAt, r.Inside, r.Seconds, r.Note})
	}
	return list, err
}

// Erase forgets what was noted of a person, and where they were during the day.
// That somebody came stays: it names nobody, and the day's figures need it. Whom
// they let in at a door stays too, without their name.
func (s *Service) Erase(ctx context.Context, tx bun.IDB, personID string) error {
	for _, query := range []string{
		"DELETE FROM door_note WHERE registration_id IN (SELECT id FROM registration WHERE person_id = ?)",
		"DELETE FROM presence WHERE registration_id IN (SELECT id FROM registration WHERE person_id = ?)",
		"DELETE FROM door_scan WHERE registration_id IN (SELECT id FROM registration WHERE person_id = ?)",
		"UPDATE check_in SET person_id = '' WHERE person_id = ?",
		"UPDATE presence SET person_id = '' WHERE person_id = ?",
		"UPDATE door_scan SET person_id = '' WHERE person_id = ?",
	} {
		if _, err := tx.NewRaw(query, personID).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
