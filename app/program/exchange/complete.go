package exchange

import (
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Complete gives a schedule the form that files can hold: texts clean, every room, track and speaker known, GUIDs,
// numbers and slugs present and unique, sessions in order. Done twice it changes nothing more.
func Complete(s Schedule) Schedule { return complete(s, nil) }

func complete(s Schedule, n *notes) Schedule {
	s.Title, s.Version = cleanLine(s.Title), cleanLine(s.Version)
	s.Description = prose(s.Description, "conference/description", n)
	if loc, ok := location(s.TimeZone); ok {
		s.TimeZone = loc.String()
	} else {
		s.TimeZone = ""
	}
	written := s.Acronym
	if s.Acronym = cleanAcronym(written, s.Title, s.Start); s.Acronym != written {
		n.add(acronymChanged, 0, strings.TrimPrefix(written+" → ", " → ")+s.Acronym)
	}
	s.BaseURL = keptURL(s.BaseURL, "", "conference/base_url", n)
	s.URL = keptURL(s.URL, s.BaseURL, "conference/url", n)
	if s.SlotMinutes <= 0 || s.SlotMinutes > int(maxDuration/time.Minute) {
		s.SlotMinutes = 5
	}
	s.Sessions = completeSessions(s, n)
	s.Tracks = completeTracks(s, n)
	s.Rooms = completeRooms(s, n)
	inOrder(s)
	s.Start, s.End = completeDates(s, n)
	return s
}

// prose is the form of long texts: clean, and Markdown even where a file brought HTML.
func prose(text, where string, n *notes) string {
	text = cleanText(text)
	if turned, ok := markdown(text); ok {
		n.add(htmlTurned, 0, where)
		return turned
	}
	return text
}

func keptURL(written, base, where string, n *notes) string {
	clean, ok := webURL(written, base)
	if ok {
		return clean
	}
	if strings.TrimSpace(written) != "" {
		n.add(badLink, 0, where+": "+written)
	}
	return ""
}

func completeTracks(s Schedule, n *notes) []Track {
	var tracks []Track
	place := map[string]int{}
	slugs := newSpelling()
	add := func(t Track) {
		if t.Name = cleanLine(t.Name); t.Name == "" {
			return
		}
		color, ok := cleanColor(t.Color)
		if !ok {
			n.add(trackColor, 0, t.Name+": "+t.Color)
		}
		if i, known := place[t.Name]; known {
			if tracks[i].Color == "" {
				tracks[i].Color = color
			} else if color != "" && color != tracks[i].Color {
				n.add(trackRepeated, 0, t.Name)
			}
			return
		}
		place[t.Name] = len(tracks)
		tracks = append(tracks, Track{Name: t.Name, Color: color, Slug: trackSlug(t.Slug, t.Name)})
	}
	for _, t := range s.Tracks {
		add(t)
	}
	for _, session := range s.Sessions {
		add(Track{Name: session.Track})
	}
	for i := range tracks {
		slugs.reserve(tracks[i].Slug)
	}
	for i := range tracks {
		tracks[i].Slug = slugs.unique(tracks[i].Slug)
	}
	return tracks
}

func completeRooms(s Schedule, n *notes) []Room {
	var rooms []Room
	names, guids := map[string]bool{}, map[string]bool{}
	add := func(r Room) {
		if r.Name = cleanLine(r.Name); r.Name == "" || names[r.Name] {
			return
		}
		names[r.Name] = true
		r.Description = prose(r.Description, "room/description", n)
		r.Capacity = min(max(r.Capacity, 0), 1_000_000)
		guid, ok := cleanGUID(r.GUID)
		if !ok || guids[guid] {
			n.add(roomGUID, 0, r.Name)
			guid = madeGUID("room", s.Acronym, r.Name)
			for guids[guid] {
				guid = madeGUID("room", guid)
			}
		}
		r.GUID = guid
		guids[guid] = true
		rooms = append(rooms, r)
	}
	for _, r := range s.Rooms {
		add(r)
	}
	for _, session := range s.Sessions {
		add(Room{Name: session.Room})
	}
	return rooms
}

// completeDates takes what is missing from the sessions and puts the two in order.
func completeDates(s Schedule, n *notes) (start, end time.Time) {
	start, end = s.Start, s.End
	if !sensible(start) {
		start = time.Time{}
	}
	if !sensible(end) {
		end = time.Time{}
	}
	var first, last time.Time
	for _, session := range s.Sessions {
		if session.Start.IsZero() {
			continue
		}
		day := dayOf(session.Start, s.Location())
		if first.IsZero() || day.Before(first) {
			first = day
		}
		if day.After(last) {
			last = day
		}
	}
	if start.IsZero() {
		start = first
	}
	if end.IsZero() {
		end = last
	}
	if start.IsZero() {
		start = end
	}
	if end.IsZero() {
		end = start
	}
	start, end = midnight(start), midnight(end)
	if end.Before(start) {
		n.add(datesCorrected, 0, start.Format(time.DateOnly)+" – "+end.Format(time.DateOnly))
		end = start
		if last.After(end) {
			end = last
		}
	}
	return start, end
}

// dayOf is the day a session is listed under: the small hours belong to the evening before.
func dayOf(t time.Time, loc *time.Location) time.Time {
	return midnight(t.In(loc).Add(-defaultDayChange))
}

// inOrder sorts sessions by start, then by room as the rooms are listed; those without a slot come last.
func inOrder(s Schedule) {
	rank := map[string]int{}
	for i, r := range s.Rooms {
		rank[r.Name] = i + 1
	}
	slices.SortStableFunc(s.Sessions, func(a, b Session) int {
		if a.Start.IsZero() != b.Start.IsZero() {
			if a.Start.IsZero() {
				return 1
			}
			return -1
		}
		if c := a.Start.Compare(b.Start); c != 0 {
			return c
		}
		if c := rank[a.Room] - rank[b.Room]; c != 0 {
			return c
		}
		return strings.Compare(a.GUID, b.GUID)
	})
}

// spelling hands out slugs so that each is given once. Names written in a file come first, made ones give way.
type spelling struct {
	taken    map[string]bool
	reserved map[string]bool
	next     map[string]int
}

func newSpelling() *spelling {
	return &spelling{taken: map[string]bool{}, reserved: map[string]bool{}, next: map[string]int{}}
}

func (u *spelling) reserve(slug string) { u.reserved[slug] = true }

func (u *spelling) unique(slug string) string {
	if !u.taken[slug] {
		u.taken[slug] = true
		return slug
	}
	for i := max(u.next[slug], 2); ; i++ {
		number := "-" + strconv.Itoa(i)
		candidate := slug[:min(len(slug), maxSlugLength-len(number))] + number
		if !u.taken[candidate] && !u.reserved[candidate] {
			u.next[slug] = i + 1
			u.taken[candidate] = true
			return candidate
		}
	}
}

// madeID is a positive number for a session without one, from its GUID, so that it stays.
func madeID(guid string, taken map[int64]bool) int64 {
	h := fnv.New32a()
	h.Write([]byte(guid))
	id := int64(h.Sum32()&0x7fffffff) | 1
	for taken[id] {
		id++
	}
	return id
}
