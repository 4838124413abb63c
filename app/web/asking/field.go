package asking

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"agora/app/db"
	"agora/app/fail"
	"agora/app/registration/form"
	"agora/app/web/page"
	"agora/templates"
)

const (
	// emptyRows are offered for options beyond those there are.
	emptyRows = 3
	moreRows  = 5
	// usualKeep is how many days after the day an answer is kept, when nothing
	// else is said.
	usualKeep = 30
)

// fieldPage makes or changes one question.
type fieldPage struct {
	New, Clashed  bool
	Title         page.Words
	Action, Back  string
	Version       int64
	Was           string
	Problems      []templates.Problem
	Label         page.TextGroup
	Hint, Purpose page.TextGroup
	Kind          templates.Field
	Options       []optionRow
	OptionErrors  []string
	Rows          int
	Required      templates.Field
	When          templates.Field
	Keep          templates.Field
	Special       *templates.Field // of a registration's questions
	Unseen        *templates.Field // of a call's
	Up            string           // what the page of all questions is called
}

// optionRow is one option in the edition's languages. The key goes along, so that
// answers stay with their option when its words change.
type optionRow struct {
	Name, Key string
	Fields    []templates.Field
}

// FieldForm shows a question of the form, or an empty one.
func (s Pages) FieldForm(v *page.Visit) error { return showField(v, s.registrationQuestions) }

// FieldSave puts a question into the form, or draws more rows for its options.
func (s Pages) FieldSave(v *page.Visit) error { return saveField(v, s.registrationQuestions) }

func showField(v *page.Visit, of asker) error {
	q, at, err := fieldOf(v, of)
	if err != nil {
		return err
	}
	f := v.Blank().Set("version", strconv.FormatInt(q.version, 10)).Set("was", db.HashBody(q.form)).Set("keep_days", strconv.Itoa(usualKeep)).Set("kind", string(form.Text))
	if at < len(q.form.Fields) {
		fillField(f, q.form.Fields[at])
		if slices.Contains(q.unseen, q.form.Fields[at].Key) {
			f.Set("unseen", "1")
		}
	}
	return fieldPageOf(v, f, q, at, false)
}

// fieldOf finds the question of the address; a new one comes after the last.
func fieldOf(v *page.Visit, of asker) (questions, int, error) {
	q, err := of(v)
	key := v.Param("key")
	if err != nil || key == "" || key == newField {
		return q, len(q.form.Fields), err
	}
	at := slices.IndexFunc(q.form.Fields, func(x form.Field) bool { return x.Key == key })
	if at < 0 {
		return q, 0, fail.Missing("form.field_missing")
	}
	return q, at, nil
}

func fillField(f *page.Form, x form.Field) {
	f.SetTexts("label", x.Label)
	f.SetTexts("hint", x.Hint)
	f.SetTexts("purpose", x.Purpose)
	f.Set("kind", string(x.Kind)).Set("keep_days", strconv.Itoa(x.KeepDays))
	for i, o := range x.Options {
		f.SetTexts(optionName(i), o.Label)
		f.Set(optionName(i)+"_key", o.Key)
	}
	f.Set("rows", strconv.Itoa(len(x.Options)+emptyRows))
	if x.When != nil {
		f.Set("when", x.When.Field+"="+x.When.Value)
	}
	for name, on := range map[string]bool{"required": x.Required, "special": x.Special} {
		if on {
			f.Set(name, "1")
		}
	}
}

func saveField(v *page.Visit, of asker) error {
	q, at, err := fieldOf(v, of)
	if err != nil {
		return err
	}
	f := v.Sent()
	if f.Has("more") {
		f.Set("rows", strconv.Itoa(min(rowsSent(f)+moreRows, form.MaxOptions)))
		return fieldPageOf(v, f, q, at, false)
	}
	var old form.Field
	if at < len(q.form.Fields) {
		old = q.form.Fields[at]
	}
	field, rows := fieldSent(f, old)
	next := form.Form{Fields: slices.Clone(q.form.Fields)}
	if at < len(next.Fields) {
		next.Fields[at] = field
	} else if next, err = next.Insert(at, field); err != nil {
		return err
	}
	next = next.Tidy()
	err = fieldProblems(v, f, next.Problems(), next, at, rows)
	if err == nil && len(f.Problems) == 0 {
		err = q.save(next, q.versionOf(f), q.hidden(next.Fields[at].Key, f.Has("unseen")))
		if fail.Is(err, fail.Invalid) {
			err = fieldProblems(v, f, err, next, at, rows)
		}
	}
	if fail.Is(err, fail.Conflict) {
		v.C.Status(page.Statuses[fail.Conflict])
		f.Set("version", strconv.FormatInt(q.version, 10)).Set("was", db.HashBody(q.form))
		return fieldPageOf(v, f, q, at, true)
	}
	if bad, err := f.Failed(err); err != nil {
		return err
	} else if bad {
		return fieldPageOf(v, f, q, at, false)
	}
	v.Say("success", "flash.form_saved")
	return v.Redirect(q.base)
}

