package workshop

import (
	"slices"

	"agora/app/fail"
	"agora/app/registration"
	"agora/app/text"
)

const (
	maxTitle    = 120    // a table's sign, as long as a room's name may be
	maxAbout    = 1_000  // what to bring and what to know before
	maxCapacity = 10_000 // beyond any workshop
)

// Input is what an organiser says of a workshop.
type Input struct {
	// Key is the form's own, made when it was shown. It becomes the id of a new
	// workshop, so that the same form sent twice opens one.
	Key       string
	SessionID string     // empty: a topic table
	Title     text.Texts // of a topic table; a session has its own
	About     text.Texts
	Audience  registration.Kind // empty: everybody
	Capacity  *int64            // nil: as many as come; a table has to say
}

// check cleans the input and gives every problem at once.
func (in *Input) check(table bool) error {
	f := fail.Fields{}
	if table {
		in.Title = texts(f, "title", in.Title, maxTitle, true)
	} else {
		in.Title = text.Texts{}
	}
	in.About = texts(f, "about", in.About, maxAbout, false)
	if !slices.Contains([]registration.Kind{"", registration.Onsite, registration.Remote}, in.Audience) {
		f.Add("audience", "workshop.audience_unknown")
	}
	switch {
	case in.Capacity == nil && table:
		f.Add("capacity", "field.required")
	case in.Capacity != nil && (*in.Capacity < 1 || *in.Capacity > maxCapacity):
		f.Add("capacity", "workshop.capacity_form", "max", maxCapacity)
	}
	return f.Err()
}

// texts cleans a text in every language.
func texts(f fail.Fields, field string, t text.Texts, most int, required bool) text.Texts {
	kept := text.Texts{}
	for l, s := range t {
		clean, ok := text.Clean(s)
		_, known := text.ParseLang(string(l))
		switch {
		case !ok || !known:
			f.Add(field, "field.characters")
			return kept
		case len([]rune(clean)) > most:
			f.Add(field, "field.long", "max", most)
			return kept
		case clean != "":
			kept[l] = clean
		}
	}
	if required && len(kept) == 0 {
		f.Add(field, "field.required")
	}
	return kept
}

// same reports whether two capacities are one.
func same(a, b *int64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
