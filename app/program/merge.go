package program

import (
	"slices"
	"strconv"
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
	byID     map[string]string           // what rooms, tracks and speakers are called
	recast   []string                    // sessions that get newWho for what they had
	newWho   []sessionSpeaker

	said   map[string]print // what files said before, by the id of the thing
	takes  map[string]bool  // conflicts that the file wins
	prints []*imported

	takeAll bool
	byName  bool // who and what is told by names, where the file has no identifiers

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

func newMerge(e edition.Edition, old rows, now time.Time, o ImportOptions) *merge {
	m := &merge{e: e, now: now, handOver: o.Material != nil, takes: o.Take, takeAll: o.TakeAll, base: text.Finnish, who: map[string][]sessionSpeaker{},
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
		if by := nameKey(old.speakers[i].Name); m.speakers.known[by] == nil {
			m.speakers.known[by] = &old.speakers[i]
		}
	}
	for i := range old.slots {
		m.slots.known[old.slots[i].SessionID] = &old.slots[i]
	}
	for _, w := range old.who {
		m.who[w.SessionID] = append(m.who[w.SessionID], w)
	}
	m.knowSessions(old)
	return m
}

// knowSessions finds sessions by guid and, for files that have none, by their
// number and by title and speakers.
func (m *merge) knowSessions(old rows) {
	m.byID = map[string]string{}
	for i := range old.rooms {
		m.byID[old.rooms[i].ID] = first(old.rooms[i].Name)
	}
	for i := range old.tracks {
		m.byID[old.tracks[i].ID] = first(old.tracks[i].Name)
	}
	for i := range old.speakers {
		m.byID[old.speakers[i].ID] = old.speakers[i].Name
	}
	for i := range old.sessions {
		x := &old.sessions[i]
		m.sessions.slugs[x.Slug] = true
		for _, title := range x.Title {
			key := titleKey(title, m.namesOf(m.who[x.ID]))
			if m.sessions.known[key] == nil {
				m.sessions.known[key] = x
			}
		}
		if x.Extra.Number > 0 {
			m.sessions.known[numberKey(x.Extra.Number)] = x
		}
	}
	for i := range old.sessions {
		m.sessions.known[old.sessions[i].GUID] = &old.sessions[i]
	}
}

func (m *merge) namesOf(who []sessionSpeaker) []string {
	names := make([]string, 0, len(who))
	for _, w := range who {
		names = append(names, m.byID[w.SpeakerID])
	}
	return names
}

// titleKey is how a session without an identifier is found again.
func titleKey(title string, speakers []string) string {
	names := slices.Sorted(slices.Values(speakers))
	return "title:" + strings.ToLower(strings.TrimSpace(title)) + "\x00" + strings.ToLower(strings.Join(names, "\x00"))
}

func numberKey(n int64) string { return "number:" + strconv.FormatInt(n, 10) }

// nameKey is how names are found. It cannot be mistaken for a guid.
func nameKey(name string) string { return "name:" + strings.TrimSpace(name) }

func (m *merge) schedule(x exchange.Schedule) {
	m.byName = x.ByName
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
	for _, item := range x.Sessions { // an identifier says more than a name, so those are claimed first
		if old := m.sessions.known[item.GUID]; old != nil {
			m.sessions.claimed[old] = true
		}
	}
	for _, item := range x.Sessions {
		m.session(item, tracks[item.Track], rooms[item.Room], speakers)
	}
	for key, s := range m.sessions.known {
		if x.ByName {
			break // a spreadsheet is often a part of the programme
		}
		if key == s.GUID && !m.sessions.claimed[s] && s.Extra.FileVersion > 0 {
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
		sub := m.subject(r.ID, x.Name, true)
		sub.take("name", "", x.Name)
		sub.take("description", "", x.Description)
		sub.take("capacity", "", numberOf(r.Capacity))
		sub.done()
		m.byID[r.ID] = x.Name
		return r
	}
	m.rooms.claimed[old] = true
	r := *old
	sub := m.subject(r.ID, first(r.Name), false)
	here := r.Name[m.base]
	if says(r.Name, x.Name) {
		here = x.Name
	}
	if sub.take("name", here, x.Name) && here != x.Name {
		r.Name = with(r.Name, m.base, x.Name)
	}
	if x.Description != "" && sub.take("description", r.Description[m.base], x.Description) { // only schedule.json has them
		r.Description = with(r.Description, m.base, x.Description)
	}
	if x.Capacity > 0 && sub.take("capacity", numberOf(r.Capacity), strconv.Itoa(x.Capacity)) {
		r.Capacity = positive(x.Capacity)
	}
	sub.done()
	return update(&m.rooms, old, r)
}

func numberOf(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}

func (m *merge) track(x exchange.Track) *Track {
	old := m.tracks.known[nameKey(x.Name)]
	if old == nil {
		t := &Track{ID: db.NewID(), EditionID: m.e.ID, Slug: m.tracks.slugs.take(given(x.Slug, x.Name, "track")),
			Name: text.One(m.base, x.Name), Color: x.Color, Rank: int64(len(m.tracks.slugs))}
		m.tracks.added = append(m.tracks.added, t)
		sub := m.subject(t.ID, x.Name, true)
		sub.take("color", "", x.Color)
		sub.done()
		m.byID[t.ID] = x.Name
		return t
	}
	t := *old
	if sub := m.subject(t.ID, x.Name, false); x.Color != "" && sub.take("color", t.Color, x.Color) {
		t.Color = x.Color
		sub.done()
	}
	return update(&m.tracks, old, t)
}
