package public

import (
	"strings"
	"time"

	"agora/app/certificate"
	"agora/app/fail"
	"agora/app/paper"
	"agora/app/web/page"
	"agora/templates"
)

// verifyPage says what a certificate's code proves: what the paper says and no more.
// Of one that was revoked it tells nothing but that, when and why.
type verifyPage struct {
	Code    templates.Field
	Asked   bool
	Found   bool
	Given   string
	Revoked *time.Time
	Reason  string
	Paper   paper.Certificate
	Facts   []templates.Fact
	PDF     string // where its holder finds it as a file
}

// VerifyForm asks for the code of a certificate.
func (s Pages) VerifyForm(v *page.Visit) error {
	if code := v.Query("code"); code != "" {
		clean := certificate.CleanCode(code)
		// Letters that no code has must not vanish before the eyes of who typed them.
		if !strings.EqualFold(strings.ReplaceAll(clean, "-", ""), strings.NewReplacer("-", "", " ", "").Replace(code)) {
			v.C.Status(page.Statuses[fail.NotFound])
			return newVerifyPage(v, verifyPage{Asked: true, Given: code})
		}
		return v.Redirect("/verify/" + clean)
	}
	return newVerifyPage(v, verifyPage{})
}

// Verify tells whether the certificate is genuine.
func (s Pages) Verify(v *page.Visit) error {
	p := verifyPage{Asked: true, Given: certificate.CleanCode(v.Param("code"))}
	i, err := s.Certificates.Verify(v.Ctx, v.Param("code"))
	if fail.Is(err, fail.NotFound) {
		p.Given = v.Param("code") // what is looked for is what was typed
		v.C.Status(page.Statuses[fail.NotFound])
		return newVerifyPage(v, p)
	}
	if err != nil {
		return err
	}
	if v.Edition, err = s.Editions.ByID(v.Ctx, i.EditionID); err != nil {
		return err
	}
	p.Found = true
	if !i.Holds() {
		at := v.Edition.Local(*i.RevokedAt)
		p.Revoked, p.Reason = &at, v.T("certificate.reason_told."+string(i.Reason))
		return newVerifyPage(v, p)
	}
	if p.Paper, err = s.Certificates.Sheet(v.Ctx, v.Edition, v.Lang, i); err != nil {
		return err
	}
	for _, f := range p.Paper.Facts {
		p.Facts = append(p.Facts, templates.Fact{Term: f.Label, Text: f.Value})
	}
	if v.OwnsCertificate(i) {
		p.PDF = "/verify/" + i.Code + "/certificate.pdf"
	}
	return newVerifyPage(v, p)
}

func newVerifyPage(v *page.Visit, p verifyPage) error {
	p.Code = v.Blank().Set("code", p.Given).Field("code", "text", "verify.code")
	return v.Render("paper/verify", v.T("verify.title"), p)
}
