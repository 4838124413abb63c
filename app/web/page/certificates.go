package page

import (
	"agora/app/account"
	"agora/app/certificate"
)

// OwnsCertificate tells whether the visitor may have a certificate as a file: its
// holder, signed in, or an organiser of its edition.
func (v *Visit) OwnsCertificate(i certificate.Issued) bool {
	return v.SignedIn() && (i.PersonID == v.Person.ID || v.May(account.Organiser))
}
