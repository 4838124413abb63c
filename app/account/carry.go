package account

import (
	"context"
	"slices"

	"github.com/uptrace/bun"
)

// CarryOver gives those who work on one edition the same roles in another, in
// the transaction that plans it. Speakers are not carried: they speak once.
// It tells how many people that are.
func (s *Service) CarryOver(ctx context.Context, tx bun.IDB, by, fromID, toID string) (people int, err error) {
	var rows []struct {
		PersonID string
		Role     Role
	}
	err = tx.NewRaw("SELECT person_id, role FROM role WHERE scope = ? AND role <> ? ORDER BY person_id, role", OfEdition(fromID), Speaker).Scan(ctx, &rows)
	if err != nil {
		return 0, err
	}
	var seen []string
	for _, r := range rows {
		if err := s.Grant(ctx, tx, by, r.PersonID, OfEdition(toID), r.Role); err != nil {
			return 0, err
		}
		if !slices.Contains(seen, r.PersonID) {
			seen = append(seen, r.PersonID)
		}
	}
	return len(seen), nil
}
