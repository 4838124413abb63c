package program

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/text"
)

// Limits on what organisers write. Files may bring more: they are taken as they are.
const (
	maxName        = 120     // names of rooms, tracks and releases fit a heading
	maxTitle       = 200     // a title fits the projector
	maxAbstract    = 2_000   // a paragraph or two in lists and mails
	maxDescription = 20_000  // the session's own page
	maxSpeakers    = 30      // a panel, not an audience
	maxLinks       = 12      // a speaker's own places on the web
	maxLength      = 24 * 60 // minutes; longer is a slip of the date
	maxCapacity    = 100_000
)

var colorPattern = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// SessionInput is what an organiser says of a session.
type SessionInput struct {
	// Key is the form's own, made when it was shown. It becomes the id of a new
	// session, so that the same form sent twice makes one.
	Key string
	// Version is the one the form was filled from; 0 does not look at it.
	Version     int64
	Title       text.Texts
	Subtitle    text.Texts
	Abstract    text.Texts
	Description text.Texts
	Kind        Kind
	Language    string
	TrackID     string // empty: none, as with RoomID
	RoomID      string
	StartsAt    time.Time // both zero: no slot yet
	EndsAt      time.Time
	Speakers    []SpeakerRef
	Capacity    *int64 // seats of a workshop; nil: no limit
	Cancelled   bool
	DoNotRecord bool
}

// SpeakerRef points to a speaker by id or, when that is empty, by name: one of
// the edition's speakers of that name, or a new one.
type SpeakerRef struct{ ID, Name string }

// RoomInput is what an organiser says of a room.
type RoomInput struct {
	Name        text.Texts
	Description text.Texts
	Capacity    *int64
	StreamURL   string
	Equipment   text.Texts // nil: as it was
	Rank        int64      // 0: after the others
}

// TrackInput is what an organiser says of a track.
type TrackInput struct {
	Name  text.Texts
	Color string
	Rank  int64
}

// SpeakerInput is what is said of a speaker.
type SpeakerInput struct {
	// Version is the one the form was filled from; 0 does not look at it.
	Version   int64
	Name      string
	Biography text.Texts
	Links     []Link // nil: as they were
	PersonID  string // who signs in as the speaker; empty: as it was
	// Availability is when the speaker can be there; nil leaves it as it was,
	// none in it means any time.
	Availability Spans
}

// check cleans the input and notes every problem that shows without a database.
func (in *SessionInput) check(f fail.Fields, e edition.Edition) {
	in.Title = texts(f, "title", in.Title, maxTitle, true)
	in.Subtitle = texts(f, "subtitle", in.Subtitle, maxTitle, false)
	in.Abstract = texts(f, "abstract", in.Abstract, maxAbstract, false)
	in.Description = texts(f, "description", in.Description, maxDescription, false)
	if !slices.Contains(Kinds[:], in.Kind) {
		f.Add("kind", "program.kind_unknown")
	}
	in.Language = tags(f, in.Language)
	capacity(f, in.Capacity)
	in.checkTimes(f, e)
	if len(in.Speakers) > maxSpeakers {
		f.Add("speakers", "program.speakers_many", "max", maxSpeakers)
		return
	}
	for i := range in.Speakers {
		if in.Speakers[i].ID == "" {
			in.Speakers[i].Name = line(f, "speakers", in.Speakers[i].Name, maxName, true)
		}
	}
}

func (in *SessionInput) checkTimes(f fail.Fields, e edition.Edition) {
	switch {
	case in.StartsAt.IsZero() && in.EndsAt.IsZero():
		if in.RoomID != "" {
			f.Add("starts_at", "program.time_missing")
		}
		return
	case in.StartsAt.IsZero():
		f.Add("starts_at", "program.time_missing")
		return
	case in.EndsAt.IsZero():
		f.Add("ends_at", "program.end_missing")
		return
	}
	in.StartsAt, in.EndsAt = in.StartsAt.UTC().Truncate(time.Minute), in.EndsAt.UTC().Truncate(time.Minute)
	switch length := in.EndsAt.Sub(in.StartsAt); {
	case length <= 0:
		f.Add("ends_at", "program.ends_before")
	case length > maxLength*time.Minute:
		f.Add("ends_at", "program.too_long")
	}
	// The night after the last day still belongs to it.
	first, last := midnight(e.Local(e.StartsAt), 0), midnight(e.Local(e.EndsAt), 1).Add(dayChange)
	if in.StartsAt.Before(first) || !in.StartsAt.Before(last) {
		f.Add("starts_at", "program.outside_days")
	}
}

