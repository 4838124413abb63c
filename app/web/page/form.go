package page

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"agora/app/db"
	"agora/app/fail"
	"agora/templates"
)

// Form is what was sent, what is wrong with it, and how its fields are drawn
// again with both: nothing anybody typed is lost.
type Form struct {
	V        *Visit
	Values   map[string]string
	Problems fail.Fields
	drawn    []drawnField
}

// drawnField remembers a field that was put on the page, so that the summary of
// what is wrong goes in the page's order and says which field is meant.
type drawnField struct{ name, label, anchor string }

// Sent reads the form of the request, also one that brings files.
func (v *Visit) Sent() *Form {
	f := v.Blank()
	sent := map[string][]string{}
	for key, value := range v.C.Request().PostArgs().All() {
		sent[string(key)] = append(sent[string(key)], string(value))
	}
	if multi, err := v.C.MultipartForm(); err == nil {
		for key, values := range multi.Value {
			sent[key] = append(sent[key], values...)
		}
	}
	f.fill(sent)
	return f
}

// fill takes what was sent. Boxes of one group share a name; each is found under
// name_value too, unless that is the name of a field of its own.
func (f *Form) fill(sent map[string][]string) {
	for key, values := range sent {
		for _, value := range values {
			f.Values[key+"_"+value] = "1"
		}
	}
	for key, values := range sent {
		f.Values[key] = values[len(values)-1]
	}
}

// Blank is a form nobody has filled in yet.
func (v *Visit) Blank() *Form { return &Form{V: v, Values: map[string]string{}} }

// Get gives a field without the blanks around it.
func (f *Form) Get(name string) string { return strings.TrimSpace(f.Values[name]) }

// Set fills a field in.
func (f *Form) Set(name, value string) *Form { f.Values[name] = value; return f }

// Has tells whether a field, or a box, was filled.
func (f *Form) Has(name string) bool { return f.Values[name] != "" }

// Note adds a problem to a field: a key of the catalogue with its arguments.
func (f *Form) Note(field, key string, a ...any) {
	if f.Problems == nil {
		f.Problems = fail.Fields{}
	}
	f.Problems.Add(field, key, a...)
}

// Refused takes the problems out of an Invalid error and sets the status; any
// other error is not the form's to answer.
func (f *Form) Refused(err error) bool {
	e, ok := fail.As(err)
	if !ok || e.Kind != fail.Invalid {
		return false
	}
	for name, list := range e.Fields {
		for _, p := range list {
			f.Note(name, p.Key, p.Args...)
		}
	}
	f.V.C.Status(Statuses[fail.Invalid])
	return true
}

// Unsaid puts together what areas find wrong, so that one try tells everything. The
// fields whose problem is known already are left out.
func (f *Form) Unsaid(found ...error) error {
	rest := fail.Fields{}
	for _, err := range found {
		e, ok := fail.As(err)
		if err != nil && !ok {
			return err
		}
		if !ok {
			continue
		}
		for name, list := range e.Fields {
			if len(f.Problems[name]) == 0 {
				rest[name] = list
			}
		}
	}
	return rest.Err()
}

// Failed adds the area's problems to those found while reading the form, and
// reports whether there are any. err is nil or Invalid; others come back.
func (f *Form) Failed(err error) (bool, error) {
	if err != nil && !f.Refused(err) {
		return true, err
	}
	if len(f.Problems) > 0 {
		f.V.C.Status(Statuses[fail.Invalid])
		return true, nil
	}
	return false, nil
}

// Errors are a field's problems in words.
func (f *Form) Errors(name string) []string {
	var list []string
	for _, p := range f.Problems[name] {
		list = append(list, f.V.Sentence(p.Key, p.Args))
	}
	return list
}

// Summary lists every problem at the top of the page, in the order of the fields
// drawn so far: ask for it when all are.
func (f *Form) Summary() []templates.Problem {
	names := slices.Sorted(maps.Keys(f.Problems))
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
		for i, e := range f.Errors(name) {
			// The general sentences do not say what they are about, nor whose address is meant.
			if key := f.Problems[name][i].Key; d.label != "" && (strings.HasPrefix(key, "field.") || strings.HasPrefix(key, "account.email.")) {
				e = f.V.T("frame.problem", "field", d.label, "text", e)
			}
			list = append(list, templates.Problem{Field: d.anchor, Text: e})
		}
	}
	return list
}

// Draws remembers a field in the order of the page; anchor is the id that the
// summary leads to.
func (f *Form) Draws(name, label, anchor string) {
	f.drawn = append(f.drawn, drawnField{name, label, anchor})
}

// Field draws a field. Its words are the keys label and, where the catalogue
// has it, label_hint.
func (f *Form) Field(name, kind, label string) templates.Field {
	t := templates.Field{Name: name, Type: kind, Label: f.V.T(label), Value: f.Values[name], Errors: f.Errors(name)}
	f.Draws(name, t.Label, name)
	if f.V.Site.Words.Has(f.V.Lang, label+"_hint") {
		t.Hint = f.V.T(label + "_hint")
	}
	if kind == "datetime-local" {
		t.Was = f.Values[name+wasSuffix]
	}
	if kind == "checkbox" {
		t.Checked, t.Value = f.Has(name), "1"
	}
	return t
}

// Choice draws cards to pick one of.
func (f *Form) Choice(name, label string, options ...templates.Option) templates.Choice {
	c := templates.Choice{Name: name, Legend: f.V.T(label), Errors: f.Errors(name), Options: options, Required: true}
	f.Draws(name, c.Legend, name)
	if f.V.Site.Words.Has(f.V.Lang, label+"_hint") {
		c.Hint = f.V.T(label + "_hint")
	}
	for i := range c.Options {
		c.Options[i].Checked = c.Options[i].Value == f.Values[name]
	}
	return c
}

// Count reads a whole number; an empty field is nil, and unlimited.
func (f *Form) Count(name string) *int64 {
	s := strings.Join(strings.Fields(f.Get(name)), "")
	if s == "" {
		return nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		f.Note(name, "field.number")
		return nil
	}
	return &n
}

// SetCount fills in what Count reads.
func (f *Form) SetCount(name string, n *int64) {
	if n != nil {
		f.Values[name] = strconv.FormatInt(*n, 10)
	}
}

// Version is the version that the form was filled in from; one that cannot be
// read fits none.
func (f *Form) Version() int64 {
	n, err := strconv.ParseInt(f.Get("version"), 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// Key is the form's idempotency key: made when the form is shown, sent back
// with it, and kept when it is shown again.
func (f *Form) Key() string {
	if !f.Has("key") {
		f.Values["key"] = db.NewID()
	}
	return f.Values["key"]
}

// MaxKey bounds what a caller may choose as a key.
const MaxKey = 200

// ActKey names an act that is done once, however often it is sent.
func ActKey(scope, key string) db.Key {
	if len(key) > MaxKey {
		key = strings.ToValidUTF8(key[:MaxKey], "")
	}
	return db.Key{Scope: scope, Key: key}
}
