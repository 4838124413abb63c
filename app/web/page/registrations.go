package page

import (
	"time"

	"agora/app/registration"
	"agora/app/registration/form"
)

// RegistrationRow is a registration in a list.
type RegistrationRow struct {
	Name, Organisation, Email, Code string
	State                           registration.State
	Kind                            registration.Kind
	Meanwhile                       bool
	At                              time.Time
	Photo                           registration.Photo
}

// RegistrationRow puts a registration into a list.
func (v *Visit) RegistrationRow(r registration.Registration) RegistrationRow {
	return RegistrationRow{Name: r.Name, Organisation: r.Organisation, Email: r.Email, Code: r.Code, State: r.State, Kind: r.Kind,
		Meanwhile: r.Meanwhile, At: v.Edition.Local(r.CreatedAt), Photo: r.Photo}
}

// Answer is an answer as a reader of the page's language understands it.
func (v *Visit) Answer(field form.Field, answer any) string {
	return field.Words(v.Lang, v.Edition.Languages, answer, v.T("desk_people.yes"), v.T("desk_people.no"))
}