func (in *RoomInput) check(f fail.Fields) {
	in.Name = texts(f, "name", in.Name, maxName, true)
	in.Description = texts(f, "description", in.Description, maxAbstract, false)
	capacity(f, in.Capacity)
	in.StreamURL = address(f, "stream_url", in.StreamURL)
	if in.Equipment != nil {
		in.Equipment = texts(f, "equipment", in.Equipment, maxAbstract, false)
	}
}

func (in *TrackInput) check(f fail.Fields) {
	in.Name = texts(f, "name", in.Name, maxName, true)
	if in.Color = strings.ToLower(strings.TrimSpace(in.Color)); in.Color != "" && !colorPattern.MatchString(in.Color) {
		f.Add("color", "program.color_form")
	}
}

func (in *SpeakerInput) check(f fail.Fields) {
	in.Name = line(f, "name", in.Name, maxName, true)
	in.Biography = texts(f, "biography", in.Biography, maxDescription, false)
	in.Availability = in.Availability.check(f)
	in.Links = checkLinks(f, in.Links)
}

// checkLinks cleans a speaker's links; those without an address are left out.
func checkLinks(f fail.Fields, list []Link) []Link {
	if list == nil {
		return nil
	}
	kept := make([]Link, 0, len(list))
	for _, l := range list {
		l.Title, l.URL = line(f, "links", l.Title, maxName, false), address(f, "links", l.URL)
		if l.URL != "" {
			kept = append(kept, l)
		}
	}
	if len(kept) > maxLinks {
		f.Add("links", "program.links_many", "max", maxLinks)
	}
	return kept
}

// texts cleans a text in every language.
func texts(f fail.Fields, field string, t text.Texts, most int, required bool) text.Texts {
	kept := text.Texts{}
	for l, s := range t {
		clean, ok := text.Clean(s)
		if _, known := text.ParseLang(string(l)); !ok || !known {
			f.Add(field, "field.characters")
			return kept
		}
		if len([]rune(clean)) > most {
			f.Add(field, "field.long", "max", most)
			return kept
		}
		if clean != "" {
			kept[l] = clean
		}
	}
	if required && len(kept) == 0 {
		f.Add(field, "field.required")
	}
	return kept
}

// line cleans a text of one line.
func line(f fail.Fields, field, s string, most int, required bool) string {
	clean, ok := text.Clean(s)
	clean = strings.Join(strings.Fields(clean), " ")
	switch {
	case !ok:
		f.Add(field, "field.characters")
	case clean == "" && required:
		f.Add(field, "field.required")
	case len([]rune(clean)) > most:
		f.Add(field, "field.long", "max", most)
	}
	return clean
}

// tags reads "fi", or "fi, en" for a session in both.
func tags(f fail.Fields, s string) string {
	var list []string
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		tag, err := language.Parse(part)
		if err != nil || len(list) > 4 {
			f.Add("language", "program.language_unknown")
			return ""
		}
		list = append(list, tag.String())
	}
	return strings.Join(list, ", ")
}

func capacity(f fail.Fields, n *int64) {
	if n != nil && (*n < 1 || *n > maxCapacity) {
		f.Add("capacity", "program.capacity_range", "max", maxCapacity)
	}
}

func address(f fail.Fields, field, s string) string {
	s = line(f, field, s, maxAbstract, false)
	if s != "" && !WebAddress(s) {
		f.Add(field, "field.url")
	}
	return s
}

// WebAddress reports whether a link may lead there.
func WebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}
