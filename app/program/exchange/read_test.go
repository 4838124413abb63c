package exchange

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func utc(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

func readSample(t *testing.T, name string) (Schedule, Report) {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s, report, err := Read(f, name)
	if err != nil {
		t.Fatal(err)
	}
	return s, report
}

func equal(t *testing.T, got, want any) {
	t.Helper()
	if reflect.DeepEqual(got, want) {
		return
	}
	g, w := strings.Split(fmt.Sprintf("%+v", got), " "), strings.Split(fmt.Sprintf("%+v", want), " ")
	i := 0
	for i < len(g) && i < len(w) && g[i] == w[i] {
		i++
	}
	from := max(i-12, 0)
	t.Errorf("got  … %s\nwant … %s", strings.Join(g[from:min(i+30, len(g))], " "), strings.Join(w[from:min(i+30, len(w))], " "))
}

func TestSmallXML(t *testing.T) {
	s, report := readSample(t, "small.xml")
	host := madeGUID("speaker", "lake2026", "3")
	equal(t, s, Schedule{
		Acronym: "lake2026", Title: "Lakeside Day", Version: "Draft 3",
		Start: utc("2026-10-24T00:00:00Z"), End: utc("2026-10-25T00:00:00Z"), TimeZone: "Europe/Helsinki",
		BaseURL: "https://lake.example.org/2026/", SlotMinutes: 15,
		Tracks: []Track{{"Water", "water", "#0088ff"}, {"3D & print", "track-3d-print", ""}},
		Rooms:  []Room{{Name: "Jetty", GUID: "11111111-2222-4333-8444-555555555555"}},
		Sessions: []Session{{
			GUID: "aaaaaaaa-0000-4000-8000-000000000001", ID: 7, Slug: "opening", Title: "Opening & welcome",
			Subtitle: "Coffee first", Abstract: "Two **short** words.\n\n- one\n- two", Language: "fi, sv", Track: "Water",
			Kind: "keynote", Room: "Jetty", Start: utc("2026-10-24T06:00:00Z"), Duration: 45 * time.Minute,
			Speakers: []Speaker{
				{GUID: host, Name: "Host of the day"},
				{GUID: "bbbbbbbb-0000-4000-8000-000000000002", Name: "Second voice"},
			},
			Links:       []Link{{"Map", "https://lake.example.org/map", "web"}},
			Attachments: []Link{{"Slides", "https://lake.example.org/a%20b.pdf", "slides"}},
			URL:         "https://lake.example.org/2026/opening", RecordingURL: "https://video.example.org/1",
			RecordingLicense: "CC BY 4.0", DoNotRecord: true,
		}},
	})
	equal(t, report, Report{
		Format: "schedule.xml", Sessions: 1, Rooms: 1, Tracks: 2, Speakers: 2,
		Notices: []Notice{
			{languageChanged, 1, []string{"21: suomi, sv → fi, sv"}},
			{speakerGUID, 1, []string{"38: Host of the day"}},
			{badLink, 1, []string{"41: javascript:alert(1)"}},
			{roomUnused, 1, []string{"Empty shed"}},
			{notKept, 2, []string{"15: conference/venue", "35: event/logo"}},
			{unknownElement, 1, []string{"43: event/weather"}},
			{acronymChanged, 1, []string{"lake-2026 → lake2026"}},
			{htmlTurned, 1, []string{"event/abstract"}},
			{trackColor, 1, []string{"3D & print: blueish"}},
		},
	})
}

func TestOldStyleXML(t *testing.T) {
	s, report := readSample(t, "oldstyle.xml")
	type row struct {
		title, room, slug string
		start             time.Time
		length            time.Duration
	}
	var rows []row
	for _, x := range s.Sessions {
		rows = append(rows, row{x.Title, x.Room, x.Slug, x.Start, x.Duration})
	}
	equal(t, rows, []row{
		{"Ropes", "Hall", "ropes", utc("2009-06-05T07:00:00Z"), 90 * time.Minute},
		{"Lunch", "Hall", "lunch", utc("2009-06-05T09:00:00Z"), 30 * time.Minute},
		{"Night songs", "Cellar", "night-songs", utc("2009-06-05T22:30:00Z"), time.Hour},
	})
	equal(t, s.Acronym, "oldharbourdays")
	equal(t, report.Notice(noTime), Notice{noTime, 1, []string{"22: When it fits"}})
	equal(t, report.Notice(badDuration), Notice{badDuration, 1, []string{"23: 4: long"}})
	equal(t, report.Notice(guidMade).Count, 3)
	again, _ := readSample(t, "oldstyle.xml")
	equal(t, again, s)
}

func TestSmallJSON(t *testing.T) {
	s, report := readSample(t, "small.json")
	equal(t, s.Rooms[0], Room{
		Name: "Pine", GUID: "22222222-0000-4000-8000-000000000001", Capacity: 120, Description: "Pohjakerros",
	})
	equal(t, len(s.Rooms), 2)
	equal(t, s.Sessions[0].Duration, 50*time.Minute)
	equal(t, s.Sessions[0].Speakers, []Speaker{
		{GUID: madeGUID("speaker", "forest", "ABC123"), Name: "Forester", Biography: "Knows trees."},
	})
	equal(t, s.Sessions[0].Slug+" "+s.Sessions[1].Slug, "roots roots-2")
	for kind, count := range map[string]int{
		guidRepeated: 1, slugRepeated: 1, idMade: 1, roomGUID: 1, outsideDay: 1, badDuration: 0, unknownElement: 1, notKept: 2,
	} {
		equal(t, report.Notice(kind).Count, count)
	}
}

func TestSmallCalendar(t *testing.T) {
	s, report := readSample(t, "small.ics")
	equal(t, s.Title+" "+s.TimeZone, "Island Webinars Europe/Helsinki")
	equal(t, s.Sessions, []Session{
		{
			GUID: "44444444-0000-4000-8000-000000000001", ID: s.Sessions[0].ID, Slug: "skargard-vind-och-vatten",
			Title: "Skärgård, vind och vatten", Description: "Rad ett\nRad två; slut", Language: "sv", Track: "Sea",
			Room: "Online", Start: utc("2026-10-05T10:00:00Z"), Duration: time.Hour,
			Speakers: []Speaker{{GUID: madeGUID("speaker", "islandwebinars", "Sea captain"), Name: "Sea captain"}},
		},
		{
			GUID: madeGUID("uid", "weekly-7"), ID: s.Sessions[1].ID, Slug: "weekly-round", Title: "Weekly round",
			Start: utc("2026-10-12T10:00:00Z"), Duration: 90 * time.Minute, Cancelled: true,
		},
	})
	for kind, count := range map[string]int{allDay: 1, recurring: 1, notKept: 2, speakerGUID: 1, unknownElement: 1} {
		equal(t, report.Notice(kind).Count, count)
	}
}
