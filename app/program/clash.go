package program

import (
	"cmp"
	"slices"

	"agora/app/text"
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

// Clashes lists what overlaps in a programme, rooms before speakers.
func Clashes(p *Programme) []Clash {
	var list []Clash
	for _, r := range p.Rooms {
		overlaps(p.byRoom[r.ID], maxClashes-len(list), func(a, b *Session) {
			list = append(list, Clash{Kind: RoomClash, Room: r, First: a, Second: b})
		})
	}
	for _, who := range p.Speakers {
		overlaps(who.Sessions, maxClashes-len(list), func(a, b *Session) {
			list = append(list, Clash{Kind: SpeakerClash, Speaker: who, First: a, Second: b})
		})
	}
	slices.SortStableFunc(list, func(a, b Clash) int {
		return cmp.Or(cmp.Compare(kindOrder(a), kindOrder(b)), a.Second.StartsAt.Compare(b.Second.StartsAt))
	})
	return list
}

func kindOrder(c Clash) int {
	if c.Room != nil {
		return 0
	}
	return 1
}

// overlaps finds the pairs that share a moment in sessions sorted by start.
func overlaps(sessions []*Session, most int, found func(a, b *Session)) {
	for i, a := range sessions {
		for _, b := range sessions[i+1:] {
			if !b.StartsAt.Before(a.EndsAt) || most <= 0 {
				break
			}
			if !a.Cancelled && !b.Cancelled {
				most--
				found(a, b)
			}
		}
	}
}

// Words are the key and the arguments of the sentence that tells the clash.
func (c Clash) Words(l text.Lang) (key string, args []any) {
	args = []any{"n", c.N, "first", c.First.Name(l)}
	if c.Second != nil {
		args = append(args, "second", c.Second.Name(l))
	}
	if c.Room != nil {
		name, _ := c.Room.Name.In(l, c.First.order...)
		args = append(args, "room", name)
		if c.Room.Capacity != nil {
			args = append(args, "seats", *c.Room.Capacity)
		}
	}
	if c.Speaker != nil {
		args = append(args, "speaker", c.Speaker.Name)
	}
	return "program.clash." + string(c.Kind), args
}
