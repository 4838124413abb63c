package program

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"agora/app/edition"
)

const (
	// spokeFresh bounds how long what nobody asks for any more is given.
	spokeFresh = time.Minute
	// maxSpoke bounds the humans whose editions are kept in memory.
	maxSpoke = 2_000
)

// Appearance is one human as a speaker of one edition, with the sessions of its
// newest release.
type Appearance struct {
	Edition   edition.Edition
	Programme *Programme
	Speaker   *Speaker
}

// spoken is one row of a human.
type spoken struct{ ID, EditionID, Slug string }

// Billed is a human as a speaker of one edition, released or not, with the slug
// under which their page is there once it is.
type Billed struct {
	Edition edition.Edition
	Slug    string
}

// SpeaksIn gives the editions in which a human is a speaker, of any series, the
// newest first. It costs no query on a busy page; their revisions tell whether
// anything has changed.
func (s *Service) SpeaksIn(ctx context.Context, who string) ([]Billed, error) {
	list, rows, err := s.spokenIn(ctx, who)
	billed := make([]Billed, len(list))
	for i, e := range list {
		billed[i] = Billed{Edition: e, Slug: rows[e.ID].Slug}
	}
	return billed, err
}

func (s *Service) spokenIn(ctx context.Context, who string) ([]edition.Edition, map[string]spoken, error) {
	front, err := s.editions.Front(ctx)
	if err != nil {
		return nil, nil, err
	}
	// Whatever changes who somebody is raises a revision.
	all := int64(0)
	for _, editions := range front.Editions {
		for _, e := range editions {
			all += e.Revision
		}
	}
	rows, err := s.spoke.Get(ctx, who+"@"+strconv.FormatInt(all, 10), func(ctx context.Context) ([]spoken, error) {
		var rows []spoken
		err := s.db.Read.NewSelect().Table("speaker").Column("id", "edition_id", "slug").Where("who = ?", who).Order("id").Scan(ctx, &rows)
		return rows, err
	})
	if err != nil {
		return nil, nil, err
	}
	by := make(map[string]spoken, len(rows))
	for _, row := range rows {
		by[row.EditionID] = row
	}
	var list []edition.Edition
	for _, editions := range front.Editions {
		for _, e := range editions {
			if _, here := by[e.ID]; here && !e.Series.Practice() && e.Series.ID != "" {
				list = append(list, e)
			}
		}
	}
	slices.SortFunc(list, func(a, b edition.Edition) int {
		return cmp.Or(b.StartsAt.Compare(a.StartsAt), strings.Compare(a.ID, b.ID))
	})
	return list, by, nil
}

// Elsewhere gives everything a human has on the public programmes of all
// editions, the newest first. Editions in which nothing of theirs is released
// are left out.
func (s *Service) Elsewhere(ctx context.Context, who string) ([]Appearance, error) {
	list, rows, err := s.spokenIn(ctx, who)
	if err != nil {
		return nil, err
	}
	var found []Appearance
	for _, e := range list {
		p, err := s.Programme(ctx, e)
		if err != nil {
			return nil, err
		}
		if one := p.SpeakerBySlug(rows[e.ID].Slug); one != nil {
			found = append(found, Appearance{Edition: p.Edition, Programme: p, Speaker: one})
		}
	}
	return found, nil
}
