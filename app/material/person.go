package material

import (
	"context"
	"time"

	"github.com/uptrace/bun"
)

// Brought is a version of material that a person sent in as an organiser.
type Brought struct {
	Edition string    `json:"edition"`
	Address string    `json:"address"` // the last part of our address
	Version int64     `json:"version"`
	URL     string    `json:"url,omitempty"`
	At      time.Time `json:"at"`
}

// Export gives what the person added.
func (s *Service) Export(ctx context.Context, personID string) (any, error) {
	list := []Brought{}
	err := s.db.Read.NewRaw(`SELECT m.edition_id AS edition, m.slug AS address, v.number AS version, v.url, v.created_at AS at
		FROM material_version AS v JOIN material AS m ON m.id = v.material_id WHERE v.person_id = ? ORDER BY v.created_at, m.id, v.number`,
		personID).Scan(ctx, &list)
	return list, err
}

// Erase forgets who added what; the material stays the edition's.
func (s *Service) Erase(ctx context.Context, tx bun.IDB, personID string) error {
	_, err := tx.NewRaw("UPDATE material_version SET person_id = '' WHERE person_id = ?", personID).Exec(ctx)
	return err
}
