package poll

import (
	"context"
	"fmt"

	"agora/app/qa"
)

// memory is what is mirrored of one room: its ballots, so that who joins a room reads
// no database. Its version is that of the newest ballot read.
type memory struct {
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

// follow takes over what this node committed. Versions between may be those of
// questions, and ballots that other nodes took show when the mirror is read next.
func (s *Service) follow(x *step) {
	s.mirrors.Follow(x.room, x.version, func(m *memory) {
		for _, id := range x.polls {
			m.polls[id] = true
		}
		for mark, choice := range x.ballots {
			m.ballots[mark] = choice
		}
	})
}

// Mine gives the viewer's ballots by poll, from memory.
func (s *Service) Mine(ctx context.Context, v qa.Viewer) (map[string][]string, error) {
	if v.View != qa.Audience || v.Voter == "" {
		return nil, nil
	}
	m, unlock, err := s.mirrors.Fresh(v.Room, s.now(), func(m *memory, since int64) (int64, error) { return s.refresh(ctx, v.Room, m, since) })
	if err != nil {
		return nil, err
	}
	defer unlock()
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
func (s *Service) refresh(ctx context.Context, room string, m *memory, since int64) (int64, error) {
	var rows []ballot
	if err := s.db.Read.NewSelect().Model(&rows).Where("session_id = ? AND version > ?", room, since).Scan(ctx); err != nil {
		return since, fmt.Errorf("reading ballots: %w", err)
	}
	if m.polls == nil {
		m.polls, m.ballots = map[string]bool{}, map[string]items{}
	}
	version := max(since, 0)
	for _, b := range rows {
		m.polls[b.PollID], m.ballots[b.Voter] = true, b.Choice
		version = max(version, b.Version)
	}
	return version, nil
}
