// Package qa is the live room of a session: questions, votes, moderation, what
// is answered now, and the answers written afterwards.
//
// Acts of all viewers go through one writer that decides them as a set: it locks
// the rooms, reads what the set needs, folds the acts in order of arrival in
// memory and writes the result, with a number of statements that does not grow
// with the set. A room's version is raised once per set, and changed questions
// store it, so it means the same on every node.
//
// Moderators' acts are kept with the questions before and after, so that each can
// be undone as long as nobody changed the same since; the log of organisers' acts
// names them, and never who asked. Questions that are merged keep their own votes,
// and what came from them is marked, so that parting them gives exactly what was.
//
// Who asks without a name stays unknown to us too: ownership is a secret the
// asker holds, votes, limits and blocks go by hashes whose key is destroyed when
// the room closes, and stored answers of acts name nobody. Who wants to be told of
// an answer leaves an address that nothing stored leads to from the question.
//
// What a viewer asks for itself alone (own votes and questions, and what others
// asked alike) comes from a mirror in memory, not from the database.
//
// Tables: live_default, live_room, question, vote, answer, live_edit, live_block,
// live_message, live_link, answer_wish.
package qa

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/fail"
	"agora/app/qa/mirror"
)

// Service holds the use cases of live rooms.
type Service struct {
	db       *db.DB
	now      func() time.Time
	secret   []byte
	announce Announcer
	group    *db.Group[act, result]
	pace     Pace
	typing   Pace
	mirrors  mirror.Rooms[memory]
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

// By names the viewer in the log of organisers' acts. Who works in a room without
// being signed in came by its link.
func (v Viewer) By() string {
	if v.Person == "" && (v.View == Moderator || v.View == Stage) {
		return audit.ByLink(v.View.String())
	}
	return v.Person
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
	now := s.now().UTC().Truncate(time.Microsecond)
	who := v.Room + " " + v.Voter
	switch {
	case r.Do == ActMine:
		m, err := s.Mine(ctx, v, r.Secrets...)
		return Ack{Op: r.Op, Mine: &m}.failing(err)
	case r.Do == ActAlike && !s.typing.Allows(who, AlikePerSecond, now), r.Do == ActVote && !s.pace.Allows(who, VotesPerSecond, now):
		return refuse(r.Op, CodeSlowDown)
	case r.Do == ActAlike:
		return s.answerAlike(ctx, v, r)
	}
	done, err := s.group.Do(ctx, act{Request: r, viewer: v, at: now, newID: db.NewID()})
	if err != nil {
		return Ack{Op: r.Op}.failing(err)
	}
	return Ack{Op: r.Op, ID: done.id, Secret: done.secret, Done: done.done, Left: done.left, Undo: done.undo, Code: done.code, Args: done.args}
}

// answerAlike compares a text, or for moderators a question or all of them.
func (s *Service) answerAlike(ctx context.Context, v Viewer, r Request) Ack {
	ack := Ack{Op: r.Op}
	var err error
	switch {
	case v.View == Moderator && r.Question != "":
		ack.Alike, err = s.AlikeTo(ctx, v, r.Question)
	case v.View == Moderator && r.Text == "":
		ack.Pairs, err = s.Pairs(ctx, v)
	default:
		ack.Alike, err = s.Alike(ctx, v, r.Text)
	}
	return ack.failing(err)
}

// announceSet tells of every room that a committed set changed, once.
func (s *Service) announceSet(acts []act, outs []db.Outcome[result]) {
	news := News{}
	followed := map[*step]bool{}
	for i, out := range outs {
		if out.Err != nil {
			continue
		}
		if out.Value.step != nil && !followed[out.Value.step] {
			followed[out.Value.step] = true
			s.follow(out.Value.step)
		}
		news.Add(acts[i].viewer.Room, out.Value.version, out.Value.urgent)
	}
	news.Announce(s.announce)
}

// tell announces a version that no set of acts made.
func (s *Service) tell(room string, version int64, urgent bool) {
	s.mirrors.Behind(room, version)
	News{room: {version, urgent}}.Announce(s.announce)
}

func missingRoom() error { return fail.Missing("qa.room.missing") }

// missing makes of "no row" that there is no such room.
func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return missingRoom()
	}
	return fmt.Errorf("reading the live room: %w", err)
}
