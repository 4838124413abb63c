package carry

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"agora/app/edition"
	"agora/app/text"
)

// Returning is a speaker of an edition who has spoken in earlier ones of the
// same series.
type Returning struct {
	Name, Slug string
	Years      []Year
}

// Year is an edition in which they spoke before, and their page there.
type Year struct {
	Edition string // its address among the series' editions
	Slug    string // of the speaker in it
}

// Returned lists the speakers of an edition's public programme whom the series
// has heard before, by name, in one query. The list is kept as long as no edition
// of the series changes, and nobody changes it.
func (s *Service) Returned(ctx context.Context, e edition.Edition, l text.Lang) ([]Returning, error) {
	all, err := s.editions.Of(ctx, e.Series)
	if err != nil {
		return nil, err
	}
	key := e.ID + string(l)
	for _, one := range all {
		key += fmt.Sprint(" ", one.ID, one.Revision)
	}
	return s.returned.Get(ctx, key, func(ctx context.Context) ([]Returning, error) { return s.returning(ctx, e, l) })
}

func (s *Service) returning(ctx context.Context, e edition.Edition, l text.Lang) ([]Returning, error) {
	const public = `EXISTS (SELECT 1 FROM session_speaker AS w JOIN session AS x ON x.id = w.session_id AND NOT x.cancelled
		JOIN slot AS t ON t.session_id = x.id JOIN release AS r ON r.id = t.release_id
		WHERE w.speaker_id = SPEAKER.id AND r.number = (SELECT MAX(n.number) FROM release AS n WHERE n.edition_id = x.edition_id))`
	var rows []struct{ Name, Slug, Edition, Before string }
	err := s.db.Read.NewRaw(`SELECT k.name, k.slug, e.slug AS edition, o.slug AS before
		FROM speaker AS k JOIN speaker AS o ON o.who = k.who AND o.who <> '' AND o.edition_id <> k.edition_id
		JOIN edition AS e ON e.id = o.edition_id AND e.series_id = ? AND e.starts_at < ?
		WHERE k.edition_id = ? AND `+strings.ReplaceAll(public, "SPEAKER", "k")+` AND `+strings.ReplaceAll(public, "SPEAKER", "o")+`
		ORDER BY k.id, e.starts_at DESC, o.id`, e.SeriesID, e.StartsAt, e.ID).Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	var list []Returning
	for _, r := range rows {
		if n := len(list); n == 0 || list[n-1].Slug != r.Slug {
			list = append(list, Returning{Name: r.Name, Slug: r.Slug})
		}
		last := &list[len(list)-1]
		if years := len(last.Years); years == 0 || last.Years[years-1].Edition != r.Edition {
			last.Years = append(last.Years, Year{Edition: r.Edition, Slug: r.Before})
		}
	}
	before := text.Collator(l)
	slices.SortStableFunc(list, func(a, b Returning) int { return before(a.Name, b.Name) })
	return list, nil
}
