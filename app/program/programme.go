package program

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"agora/app/edition"
	"agora/app/text"
)

// Programme is a whole programme, ready to be shown. It may be shared: nobody
// changes it, or what it points to, after it was built.
type Programme struct {
	Edition edition.Edition
	Release Release // number 0: nothing has been released
	Draft   bool
	Days    []*Day
	Rooms   []*Room
	// Tracks are those with sessions; in a draft all of them.
	Tracks []*Track
	// Sessions are those with a slot, by start, then room.
	Sessions []*Session
	// Waiting are a draft's sessions without a slot.
	Waiting []*Session
	// Speakers are those of Sessions, by name; in a draft everybody.
	Speakers []*Speaker

	bySlug        map[string]*Session
	byID          map[string]*Session
	speakerBySlug map[string]*Speaker
	roomBySlug    map[string]*Room
	byRoom        map[string][]*Session
}

// Empty reports whether there is nothing to show.
func (p *Programme) Empty() bool { return len(p.Sessions) == 0 }

// BySlug finds a session by its address; nil when it is not in this programme.
func (p *Programme) BySlug(slug string) *Session { return p.bySlug[slug] }

// ByID finds a session by its id; nil when it is not in this programme.
func (p *Programme) ByID(id string) *Session { return p.byID[id] }

// SpeakerBySlug finds a speaker by the address; nil when there is none.
func (p *Programme) SpeakerBySlug(slug string) *Speaker { return p.speakerBySlug[slug] }

// RoomBySlug finds a room by its address; nil when there is none.
func (p *Programme) RoomBySlug(slug string) *Room { return p.roomBySlug[slug] }

// ByRoom gives the sessions of a room in order. Those without a room are under
// the empty id.
func (p *Programme) ByRoom(roomID string) []*Session { return p.byRoom[roomID] }

// DayOn gives the day a moment belongs to, nil between and outside of the days.
func (p *Programme) DayOn(at time.Time) *Day {
	for _, d := range p.Days {
		if !at.Before(d.Opens) && at.Before(d.Closes) {
			return d
		}
	}
	return nil
}

// Now gives what is going on at a moment, in the order of rooms.
func (p *Programme) Now(at time.Time) []*Session {
	var list []*Session
	for _, r := range p.roomIDs() {
		for _, x := range p.byRoom[r] {
			if x.On(at) {
				list = append(list, x)
			}
		}
	}
	return list
}

// Next gives for every room what starts there next, in the order of rooms.
func (p *Programme) Next(at time.Time) []*Session {
	var list []*Session
	for _, r := range p.roomIDs() {
		if x := p.NextIn(r, at); x != nil {
			list = append(list, x)
		}
	}
	return list
}

// NowIn gives what is going on in a room: of overlapping sessions the one that
// started last. It is nil when nothing is.
func (p *Programme) NowIn(roomID string, at time.Time) *Session {
	for _, x := range slices.Backward(p.byRoom[roomID]) {
		if x.On(at) {
			return x
		}
	}
	return nil
}

// NextIn gives what starts next in a room, nil when nothing does.
func (p *Programme) NextIn(roomID string, at time.Time) *Session {
	for _, x := range p.byRoom[roomID] {
		if x.StartsAt.After(at) && !x.Cancelled {
			return x
		}
	}
	return nil
}

func (p *Programme) roomIDs() []string {
	ids := make([]string, 0, len(p.Rooms)+1)
	for _, r := range p.Rooms {
		ids = append(ids, r.ID)
	}
	return append(ids, "")
}

