package desk

import (
	"maps"
	"strconv"

	"agora/app/fail"
	"agora/app/material"
	"agora/app/program"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// materialFormPage adds a piece of material to a session, or changes one.
type materialFormPage struct {
	New                          bool
	Title, Session               page.Words
	BackHref, Action, RemoveHref string
	Address                      string // for ever
	Now                          *page.MaterialRow
	Problems                     []templates.Problem
	Notice                       *templates.Notice
	Kind, Visibility, Shown      templates.Choice
	File                         templates.Upload
	URL, ShownAt                 templates.Field
	Titles                       page.TextGroup
	Language, Licence, Speaker   templates.Field
	Recording                    recordingFields
	Versions                     []versionRow
	Zone                         string
}

// versionRow is one of the versions a piece of material has had.
type versionRow struct{ Href, Name, When, By string }

func (p materialFormPage) Shape(f *page.Frame) { f.Scripts = append(f.Scripts, "upload") }

// MaterialNew asks for a piece of material.
func (s Pages) MaterialNew(v *page.Visit) error {
	_, x, err := v.DraftSession()
	if err != nil {
		return err
	}
	f := v.Blank()
	f.Set("kind", string(material.Slides)).Set("visibility", string(material.Public)).Set("shown", string(material.Now)).Set("begins", beginsUnknown)
	return newMaterialFormPage(v, f, x, nil, nil)
}

// MaterialAdd gives a session a file, or a link to what is elsewhere.
func (s Pages) MaterialAdd(v *page.Visit) error {
	_, x, err := v.DraftSession()
	if err != nil {
		return err
	}
	f := v.Sent()
	in, err := materialSent(v, f, x, material.Material{})
	if err == nil && len(f.Problems) == 0 {
		_, err = s.Material.Add(v.Ctx, material.Organiser(v.Person.ID), v.Edition, x.ID, in)
	}
	return materialSaved(v, f, x, nil, err, "flash.material_added")
}

// MaterialForm shows a piece of material as it is.
func (s Pages) MaterialForm(v *page.Visit) error {
	x, m, err := s.materialOf(v)
	if err != nil {
		return err
	}
	f := v.Blank()
	fillMaterial(v, f, x, m)
	return newMaterialFormPage(v, f, x, &m, nil)
}

// MaterialSave changes it. Another file or address is a new version.
func (s Pages) MaterialSave(v *page.Visit) error {
	x, m, err := s.materialOf(v)
	if err != nil {
		return err
	}
	f := v.Sent()
	in, err := materialSent(v, f, x, m)
	if err == nil && len(f.Problems) == 0 {
		_, err = s.Material.Change(v.Ctx, material.Organiser(v.Person.ID), v.Edition, m.ID, in)
	}
	return materialSaved(v, f, x, &m, err, "flash.material_saved")
}

// materialOf finds the session and the material of the address.
func (s Pages) materialOf(v *page.Visit) (*program.Session, material.Material, error) {
	_, x, err := v.DraftSession()
	if err != nil {
		return nil, material.Material{}, err
	}
	m, err := s.Material.ByID(v.Ctx, v.Edition, v.Param("material"))
	if err == nil && m.SessionID != x.ID {
		err = fail.Missing("material.missing")
	}
	return x, m, err
}

// materialSaved answers a form that was sent: it is shown again with what is
// wrong, or the session's material is.
func materialSaved(v *page.Visit, f *page.Form, x *program.Session, m *material.Material, err error, said string) error {
	if e, ok := fail.As(err); ok && e.Kind == fail.Conflict {
		v.C.Status(page.Statuses[e.Kind])
		return newMaterialFormPage(v, f, x, m, &templates.Notice{Kind: "bad", Text: v.Sentence(e.Key, e.Args)})
	}
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return newMaterialFormPage(v, f, x, m, nil)
	}
	v.Say("success", said)
	return v.Redirect(sessionMaterial(v, x))
}

func newMaterialFormPage(v *page.Visit, f *page.Form, x *program.Session, m *material.Material, notice *templates.Notice) error {
	p := materialFormPage{New: m == nil, Title: page.Words{Text: v.T("material_form.new")}, Session: v.SessionWords(x, x.Title), BackHref: sessionMaterial(v, x),
		Action: v.MaterialPath(x), Notice: notice, Zone: v.ZoneWords()}
	if m != nil {
		row := v.MaterialRow(*m, x, 0, true)
		p.Title, p.Now, p.Action, p.RemoveHref = row.Title, &row, row.EditHref, row.EditHref+"/remove"
		p.Address = v.Site.Config.BaseURL + m.Path(v.Edition)
		if err := materialVersions(v, &p, *m); err != nil {
			return err
		}
	}
	p.Kind = f.Choice("kind", "material_form.kind", options(v, material.Kinds[:], "material.kind.")...)
	uploads := "/desk" + v.Edition.Path() + "/uploads?for=" + material.Author{}.Scope(x.ID)
	p.File, p.URL = f.Upload("file", "material_form.file", uploads), f.Field("url", "url", "material_form.url")
	p.Titles = f.TextGroup("title", "text", "material_form.title")
	p.Visibility = f.Choice("visibility", "material_form.visibility", options(v, material.Visibilities[:], "material.visibility.")...)
	p.Shown = f.Choice("shown", "material_form.shown", options(v, material.Whens[:], "material.shown.")...)
	p.Visibility.Stacked, p.Shown.Stacked = true, true
	p.ShownAt = f.Field("shown_from", "datetime-local", "material_form.shown_at")
	if err := recordingForm(v, f, x, m, &p.Recording, uploads); err != nil {
		return err
	}
	p.Language, p.Licence = f.Field("language", "text", "material_form.language"), f.Field("licence", "text", "material_form.licence")
	p.Language.Optional, p.Licence.Optional = true, true
	p.Speaker = speakerChoice(v, f, x)
	p.Problems = f.Summary()
	return v.Render("desk/material_form", p.Title.Text, p)
}

