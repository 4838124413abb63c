package program

import (
	"context"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"agora/app/edition"
)

// Earlier is a speaker of another edition who may be the same human: by name, or
// by the address that both have.
type Earlier struct {
	Edition           edition.Edition
	SpeakerID         string
	Slug, Name        string
	ByName, ByAddress bool
}

// candidate is a speaker with the addresses that are known of them.
type candidate struct {
	ID, EditionID, Slug, Name, Who, Invited, Email string
}

// SpokeBefore proposes, by the edition's speakers, who of other editions may be
// the same and has not been said to be. It is a fixed number of queries.
func (s *Service) SpokeBefore(ctx context.Context, e edition.Edition) (map[string][]Earlier, error) {
	var here, others []candidate
	if err := s.candidates().Where("s.edition_id = ?", e.ID).Scan(ctx, &here); err != nil || len(here) == 0 {
		return nil, err
	}
	slugs, names, emails := []string{}, []string{}, []string{}
	for _, one := range here {
		slugs, names = append(slugs, slugOf(one.Name, "speaker")), append(names, one.Name)
		emails = append(emails, one.addresses()...)
	}
	err := s.candidates().Where("s.edition_id <> ?", e.ID).WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
		// A slug is the name without case and accents, and the same on both engines.
		return q.Where("s.slug IN (?) OR s.name IN (?)", bun.List(slugs), bun.List(names)).
			WhereOr("k.email <> '' AND k.email IN (?)", bun.List(emails)).WhereOr("p.email IN (?)", bun.List(emails))
	}).Scan(ctx, &others)
	if err != nil {
		return nil, err
	}
	front, err := s.editions.Front(ctx)
	if err != nil {
		return nil, err
	}
	editions := map[string]edition.Edition{}
	for _, list := range front.Editions {
		for _, one := range list {
			editions[one.ID] = one
		}
	}
	return pair(here, others, editions), nil
}

// candidates reads speakers with their addresses: where they were invited, and
// who signs in as them.
func (s *Service) candidates() *bun.SelectQuery {
	return s.db.Read.NewSelect().TableExpr("speaker AS s").
		ColumnExpr("s.id, s.edition_id, s.slug, s.name, s.who, coalesce(k.email, '') AS invited, coalesce(p.email, '') AS email").
		Join("LEFT JOIN speaking AS k ON k.speaker_id = s.id").Join("LEFT JOIN person AS p ON p.id = s.person_id").Order("s.id")
}

func (c candidate) addresses() []string {
	return slices.DeleteFunc([]string{c.Invited, c.Email}, func(one string) bool { return one == "" })
}

// pair finds for each one here those of other editions, the newest edition first
// and one of each human.
func pair(here, others []candidate, editions map[string]edition.Edition) map[string][]Earlier {
	found := map[string][]Earlier{}
	for _, one := range here {
		for _, o := range others {
			e, known := editions[o.EditionID]
			if !known || e.Series.ID == "" || o.Who == one.Who {
				continue
			}
			mail := slices.ContainsFunc(o.addresses(), func(a string) bool { return slices.Contains(one.addresses(), a) })
			if name := sameName(o.Name, one.Name); name || mail {
				found[one.ID] = append(found[one.ID], Earlier{Edition: e, SpeakerID: o.ID, Slug: o.Slug, Name: o.Name, ByName: name, ByAddress: mail})
			}
		}
		slices.SortStableFunc(found[one.ID], func(a, b Earlier) int {
			if c := b.Edition.StartsAt.Compare(a.Edition.StartsAt); c != 0 {
				return c
			}
			return strings.Compare(a.SpeakerID, b.SpeakerID)
		})
	}
	return found
}
