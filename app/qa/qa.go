// Package qa is the live room of a session: questions, votes, moderation, what
// is answered now, and the answers written afterwards.
//
// Acts of all viewers go through one writer that decides them as a set: it locks
// the rooms, reads what the set needs, folds the acts in order of arrival in
// memory and writes the result, with a number of statements that does not grow
// with the set. A room's version is raised once per set, and changed questions
// store it, so it means the same on every node.
//
// Who asks without a name stays unknown to us too: ownership is a secret the
// asker holds, votes and limits go by hashes whose key is destroyed when the
// room closes, and stored answers of acts name nobody.
//
// Tables: live_room, question, vote, answer.
package qa

import (
	"context"
	"time"

	"agora/app/db"
	"agora/app/fail"
)

// Announcer is told, after the commit, that a room has a newer version: Now when
// it is about what is being answered and should be seen at once, else Changed.
// It must not block.
type Announcer interface {
	Changed(room string, version int64)
	Now(room string, version int64)
}

// Service holds the use cases of live rooms.
type Service struct {
	db       *db.DB
	now      func() time.Time
	secret   []byte
	announce Announcer
	group    *db.Group[act, result]
	pace     pace
}

// New starts the writer of acts; Stop ends it. secret is the server's own: it is
// not in the database, so a copy of that alone identifies no voter whose key could
// be guessed. announce may be nil.
func New(d *db.DB, now func() time.Time, secret []byte, announce Announcer) *Service {
	s := &Service{db: d, now: now, secret: secret, announce: announce}
	s.group = db.NewGroup(d, s.decide, s.announceSet)
	return s
}

// Stop finishes the acts that wait and takes no more.
func (s *Service) Stop() { s.group.Close() }

// Viewer is who acts or looks, as the room pass says.
type Viewer struct {
	Room   string // the session's id
	View   View
	Voter  string // opaque key of the viewer in votes and limits; never stored
	Person string // id of a signed-in person, else empty
}

// Act does what a frame of a viewer says. Repeating a frame repeats the answer.
func (s *Service) Act(ctx context.Context, v Viewer, frame []byte) Ack {
	r, code := ReadRequest(frame)
	if code != "" {
		return refuse(r.Op, code)
	}
	return s.Do(ctx, v, r)
}

// Do is Act for a request that is taken apart already, from a form for example.
func (s *Service) Do(ctx context.Context, v Viewer, r Request) Ack {
	code, args := r.check(v.View)
	if code != "" {
		return refuse(r.Op, code, args...)
	}
	if r.Do == ActMine {
		m, err := s.Mine(ctx, v, r.Secrets...)
		return Ack{Op: r.Op, Mine: &m}.failing(err)
	}
	now := s.now().UTC().Truncate(time.Microsecond)
	if r.Do == ActVote && !s.pace.allows(v.Room+" "+v.Voter, now) {
		return refuse(r.Op, CodeSlowDown)
	}
	done, err := s.group.Do(ctx, act{Request: r, viewer: v, at: now, newID: db.NewID()})
	if err != nil {
		return Ack{Op: r.Op}.failing(err)
	}
	return Ack{Op: r.Op, ID: done.id, Secret: done.secret, Code: done.code, Args: done.args}
}

// announceSet tells of every room that a committed set changed, once.
func (s *Service) announceSet(acts []act, outs []db.Outcome[result]) {
	type news struct {
		version int64
		urgent  bool
	}
	rooms := map[string]news{}
	for i, out := range outs {
		if out.Err != nil || out.Value.version == 0 {
			continue
		}
		n := rooms[acts[i].viewer.Room]
		n.version, n.urgent = max(n.version, out.Value.version), n.urgent || out.Value.urgent
		rooms[acts[i].viewer.Room] = n
	}
	for room, n := range rooms {
		s.tell(room, n.version, n.urgent)
	}
}

func (s *Service) tell(room string, version int64, urgent bool) {
	switch {
	case s.announce == nil || version == 0:
	case urgent:
		s.announce.Now(room, version)
	default:
		s.announce.Changed(room, version)
	}
}

func missingRoom() error { return fail.Missing("qa.room.missing") }
