package paper

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/uptrace/bun"
)

// Print is what was printed for one registration at last: the digest of its badge, and when.
type Print struct {
	bun.BaseModel `bun:"table:badge_print"`

	RegistrationID string `bun:",pk"`
	EditionID      string
	Digest         string
	At             time.Time
}

// Prints gives an edition's prints by registration.
func (s *Service) Prints(ctx context.Context, editionID string) (map[string]Print, error) {
	var rows []Print
	err := s.db.Read.NewSelect().Model(&rows).Where("edition_id = ?", editionID).Scan(ctx)
	by := make(map[string]Print, len(rows))
	for _, p := range rows {
		by[p.RegistrationID] = p
	}
	return by, err
}

// printSet is how many prints go into one statement.
const printSet = 500

// Printed writes down what was printed, in the caller's transaction: digests by registration. Who is gone meanwhile
// is left out.
func Printed(ctx context.Context, tx bun.IDB, editionID string, digests map[string]string, at time.Time) error {
	for ids := range slices.Chunk(slices.Sorted(maps.Keys(digests)), printSet) {
		var there []string
		if err := tx.NewRaw("SELECT id FROM registration WHERE edition_id = ? AND id IN (?)", editionID, bun.List(ids)).Scan(ctx, &there); err != nil {
			return err
		}
		rows := make([]Print, len(there))
		for i, id := range there {
			rows[i] = Print{RegistrationID: id, EditionID: editionID, Digest: digests[id], At: at}
		}
		if len(rows) == 0 {
			continue
		}
		if _, err := tx.NewInsert().Model(&rows).On("CONFLICT (registration_id) DO UPDATE").Set("digest = EXCLUDED.digest, at = EXCLUDED.at").Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Printed is Printed in a transaction of its own.
func (s *Service) Printed(ctx context.Context, editionID string, digests map[string]string) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error { return Printed(ctx, tx, editionID, digests, s.now()) })
}

// Unprinted forgets that something was printed: the printer jammed. It tells how many.
func (s *Service) Unprinted(ctx context.Context, editionID string, registrationIDs []string) (n int64, err error) {
	for ids := range slices.Chunk(registrationIDs, printSet) {
		res, err := s.db.Write.NewRaw("DELETE FROM badge_print WHERE edition_id = ? AND registration_id IN (?)", editionID, bun.List(ids)).Exec(ctx)
		if err != nil {
			return n, err
		}
		k, err := res.RowsAffected()
		if err != nil {
			return n, err
		}
		n += k
	}
	return n, nil
}

// Returning tells which of the people were in an earlier edition of the series, and whether the series has one at
// all: where it has none, nobody is here for the first time.
func (s *Service) Returning(ctx context.Context, editionID string) (before map[string]bool, any bool, err error) {
	const earlier = `FROM registration AS r JOIN edition AS e ON e.id = r.edition_id JOIN edition AS now ON now.id = ?
		WHERE e.series_id = now.series_id AND e.starts_at < now.starts_at AND r.state = 'confirmed'`
	var ids []string
	if err := s.db.Read.NewRaw("SELECT DISTINCT r.person_id "+earlier+" AND r.person_id IN (SELECT person_id FROM registration WHERE edition_id = now.id)", editionID).Scan(ctx, &ids); err != nil {
		return nil, false, err
	}
	before = make(map[string]bool, len(ids))
	for _, id := range ids {
		before[id] = true
	}
	if len(ids) > 0 {
		return before, true, nil
	}
	err = s.db.Read.NewRaw("SELECT EXISTS (SELECT 1 "+earlier+")", editionID).Scan(ctx, &any)
	return before, any, err
}

// EraseBadges forgets what was printed for a person.
func (s *Service) EraseBadges(ctx context.Context, tx bun.IDB, personID string) error {
	_, err := tx.NewRaw("DELETE FROM badge_print WHERE registration_id IN (SELECT id FROM registration WHERE person_id = ?)", personID).Exec(ctx)
	return err
}
