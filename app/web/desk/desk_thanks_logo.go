package desk

import (
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/file"
	"agora/app/file/content"
	"agora/app/web/page"
	"agora/templates"
)

// logoKinds are offered when a logo is chosen; what is in the file decides.
var logoKinds = []file.Kind{content.PNG, content.JPEG, content.WebP}

// sentLogo takes the picture that came with the form, drawn anew at a size for
// pages. Without one the choice stays as it was.
func (s Pages) sentLogo(v *page.Visit, f *page.Form, chosen *string) (*string, error) {
	scope := "edition:" + v.Edition.ID
	id, err := f.File(v, "logo", v.Edition.ID, scope)
	if err != nil || id == "" {
		return chosen, err
	}
	picture, err := s.Files.Picture(v.Ctx, id, scope, edition.LogoScope, file.Crop{})
	if e, ok := fail.As(err); ok && e.Kind == fail.Invalid {
		// The file area calls every file "file"; here it is the logo's field.
		for _, problems := range e.Fields {
			for _, p := range problems {
				f.Note("logo", p.Key, p.Args...)
			}
		}
		return chosen, nil
	}
	if err != nil {
		return chosen, err
	}
	return &picture.ID, nil
}

// Shape loads the script that sends the logo in parts.
func (p thanksFormPage) Shape(f *page.Frame) { f.Scripts = append(f.Scripts, "upload") }

func newThanksFormPage(v *page.Visit, f *page.Form, t edition.Thanks) error {
	p := thanksFormPage{New: t.ID == "", Heading: t.Name, Action: v.C.Path(), Back: deskOf(v, "/thanks"), Key: f.Key(), LogoName: t.Name,
		Logo: page.LogoPath(v.Edition, t)}
	if p.New {
		p.Heading = v.T("thanks.add")
	}
	var kinds []templates.Option
	for _, k := range edition.ThanksKinds {
		kinds = append(kinds, templates.Option{Value: string(k), Text: v.T("thanks.kind." + string(k)), Hint: v.T("thanks.kind_hint." + string(k))})
	}
	p.Kind, p.Name = f.Choice("kind", "thanks.kind", kinds...), f.Field("name", "text", "thanks.name")
	p.Name.Required = true
	p.What = f.TextGroup("what", "text", "thanks.what")
	p.URL = f.Field("url", "url", "thanks.url")
	p.URL.Optional = true
	p.Upload = f.Upload("logo", "thanks.logo", "/desk"+v.Edition.Path()+"/uploads?for=edition:"+v.Edition.ID, logoKinds...)
	p.Upload.Optional = true
	p.NoLogo = f.Field("no_logo", "checkbox", "thanks.no_logo")
	p.Problems = f.Summary()
	return v.Render("desk/thanks_form", p.Heading, p)
}
