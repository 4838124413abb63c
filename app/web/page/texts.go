package page

import (
	"agora/app/edition"
	"agora/app/text"
	"agora/templates"
)

// TextName is the field of one language of a text.
func TextName(name string, l text.Lang) string { return name + "_" + string(l) }

// Texts reads a text given per language.
func (f *Form) Texts(name string) text.Texts {
	t := text.Texts{}
	for _, l := range text.Langs {
		if s := f.Get(TextName(name, l)); s != "" {
			t[l] = s
		}
	}
	return t
}

// TextsOver reads a text of the form. A language that the form did not ask for
// keeps what it had: files bring more languages than an edition has.
func (f *Form) TextsOver(name string, was text.Texts) text.Texts {
	t := f.Texts(name)
	for l, s := range was {
		if _, sent := f.Values[TextName(name, l)]; !sent {
			t[l] = s
		}
	}
	return t
}

// SetTexts fills in what Texts reads.
func (f *Form) SetTexts(name string, t text.Texts) {
	for l, s := range t {
		f.Values[TextName(name, l)] = s
	}
}

// TextFields draws one field per language. Problems of the text as a whole
// stand beside its first field, whose id the summary links to.
func (f *Form) TextFields(name, kind, label string, langs []text.Lang) []templates.Field {
	var list []templates.Field
	if len(langs) > 0 {
		f.Draws(name, f.V.T(label), TextName(name, langs[0]))
	}
	for i, l := range langs {
		t := f.Field(TextName(name, l), kind, label)
		t.Lang = string(l)
		if len(langs) > 1 {
			t.Label += " (" + l.Name() + ")"
		}
		if i == 0 {
			t.Errors = append(t.Errors, f.Errors(name)...)
		} else {
			t.Hint = ""
		}
		list = append(list, t)
	}
	return list
}

// TextGroup is one text in the edition's languages. With several of them the
// text's name and hint stand above its fields, and each is called by its language.
type TextGroup struct {
	Legend, Hint string
	Fields       []templates.Field
}

// TextGroup draws a text in the edition's languages.
func (f *Form) TextGroup(name, kind, label string) TextGroup {
	langs := FormLangs(f.V.Edition)
	g := TextGroup{Fields: f.TextFields(name, kind, label, langs)}
	if len(langs) < 2 {
		return g
	}
	g.Legend, g.Hint = f.V.T(label), g.Fields[0].Hint
	g.Fields[0].Hint = ""
	for i, l := range langs {
		g.Fields[i].Label = l.Name()
	}
	return g
}

// Say gives the group another hint.
func (g *TextGroup) Say(hint string) {
	if g.Legend == "" && len(g.Fields) > 0 {
		g.Fields[0].Hint = hint
		return
	}
	g.Hint = hint
}

// FormLangs gives the languages a form asks for: the edition's, or all.
func FormLangs(e edition.Edition) edition.Languages {
	if len(e.Languages) > 0 {
		return e.Languages
	}
	return edition.Languages{"fi", "sv", "en"}
}
