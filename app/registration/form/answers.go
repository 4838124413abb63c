package form

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"agora/app/text"
)

// orphanDays is how long the answers to a field that was removed are kept.
const orphanDays = 30

// UnmarshalJSON gives answers the types that Check gives them, so that what was
// stored equals what was checked: lists of strings, whole numbers as int64.
func (a *Answers) UnmarshalJSON(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var read map[string]any
	if err := d.Decode(&read); err != nil {
		return err
	}
	for key, v := range read {
		read[key] = settle(v)
	}
	*a = read
	return nil
}

func settle(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		if f, err := v.Float64(); err == nil {
			return f
		}
		return v.String()
	case []any:
		if keys, ok := list(v); ok {
			return keys
		}
	}
	return v
}

// Field finds a field by its key.
func (f Form) Field(key string) (Field, bool) {
	if i := f.at(key); i >= 0 {
		return f.Fields[i], true
	}
	return Field{}, false
}

func (f Form) at(key string) int {
	return slices.IndexFunc(f.Fields, func(x Field) bool { return x.Key == key })
}

func (f Field) option(key string) int {
	return slices.IndexFunc(f.Options, func(o Option) bool { return o.Key == key })
}

// Shown reports whether the field is asked of somebody who answered so. A field
// that depends on one that is not shown is not shown either.
func (f Form) Shown(field Field, a Answers) bool {
	if field.When == nil {
		return true
	}
	i, own := f.at(field.When.Field), f.at(field.Key)
	if i < 0 || own >= 0 && i >= own {
		return false // looking forward would go round in circles
	}
	return f.Fields[i].meets(a[field.When.Field], field.When.Value) && f.Shown(f.Fields[i], a)
}

// meets reports whether an answer to the field is, or holds, the value.
func (f Field) meets(answer any, value string) bool {
	switch f.Kind {
	case YesNo:
		b, ok := answer.(bool)
		return ok && value == yesNo(b)
	case Several:
		keys, _ := list(answer)
		return slices.Contains(keys, value)
	case Choice:
		s, ok := answer.(string)
		return ok && s == value
	}
	return false
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// HasSpecial reports whether any of the answers is to a special field, and so
// needs its consent.
func (f Form) HasSpecial(a Answers) bool {
	return slices.ContainsFunc(f.Fields, func(x Field) bool { return x.Special && a[x.Key] != nil })
}

// Outlived gives the answers without those kept for longer than their field says
// after the edition's end, and whether there were any. What it was given stays
// as it is.
func (f Form) Outlived(a Answers, ended, now time.Time) (Answers, bool) {
	kept := make(Answers, len(a))
	for key, answer := range a {
		days := orphanDays
		if field, ok := f.Field(key); ok {
			days = field.KeepDays
		}
		if now.Before(ended.AddDate(0, 0, days)) {
			kept[key] = answer
		}
	}
	return kept, len(kept) < len(a)
}

// Words puts an answer into words for a list or an export: the labels of what
// was chosen in the language, else in the first of order that has one. yes and no
// are those words in the language.
func (f Field) Words(l text.Lang, order []text.Lang, answer any, yes, no string) string {
	switch f.Kind {
	case YesNo:
		b, ok := answer.(bool)
		switch {
		case !ok:
			return ""
		case b:
			return yes
		}
		return no
	case Choice, Several:
		keys, _ := list(answer)
		words := make([]string, 0, len(keys))
		for _, key := range keys {
			words = append(words, f.optionWords(key, l, order))
		}
		return strings.Join(words, "; ")
	case Number:
		if n, ok := number(answer); ok {
			return strconv.FormatInt(n, 10)
		}
	}
	s, _ := answer.(string)
	return s
}

// optionWords falls back to the key: an option may have been taken away.
func (f Field) optionWords(key string, l text.Lang, order []text.Lang) string {
	if i := f.option(key); i >= 0 {
		if s, _ := f.Options[i].Label.In(l, order...); s != "" {
			return s
		}
	}
	return key
}
