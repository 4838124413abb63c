package exchange

import (
	"encoding/json"
	"io"
	"strings"
	"time"
)

// schemaAddress is what the official schema calls itself.
const schemaAddress = "https://c3voc.de/schedule/schema.json"

type jsonFile struct {
	Schema    string            `json:"$schema"`
	Generator map[string]string `json:"generator"`
	Schedule  jsonSchedule      `json:"schedule"`
}

type jsonSchedule struct {
	Version    string         `json:"version"`
	BaseURL    string         `json:"base_url,omitempty"`
	Conference jsonConference `json:"conference"`
}

type jsonConference struct {
	Acronym     string            `json:"acronym"`
	Title       string            `json:"title"`
	Description string            `json:"description,omitempty"`
	Start       string            `json:"start"`
	End         string            `json:"end"`
	DaysCount   int               `json:"daysCount"`
	Slot        string            `json:"timeslot_duration"`
	TimeZone    string            `json:"time_zone_name,omitempty"`
	URL         string            `json:"url,omitempty"`
	Meta        map[string]string `json:"meta,omitempty"`
	Tracks      []jsonTrack       `json:"tracks"`
	Rooms       []jsonRoom        `json:"rooms"`
	Days        []jsonDay         `json:"days"`
}

type jsonTrack struct {
	Name  string `json:"name"`
	Slug  string `json:"slug"`
	Color string `json:"color,omitempty"`
}

type jsonRoom struct {
	Name        string  `json:"name"`
	GUID        string  `json:"guid"`
	Description *string `json:"description"`
	Capacity    *int    `json:"capacity"`
}

type jsonDay struct {
	Index int                    `json:"index"`
	Date  string                 `json:"date"`
	Start string                 `json:"day_start"`
	End   string                 `json:"day_end"`
	Rooms map[string][]jsonEvent `json:"rooms"`
}

type jsonEvent struct {
	ID               int64        `json:"id"`
	GUID             string       `json:"guid"`
	Date             string       `json:"date"`
	Start            string       `json:"start"`
	End              string       `json:"end"`
	Duration         string       `json:"duration"`
	Room             string       `json:"room"`
	Slug             string       `json:"slug"`
	URL              string       `json:"url"`
	Title            string       `json:"title"`
	Subtitle         string       `json:"subtitle"`
	Track            *string      `json:"track"`
	Type             string       `json:"type"`
	Language         *string      `json:"language"`
	Abstract         string       `json:"abstract"`
	Description      string       `json:"description"`
	RecordingLicense string       `json:"recording_license"`
	DoNotRecord      bool         `json:"do_not_record"`
	Persons          []jsonPerson `json:"persons"`
	Links            []jsonLink   `json:"links"`
	Attachments      []jsonLink   `json:"attachments"`
}

// jsonPerson has no "id" and no "public_name": with them the schema would see two kinds of person at once.
type jsonPerson struct {
	GUID      string     `json:"guid"`
	Name      string     `json:"name"`
	Biography *string    `json:"biography"`
	URL       string     `json:"url,omitempty"`
	Links     []jsonLink `json:"links"`
}

type jsonLink struct {
	Title string `json:"title"`
	URL   string `json:"url"`
	Type  string `json:"type,omitempty"`
}

// WriteJSON writes schedule.json as the official schema has it, whatever the schedule holds or lacks. Sessions without
// a slot and cancelled ones are left out, as in WriteXML.
func WriteJSON(w io.Writer, s Schedule) error {
	s = Complete(s)
	loc := s.Location()
	c := jsonConference{
		Acronym: s.Acronym, Title: s.Title, Description: s.Description, Slot: minutesText(s.SlotMinutes), URL: s.URL,
		Start: s.Start.Format(time.DateOnly), End: s.End.Format(time.DateOnly), Tracks: []jsonTrack{}, Rooms: []jsonRoom{},
	}
	if officialZone(s.TimeZone) {
		c.TimeZone = s.TimeZone
	} else if s.TimeZone != "" {
		c.Meta = map[string]string{"time_zone_name": s.TimeZone}
	}
	for _, t := range s.Tracks {
		c.Tracks = append(c.Tracks, jsonTrack(t))
	}
	for _, r := range s.Rooms {
		room := jsonRoom{Name: r.Name, GUID: r.GUID, Description: orNull(r.Description)}
		if r.Capacity > 0 {
			room.Capacity = &r.Capacity
		}
		c.Rooms = append(c.Rooms, room)
	}
	for i, day := range writtenDays(s, loc) {
		d := jsonDay{
			Index: i + 1, Date: day.date.Format(time.DateOnly), Start: withOffset(day.start), End: withOffset(day.end),
			Rooms: map[string][]jsonEvent{},
		}
		for _, room := range day.rooms {
			events := []jsonEvent{}
			for _, session := range room.sessions {
				events = append(events, eventJSON(s, session))
			}
			d.Rooms[room.Name] = events
		}
		c.Days = append(c.Days, d)
	}
	c.DaysCount = len(c.Days)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(jsonFile{
		Schema: schemaAddress, Generator: map[string]string{"name": "agora"},
		Schedule: jsonSchedule{Version: s.Version, BaseURL: s.BaseURL, Conference: c},
	})
}

func eventJSON(s Schedule, x Session) jsonEvent {
	start := x.Start.In(s.Location())
	e := jsonEvent{
		ID: x.ID, GUID: x.GUID, Date: withOffset(start), Start: start.Format("15:04"),
		End: withOffset(start.Add(x.Duration)), Duration: hoursMinutes(x.Duration), Room: x.Room,
		Slug: fullSlug(s.Acronym, x), URL: x.URL, Title: x.Title, Subtitle: x.Subtitle, Track: orNull(x.Track), Type: x.Kind,
		Language: orNull(x.Language), Abstract: x.Abstract, Description: x.Description,
		RecordingLicense: x.RecordingLicense, DoNotRecord: x.DoNotRecord,
		Persons: []jsonPerson{}, Links: linksJSON(x.Links), Attachments: linksJSON(x.Attachments),
	}
	if e.URL == "" {
		// The schema demands an address; the GUID is one.
		e.URL = "urn:uuid:" + x.GUID
	}
	for _, p := range x.Speakers {
		e.Persons = append(e.Persons, jsonPerson{
			GUID: p.GUID, Name: p.Name, Biography: orNull(p.Biography), URL: p.URL, Links: linksJSON(p.Links),
		})
	}
	return e
}

func linksJSON(links []Link) []jsonLink {
	list := []jsonLink{}
	for _, l := range links {
		list = append(list, jsonLink{Title: l.Title, URL: l.URL, Type: l.Kind})
	}
	return list
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// officialZone follows the schema's pattern: "Europe/Helsinki" passes, "US/Eastern" and "CET" do not.
func officialZone(name string) bool {
	if strings.HasSuffix(name, "UTC") {
		return true
	}
	area, city, found := strings.Cut(name, "/")
	return found && capitalised(area, true) && capitalised(city, false)
}

func capitalised(s string, whole bool) bool {
	if len(s) < 2 || s[0] < 'A' || s[0] > 'Z' || s[1] < 'a' || s[1] > 'z' {
		return false
	}
	for i := 1; whole && i < len(s); i++ {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return true
}
