package desk

import (
	"errors"
	"html/template"
	"io"
	"strconv"
	"strings"

	"agora/app/fail"
	"agora/app/paper"
	"agora/app/web/page"
	"agora/templates"
)

const (
	// newDesign is the address of one that is not kept yet.
	newDesign = "new"
	// maxPicture bounds what is read of a sent logo before it is made smaller.
	maxPicture = 8 << 20
)

// designPage is the editor of a design: a form, and beside it the badge as it
// would print.
type designPage struct {
	Back, Action, Show, Export, Remove string
	Own, Clashed                       bool
	Version                            string
	From                               string
	Title                              string
	Problems                           []templates.Problem
	Name                               templates.Field
	Sizes                              []templates.Field
	Cuts                               templates.Field
	Roles                              []roleColour
	Elements                           []elementFields
	Add                                templates.Field
	Logo                               templates.Field
	HasLogo                            bool
	NoLogo                             templates.Field
	Sample                             templates.Field
	View                               designView
	W, H                               string
}

// roleColour is the colour of one role; empty is the program's own.
type roleColour struct {
	Field templates.Field
	Usual string
}

// designView is a design drawn with a sample: what the editor shows and refreshes.
type designView struct {
	Picture template.HTML `json:"-"`
	SVG     string        `json:"svg"`
	Texts   []string      `json:"texts"`
}

// DesignOpen gives a design as a picture, as a file or, in the editor, as a form.
func (s Pages) DesignOpen(v *page.Visit) error {
	ref := v.Param("design")
	switch {
	case strings.HasSuffix(ref, ".svg"):
		return s.designPicture(v, strings.TrimSuffix(ref, ".svg"))
	case strings.HasSuffix(ref, ".json"):
		return s.designExport(v, strings.TrimSuffix(ref, ".json"))
	}
	return s.designOpen(v, ref)
}

// designOpen opens an own design, or begins a new one from one there is.
func (s Pages) designOpen(v *page.Visit, ref string) error {
	f := v.Blank()
	if ref == newDesign {
		d, _, err := badgeDesign(v, v.Query("from"))
		if err != nil {
			return err
		}
		d.Name = ""
		fillDesign(f.Set("from", v.Query("from")), d)
		return s.designForm(v, f, d, paper.OwnDesign{}, false)
	}
	own, err := s.Paper.OwnDesign(v.Ctx, v.Edition.SeriesID, ref)
	if fail.Is(err, fail.NotFound) {
		if _, ready := s.Paper.Design(v.Ctx, v.Edition.SeriesID, ref); ready == nil {
			return v.Redirect(deskOf(v, "/badges/designs/new?from="+ref))
		}
	}
	if err != nil {
		return err
	}
	fillDesign(f.Set("version", strconv.FormatInt(own.Version, 10)), own.Design)
	return s.designForm(v, f, own.Design, own, false)
}

// DesignSave keeps a design, or does one step of the editor that needs no script:
// add, remove, move, look.
func (s Pages) DesignSave(v *page.Visit) error {
	f := designForm{v.Sent()}
	own, err := s.designKept(v)
	if err != nil {
		return err
	}
	d := designSent(f)
	if err := s.logoOf(v, f, own, &d); err != nil {
		return err
	}
	if step := f.Get("step"); step != "" && step != "save" {
		d = editStep(d, step, f.Get("add"))
		f.clearElements()
		fillDesign(f.Form, d)
		return s.designForm(v, f.Form, d, own, false)
	}
	version, _ := strconv.ParseInt(f.Get("version"), 10, 64)
	if len(f.Problems) == 0 {
		var saved paper.OwnDesign
		saved, err = s.Paper.SaveDesign(v.Ctx, v.Person.ID, v.Edition, own.ID, version, d)
		if err == nil {
			v.Say("success", "badge.design_saved")
			return v.Redirect(deskOf(v, "/badges/designs/"+saved.ID))
		}
	}
	return s.designRefused(v, f, d, own, err)
}

// designRefused shows the form again with everything that is wrong, or that
// somebody else saved meanwhile.
func (s Pages) designRefused(v *page.Visit, f designForm, d paper.Design, own paper.OwnDesign, err error) error {
	var fault *paper.Fault
	switch {
	case errors.As(err, &fault):
		noteFaults(f.Form, d)
		err = nil
	case fail.Is(err, fail.Conflict) && own.ID != "":
		v.C.Status(page.Statuses[fail.Conflict])
		f.Set("version", strconv.FormatInt(own.Version, 10)) // saving once more is meant
		return s.designForm(v, f.Form, d, own, true)
	}
	if bad, err := f.Failed(err); !bad || err != nil {
		return err
	}
	return s.designForm(v, f.Form, d, own, false)
}

