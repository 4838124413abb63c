package exchange

import (
	"bufio"
	"io"
	"strconv"
	"strings"
)

// WriteXML writes schedule.xml as the official schema has it, whatever the schedule holds or lacks. Sessions without a
// slot and cancelled ones are left out: the format has no word for either.
func WriteXML(w io.Writer, s Schedule) error {
	s = Complete(s)
	x := &xmlWriter{w: bufio.NewWriter(w)}
	x.w.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	x.open("schedule")
	x.empty("generator", "name", "agora")
	x.element("version", s.Version)
	x.conference(s)
	loc := s.Location()
	for i, day := range writtenDays(s, loc) {
		x.open("day", "index", strconv.Itoa(i+1), "date", day.date.Format("2006-01-02"),
			"start", withOffset(day.start), "end", withOffset(day.end))
		for _, room := range day.rooms {
			attributes := []string{"name", room.Name}
			if room.GUID != "" {
				attributes = append(attributes, "guid", room.GUID)
			}
			x.open("room", attributes...)
			for _, session := range room.sessions {
				x.event(s, session)
			}
			x.close("room")
		}
		x.close("day")
	}
	x.close("schedule")
	return x.w.Flush()
}

func (x *xmlWriter) conference(s Schedule) {
	x.open("conference")
	x.element("acronym", s.Acronym)
	x.element("title", s.Title)
	if !s.Start.IsZero() {
		x.element("start", s.Start.Format("2006-01-02"))
		x.element("end", s.End.Format("2006-01-02"))
	}
	x.element("days", strconv.Itoa(len(writtenDays(s, s.Location()))))
	x.element("timeslot_duration", minutesText(s.SlotMinutes))
	x.optional("base_url", s.BaseURL)
	x.optional("url", s.URL)
	x.optional("time_zone_name", s.TimeZone)
	for _, t := range s.Tracks {
		attributes := []string{"name", t.Name, "slug", t.Slug}
		if t.Color != "" {
			attributes = append(attributes, "color", t.Color)
		}
		x.empty("track", attributes...)
	}
	x.close("conference")
}

func (x *xmlWriter) event(s Schedule, e Session) {
	start := e.Start.In(s.Location())
	x.open("event", "guid", e.GUID, "id", strconv.FormatInt(e.ID, 10))
	x.element("date", withOffset(start))
	x.element("start", start.Format("15:04"))
	x.element("duration", hoursMinutes(e.Duration))
	x.element("room", e.Room)
	x.element("slug", fullSlug(s.Acronym, e))
	x.optional("url", e.URL)
	x.element("title", e.Title)
	x.element("subtitle", e.Subtitle)
	x.element("track", e.Track)
	x.element("type", e.Kind)
	x.element("language", e.Language)
	x.element("abstract", e.Abstract)
	x.element("description", e.Description)
	x.open("recording")
	x.element("license", e.RecordingLicense)
	x.element("optout", strconv.FormatBool(e.DoNotRecord))
	x.optional("url", e.RecordingURL)
	x.close("recording")
	x.open("persons")
	for _, p := range e.Speakers {
		x.element("person", p.Name, "guid", p.GUID)
	}
	x.close("persons")
	x.links("links", "link", e.Links)
	x.links("attachments", "attachment", e.Attachments)
	x.close("event")
}

func (x *xmlWriter) links(many, one string, links []Link) {
	x.open(many)
	for _, l := range links {
		attributes := []string{"href", l.URL}
		if l.Kind != "" {
			attributes = append(attributes, "type", l.Kind)
		}
		x.element(one, l.Title, attributes...)
	}
	x.close(many)
}

// xmlWriter writes elements with two spaces of indent. Errors wait in the bufio.Writer for Flush.
type xmlWriter struct {
	w     *bufio.Writer
	depth int
}

func (x *xmlWriter) start(name string, attributes []string, end string) {
	for range x.depth {
		x.w.WriteString("  ")
	}
	x.w.WriteString("<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		x.w.WriteString(" " + attributes[i] + `="` + escapeXML(attributes[i+1]) + `"`)
	}
	x.w.WriteString(end)
}

func (x *xmlWriter) open(name string, attributes ...string) {
	x.start(name, attributes, ">\n")
	x.depth++
}

func (x *xmlWriter) close(name string) {
	x.depth--
	x.start("/"+name, nil, ">\n")
}

func (x *xmlWriter) empty(name string, attributes ...string) { x.start(name, attributes, "/>\n") }

func (x *xmlWriter) element(name, text string, attributes ...string) {
	if text == "" {
		x.empty(name, attributes...)
		return
	}
	x.start(name, attributes, ">")
	x.w.WriteString(escapeXML(text))
	x.w.WriteString("</" + name + ">\n")
}

func (x *xmlWriter) optional(name, text string) {
	if text != "" {
		x.element(name, text)
	}
}

// escapeXML leaves line ends as they are, unlike encoding/xml: texts stay readable in the file.
func escapeXML(s string) string {
	if !strings.ContainsAny(s, "&<>\"\r\t") {
		return s
	}
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\r", "&#13;", "\t", "&#9;").Replace(s)
}

func minutesText(minutes int) string {
	return twoDigits(minutes/60) + ":" + twoDigits(minutes%60)
}
