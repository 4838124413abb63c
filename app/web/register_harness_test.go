package web

import (
	"html"
	"net/http"
	"net/url"
	"strings"

	"agora/app/edition"
	"agora/app/registration"
	"agora/app/registration/form"
	"agora/app/text"
)

// supper is a form with every kind of question: what is asked depends on what
// was answered, and some of it is special.
func supper() form.Form {
	all := func(fi, sv, en string) text.Texts {
		return text.Texts{text.Finnish: fi, text.Swedish: sv, text.English: en}
	}
	option := func(key, fi, sv, en string) form.Option { return form.Option{Key: key, Label: all(fi, sv, en)} }
	why := all("Varaamme pöydät.", "Vi bokar borden.", "We book the tables.")
	return form.Form{Fields: []form.Field{
		{Key: "evening", Kind: form.YesNo, Label: all("Tuletko illalla?", "Kommer du på kvällen?", "Will you come in the evening?"), Purpose: why, Required: true, KeepDays: 7},
		{Key: "diet", Kind: form.Several, Label: all("Mitä et syö?", "Vad äter du inte?", "What do you not eat?"), Purpose: why, Special: true, KeepDays: 10,
			When:    &form.Condition{Field: "evening", Value: "yes"},
			Options: []form.Option{option("meat", "Lihaa", "Kött", "Meat"), option("other", "Muuta", "Annat", "Other"), option("fish", "Kalaa", "Fisk", "Fish")}},
		// Its name is that of a box of the question before.
		{Key: "diet_other", Kind: form.Text, Label: text.One(text.Finnish, "Mitä muuta?"), Purpose: why, Special: true, Required: true, KeepDays: 10,
			When: &form.Condition{Field: "diet", Value: "other"}},
		{Key: "role", Kind: form.Choice, Label: all("Rooli", "Roll", "Role"), Purpose: why, KeepDays: 30,
			Options: []form.Option{option("dev", "Kehittäjä", "Utvecklare", "Developer"), option("boss", "Päällikkö", "Chef", "Manager")}},
		{Key: "years", Kind: form.Number, Label: all("Vuosia", "År", "Years"), Purpose: why, KeepDays: 30},
		{Key: "wishes", Kind: form.Long, Label: all("Toiveet", "Önskemål", "Wishes"), Hint: text.One(text.Swedish, "Fritt"), Purpose: why, KeepDays: 30},
	}}
}

// asks gives an edition a form and changes its rules.
func (h *webHouse) asks(e edition.Edition, f form.Form, change func(*registration.Rules)) {
	h.t.Helper()
	rules := registration.UsualRules
	if change != nil {
		change(&rules)
	}
	setup, err := h.Registrations.Setup(h.t.Context(), e.ID)
	h.must(err)
	h.must(h.Registrations.SaveForm(h.t.Context(), e, "", f, setup.Version))
	h.must(h.Registrations.SaveRules(h.t.Context(), e, "", rules, setup.Version+1))
}

// control is what a page shows of a form's control: its values, those of boxes
// only where they are ticked.
func control(body, name string) (values []string) {
	for _, g := range tagsOf(body) {
		_, ticked := g.attrs["checked"]
		box := g.attrs["type"] == "radio" || g.attrs["type"] == "checkbox"
		if g.name == "input" && g.attrs["name"] == name && (ticked || !box) {
			values = append(values, html.UnescapeString(g.attrs["value"]))
		}
	}
	return values
}

// area is what stands in a textarea.
func area(body, name string) string {
	return html.UnescapeString(strings.TrimPrefix(between(between(body, `<textarea id="`+name+`"`, "</textarea>", ""), ">", "\x00", ""), "\n"))
}

// refusedAt sends a form and compares where it is wrong, and with which words.
func (h *webHouse) refusedAt(slug string, v url.Values, l text.Lang, want map[string]string) reply {
	h.t.Helper()
	r := h.post(asStranger, "/cmadfi/"+slug+"/register", v, "Accept-Language", string(l))
	if r.status != http.StatusUnprocessableEntity {
		h.t.Errorf("%s: status %d to %q", l, r.status, r.location())
		return r
	}
	for name, words := range want {
		if said := errorsBeside(r.body, name); len(said) != 1 || said[0] != words {
			h.t.Errorf("%s: beside %s stands %q, want %q", l, name, said, words)
		}
	}
	if got := strings.Count(r.body, `<li><a href="#`); got != len(want) {
		h.t.Errorf("%s: the summary lists %d problems, want %d", l, got, len(want))
	}
	for _, f := range pageFaults(r.body, string(l)) {
		h.t.Errorf("%s: %s", l, f)
	}
	return r
}
