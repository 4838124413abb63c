package web

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/text"
	"agora/templates"
)

// form is what was sent, what is wrong with it, and how its fields are drawn
// again with both: nothing anybody typed is lost.
type form struct {
	v        *visit
	values   map[string]string
	problems fail.Fields
	drawn    []drawnField
}

// drawnField remembers a field that was put on the page, so that the summary of
// what is wrong goes in the page's order and says which field is meant.
type drawnField struct{ name, label, anchor string }

// sent reads the form of the request.
func (v *visit) sent() *form {
	f := v.blank()
	for key, value := range v.c.Request().PostArgs().All() {
		f.values[string(key)] = string(value)
		// Boxes of one group share a name; each is found under name_value too.
		f.values[string(key)+"_"+string(value)] = "1"
	}
	return f
}

// blank is a form nobody has filled in yet.
func (v *visit) blank() *form { return &form{v: v, values: map[string]string{}} }

func (f *form) get(name string) string       { return strings.TrimSpace(f.values[name]) }
func (f *form) set(name, value string) *form { f.values[name] = value; return f }
func (f *form) has(name string) bool         { return f.values[name] != "" }
func (f *form) note(field, key string, a ...any) {
	if f.problems == nil {
		f.problems = fail.Fields{}
	}
	f.problems.Add(field, key, a...)
}

// refused takes the problems out of an Invalid error and sets the status; any
// other error is not the form's to answer.
func (f *form) refused(err error) bool {
	e, ok := fail.As(err)
	if !ok || e.Kind != fail.Invalid {
		return false
	}
	for name, list := range e.Fields {
		for _, p := range list {
			f.note(name, p.Key, p.Args...)
		}
	}
	f.v.c.Status(statuses[fail.Invalid])
	return true
}

// failed adds the area's problems to those found while reading the form, and
// reports whether there are any. err is nil or Invalid; others come back.
func (f *form) failed(err error) (bool, error) {
	if err != nil && !f.refused(err) {
		return true, err
	}
	if len(f.problems) > 0 {
		f.v.c.Status(statuses[fail.Invalid])
		return true, nil
	}
	return false, nil
}

// errors are a field's problems in words.
func (f *form) errors(name string) []string {
	var list []string
	for _, p := range f.problems[name] {
		list = append(list, f.v.sentence(p.Key, p.Args))
	}
	return list
}

// summary lists every problem at the top of the page, in the order of the fields
// drawn so far: ask for it when all are.
func (f *form) summary() []templates.Problem {
	names := slices.Sorted(maps.Keys(f.problems))
	place := func(name string) int {
		i := slices.IndexFunc(f.drawn, func(d drawnField) bool { return d.name == name })
		if i < 0 {
			return len(f.drawn)
		}
		return i
	}
	slices.SortStableFunc(names, func(a, b string) int { return place(a) - place(b) })
	var list []templates.Problem
	for _, name := range names {
		d := drawnField{anchor: name}
		if i := place(name); i < len(f.drawn) {
			d = f.drawn[i]
		}
		for i, e := range f.errors(name) {
			// The general sentences do not say what they are about.
			if d.label != "" && strings.HasPrefix(f.problems[name][i].Key, "field.") {
				e = f.v.t("frame.problem", "field", d.label, "text", e)
			}
			list = append(list, templates.Problem{Field: d.anchor, Text: e})
		}
	}
	return list
}

// field draws a field. Its words are the keys label and, where the catalogue
// has it, label_hint.
func (f *form) field(name, kind, label string) templates.Field {
	t := templates.Field{Name: name, Type: kind, Label: f.v.t(label), Value: f.values[name], Errors: f.errors(name)}
	f.drawn = append(f.drawn, drawnField{name, t.Label, name})
	if f.v.site.Words.Has(f.v.lang, label+"_hint") {
		t.Hint = f.v.t(label + "_hint")
	}
	if kind == "checkbox" {
		t.Checked, t.Value = f.has(name), "1"
	}
	return t
}

// choice draws cards to pick one of.
func (f *form) choice(name, label string, options ...templates.Option) templates.Choice {
	c := templates.Choice{Name: name, Legend: f.v.t(label), Errors: f.errors(name), Options: options, Required: true}
	f.drawn = append(f.drawn, drawnField{name, c.Legend, name})
	if f.v.site.Words.Has(f.v.lang, label+"_hint") {
		c.Hint = f.v.t(label + "_hint")
	}
	for i := range c.Options {
		c.Options[i].Checked = c.Options[i].Value == f.values[name]
	}
	return c
}

// localLayout is how a browser sends <input type="datetime-local">.
const localLayout = "2006-01-02T15:04"

// at reads a date and time of the form on a clock; a problem is noted. A time
// that the clock skips in spring is one: nobody could say which was meant.
func (f *form) at(name string, loc *time.Location) time.Time {
	s := f.get(name)
	if s == "" {
		return time.Time{}
	}
	t, err := time.ParseInLocation(localLayout, s, loc)
	if err != nil || t.Format(localLayout) != s {
		f.note(name, "field.time")
	}
	return t
}

func (f *form) setTime(name string, t time.Time, loc *time.Location) {
	if !t.IsZero() {
		f.values[name] = t.In(loc).Format(localLayout)
	}
}

// count reads a whole number; an empty field is nil, and unlimited.
func (f *form) count(name string) *int64 {
	s := strings.Join(strings.Fields(f.get(name)), "")
	if s == "" {
		return nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		f.note(name, "field.number")
		return nil
	}
	return &n
}

func (f *form) setCount(name string, n *int64) {
	if n != nil {
		f.values[name] = strconv.FormatInt(*n, 10)
	}
}

// textName is the field of one language of a text.
func textName(name string, l text.Lang) string { return name + "_" + string(l) }

// texts reads a text given per language.
func (f *form) texts(name string) text.Texts {
	t := text.Texts{}
	for _, l := range text.Langs {
		if s := f.get(textName(name, l)); s != "" {
			t[l] = s
		}
	}
	return t
}

func (f *form) setTexts(name string, t text.Texts) {
	for l, s := range t {
		f.values[textName(name, l)] = s
	}
}

// textFields draws one field per language. Problems of the text as a whole
// stand beside its first field, whose id the summary links to.
func (f *form) textFields(name, kind, label string, langs []text.Lang) []templates.Field {
	var list []templates.Field
	if len(langs) > 0 {
		f.drawn = append(f.drawn, drawnField{name, f.v.t(label), textName(name, langs[0])})
	}
	for i, l := range langs {
		t := f.field(textName(name, l), kind, label)
		t.Lang = string(l)
		if len(langs) > 1 {
			t.Label += " (" + l.Name() + ")"
		}
		if i == 0 {
			t.Errors = append(t.Errors, f.errors(name)...)
		} else {
			t.Hint = ""
		}
		list = append(list, t)
	}
	return list
}

// key is the form's idempotency key: made when the form is shown, sent back
// with it, and kept when it is shown again.
func (f *form) key() string {
	if !f.has("key") {
		f.values["key"] = db.NewID()
	}
	return f.values["key"]
}

// maxKey bounds what a caller may choose as a key.
const maxKey = 200

func actKey(scope, key string) db.Key {
	if len(key) > maxKey {
		key = strings.ToValidUTF8(key[:maxKey], "")
	}
	return db.Key{Scope: scope, Key: key}
}

func registerScope(e edition.Edition) string { return "register:" + e.ID }
