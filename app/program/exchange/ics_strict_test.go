package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

// strictEvent is a VEVENT as a reader without mercy has it.
type strictEvent struct {
	uid, status, summary, location, description, url string
	sequence                                         int
	start, end                                       time.Time
}

// strict reads a calendar as RFC 5545 has it and knows nothing of our reader: every fault is an error. Local times
// are worked out from the file's own VTIMEZONE, not from the computer's.
func strict(file []byte) ([]strictEvent, error) {
	lines, err := strictLines(file)
	if err != nil {
		return nil, err
	}
	p := &strictReader{zones: map[string][]observance{}}
	for _, l := range lines {
		if err := p.line(l); err != nil {
			return nil, fmt.Errorf("%q: %w", l, err)
		}
	}
	if len(p.open) > 0 || !p.ended {
		return nil, errors.New("it does not end")
	}
	return p.events, nil
}

func strictLines(file []byte) ([]string, error) {
	if !bytes.HasSuffix(file, []byte("\r\n")) || !utf8.Valid(file) {
		return nil, errors.New("no end of line at the end, or no UTF-8")
	}
	var lines []string
	for raw := range strings.SplitSeq(strings.TrimSuffix(string(file), "\r\n"), "\r\n") {
		switch {
		case len(raw) > 75 || raw == "":
			return nil, fmt.Errorf("%d octets: %q", len(raw), raw)
		case !utf8.ValidString(raw):
			return nil, fmt.Errorf("a character is folded apart: %q", raw)
		case strings.IndexFunc(raw, unicode.IsControl) >= 0:
			return nil, fmt.Errorf("control character: %q", raw)
		case raw[0] == ' ' && len(lines) == 0:
			return nil, errors.New("begins with a fold")
		case raw[0] == ' ':
			lines[len(lines)-1] += raw[1:]
		default:
			lines = append(lines, raw)
		}
	}
	return lines, nil
}

type observance struct {
	from     time.Time // wall clock of the offset before
	was, now int
}

type strictReader struct {
	open   []string
	seen   map[string]bool
	zones  map[string][]observance
	zone   string
	rule   observance
	event  strictEvent
	uids   map[string]bool
	events []strictEvent
	ended  bool
}

var strictLine = regexp.MustCompile(`^([A-Z][A-Z0-9-]*)((?:;[A-Z-]+=(?:"[^"]*"|[^";:,]*))*):(.*)$`)

func (p *strictReader) line(l string) error {
	m := strictLine.FindStringSubmatch(l)
	if m == nil || p.ended {
		return errors.New("no content line")
	}
	name, parameters, value := m[1], m[2], m[3]
	switch name {
	case "BEGIN":
		if len(p.open) == 0 && value != "VCALENDAR" {
			return errors.New("no calendar")
		}
		p.open, p.seen, p.event, p.rule = append(p.open, value), map[string]bool{}, strictEvent{}, observance{}
		return nil
	case "END":
		return p.end(value)
	}
	if len(p.open) == 0 || p.seen[name] {
		return errors.New("outside, or twice")
	}
	p.seen[name] = true
	switch p.open[len(p.open)-1] {
	case "VEVENT":
		return p.property(name, parameters, value)
	case "VTIMEZONE":
		if name == "TZID" {
			p.zone = value
		}
	case "STANDARD", "DAYLIGHT":
		return p.observed(name, value)
	}
	return nil
}

func (p *strictReader) observed(name, value string) (err error) {
	switch name {
	case "DTSTART":
		p.rule.from, err = time.Parse("20060102T150405", value)
	case "TZOFFSETFROM", "TZOFFSETTO":
		var h, m int
		if _, err = fmt.Sscanf(value[1:], "%02d%02d", &h, &m); value[0] == '-' {
			h, m = -h, -m
		}
		if seconds := h*3600 + m*60; name == "TZOFFSETTO" {
			p.rule.now = seconds
		} else {
			p.rule.was = seconds
		}
	}
	return err
}

