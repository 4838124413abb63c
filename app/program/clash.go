package program

import (
	"cmp"
	"slices"
)

// maxClashes bounds the list: a file made of nothing but overlaps must not take
// the memory, and nobody reads further.
const maxClashes = 1000

// Clash is two sessions that cannot both take place as planned: one room at
// once, or one speaker at once. Exactly one of Room and Speaker is set.
type Clash struct {
	Room    *Room
	Speaker *Speaker
	First   *Session
	Second  *Session
}

// Clashes lists what overlaps in a programme, rooms before speakers.
func Clashes(p *Programme) []Clash {
	var list []Clash
	for _, r := range p.Rooms {
		overlaps(p.byRoom[r.ID], maxClashes-len(list), func(a, b *Session) {
			list = append(list, Clash{Room: r, First: a, Second: b})
		})
	}
	for _, who := range p.Speakers {
		overlaps(who.Sessions, maxClashes-len(list), func(a, b *Session) {
			list = append(list, Clash{Speaker: who, First: a, Second: b})
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
