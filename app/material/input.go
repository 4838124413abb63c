package material

import (
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/language"

	"agora/app/fail"
	"agora/app/text"
)

const (
	maxTitle      = 200  // one line in a list
	maxURL        = 2000 // what browsers and mails carry
	maxLicence    = 100  // a name, not its text
	maxCaptions   = 20   // languages
	maxPerSession = 50   // keeps a session's page a page
)

// Licences are those that are offered; any other name may be written.
var Licences = [...]string{"CC BY 4.0", "CC BY-SA 4.0", "CC BY-NC 4.0", "CC BY-NC-ND 4.0", "CC0 1.0"}

// Input is what is said of a piece of material. Either FileID or URL is given;
// a file has been sent in for the author's scope. An empty visibility is public,
// an empty moment is now.
type Input struct {
	Kind       Kind
	Title      text.Texts
	URL        string
	FileID     string
	Visibility Visibility
	Shown      When
	ShownAt    time.Time // of At alone
	Language   string
	Licence    string
	SpeakerID  string // one of the session's; a speaker's own is always theirs

	// These are for recordings alone.
	RecordedAt    time.Time
	Captions      Captions
	TranscriptURL string
}

// Source is where a version of material is: a file or a web address.
type Source struct{ FileID, URL string }

// InputOf gives what is said of a piece of material now, for a form.
func InputOf(m Material) Input {
	return Input{Kind: m.Kind, Title: m.Title, URL: m.URL, FileID: m.FileID, Visibility: m.Visibility, Shown: m.Shown, ShownAt: m.ShownAt,
		Language: m.Language, Licence: m.Licence, SpeakerID: m.SpeakerID, RecordedAt: m.RecordedAt, Captions: m.Captions, TranscriptURL: m.TranscriptURL}
}

// Check cleans the input and tells every problem that shows without a database.
func (in *Input) Check() error {
	f := fail.Fields{}
	if !slices.Contains(Kinds[:], in.Kind) {
		f.Add("kind", "material.kind_unknown")
	}
	in.Title = titles(f, in.Title)
	src := Source{in.FileID, in.URL}
	src.check(f, in.Kind)
	in.FileID, in.URL = src.FileID, src.URL
	in.checkShown(f)
	in.Language = tags(f, "language", in.Language)
	clean, ok := text.Clean(in.Licence)
	in.Licence = strings.Join(strings.Fields(clean), " ")
	switch {
	case !ok:
		f.Add("licence", "field.characters")
	case len([]rune(in.Licence)) > maxLicence:
		f.Add("licence", "field.long", "max", maxLicence)
	}
	in.checkRecording(f)
	return f.Err()
}

func titles(f fail.Fields, t text.Texts) text.Texts {
	kept := text.Texts{}
	for l, s := range t {
		clean, ok := text.Clean(s)
		clean = strings.Join(strings.Fields(clean), " ")
		_, known := text.ParseLang(string(l))
		switch {
		case !ok || !known:
			f.Add("title", "field.characters")
		case len([]rune(clean)) > maxTitle:
			f.Add("title", "field.long", "max", maxTitle)
		case clean != "":
			kept[l] = clean
		}
	}
	return kept
}

// check wants one of the two, of the sort that the kind can be.
func (src *Source) check(f fail.Fields, kind Kind) {
	src.URL = strings.TrimSpace(src.URL)
	switch {
	case src.FileID != "" && src.URL != "":
		f.Add("url", "material.source_two")
	case src.FileID != "" && kind == Recording:
		f.Add("file", "material.recording_file")
	case src.FileID != "" && kind == Link:
		f.Add("file", "material.link_file")
	case src.FileID == "" && src.URL == "":
		f.Add("url", "material.source_missing")
	case src.URL != "":
		if key := problemOf(src.URL); key != "" {
			f.Add("url", key, "max", maxURL)
		}
	}
}

func (in *Input) checkShown(f fail.Fields) {
	if in.Visibility == "" {
		in.Visibility = Public
	}
	if in.Shown == "" {
		in.Shown = Now
	}
	if !slices.Contains(Visibilities[:], in.Visibility) {
		f.Add("visibility", "material.choice_unknown")
	}
	if !slices.Contains(Whens[:], in.Shown) {
		f.Add("shown", "material.choice_unknown")
	}
	if in.Shown != At {
		in.ShownAt = time.Time{}
		return
	}
	if in.ShownAt.IsZero() {
		f.Add("shown_at", "field.required")
		return
	}
	in.ShownAt = moment(f, "shown_at", in.ShownAt)
}

func (in *Input) checkRecording(f fail.Fields) {
	if in.Kind != Recording {
		in.RecordedAt, in.Captions, in.TranscriptURL = time.Time{}, nil, ""
		return
	}
	if !in.RecordedAt.IsZero() {
		in.RecordedAt = moment(f, "recorded_at", in.RecordedAt)
	}
	if in.TranscriptURL = strings.TrimSpace(in.TranscriptURL); in.TranscriptURL != "" {
		if key := problemOf(in.TranscriptURL); key != "" {
			f.Add("transcript_url", key, "max", maxURL)
		}
	}
	if len(in.Captions) > maxCaptions {
		f.Add("captions", "material.captions_many", "max", maxCaptions)
	}
	seen := map[string]bool{}
	for i, c := range in.Captions {
		tag, err := language.Parse(c.Language)
		if err != nil || c.FileID == "" {
			f.Add("captions", "material.captions_language")
			continue
		}
		in.Captions[i].Language = tag.String()
		if seen[tag.String()] {
			f.Add("captions", "material.captions_twice")
		}
		seen[tag.String()] = true
	}
}

// The years in which a moment can be meant; others are slips of the finger.
const firstYear, lastYear = 1990, 2100

func moment(f fail.Fields, field string, t time.Time) time.Time {
	t = t.UTC().Truncate(time.Microsecond)
	if t.Year() < firstYear || t.Year() > lastYear {
		f.Add(field, "field.time")
	}
	return t
}

// tags writes language tags as they are meant to be written.
func tags(f fail.Fields, field, s string) string {
	var kept []string
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ',' || unicode.IsSpace(r) }) {
		tag, err := language.Parse(part)
		if err != nil {
			f.Add(field, "program.language_unknown")
			return s
		}
		if !slices.Contains(kept, tag.String()) {
			kept = append(kept, tag.String())
		}
	}
	return strings.Join(kept, ", ")
}

// problemOf says why an address may not stand in a page, if so.
func problemOf(address string) (key string) {
	if address == "" {
		return "field.required"
	}
	if len(address) > maxURL {
		return "field.long"
	}
	u, err := url.Parse(address)
	switch {
	case err != nil, u.Scheme != "https" && u.Scheme != "http", u.Hostname() == "", u.Opaque != "",
		strings.ContainsFunc(address, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }):
		return "material.url_web"
	case u.User != nil:
		return "material.url_secret"
	}
	return ""
}
