package desk

import (
	"bytes"
	"context"
	"slices"
	"strconv"

	"agora/app/certificate"
	"agora/app/fail"
	"agora/app/file"
	"agora/app/paper"
	"agora/app/web/page"
	"agora/templates"
)

// certificateRulesPage says to whom certificates are given, and what they say.
type certificateRulesPage struct {
	Tabs      []page.NavLink
	Problems  []templates.Problem
	Action    string
	Version   int64
	Clashed   bool
	Basis     templates.Choice
	Hours     templates.Field
	Minutes   templates.Field
	Remote    templates.Choice
	RemoteMin templates.Field
	Speaking  templates.Field
	Letter    templates.Field
	Own       page.TextGroup
	Signers   []signerFields
	Sample    string
}

// signerFields are those of one who signs.
type signerFields struct {
	Legend  string
	Name    templates.Field
	Title   page.TextGroup
	Upload  templates.Upload
	Picture string // where the signature is shown; empty without one
	None    templates.Field
}

// Shape loads the script that sends the signatures in parts.
func (p certificateRulesPage) Shape(f *page.Frame) { f.Scripts = append(f.Scripts, "upload") }

// CertificateRulesPage shows them.
func (s Pages) CertificateRulesPage(v *page.Visit) error {
	r, err := s.Certificates.Rules(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	return s.certificateRules(v, rulesForm(v, r), r, false)
}

// rulesForm is the form filled in from the rules.
func rulesForm(v *page.Visit, r certificate.Rules) *page.Form {
	f := v.Blank().Set("basis", string(r.Basis)).Set("remote", string(r.Remote)).Set("version", strconv.FormatInt(r.Version, 10)).
		Set("remote_minutes", strconv.FormatInt(r.RemoteMinutes, 10))
	f.SetTexts("own", r.Own)
	if r.Minutes > 0 {
		f.Set("hours", strconv.FormatInt(r.Minutes/60, 10)).Set("minutes", strconv.FormatInt(r.Minutes%60, 10))
	}
	for name, on := range map[string]bool{"speaking": r.Speaking, "letter": r.Letter} {
		if on {
			f.Set(name, "1")
		}
	}
	for i, who := range r.Signers {
		name := certificate.SignerField(i)
		f.Set(name, who.Name)
		f.SetTexts(name+"_title", who.Title)
	}
	return f
}

func (s Pages) certificateRules(v *page.Visit, f *page.Form, saved certificate.Rules, clashed bool) error {
	p := certificateRulesPage{Tabs: certificateTabs(v), Action: v.C.Path(), Version: f.Version(), Clashed: clashed, Sample: deskOf(v, "/certificates/sample.pdf")}
	var bases, remotes []templates.Option
	for _, b := range certificate.Bases {
		bases = append(bases, templates.Option{Value: string(b), Text: v.T("certificate.basis." + string(b)), Hint: v.T("certificate.basis_hint." + string(b))})
	}
	for _, r := range certificate.Remotes {
		remotes = append(remotes, templates.Option{Value: string(r), Text: v.T("certificate.remote." + string(r)), Hint: v.T("certificate.remote_hint." + string(r))})
	}
	p.Basis = f.Choice("basis", "certificates.basis", bases...)
	p.Hours, p.Minutes = f.Field("hours", "number", "certificates.hours"), f.Field("minutes", "number", "certificates.minutes")
	for _, n := range []*templates.Field{&p.Hours, &p.Minutes} {
		n.Min, n.Optional = "0", true
	}
	p.Remote, p.RemoteMin = f.Choice("remote", "certificates.remote", remotes...), f.Field("remote_minutes", "number", "certificates.remote_minutes")
	p.RemoteMin.Min, p.RemoteMin.Max = "1", certificate.MaxMinutes
	p.Basis.Stacked, p.Remote.Stacked = true, true
	p.Speaking, p.Letter = f.Field("speaking", "checkbox", "certificates.speaking"), f.Field("letter", "checkbox", "certificates.letter")
	p.Own = f.TextGroup("own", "textarea", "certificates.own")
	for i := range p.Own.Fields {
		p.Own.Fields[i].Rows, p.Own.Fields[i].Optional = 3, true
	}
	for i := range certificate.MaxSigners {
		p.Signers = append(p.Signers, newSignerFields(v, f, saved, i))
	}
	p.Problems = f.Summary()
	return v.Render("desk/certificate_rules", v.T("certificates.title"), p)
}

func newSignerFields(v *page.Visit, f *page.Form, saved certificate.Rules, i int) signerFields {
	name := certificate.SignerField(i)
	w := signerFields{Legend: v.T("certificates." + name), Name: f.Field(name, "text", "certificates.signer_name"), Title: f.TextGroup(name+"_title", "text", "certificates.signer_title")}
	w.Name.Optional = true
	for k := range w.Title.Fields {
		w.Title.Fields[k].Optional = true
	}
	w.Upload = f.Upload(name+"_picture", "certificates.signature", "/desk"+v.Edition.Path()+"/uploads?for=edition:"+v.Edition.ID, logoKinds...)
	w.Upload.Optional = true
	w.None = f.Field(name+"_none", "checkbox", "certificates.no_signature")
	if i < len(saved.Signers) && saved.Signers[i].Picture != "" {
		w.Picture = deskOf(v, "/certificates/signature/"+saved.Signers[i].Picture)
	}
	return w
}

// CertificateRulesSave keeps them.
func (s Pages) CertificateRulesSave(v *page.Visit) error {
	saved, err := s.Certificates.Rules(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	f := v.Sent()
	r := certificate.Rules{Basis: certificate.Basis(f.Get("basis")), Remote: certificate.Remote(f.Get("remote")), Minutes: 60*count(f, "hours") + count(f, "minutes"),
		RemoteMinutes: count(f, "remote_minutes"), Speaking: f.Has("speaking"), Letter: f.Has("letter"), Own: f.Texts("own"), Version: f.Version()}
	var fields []int // which of the two forms each signer came from
	for i := range certificate.MaxSigners {
		name := certificate.SignerField(i)
		who := certificate.Signer{Name: f.Get(name), Title: f.Texts(name + "_title")}
		if i < len(saved.Signers) && !f.Has(name+"_none") {
			who.Picture = saved.Signers[i].Picture
		}
		if who.Name != "" || len(who.Title) > 0 || f.Has(name+"_picture") {
			r.Signers, fields = append(r.Signers, who), append(fields, i)
		}
	}
	// Pictures are looked at only when the rest can be kept, so that none is sent twice.
	if err = r.Check(); err == nil && len(f.Problems) == 0 {
		for k, i := range fields {
			if r.Signers[k].Picture, err = s.sentSignature(v, f, certificate.SignerField(i)+"_picture", r.Signers[k].Picture); err != nil {
				return err
			}
		}
		if len(f.Problems) == 0 {
			err = s.Certificates.SaveRules(v.Ctx, v.Person.ID, v.Edition, r)
		}
	}
	if fail.Is(err, fail.Conflict) {
		f.Set("version", strconv.FormatInt(saved.Version, 10))
		v.C.Status(page.Statuses[fail.Conflict])
		return s.certificateRules(v, f, saved, true)
	}
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return s.certificateRules(v, f, saved, false)
	}
	v.Say("success", "flash.certificate_rules")
	return v.Redirect(v.C.Path())
}

func count(f *page.Form, name string) int64 {
	if n := f.Count(name); n != nil {
		return *n
	}
	return 0
}

// sentSignature takes the picture that came with the form, drawn anew; without one
// the choice stays as it was.
func (s Pages) sentSignature(v *page.Visit, f *page.Form, name, chosen string) (string, error) {
	scope := "edition:" + v.Edition.ID
	id, err := f.File(v, name, v.Edition.ID, scope)
	if err == nil && id == "" {
		return chosen, nil
	}
	var picture file.File
	if err == nil {
		picture, err = s.Files.Picture(v.Ctx, id, scope, certificate.SignatureScope, file.Crop{})
	}
	if e, ok := fail.As(err); ok && e.Kind == fail.Invalid {
		// The file area calls every file "file"; here it is the signature's field.
		for _, problems := range e.Fields {
			for _, p := range problems {
				f.Note(name, p.Key, p.Args...)
			}
		}
		return chosen, nil
	}
	return picture.ID, err
}

// CertificateSignature shows a signature to organisers.
func (s Pages) CertificateSignature(v *page.Visit) error {
	r, err := s.Certificates.Rules(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	id := v.Param("picture")
	if !slices.ContainsFunc(r.Signers, func(who certificate.Signer) bool { return who.Picture == id && id != "" }) {
		return fail.Missing("file.missing")
	}
	f, err := s.Files.ByID(v.Ctx, id)
	if err != nil {
		return err
	}
	return v.SendFile(f, false, "private, no-store")
}

// CertificateSample shows what a certificate looks like by the rules as they are:
// it has no number and proves nothing.
func (s Pages) CertificateSample(v *page.Visit) error {
	kind := certificateKind(v)
	return v.SendPDF("sample", func(ctx context.Context, b *bytes.Buffer) (paper.Report, error) {
		return s.Certificates.Sample(ctx, b, v.Edition, v.Lang, kind)
	})
}
