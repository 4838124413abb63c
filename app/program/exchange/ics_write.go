package exchange

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// maxLineOctets is where RFC 5545 wants lines folded.
const maxLineOctets = 75

// Calendar is what becomes one .ics file: a programme, somebody's agenda, or the single event on a ticket.
type Calendar struct {
	Name     string
	TimeZone string        // IANA name; empty means UTC
	Stamp    time.Time     // when the facts were as they are: DTSTAMP of every event
	Refresh  time.Duration // how often a subscriber may ask again; zero says nothing
	Events   []Event
}

// Event is one entry. UID must stay for ever; Sequence must grow with every change of time, place or state.
type Event struct {
	UID         string
	Sequence    int
	Title       string
	Description string // plain text
	Location    string
	URL         string
	Category    string
	Language    string
	Start, End  time.Time
	Modified    time.Time // zero says nothing
	Tentative   bool      // a waiting list's entry
	Cancelled   bool
}

// CalendarOf makes a calendar of the sessions that have a slot. Callers that count changes set Sequence themselves.
func CalendarOf(s Schedule, stamp time.Time) Calendar {
	s = Complete(s)
	c := Calendar{Name: s.Title, TimeZone: s.TimeZone, Stamp: stamp, Refresh: time.Hour}
	for _, x := range s.Sessions {
		if x.Start.IsZero() {
			continue
		}
		var names []string
		for _, p := range x.Speakers {
			names = append(names, p.Name)
		}
		var paragraphs []string
		for _, part := range []string{strings.Join(names, ", "), x.Subtitle, x.Abstract, x.Description} {
			if part != "" {
				paragraphs = append(paragraphs, part)
			}
		}
		language, _, _ := strings.Cut(x.Language, ",")
		c.Events = append(c.Events, Event{
			UID: x.GUID, Title: x.Title, Description: strings.Join(paragraphs, "\n\n"), Location: x.Room, URL: x.URL,
			Category: x.Track, Language: language, Start: x.Start, End: x.Start.Add(x.Duration), Cancelled: x.Cancelled,
		})
	}
	return c
}

// WriteICS writes a calendar as RFC 5545 has it.
func WriteICS(w io.Writer, c Calendar) error {
	loc, ok := location(c.TimeZone)
	if !ok {
		loc = time.UTC
	}
	x := &icsWriter{w: bufio.NewWriter(w), loc: loc}
	x.line("BEGIN:VCALENDAR")
	x.line("VERSION:2.0")
	x.line("PRODID:-//Agora//Agora//EN")
	x.line("CALSCALE:GREGORIAN")
	x.line("METHOD:PUBLISH")
	x.text("X-WR-CALNAME", c.Name)
	if loc != time.UTC {
		x.text("X-WR-TIMEZONE", loc.String())
	}
	if c.Refresh >= time.Minute {
		every := fmt.Sprintf("PT%dM", c.Refresh/time.Minute)
		x.line("REFRESH-INTERVAL;VALUE=DURATION:" + every)
		x.line("X-PUBLISHED-TTL:" + every)
	}
	if from, to := span(c.Events); loc != time.UTC && !from.IsZero() {
		x.zone(from, to)
	}
	for _, e := range c.Events {
		x.event(e, c.Stamp)
	}
	x.line("END:VCALENDAR")
	return x.w.Flush()
}

func span(events []Event) (from, to time.Time) {
	for _, e := range events {
		if from.IsZero() || e.Start.Before(from) {
			from = e.Start
		}
		if e.End.After(to) {
			to = e.End
		}
	}
	return from, to
}

// icsWriter writes folded lines; errors wait in the bufio.Writer for Flush.
type icsWriter struct {
	w   *bufio.Writer
	loc *time.Location
}

func (x *icsWriter) event(e Event, stamp time.Time) {
	if e.End.Before(e.Start) {
		e.End = e.Start
	}
	x.line("BEGIN:VEVENT")
	x.text("UID", e.UID)
	x.line("DTSTAMP:" + utcTime(stamp))
	if !e.Modified.IsZero() {
		x.line("LAST-MODIFIED:" + utcTime(e.Modified))
	}
	x.line(fmt.Sprintf("SEQUENCE:%d", max(e.Sequence, 0)))
	switch {
	case e.Cancelled:
		x.line("STATUS:CANCELLED")
	case e.Tentative:
		x.line("STATUS:TENTATIVE")
	default:
		x.line("STATUS:CONFIRMED")
	}
	x.time("DTSTART", e.Start)
	x.time("DTEND", e.End)
	summary := "SUMMARY"
	if tag, _ := cleanLanguage(e.Language); tag != "" && !strings.Contains(tag, ",") {
		summary += ";LANGUAGE=" + tag
	}
	x.text(summary, cleanLine(e.Title))
	x.text("LOCATION", cleanLine(e.Location))
	x.text("DESCRIPTION", e.Description)
	x.text("CATEGORIES", cleanLine(e.Category))
	if address, ok := cleanURL(e.URL, ""); ok {
		x.line("URL:" + address)
	}
	x.line("END:VEVENT")
}

// time writes an instant in the calendar's zone. In the hour that the clock repeats in autumn a local time means the
// first pass, so the second is written as UTC.
func (x *icsWriter) time(name string, t time.Time) {
	t = t.Truncate(time.Second)
	local := t.In(x.loc)
	if x.loc == time.UTC || repeated(local) > 0 {
		x.line(name + ":" + utcTime(t))
		return
	}
	x.line(name + ";TZID=" + x.loc.String() + ":" + local.Format(localLayout))
}

const localLayout = "20060102T150405"

func utcTime(t time.Time) string { return t.UTC().Format(localLayout) + "Z" }

// text writes a TEXT property, nothing when it is empty.
func (x *icsWriter) text(name, value string) {
	if value = cleanText(value); value != "" {
		x.line(name + ":" + escapeText(value))
	}
}

func escapeText(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`, "\t", " ").Replace(s)
}

// line writes one content line, folded before 75 octets and never inside a character.
func (x *icsWriter) line(s string) {
	room := maxLineOctets
	for len(s) > room {
		cut := room
		for cut > 1 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		x.w.WriteString(s[:cut])
		x.w.WriteString("\r\n ")
		s, room = s[cut:], maxLineOctets-1
	}
	x.w.WriteString(s)
	x.w.WriteString("\r\n")
}
