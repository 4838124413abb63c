package desk

import (
	"agora/app/fail"
	"agora/app/material"
	"agora/app/program"
	"agora/app/web/page"
	"agora/templates"
)

// materialForm is a session's material on the desk, and the form for more.
type materialForm struct {
	Rows   []materialDeskRow
	Kind   templates.Field
	URL    templates.Field
	Titles textGroup
	Action string
}

type materialDeskRow struct {
	Title                  page.Words
	Kind, Href, RemoveHref string
}

// materialFields are the form's names for an area's fields: on the same page
// stands the session's own form, which has a kind and a title too.
var materialFields = map[string]string{"kind": "m_kind", "url": "m_url", "title": "m_title"}

func newMaterialForm(v *page.Visit, f *page.Form, x *program.Session) (*materialForm, error) {
	list, err := v.Site.Material.OfSession(v.Ctx, v.Edition, x.ID)
	if err != nil {
		return nil, err
	}
	if !f.Has("m_kind") {
		f.Set("m_kind", string(material.Slides))
	}
	m := &materialForm{Action: "/desk" + v.Edition.Path() + "/program/" + x.Slug + "/material", Kind: f.Field("m_kind", "", "session_form.m_kind"),
		URL: f.Field("m_url", "url", "session_form.m_url"), Titles: newTextGroup(v, f, "m_title", "text", "session_form.m_title")}
	m.URL.Required = true
	if m.Titles.Legend == "" {
		m.Titles.Fields[0].Optional = true
	}
	for _, k := range material.Kinds {
		m.Kind.Options = append(m.Kind.Options, templates.Option{Value: string(k), Text: v.T("material.kind." + string(k))})
	}
	for _, one := range list {
		row := materialDeskRow{Title: v.Words(one.Title), Kind: v.T("material.kind." + string(one.Kind)), Href: one.URL,
			RemoveHref: m.Action + "/" + one.ID + "/remove"}
		if row.Title.Text == "" {
			row.Title.Text = page.ShownURL(one.URL)
		}
		m.Rows = append(m.Rows, row)
	}
	return m, nil
}

// MaterialAdd gives a session a link to its slides, recording or write-up.
func (s Pages) MaterialAdd(v *page.Visit) error {
	draft, x, err := draftSession(v)
	if err != nil {
		return err
	}
	f := v.Sent()
	in := material.Input{Kind: material.Kind(f.Get("m_kind")), URL: f.Get("m_url"), Title: f.Texts("m_title")}
	_, err = s.Material.Add(v.Ctx, material.Organiser(v.Person.ID), v.Edition, x.ID, in)
	e, _ := fail.As(err)
	if err == nil {
		v.Say("success", "flash.material_added")
		return v.Redirect("/desk" + v.Edition.Path() + "/program/" + x.Slug + "#material")
	}
	if e == nil || e.Kind != fail.Invalid && e.Kind != fail.Conflict {
		return err
	}
	for name, problems := range e.Fields {
		for _, p := range problems {
			f.Note(materialFields[name], p.Key, p.Args...)
		}
	}
	var notice *templates.Notice
	if e.Kind == fail.Conflict {
		notice = &templates.Notice{Kind: "bad", Text: v.Sentence(e.Key, e.Args)}
	}
	v.C.Status(page.Statuses[e.Kind])
	session := v.Blank()
	fillSession(v, session, x)
	return newSessionFormPage(v, session, f, draft, x, notice)
}

// MaterialRemove takes one away. What is gone already was removed by somebody
// else, or by the same press twice.
func (s Pages) MaterialRemove(v *page.Visit) error {
	_, x, err := draftSession(v)
	if err != nil {
		return err
	}
	err = s.Material.Remove(v.Ctx, material.Organiser(v.Person.ID), v.Edition, v.Param("material"))
	if err != nil && !fail.Is(err, fail.NotFound) {
		return err
	}
	v.Say("success", "flash.material_removed")
	return v.Redirect("/desk" + v.Edition.Path() + "/program/" + x.Slug + "#material")
}
