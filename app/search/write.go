package search

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
)

const (
	// setTokens and setEntries bound what one transaction writes, and so for how
	// long a registration may have to wait for it.
	setTokens  = 8_000
	setEntries = 200
	// maxStems bounds the memory of stems that are known to be stored.
	maxStems = 200_000
)

// writing gathers changes of the index and writes them in sets.
type writing struct {
	service *Service
	memo    map[memoKey]string
	stems   map[string]struct{} // stored already

	put    []made
	out    []int64
	seen   []seen
	fresh  []string // stems
	tokens int
	sets   int
	done   int
}

// made is an entry with its tokens.
type made struct {
	entry  entry
	tokens string
}

// offer puts an entry into the index unless it is there with the same content.
// What is offered is taken off what was known.
func (w *writing) offer(ctx context.Context, e entry, before map[known]entry, fill func(b *bag) error) (fresh bool, err error) {
	name := known{e.Kind, e.Subject}
	old, there := before[name]
	delete(before, name)
	if there && old.Hash == e.Hash && old.ID>>dayBits == e.ID>>dayBits {
		return false, nil
	}
	b := newBag(w.memo)
	if err := fill(b); err != nil {
		return false, err
	}
	if there {
		w.out = append(w.out, old.ID)
	}
	w.put = append(w.put, made{e, b.String()})
	w.tokens += len(b.list)
	for _, s := range b.stems {
		if _, known := w.stems[s]; !known {
			if len(w.stems) >= maxStems {
				clear(w.stems)
			}
			w.stems[s] = struct{}{}
			w.fresh = append(w.fresh, s)
		}
	}
	if w.tokens >= setTokens || len(w.put) >= setEntries {
		return !there, w.flush(ctx)
	}
	return !there, nil
}

// drop takes an entry out.
func (w *writing) drop(ctx context.Context, id int64) error {
	w.out = append(w.out, id)
	if len(w.out) >= setEntries {
		return w.flush(ctx)
	}
	return nil
}

// finish writes what is left together with what has been seen.
func (w *writing) finish(ctx context.Context, s ...seen) error {
	w.seen = append(w.seen, s...)
	return w.flush(ctx)
}

// flush writes what was gathered in one transaction, and rests.
func (w *writing) flush(ctx context.Context) error {
	if len(w.put)+len(w.out)+len(w.seen) == 0 {
		return nil
	}
	if err := w.service.db.Tx(ctx, w.write); err != nil {
		return err
	}
	w.done += len(w.put) + len(w.out)
	w.put, w.out, w.seen, w.fresh, w.tokens = nil, nil, nil, nil, 0
	if w.sets++; w.sets >= maxSets {
		return errTurn
	}
	if w.service.rest == 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(w.service.rest)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *writing) write(ctx context.Context, tx bun.Tx) error {
	if len(w.out) > 0 {
		for _, question := range []string{`DELETE FROM search_entry WHERE id IN (?)`, `DELETE FROM search_token WHERE ` + w.service.tokenID() + ` IN (?)`} {
			if _, err := tx.NewRaw(question, bun.List(w.out)).Exec(ctx); err != nil {
				return err
			}
		}
	}
	if len(w.put) > 0 {
		if err := w.insert(ctx, tx); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(w.fresh, 4*setEntries) {
		values, args := rows(len(part), "(?)"), make([]any, len(part))
		for i, s := range part {
			args[i] = s
		}
		if _, err := tx.NewRaw(`INSERT INTO search_stem (stem) VALUES `+values+` ON CONFLICT DO NOTHING`, args...).Exec(ctx); err != nil {
			return err
		}
	}
	for _, x := range w.seen {
		if _, err := tx.NewRaw(`INSERT INTO search_seen (subject, version) VALUES (?, ?) ON CONFLICT (subject) DO UPDATE SET version = excluded.version`,
			x.Subject, x.Version).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// insert writes the new entries and their tokens. Two things may have the same
// sum, once in a blue moon: the later one takes the next number.
func (w *writing) insert(ctx context.Context, tx bun.Tx) error {
	entries, ids, args := make([]entry, len(w.put)), make([]int64, len(w.put)), make([]any, 0, 2*len(w.put))
	for i, m := range w.put {
		entries[i], ids[i] = m.entry, m.entry.ID
	}
	var taken []int64
	if err := tx.NewRaw(`SELECT id FROM search_entry WHERE id IN (?)`, bun.List(ids)).Scan(ctx, &taken); err != nil {
		return err
	}
	for i := range entries {
		for slices.Contains(taken, entries[i].ID) {
			entries[i].ID++
		}
		taken = append(taken, entries[i].ID)
		args = append(args, entries[i].ID, w.put[i].tokens)
	}
	if _, err := tx.NewInsert().Model(&entries).Exec(ctx); err != nil {
		return err
	}
	one := "(?, ?)"
	if w.service.db.Engine == db.Postgres {
		one = "(?, array_to_tsvector(string_to_array(?, ' ')))"
	}
	_, err := tx.NewRaw(`INSERT INTO search_token (`+w.service.tokenID()+`, tokens) VALUES `+rows(len(entries), one), args...).Exec(ctx)
	return err
}

// tokenID is what the engine calls the id of an entry's tokens.
func (s *Service) tokenID() string {
	if s.db.Engine == db.Postgres {
		return "id"
	}
	return "rowid"
}

func rows(n int, one string) string { return strings.TrimSuffix(strings.Repeat(one+", ", n), ", ") }
