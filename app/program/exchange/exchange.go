// Package exchange turns schedule files into one neutral Schedule and back: schedule.xml and schedule.json as
// phone apps, pretalx and frab speak them, and iCalendar. It knows no database and owns no table.
//
// Reading is lenient and honest: whatever is corrected, left out or not understood stands in the Report. Writing is
// strict: both official schemas accept every file. The two meet in Complete, which gives a Schedule the form that
// files can hold, so that reading what was written gives Complete of what went in.
package exchange

import "time"

// Schedule is the programme of one edition as files carry it. Dates are midnight UTC of that day.
type Schedule struct {
	Acronym     string // lower-case letters and digits, at least four
	Title       string
	Description string // schedule.json only
	Version     string
	Start, End  time.Time
	TimeZone    string // IANA name, empty when the file named none
	BaseURL     string
	URL         string
	SlotMinutes int
	Tracks      []Track
	Rooms       []Room
	Sessions    []Session // by start, then by order of rooms
	// ByName says that identifiers were made of names, as for a spreadsheet: who
	// and what is known already is found by name.
	ByName bool
}

// Track groups sessions by subject. Color is "#rrggbb" or empty.
type Track struct {
	Name  string
	Slug  string
	Color string
}

// Room is where sessions take place; sessions point to it by name. Only schedule.json holds more than name and GUID.
type Room struct {
	Name        string
	GUID        string
	Capacity    int // 0: not known
	Description string
}

// Session is one item of the programme. Texts are Markdown; Start is UTC, zero while the session has no slot.
type Session struct {
	GUID             string
	ID               int64
	Slug             string // without the acronym and number that files put before it
	Title            string
	Subtitle         string
	Abstract         string
	Description      string
	Language         string // language tags, separated by ", " where a session speaks several
	Track            string // name of a track, or empty
	Kind             string // the file's own word: "Talk", "workshop", …
	Room             string // name of a room, or empty
	Start            time.Time
	Duration         time.Duration // whole minutes
	Speakers         []Speaker
	Links            []Link
	Attachments      []Link
	URL              string
	RecordingURL     string // schedule.xml only
	RecordingLicense string
	DoNotRecord      bool
	Cancelled        bool // iCalendar only; the other two leave cancelled sessions out
}

// Speaker is a person on a session. One GUID means one person throughout a schedule.
type Speaker struct {
	GUID      string
	Name      string
	Biography string // schedule.json only, as are the address and links
	URL       string
	Links     []Link
}

// Link is an address with its title. Kind is one of the official words (slides, paper, web, …) or empty.
type Link struct {
	Title string
	URL   string
	Kind  string
}

// People lists everybody who speaks, once each, in order of appearance.
func (s Schedule) People() []Speaker {
	seen := map[string]bool{}
	var people []Speaker
	for _, session := range s.Sessions {
		for _, p := range session.Speakers {
			if !seen[p.GUID] {
				seen[p.GUID] = true
				people = append(people, p)
			}
		}
	}
	return people
}

// Location is the zone of the schedule, UTC when it names none.
func (s Schedule) Location() *time.Location {
	if loc, ok := location(s.TimeZone); ok {
		return loc
	}
	return time.UTC
}
