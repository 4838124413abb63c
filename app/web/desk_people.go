package web

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/fail"
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
var given = []account.Role{account.Organiser, account.Moderator, account.DoorStaff}

func (s *Site) deskPeople(v *visit) error {
	return v.deskPeoplePage(v.blank().set("role", string(account.Moderator)))
}

func (v *visit) deskPeoplePage(f *form) error {
	p := deskPeoplePage{Action: "/desk" + v.edition.Path() + "/people",
		Email: f.field("email", "email", "people.email"), Name: f.field("name", "text", "people.name"), Role: f.field("role", "select", "people.role")}
	p.Problems = f.summary()
	for _, r := range given {
		p.Role.Options = append(p.Role.Options, templates.Option{Value: string(r), Text: v.t("account.role." + string(r))})
	}
	p.Email.Required, p.Name.Optional = true, true
	for _, scope := range []account.Scope{account.OfSeries(v.edition.SeriesID), account.OfEdition(v.edition.ID)} {
		holders, err := v.site.Accounts.Holders(v.ctx, scope)
		if err != nil {
			return err
		}
		for _, h := range holders {
			p.Holders = append(p.Holders, roleHolder{ID: h.ID, Name: h.Label(), Email: h.Email, Role: h.Role, Series: scope != account.OfEdition(v.edition.ID)})
		}
	}
	return v.render("desk/people", v.t("desk.nav_people"), p)
}

// deskPeopleAdd gives somebody a role. They sign in with their own address; no
// invitation is needed.
func (s *Site) deskPeopleAdd(v *visit) error {
	f := v.sent()
	role := account.Role(f.get("role"))
	if !slices.Contains(given, role) {
		f.note("role", "account.role.unknown")
	}
	email, problem := account.ParseEmail(f.get("email"))
	if problem != "" {
		f.note("email", problem)
	}
	if bad, err := f.failed(nil); bad {
		if err != nil {
			return err
		}
		return v.deskPeoplePage(f)
	}
	err := s.DB.Tx(v.ctx, func(ctx context.Context, tx bun.Tx) error {
		people, err := account.Ensure(ctx, tx, v.now, []account.NewPerson{{Email: email, Name: f.get("name"), Language: v.lang}})
		if err != nil {
			return err
		}
		return s.Accounts.Grant(ctx, tx, v.person.ID, people[email].ID, account.OfEdition(v.edition.ID), role)
	})
	if err != nil {
		return err
	}
	v.say("success", "flash.role_given")
	return v.redirect("/desk" + v.edition.Path() + "/people")
}

// deskPeopleRemove takes a role of this edition back. Nobody removes themselves:
// an edition without an organiser helps no one.
func (s *Site) deskPeopleRemove(v *visit) error {
	f := v.sent()
	role := account.Role(f.get("role"))
	if f.get("person") == v.person.ID && role == account.Organiser {
		return fail.Clash("people.not_yourself")
	}
	err := s.DB.Tx(v.ctx, func(ctx context.Context, tx bun.Tx) error {
		return s.Accounts.RevokeRole(ctx, tx, v.person.ID, f.get("person"), account.OfEdition(v.edition.ID), role)
	})
	if err != nil {
		return err
	}
	v.say("success", "flash.role_taken")
	return v.redirect("/desk" + v.edition.Path() + "/people")
}
