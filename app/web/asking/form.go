package asking

import (
	"net/url"
	"slices"
	"strconv"

	"agora/app/db"
	"agora/app/fail"
	"agora/app/registration/form"
	"agora/app/web/page"
	"agora/templates"
)

// newField stands in the address of a field that is not there yet; no field's
// key can hold a hyphen.
const newField = "new-field"

// questions are a form that an organiser edits: of the registration, or of the
// open call.
type questions struct {
	base        string // where its pages are
	title, lead string // the keys of their words
	none        string
	form        form.Form
	version     int64
	changed     string   // the key of the error that says so
	call        bool     // reviewers read the answers, but for those of unseen
	unseen      []string // keys of fields
	save        func(next form.Form, version int64, unseen []string) error
}

// asker finds the questions of the address.
type asker func(v *page.Visit) (questions, error)

func (s Pages) registrationQuestions(v *page.Visit) (questions, error) {
	setup, err := s.Registrations.Setup(v.Ctx, v.Edition.ID)
	return questions{base: "/desk" + v.Edition.Path() + "/form", title: "form_desk.title", lead: "form_desk.lead", none: "form_desk.none_how",
		form: setup.Form, version: setup.Version, changed: "registration.changed_meanwhile",
		save: func(next form.Form, version int64, _ []string) error {
			return s.Registrations.SaveForm(v.Ctx, v.Edition, v.Person.ID, next, version)
		}}, err
}

// versionOf is the version a change is made on. What else the version counts is
// no change of the questions, which are known by their hash.
func (q questions) versionOf(f *page.Form) int64 {
	if f.Get("was") == db.HashBody(q.form) {
		return q.version
	}
	return f.Version()
}

// formPage lists what an edition asks, in order, and shows it as people see it.
type formPage struct {
	Title, Lead, None string
	Up                *templates.Fact // the page above, where there is one
	Notice            *templates.Notice
	Rows              []formRow
	Preview           []previewField
	Version           int64
	Was               string
	Full              string
	Base              string
}

type formRow struct {
	Path        string
	Label       page.Words
	Purpose     page.Words
	Kind, Keep  string
	When        string
	Required    bool
	Special     bool
	Unseen      bool
	First, Last bool
}

// previewField is a question as the register page puts it.
type previewField struct {
	Field   *templates.Field
	Choice  *templates.Choice
	When    string
	Purpose page.Words
	Special bool
	Lang    string
}

// FormPage shows the form.
func (s Pages) FormPage(v *page.Visit) error { return showQuestions(v, s.registrationQuestions, nil) }

// FormMove puts a field one place up or down.
func (s Pages) FormMove(v *page.Visit) error { return moveQuestion(v, s.registrationQuestions) }

// FormRemove takes a field away. Its answers stay until they are deleted after
// the day.
func (s Pages) FormRemove(v *page.Visit) error { return removeQuestion(v, s.registrationQuestions) }

func moveQuestion(v *page.Visit, of asker) error {
	by := 1
	if v.Sent().Get("by") == "up" {
		by = -1
	}
	return changeQuestions(v, of, "flash.form_moved", func(f form.Form, key string) (form.Form, error) { return f.Move(key, by) })
}

func removeQuestion(v *page.Visit, of asker) error {
	return changeQuestions(v, of, "flash.form_removed", form.Form.Remove)
}

// changeQuestions changes the form as it was shown. What stands against it is told
// above the form as it is now.
func changeQuestions(v *page.Visit, of asker, flash string, change func(f form.Form, key string) (form.Form, error)) error {
	q, err := of(v)
	if err != nil {
		return err
	}
	next, err := change(q.form, v.Param("key"))
	if err == nil {
		err = q.save(next, q.versionOf(v.Sent()), q.unseen)
	}
	if e, ok := fail.As(err); ok && e.Kind == fail.Conflict {
		v.C.Status(page.Statuses[fail.Conflict])
		return showQuestions(v, of, &templates.Notice{Kind: "bad", Text: q.refusal(v, e)})
	}
	if err != nil {
		return err
	}
	v.Say("success", flash)
	return v.Redirect(q.base)
}

