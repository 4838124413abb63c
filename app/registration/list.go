package registration

import (
	"context"
	"slices"
	"strings"

	"github.com/uptrace/bun"
	"golang.org/x/text/cases"
	"golang.org/x/text/language"

	"agora/app/text"
)

// Filter narrows the organiser's list of registrations.
type Filter struct {
	Search string // part of a name, organisation, address or code
	State  State
	Kind   Kind
	Photo  Photo
	// Pending are those who wait for an organiser's word, Unanswered those who
	// were asked whether they come and have not said.
	Pending    bool
	Unanswered bool
	// InLine are those in a waiting list, without those who are pending.
	InLine bool
	// Party is the id of the registration that brought colleagues along.
	Party  string
	Limit  int
	Offset int
}

// List gives an edition's registrations, the newest first, and how many match.
func (s *Service) List(ctx context.Context, editionID string, f Filter) ([]Registration, int64, error) {
	var rows []Registration
	n, err := f.narrow(s.db.Read.NewSelect().Model(&rows).Where("edition_id = ?", editionID)).
		Order("created_at DESC", "id DESC").Limit(int64(f.Limit)).Offset(int64(max(0, f.Offset))).ScanAndCount(ctx)
	return rows, n, err
}

func (f Filter) narrow(q *bun.SelectQuery) *bun.SelectQuery {
	if f.State != "" {
		q = q.Where("state = ?", f.State)
	}
	if f.Kind != "" {
		q = q.Where("kind = ?", f.Kind)
	}
	if f.Photo != "" {
		q = q.Where("photo = ?", f.Photo)
	}
	if f.Pending {
		q = q.Where("pending AND state = 'waiting'")
	}
	if f.Unanswered {
		q = q.Where("state = 'confirmed' AND asked_at IS NOT NULL AND coming_at IS NULL")
	}
	if f.InLine {
		q = q.Where("state = 'waiting' AND NOT pending")
	}
	if f.Party != "" {
		q = q.Where("party = ?", f.Party)
	}
	if words := strings.TrimSpace(f.Search); words != "" {
		q = search(q, words)
	}
	return q
}

// inOnePiece is how many registrations of an export are read at a time.
const inOnePiece = 500

// Each goes through all that match, in the order in which they came, without
// holding all of them in memory. An error of yield ends it and comes back.
func (s *Service) Each(ctx context.Context, editionID string, f Filter, yield func(Registration) error) error {
	for last := ""; ; {
		var rows []Registration
		err := f.narrow(s.db.Read.NewSelect().Model(&rows).Where("edition_id = ? AND id > ?", editionID, last)).
			Order("id").Limit(inOnePiece).Scan(ctx)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, r := range rows {
			if err := yield(r); err != nil {
				return err
			}
		}
		last = rows[len(rows)-1].ID
	}
}

// search matches a part of what people are known by. LIKE's own signs in the
// words are taken literally.
func search(q *bun.SelectQuery, words string) *bun.SelectQuery {
	return q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
		for _, part := range writings(words) {
			part = "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(part) + "%"
			q = q.WhereOr(`lower(name) LIKE lower(?) ESCAPE '\'`, part).
				WhereOr(`lower(organisation) LIKE lower(?) ESCAPE '\'`, part).
				WhereOr(`email LIKE ? ESCAPE '\'`, part)
		}
		return q.WhereOr("code = ?", CleanCode(words))
	})
}

// writings are the ways in which somebody may have written the words. SQLite's
// own lower() knows no Ä, so the likely ones are all looked for.
func writings(words string) []string {
	lower := strings.ToLower(words)
	list := []string{lower, words, strings.ToUpper(words), cases.Title(language.Und).String(lower)}
	slices.Sort(list)
	return slices.Compact(list)
}

// Attending lists those who hold a place of the kind, in order of name: the
// people badges are made for.
func (s *Service) Attending(ctx context.Context, editionID string, kind Kind) ([]Registration, error) {
	var rows []Registration
	err := s.db.Read.NewSelect().Model(&rows).
		Where("edition_id = ? AND kind = ? AND state = ?", editionID, kind, Confirmed).Order("id").Scan(ctx)
	ByName(rows)
	return rows, err
}

// ByName sorts people as a Finnish list does.
func ByName(rows []Registration) {
	compare := text.Collator(text.Finnish)
	slices.SortStableFunc(rows, func(a, b Registration) int { return compare(a.Name, b.Name) })
}
