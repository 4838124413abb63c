package exchange

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

func asICS(t *testing.T, c Calendar) string {
	return string(written(t, func(b *bytes.Buffer) error { return WriteICS(b, c) }))
}

func TestTicketCalendar(t *testing.T) {
	got := asICS(t, Calendar{
		Name: "CMADFI 2027", TimeZone: "Europe/Helsinki", Stamp: utc("2026-11-20T10:00:00Z"),
		Events: []Event{{
			UID: "ticket-7@agora.example.org", Sequence: 2, Title: "CMADFI, Jyväskylä; 2027", Location: "Aula\x07\nIso sali",
			Description: "Tervetuloa!\nOvet aukeavat 8.30, ohjelma alkaa yhdeksältä ja kahvia on tarjolla koko aamupäivän ajan.",
			URL:         "https://agora.example.org/ticket/abc", Start: utc("2027-01-25T07:00:00Z"), End: utc("2027-01-25T15:00:00Z"),
			Tentative: true, Language: "fi",
		}},
	})
	want := strings.Join([]string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Agora//Agora//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
		"X-WR-CALNAME:CMADFI 2027", "X-WR-TIMEZONE:Europe/Helsinki",
		"BEGIN:VTIMEZONE", "TZID:Europe/Helsinki",
		"BEGIN:STANDARD", "DTSTART:20261025T040000", "TZOFFSETFROM:+0300", "TZOFFSETTO:+0200", "TZNAME:EET", "END:STANDARD",
		"BEGIN:DAYLIGHT", "DTSTART:20270328T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0300", "TZNAME:EEST", "END:DAYLIGHT",
		"BEGIN:STANDARD", "DTSTART:20271031T040000", "TZOFFSETFROM:+0300", "TZOFFSETTO:+0200", "TZNAME:EET", "END:STANDARD",
		"END:VTIMEZONE",
		"BEGIN:VEVENT", "UID:ticket-7@agora.example.org", "DTSTAMP:20261120T100000Z", "SEQUENCE:2", "STATUS:TENTATIVE",
		"DTSTART;TZID=Europe/Helsinki:20270125T090000", "DTEND;TZID=Europe/Helsinki:20270125T170000",
		`SUMMARY;LANGUAGE=fi:CMADFI\, Jyväskylä\; 2027`, "LOCATION:Aula Iso sali",
		`DESCRIPTION:Tervetuloa!\nOvet aukeavat 8.30\, ohjelma alkaa yhdeksältä ja`, `  kahvia on tarjolla koko aamupäivän ajan.`,
		"URL:https://agora.example.org/ticket/abc", "END:VEVENT", "END:VCALENDAR", "",
	}, "\r\n")
	equal(t, strings.Split(got, "\r\n"), strings.Split(want, "\r\n"))
}

func TestCalendarLines(t *testing.T) {
	r := rand.New(rand.NewPCG(5545, 75))
	for range 100 {
		file := asICS(t, CalendarOf(wild(r), utc("2026-11-20T10:00:00Z")))
		if !strings.HasSuffix(file, "\r\n") || !utf8.ValidString(file) {
			t.Fatal("broken end or broken character")
		}
		for line := range strings.SplitSeq(strings.TrimSuffix(file, "\r\n"), "\r\n") {
			if len(line) > maxLineOctets || !utf8.ValidString(line) || line == "" {
				t.Fatalf("%d octets: %q", len(line), line)
			}
			if i := strings.IndexFunc(line, func(r rune) bool { return unicode.IsControl(r) }); i >= 0 {
				t.Fatalf("control character in %q", line)
			}
		}
	}
}

func TestImportOfCalendarIsTheSame(t *testing.T) {
	r := rand.New(rand.NewPCG(55, 45))
	for range 100 {
		s := titled(wild(r))
		if s = Complete(s); s.Title == "" {
			s.Title = "A day"
		}
		c := CalendarOf(s, utc("2026-11-20T10:00:00Z"))
		got, report, err := Read(strings.NewReader(asICS(t, c)), "x.ics")
		if err != nil {
			t.Fatal(err)
		}
		type row struct {
			guid, title, room, track, url string
			start                         time.Time
			length                        time.Duration
			cancelled                     bool
		}
		rows := func(sessions []Session) map[string]row {
			m := map[string]row{}
			for _, x := range sessions {
				if !x.Start.IsZero() {
					m[x.GUID] = row{x.GUID, x.Title, x.Room, x.Track, x.URL, x.Start, x.Duration, x.Cancelled}
				}
			}
			return m
		}
		equal(t, rows(got.Sessions), rows(s.Sessions))
		for _, kind := range []string{unknownElement, notKept, badDuration, noTime, guidMade, badLink} {
			if n := report.Notice(kind); n.Count > 0 {
				t.Errorf("%+v", n)
			}
		}
		if t.Failed() {
			return
		}
	}
}

func TestRepeatedHourOfAutumn(t *testing.T) {
	var events []Event
	for _, start := range []string{"2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"} {
		events = append(events, Event{UID: start, Title: start, Start: utc(start), End: utc(start).Add(10 * time.Minute)})
	}
	file := asICS(t, Calendar{Name: "Night", TimeZone: "Europe/Helsinki", Events: events})
	s, _, err := Read(strings.NewReader(file), "x.ics")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, []time.Time{s.Sessions[0].Start, s.Sessions[1].Start}, []time.Time{events[0].Start, events[1].Start})
}

func TestCalendarWithoutZone(t *testing.T) {
	file := asICS(t, Calendar{Name: "UTC", Events: []Event{{UID: "1", Title: "x", Start: utc("2027-01-25T07:00:00Z"), End: utc("2027-01-25T06:00:00Z")}}})
	if strings.Contains(file, "VTIMEZONE") || !strings.Contains(file, "DTSTART:20270125T070000Z\r\nDTEND:20270125T070000Z\r\n") {
		t.Error(file)
	}
}
