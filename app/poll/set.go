package poll

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/fail"
	"agora/app/qa"
)

// act is a request on its way to the writer, with what deciding must not make itself.
type act struct {
	Request
	viewer qa.Viewer
	at     time.Time
	newID  string

	mark string // of the voter, for this poll alone
	key  db.Key
}

// result is what the writer answers.
type result struct {
	id      string
	code    qa.Code
	args    []any
	version int64 // of the room, when the set changed it
	urgent  bool
	step    *step
}

// ballotKey and tallyKey name rows.
type (
	ballotKey struct{ poll, mark string }
	tallyKey  struct{ poll, item string }
)

// world is what a set knows.
type world struct {
	rooms   map[string]*room
	polls   map[string]*Poll
	ballots map[ballotKey]*paper
	tallies map[tallyKey]*count
	stored  map[db.Key]db.Stored

	changed  []*Poll
	remember []db.Stored
	noted    []audit.Entry
	at       time.Time
}

type room struct {
	qa.Locked
	polls   int
	touched bool
	urgent  bool
}

// paper is a ballot before the set and after it; count a tally.
type paper struct {
	session  string
	was, now items
	changed  bool
}

type count struct {
	tally
	changed bool
}

func (s *Service) decide(ctx context.Context, tx bun.Tx, acts []act) ([]db.Outcome[result], error) {
	acts = slices.Clone(acts) // a set that is tried again starts from what came in
	w, err := s.load(ctx, tx, acts)
	if err != nil {
		return nil, err
	}
	results := fold(w, acts)
	if err := w.write(ctx, tx); err != nil {
		return nil, err
	}
	steps := w.steps()
	outs := make([]db.Outcome[result], len(results))
	for i, r := range results {
		name := acts[i].viewer.Room
		if room := w.rooms[name]; room != nil {
			if r.step = steps[name]; room.touched {
				r.version, r.urgent = room.Version(), room.urgent
			}
		}
		outs[i].Value = r
	}
	return outs, nil
}

