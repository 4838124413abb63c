package qa

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"agora/app/fail"
)

// Open gives the session's room, made now when nobody opened it before.
func (s *Service) Open(ctx context.Context, sessionID string) (Room, error) {
	if r, err := s.Room(ctx, sessionID); !fail.Is(err, fail.NotFound) {
		return r, err
	}
	if err := openRoom(ctx, s.db.Write, sessionID, s.now().UTC()); err != nil {
		return Room{}, err
	}
	return s.roomOf(ctx, s.db.Write, sessionID)
}

// openRoom makes the room unless it is there, with its edition's settings. For a
// session that does not exist nothing is made.
func openRoom(ctx context.Context, tx bun.IDB, sessionID string, now time.Time) error {
	plain, err := DefaultSettings().Value()
	if err != nil {
		return err
	}
	_, err = tx.NewRaw(`INSERT INTO live_room (session_id, edition_id, settings, own, epoch, version, changed, state, room_key, created_at)
		SELECT s.id, s.edition_id, COALESCE((SELECT d.settings FROM live_default AS d WHERE d.edition_id = s.edition_id), ?), ?, ?, 1, 1, ?, ?, ?
		FROM session AS s WHERE s.id = ? ON CONFLICT (session_id) DO NOTHING`,
		plain, false, newEpoch(), RoomOpen, newKey(), now, sessionID).Exec(ctx)
	return err
}

// Close ends asking and voting for good and destroys the room's key, and with it
// every way from a vote or a question to whoever cast or asked it. What was being
// answered counts as answered. Closing a closed room does nothing.
func (s *Service) Close(ctx context.Context, sessionID string) error {
	now := s.now().UTC()
	var version int64
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		r, err := s.lockRoom(ctx, tx, sessionID)
		if err != nil {
			return err
		}
		if r == nil {
			return missingRoom()
		}
		if r.State == RoomClosed {
			return nil
		}
		if _, err := tx.NewRaw(`UPDATE question SET asker = '' WHERE session_id = ? AND asker <> ''`, sessionID).Exec(ctx); err != nil {
			return err
		}
		if _, err := tx.NewRaw(`DELETE FROM live_block WHERE session_id = ?`, sessionID).Exec(ctx); err != nil {
			return err
		}
		if _, err := tx.NewRaw(`UPDATE question SET state = ?, answered_at = ?, tell_at = ?, version = ? WHERE session_id = ? AND state = ?`,
			StateAnswered, now, now, r.Version, sessionID, StateNow).Exec(ctx); err != nil {
			return err
		}
		r.State, r.Key, version = RoomClosed, "", r.Version
		return writeRoom(ctx, tx, r)
	})
	if err == nil {
		s.tell(sessionID, version, true)
	}
	return err
}

// AnnounceAll tells of every room that is not closed, so that viewers get what
// changed in a transaction of somebody else: an erasure or a restore.
func (s *Service) AnnounceAll(ctx context.Context) error {
	var heads []head
	if err := s.db.Read.NewSelect().Model(&heads).Where("state <> ?", RoomClosed).Scan(ctx); err != nil {
		return fmt.Errorf("reading live rooms: %w", err)
	}
	for _, h := range heads {
		s.tell(h.SessionID, h.Version, true)
	}
	return nil
}

// Room gives a room's state.
func (s *Service) Room(ctx context.Context, sessionID string) (Room, error) {
	return s.roomOf(ctx, s.db.Read, sessionID)
}

func (s *Service) roomOf(ctx context.Context, idb bun.IDB, sessionID string) (Room, error) {
	all, err := rooms(ctx, idb, []string{sessionID})
	if err != nil {
		return Room{}, err
	}
	r, ok := all[sessionID]
	if !ok {
		return Room{}, missingRoom()
	}
	return r, nil
}

// Rooms gives the rooms of those sessions that have one.
func (s *Service) Rooms(ctx context.Context, sessionIDs []string) (map[string]Room, error) {
	return rooms(ctx, s.db.Read, sessionIDs)
}

// Counts gives the figures of those sessions that have a room.
func (s *Service) Counts(ctx context.Context, sessionIDs []string) (map[string]Counts, error) {
	all, err := rooms(ctx, s.db.Read, sessionIDs)
	if err != nil {
		return nil, err
	}
	counts := make(map[string]Counts, len(all))
	for id, r := range all {
		counts[id] = r.Counts
	}
	return counts, nil
}

func rooms(ctx context.Context, idb bun.IDB, sessionIDs []string) (map[string]Room, error) {
	if len(sessionIDs) == 0 {
		return nil, nil
	}
	var heads []head
	err := idb.NewSelect().Model(&heads).Where("session_id IN (?)", bun.List(sessionIDs)).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading live rooms: %w", err)
	}
	found := make(map[string]Room, len(heads))
	for _, h := range heads {
		found[h.SessionID] = h.room()
	}
	return found, fillRooms(ctx, idb, found)
}

