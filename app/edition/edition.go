// Package edition knows series (CMADFI) and their editions (one year's day or
// days: city, venue, time zone, opening times, texts), by what rule a series
// picks its date, and in which phase of its life an edition is.
//
// An edition also thanks those who made it, by name, and may have been planned
// from an earlier one.
//
// Tables: series, edition, thanks.
package edition

import (
	"time"

	"github.com/uptrace/bun"

	"agora/app/text"
)

// Series is a day that comes again every year.
type Series struct {
	bun.BaseModel `bun:"table:series"`

	ID        string `bun:",pk"`
	Slug      string
	Title     text.Texts
	About     text.Texts
	Hashtag   string
	Accent    string // #rrggbb, or empty for Agora's own
	DateRule  Rule
	CreatedAt time.Time
}

// Edition is one year's day or days. Times are instants; Zone says how they
// are read there.
type Edition struct {
	bun.BaseModel `bun:"table:edition"`

	ID        string `bun:",pk"`
	SeriesID  string
	Slug      string
	Title     text.Texts
	Lead      text.Texts
	City      text.Texts
	Venue     text.Texts
	Zone      string
	Languages Languages
	StartsAt  time.Time
	EndsAt    time.Time
	OpensAt   time.Time
	ClosesAt  time.Time
	StreamURL string
	Practical Practical
	// Revision is raised by whatever changes a public page of the edition.
	Revision int64
	// PlannedFrom is the id of the edition this one took over from, if any.
	PlannedFrom string
	CreatedAt   time.Time

	Series Series `bun:"-"`
	// location is the zone, read once when the edition was.
	location *time.Location
}

// Languages are the edition's languages, the first being the one others fall back to.
type Languages []text.Lang

// Topics of the practical page, in the order they are shown.
var Topics = [...]string{"arrival", "doors", "wifi", "cloakroom", "food", "access", "safer_space", "contact"}

// Practical is the practical page: a text per topic.
type Practical map[string]text.Texts

// Location is the edition's time zone. The zone was checked when it was saved;
// one this machine does not know reads as UTC.
func (e Edition) Location() *time.Location {
	if e.location != nil && e.location.String() == e.Zone {
		return e.location
	}
	loc, err := time.LoadLocation(e.Zone)
	if err != nil {
		return time.UTC
	}
	return loc
}

// Name is the edition's title in a language, falling back to its own first one.
func (e Edition) Name(l text.Lang) string {
	s, _ := e.Title.In(l, e.Languages...)
	return s
}

// In gives one of the edition's texts in a language, and the language it is in.
func (e Edition) In(t text.Texts, l text.Lang) (string, text.Lang) { return t.In(l, e.Languages...) }

// Local reads an instant on the edition's clock.
func (e Edition) Local(t time.Time) time.Time { return t.In(e.Location()) }

// Path is where the edition's pages live.
func (e Edition) Path() string { return "/" + e.Series.Slug + "/" + e.Slug }

// Acronym names the edition in schedule files: letters and digits only, as the
// official schema wants it.
func (e Edition) Acronym() string {
	var out []rune
	for _, r := range e.Series.Slug + e.Slug {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			out = append(out, r)
		}
	}
	return string(out)
}
