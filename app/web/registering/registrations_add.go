package registering

import (
	"agora/app/fail"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// addPage registers one person by hand.
type addPage struct {
	Problems []templates.Problem
	Name     templates.Field
	Email    templates.Field
	Kind     templates.Choice
	More     []templates.Field
	Action   string
	Back     string
	// Known leads to the registration that the address has already.
	Known string
}

// RegistrationForm asks whom to add.
func (s Pages) RegistrationForm(v *page.Visit) error {
	return newAddPage(v, usualForm(v), "")
}

// usualForm proposes a place on site and the edition's first language.
func usualForm(v *page.Visit) *page.Form {
	f := v.Blank().Set("place", string(registration.Onsite))
	if len(v.Edition.Languages) > 0 {
		f.Set("language", string(v.Edition.Languages[0]))
	}
	return f
}

// kindOptions are the kinds of place to choose from.
func kindOptions(v *page.Visit) []templates.Option {
	var list []templates.Option
	for _, kind := range registration.Kinds {
		list = append(list, templates.Option{Value: string(kind), Text: v.T("place." + string(kind))})
	}
	return list
}

// langOptions are the program's languages to choose from, each by its own name.
func langOptions() []templates.Option {
	var list []templates.Option
	for _, l := range text.Langs {
		list = append(list, templates.Option{Value: string(l), Text: l.Name()})
	}
	return list
}

func newAddPage(v *page.Visit, f *page.Form, known string) error {
	base := "/desk" + v.Edition.Path() + "/registrations"
	p := addPage{Action: base + "/new", Back: base, Known: known, Name: f.Field("name", "text", "people.name"), Email: f.Field("email", "email", "people.email")}
	p.Kind = f.Choice("place", "desk.kind", kindOptions(v)...)
	organisation, language := f.Field("organisation", "text", "desk_people.organisation"), f.Field("language", "select", "desk_people.language")
	language.Options = langOptions()
	p.Name.Required, p.Email.Required, organisation.Optional = true, true, true
	p.More, p.Problems = []templates.Field{organisation, language}, f.Summary()
	return v.Render("desk/registration_add", v.T("desk_people.add"), p)
}

// RegistrationAdd registers somebody, whatever the clock says. Who is registered
// already is not registered twice: the page leads to them.
func (s Pages) RegistrationAdd(v *page.Visit) error {
	f := v.Sent()
	res, err := s.Registrations.Add(v.Ctx, v.Edition, v.Person.ID, registration.Input{Name: f.Get("name"), Email: f.Get("email"),
		Organisation: f.Get("organisation"), Language: text.Lang(f.Get("language")), Place: registration.Kind(f.Get("place"))})
	if fail.Is(err, fail.Conflict) {
		known, bad := s.knownAs(v, f.Get("email"))
		if bad != nil {
			return bad
		}
		f.Note("email", "desk_people.known")
		v.C.Status(page.Statuses[fail.Conflict])
		return newAddPage(v, f, known)
	}
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return newAddPage(v, f, "")
	}
	v.Say("success", "flash.added_"+string(res.Registration.State))
	return v.Redirect("/desk" + v.Edition.Path() + "/registrations/" + res.Registration.Code)
}

// knownAs is the page of the registration that an address has.
func (s Pages) knownAs(v *page.Visit, email string) (string, error) {
	person, err := s.Accounts.ByEmail(v.Ctx, email)
	if err != nil {
		return "", err
	}
	r, err := s.Registrations.OfPerson(v.Ctx, v.Edition.ID, person.ID)
	return "/desk" + v.Edition.Path() + "/registrations/" + r.Code, err
}
