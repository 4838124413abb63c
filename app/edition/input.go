package edition

import (
	"database/sql/driver"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"agora/app/db"
	"agora/app/fail"
	"agora/app/text"
)

const (
	maxTitle = 120  // fits a page's heading and a badge's corner
	maxText  = 4000 // a page of practical facts
	maxDays  = 14   // an edition is a day or days, not a season
)

var (
	slugPattern   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	accentPattern = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
)

// taken are first parts of addresses that the program keeps for itself.
var taken = map[string]bool{"api": true, "desk": true, "door": true, "stage": true, "screen": true, "ticket": true,
	"verify": true, "me": true, "static": true, "healthz": true, "readyz": true, "sign-in": true, "sign-out": true, "metrics": true,
	"gallery": true, "search": true, newSlug: true, "mail": true, "robots.txt": true, "favicon.ico": true, "privacy": true}

// newSlug is where the desk makes a series' next edition.
const newSlug = "new"

// SeriesInput is what an organiser says of a series.
type SeriesInput struct {
	Slug     string
	Title    text.Texts
	About    text.Texts
	Hashtag  string
	Accent   string
	DateRule Rule
}

// Check gives every problem of the input at once.
func (in SeriesInput) Check() error {
	f := fail.Fields{}
	checkSlug(f, in.Slug)
	if reserved(in.Slug) {
		f.Add("slug", "edition.slug_kept")
	}
	checkTexts(f, "title", in.Title, maxTitle, true)
	checkTexts(f, "about", in.About, maxText, false)
	if in.Accent != "" && !accentPattern.MatchString(in.Accent) {
		f.Add("accent", "edition.accent_form")
	}
	switch _, ok := text.Clean(in.Hashtag); {
	case !ok:
		f.Add("hashtag", "field.characters")
	case len([]rune(in.Hashtag)) > maxTitle:
		f.Add("hashtag", "field.long", "max", maxTitle)
	}
	if _, _, _, ok := in.DateRule.Parts(); in.DateRule != "" && !ok {
		f.Add("date_rule", "edition.rule_form")
	}
	return f.Err()
}

// Input is what an organiser says of an edition.
type Input struct {
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
	// PlannedFrom is the edition that a new one takes over from; it never changes.
	PlannedFrom string
}

// Check gives every problem of the input at once.
func (in Input) Check() error {
	f := fail.Fields{}
	checkSlug(f, in.Slug)
	if in.Slug == newSlug {
		f.Add("slug", "edition.slug_kept")
	}
	checkTexts(f, "title", in.Title, maxTitle, true)
	checkTexts(f, "lead", in.Lead, maxText, false)
	checkTexts(f, "city", in.City, maxTitle, false)
	checkTexts(f, "venue", in.Venue, maxTitle, false)
	for topic, t := range in.Practical {
		checkTexts(f, "practical_"+topic, t, maxText, false)
	}
	if _, err := time.LoadLocation(in.Zone); err != nil || in.Zone == "" || in.Zone == "Local" {
		f.Add("zone", "edition.zone_unknown")
	}
	if len(in.Languages) == 0 {
		f.Add("languages", "edition.languages_none")
	}
	if in.StreamURL != "" && !webAddress(in.StreamURL) {
		f.Add("stream_url", "field.url")
	}
	in.checkTimes(f)
	return f.Err()
}

func (in Input) checkTimes(f fail.Fields) {
	for name, t := range map[string]time.Time{"starts_at": in.StartsAt, "ends_at": in.EndsAt, "opens_at": in.OpensAt, "closes_at": in.ClosesAt} {
		if t.IsZero() {
			f.Add(name, "field.time")
		}
	}
	if len(f["starts_at"])+len(f["ends_at"]) == 0 {
		switch d := in.EndsAt.Sub(in.StartsAt); {
		case d <= 0:
			f.Add("ends_at", "edition.ends_before")
		case d > maxDays*24*time.Hour:
			f.Add("ends_at", "edition.too_long", "max", maxDays)
		}
	}
	if len(f["opens_at"])+len(f["closes_at"]) == 0 && !in.ClosesAt.After(in.OpensAt) {
		f.Add("closes_at", "edition.closes_before")
	}
	if len(f["closes_at"])+len(f["ends_at"]) == 0 && in.ClosesAt.After(in.EndsAt) {
		f.Add("closes_at", "edition.closes_late")
	}
}

func checkSlug(f fail.Fields, slug string) {
	switch {
	case slug == "":
		f.Add("slug", "field.required")
	case !slugPattern.MatchString(slug) || len(slug) > 60:
		f.Add("slug", "edition.slug_form")
	}
}

// checkTexts looks at every language of a text; a required one needs at least one.
func checkTexts(f fail.Fields, name string, t text.Texts, most int, required bool) {
	if required && t.Empty() {
		f.Add(name, "field.required")
	}
	for _, s := range t {
		if _, ok := text.Clean(s); !ok {
			f.Add(name, "field.characters")
		}
		if len([]rune(s)) > most {
			f.Add(name, "field.long", "max", most)
		}
	}
}

func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// Value stores the languages as "fi,sv,en".
func (l Languages) Value() (driver.Value, error) {
	codes := make([]string, len(l))
	for i, lang := range l {
		codes[i] = string(lang)
	}
	return strings.Join(codes, ","), nil
}

// Scan reads what Value stored.
func (l *Languages) Scan(src any) error {
	*l = nil
	for _, code := range strings.Split(fmt.Sprintf("%s", src), ",") {
		if lang, ok := text.ParseLang(code); ok {
			*l = append(*l, lang)
		}
	}
	return nil
}

// Value stores the practical texts as JSON.
func (p Practical) Value() (driver.Value, error) {
	kept := map[string]text.Texts{}
	for topic, t := range p {
		if !t.Empty() {
			kept[topic] = t
		}
	}
	return db.ValueJSON(kept)
}

// Scan reads what Value stored.
func (p *Practical) Scan(src any) error {
	*p = Practical{}
	var m map[string]map[text.Lang]string
	if err := db.ScanJSON(src, &m); err != nil {
		return err
	}
	for topic, t := range m {
		(*p)[topic] = t
	}
	return nil
}
