package public

import (
	"strings"
	"time"

	"agora/app/fail"
	"agora/app/paper"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// verifyPage says what a certificate's code proves: no more than the paper does.
type verifyPage struct {
	Code    templates.Field
	Asked   bool
	Found   bool
	Revoked bool
	Name    string
	Edition page.Words
	When    string
	Where   string
	Number  int64
	Issued  time.Time
	Given   string
}

// VerifyForm asks for the code of a certificate.
func (s Pages) VerifyForm(v *page.Visit) error {
	if code := v.Query("code"); code != "" {
		clean := paper.CleanCode(code)
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
	p := verifyPage{Asked: true, Given: paper.CleanCode(v.Param("code"))}
	proof, err := s.Paper.Verify(v.Ctx, v.Param("code"))
	if fail.Is(err, fail.NotFound) {
		v.C.Status(page.Statuses[fail.NotFound])
		return newVerifyPage(v, p)
	}
	if err != nil {
		return err
	}
	if v.Edition, err = s.Editions.ByID(v.Ctx, proof.EditionID); err != nil {
		return err
	}
	e := v.Edition
	p.Found, p.Revoked, p.Name, p.Number = true, proof.RevokedAt != nil, proof.Name, proof.Number
	p.Edition, p.When = v.Words(e.Title), text.Days(v.Lang, e.Local(e.StartsAt), e.Local(e.EndsAt))
	p.Where, p.Issued = v.Words(e.Venue).Text+", "+v.Words(e.City).Text, e.Local(proof.IssuedAt)
	return newVerifyPage(v, p)
}

func newVerifyPage(v *page.Visit, p verifyPage) error {
	p.Code = v.Blank().Set("code", p.Given).Field("code", "text", "verify.code")
	return v.Render("paper/verify", v.T("verify.title"), p)
}
