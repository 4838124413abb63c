package form

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"agora/app/fail"
	"agora/app/text"
)

// Limits of a form: what a person still fills in and a list still shows.
const (
	MaxFields      = 40
	MinOptions     = 2
	MaxOptions     = 50
	MaxLabel       = 200
	MaxHint        = 500  // hints and purposes
	MaxKeepDays    = 3650 // ten years
	MaxKeepSpecial = 30   // the kitchen's bills are paid by then
	maxKey         = 40
)

// reserved are the names of what every registration form asks or sends itself.
var reserved = [...]string{"name", "email", "organisation", "place", "photo", "needs", "meanwhile", "key", "language", "consent"}

// Problems gives everything that is wrong with a form an organiser saves, under
// fields.<index>.<what>.
func (f Form) Problems() error {
	p := fail.Fields{}
	if len(f.Fields) > MaxFields {
		p.Add("fields", "form.fields_many", "max", MaxFields)
		return p.Err()
	}
	for i, field := range f.Fields {
		at := fmt.Sprintf("fields.%d.", i)
		f.keyProblems(p, at, i)
		textProblems(p, at+"label", field.Label, MaxLabel, "form.label_missing")
		textProblems(p, at+"hint", field.Hint, MaxHint, "")
		textProblems(p, at+"purpose", field.Purpose, MaxHint, "form.purpose_missing")
		if !slices.Contains(Kinds[:], field.Kind) {
			p.Add(at+"kind", "form.kind")
		}
		field.optionProblems(p, at)
		field.keepProblems(p, at)
		f.conditionProblems(p, at, i)
	}
	return p.Err()
}

func (f Form) keyProblems(p fail.Fields, at string, i int) {
	key := f.Fields[i].Key
	switch {
	case !wellFormed(key):
		p.Add(at+"key", "form.key_form", "max", maxKey)
	case slices.Contains(reserved[:], key):
		p.Add(at+"key", "form.key_reserved")
	case f.at(key) < i:
		p.Add(at+"key", "form.key_twice")
	}
}

func wellFormed(key string) bool {
	if key == "" || len(key) > maxKey {
		return false
	}
	for _, r := range key {
		if !isKeyRune(r) && r != '_' {
			return false
		}
	}
	return true
}

func isKeyRune(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' }

// textProblems checks a text in every language; missing is the problem of one
// that must be there.
func textProblems(p fail.Fields, name string, t text.Texts, most int, missing string) {
	said := false
	for l, s := range t {
		clean, ok := plain(s, true)
		_, known := text.ParseLang(string(l))
		switch {
		case !ok:
			p.Add(name, "field.characters")
			return
		case !known:
			p.Add(name, "form.language")
			return
		case utf8.RuneCountInString(clean) > most:
			p.Add(name, "field.long", "max", most)
			return
		}
		said = said || clean != ""
	}
	if !said && missing != "" {
		p.Add(name, missing)
	}
}

func (f Field) chosen() bool { return f.Kind == Choice || f.Kind == Several }

func (f Field) optionProblems(p fail.Fields, at string) {
	switch n := len(f.Options); {
	case !f.chosen() && n > 0:
		p.Add(at+"options", "form.options_none")
		return
	case f.chosen() && n < MinOptions:
		p.Add(at+"options", "form.options_few", "min", MinOptions)
	case n > MaxOptions:
		p.Add(at+"options", "form.options_many", "max", MaxOptions)
		return
	}
	for j, o := range f.Options {
		name := fmt.Sprintf("%soptions.%d.", at, j)
		switch {
		case !wellFormed(o.Key):
			p.Add(name+"key", "form.key_form", "max", maxKey)
		case f.option(o.Key) < j:
			p.Add(name+"key", "form.key_twice")
		}
		textProblems(p, name+"label", o.Label, MaxLabel, "form.label_missing")
		if slices.ContainsFunc(f.Options[:j], func(x Option) bool { return sameLabel(x.Label, o.Label) }) {
			p.Add(name+"label", "form.option_twice")
		}
	}
}

// sameLabel: two options that read alike in some language cannot be told apart
// there, neither on the page nor in a list.
func sameLabel(a, b text.Texts) bool {
	for l, s := range a {
		if folded := Fold(s); folded != "" && folded == Fold(b[l]) {
			return true
		}
	}
	return false
}

func (f Field) keepProblems(p fail.Fields, at string) {
	switch {
	case f.KeepDays < 0 || f.KeepDays > MaxKeepDays:
		p.Add(at+"keep_days", "form.keep", "max", MaxKeepDays)
	case f.Special && f.KeepDays > MaxKeepSpecial:
		p.Add(at+"keep_days", "form.keep_special", "max", MaxKeepSpecial)
	}
}

func (f Form) conditionProblems(p fail.Fields, at string, i int) {
	when := f.Fields[i].When
	if when == nil {
		return
	}
	j := f.at(when.Field)
	switch {
	case j < 0:
		p.Add(at+"when", "form.when_missing")
	case j >= i:
		p.Add(at+"when", "form.when_earlier")
	case !f.Fields[j].chosen() && f.Fields[j].Kind != YesNo:
		p.Add(at+"when", "form.when_kind")
	case !f.Fields[j].can(when.Value):
		p.Add(at+"when", "form.when_value")
	}
}

// can reports whether a condition on the field may wait for the value.
func (f Field) can(value string) bool {
	if f.Kind == YesNo {
		return value == "yes" || value == "no"
	}
	return f.option(value) >= 0
}