// load locks the rooms of a set in the order of their ids and reads what its acts
// are about.
func (s *Service) load(ctx context.Context, tx bun.IDB, acts []act) (*world, error) {
	w := &world{
		rooms: map[string]*room{}, polls: map[string]*Poll{}, ballots: map[ballotKey]*paper{},
		tallies: map[tallyKey]*count{}, stored: map[db.Key]db.Stored{},
	}
	names := map[string]bool{}
	for i := range acts {
		names[acts[i].viewer.Room] = true
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		locked, err := s.rooms.Lock(ctx, tx, name)
		if fail.Is(err, fail.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		w.rooms[name] = &room{Locked: locked}
	}
	if err := w.readPolls(ctx, tx, acts); err != nil {
		return nil, err
	}
	if err := w.readBallots(ctx, tx, acts); err != nil {
		return nil, err
	}
	return w, w.readTallies(ctx, tx, acts)
}

// readPolls reads the polls that acts name and the answers to acts that are repeated,
// and counts the polls of rooms that get another one.
func (w *world) readPolls(ctx context.Context, tx bun.IDB, acts []act) error {
	var ids, growing []string
	var keys []db.Key
	for i := range acts {
		a := &acts[i]
		r := w.rooms[a.viewer.Room]
		if r == nil {
			continue
		}
		ids = append(ids, a.Poll)
		if a.Do == ActBallot {
			a.mark = r.Mark("poll "+a.Poll, a.viewer.Voter)
			continue // a ballot is the same however often it is cast
		}
		if a.Do == ActAdd {
			growing = append(growing, a.viewer.Room)
		}
		body := a.Request
		body.Op = ""
		a.key = r.OpKey(a.viewer.Voter, a.Op, db.HashBody(body))
		keys = append(keys, a.key)
	}
	slices.Sort(ids)
	var rows []*Poll
	if err := tx.NewSelect().Model(&rows).Where("id IN (?)", bun.List(slices.Compact(ids))).Scan(ctx); err != nil {
		return err
	}
	for _, p := range rows {
		w.polls[p.ID] = p
	}
	if len(growing) > 0 {
		var sums []struct {
			SessionID string
			N         int
		}
		if err := tx.NewRaw(`SELECT session_id, count(*) AS n FROM poll WHERE session_id IN (?) GROUP BY session_id`, bun.List(growing)).Scan(ctx, &sums); err != nil {
			return err
		}
		for _, sum := range sums {
			w.rooms[sum.SessionID].polls = sum.N
		}
	}
	found, err := db.Recall(ctx, tx, keys)
	for k, stored := range found {
		w.stored[k] = stored
	}
	return err
}

func (w *world) readBallots(ctx context.Context, tx bun.IDB, acts []act) error {
	var keys []bun.TupleValues
	for _, a := range acts {
		if a.mark != "" {
			keys = append(keys, bun.Tuple([]string{a.Poll, a.mark}))
		}
	}
	if len(keys) == 0 {
		return nil
	}
	var rows []ballot
	err := tx.NewSelect().Model(&rows).Where("(poll_id, voter) IN (VALUES ?)", bun.List(keys)).Scan(ctx)
	for _, b := range rows {
		w.ballots[ballotKey{b.PollID, b.Voter}] = &paper{session: b.SessionID, was: b.Choice, now: b.Choice}
	}
	return err
}

// readTallies reads the counts that ballots may change: those of what they said
// before and of what they say now, and those a moderator hides.
func (w *world) readTallies(ctx context.Context, tx bun.IDB, acts []act) error {
	wanted := map[tallyKey]bool{}
	for _, a := range acts {
		p := w.polls[a.Poll]
		switch {
		case p == nil:
		case a.Do == ActHide:
			wanted[tallyKey{p.ID, a.Item}] = true
		case a.mark != "":
			chosen, _, _, _ := p.choose(a.Choice)
			if b := w.ballots[ballotKey{p.ID, a.mark}]; b != nil {
				chosen = append(slices.Clone(chosen), b.was...)
			}
			for _, item := range chosen {
				wanted[tallyKey{p.ID, item}] = true
			}
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	keys := make([]bun.TupleValues, 0, len(wanted))
	for k := range wanted {
		keys = append(keys, bun.Tuple([]string{k.poll, k.item}))
	}
	var rows []tally
	err := tx.NewSelect().Model(&rows).Where("(poll_id, item) IN (VALUES ?)", bun.List(keys)).Scan(ctx)
	for _, t := range rows {
		w.tallies[tallyKey{t.PollID, t.Item}] = &count{tally: t}
	}
	return err
}

// write stores what the fold changed, each kind with one statement.
func (w *world) write(ctx context.Context, tx bun.IDB) error {
	if len(w.changed) > 0 {
		q := tx.NewInsert().Model(&w.changed).On("CONFLICT (id) DO UPDATE")
		for _, column := range []string{"version", "state", "text", "options", "most", "live", "rank", "voters", "opened_at", "closes_at"} {
			q = q.Set("? = EXCLUDED.?", bun.Ident(column), bun.Ident(column))
		}
		if _, err := q.Exec(ctx); err != nil {
			return err
		}
	}
	var ballots []ballot
	for k, b := range w.ballots {
		if b.changed {
			ballots = append(ballots, ballot{PollID: k.poll, Voter: k.mark, SessionID: b.session, Version: w.rooms[b.session].Version(), Choice: b.now})
		}
	}
	if len(ballots) > 0 {
		if _, err := tx.NewInsert().Model(&ballots).On("CONFLICT (poll_id, voter) DO UPDATE").
			Set("choice = EXCLUDED.choice").Set("version = EXCLUDED.version").Exec(ctx); err != nil {
			return err
		}
	}
	var tallies []tally
	for _, t := range w.tallies {
		if t.changed {
			tallies = append(tallies, t.tally)
		}
	}
	if len(tallies) > 0 {
		if _, err := tx.NewInsert().Model(&tallies).On("CONFLICT (poll_id, item) DO UPDATE").
			Set("n = EXCLUDED.n").Set("hidden = EXCLUDED.hidden").Exec(ctx); err != nil {
			return err
		}
	}
	if err := db.Remember(ctx, tx, w.remember); err != nil {
		return err
	}
	return audit.Write(ctx, tx, w.at, w.noted...)
}
