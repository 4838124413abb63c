package program

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// maxClashes bounds the list: a file made of nothing but overlaps must not take
// the memory, and nobody reads further.
const maxClashes = 1000

// ClashKind is what cannot be as planned.
type ClashKind string

// The kinds of clashes, in the order they are listed.
const (
	RoomClash      ClashKind = "room"      // a room has two sessions at once
	SpeakerClash   ClashKind = "speaker"   // a speaker is on two at once
	AwayClash      ClashKind = "away"      // a speaker cannot be there at that time
	SmallClash     ClashKind = "small"     // more people than the room has seats
	AttendeesClash ClashKind = "attendees" // people have signed up to two at once
)

var clashOrder = [...]ClashKind{RoomClash, SpeakerClash, AwayClash, SmallClash, AttendeesClash}

// Clash is something that cannot take place as planned. First is always there,
// Second where two sessions are concerned; Room goes with room and small,
// Speaker with speaker and away. N is how many people it is about: those who
// need a seat (small), or have signed up to both (attendees).
type Clash struct {
	Kind    ClashKind
	Room    *Room
	Speaker *Speaker
	First   *Session
	Second  *Session
	N       int64
}

// clashes lists what cannot be as the plan has it; with about only what
// concerns one of these sessions.
func (p *plan) clashes(about map[string]bool) []Clash {
	var list []Clash
	sessions := p.scheduled()
	inRoom, by := map[*Room][]*Session{}, map[string][]*Session{}
	for _, x := range sessions {
		inRoom[x.Room] = append(inRoom[x.Room], x)
		for _, who := range x.Speakers {
			by[who.ID] = append(by[who.ID], x)
		}
	}
	for _, r := range p.rooms {
		list = overlapping(list, inRoom[r], about, Clash{Kind: RoomClash, Room: r})
	}
	for _, id := range slices.Sorted(maps.Keys(by)) {
		list = overlapping(list, by[id], about, Clash{Kind: SpeakerClash, Speaker: p.speakers[id]})
	}
	for _, x := range sessions {
		if x.Cancelled || about != nil && !about[x.ID] || len(list) >= maxClashes {
			continue
		}
		list = append(list, p.alone(x)...)
	}
	list = append(list, p.signedUp(about)...)
	sortClashes(list)
	return list
}

// clashesOf lists what concerns the sessions of these steps.
func (p *plan) clashesOf(steps []Step) []Clash {
	about := map[string]bool{}
	for _, step := range steps {
		about[step.SessionID] = true
	}
	return p.clashes(about)
}

// signedUp lists the overlaps that people have signed up to both sides of.
func (p *plan) signedUp(about map[string]bool) []Clash {
	var list []Clash
	for ids, n := range p.both {
		a, b := p.sessions[ids[0]], p.sessions[ids[1]]
		if a == nil || b == nil || !concerns(about, a, b) {
			continue
		}
		pair := []*Session{a, b}
		byStart(pair)
		overlaps(pair, func(a, b *Session) bool {
			list = append(list, Clash{Kind: AttendeesClash, First: a, Second: b, N: n})
			return true
		})
	}
	slices.SortFunc(list, func(a, b Clash) int { return strings.Compare(a.First.ID+a.Second.ID, b.First.ID+b.Second.ID) })
	return list
}

// alone lists what is wrong with a session whatever is beside it.
func (p *plan) alone(x *Session) []Clash {
	var list []Clash
	for _, who := range x.Speakers {
		if !who.Availability.hold(x.StartsAt, x.EndsAt) {
			list = append(list, Clash{Kind: AwayClash, Speaker: who, First: x})
		}
	}
	if n := p.need[x.ID]; x.Room != nil && x.Room.Capacity != nil && n > *x.Room.Capacity {
		list = append(list, Clash{Kind: SmallClash, Room: x.Room, First: x, N: n})
	}
	return list
}

// overlapping adds a clash like one for every two of the sessions that share a moment.
func overlapping(list []Clash, sessions []*Session, about map[string]bool, one Clash) []Clash {
	overlaps(sessions, func(a, b *Session) bool {
		if concerns(about, a, b) {
			one.First, one.Second = a, b
			list = append(list, one)
		}
		return len(list) < maxClashes
	})
	return list
}

func concerns(about map[string]bool, a, b *Session) bool {
	return about == nil || about[a.ID] || about[b.ID]
}

func sortClashes(list []Clash) {
	last := func(c Clash) *Session {
		if c.Second != nil {
			return c.Second
		}
		return c.First
	}
	slices.SortStableFunc(list, func(a, b Clash) int {
		return cmp.Or(cmp.Compare(slices.Index(clashOrder[:], a.Kind), slices.Index(clashOrder[:], b.Kind)),
			last(a).StartsAt.Compare(last(b).StartsAt))
	})
}

// overlaps finds the pairs that share a moment in sessions sorted by start. Two
// breaks at once are one long pause, and what is cancelled is in nobody's way.
// found says whether to go on.
func overlaps(sessions []*Session, found func(a, b *Session) bool) {
	for i, a := range sessions {
		for _, b := range sessions[i+1:] {
			if !b.StartsAt.Before(a.EndsAt) {
				break
			}
			quiet := a.Cancelled || b.Cancelled || a.Kind == Break && b.Kind == Break
			if !quiet && !found(a, b) {
				return
			}
		}
	}
}
