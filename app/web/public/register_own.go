package public

import (
	"slices"
	"strings"

	"agora/app/registration/form"
	"agora/app/text"
	"agora/app/web/page"
)

// answers begins the name of every control of the edition's own form.
const answers = "answers."

// among parts the boxes ticked of one group. No option's key holds it.
const among = "\n"

// manyOptions is from how many options on a list to pull down reads better than
// cards.
const manyOptions = 7

// ownQuestion is one of the edition's own questions on the page.
type ownQuestion struct {
	Name, Kind           string
	Label, Hint, Purpose page.Words
	Kept                 string // until when the answer is kept, in words
	Value                string
	Options              []ownChoice
	Errors               []string
	Required, Listed     bool
	// When and Is name the control and the value that show the field; If says it
	// in words, for browsers without scripts.
	When, Is, If string
}

type ownChoice struct {
	Value   string
	Label   page.Words
	Checked bool
}

// gatherAnswers reads the edition's own questions again: boxes of one group
// share a name, and here all that are ticked count.
func gatherAnswers(f *page.Form) {
	for name := range f.Values {
		if strings.HasPrefix(name, answers) {
			delete(f.Values, name)
		}
	}
	for key, value := range f.V.C.Request().PostArgs().All() {
		name := string(key)
		if !strings.HasPrefix(name, answers) {
			continue
		}
		if before, again := f.Values[name]; again {
			f.Values[name] = before + among + string(value)
		} else {
			f.Values[name] = string(value)
		}
	}
}

// answersOf are the answers to the questions the form has now. What was sent to
// one that an organiser has removed meanwhile is nobody's mistake.
func answersOf(f *page.Form, own form.Form) form.Answers {
	a := form.Answers{}
	for _, field := range own.Fields {
		switch value := f.Values[answers+field.Key]; {
		case value == "":
		case field.Kind == form.Several:
			a[field.Key] = strings.Split(value, among)
		default:
			a[field.Key] = value
		}
	}
	return a
}

// ownQuestions draws the questions that are special, or those that are not.
func ownQuestions(v *page.Visit, f *page.Form, own form.Form, special bool) []ownQuestion {
	var list []ownQuestion
	for _, field := range own.Fields {
		if field.Special == special {
			list = append(list, newOwnQuestion(v, f, own, field))
		}
	}
	return list
}

func newOwnQuestion(v *page.Visit, f *page.Form, own form.Form, field form.Field) ownQuestion {
	name := answers + field.Key
	p := ownQuestion{Name: name, Kind: string(field.Kind), Label: v.Words(field.Label), Hint: v.Words(field.Hint), Purpose: v.Words(field.Purpose),
		Value: f.Values[name], Errors: f.Errors(name), Required: field.Required,
		Kept: v.T("register.kept", "when", text.Date(v.Lang, v.Edition.Local(v.Edition.EndsAt).AddDate(0, 0, field.KeepDays)))}
	f.Draws(name, p.Label.Text, name)
	chosen := strings.Split(p.Value, among)
	for _, o := range field.Options {
		p.Options = append(p.Options, ownChoice{o.Key, v.Words(o.Label), slices.Contains(chosen, o.Key)})
	}
	switch {
	case field.Kind == form.YesNo:
		for _, key := range []string{"yes", "no"} {
			p.Options = append(p.Options, ownChoice{key, page.Words{Text: v.T("register.answer_" + key)}, p.Value == key})
		}
	case field.Kind == form.Choice && len(field.Options) >= manyOptions:
		p.Listed = true
	}
	if !p.Listed && !p.Required && (field.Kind == form.YesNo || field.Kind == form.Choice) {
		// What was answered can be taken back: a dot cannot be picked off again.
		p.Options = append(p.Options, ownChoice{"", page.Words{Text: v.T("register.answer_none")}, false})
	}
	if field.When != nil {
		p.condition(v, own, *field.When)
	}
	return p
}

// condition says by which answer to which question the field is shown.
func (p *ownQuestion) condition(v *page.Visit, own form.Form, when form.Condition) {
	asked, ok := own.Field(when.Field)
	if !ok {
		return
	}
	value := ""
	if asked.Kind == form.YesNo {
		value = v.T("register.answer_" + when.Value)
	} else if i := slices.IndexFunc(asked.Options, func(o form.Option) bool { return o.Key == when.Value }); i >= 0 {
		value = v.Words(asked.Options[i].Label).Text
	}
	p.When, p.Is = answers+when.Field, when.Value
	p.If = v.T("register.answer_if", "field", v.Words(asked.Label).Text, "answer", value)
}
