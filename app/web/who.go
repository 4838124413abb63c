package web

import (
	"agora/app/account"
	"agora/app/fail"
	"agora/app/web/page"
)

// who says who may use a route. Its zero value is nobody: a route that forgets
// to say is closed.
type who uint8

const (
	nobody who = iota
	// anyone: the page is public.
	anyone
	// bearer: whoever holds the secret in the address; the handler checks it.
	bearer
	// signedIn: any person.
	signedIn
	// staff: anyone with some role somewhere; the page shows only what is theirs.
	staff
	// doorStaff, catering, reviewer, moderator, organiser: by role for the address's edition or series.
	// The door is also kept by the devices that joined it.
	doorStaff
	catering
	reviewer
	moderator
	organiser
	// owner: who runs the installation.
	owner
)

func (w who) String() string {
	return [...]string{"nobody", "anyone", "bearer", "signed in", "staff", "door staff", "catering", "reviewer", "moderator", "organiser", "owner"}[w]
}

// role gives the role a route asks for, when it asks for one.
func (w who) role() (account.Role, bool) {
	switch w {
	case doorStaff:
		return account.DoorStaff, true
	case catering:
		return account.Catering, true
	case reviewer:
		return account.Reviewer, true
	case moderator:
		return account.Moderator, true
	case organiser:
		return account.Organiser, true
	case owner:
		return account.Owner, true
	}
	return "", false
}

// admit decides whether the visitor may pass, before any handler runs.
func (w who) admit(v *page.Visit) error {
	switch w {
	case anyone, bearer:
		return nil
	case nobody:
		return fail.Missing("web.not_found")
	}
	if w == doorStaff {
		if passes, err := byDevice(v); passes || err != nil {
			return err
		}
	}
	if !v.SignedIn() {
		return fail.New(fail.SignIn, "web.sign_in_first")
	}
	switch w {
	case signedIn:
		return nil
	case staff:
		if len(v.Roles) > 0 {
			return nil
		}
	default:
		if role, ok := w.role(); ok && v.Roles.May(role, v.Edition.SeriesID, v.Edition.ID) {
			return nil
		}
	}
	return fail.New(fail.Forbidden, "web.not_yours")
}

// byDevice decides for the door. Who keeps it by role does so, whatever has become
// of the device they use.
func byDevice(v *page.Visit) (passes bool, err error) {
	passes, err = v.Doorkeeper()
	if fail.Is(err, fail.Gone) && v.May(account.DoorStaff) {
		return false, nil
	}
	return passes, err
}
