package page

import (
	"bytes"
	"context"

	"agora/app/account"
	"agora/app/certificate"
	"agora/app/fail"
	"agora/app/paper"
	"agora/app/text"
)

// OwnsCertificate tells whether the visitor may have a certificate as a file: its
// holder, signed in, or an organiser of its edition.
func (v *Visit) OwnsCertificate(i certificate.Issued) bool {
	return v.SignedIn() && (i.PersonID == v.Person.ID || v.May(account.Organiser))
}

// SendCertificate sends one as PDF, in the language of the page. One that was
// revoked is not printed any more.
func (v *Visit) SendCertificate(i certificate.Issued) error {
	if !i.Holds() {
		return fail.Missing("verify.revoked")
	}
	return v.SendPDF(string(i.Kind)+"-"+i.Code, func(ctx context.Context, b *bytes.Buffer) (paper.Report, error) {
		return v.Site.Certificates.Print(ctx, b, v.Edition, v.Lang, []certificate.Issued{i}, func(certificate.Issued) text.Lang { return v.Lang }, nil)
	})
}
