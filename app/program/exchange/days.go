package exchange

import (
	"slices"
	"time"
)

// maxListedDays bounds the days written for a schedule whose dates are far apart.
const maxListedDays = 60

// writtenDay is one day of a file with its sessions by room.
type writtenDay struct {
	date       time.Time
	start, end time.Time
	rooms      []writtenRoom
}

type writtenRoom struct {
	Room
	sessions []Session
}

// writtenDays lays out the sessions that take place. Every day between the dates is there, sessions or not; the first
// lists all rooms, so that their order survives. There is always one day, because the schema asks for it.
func writtenDays(s Schedule, loc *time.Location) []writtenDay {
	byDay := map[time.Time][]Session{}
	first, last := s.Start, s.End
	if last.Sub(first) > maxListedDays*24*time.Hour {
		first, last = time.Time{}, time.Time{}
	}
	var order []time.Time
	listed := map[time.Time]bool{}
	list := func(day time.Time) {
		if !listed[day] {
			listed[day] = true
			order = append(order, day)
		}
	}
	if !first.IsZero() {
		for day := first; !day.After(last); day = day.AddDate(0, 0, 1) {
			list(day)
		}
	}
	for _, x := range s.Sessions {
		if x.Start.IsZero() || x.Cancelled {
			continue
		}
		day := dayOf(x.Start, loc)
		list(day)
		byDay[day] = append(byDay[day], x)
	}
	if len(order) == 0 {
		list(s.Start)
	}
	slices.SortFunc(order, time.Time.Compare)
	days := make([]writtenDay, 0, len(order))
	for i, date := range order {
		if date.IsZero() {
			loc = time.UTC // no date at all: a local time of the year one would fall into the year nought
		}
		days = append(days, writtenDay{
			date: date, start: at(date, defaultDayChange, loc), end: at(date.AddDate(0, 0, 1), defaultDayChange, loc),
			rooms: writtenRooms(s.Rooms, byDay[date], i == 0),
		})
	}
	return days
}

func writtenRooms(rooms []Room, sessions []Session, all bool) []writtenRoom {
	byRoom := map[string][]Session{}
	for _, x := range sessions {
		byRoom[x.Room] = append(byRoom[x.Room], x)
	}
	var list []writtenRoom
	for _, r := range append(rooms[:len(rooms):len(rooms)], Room{}) {
		if len(byRoom[r.Name]) > 0 || all && r.Name != "" {
			list = append(list, writtenRoom{r, byRoom[r.Name]})
		}
	}
	return list
}
