package registering

import (
	"net/url"
	"strings"
	"time"
	"unicode"

	"agora/app/registration"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// holdsPage lists the places that are kept back, and keeps more.
type holdsPage struct {
	Tabs     []page.NavLink
	Problems []templates.Problem
	Held     []holdRow
	Released []holdRow
	Name     templates.Field
	Kind     templates.Choice
	Seats    templates.Field
	Coded    templates.Field
	Until    templates.Field
	Zone     string
	Key      string
	Base     string
}

// holdRow is a hold as the list shows it, with its times on the edition's clock.
type holdRow struct {
	ID, Name, Kind, Email, Code, Link string
	Seats, Used, Left                 int64
	Until, Released                   *time.Time
	Path                              string
}

// invitePage invites people by mail.
type invitePage struct {
	Tabs                          []page.NavLink
	Problems                      []templates.Problem
	Emails, Name, Until, Language templates.Field
	Kind                          templates.Choice
	Zone, Key, FreeOnsite, Action string
}

// HoldsPage lists them.
func (s Pages) HoldsPage(v *page.Visit) error {
	return s.holdsPage(v, v.Blank().Set("kind", string(registration.Onsite)).Set("coded", "1"))
}

// HoldKeep keeps places back.
func (s Pages) HoldKeep(v *page.Visit) error {
	f := v.Sent()
	in := holdSent(v, f)
	in.Name, in.Coded = f.Get("name"), f.Has("coded")
	if n := f.Count("seats"); n != nil {
		in.Seats = *n
	}
	err := f.Unsaid(in.Check(v.Edition, v.Now))
	if err == nil && len(f.Problems) == 0 {
		err = s.Registrations.Keep(v.Ctx, v.Edition, v.Person.ID, in)
	}
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		anew(f, "name")
		return s.holdsPage(v, f)
	}
	v.Say("success", "flash.hold_kept")
	return v.Redirect(v.C.Path())
}

// holdSent reads what both forms ask.
func holdSent(v *page.Visit, f *page.Form) registration.HoldInput {
	return registration.HoldInput{Kind: registration.Kind(f.Get("kind")), ReleaseAt: f.At("release_at", v.Edition.Location()),
		Key: page.ActKey("hold "+v.Edition.ID, f.Get("key"))}
}

// anew lets a form that was carried out before, and came back with other words,
// be sent as a new one; the organiser is told to look first.
func anew(f *page.Form, field string) {
	if len(f.Problems["idempotency_key"]) > 0 {
		delete(f.Problems, "idempotency_key")
		delete(f.Values, "key")
		f.Note(field, "places.sent_before")
	}
}

// HoldRelease gives what is left of a hold to everybody.
func (s Pages) HoldRelease(v *page.Visit) error {
	if err := s.Registrations.Release(v.Ctx, v.Edition, v.Person.ID, v.Param("hold")); err != nil {
		return err
	}
	v.Say("success", "flash.hold_released")
	return v.Redirect("/desk" + v.Edition.Path() + "/places/holds")
}

func (s Pages) holdsPage(v *page.Visit, f *page.Form) error {
	list, err := s.Registrations.Holds(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	p := holdsPage{Tabs: placeTabs(v), Base: "/desk" + v.Edition.Path(), Key: f.Key(), Zone: v.T("places.zone", "zone", v.Edition.Zone)}
	for _, h := range list {
		if row := s.holdRow(v, h); h.ReleasedAt == nil {
			p.Held = append(p.Held, row)
		} else {
			p.Released = append(p.Released, row)
		}
	}
	p.Name, p.Kind, p.Seats = f.Field("name", "text", "places.hold_name"), kindChoice(f), f.Field("seats", "text", "places.hold_seats")
	p.Coded, p.Until = f.Field("coded", "checkbox", "places.hold_coded"), f.Field("release_at", "datetime-local", "places.release_at")
	p.Until.Optional = true
	p.Problems = f.Summary()
	return v.Render("desk/holds", v.T("places.tab_holds"), p)
}

func (s Pages) holdRow(v *page.Visit, h registration.Hold) holdRow {
	row := holdRow{ID: h.ID, Name: h.Name, Kind: v.T("place." + string(h.Kind)), Email: h.Email, Code: h.Code, Seats: h.Seats, Used: h.Used, Left: h.Left(),
		Path: "/desk" + v.Edition.Path() + "/places/holds/" + url.PathEscape(h.ID) + "/release"}
	if h.Code != "" {
		row.Link = strings.TrimSuffix(s.Config.BaseURL, "/") + v.Edition.Path() + "/register?code=" + url.QueryEscape(h.Code)
	}
	for from, to := range map[*time.Time]**time.Time{h.ReleaseAt: &row.Until, h.ReleasedAt: &row.Released} {
		if from != nil {
			at := v.Edition.Local(*from)
			*to = &at
		}
	}
	return row
}

func kindChoice(f *page.Form) templates.Choice {
	return f.Choice("kind", "places.hold_kind", kindOptions(f.V)...)
}

// InvitePage asks whom to invite.
func (s Pages) InvitePage(v *page.Visit) error {
	return s.invitePage(v, v.Blank().Set("kind", string(registration.Onsite)).Set("language", string(page.FormLangs(v.Edition)[0])))
}

// InviteSend keeps a place for everybody and writes to them.
func (s Pages) InviteSend(v *page.Visit) error {
	f := v.Sent()
	in := holdSent(v, f)
	in.Name = f.Get("name")
	l, known := text.ParseLang(f.Get("language"))
	if !known {
		f.Note("language", "field.required")
	}
	one := in
	one.Seats = 1
	err := f.Unsaid(one.Check(v.Edition, v.Now))
	addresses := strings.FieldsFunc(f.Get("emails"), func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ';' })
	if err == nil && len(f.Problems) == 0 {
		err = s.Registrations.Invite(v.Ctx, v.Edition, v.Person.ID, in, addresses, l)
	}
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		// There is no field for the seats here: each address is one.
		f.Problems["emails"] = append(f.Problems["emails"], f.Problems["seats"]...)
		delete(f.Problems, "seats")
		if len(f.Problems["emails"]) == 0 {
			delete(f.Problems, "emails")
		}
		anew(f, "emails")
		return s.invitePage(v, f)
	}
	v.Say("success", "flash.invited")
	return v.Redirect("/desk" + v.Edition.Path() + "/places/holds")
}

func (s Pages) invitePage(v *page.Visit, f *page.Form) error {
	places, err := s.Registrations.Places(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	p := invitePage{Tabs: placeTabs(v), Key: f.Key(), Zone: v.T("places.zone", "zone", v.Edition.Zone), Action: v.C.Path()}
	switch n, unlimited := places[registration.Onsite].Free(); {
	case !unlimited && n == 0:
		p.FreeOnsite = v.T("places.free_none")
	case !unlimited:
		p.FreeOnsite = v.T("places.free_onsite", "n", n)
	}
	p.Emails = f.Field("emails", "textarea", "places.invite_emails")
	p.Emails.Rows = 6
	p.Name, p.Kind, p.Until = f.Field("name", "text", "places.invite_name"), kindChoice(f), f.Field("release_at", "datetime-local", "places.invite_until")
	p.Until.Optional = true
	p.Language = f.Field("language", "select", "places.invite_language")
	p.Language.Options = langOptions()
	p.Problems = f.Summary()
	return v.Render("desk/invite", v.T("places.tab_invite"), p)
}