// options are a choice's cards, with a hint where the catalogue has one.
func options[T ~string](v *page.Visit, values []T, words string) []templates.Option {
	list := make([]templates.Option, 0, len(values))
	for _, value := range values {
		o := templates.Option{Value: string(value), Text: v.T(words + string(value))}
		if hint := words + string(value) + "_hint"; v.Site.Words.Has(v.Lang, hint) {
			o.Hint = v.T(hint)
		}
		list = append(list, o)
	}
	return list
}

func speakerChoice(v *page.Visit, f *page.Form, x *program.Session) templates.Field {
	field := f.Field("speaker", "", "material_form.speaker")
	field.Options = []templates.Option{{Text: v.T("material_form.nobody")}}
	for _, who := range x.Speakers {
		field.Options = append(field.Options, templates.Option{Value: who.ID, Text: who.Name})
	}
	return field
}

func materialVersions(v *page.Visit, p *materialFormPage, m material.Material) error {
	list, err := v.Site.Material.Versions(v.Ctx, v.Edition, m.ID)
	if err != nil || len(list) < 2 {
		return err
	}
	for _, one := range list {
		old := m
		old.File, old.URL = one.File, one.URL
		number := strconv.FormatInt(one.Number, 10)
		row := versionRow{Href: m.Path(v.Edition) + "?v=" + number, Name: v.T("material_form.version", "number", number, "what", v.SourceWords(old)),
			When: text.DateTime(v.Lang, v.Edition.Local(one.CreatedAt)), By: v.T("material_form.by_organiser")}
		if one.SpeakerID != "" {
			row.By = v.T("material_form.by_speaker")
		}
		p.Versions = append(p.Versions, row)
	}
	return nil
}

// fillMaterial puts what is there into the form.
func fillMaterial(v *page.Visit, f *page.Form, x *program.Session, m material.Material) {
	f.Set("kind", string(m.Kind)).Set("url", m.URL).Set("visibility", string(m.Visibility)).Set("shown", string(m.Shown)).
		Set("language", m.Language).Set("licence", m.Licence).Set("speaker", m.SpeakerID).Set("transcript_url", m.TranscriptURL)
	f.SetTexts("title", m.Title)
	f.SetTime("shown_from", m.ShownAt, v.Edition.Location())
	fillBegins(v, f, m)
}

// materialSent reads the form; m is what was there, zero for a new one. Without
// another file or address what was there stays.
func materialSent(v *page.Visit, f *page.Form, x *program.Session, m material.Material) (material.Input, error) {
	scope := material.Author{}.Scope(x.ID)
	in := material.Input{Kind: material.Kind(f.Get("kind")), Title: f.TextsOver("title", m.Title), URL: f.Get("url"),
		Visibility: material.Visibility(f.Get("visibility")), Shown: material.When(f.Get("shown")), Language: f.Get("language"), Licence: f.Get("licence"),
		SpeakerID: f.Get("speaker"), TranscriptURL: f.Get("transcript_url")}
	if in.Shown == material.At {
		in.ShownAt = f.At("shown_from", v.Edition.Location())
	}
	var err error
	if in.FileID, err = f.File(v, "file", v.Edition.ID, scope); err != nil && !f.Refused(err) {
		return in, err
	}
	switch {
	case in.FileID != "" && in.URL == m.URL:
		in.URL = "" // a file in the place of a link
	case in.FileID == "" && in.URL == "":
		in.FileID = m.FileID
	}
	if in.Kind == material.Recording {
		in.RecordedAt = sentBegins(v, f, x)
		if in.Captions, err = sentCaptions(v, f, scope, m); err != nil {
			return in, err
		}
	}
	return in, checkSent(f, &in)
}

// materialFields are the form's names of what the area calls otherwise. A name
// with a value of another field behind it would be taken for a ticked box.
var materialFields = map[string]string{"shown_at": "shown_from", "recorded_at": "recorded_clock"}

// checkSent adds what the area finds wrong to what could not even be read, so
// that everything is told at once, and each thing once.
func checkSent(f *page.Form, in *material.Input) error {
	unread := maps.Clone(f.Problems)
	if err := in.Check(); err != nil && !f.Refused(err) {
		return err
	}
	for name, field := range materialFields {
		if list := f.Problems[name]; len(list) > 0 {
			f.Problems[field] = list
			delete(f.Problems, name)
		}
	}
	maps.Copy(f.Problems, unread)
	if len(unread["file"]) > 0 && !f.Has("url") {
		delete(f.Problems, "url")
	}
	return nil
}
