package exchange

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"agora/app/apptest"
)

// judgeAll hands many files to one xmllint.
func judgeAll(t *testing.T, files [][]byte) {
	t.Helper()
	xmlJudge(t) // skips, or fails, where there is no schema or no xmllint
	dir := t.TempDir()
	args := []string{"--noout", "--nonet", "--schema", apptest.RealFile(t, "schedule.xsd")}
	for i, file := range files {
		path := filepath.Join(dir, fmt.Sprintf("%05d.xml", i))
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	out, err := exec.Command("xmllint", args...).CombinedOutput()
	if err == nil {
		return
	}
	shown := 0
	for line := range strings.SplitSeq(string(out), "\n") {
		if !strings.HasSuffix(line, " validates") && shown < 12 {
			t.Error(line)
			shown++
		}
	}
}

// configurations are what an organiser may have or lack; every one is tried alone and together with each other.
var configurations = []struct {
	name  string
	apply func(s *Schedule)
}{
	{"colours", func(s *Schedule) {
		for i := range s.Tracks {
			s.Tracks[i].Color = [...]string{"#1a7f5a", "#FFF", "teal", "#12345678"}[i%4]
		}
	}},
	{"no tracks", func(s *Schedule) {
		s.Tracks = nil
		each(s, func(x *Session) { x.Track = "" })
	}},
	{"track without slug", func(s *Schedule) {
		for i := range s.Tracks {
			s.Tracks[i].Slug, s.Tracks[i].Name = "", [...]string{"3D", "🎉", "Å"}[i%3]
		}
		each(s, func(x *Session) { x.Track = "" })
	}},
	{"no rooms", func(s *Schedule) { s.Rooms = nil; each(s, func(x *Session) { x.Room = "" }) }},
	{"rooms not listed", func(s *Schedule) { s.Rooms = nil }},
	{"room with markup", func(s *Schedule) { each(s, func(x *Session) { x.Room = `<Sali> & "aula"` }) }},
	{"no speakers", func(s *Schedule) { each(s, func(x *Session) { x.Speakers = nil }) }},
	{"speakers in full", func(s *Schedule) {
		each(s, func(x *Session) {
			x.Speakers = append(x.Speakers, Speaker{Name: "Åsa “Ö” Öhman", Biography: oddities[8], URL: "https://example.org/ö", Links: []Link{{URL: "https://example.org/b"}}})
		})
	}},
	{"empty texts", func(s *Schedule) {
		each(s, func(x *Session) {
			x.Subtitle, x.Abstract, x.Description, x.Language, x.Kind, x.URL = "", "", "", "", "", ""
		})
	}},
	{"hostile texts", func(s *Schedule) {
		i := 0
		each(s, func(x *Session) {
			x.Title, x.Subtitle, x.Abstract, x.Description, x.Kind = oddities[i%len(oddities)], oddities[(i+3)%len(oddities)], oddities[(i+7)%len(oddities)], strings.Repeat(oddities[(i+11)%len(oddities)], 400), oddities[(i+5)%len(oddities)]
			i++
		})
	}},
	{"several languages", func(s *Schedule) { each(s, func(x *Session) { x.Language = "fi, sv, en" }) }},
	{"odd language", func(s *Schedule) { each(s, func(x *Session) { x.Language = "de-formal, klingon" }) }},
	{"cancelled", func(s *Schedule) {
		for i := range s.Sessions {
			s.Sessions[i].Cancelled = i%2 == 0
		}
	}},
	{"all cancelled", func(s *Schedule) { each(s, func(x *Session) { x.Cancelled = true }) }},
	{"recording", func(s *Schedule) {
		each(s, func(x *Session) {
			x.RecordingLicense, x.RecordingURL, x.DoNotRecord = "CC BY 4.0 & <x>", "https://example.org/v.webm", true
		})
	}},
	{"past midnight", func(s *Schedule) { each(s, func(x *Session) { x.Start = x.Start.Add(15 * time.Hour) }) }},
	{"spring night", func(s *Schedule) { moveTo(s, "2027-03-28T00:00:00Z") }},
	{"autumn night", func(s *Schedule) { moveTo(s, "2027-10-31T00:10:00Z") }},
	{"many days", func(s *Schedule) {
		for i := range s.Sessions {
			s.Sessions[i].Start = s.Sessions[i].Start.AddDate(0, 0, 3*i)
		}
	}},
	{"no slots", func(s *Schedule) { each(s, func(x *Session) { x.Start = time.Time{} }) }},
	{"long sessions", func(s *Schedule) { each(s, func(x *Session) { x.Duration = 30 * time.Hour }) }},
	{"no zone", func(s *Schedule) { s.TimeZone = "" }},
	{"odd zone", func(s *Schedule) { s.TimeZone = "CET" }},
	{"nothing", func(s *Schedule) { s.Sessions = nil }},
	{"no title", func(s *Schedule) { s.Title, s.Acronym, s.Version = "", "", "" }},
	{"dash in acronym", func(s *Schedule) { s.Acronym = "cmadfi-2027" }},
	{"links", func(s *Schedule) {
		each(s, func(x *Session) {
			for i, a := range addresses {
				x.Links = append(x.Links, Link{Title: oddities[i%len(oddities)], URL: a, Kind: [...]string{"", "slides", "odd"}[i%3]})
			}
			x.Attachments = x.Links
		})
	}},
	{"no numbers", func(s *Schedule) { each(s, func(x *Session) { x.ID, x.GUID, x.Slug = 0, "", "" }) }},
}

func each(s *Schedule, do func(x *Session)) {
	for i := range s.Sessions {
		do(&s.Sessions[i])
	}
}

func moveTo(s *Schedule, from string) {
	for i := range s.Sessions {
		s.Sessions[i].Start = utc(from).Add(time.Duration(i) * 30 * time.Minute)
	}
	s.Start, s.End = time.Time{}, time.Time{}
}

// ordinary is the schedule that the configurations are tried on.
func ordinary() Schedule {
	s := Schedule{Acronym: "cmadfi2027", Title: "CMADFI 2027", Version: "1", TimeZone: "Europe/Helsinki", BaseURL: "https://agora.example.org/cmadfi/2027",
		URL: "https://agora.example.org/cmadfi/2027", Start: utc("2027-01-25T00:00:00Z"), End: utc("2027-01-25T00:00:00Z"), SlotMinutes: 5,
		Tracks: []Track{{Name: "Yhteisöt", Slug: "yhteisot"}, {Name: "Web", Slug: "web"}, {Name: "Tieto", Slug: "tieto"}},
		Rooms:  []Room{{Name: "Aula", GUID: madeGUID("a"), Capacity: 300}, {Name: "Sali"}}}
	for i := range 7 {
		s.Sessions = append(s.Sessions, Session{GUID: madeGUID(fmt.Sprint(i)), ID: int64(i + 1), Slug: fmt.Sprint("osa-", i), Title: fmt.Sprint("Osa ", i), Abstract: "Kuvaus **on**.",
			Language: "fi", Track: s.Tracks[i%3].Name, Kind: "talk", Room: s.Rooms[i%2].Name, Start: utc("2027-01-25T07:00:00Z").Add(time.Duration(i) * time.Hour), Duration: 45 * time.Minute,
			Speakers: []Speaker{{GUID: madeGUID("p", fmt.Sprint(i%4)), Name: fmt.Sprint("Puhuja ", i%4)}}})
	}
	return s
}

// TestExportsAreValidInEveryConfiguration tries each configuration alone and every two together, in both formats, and
// as a calendar.
func TestExportsAreValidInEveryConfiguration(t *testing.T) {
	judgeJSON := jsonJudge(t)
	var files [][]byte
	try := func(name string, s Schedule) {
		files = append(files, asXML(t, s))
		judgeJSON(t, asJSON(t, s))
		if _, err := strict([]byte(asICS(t, CalendarOf(s, utc("2026-11-20T10:00:00Z"))))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i, a := range configurations {
		for _, b := range configurations[i:] {
			s := ordinary()
			a.apply(&s)
			b.apply(&s)
			try(a.name+", "+b.name, s)
			if t.Failed() {
				t.Fatal(a.name + ", " + b.name)
			}
		}
	}
	judgeAll(t, files)
	t.Logf("%d schedules", len(files))
}
