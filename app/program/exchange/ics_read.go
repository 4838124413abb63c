package exchange

import (
	"bytes"
	"errors"
	"strings"
	"time"
)

// calendarTree reads iCalendar lines into the same nodes as the other formats: components hold properties, properties
// hold their parameters as "@name".
func calendarTree(text []byte) (*node, error) {
	b := treeBuilder{names: map[string]string{}}
	top := b.open("", 0)
	stack := []*node{top}
	lines := unfolded(text)
	for _, l := range lines {
		name, parameters, value, ok := property(l.text)
		if !ok {
			continue // an empty or stray line: it names nothing that could be lost but itself
		}
		parent := stack[len(stack)-1]
		switch name {
		case "begin":
			c := b.open(strings.ToLower(strings.TrimSpace(value)), l.number)
			parent.kids = append(parent.kids, c)
			stack = append(stack, c)
		case "end":
			if len(stack) == 1 || !parent.is(strings.TrimSpace(value)) {
				return nil, broken(l.number, errors.New("END without its BEGIN"))
			}
			stack = stack[:len(stack)-1]
		default:
			p := b.open(name, l.number)
			p.text = value
			for _, parameter := range parameters {
				key, v, _ := strings.Cut(parameter, "=")
				b.leaf(p, "@"+strings.ToLower(key), strings.Trim(v, `"`), l.number)
			}
			parent.kids = append(parent.kids, p)
		}
		if b.count > maxNodes || len(stack) > maxDepth {
			return nil, tooLarge()
		}
	}
	if len(stack) > 1 {
		return nil, broken(lines[len(lines)-1].number, errors.New("the file breaks off"))
	}
	calendar := top.first("vcalendar")
	if calendar == nil {
		return nil, notSchedule()
	}
	return calendar, nil
}

type calendarLine struct {
	text   string
	number int
}

// unfolded joins the lines that begin with a space to the ones before them.
func unfolded(text []byte) []calendarLine {
	var lines []calendarLine
	var open strings.Builder
	number, started := 0, 0
	flush := func() {
		if open.Len() > 0 {
			lines = append(lines, calendarLine{open.String(), started})
			open.Reset()
		}
	}
	for raw := range bytes.SplitSeq(text, []byte("\n")) {
		number++
		raw = bytes.TrimSuffix(raw, []byte("\r"))
		if len(raw) > 0 && (raw[0] == ' ' || raw[0] == '\t') {
			open.Write(raw[1:])
			continue
		}
		flush()
		started = number
		open.Write(raw)
	}
	flush()
	return lines
}

// property splits NAME;PARAM=x;PARAM="y":value at the first colon outside of quotes.
func property(line string) (name string, parameters []string, value string, ok bool) {
	quoted, from := false, 0
	var parts []string
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == ';':
			parts = append(parts, line[from:i])
			from = i + 1
		case c == ':':
			parts = append(parts, line[from:i])
			name = strings.ToLower(strings.TrimSpace(parts[0]))
			return name, parts[1:], line[i+1:], name != ""
		}
	}
	return "", nil, "", false
}

// unescape undoes the escapes of a TEXT value.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	return strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\N`, "\n", `\,`, ",", `\;`, ";").Replace(s)
}

// splitList splits a list of TEXT values at the commas that are not escaped.
func splitList(s string) []string {
	var list []string
	from := 0
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' {
			i++
		} else if s[i] == ',' {
			list = append(list, unescape(s[from:i]))
			from = i + 1
		}
	}
	return append(list, unescape(s[from:]))
}

// calendarTime reads DTSTART and its kin: UTC, with a zone, or floating in the calendar's own zone.
func (r *reading) calendarTime(p *node) (t time.Time, wholeDay, ok bool) {
	if p == nil {
		return time.Time{}, false, false
	}
	value := strings.TrimSpace(p.text)
	loc := r.loc
	if id := p.str("tzid"); id != "" {
		zone, known := location(strings.TrimPrefix(id, "/"))
		if known {
			loc = zone
		} else {
			r.notes.add(zoneUnknown, p.line, id)
		}
	}
	if strings.EqualFold(p.str("value"), "DATE") || len(value) == 8 {
		day, err := time.ParseInLocation("20060102", value, loc)
		return day.UTC(), true, err == nil
	}
	if utc, isUTC := strings.CutSuffix(value, "Z"); isUTC {
		value, loc = utc, time.UTC
	}
	t, err := time.ParseInLocation("20060102T150405", value, loc)
	return firstPass(t).UTC(), false, err == nil && sensible(t)
}