// hidden are the keys of the fields whose answers reviewers do not see, once one
// of them is said to be, or not.
func (q questions) hidden(key string, unseen bool) []string {
	keys := slices.DeleteFunc(slices.Clone(q.unseen), func(k string) bool { return k == key })
	if unseen {
		keys = append(keys, key)
	}
	return keys
}

// rowsSent is how many rows for options the form had.
func rowsSent(f *page.Form) int {
	n, err := strconv.Atoi(f.Get("rows"))
	if err != nil {
		return emptyRows
	}
	return min(max(n, emptyRows), form.MaxOptions)
}

// fieldSent reads a question; rows tells in which row each of its options stands.
func fieldSent(f *page.Form, old form.Field) (x form.Field, rows []int) {
	x = form.Field{Key: old.Key, Kind: form.Kind(f.Get("kind")), Required: f.Has("required"), Special: f.Has("special"),
		Label: f.TextsOver("label", old.Label), Hint: f.TextsOver("hint", old.Hint), Purpose: f.TextsOver("purpose", old.Purpose)}
	for row := range rowsSent(f) {
		sent := f.Texts(optionName(row))
		if sent.Empty() {
			continue
		}
		o := form.Option{Label: sent}
		for _, known := range old.Options {
			if known.Key == f.Get(optionName(row)+"_key") {
				o = form.Option{Key: known.Key, Label: f.TextsOver(optionName(row), known.Label)}
			}
		}
		if o.Key == "" {
			o.Key = form.Field{Options: slices.Concat(old.Options, x.Options)}.NewKey(sent.String())
		}
		x.Options, rows = append(x.Options, o), append(rows, row)
	}
	if field, value, ok := strings.Cut(f.Get("when"), "="); ok {
		x.When = &form.Condition{Field: field, Value: value}
	}
	n, err := strconv.Atoi(f.Get("keep_days"))
	if err != nil {
		f.Note("keep_days", "field.number")
	}
	x.KeepDays = n
	if x.Kind != form.Choice && x.Kind != form.Several && len(x.Options) > 0 {
		f.Note("options", "form.options_none")
	}
	return x, rows
}

// fieldProblems puts the form's problems beside the fields of this page. Those of
// another question come from what was taken away here.
func fieldProblems(v *page.Visit, f *page.Form, err error, next form.Form, at int, rows []int) error {
	e, ok := fail.As(err)
	if !ok {
		return err
	}
	mine := fmt.Sprintf("fields.%d.", at)
	for name, list := range e.Fields {
		what, own := strings.CutPrefix(name, mine)
		if !own {
			if other := otherField(next, name); other != nil {
				f.Note("options", "form.depended", "field", v.Words(other.Label).Text)
			}
			continue
		}
		if j, part, ok := strings.Cut(strings.TrimPrefix(what, "options."), "."); ok {
			if n, err := strconv.Atoi(j); err == nil && n < len(rows) && part != "" {
				what = optionName(rows[n])
			}
		}
		if what == "key" {
			what = "label"
		}
		if len(f.Problems[what]) > 0 {
			continue
		}
		for _, p := range list {
			f.Note(what, p.Key, p.Args...)
		}
	}
	return nil
}

// otherField finds the question a problem is about.
func otherField(f form.Form, name string) *form.Field {
	parts := strings.Split(name, ".")
	if len(parts) < 3 {
		return nil
	}
	if i, err := strconv.Atoi(parts[1]); err == nil && i >= 0 && i < len(f.Fields) {
		return &f.Fields[i]
	}
	return nil
}
