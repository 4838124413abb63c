package web

import (
	"agora/app/fail"
	"agora/app/material"
	"agora/app/program"
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
	Title                  words
	Kind, Href, RemoveHref string
}

// materialFields are the form's names for an area's fields: on the same page
// stands the session's own form, which has a kind and a title too.
var materialFields = map[string]string{"kind": "m_kind", "url": "m_url", "title": "m_title"}

func (v *visit) materialForm(f *form, x *program.Session) (*materialForm, error) {
	list, err := v.site.Material.OfSession(v.ctx, v.edition, x.ID)
	if err != nil {
		return nil, err
	}
	if !f.has("m_kind") {
		f.set("m_kind", string(material.Slides))
	}
	m := &materialForm{Action: "/desk" + v.edition.Path() + "/program/" + x.Slug + "/material", Kind: f.field("m_kind", "", "session_form.m_kind"),
		URL: f.field("m_url", "url", "session_form.m_url"), Titles: v.textGroup(f, "m_title", "text", "session_form.m_title")}
	m.URL.Required = true
	if m.Titles.Legend == "" {
		m.Titles.Fields[0].Optional = true
	}
	for _, k := range material.Kinds {
		m.Kind.Options = append(m.Kind.Options, templates.Option{Value: string(k), Text: v.t("material.kind." + string(k))})
	}
	for _, one := range list {
		row := materialDeskRow{Title: v.words(one.Title), Kind: v.t("material.kind." + string(one.Kind)), Href: one.URL,
			RemoveHref: m.Action + "/" + one.ID + "/remove"}
		if row.Title.Text == "" {
			row.Title.Text = shownURL(one.URL)
		}
		m.Rows = append(m.Rows, row)
	}
	return m, nil
}

// materialAdd gives a session a link to its slides, recording or write-up.
func (s *Site) materialAdd(v *visit) error {
	draft, x, err := v.draftSession()
	if err != nil {
		return err
	}
	f := v.sent()
	in := material.Input{Kind: material.Kind(f.get("m_kind")), URL: f.get("m_url"), Title: f.texts("m_title")}
	_, err = s.Material.Add(v.ctx, v.person.ID, v.edition, x.ID, in)
	e, _ := fail.As(err)
	if err == nil {
		v.say("success", "flash.material_added")
		return v.redirect("/desk" + v.edition.Path() + "/program/" + x.Slug + "#material")
	}
	if e == nil || e.Kind != fail.Invalid && e.Kind != fail.Conflict {
		return err
	}
	for name, problems := range e.Fields {
		for _, p := range problems {
			f.note(materialFields[name], p.Key, p.Args...)
		}
	}
	var notice *templates.Notice
	if e.Kind == fail.Conflict {
		notice = &templates.Notice{Kind: "bad", Text: v.sentence(e.Key, e.Args)}
	}
	v.c.Status(statuses[e.Kind])
	session := v.blank()
	v.fillSession(session, x)
	return v.sessionFormPage(session, f, draft, x, notice)
}

// materialRemove takes one away. What is gone already was removed by somebody
// else, or by the same press twice.
func (s *Site) materialRemove(v *visit) error {
	_, x, err := v.draftSession()
	if err != nil {
		return err
	}
	err = s.Material.Remove(v.ctx, v.person.ID, v.edition, v.param("material"))
	if err != nil && !fail.Is(err, fail.NotFound) {
		return err
	}
	v.say("success", "flash.material_removed")
	return v.redirect("/desk" + v.edition.Path() + "/program/" + x.Slug + "#material")
}
