package exchange

import (
	"strconv"
	"strings"
	"time"
)

// reading holds what the sessions of one file need to know about the rest of it.
type reading struct {
	s         Schedule
	notes     *notes
	loc       *time.Location
	dayChange time.Duration
	acronyms  []string       // as written and as kept, to take them off slugs
	rooms     map[string]int // place in s.Rooms
	used      map[string]bool
	unnamed   map[string]bool // speakers whose GUID was made, to report each once
}

func newReading(n *notes) *reading {
	return &reading{
		notes: n, loc: time.UTC, rooms: map[string]int{}, used: map[string]bool{}, unnamed: map[string]bool{},
	}
}

// interpret turns the tree of either format into a schedule, in the order: conference, rooms and tracks, days.
func interpret(root *node, zone string, n *notes) (Schedule, error) {
	schedule := root
	if inner := root.first("schedule"); inner != nil {
		schedule = inner
	} else if !root.is("schedule") && !root.has("conference") {
		return Schedule{}, notSchedule()
	}
	if schedule != root {
		swallow(root.first("generator"))
		swallow(root.first("$schema"))
	}
	schedule.name = "schedule"
	conference := schedule.first("conference")
	if conference == nil && !schedule.has("day") && !schedule.has("days") {
		return Schedule{}, notSchedule()
	}
	if conference == nil {
		conference = &node{name: "conference"}
	}
	r := newReading(n)
	r.conference(schedule, conference)
	r.zone(conference, zone)
	r.dates(conference)
	for _, holder := range []*node{conference, schedule} {
		r.tracks(holder)
		r.roomList(holder)
	}
	var days []*node
	for _, holder := range []*node{schedule, conference} {
		days = append(days, holder.all("day")...)
		for _, list := range holder.all("days") {
			days = append(days, items(list, "day")...)
		}
	}
	for _, d := range days {
		r.day(d)
	}
	r.dropUnusedRooms()
	root.leftovers(n)
	return r.s, nil
}

// items takes the elements of a JSON array and gives them the name that XML would.
func items(list *node, name string) []*node {
	var all []*node
	for _, k := range list.all("") {
		k.name = name
		all = append(all, k)
	}
	return all
}

func (r *reading) conference(schedule, conference *node) {
	r.s.Version = cleanLine(schedule.str("version", "release"))
	r.s.BaseURL = conference.str("base_url")
	if r.s.BaseURL == "" {
		r.s.BaseURL = schedule.str("base_url")
	}
	r.s.URL = conference.str("url")
	if r.s.URL == "" {
		r.s.URL = schedule.str("url")
	}
	r.s.Title = conference.str("title")
	r.s.Description = conference.str("description")
	written := conference.str("acronym")
	r.s.Acronym = written
	r.acronyms = []string{strings.ToLower(written), cleanAcronym(written, r.s.Title, time.Time{})}
	// What only describes the file itself is no loss.
	for _, own := range []*node{
		conference.first("dayscount"), schedule.first("generator"), schedule.first("noNamespaceSchemaLocation"),
		schedule.first("schemaLocation"),
	} {
		swallow(own)
	}
	if slot := conference.str("timeslot_duration"); slot != "" {
		d, ok := parseDuration(slot)
		if !ok {
			r.notes.add(badDuration, conference.line, "conference/timeslot_duration: "+slot)
		}
		r.s.SlotMinutes = int(d / time.Minute)
	}
	r.dayChange = defaultDayChange
	if clock := conference.str("day_change"); clock != "" {
		if d, ok := parseClock(clock); ok {
			r.dayChange = d
		}
	}
	// The number of days stands beside the days themselves; JSON uses the same word for the list.
	for _, k := range conference.kids {
		if k.is("days") && (k.text != "" || k.has("#")) && !k.has("day") {
			k.used = true
			swallow(k)
		}
	}
}

func (r *reading) zone(conference *node, given string) {
	name := conference.str("time_zone_name", "timezone", "time_zone")
	if name == "" {
		// Our own files keep here the names that the official pattern refuses, such as "CET".
		name = conference.first("meta").str("time_zone_name")
	}
	if loc, ok := location(name); ok {
		r.loc, r.s.TimeZone = loc, loc.String()
		return
	}
	if name != "" {
		r.notes.add(zoneUnknown, conference.line, name)
	}
	r.loc = time.UTC
	if loc, ok := location(given); ok {
		r.loc, r.s.TimeZone = loc, loc.String()
		return
	}
	if name == "" {
		r.notes.add(zoneMissing, conference.line, "UTC")
	}
}

func (r *reading) dates(conference *node) {
	for _, f := range []struct {
		name string
		date *time.Time
	}{{"start", &r.s.Start}, {"end", &r.s.End}} {
		written := conference.str(f.name)
		if written == "" || strings.HasPrefix(written, "0001-01-01") {
			continue
		}
		m, ok := parseMoment(written, r.loc)
		switch {
		case !ok:
			r.notes.add(datesCorrected, conference.line, "conference/"+f.name+": "+written)
		case m.offset:
			*f.date = midnight(m.at.In(r.loc))
		default:
			*f.date = midnight(m.at)
		}
	}
}

// tracks knows <conference><track name color slug/>, FOSDEM's <tracks><track>Name</track></tracks>, and JSON's list.
func (r *reading) tracks(holder *node) {
	list := holder.all("track")
	for _, group := range holder.all("tracks") {
		list = append(list, group.all("track")...)
		list = append(list, items(group, "track")...)
	}
	for _, t := range list {
		track := Track{Name: cleanLine(t.str("name")), Slug: t.str("slug"), Color: t.str("color")}
		if track.Name == "" && !t.json {
			track.Name = cleanLine(t.value())
		}
		if track.Name != "" {
			r.s.Tracks = append(r.s.Tracks, track)
		}
	}
}

// roomList knows the list of rooms that only JSON has.
func (r *reading) roomList(holder *node) {
	for _, group := range holder.all("rooms") {
		for _, room := range append(items(group, "room"), group.all("room")...) {
			name := cleanLine(room.str("name"))
			if name == "" && !room.json {
				name = cleanLine(room.value())
			}
			if name == "" {
				continue
			}
			r.used[name] = true // listed on purpose, whether or not something takes place there
			capacity, _ := strconv.ParseFloat(room.str("capacity"), 64)
			r.room(Room{
				Name: name, GUID: room.str("guid"), Description: room.str("description"),
				Capacity: int(min(max(capacity, 0), 1_000_000)),
			}, room.line)
		}
	}
}

// room notes a room the first time it is met, and what a later mention adds.
func (r *reading) room(room Room, line int) {
	if room.Name == "" {
		return
	}
	place, known := r.rooms[room.Name]
	if !known {
		r.rooms[room.Name] = len(r.s.Rooms)
		r.s.Rooms = append(r.s.Rooms, room)
		return
	}
	first := &r.s.Rooms[place]
	if first.GUID == "" {
		first.GUID = room.GUID
	} else if room.GUID != "" && !strings.EqualFold(first.GUID, room.GUID) {
		r.notes.add(roomRepeated, line, room.Name)
	}
}

// dropUnusedRooms leaves out rooms that were only a heading: nothing takes place there and no GUID makes them a thing.
func (r *reading) dropUnusedRooms() {
	kept := r.s.Rooms[:0]
	for _, room := range r.s.Rooms {
		if r.used[room.Name] || room.GUID != "" {
			kept = append(kept, room)
			continue
		}
		r.notes.add(roomUnused, 0, room.Name)
	}
	r.s.Rooms = kept
}