// refusal says why; a change by somebody else is on the page already.
func (q questions) refusal(v *page.Visit, e *fail.Error) string {
	if e.Key == q.changed {
		return v.T("form_desk.changed")
	}
	return v.Sentence(e.Key, e.Args)
}

func showQuestions(v *page.Visit, of asker, notice *templates.Notice) error {
	q, err := of(v)
	if err != nil {
		return err
	}
	p := formPage{Title: v.T(q.title), Lead: v.T(q.lead), None: v.T(q.none), Notice: notice, Version: q.version, Was: db.HashBody(q.form), Base: q.base}
	if q.call {
		p.Up = &templates.Fact{Text: v.T("call_desk.title"), Href: "/desk" + v.Edition.Path() + "/call"}
	}
	fields := q.form.Fields
	if len(fields) >= form.MaxFields {
		p.Full = v.T("form.fields_many", "max", form.MaxFields)
	}
	for i, x := range fields {
		p.Rows = append(p.Rows, formRow{Path: p.Base + "/" + url.PathEscape(x.Key), Label: v.Words(x.Label), Purpose: v.Words(x.Purpose),
			Kind: v.T("form_desk.kind_" + string(x.Kind)), Keep: v.T("form_desk.kept", "n", x.KeepDays), When: whenWords(v, q.form, x),
			Required: x.Required, Special: x.Special, Unseen: slices.Contains(q.unseen, x.Key), First: i == 0, Last: i == len(fields)-1})
		p.Preview = append(p.Preview, preview(v, q.form, x))
	}
	return v.Render("desk/form", p.Title, p)
}

// whenWords says to whom a field is shown, when not to everybody.
func whenWords(v *page.Visit, f form.Form, x form.Field) string {
	if x.When == nil {
		return ""
	}
	i := slices.IndexFunc(f.Fields, func(o form.Field) bool { return o.Key == x.When.Field })
	if i < 0 {
		return ""
	}
	return v.T("form_desk.when_is", "field", v.Words(f.Fields[i].Label).Text, "value", answerWords(v, f.Fields[i], x.When.Value))
}

// answerWords is what a condition waits for, in words.
func answerWords(v *page.Visit, x form.Field, value string) string {
	for _, o := range x.Options {
		if o.Key == value {
			return v.Words(o.Label).Text
		}
	}
	return v.T("form_desk.answer_" + value)
}

// preview draws a question without a form around it: nothing can be sent.
func preview(v *page.Visit, f form.Form, x form.Field) previewField {
	label, hint := v.Words(x.Label), v.Words(x.Hint)
	p := previewField{When: whenWords(v, f, x), Purpose: v.Words(x.Purpose), Special: x.Special, Lang: label.Lang}
	name := "preview_" + x.Key
	var options []templates.Option
	for _, o := range x.Options {
		options = append(options, templates.Option{Value: o.Key, Text: v.Words(o.Label).Text})
	}
	switch x.Kind {
	case form.YesNo:
		options = []templates.Option{{Value: "yes", Text: v.T("form_desk.answer_yes")}, {Value: "no", Text: v.T("form_desk.answer_no")}}
		fallthrough
	case form.Choice, form.Several:
		if !x.Required && x.Kind != form.Several {
			options = append(options, templates.Option{Text: v.T("register.answer_none")})
		}
		p.Choice = &templates.Choice{Name: name, Legend: label.Text, Hint: hint.Text, Options: options, Optional: !x.Required, Several: x.Kind == form.Several}
	default:
		kind := map[form.Kind]string{form.Long: "textarea", form.Number: "number"}[x.Kind]
		p.Field = &templates.Field{Name: name, Label: label.Text, Hint: hint.Text, Type: kind, Optional: !x.Required}
	}
	return p
}

// optionName is the name of an option's fields in the form of its question.
func optionName(row int) string { return "opt_" + strconv.Itoa(row) }
