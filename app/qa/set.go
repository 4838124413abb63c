package qa

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
)

// act is a request on its way to the writer. Its id and time are given before,
// so that deciding needs neither clock nor chance.
type act struct {
	Request
	viewer Viewer
	at     time.Time
	newID  string

	// Made from the room's key once the room is locked.
	voter  string
	askers [2]string // without a name, with one
	key    db.Key
}

// result is what the writer answers.
type result struct {
	id, secret string
	code       Code
	args       []any
	version    int64 // of the room, when the set changed it
	urgent     bool  // what is being answered changed
}

// room is a locked row of live_room.
type room struct {
	SessionID string
	Epoch     string
	Version   int64
	State     RoomState
	Key       string // random, emptied when the room closes
	Seal      string // the key joined with the server's secret

	touched bool // something changed
	changed bool // what the room itself shows changed
	urgent  bool
}

// question is a row.
type question struct {
	bun.BaseModel `bun:"table:question"`

	ID         string
	SessionID  string
	Version    int64
	State      State
	Text       string
	Original   string  // before the first edit, else empty
	Name       *string // nil: anonymous
	PersonID   *string // only of a named question of somebody signed in
	Owner      string
	Asker      string
	Source     Source
	Votes      int64
	Rank       int64 // in the queue from 1, else 0
	Reason     string
	AskedAt    time.Time
	NowAt      *time.Time
	AnsweredAt *time.Time
}

// ballot is a row of vote.
type ballot struct {
	bun.BaseModel `bun:"table:vote"`

	QuestionID string
	Voter      string
	SessionID  string
}

// decide carries out a set: lock, read, fold, write.
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
	outs := make([]db.Outcome[result], len(results))
	for i, r := range results {
		if room := w.rooms[acts[i].viewer.Room]; room != nil && room.touched {
			r.version, r.urgent = room.Version, room.urgent
		}
		outs[i].Value = r
	}
	return outs, nil
}

// lockRoom raises the room's version, which holds the row until the end of the
// transaction. Without such a room it gives nil.
func (s *Service) lockRoom(ctx context.Context, tx bun.IDB, session string) (*room, error) {
	var r room
	err := tx.NewRaw(`UPDATE live_room SET version = version + 1 WHERE session_id = ?
		RETURNING session_id, epoch, version, state, room_key`, session).
		Scan(ctx, &r.SessionID, &r.Epoch, &r.Version, &r.State, &r.Key)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	r.Seal = s.seal(r.Key)
	return &r, err
}

// load locks the rooms of a set and reads what its acts are about. Rooms are
// locked in the order of their ids: two nodes in different orders would wait for
// each other for ever.
func (s *Service) load(ctx context.Context, tx bun.IDB, acts []act) (*world, error) {
	w := newWorld()
	names := map[string]bool{}
	for i := range acts {
		names[acts[i].viewer.Room] = true
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		r, err := s.lockRoom(ctx, tx, name)
		if err != nil {
			return nil, err
		}
		if r != nil {
			w.rooms[name] = r
		}
	}
	need := wants(w, acts)
	for _, read := range []func(context.Context, bun.IDB, *needs) error{
		w.readQuestions, w.readBallots, w.readAsked, w.readStored,
	} {
		if err := read(ctx, tx, need); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// needs lists what the acts of a set are about.
type needs struct {
	questions []string
	lines     []string // rooms whose queue and current question matter
	ballots   []bun.TupleValues
	askers    []string
	since     time.Time
	keys      []db.Key
}

// wants fills in the marks of each act and gathers what must be read.
func wants(w *world, acts []act) *needs {
	n := &needs{}
	lines := map[string]bool{}
	for i := range acts {
		a := &acts[i]
		r := w.rooms[a.viewer.Room]
		if r == nil {
			continue
		}
		if a.Question != "" {
			n.questions = append(n.questions, a.Question)
		}
		switch {
		case a.Do == ActVote:
			a.voter = mark(r.Seal, forVoter, a.viewer.Voter)
			n.ballots = append(n.ballots, bun.Tuple([]string{a.Question, a.voter}))
			continue // a vote is the same however often it is cast, so nothing is stored for it
		case a.Do == ActAsk && a.Source == SourceAudience:
			a.askers = [2]string{mark(r.Seal, forAsker, a.viewer.Voter), mark(r.Seal, forNamed, a.viewer.Voter)}
			n.askers = append(n.askers, a.askers[:]...)
			if since := a.at.Add(-AskWindow); n.since.IsZero() || since.Before(n.since) {
				n.since = since
			}
		case len(rules[a.Do].from) > 0:
			lines[r.SessionID] = true
		}
		a.key = opKey(r, a)
		n.keys = append(n.keys, a.key)
	}
	n.lines = slices.Sorted(maps.Keys(lines))
	return n
}

func (w *world) readQuestions(ctx context.Context, tx bun.IDB, n *needs) error {
	if len(n.questions) == 0 {
		return nil
	}
	var rows []*question
	q := tx.NewSelect().Model(&rows).Where("id IN (?)", bun.List(n.questions))
	if len(n.lines) > 0 {
		q = q.WhereOr("session_id IN (?) AND state IN (?, ?)", bun.List(n.lines), StateNow, StateQueued)
	}
	if err := q.Scan(ctx); err != nil {
		return err
	}
	for _, q := range rows {
		w.questions[q.ID] = q
	}
	return nil
}

func (w *world) readBallots(ctx context.Context, tx bun.IDB, n *needs) error {
	if len(n.ballots) == 0 {
		return nil
	}
	var rows []ballot
	err := tx.NewSelect().Model(&rows).
		Where("(question_id, voter) IN (VALUES ?)", bun.List(n.ballots)).Scan(ctx)
	for _, b := range rows {
		w.votes[b] = &cast{was: true, is: true}
	}
	return err
}

func (w *world) readAsked(ctx context.Context, tx bun.IDB, n *needs) error {
	if len(n.askers) == 0 {
		return nil
	}
	var rows []struct {
		Asker   string
		AskedAt time.Time
	}
	err := tx.NewSelect().Table("question").Column("asker", "asked_at").
		Where("asker IN (?)", bun.List(n.askers)).Where("asked_at > ?", n.since).
		Where("asker <> ''").Scan(ctx, &rows)
	for _, r := range rows {
		w.asked[r.Asker] = append(w.asked[r.Asker], r.AskedAt)
	}
	return err
}

func (w *world) readStored(ctx context.Context, tx bun.IDB, n *needs) error {
	found, err := db.Recall(ctx, tx, n.keys)
	for k, stored := range found {
		w.stored[k] = stored
	}
	return err
}
