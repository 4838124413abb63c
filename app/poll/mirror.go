package poll

import (
	"context"
	"fmt"
	"sync"
	"time"

	"agora/app/qa"
)

const (
	// mirrorLook is how long a mirror is believed: what other nodes did shows after it.
	mirrorLook = 250 * time.Millisecond
	// mirrorLife is how long a room's mirror is kept after the last who needed it.
	mirrorLife = 15 * time.Minute
)

// mirrors hold ballots in memory, so that who joins a room reads no database.
type mirrors struct {
	mu    sync.Mutex
	rooms map[string]*mirror
}

type mirror struct {
	mu      sync.Mutex // held while reading, so that one reads for all
	version int64      // of the newest ballot read; -1: nothing was read
	looked  time.Time
	polls   map[string]bool
	ballots map[string]items // by mark
}

// step is what a set of acts made of a room.
type step struct {
	room    string
	version int64
	polls   []string
	ballots map[string]items
}

func (w *world) steps() map[string]*step {
	found := map[string]*step{}
	for name, r := range w.rooms {
		found[name] = &step{room: name, version: r.Version(), ballots: map[string]items{}}
	}
	for _, p := range w.changed {
		found[p.SessionID].polls = append(found[p.SessionID].polls, p.ID)
	}
	for k, b := range w.ballots {
		if b.changed {
			found[b.session].ballots[k.mark] = b.now
		}
	}
	return found
}

// get gives the room's mirror, and forgets those long unused.
func (m *mirrors) get(room string, now time.Time) *mirror {
	m.mu.Lock()
	defer m.mu.Unlock()
	if one := m.rooms[room]; one != nil {
		return one
	}
	for name, one := range m.rooms {
		if one.mu.TryLock() {
			if now.Sub(one.looked) > mirrorLife {
				delete(m.rooms, name)
			}
			one.mu.Unlock()
		}
	}
	one := &mirror{version: -1, looked: now.Add(-mirrorLook), polls: map[string]bool{}, ballots: map[string]items{}}
	if m.rooms == nil {
		m.rooms = map[string]*mirror{}
	}
	m.rooms[room] = one
	return one
}

// follow takes over what this node committed. A mirror that is being read right now
// is read again at once.
func (m *mirrors) follow(s *step) {
	m.mu.Lock()
	one := m.rooms[s.room]
	if one != nil && !one.mu.TryLock() {
		delete(m.rooms, s.room)
		one = nil
	}
	m.mu.Unlock()
	if one == nil {
		return
	}
	defer one.mu.Unlock()
	if one.version < 0 {
		return
	}
	for _, id := range s.polls {
		one.polls[id] = true
	}
	for mark, choice := range s.ballots {
		one.ballots[mark] = choice
	}
}

// Mine gives the viewer's ballots by poll, from memory.
func (s *Service) Mine(ctx context.Context, v qa.Viewer) (map[string][]string, error) {
	if v.View != qa.Audience || v.Voter == "" {
		return nil, nil
	}
	now := s.now()
	m := s.mirrors.get(v.Room, now)
	m.mu.Lock()
	defer m.mu.Unlock()
	if now.Sub(m.looked) >= mirrorLook {
		if err := s.refresh(ctx, v.Room, m); err != nil {
			return nil, err
		}
		m.looked = now
	}
	if len(m.polls) == 0 {
		return nil, nil
	}
	mark, err := s.rooms.Sealed(ctx, v.Room)
	if err != nil || mark == nil {
		return nil, err
	}
	own := map[string][]string{}
	for id := range m.polls {
		if choice := m.ballots[mark("poll "+id, v.Voter)]; len(choice) > 0 {
			own[id] = choice
		}
	}
	return own, nil
}

// refresh reads ballots that are newer. One of the same version may have been missed
// only if it was committed with another, and a set is committed whole.
func (s *Service) refresh(ctx context.Context, room string, m *mirror) error {
	var rows []ballot
	if err := s.db.Read.NewSelect().Model(&rows).Where("session_id = ? AND version > ?", room, m.version).Scan(ctx); err != nil {
		return fmt.Errorf("reading ballots: %w", err)
	}
	for _, b := range rows {
		m.polls[b.PollID], m.ballots[b.Voter] = true, b.Choice
		m.version = max(m.version, b.Version)
	}
	m.version = max(m.version, 0)
	return nil
}
