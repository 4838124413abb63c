package public

import (
	"agora/app/fail"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// ticketHandOverPage gives the place to a colleague.
type ticketHandOverPage struct {
	Tabs     ticketTabs
	Problems []templates.Problem
	Self     string
	Name     templates.Field
	Email    templates.Field
	Org      templates.Field
	Language templates.Field
	Kind     registration.Kind
}

// TicketHandOver asks who gets the place.
func (s Pages) TicketHandOver(v *page.Visit) error {
	h, err := s.holdingWhere(v, holding.givable)
	if err != nil {
		return err
	}
	f := v.Blank()
	f.Set("organisation", h.Reg.Organisation).Set("language", string(h.Reg.Language))
	return s.handOverPage(v, h, f)
}

// givable says why the place cannot be handed over.
func (h holding) givable() error {
	if err := h.fixed(); err != nil {
		return err
	}
	if h.Reg.State != registration.Confirmed {
		return fail.Clash("registration.hand_confirmed")
	}
	return nil
}

// TicketHandOverSave hands the place over. The page it leads to is the old
// ticket's last one. Pressed twice, the second press finds the place gone.
func (s Pages) TicketHandOverSave(v *page.Visit) error {
	h, err := s.holdingWhere(v, holding.givable)
	if fail.Is(err, fail.Gone) {
		return v.Redirect("/ticket/" + v.Param("token"))
	}
	if err != nil {
		return err
	}
	f := v.Sent()
	_, err = s.Registrations.HandOver(v.Ctx, v.Edition, h.Reg, registration.Heir{
		Name: f.Get("name"), Email: f.Get("email"), Organisation: f.Get("organisation"), Language: text.Lang(f.Get("language"))})
	switch {
	case f.Refused(err):
		return s.handOverPage(v, h, f)
	case err != nil && !fail.Is(err, fail.NotFound): // not found: given away a moment ago
		return err
	}
	return v.Redirect(h.Self)
}

func (s Pages) handOverPage(v *page.Visit, h holding, f *page.Form) error {
	p := ticketHandOverPage{Self: h.Self, Kind: h.Reg.Kind,
		Name: f.Field("name", "text", "ticket.heir_name"), Email: f.Field("email", "email", "ticket.heir_email"),
		Org: f.Field("organisation", "text", "register.organisation"), Language: f.Field("language", "select", "ticket.heir_language")}
	p.Language.Options = letterLangs()
	p.Problems = f.Summary()
	p.Name.Required, p.Email.Required, p.Org.Optional = true, true, true
	p.Name.Autocomplete, p.Email.Autocomplete = "off", "off"
	var err error
	if p.Tabs, err = s.ticketTabs(v, h); err != nil {
		return err
	}
	return v.Render("registration/ticket_hand_over", v.T("ticket.hand_title"), p)
}
