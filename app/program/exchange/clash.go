package exchange

import (
	"sort"
	"time"
)

// maxClashes bounds the search in a file made to hold nothing but overlaps.
const maxClashes = 10_000

// findClashes reports rooms with two sessions at once and speakers in two places at once. Such files are taken as they
// are: the organiser settles it in the editor.
func findClashes(s Schedule, n *notes) {
	byRoom, bySpeaker := map[string][]Session{}, map[string][]Session{}
	var rooms, speakers []string
	for _, session := range s.Sessions {
		if session.Cancelled || session.Start.IsZero() {
			continue
		}
		if session.Room != "" {
			if byRoom[session.Room] == nil {
				rooms = append(rooms, session.Room)
			}
			byRoom[session.Room] = append(byRoom[session.Room], session)
		}
		for _, p := range session.Speakers {
			if bySpeaker[p.GUID] == nil {
				speakers = append(speakers, p.GUID)
			}
			bySpeaker[p.GUID] = append(bySpeaker[p.GUID], session)
		}
	}
	left := maxClashes
	for _, name := range rooms {
		overlapping(byRoom[name], &left, func(a, b Session) { n.add(roomClash, 0, name+": "+pair(a, b, s)) })
	}
	left = maxClashes
	for _, guid := range speakers {
		overlapping(bySpeaker[guid], &left, func(a, b Session) {
			n.add(speakerClash, 0, speakerName(a, guid)+": "+pair(a, b, s))
		})
	}
}

// overlapping calls found for every pair that shares a moment.
func overlapping(sessions []Session, left *int, found func(a, b Session)) {
	sort.SliceStable(sessions, func(i, j int) bool { return sessions[i].Start.Before(sessions[j].Start) })
	for i, a := range sessions {
		end := a.Start.Add(a.Duration)
		for _, b := range sessions[i+1:] {
			if !b.Start.Before(end) || *left == 0 {
				break
			}
			*left--
			found(a, b)
		}
	}
}

func pair(a, b Session, s Schedule) string {
	const clock = "2006-01-02 15:04"
	at := func(t time.Time) string { return t.In(s.Location()).Format(clock) }
	return clip(a.Title) + " (" + at(a.Start) + ") / " + clip(b.Title) + " (" + at(b.Start) + ")"
}

func clip(title string) string {
	if r := []rune(title); len(r) > 40 {
		return string(r[:39]) + "…"
	}
	return title
}

func speakerName(s Session, guid string) string {
	for _, p := range s.Speakers {
		if p.GUID == guid {
			return p.Name
		}
	}
	return guid
}

// findNamesakes reports names that stand for several people: perhaps one person entered twice, perhaps not.
func findNamesakes(s Schedule, n *notes) {
	met := map[string]bool{}
	for _, p := range s.People() {
		if met[p.Name] {
			n.add(speakerNamesakes, 0, p.Name)
		}
		met[p.Name] = true
	}
}
