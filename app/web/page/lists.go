package page

import (
	"net/url"
	"strconv"
)

// Pill is a part of a list, such as a state, as a quick way to those in it.
type Pill struct {
	Text, Href string
	N          int64
	Current    bool
}

// AskedBy is what the address asks by, of some names.
func (v *Visit) AskedBy(names []string) url.Values {
	q := url.Values{}
	for _, name := range names {
		if value := v.Query(name); value != "" {
			q.Set(name, value)
		}
	}
	return q
}

// AskedAs writes what the address asks by, of some names, with some of it changed.
func (v *Visit) AskedAs(names []string, changes ...string) string {
	q := v.AskedBy(names)
	for i := 0; i+1 < len(changes); i += 2 {
		if q.Set(changes[i], changes[i+1]); changes[i+1] == "" {
			q.Del(changes[i])
		}
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// ListLine tells of a line of a list that was sent in.
type ListLine struct {
	Line  int
	Text  string
	Field string
}

// Number is the line as it stands in a spreadsheet's margin.
func (l ListLine) Number() string { return strconv.Itoa(l.Line) }

// SheetTime is how a spreadsheet reads a time.
const SheetTime = "2006-01-02 15:04"
