package web

import (
	"strings"
	"time"

	"agora/app/fail"
	"agora/app/paper"
	"agora/app/text"
	"agora/templates"
)

// verifyPage says what a certificate's code proves: no more than the paper does.
type verifyPage struct {
	Code    templates.Field
	Asked   bool
	Found   bool
	Revoked bool
	Name    string
	Edition words
	When    string
	Where   string
	Number  int64
	Issued  time.Time
	Given   string
}

func (s *Site) verifyForm(v *visit) error {
	if code := v.query("code"); code != "" {
		clean := paper.CleanCode(code)
		// Letters that no code has must not vanish before the eyes of who typed them.
		if !strings.EqualFold(strings.ReplaceAll(clean, "-", ""), strings.NewReplacer("-", "", " ", "").Replace(code)) {
			v.c.Status(statuses[fail.NotFound])
			return v.verifyPage(verifyPage{Asked: true, Given: code})
		}
		return v.redirect("/verify/" + clean)
	}
	return v.verifyPage(verifyPage{})
}

func (s *Site) verify(v *visit) error {
	p := verifyPage{Asked: true, Given: paper.CleanCode(v.param("code"))}
	proof, err := s.Paper.Verify(v.ctx, v.param("code"))
	if fail.Is(err, fail.NotFound) {
		v.c.Status(statuses[fail.NotFound])
		return v.verifyPage(p)
	}
	if err != nil {
		return err
	}
	if v.edition, err = s.Editions.ByID(v.ctx, proof.EditionID); err != nil {
		return err
	}
	e := v.edition
	p.Found, p.Revoked, p.Name, p.Number = true, proof.RevokedAt != nil, proof.Name, proof.Number
	p.Edition, p.When = v.words(e.Title), text.Days(v.lang, e.Local(e.StartsAt), e.Local(e.EndsAt))
	p.Where, p.Issued = v.words(e.Venue).Text+", "+v.words(e.City).Text, e.Local(proof.IssuedAt)
	return v.verifyPage(p)
}

func (v *visit) verifyPage(p verifyPage) error {
	p.Code = v.blank().set("code", p.Given).field("code", "text", "verify.code")
	return v.render("paper/verify", v.t("verify.title"), p)
}