// build ties the rows together.
func build(e edition.Edition, r rows, draft bool) *Programme {
	p := &Programme{
		Edition: e, Release: r.release, Draft: draft,
		bySlug: map[string]*Session{}, byID: map[string]*Session{}, byRoom: map[string][]*Session{},
		speakerBySlug: map[string]*Speaker{}, roomBySlug: map[string]*Room{},
	}
	rooms := map[string]*Room{}
	for i := range r.rooms {
		room := &r.rooms[i]
		p.Rooms = append(p.Rooms, room)
		rooms[room.ID], p.roomBySlug[room.Slug] = room, room
	}
	p.place(r, rooms)
	p.tie(r)
	byStart(p.Sessions)
	for _, x := range p.Sessions {
		id := ""
		if x.Room != nil {
			id = x.Room.ID
		}
		p.byRoom[id] = append(p.byRoom[id], x)
		if x.Track != nil {
			x.Track.Sessions = append(x.Track.Sessions, x)
		}
		for _, who := range x.Speakers {
			who.Sessions = append(who.Sessions, x)
		}
	}
	for _, x := range p.Waiting {
		for _, who := range x.Speakers {
			who.Sessions = append(who.Sessions, x)
		}
	}
	for i := range r.tracks {
		if draft || len(r.tracks[i].Sessions) > 0 {
			p.Tracks = append(p.Tracks, &r.tracks[i])
		}
	}
	p.Days = days(p.Sessions, p.Rooms)
	return p
}

// place gives the sessions their slots, and leaves out what this programme does not have.
func (p *Programme) place(r rows, rooms map[string]*Room) {
	slots := make(map[string]*Slot, len(r.slots))
	for i := range r.slots {
		slots[r.slots[i].SessionID] = &r.slots[i]
	}
	loc := p.Edition.Location()
	for i := range r.sessions {
		x := &r.sessions[i]
		x.order = p.Edition.Languages
		slot := slots[x.ID]
		switch {
		case slot != nil:
			x.StartsAt, x.EndsAt = slot.StartsAt.In(loc), slot.EndsAt.In(loc)
			if slot.RoomID != nil {
				x.Room = rooms[*slot.RoomID]
			}
			p.Sessions = append(p.Sessions, x)
		case p.Draft:
			p.Waiting = append(p.Waiting, x)
		default:
			continue
		}
		p.bySlug[x.Slug], p.byID[x.ID] = x, x
	}
}

// tie gives the sessions their tracks and speakers.
func (p *Programme) tie(r rows) {
	tracks := map[string]*Track{}
	for i := range r.tracks {
		tracks[r.tracks[i].ID] = &r.tracks[i]
	}
	for _, x := range p.byID {
		if x.TrackID != nil {
			x.Track = tracks[*x.TrackID]
		}
	}
	people := map[string]*Speaker{}
	for i := range r.speakers {
		people[r.speakers[i].ID] = &r.speakers[i]
	}
	for _, w := range r.who {
		x, who := p.byID[w.SessionID], people[w.SpeakerID]
		if x == nil || who == nil {
			continue
		}
		x.Speakers = append(x.Speakers, who)
		if p.speakerBySlug[who.Slug] == nil {
			p.speakerBySlug[who.Slug] = who
			p.Speakers = append(p.Speakers, who)
		}
	}
	if p.Draft { // also those who are on no session yet
		for i := range r.speakers {
			if who := &r.speakers[i]; p.speakerBySlug[who.Slug] == nil {
				p.speakerBySlug[who.Slug] = who
				p.Speakers = append(p.Speakers, who)
			}
		}
	}
	byName(p.Speakers)
}

// byName sorts as Finnish and Swedish do: å, ä and ö come last.
func byName(list []*Speaker) {
	c := collate.New(language.Finnish)
	var buffer collate.Buffer
	keys := make(map[*Speaker][]byte, len(list))
	for _, who := range list {
		keys[who] = c.KeyFromString(&buffer, who.Name)
	}
	slices.SortFunc(list, func(a, b *Speaker) int {
		return cmp.Or(slices.Compare(keys[a], keys[b]), strings.Compare(a.ID, b.ID))
	})
}

func byStart(list []*Session) {
	rank := func(x *Session) int64 {
		if x.Room == nil {
			return 1 << 40 // after every room
		}
		return x.Room.Rank
	}
	slices.SortFunc(list, func(a, b *Session) int {
		return cmp.Or(a.StartsAt.Compare(b.StartsAt), cmp.Compare(rank(a), rank(b)),
			strings.Compare(a.Name(text.Finnish), b.Name(text.Finnish)), strings.Compare(a.ID, b.ID))
	})
}
