package search

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/edition"
)

const (
	// maxSets bounds the transactions of one turn, so that a turn ends before
	// another node believes that this one is gone. What is left is for the next.
	maxSets = 300
	// chunk is how many rows are read at a time.
	chunk = 200
	// maxRooms is how many live rooms one turn looks at.
	maxRooms = 500
)

// errTurn ends a turn whose time is up.
var errTurn = errors.New("the rest is for the next turn")

// Refresh brings the index up to date with what has changed since the last time,
// in short transactions, and tells how many entries were made or dropped. Which
// editions have changed it sees by their revision, which live rooms by their
// version, which files by how many have been read; what then differs by the sum
// of its content.
func (s *Service) Refresh(ctx context.Context) (int, error) {
	w := &writing{service: s, memo: map[memoKey]string{}, stems: map[string]struct{}{}}
	err := s.refresh(ctx, w)
	if errors.Is(err, errTurn) {
		err = nil
	}
	if s.db.Engine == db.Postgres && w.done > 0 {
		// What waits to be sorted into the index would be looked through at each search.
		_, tidy := s.db.Write.ExecContext(ctx, `SELECT gin_clean_pending_list('search_token_tokens')`)
		err = errors.Join(err, tidy)
	}
	return w.done, err
}

func (s *Service) refresh(ctx context.Context, w *writing) error {
	if err := s.dropGone(ctx, w); err != nil {
		return err
	}
	changed, err := s.changedEditions(ctx)
	if err != nil {
		return err
	}
	for _, c := range changed {
		e, err := s.editions.ByID(ctx, c.ID)
		if err != nil {
			return err
		}
		if !e.Series.Practice() { // a rehearsal's stay out
			if err := s.indexEdition(ctx, w, e); err != nil {
				return fmt.Errorf("the index of %s: %w", e.Path(), err)
			}
		}
		if err := w.finish(ctx, seen{revisionOf(c.ID), c.Revision}, seen{filesOf(c.ID), c.Files}); err != nil {
			return err
		}
	}
	return s.refreshRooms(ctx, w)
}

// seen is up to which version something stands in the index.
type seen struct {
	Subject string
	Version int64
}

func revisionOf(editionID string) string { return "edition:" + editionID }
func filesOf(editionID string) string    { return "files:" + editionID }
func roomOf(sessionID string) string     { return "room:" + sessionID }

// changed is an edition whose content may be another than what is in the index.
type changed struct {
	ID       string
	Revision int64
	Files    int64
}

// changedEditions lists them, the newest first.
func (s *Service) changedEditions(ctx context.Context) ([]changed, error) {
	var list []changed
	err := s.db.Read.NewRaw(`SELECT e.id, e.revision, coalesce(f.n, 0) AS files FROM edition AS e
		LEFT JOIN (SELECT edition_id, count(*) AS n FROM file WHERE reading = 'read' GROUP BY edition_id) AS f ON f.edition_id = e.id
		LEFT JOIN search_seen AS a ON a.subject = 'edition:' || e.id
		LEFT JOIN search_seen AS b ON b.subject = 'files:' || e.id
		WHERE a.version IS NULL OR a.version <> e.revision OR b.version <> coalesce(f.n, 0)
		ORDER BY e.starts_at DESC, e.id`).Scan(ctx, &list)
	return list, err
}

// dropGone takes out what belonged to editions that are no more.
func (s *Service) dropGone(ctx context.Context, w *writing) error {
	var ids []string
	err := s.db.Read.NewRaw(`SELECT substr(subject, 9) FROM search_seen WHERE subject >= 'edition:' AND subject < 'edition;'
		AND substr(subject, 9) NOT IN (SELECT id FROM edition)`).Scan(ctx, &ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		known, err := s.known(ctx, "edition_id = ?", id)
		if err != nil {
			return err
		}
		for _, k := range known {
			if err := w.drop(ctx, k.ID); err != nil {
				return err
			}
		}
		if err := w.flush(ctx); err != nil {
			return err
		}
		if _, err := s.db.Write.NewRaw(`DELETE FROM search_seen WHERE subject IN (?)`, bun.List([]string{revisionOf(id), filesOf(id)})).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// known gives entries of the index by what they stand for.
func (s *Service) known(ctx context.Context, where string, args ...any) (map[known]entry, error) {
	var list []entry
	if err := s.db.Read.NewSelect().Model(&list).Where(where, args...).Scan(ctx); err != nil {
		return nil, err
	}
	by := make(map[known]entry, len(list))
	for _, e := range list {
		by[known{e.Kind, e.Subject}] = e
	}
	return by, nil
}

// known names what an entry stands for.
type known struct {
	kind    Kind
	subject string
}

// refreshRooms brings the questions up to date of the live rooms that have
// changed. A room whose session is not public has none.
func (s *Service) refreshRooms(ctx context.Context, w *writing) error {
	var rooms []struct {
		SessionID string
		Version   int64
	}
	err := s.db.Read.NewRaw(`SELECT r.session_id, r.version FROM live_room AS r LEFT JOIN search_seen AS a ON a.subject = 'room:' || r.session_id
		WHERE a.version IS NULL OR a.version <> r.version ORDER BY r.session_id LIMIT ?`, maxRooms).Scan(ctx, &rooms)
	if err != nil {
		return err
	}
	editions := map[string]edition.Edition{}
	for _, r := range rooms {
		if err := s.indexRoom(ctx, w, editions, r.SessionID); err != nil {
			return fmt.Errorf("the index of a live room: %w", err)
		}
		w.seen = append(w.seen, seen{roomOf(r.SessionID), r.Version})
	}
	return w.flush(ctx)
}

// Forget empties the index; the next turns fill it again.
func (s *Service) Forget(ctx context.Context) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		for _, table := range []string{"search_entry", "search_seen", "search_stem", "search_token"} {
			if _, err := tx.NewRaw("DELETE FROM ?", bun.Ident(table)).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// restTime leaves the writer to others between two sets.
const restTime = 20 * time.Millisecond
