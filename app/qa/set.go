package qa

import (
	"context"
	"database/sql"
	"errors"
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
	actor  string    // whose edits it undoes
	key    db.Key
}

// result is what the writer answers.
type result struct {
	id, secret string
	done, left []string // of an act on many
	undo       *Undo
	code       Code
	args       []any
	version    int64 // of the room, when the set changed it
	urgent     bool  // what is being answered changed
	step       *step // how the set changed the room
}

// room is a locked row of live_room.
type room struct {
	SessionID string
	Edition   string
	Epoch     string
	Version   int64
	State     RoomState
	Key       string // random, emptied when the room closes
	Seal      string // the key joined with the server's secret
	Settings  Settings

	stopper *filter // of the settings, made when first needed
	touched bool    // something changed
	changed bool    // what the room itself shows changed
	urgent  bool
	edits   int64 // made in this set
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
	SpeakerID  string // whom it is addressed to
	Labels     ids
	Held       string // the words that a filter stopped at
	IntoID     string // what it was merged into
	BackTo     State  // where it stood before that
	SplitFrom  string
	Unvoted    int64      // the room's version at which a vote was last taken back
	TellAt     *time.Time // from when who asked for it may be told of the answer
}

// ids are those of the labels of a question.
type ids = db.List[string]

// ballot is a row of vote.
type ballot struct {
	bun.BaseModel `bun:"table:vote"`

	QuestionID string
	Voter      string
	SessionID  string
	Via        string // the merged question it came from
	Version    int64
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
	steps := w.steps()
	outs := make([]db.Outcome[result], len(results))
	for i, r := range results {
		if room := w.rooms[acts[i].viewer.Room]; room != nil {
			r.step = steps[room.SessionID]
			if room.touched {
				r.version, r.urgent = room.Version, room.urgent
			}
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
		RETURNING session_id, edition_id, epoch, version, state, room_key, settings`, session).
		Scan(ctx, &r.SessionID, &r.Edition, &r.Epoch, &r.Version, &r.State, &r.Key, &r.Settings)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	r.Seal = s.seal(r.Key)
	return &r, err
}