// head is the part of a room's row that may be shown.
type head struct {
	bun.BaseModel `bun:"table:live_room"`

	SessionID string
	Epoch     string
	Version   int64
	Changed   int64
	State     RoomState
	Settings  Settings
	Own       bool
}

func (h head) room() Room {
	return Room{
		Session: h.SessionID, Epoch: h.Epoch, Version: h.Version, Changed: h.Changed, State: h.State, Queue: []string{},
		Settings: h.Settings, Own: h.Own, Messages: []Message{}, Blocked: []string{},
	}
}

// fillRooms adds figures, queue, what is answered now, messages and blocks, with as
// many statements for many rooms as for one.
func fillRooms(ctx context.Context, idb bun.IDB, found map[string]Room) error {
	ids := make([]string, 0, len(found))
	for id := range found {
		ids = append(ids, id)
	}
	var sums []struct {
		SessionID string
		State     State
		N         int64
	}
	if err := idb.NewRaw(`SELECT session_id, state, count(*) AS n FROM question WHERE session_id IN (?)
		GROUP BY session_id, state`, bun.List(ids)).Scan(ctx, &sums); err != nil {
		return fmt.Errorf("counting questions: %w", err)
	}
	for _, sum := range sums {
		r := found[sum.SessionID]
		r.Counts.add(sum.State, sum.N)
		found[sum.SessionID] = r
	}
	var line []struct {
		SessionID string
		ID        string
		State     State
	}
	if err := idb.NewRaw(`SELECT session_id, id, state FROM question
		WHERE session_id IN (?) AND state IN (?, ?) ORDER BY rank, id`,
		bun.List(ids), StateNow, StateQueued).Scan(ctx, &line); err != nil {
		return fmt.Errorf("reading the queue: %w", err)
	}
	for _, q := range line {
		r := found[q.SessionID]
		if q.State == StateNow {
			r.Now = q.ID
		} else {
			r.Queue = append(r.Queue, q.ID)
		}
		found[q.SessionID] = r
	}
	return fillDesk(ctx, idb, found, ids)
}

// fillDesk adds what only those see who work in the room.
func fillDesk(ctx context.Context, idb bun.IDB, found map[string]Room, ids []string) error {
	var words []*messageRow
	err := idb.NewSelect().Model(&words).Where("session_id IN (?) AND NOT ended", bun.List(ids)).Order("sent_at", "id").Scan(ctx)
	if err != nil {
		return fmt.Errorf("reading messages to the stage: %w", err)
	}
	for _, m := range words {
		r := found[m.SessionID]
		r.Messages = append(r.Messages, m.message())
		found[m.SessionID] = r
	}
	var blocks []block
	if err := idb.NewSelect().Model(&blocks).Where("session_id IN (?)", bun.List(ids)).Order("question_id").Scan(ctx); err != nil {
		return fmt.Errorf("reading blocks: %w", err)
	}
	for _, b := range blocks {
		r := found[b.SessionID]
		r.Blocked = append(r.Blocked, b.QuestionID)
		found[b.SessionID] = r
	}
	return nil
}

func (c *Counts) add(s State, n int64) {
	if s == StateWithdrawn || s == StateMerged {
		return
	}
	c.Asked += n
	switch s {
	case StateApproved, StateQueued, StateNow, StateLater:
		c.Approved += n
		c.Left += n
	case StateAnswered:
		c.Approved += n
		c.Answered += n
	}
}

// closeAfter is how long after an edition's end its rooms still take questions:
// people ask on the way home.
const closeAfter = 48 * time.Hour

// CloseFinished closes the rooms of editions that are over, and tells of how many.
func (s *Service) CloseFinished(ctx context.Context) (int, error) {
	var ids []string
	err := s.db.Read.NewRaw(`SELECT live_room.session_id FROM live_room
		JOIN session ON session.id = live_room.session_id JOIN edition ON edition.id = session.edition_id
		WHERE live_room.state <> ? AND edition.ends_at < ? ORDER BY live_room.session_id`,
		RoomClosed, s.now().UTC().Add(-closeAfter)).Scan(ctx, &ids)
	for i, id := range ids {
		if err := s.Close(ctx, id); err != nil {
			return i, err
		}
	}
	return len(ids), err
}

// RenewEpochs gives every room a new epoch inside the transaction of a restore:
// versions start again from an older state, and a viewer that knows a newer one
// must take a whole snapshot.
func RenewEpochs(ctx context.Context, tx bun.IDB) error {
	_, err := tx.NewRaw("UPDATE live_room SET epoch = ?", newEpoch()).Exec(ctx)
	return err
}
