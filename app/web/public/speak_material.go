package public

import (
	"slices"

	"agora/app/material"
	"agora/app/speaking"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// speakKinds are what speakers hand in; recordings are the organisers' to add.
var speakKinds = []material.Kind{material.Slides, material.Handout, material.Writeup, material.Link}

// speakMaterialPage is what a speaker has handed in for a session.
type speakMaterialPage struct {
	Top     speakTop
	Session page.Words
	Action  string
	Rows    []speakPiece
	Others  []speakPiece // of other speakers and organisers, to look at
	// Refusal says that they have said no to its being published.
	Refusal templates.Notice
	Form    speakMaterialForm
}

// speakPiece is one piece of material.
type speakPiece struct {
	Title, Lang string
	Note        string
	Href, Edit  string
}

// speakMaterialForm is what is said of a piece, new or changed.
type speakMaterialForm struct {
	Kind, Shown templates.Choice
	Title       templates.Field
	Upload      templates.Upload
	URL         templates.Field
	Licence     templates.Field
	Remove      string
	Now         string // the file or address that is there
}

func (p speakMaterialPage) Shape(f *page.Frame) { f.Scripts = append(f.Scripts, "upload") }

func (k ownSide) author() material.Author { return material.Author{Speaker: k.Who.ID} }

// ownMaterial is what the speaker has handed in for a session.
func (s Pages) ownMaterial(v *page.Visit, k ownSide, sessionID string) ([]material.Material, error) {
	list, err := s.Material.OfSession(v.Ctx, v.Edition, sessionID)
	return slices.DeleteFunc(list, func(m material.Material) bool { return m.SpeakerID != k.Who.ID }), err
}

// SpeakMaterial lists it, with a form for more.
func (s Pages) SpeakMaterial(v *page.Visit) error {
	return s.opened(v, func(k ownSide) error {
		x, err := k.session(v)
		if err != nil {
			return err
		}
		f := v.Blank().Set("kind", string(material.Slides)).Set("shown", string(material.After)).Set("licence", k.X.Licence)
		if x.Session.Scheduled() && !x.Session.EndsAt.After(v.Now) {
			f.Set("shown", string(material.Now))
		}
		return s.materialPage(v, k, x, f)
	})
}

// SpeakMaterialAdd hands a piece in.
func (s Pages) SpeakMaterialAdd(v *page.Visit) error {
	return s.opened(v, func(k ownSide) error {
		x, err := k.session(v)
		if err != nil {
			return err
		}
		f := v.Sent()
		in, err := readMaterial(v, f, k, material.Input{Title: text.Texts{}})
		if err == nil && len(f.Problems) == 0 {
			_, err = s.Material.Add(v.Ctx, k.author(), v.Edition, x.Session.ID, in)
			err = s.tellFull(v, k, x.Session.ID, err)
		}
		if bad, err := f.Failed(err); bad {
			if err != nil {
				return err
			}
			return s.materialPage(v, k, x, f)
		}
		if err := s.Speaking.Noted(v.Ctx, v.Edition, k.X, speaking.SectionMaterial, k.handed(in, x.Session.ID)); err != nil {
			return err
		}
		v.Say("success", "flash.speak_material")
		return v.Redirect(k.Self + "/sessions/" + x.Session.Slug + "/material")
	})
}

// tellFull lets the organisers know when err says that the link takes no more.
func (s Pages) tellFull(v *page.Visit, k ownSide, sessionID string, err error) error {
	if material.Full(err) {
		if e := s.Speaking.Full(v.Ctx, v.Edition, k.X, sessionID); e != nil {
			return e
		}
	}
	return err
}

// handed says among the changes what was handed in.
func (k ownSide) handed(in material.Input, sessionID string) speaking.Change {
	name := in.URL
	if title := in.Title.String(); title != "" {
		name = title
	}
	if name == "" {
		name = string(in.Kind)
	}
	return speaking.Change{SessionID: sessionID, Field: "material", Became: name}
}

// readMaterial reads the form over what is known of a piece. Whichever of file and
// address is new takes the place of the other.
func readMaterial(v *page.Visit, f *page.Form, k ownSide, in material.Input) (material.Input, error) {
	sent, err := f.File(v, "file", v.Edition.ID, k.X.Scope())
	url := f.Get("url")
	switch {
	case sent != "" && url != "" && url != in.URL:
		f.Note("url", "material.source_two")
	case sent != "":
		in.FileID, in.URL = sent, ""
	case url != "":
		in.FileID, in.URL = "", url
	case in.URL != "": // emptied, and nothing came in its place
		in.URL = ""
	}
	in.Kind, in.Shown, in.Licence = material.Kind(f.Get("kind")), material.When(f.Get("shown")), f.Get("licence")
	if !slices.Contains(speakKinds, in.Kind) {
		f.Note("kind", "material.kind_unknown")
	}
	if in.Shown != material.Now && in.Shown != material.After && in.Shown != material.At {
		f.Note("shown", "material.choice_unknown")
	}
	if title, l := f.Get("title"), asksIn(v)[0]; title != "" {
		in.Title = text.Texts{l: title}
	} else {
		in.Title = text.Texts{}
	}
	return in, err
}

func (s Pages) materialPage(v *page.Visit, k ownSide, x speaking.SessionOwes, f *page.Form) error {
	list, err := s.Material.OfSession(v.Ctx, v.Edition, x.Session.ID)
	if err != nil {
		return err
	}
	p := speakMaterialPage{Session: v.SessionWords(x.Session, x.Session.Title), Action: k.Self + "/sessions/" + x.Session.Slug + "/material"}
	if k.X.Consent.Refuses(speaking.Slides) {
		p.Refusal = k.refusal(v, "speak.material_refused")
	}
	for _, m := range list {
		row := k.piece(v, m)
		if m.SpeakerID == k.Who.ID && slices.Contains(speakKinds, m.Kind) {
			row.Edit = k.Self + "/material/" + m.ID
			p.Rows = append(p.Rows, row)
		} else if m.Visibility != material.Hidden {
			p.Others = append(p.Others, row)
		}
	}
	p.Form = newMaterialForm(v, f, k)
	p.Top = k.top(v, f, "speak.material")
	return v.Render("speak/material", p.Top.Title, p)
}

func (k ownSide) piece(v *page.Visit, m material.Material) speakPiece {
	title, l := v.Edition.In(m.Title, v.Lang)
	row := speakPiece{Title: title, Href: m.URL}
	if title == "" {
		row.Title = v.T("material.kind." + string(m.Kind))
	} else if l != v.Lang {
		row.Lang = string(l)
	}
	row.Note = v.T("material.kind." + string(m.Kind))
	if m.File != nil {
		row.Note += " · " + m.File.Name
		row.Href = k.Self + "/material/" + m.ID + "/file"
	}
	row.Note += " · " + v.T("speak.shown_note_"+string(m.Shown))
	return row
}

func newMaterialForm(v *page.Visit, f *page.Form, k ownSide) speakMaterialForm {
	var p speakMaterialForm
	var kinds []templates.Option
	for _, kind := range speakKinds {
		kinds = append(kinds, templates.Option{Value: string(kind), Text: v.T("material.kind." + string(kind)), Hint: v.T("speak.kind_" + string(kind))})
	}
	p.Kind = f.Choice("kind", "speak.kind", kinds...)
	p.Upload = f.Upload("file", "speak.file", k.Self+"/uploads")
	p.URL = f.Field("url", "url", "speak.url")
	p.URL.Placeholder = "https://"
	p.Title = f.Field("title", "text", "speak.material_name")
	p.Title.Optional = true
	shown := []templates.Option{{Value: string(material.Now), Text: v.T("speak.shown_now")}, {Value: string(material.After), Text: v.T("speak.shown_after")}}
	if f.Get("shown") == string(material.At) { // an organiser has set a moment: it may stay
		shown = append(shown, templates.Option{Value: string(material.At), Text: v.T("speak.shown_at")})
	}
	p.Shown = f.Choice("shown", "speak.shown", shown...)
	p.Licence = f.Field("licence", "select", "speak.material_licence")
	p.Licence.Options = []templates.Option{{Value: "", Text: v.T("speak.licence_none")}}
	known := append(speaking.Licences(), f.Get("licence"))
	for i, name := range known {
		if name != "" && slices.Index(known, name) == i {
			p.Licence.Options = append(p.Licence.Options, templates.Option{Value: name, Text: licenceName(v, name)})
		}
	}
	return p
}
