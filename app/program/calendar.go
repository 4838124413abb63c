package program

import (
	"context"
	"slices"
	"time"

	"agora/app/edition"
	"agora/app/program/exchange"
)

// releasesCounted bounds the history a calendar counts; nobody releases a
// programme as often.
const releasesCounted = 1000

// Calendar gives the released programme as a calendar: all of it, or the
// sessions that only says yes to. An entry's sequence grows with every change of
// the session and with every release that moves it, and a session that has left
// the programme stays as a cancelled entry, so that it also leaves the
// calendars it is in.
func (s *Service) Calendar(ctx context.Context, e edition.Edition, baseURL string, only func(sessionID string) bool) (exchange.Calendar, error) {
	p, err := s.Programme(ctx, e)
	if err != nil {
		return exchange.Calendar{}, err
	}
	log, err := s.Changelog(ctx, e, releasesCounted)
	if err != nil {
		return exchange.Calendar{}, err
	}
	c := exchange.CalendarOf(Schedule(p, baseURL), lastChange(p))
	ids := make(map[string]*Session, len(p.Sessions))
	for _, x := range p.Sessions {
		ids[x.GUID] = x
	}
	moves := movesOf(log)
	c.Events = slices.DeleteFunc(c.Events, func(e exchange.Event) bool {
		x := ids[e.UID]
		return x == nil || only != nil && !only(x.ID)
	})
	for i := range c.Events {
		x := ids[c.Events[i].UID]
		c.Events[i].Sequence = int(x.Version) + moves[x.ID].count
		c.Events[i].Modified = x.ChangedAt.UTC().Truncate(time.Second)
	}
	c.Events = append(c.Events, p.gone(moves, only)...)
	return c, nil
}

// move is what releases did to a session.
type move struct {
	count int
	last  Change // the newest
	at    time.Time
}

func movesOf(log []ReleaseLog) map[string]move {
	moves := map[string]move{}
	for _, l := range log {
		for _, c := range l.Changes {
			m := moves[c.SessionID]
			if m.count == 0 {
				m.last, m.at = c, l.Release.ReleasedAt
			}
			m.count++
			moves[c.SessionID] = m
		}
	}
	return moves
}

// gone are the entries of sessions that were public and are no longer.
func (p *Programme) gone(moves map[string]move, only func(string) bool) []exchange.Event {
	var ids []string
	for id, m := range moves {
		if m.last.Kind == Removed && p.ByID(id) == nil && m.last.Session != nil && (only == nil || only(id)) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	var list []exchange.Event
	for _, id := range ids {
		m := moves[id]
		x := m.last.Session
		e := exchange.Event{UID: x.GUID, Sequence: int(x.Version) + m.count, Title: x.Name(p.language(x.Language)), Language: x.Language,
			Start: m.last.Before.StartsAt.UTC(), End: m.last.Before.EndsAt.UTC(), Modified: m.at.UTC().Truncate(time.Second), Cancelled: true}
		if m.last.BeforeRoom != nil {
			e.Location = p.in(m.last.BeforeRoom.Name)
		}
		list = append(list, e)
	}
	return list
}

// lastChange is when the public programme became what it is. It keeps a file the
// same, byte for byte, until something in it changes.
func lastChange(p *Programme) time.Time {
	last := p.Release.ReleasedAt
	for _, x := range p.Sessions {
		if x.ChangedAt.After(last) {
			last = x.ChangedAt
		}
	}
	if last.IsZero() {
		last = p.Edition.CreatedAt
	}
	return last.UTC().Truncate(time.Second)
}
