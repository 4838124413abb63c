package form

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"agora/app/fail"
	"agora/app/text"
)

// Insert puts a field at a place; one without a key gets it from its label. The
// form it was called on stays as it is, here and below.
func (f Form) Insert(at int, field Field) (Form, error) {
	if len(f.Fields) >= MaxFields {
		return f, fail.Clash("form.fields_many", "max", MaxFields)
	}
	if field.Key == "" {
		field.Key = f.NewKey(field.Label.String())
	}
	if f.at(field.Key) >= 0 {
		return f, fail.Clash("form.key_twice")
	}
	at = min(max(at, 0), len(f.Fields))
	return f.ordered(slices.Insert(slices.Clone(f.Fields), at, field))
}

// Move takes a field by so many places up (negative) or down, at most to the end.
func (f Form) Move(key string, by int) (Form, error) {
	i := f.at(key)
	if i < 0 {
		return f, fail.Missing("form.field_missing")
	}
	// The step is cut before it is added, so that no number is too great.
	to := i + min(max(by, -i), len(f.Fields)-1-i)
	fields := slices.Clone(f.Fields)
	field := fields[i]
	return f.ordered(slices.Insert(slices.Delete(fields, i, i+1), to, field))
}

// ordered gives the form with the fields unless one stands above what it
// depends on.
func (f Form) ordered(fields []Field) (Form, error) {
	next := Form{Fields: fields}
	for i, field := range fields {
		if field.When != nil && next.at(field.When.Field) >= i {
			return f, fail.Clash("form.order", "field", field.Label.String())
		}
	}
	return next, nil
}

// Remove takes a field away, unless another one is shown only by its answer.
func (f Form) Remove(key string) (Form, error) {
	i := f.at(key)
	if i < 0 {
		return f, fail.Missing("form.field_missing")
	}
	for _, other := range f.Fields {
		if other.When != nil && other.When.Field == key {
			return f, fail.Clash("form.depended", "field", other.Label.String())
		}
	}
	return Form{Fields: slices.Delete(slices.Clone(f.Fields), i, i+1)}, nil
}

// Tidy trims every text and leaves out what is empty or means nothing for the
// kind of field. An organiser's form goes through it before Problems.
func (f Form) Tidy() Form {
	fields := slices.Clone(f.Fields)
	for i := range fields {
		x := &fields[i]
		x.Label, x.Hint, x.Purpose = tidyTexts(x.Label), tidyTexts(x.Hint), tidyTexts(x.Purpose)
		if x.When != nil && x.When.Field == "" {
			x.When = nil
		}
		if !x.chosen() {
			x.Options = nil
		}
		x.Options = slices.Clone(x.Options)
		for j := range x.Options {
			x.Options[j].Label = tidyTexts(x.Options[j].Label)
		}
	}
	return Form{Fields: fields}
}

func tidyTexts(t text.Texts) text.Texts {
	tidy := text.Texts{}
	for l, s := range t {
		// What Clean refuses stays, so that Problems can tell.
		if clean, ok := plain(s, true); ok {
			s = clean
		}
		if s != "" {
			tidy[l] = s
		}
	}
	return tidy
}

// NewKey makes a key for a field from its label, unlike any in the form.
func (f Form) NewKey(label string) string {
	return newKey(label, "field", func(key string) bool {
		return f.at(key) >= 0 || slices.Contains(reserved[:], key)
	})
}

// NewKey makes a key for an option from its label, unlike any of the field.
func (f Field) NewKey(label string) string {
	return newKey(label, "option", func(key string) bool { return f.option(key) >= 0 })
}

// maxMade leaves room for a number after the key.
const maxMade = maxKey - 8

func newKey(label, nameless string, taken func(string) bool) string {
	words := strings.FieldsFunc(Fold(label), func(r rune) bool { return !isKeyRune(r) })
	key := strings.Join(words, "_")
	if len(key) > maxMade {
		key = strings.TrimRight(key[:maxMade], "_")
	}
	if key == "" {
		key = nameless
	}
	free := key
	for n := 2; taken(free); n++ {
		free = key + "_" + strconv.Itoa(n)
	}
	return free
}

// Fold writes a text in small letters without marks, and with single spaces for
// everything that is neither letter nor digit: "Sähköposti*" is "sahkoposti".
// Texts that people write alike become equal.
func Fold(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			if ascii, ok := letters[r]; ok {
				b.WriteString(ascii)
			} else {
				b.WriteRune(unicode.ToLower(r))
			}
		default:
			gap = true
		}
	}
	return b.String()
}

// letters are those of Europe that decomposing leaves as they are.
var letters = map[rune]string{'ø': "o", 'æ': "ae", 'œ': "oe", 'ß': "ss", 'ð': "d", 'đ': "d", 'þ': "th", 'ł': "l", 'ı': "i", 'ŋ': "n"}
