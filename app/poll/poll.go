// Package poll is what moderators ask the room: a choice, several choices, a mark,
// words for a cloud, or open text. A poll shares its live room's version, so that
// any node resumes anyone with patches that hold both questions and polls.
//
// Ballots are decided as a set, like votes: however many wait, the room is locked
// once and the counts are written once. Everybody has one ballot, changed until the
// poll is closed. A ballot's voter is a mark made with the room's key for this poll
// alone, so that nothing stored leads to a person, nor from one poll to another.
//
// Closing leaves those time who see the stream later. What the room's filter stops
// at in a cloud or an open text is counted and kept from all but moderators.
//
// Tables: poll, poll_ballot, poll_tally.
package poll

import (
	"context"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/qa"
	"agora/app/qa/mirror"
)

// Poll is a row.
type Poll struct {
	bun.BaseModel `bun:"table:poll"`

	ID        string `bun:",pk"`
	SessionID string
	Version   int64
	Kind      Kind
	State     State
	Text      string
	Options   Options
	Most      int64 // choices: how many at most; rating: the highest mark; cloud: words
	Live      bool  // the result is shown before it is closed
	Rank      int64
	Voters    int64
	CreatedAt time.Time
	OpenedAt  *time.Time
	ClosesAt  *time.Time // while closing, and after
}

// Option is one that may be chosen. ID is short and stays when the text is mended.
type Option struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// Options are those of a poll, in their order.
type Options = db.List[Option]

// ballot is a row of poll_ballot. One that was taken back has an empty choice.
type ballot struct {
	bun.BaseModel `bun:"table:poll_ballot"`

	PollID    string
	Voter     string
	SessionID string
	Version   int64
	Choice    items
}

// items are what a ballot says: options, a mark, words or a text.
type items = db.List[string]

// tally is a row of poll_tally.
type tally struct {
	bun.BaseModel `bun:"table:poll_tally"`

	PollID string
	Item   string
	Label  string // as it was first written
	N      int64
	Hidden bool
}

// Service holds the use cases of polls.
type Service struct {
	db       *db.DB
	now      func() time.Time
	rooms    *qa.Service
	announce qa.Announcer
	group    *db.Group[act, result]
	pace     qa.Pace
	mirrors  mirror.Rooms[memory]

	mu     sync.Mutex
	timers map[*time.Timer]bool // nil once stopped
}

// New starts the writer of polls and ballots; Stop ends it. announce may be nil.
func New(d *db.DB, now func() time.Time, rooms *qa.Service, announce qa.Announcer) *Service {
	s := &Service{db: d, now: now, rooms: rooms, announce: announce, timers: map[*time.Timer]bool{}}
	s.group = db.NewGroup(d, s.decide, s.committed)
	return s
}

// Stop finishes the acts that wait and takes no more.
func (s *Service) Stop() {
	s.mu.Lock()
	for t := range s.timers {
		t.Stop()
	}
	s.timers = nil
	s.mu.Unlock()
	s.group.Close()
}

// Act does what a frame of a viewer says; it is for acts that Knows.
func (s *Service) Act(ctx context.Context, v qa.Viewer, frame []byte) qa.Ack {
	r, code := readRequest(frame)
	if code != "" {
		return qa.Ack{Op: r.Op, Code: code}
	}
	return s.Do(ctx, v, r)
}

// Do is Act for a request that is taken apart already, from a form for example.
func (s *Service) Do(ctx context.Context, v qa.Viewer, r Request) qa.Ack {
	if code, args := r.check(v.View); code != "" {
		return qa.Ack{Op: r.Op, Code: code, Args: args}
	}
	now := s.now().UTC().Truncate(time.Microsecond)
	if r.Do == ActBallot && !s.pace.Allows(v.Room+" "+v.Voter, qa.VotesPerSecond, now) {
		return qa.Ack{Op: r.Op, Code: qa.CodeSlowDown}
	}
	done, err := s.group.Do(ctx, act{Request: r, viewer: v, at: now, newID: db.NewID()})
	if err != nil {
		return qa.Failed(r.Op, err)
	}
	return qa.Ack{Op: r.Op, ID: done.id, Code: done.code, Args: done.args}
}

// committed tells of what a set changed, once per room, and sees to it that what
// closes is closed in time.
func (s *Service) committed(acts []act, outs []db.Outcome[result]) {
	news := qa.News{}
	followed := map[*step]bool{}
	for i, out := range outs {
		if out.Err != nil || out.Value.step == nil {
			continue
		}
		room := acts[i].viewer.Room
		news.Add(room, out.Value.version, out.Value.urgent)
		if x := out.Value.step; !followed[x] {
			followed[x] = true
			s.follow(x)
			s.rooms.Passed(room, x.version)
		}
		if acts[i].Do == ActClose && out.Value.code == "" {
			s.later(Grace)
		}
	}
	news.Announce(s.announce)
}
