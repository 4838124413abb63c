package asking

import (
	"agora/app/registration/form"
	"agora/app/web/page"
	"agora/templates"
)

// fieldPageOf draws the page of one question.
func fieldPageOf(v *page.Visit, f *page.Form, q questions, at int, clashed bool) error {
	whole := q.form
	p := fieldPage{New: at >= len(whole.Fields), Clashed: clashed, Action: v.C.Path(), Back: q.base, Up: v.T(q.title),
		Version: f.Version(), Was: f.Get("was"), Rows: rowsSent(f), Title: page.Words{Text: v.T("form_desk.new")}}
	if !p.New {
		p.Title = v.Words(whole.Fields[at].Label)
	}
	p.Label = f.TextGroup("label", "text", "form_desk.label")
	p.Kind = f.Field("kind", "select", "form_desk.kind")
	for _, k := range form.Kinds {
		p.Kind.Options = append(p.Kind.Options, templates.Option{Value: string(k), Text: v.T("form_desk.kind_" + string(k))})
	}
	f.Draws("options", v.T("form_desk.options"), "options")
	p.OptionErrors = f.Errors("options")
	for row := range p.Rows {
		p.Options = append(p.Options, newOptionRow(v, f, row))
	}
	p.Hint, p.Required = f.TextGroup("hint", "text", "form_desk.hint"), f.Field("required", "checkbox", "form_desk.required")
	p.When = whenField(v, f, whole, at)
	p.Purpose = f.TextGroup("purpose", "text", "form_desk.purpose")
	p.Keep = f.Field("keep_days", "number", "form_desk.keep")
	if q.call {
		p.Required.Hint = v.T("call_desk.required_how")
		p.Purpose.Say(v.T("call_desk.purpose_how"))
		unseen := f.Field("unseen", "checkbox", "call_desk.unseen")
		p.Unseen = &unseen
	} else {
		special := f.Field("special", "checkbox", "form_desk.special")
		p.Special = &special
	}
	p.Problems = f.Summary()
	return v.Render("desk/form_field", p.Title.Text, p)
}

func newOptionRow(v *page.Visit, f *page.Form, row int) optionRow {
	langs := page.FormLangs(v.Edition)
	o := optionRow{Name: optionName(row), Key: f.Get(optionName(row) + "_key"), Fields: f.TextFields(optionName(row), "text", "form_desk.option", langs)}
	for i, l := range langs {
		o.Fields[i].Label = v.T("form_desk.option_n", "count", row+1)
		if len(langs) > 1 {
			o.Fields[i].Label += " (" + l.Name() + ")"
		}
	}
	return o
}

// whenField offers every answer of the questions above that a condition can wait
// for.
func whenField(v *page.Visit, f *page.Form, whole form.Form, at int) templates.Field {
	t := f.Field("when", "select", "form_desk.when")
	t.Options = []templates.Option{{Value: "", Text: v.T("form_desk.when_all")}}
	add := func(x form.Field, value string) {
		t.Options = append(t.Options, templates.Option{Value: x.Key + "=" + value,
			Text: v.T("form_desk.when_option", "field", v.Words(x.Label).Text, "value", answerWords(v, x, value))})
	}
	for _, x := range whole.Fields[:min(at, len(whole.Fields))] {
		for _, o := range x.Options {
			add(x, o.Key)
		}
		if x.Kind == form.YesNo {
			add(x, "yes")
			add(x, "no")
		}
	}
	return t
}
