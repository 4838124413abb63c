package program

import (
	"slices"
	"strings"
	"time"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/program/exchange"
	"agora/app/text"
)

// merge works out what a file changes in an edition's draft. It only computes;
// write carries it out.
type merge struct {
	e        edition.Edition
	now      time.Time
	handOver bool // attachments go to somebody else
	base     text.Lang

	rooms    side[Room]
	tracks   side[Track]
	speakers side[Speaker]
	sessions side[Session]
	slots    side[Slot]
	who      map[string][]sessionSpeaker // by session
	recast   []string                    // sessions that get newWho for what they had
	newWho   []sessionSpeaker

	attached []Attached
	done     Imported
}

// side is one table: what is known, by the name files have for it, and what is
// to be written.
type side[T any] struct {
	known   map[string]*T
	claimed map[*T]bool // by something in this file
	slugs   slugs
	added   []*T
	changed []*T
}

func newSide[T any]() side[T] {
	return side[T]{known: map[string]*T{}, claimed: map[*T]bool{}, slugs: slugs{}}
}

func newMerge(e edition.Edition, old rows, now time.Time, handOver bool) *merge {
	m := &merge{e: e, now: now, handOver: handOver, base: text.Finnish, who: map[string][]sessionSpeaker{},
		rooms: newSide[Room](), tracks: newSide[Track](), speakers: newSide[Speaker](), sessions: newSide[Session](), slots: newSide[Slot]()}
	if len(e.Languages) > 0 {
		m.base = e.Languages[0]
	}
	for i := range old.rooms {
		r := &old.rooms[i]
		m.rooms.slugs[r.Slug] = true
		for _, name := range r.Name {
			m.rooms.known[nameKey(name)] = r
		}
	}
	for i := range old.rooms { // a guid says more than a name
		m.rooms.known[old.rooms[i].GUID] = &old.rooms[i]
	}
	for i := range old.tracks {
		t := &old.tracks[i]
		m.tracks.slugs[t.Slug] = true
		for _, name := range t.Name {
			m.tracks.known[nameKey(name)] = t
		}
	}
	for i := range old.speakers {
		m.speakers.slugs[old.speakers[i].Slug] = true
		m.speakers.known[old.speakers[i].GUID] = &old.speakers[i]
	}
	for i := range old.sessions {
		m.sessions.slugs[old.sessions[i].Slug] = true
		m.sessions.known[old.sessions[i].GUID] = &old.sessions[i]
	}
	for i := range old.slots {
		m.slots.known[old.slots[i].SessionID] = &old.slots[i]
	}
	for _, w := range old.who {
		m.who[w.SessionID] = append(m.who[w.SessionID], w)
	}
	return m
}

// nameKey is how names are found. It cannot be mistaken for a guid.
func nameKey(name string) string { return "name:" + strings.TrimSpace(name) }

func (m *merge) schedule(x exchange.Schedule) {
	rooms, tracks := map[string]*Room{}, map[string]*Track{}
	for _, r := range x.Rooms {
		rooms[r.Name] = m.room(r)
	}
	for _, t := range x.Tracks {
		tracks[t.Name] = m.track(t)
	}
	speakers := map[string]*Speaker{}
	for _, who := range x.People() {
		speakers[who.GUID] = m.speaker(who)
	}
	here := map[string]bool{}
	for _, item := range x.Sessions {
		here[item.GUID] = true
		m.session(item, tracks[item.Track], rooms[item.Room], speakers)
	}
	for guid, s := range m.sessions.known {
		if !here[guid] && s.Extra.FileVersion > 0 {
			m.done.Gone = append(m.done.Gone, first(s.Title))
		}
	}
	slices.Sort(m.done.Gone)
	m.done.Rooms, m.done.Tracks, m.done.Speakers = len(m.rooms.added), len(m.tracks.added), len(m.speakers.added)
}

func (m *merge) room(x exchange.Room) *Room {
	old := m.rooms.known[x.GUID]
	if named := m.rooms.known[nameKey(x.Name)]; old == nil && !m.rooms.claimed[named] {
		old = named
	}
	if old == nil {
		r := &Room{ID: db.NewID(), EditionID: m.e.ID, GUID: x.GUID, Slug: m.rooms.slugs.take(slugOf(x.Name, "room")),
			Name: text.One(m.base, x.Name), Description: with(nil, m.base, x.Description), Capacity: positive(x.Capacity),
			Rank: int64(len(m.rooms.slugs))}
		m.rooms.added = append(m.rooms.added, r)
		return r
	}
	m.rooms.claimed[old] = true
	r := *old
	if !says(r.Name, x.Name) {
		r.Name = with(r.Name, m.base, x.Name)
	}
	if x.Description != "" { // only schedule.json has them
		r.Description = with(r.Description, m.base, x.Description)
	}
	if x.Capacity > 0 {
		r.Capacity = positive(x.Capacity)
	}
	return update(&m.rooms, old, r)
}

func (m *merge) track(x exchange.Track) *Track {
	old := m.tracks.known[nameKey(x.Name)]
	if old == nil {
		t := &Track{ID: db.NewID(), EditionID: m.e.ID, Slug: m.tracks.slugs.take(given(x.Slug, x.Name, "track")),
			Name: text.One(m.base, x.Name), Color: x.Color, Rank: int64(len(m.tracks.slugs))}
		m.tracks.added = append(m.tracks.added, t)
		return t
	}
	t := *old
	if x.Color != "" {
		t.Color = x.Color
	}
	return update(&m.tracks, old, t)
}

func (m *merge) speaker(x exchange.Speaker) *Speaker {
	extra := Extra{URL: x.URL, Links: links(x.Links)}
	old := m.speakers.known[x.GUID]
	if old == nil {
		who := &Speaker{ID: db.NewID(), EditionID: m.e.ID, GUID: x.GUID, Slug: m.speakers.slugs.take(slugOf(x.Name, "speaker")),
			Name: x.Name, Biography: with(nil, m.base, x.Biography), Extra: extra}
		m.speakers.added = append(m.speakers.added, who)
		return who
	}
	who := *old
	who.Name = x.Name
	if x.Biography != "" { // only schedule.json has them
		who.Biography = with(who.Biography, m.base, x.Biography)
	}
	if extra.URL == "" {
		extra.URL = old.Extra.URL
	}
	if extra.Links == nil {
		extra.Links = old.Extra.Links
	}
	who.Extra = extra
	return update(&m.speakers, old, who)
}
