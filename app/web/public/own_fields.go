package public

import (
	"strconv"
	"strings"

	"agora/app/registration/form"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// ownField is one of the edition's own questions on a page: a field or a choice.
// The partial own-fields draws a list of them.
type ownField struct {
	Field  templates.Field
	Choice templates.Choice // when it has options to pick from as cards
	Lang   string           // of the words, where the visitor's language has none
	About  string           // why it is asked and for how long the answer is kept
	// When names the field whose answer shows this one, Is the answer, and
	// Condition says it in words for browsers without scripts.
	When, Is, Condition string
}

// Cards tells which of the two it is.
func (o ownField) Cards() bool { return o.Choice.Name != "" }

// ownName is the name of a question's control, and of its problems.
func ownName(key string) string { return "answers." + key }

// fewOptions is up to how many options are shown as cards; more are a list that
// opens.
const fewOptions = 6

// ownAnswers reads the answers to the edition's own questions from what was sent.
// Boxes of one question share its name.
func ownAnswers(f *page.Form, own form.Form) form.Answers {
	answers := form.Answers{}
	for _, field := range own.Fields {
		name := ownName(field.Key)
		if field.Kind != form.Several {
			answers[field.Key] = f.Values[name]
			continue
		}
		picked := []string{}
		for _, value := range f.V.C.Request().PostArgs().PeekMulti(name) {
			picked = append(picked, string(value))
		}
		answers[field.Key] = picked
	}
	return answers
}

// setOwn fills in what was answered before.
func setOwn(f *page.Form, own form.Form, answers form.Answers) {
	for _, field := range own.Fields {
		name := ownName(field.Key)
		switch answer := answers[field.Key].(type) {
		case string:
			f.Set(name, answer)
		case bool:
			f.Set(name, map[bool]string{true: "yes", false: "no"}[answer])
		case int64:
			f.Set(name, strconv.FormatInt(answer, 10))
		case []string:
			for _, key := range answer {
				f.Set(name+"_"+key, "1")
			}
		}
	}
}

// drawOwn draws the edition's own questions with what was typed and what is
// wrong with it.
func drawOwn(f *page.Form, own form.Form) []ownField {
	list := make([]ownField, 0, len(own.Fields))
	for _, field := range own.Fields {
		o := drawOne(f, field)
		if field.When != nil {
			if asked, ok := own.Field(field.When.Field); ok {
				o.When, o.Is = ownName(asked.Key), field.When.Value
				answer := asked.Words(f.V.Lang, f.V.Edition.Languages, conditionAnswer(asked, o.Is), f.V.T("own.yes"), f.V.T("own.no"))
				o.Condition = f.V.T("own.when", "field", f.V.Words(asked.Label).Text, "answer", answer)
			}
		}
		list = append(list, o)
	}
	return list
}

// conditionAnswer is the answer a condition waits for, as an answer is stored.
func conditionAnswer(field form.Field, value string) any {
	if field.Kind == form.YesNo {
		return value == "yes"
	}
	return []string{value}
}

func drawOne(f *page.Form, field form.Field) ownField {
	v, name := f.V, ownName(field.Key)
	label := v.Words(field.Label)
	hint := v.Words(field.Hint).Text
	o := ownField{Lang: label.Lang, About: aboutOwn(v, field)}
	f.Draws(name, label.Text, name)
	options := ownOptions(v, field)
	if field.Kind == form.Choice && len(field.Options) > fewOptions || len(options) == 0 {
		o.Field = templates.Field{Name: name, Label: label.Text, Hint: hint, Value: f.Values[name], Errors: f.Errors(name),
			Required: field.Required, Optional: !field.Required, Type: "text", Max: form.MaxText, Options: options}
		switch field.Kind {
		case form.Long:
			o.Field.Type, o.Field.Rows, o.Field.Max = "textarea", 3, form.MaxLong
		case form.Number:
			o.Field.Type, o.Field.Max, o.Field.Step = "number", form.MaxNumber, "1"
		case form.Choice:
			o.Field.Options = append([]templates.Option{{Text: v.T("own.choose")}}, options...)
		}
		return o
	}
	o.Choice = templates.Choice{Name: name, Legend: label.Text, Hint: hint, Errors: f.Errors(name), Options: options,
		Required: field.Required, Optional: !field.Required, Several: field.Kind == form.Several}
	if !o.Choice.Several && !field.Required {
		// A radio button once pressed cannot be let go again.
		o.Choice.Options = append(o.Choice.Options, templates.Option{Text: v.T("own.no_answer")})
	}
	for i, option := range o.Choice.Options {
		o.Choice.Options[i].Checked = f.Values[name] == option.Value && !o.Choice.Several || o.Choice.Several && f.Has(name+"_"+option.Value)
	}
	return o
}

// ownOptions are the answers to pick from.
func ownOptions(v *page.Visit, field form.Field) []templates.Option {
	var list []templates.Option
	switch field.Kind {
	case form.YesNo:
		list = []templates.Option{{Value: "yes", Text: v.T("own.yes")}, {Value: "no", Text: v.T("own.no")}}
	case form.Choice, form.Several:
		for _, o := range field.Options {
			list = append(list, templates.Option{Value: o.Key, Text: v.Words(o.Label).Text})
		}
	}
	return list
}

// aboutOwn says why a question is asked and for how long its answer is kept.
func aboutOwn(v *page.Visit, field form.Field) string {
	kept := v.T("own.kept", "n", field.KeepDays)
	if field.KeepDays == 0 {
		kept = v.T("own.kept_day")
	}
	purpose := v.Words(field.Purpose).Text
	if purpose != "" && !strings.ContainsAny(purpose[len(purpose)-1:], ".!?") {
		purpose += "."
	}
	return strings.TrimSpace(purpose + " " + kept)
}

// ownConsent is the consent to what is kept of diet, access and special answers,
// asked of itself and never ticked ahead.
func ownConsent(f *page.Form) templates.Field { return f.Field("consent", "checkbox", "own.consent") }

// letterLangs are the languages letters are written in.
func letterLangs() []templates.Option {
	var list []templates.Option
	for _, l := range text.Langs {
		list = append(list, templates.Option{Value: string(l), Text: l.Name()})
	}
	return list
}
