package program

import (
	"slices"
	"time"
)

const (
	// dayChange is the hour up to which a session may belong to the evening before.
	dayChange = 5 * time.Hour
	// lateEvening is the hour after which an evening may go on past midnight.
	lateEvening = 22 * time.Hour
)

// Day is one day of the programme. Where an evening's sessions go on past
// midnight, the small hours belong to it.
type Day struct {
	Number   int
	Date     time.Time // midnight on the edition's clock
	Opens    time.Time // start of the first session
	Closes   time.Time // end of the last
	Sessions []*Session
	Rooms    []*Room // those used that day, in order
	Grid     *Grid
}

// Key is the day as it stands in addresses and ids: 2027-01-25.
func (d *Day) Key() string { return d.Date.Format(time.DateOnly) }

// days splits sessions, which are in order, into days.
func days(sessions []*Session, rooms []*Room) []*Day {
	late := map[string]bool{} // dates whose evening is long
	for _, x := range sessions {
		if date := midnight(x.StartsAt, 0); clock(x.StartsAt) >= dayChange && x.EndsAt.After(hour(date, lateEvening)) {
			late[date.Format(time.DateOnly)] = true
		}
	}
	var list []*Day
	byDate := map[string]*Day{}
	for _, x := range sessions {
		date := midnight(x.StartsAt, 0)
		if clock(x.StartsAt) < dayChange && late[midnight(x.StartsAt, -1).Format(time.DateOnly)] {
			date = midnight(x.StartsAt, -1)
		}
		d := byDate[date.Format(time.DateOnly)]
		if d == nil {
			d = &Day{Date: date, Opens: x.StartsAt}
			byDate[d.Key()] = d
			list = append(list, d)
		}
		d.Sessions = append(d.Sessions, x)
		if x.EndsAt.After(d.Closes) {
			d.Closes = x.EndsAt
		}
	}
	slices.SortFunc(list, func(a, b *Day) int { return a.Date.Compare(b.Date) })
	for i, d := range list {
		d.Number = i + 1
		d.Rooms = used(d.Sessions, rooms)
		d.Grid = grid(d)
	}
	return list
}

func used(sessions []*Session, rooms []*Room) []*Room {
	here := map[*Room]bool{}
	for _, x := range sessions {
		here[x.Room] = true
	}
	var list []*Room
	for _, r := range rooms {
		if here[r] {
			list = append(list, r)
		}
	}
	return list
}

// midnight is the start of a date some days on; time.Date knows the nights when
// the clocks change.
func midnight(t time.Time, days int) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d+days, 0, 0, 0, 0, t.Location())
}

// hour is what the wall clock shows after midnight of a date.
func hour(date time.Time, clock time.Duration) time.Time {
	y, m, d := date.Date()
	return time.Date(y, m, d, int(clock.Hours()), 0, 0, 0, date.Location())
}

// clock is what the wall clock shows, as a time since midnight.
func clock(t time.Time) time.Duration {
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
}
