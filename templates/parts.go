package templates

import (
	"html/template"
	"strings"
)

// Field is one control of a form. Type is an input type, "textarea" or "checkbox";
// a field with Options is a select. Its id is its Name.
type Field struct {
	Name, Label, Hint, Value, Type string
	Errors                         []string
	Required, Optional             bool
	Autocomplete, Lang             string
	Rows, Max                      int
	Min, Step, Placeholder         string
	Options                        []Option
	Checked, Disabled              bool
	// Was is the instant a time was filled in from; see page.Form.At.
	Was string
}

// Option is one thing to pick in a select or a choice.
type Option struct {
	Value, Text, Hint, Icon string
	Checked, Disabled       bool
}

// Choice is a group of cards, one to be picked or, with Several, any number.
type Choice struct {
	Name, Legend, Hint                   string
	Options                              []Option
	Errors                               []string
	Required, Optional, Several, Stacked bool
}

// Problem is one line of the error summary; Field may be empty.
type Problem struct{ Field, Text string }

// Notice is said in a box: Kind is "info", "success", "bad" or "live".
type Notice struct{ Kind, Title, Text, Href, Action string }

// Tag is a word for a state: Kind is "", "plain", "live", "bad", "mine" or
// "track track-<slug>".
type Tag struct{ Kind, Text, Icon string }

// Person is somebody shown by picture or initials; Size is "", "small" or "big".
type Person struct{ Name, Initials, Picture, Line, Href, Size string }

// Fact is one pair of a fact list.
type Fact struct{ Term, Text, Href, Note string }

// Empty stands where a list has nothing yet: what will be here and how to start.
type Empty struct{ Title, Text, Href, Action string }

// Pages leads through a long list.
type Pages struct {
	Prev, Next string
	Items      []Page
}

// Page is one number in Pages, or a gap between numbers.
type Page struct {
	Text, Href   string
	Current, Gap bool
}

// Countdown waits for an opening. Until and Now are epoch milliseconds of the
// server's clock; Text says the time in words, OpenText is read out at zero.
type Countdown struct {
	Until, Now     int64
	Text, OpenText string
}

// SessionRow is a session in a list. Time is needed only where no slot tells it.
type SessionRow struct {
	Href, Title, Lang       string
	Time, Kind, Room, Track string
	Language                string // where it is not the edition's first
	TrackClass              string
	Speakers                []string
	Tags                    []Tag
	Gone                    bool
	Star                    *Star
}

// Star is the button that marks a session as one's own. It belongs to the page's
// form "stars".
type Star struct {
	Slug, Label string
	On          bool
}

// Meta is the row's small line: what is known of time, kind, room, track and language.
func (s SessionRow) Meta() []string {
	var known []string
	for _, part := range []string{s.Time, s.Kind, s.Room, s.Track, s.Language} {
		if part != "" {
			known = append(known, part)
		}
	}
	return known
}

// Slot is a time of the programme with its sessions, or with a Break's name.
type Slot struct {
	ID, Datetime, Time, Note, Break, Lang string
	Now                                   bool
	Sessions                              []SessionRow
}

// drawing collects the markup of one SVG. Callers write only numbers, their own
// constants, and texts that went through esc.
type drawing struct{ strings.Builder }

func (d *drawing) html() template.HTML {
	return template.HTML(d.String()) // #nosec G203 -- see the type's comment
}

func esc(text string) string { return template.HTMLEscapeString(text) }
