package registration

import (
	"context"
	"strings"

	"github.com/uptrace/bun"
)

// Filter narrows the organiser's list of registrations.
type Filter struct {
	Search string // part of a name, organisation, address or code
	State  State
	Kind   Kind
	Limit  int
	Offset int
}

// List gives an edition's registrations, the newest first, and how many match.
func (s *Service) List(ctx context.Context, editionID string, f Filter) ([]Registration, int64, error) {
	var rows []Registration
	q := s.db.Read.NewSelect().Model(&rows).Where("edition_id = ?", editionID).
		Order("created_at DESC", "id DESC").Limit(int64(f.Limit)).Offset(int64(f.Offset))
	if f.State != "" {
		q = q.Where("state = ?", f.State)
	}
	if f.Kind != "" {
		q = q.Where("kind = ?", f.Kind)
	}
	if words := strings.TrimSpace(f.Search); words != "" {
		q = search(q, words)
	}
	n, err := q.ScanAndCount(ctx)
	return rows, n, err
}

// search matches a part of what people are known by. LIKE's own signs in the
// words are taken literally.
func search(q *bun.SelectQuery, words string) *bun.SelectQuery {
	part := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(words)) + "%"
	code := CleanCode(words)
	return q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where(`lower(name) LIKE ? ESCAPE '\'`, part).
			WhereOr(`lower(organisation) LIKE ? ESCAPE '\'`, part).
			WhereOr(`email LIKE ? ESCAPE '\'`, part).
			WhereOr("code = ?", code)
	})
}

// Attending lists those who hold a place of the kind, in order of name: the
// people badges and certificates are made for.
func (s *Service) Attending(ctx context.Context, editionID string, kind Kind) ([]Registration, error) {
	var rows []Registration
	err := s.db.Read.NewSelect().Model(&rows).
		Where("edition_id = ? AND kind = ? AND state = ?", editionID, kind, Confirmed).Order("name", "id").Scan(ctx)
	return rows, err
}
