package search

import (
	"context"
	"errors"
	"slices"
	"time"

	"agora/app/edition"
	"agora/app/fail"
)

// Find gives one page of what is found. There is no question it refuses; the
// number of statements does not depend on what is found.
func (s *Service) Find(ctx context.Context, ask Ask) (Result, error) {
	q := parse(ask.Text)
	result := Result{Page: min(max(ask.Page, 1), MaxPages), Cut: q.cut}
	if len(q.terms) == 0 {
		result.Empty = true
		return result, nil
	}
	ctx, cancel := context.WithTimeout(ctx, searchTime)
	defer cancel()
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return result, fail.Later(time.Second, ctx.Err())
	}
	err := s.find(ctx, q, ask, &result)
	if errors.Is(err, context.DeadlineExceeded) || err != nil && ctx.Err() != nil {
		err = fail.Later(time.Second, err)
	}
	return result, err
}

func (s *Service) find(ctx context.Context, q query, ask Ask, result *Result) error {
	l, err := s.lookUp(ctx, q, ask.Kind, ask.filters())
	if err != nil {
		return err
	}
	front, err := s.editions.Front(ctx)
	if err != nil {
		return err
	}
	v := view{service: s, at: s.now(), lang: ask.Lang, editions: map[string]edition.Edition{}}
	for _, one := range front.Series { // a rehearsal's is not among them
		for _, e := range front.Editions[one.ID] {
			v.editions[e.ID] = e
		}
	}
	if err := v.see(ctx, l.found); err != nil {
		return err
	}
	hits, begun := v.order(l)
	result.Begun = begun
	if most := PageSize * MaxPages; len(hits) > most {
		hits, result.More = hits[:most], true
	}
	result.Found = len(hits)
	result.Pages = (len(hits) + PageSize - 1) / PageSize
	result.Page = min(result.Page, max(result.Pages, 1))
	hits = hits[min((result.Page-1)*PageSize, len(hits)):]
	result.Hits = hits[:min(PageSize, len(hits))]
	if err := v.dress(ctx, newMatcher(l), result.Hits); err != nil {
		return err
	}
	// What was removed between two statements has no address any more.
	result.Hits = slices.DeleteFunc(result.Hits, func(h Hit) bool { return h.Session != nil && h.Session.Slug == "" })
	return nil
}

// filters are the tokens that what is asked for has to hold.
func (a Ask) filters() (tokens []string) {
	for kind, s := range map[byte]string{ofSeries: a.Series, ofEdition: a.Edition, ofLanguage: a.Language} {
		if s = bare(s); s != "" {
			tokens = append(tokens, string(kind)+s)
		}
	}
	return tokens
}
