package search

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/search/stem"
)

// maxBegun is how many stems stand for a word that is still being typed.
const maxBegun = 24

// maxLooked is how many entries are looked at for one question: what the pages
// show, and some more for what is no longer to be shown.
const maxLooked = PageSize*MaxPages + 3*PageSize

// looking is one question on its way through the engine.
type looking struct {
	query   query
	filters []string // tokens that an entry must hold
	kind    Kind     // that it must be of; empty: any
	found   []int64
	known   map[int64]bool
	stems   map[string][]string
	begun   int // index in found from which on words may only begin so; -1: none
}

// lookUp gives the ids of entries, best first: those called just what was asked for
// before those with all words in titles and names, then those with some among the
// speakers and then anywhere, and whole words before words that only begin so.
// Within each the id has the order. It takes at most eight statements, whatever is
// asked for.
func (s *Service) lookUp(ctx context.Context, q query, kind Kind, filters []string) (*looking, error) {
	l := &looking{query: q, filters: filters, kind: kind, known: map[int64]bool{}, begun: -1}
	err := s.db.Snapshot(ctx, func(ctx context.Context, tx bun.Tx) error {
		if s.db.Engine == db.Postgres {
			// Only the index of tokens will do: the others would read the tokens of
			// every entry, which the planner does not foresee.
			if _, err := tx.ExecContext(ctx, `SELECT set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true),
				set_config('jit', 'off', true), set_config('max_parallel_workers_per_gather', '0', true)`); err != nil {
				return err
			}
		}
		if err := s.called(ctx, tx, l); err != nil {
			return err
		}
		if err := s.levels(ctx, tx, l, nil); err != nil || len(l.found) >= maxLooked {
			return err
		}
		stems, err := begun(ctx, tx, q)
		if err != nil || len(stems) == 0 {
			return err
		}
		l.begun, l.stems = len(l.found), stems
		return s.levels(ctx, tx, l, stems)
	})
	return l, err
}

// levels looks at one level of words after the other until there is enough.
func (s *Service) levels(ctx context.Context, tx bun.IDB, l *looking, stems map[string][]string) error {
	for _, level := range []byte{inTitle, inNames, inAll} {
		if err := s.add(ctx, tx, l, l.query.at(level, stems)); err != nil || len(l.found) >= maxLooked {
			return err
		}
	}
	return nil
}

// called looks for what has the question as its title.
func (s *Service) called(ctx context.Context, tx bun.IDB, l *looking) error {
	if len(l.query.whole) == 0 {
		return nil
	}
	return s.add(ctx, tx, l, need{sets: [][]string{{string(ofWhole) + sum(l.query.whole)}}})
}

// add puts what holds the needed tokens behind what is found already.
func (s *Service) add(ctx context.Context, tx bun.IDB, l *looking, n need) error {
	for _, f := range l.filters {
		n.sets = append(n.sets, []string{f})
	}
	ids, err := s.ids(ctx, tx, n, l.kind)
	for _, id := range ids {
		if !l.known[id] && len(l.found) < maxLooked {
			l.known[id] = true
			l.found = append(l.found, id)
		}
	}
	return err
}

// ids gives the first entries that hold what is needed. SQLite hands them out in
// order and stops when there are enough. PostgreSQL gathers all before it sorts
// them, so it is asked for one kind of thing after the other, in their order, and
// stops at the first that has enough.
func (s *Service) ids(ctx context.Context, tx bun.IDB, n need, kind Kind) (ids []int64, err error) {
	kinds := Kinds[:]
	if kind != "" {
		kinds = []Kind{kind}
	}
	if s.db.Engine == db.SQLite {
		if kind != "" {
			n.sets = append(n.sets, []string{string(ofKind) + string(kind)})
		}
		err = tx.NewRaw(`SELECT rowid FROM search_token WHERE search_token MATCH ? ORDER BY rowid LIMIT ?`, n.fts(), maxLooked).Scan(ctx, &ids)
		return ids, err
	}
	var parts []string
	var args []any
	words := n.tsquery()
	for _, kind := range kinds {
		parts = append(parts, `(SELECT id FROM search_token WHERE tokens @@ ?::tsquery ORDER BY id LIMIT ?)`)
		args = append(args, words+" & '"+string(ofKind)+string(kind)+"'", maxLooked)
	}
	err = tx.NewRaw("SELECT id FROM ("+strings.Join(parts, " UNION ALL ")+") AS hits LIMIT ?", append(args, maxLooked)...).Scan(ctx, &ids)
	return ids, err
}

// begun gives stems for the words that may only begin so, with one statement:
// those that begin like the word itself first, then like its stem, the shorter
// before the longer.
func begun(ctx context.Context, tx bun.IDB, q query) (map[string][]string, error) {
	var parts []string
	var args []any
	for _, t := range q.terms {
		if !t.begun || len(t.words[0]) < minBegun {
			continue
		}
		word := t.words[0]
		root := shortest(word)
		parts = append(parts, `SELECT * FROM (SELECT ? AS word, stem, CASE WHEN stem >= ? AND stem < ? THEN 0 ELSE 1 END AS far
			FROM search_stem WHERE stem >= ? AND stem < ? ORDER BY far, length(stem), stem LIMIT ?) AS x`)
		args = append(args, word, word, word+lastRune, root, root+lastRune, maxBegun)
	}
	if len(parts) == 0 {
		return nil, nil
	}
	var rows []struct{ Word, Stem string }
	err := tx.NewRaw(`SELECT word, stem FROM (`+strings.Join(parts, ` UNION ALL `)+`) AS y`, args...).Scan(ctx, &rows)
	stems := map[string][]string{}
	for _, r := range rows {
		stems[r.Word] = append(stems[r.Word], r.Stem)
	}
	return stems, err
}

// lastRune comes after every letter.
const lastRune = "\U0010FFFF"

// shortest is the shortest stem of a word that it begins with, unless so little
// is left that half a dictionary begins so.
func shortest(word string) string {
	root := word
	for _, s := range stem.All(word) {
		if len(s) > minBegun && len(s) < len(root) && strings.HasPrefix(word, s) {
			root = s
		}
	}
	return root
}

// fts writes a need as FTS5 reads it. Tokens hold letters and digits alone.
func (n need) fts() string {
	all := func(sets [][]string) string {
		var b []string
		for _, set := range sets {
			b = append(b, `("`+strings.Join(set, `" OR "`)+`")`)
		}
		return "(" + strings.Join(b, " AND ") + ")"
	}
	s := all(n.sets)
	for _, not := range n.not {
		s = `(` + s + ` NOT ("` + strings.Join(not, `" AND "`) + `"))`
	}
	return s
}

// tsquery writes a need as PostgreSQL reads it.
func (n need) tsquery() string {
	var b []string
	for _, set := range n.sets {
		b = append(b, `('`+strings.Join(set, `' | '`)+`')`)
	}
	for _, not := range n.not {
		b = append(b, `!('`+strings.Join(not, `' & '`)+`')`)
	}
	return strings.Join(b, " & ")
}
