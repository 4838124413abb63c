package desk

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/fail"
	"agora/app/web/page"
	"agora/templates"
)

// deskPeoplePage says who works on an edition, and lets its organiser add and
// remove them.
type deskPeoplePage struct {
	Holders  []roleHolder
	Email    templates.Field
	Name     templates.Field
	Role     templates.Field
	Problems []templates.Problem
	Action   string
}

type roleHolder struct {
	ID, Name, Email string
	Role            account.Role
	Series          bool // holds for all editions of the series
}

// given are the roles an organiser may give for one edition.
var given = []account.Role{account.Organiser, account.Moderator, account.DoorStaff, account.Catering, account.Reviewer}

// People shows who works on the edition.
func (s Pages) People(v *page.Visit) error {
	return newDeskPeoplePage(v, v.Blank().Set("role", string(account.Moderator)))
}

func newDeskPeoplePage(v *page.Visit, f *page.Form) error {
	p := deskPeoplePage{Action: "/desk" + v.Edition.Path() + "/people",
		Email: f.Field("email", "email", "people.email"), Name: f.Field("name", "text", "people.name"), Role: f.Field("role", "select", "people.role")}
	p.Problems = f.Summary()
	for _, r := range given {
		p.Role.Options = append(p.Role.Options, templates.Option{Value: string(r), Text: v.T("account.role." + string(r))})
	}
	p.Email.Required, p.Name.Optional = true, true
	for _, scope := range []account.Scope{account.OfSeries(v.Edition.SeriesID), account.OfEdition(v.Edition.ID)} {
		holders, err := v.Site.Accounts.Holders(v.Ctx, scope)
		if err != nil {
			return err
		}
		for _, h := range holders {
			p.Holders = append(p.Holders, roleHolder{ID: h.ID, Name: h.Label(), Email: h.Email, Role: h.Role, Series: scope != account.OfEdition(v.Edition.ID)})
		}
	}
	return v.Render("desk/people", v.T("desk.nav_people"), p)
}

// PeopleAdd gives somebody a role. They sign in with their own address; no
// invitation is needed.
func (s Pages) PeopleAdd(v *page.Visit) error {
	f := v.Sent()
	role := account.Role(f.Get("role"))
	if !slices.Contains(given, role) {
		f.Note("role", "account.role.unknown")
	}
	email, problem := account.ParseEmail(f.Get("email"))
	if problem != "" {
		f.Note("email", problem)
	}
	if bad, err := f.Failed(nil); bad {
		if err != nil {
			return err
		}
		return newDeskPeoplePage(v, f)
	}
	err := s.DB.Tx(v.Ctx, func(ctx context.Context, tx bun.Tx) error {
		people, err := account.Ensure(ctx, tx, v.Now, []account.NewPerson{{Email: email, Name: f.Get("name"), Language: v.Lang}})
		if err != nil {
			return err
		}
		return s.Accounts.Grant(ctx, tx, v.Person.ID, people[email].ID, account.OfEdition(v.Edition.ID), role)
	})
	if err != nil {
		return err
	}
	v.Say("success", "flash.role_given")
	return v.Redirect("/desk" + v.Edition.Path() + "/people")
}

// PeopleRemove takes a role of this edition back. Nobody removes themselves:
// an edition without an organiser helps no one.
func (s Pages) PeopleRemove(v *page.Visit) error {
	f := v.Sent()
	role := account.Role(f.Get("role"))
	if f.Get("person") == v.Person.ID && role == account.Organiser {
		return fail.Clash("people.not_yourself")
	}
	err := s.DB.Tx(v.Ctx, func(ctx context.Context, tx bun.Tx) error {
		return s.Accounts.RevokeRole(ctx, tx, v.Person.ID, f.Get("person"), account.OfEdition(v.Edition.ID), role)
	})
	if err != nil {
		return err
	}
	v.Say("success", "flash.role_taken")
	return v.Redirect("/desk" + v.Edition.Path() + "/people")
}