// noteFaults puts what is wrong with a design beside the fields it is about.
func noteFaults(f *page.Form, d paper.Design) {
	for _, fault := range d.Faults() {
		at := "page_w"
		if fault.Element >= 0 {
			at = elementName(fault.Element, "x")
		}
		f.Note(at, fault.Key, fault.Args...)
	}
}

// designKept finds the own design of the address; a new one is not kept yet.
func (s Pages) designKept(v *page.Visit) (own paper.OwnDesign, err error) {
	if ref := v.Param("design"); ref != newDesign {
		return s.Paper.OwnDesign(v.Ctx, v.Edition.SeriesID, ref)
	}
	return own, nil
}

// logoOf gives the design its logo: the one sent now, none, or the one it has.
func (s Pages) logoOf(v *page.Visit, f designForm, own paper.OwnDesign, d *paper.Design) error {
	d.Logo = own.Design.Logo
	if own.ID == "" && f.Get("from") != "" {
		if from, _, err := badgeDesign(v, f.Get("from")); err == nil {
			d.Logo = from.Logo
		}
	}
	if f.Has("no_logo") {
		d.Logo = nil
	}
	_, r, ok, err := v.SentFile("logo")
	if err != nil || !ok {
		return err
	}
	defer r.Close()
	raw, err := io.ReadAll(io.LimitReader(r, maxPicture+1))
	if err != nil {
		return err
	}
	if len(raw) == 0 {
		return nil
	}
	made, err := paper.Logo(raw)
	if err != nil {
		f.Note("logo", "badge.fault.image")
		return nil
	}
	d.Logo = made
	if !d.Has(paper.ElementLogo) {
		d.Elements = append(d.Elements, newElement(*d, paper.ElementLogo))
	}
	return nil
}

// DesignShow draws what stands in the form, for the script.
func (s Pages) DesignShow(v *page.Visit) error {
	f := designForm{v.Sent()}
	own, err := s.designKept(v)
	if err != nil {
		return err
	}
	d := designSent(f)
	if err := s.logoOf(v, f, own, &d); err != nil {
		return err
	}
	view, err := s.designView(v, d, f.Get("sample"))
	if err != nil {
		return err
	}
	v.C.Set("Cache-Control", "no-store")
	return v.JSON(200, view)
}

// designPicture is a design drawn with the usual sample.
func (s Pages) designPicture(v *page.Visit, ref string) error {
	d, _, err := badgeDesign(v, ref)
	if err != nil {
		return err
	}
	view, err := s.designView(v, d, "")
	if err != nil {
		return err
	}
	v.C.Set("Content-Type", "image/svg+xml")
	v.C.Set("Cache-Control", "private, max-age=300")
	return v.C.SendString(view.SVG)
}

// designExport gives a design away as a file.
func (s Pages) designExport(v *page.Visit, ref string) error {
	d, _, err := badgeDesign(v, ref)
	if err != nil {
		return err
	}
	raw, err := d.JSON()
	if err != nil {
		return err
	}
	v.C.Set("Content-Type", "application/json; charset=utf-8")
	v.C.Set("Content-Disposition", `attachment; filename="badge.json"`)
	v.C.Set("Cache-Control", "no-store")
	return v.C.Send(raw)
}

// DesignImport brings a design from a file; it is kept as a new one.
func (s Pages) DesignImport(v *page.Visit) error {
	_, r, ok, err := v.SentFile("file")
	if err != nil {
		return err
	}
	if !ok {
		v.Say("bad", "badge.import_none")
		return v.Redirect(deskOf(v, "/badges"))
	}
	defer r.Close()
	raw, err := io.ReadAll(io.LimitReader(r, paper.MaxDesign+1))
	if err != nil {
		return err
	}
	d, err := paper.ReadDesign(raw)
	if err == nil {
		if strings.TrimSpace(d.Name) == "" || v.Site.Words.Has(v.Lang, "badge.design."+d.Name) {
			d.Name = v.T("badge.imported_name", "name", designName(v, d))
		}
		var own paper.OwnDesign
		if own, err = s.Paper.SaveDesign(v.Ctx, v.Person.ID, v.Edition, "", 0, d); err == nil {
			v.Say("success", "badge.imported")
			return v.Redirect(deskOf(v, "/badges/designs/"+own.ID))
		}
	}
	var fault *paper.Fault
	if errors.As(err, &fault) {
		return fail.Clash("badge.import_bad", "why", v.Sentence(fault.Key, fault.Args))
	}
	return err
}

// DesignRemove takes an own design away.
func (s Pages) DesignRemove(v *page.Visit) error {
	if err := s.Paper.RemoveDesign(v.Ctx, v.Person.ID, v.Edition, v.Param("design")); err != nil {
		return err
	}
	v.Say("success", "badge.design_removed")
	return v.Redirect(deskOf(v, "/badges"))
}