func (p *strictReader) end(value string) error {
	if len(p.open) == 0 || p.open[len(p.open)-1] != value {
		return errors.New("closes what is not open")
	}
	p.open = p.open[:len(p.open)-1]
	need := map[string][]string{"VCALENDAR": nil, "VEVENT": {"UID", "DTSTAMP", "DTSTART", "SEQUENCE", "STATUS"}, "STANDARD": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"},
		"DAYLIGHT": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"}}[value]
	for _, n := range need {
		if !p.seen[n] {
			return errors.New("lacks " + n)
		}
	}
	switch value {
	case "STANDARD", "DAYLIGHT":
		p.zones[p.zone] = append(p.zones[p.zone], p.rule)
	case "VEVENT":
		if p.uids == nil {
			p.uids = map[string]bool{}
		}
		if p.uids[p.event.uid] {
			return errors.New("UID twice")
		}
		p.uids[p.event.uid] = true
		p.events = append(p.events, p.event)
	case "VCALENDAR":
		p.ended = true
	}
	return nil
}

func (p *strictReader) property(name, parameters, value string) (err error) {
	e := &p.event
	for field, to := range map[string]*string{"SUMMARY": &e.summary, "LOCATION": &e.location, "DESCRIPTION": &e.description, "CATEGORIES": new(string), "UID": &e.uid} {
		if field == name {
			*to, err = strictText(value)
			return err
		}
	}
	switch name {
	case "STATUS":
		e.status = value
	case "URL":
		e.url = value
	case "SEQUENCE":
		_, err = fmt.Sscanf(value, "%d", &e.sequence)
	case "DTSTART":
		e.start, err = p.moment(parameters, value)
	case "DTEND":
		e.end, err = p.moment(parameters, value)
	case "DTSTAMP", "LAST-MODIFIED":
		_, err = time.Parse("20060102T150405Z", value)
	}
	return err
}

func strictText(s string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == ',' || c == ';':
			return "", errors.New("not escaped")
		case c != '\\':
			b.WriteByte(c)
		case i+1 == len(s) || strings.IndexByte(`\;,nN`, s[i+1]) < 0:
			return "", errors.New("escapes nothing")
		default:
			i++
			b.WriteString(map[byte]string{'\\': `\`, ';': ";", ',': ",", 'n': "\n", 'N': "\n"}[s[i]])
		}
	}
	return b.String(), nil
}

// moment works a local time out from the rule that came into force last.
func (p *strictReader) moment(parameters, value string) (time.Time, error) {
	if id, local := strings.CutPrefix(parameters, ";TZID="); local {
		wall, err := time.Parse("20060102T150405", value)
		rules := p.zones[id]
		if err != nil || len(rules) == 0 {
			return wall, errors.Join(err, errors.New("its zone is not told"))
		}
		best := rules[0]
		for _, r := range rules {
			if !wall.Before(r.from) && !r.from.Before(best.from) {
				best = r
			}
		}
		// In the hour that is repeated the first pass is meant: the rule begins when it is over.
		if gap := best.was - best.now; gap > 0 && wall.Before(best.from.Add(time.Duration(gap)*time.Second)) && wall.Before(best.from) {
			best.now = best.was
		}
		return wall.Add(-time.Duration(best.now) * time.Second), nil
	}
	return time.Parse("20060102T150405Z", value)
}

func TestStrictReaderIsStrict(t *testing.T) {
	good := asICS(t, Calendar{Name: "x", TimeZone: "Europe/Helsinki", Events: []Event{{UID: "1", Title: "a, b; c", Start: utc("2027-01-25T07:00:00Z"), End: utc("2027-01-25T08:00:00Z")}}})
	if _, err := strict([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{{"\r\n", "\n"}, {`a\,`, "a,"}, {"UID:1\r\n", ""}, {"END:VEVENT\r\n", ""}, {"SUMMARY", "SUMMARY:x\r\nSUMMARY"}, {"TZID=Europe/Helsinki", "TZID=Europe/Oslo"},
		{"SUMMARY:", "SUMMARY:" + strings.Repeat("x", 80)}, {"SUMMARY:", "SUMMARY:\x07"}, {"SUMMARY:", "SUMMARY:\xff"}} {
		if _, err := strict([]byte(strings.Replace(good, change[0], change[1], -1))); err == nil {
			t.Errorf("%q passes", change)
		}
	}
}

// Every hour of the nights around both changes of the clock, in zones with rules of their own, comes back as itself.
func TestTimesAroundEveryChangeOfTheClock(t *testing.T) {
	for _, zone := range []string{"Europe/Helsinki", "Europe/Berlin", "Europe/London", "Europe/Dublin", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca", "UTC"} {
		loc, ok := location(zone)
		if !ok {
			t.Fatal(zone)
		}
		c := Calendar{Name: zone, TimeZone: zone, Stamp: utc("2027-01-01T00:00:00Z")}
		for at := utc("2027-01-01T00:00:00Z"); at.Year() < 2028; {
			_, next := at.In(loc).ZoneBounds()
			if next.IsZero() || next.Year() > 2027 {
				break
			}
			for h := -26; h < 27; h++ {
				start := next.UTC().Add(time.Duration(h) * 30 * time.Minute)
				c.Events = append(c.Events, Event{UID: start.String(), Title: "x", Start: start, End: start.Add(20 * time.Minute)})
			}
			at = next
		}
		c.Events = append(c.Events, Event{UID: "summer", Title: "x", Start: utc("2027-07-01T12:00:00Z"), End: utc("2027-07-01T13:00:00Z")})
		events, err := strict([]byte(asICS(t, c)))
		if err != nil {
			t.Fatal(zone, err)
		}
		for i, e := range events {
			if !e.start.Equal(c.Events[i].Start) || !e.end.Equal(c.Events[i].End) {
				t.Errorf("%s: %v – %v became %v – %v", zone, c.Events[i].Start, c.Events[i].End, e.start, e.end)
			}
		}
	}
}

func TestStrictReaderAgrees(t *testing.T) {
	r := rand.New(rand.NewPCG(5545, 2027))
	for range 150 {
		s := Complete(wild(r))
		c := CalendarOf(s, utc("2026-11-20T10:00:00Z"))
		for i := range c.Events {
			c.Events[i].Sequence = i
			c.Events[i].Modified = utc("2026-11-20T11:00:00Z")
		}
		events, err := strict([]byte(asICS(t, c)))
		if err != nil {
			t.Fatal(err)
		}
		equal(t, len(events), len(c.Events))
		for i, e := range events {
			w := c.Events[i]
			status := "CONFIRMED"
			if w.Cancelled {
				status = "CANCELLED"
			}
			equal(t, e, strictEvent{uid: w.UID, status: status, summary: cleanLine(w.Title), location: w.Location, description: strings.ReplaceAll(cleanText(w.Description), "\t", " "),
				url: w.URL, sequence: i, start: w.Start, end: w.End})
		}
		if t.Failed() {
			return
		}
	}
}
