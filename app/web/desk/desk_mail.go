package desk

import (
	"net/url"
	"slices"
	"time"

	"agora/app/fail"
	"agora/app/mail"
	"agora/app/web/page"
	"agora/templates"
)

// lettersPerPage bounds the letters on a page; the newest come first.
const lettersPerPage = 50

// unsent is the state by which the outbox shows only what has not left.
const unsent = "unsent"

// deskMailPage is the outbox: what was written to whom, and whether it left.
type deskMailPage struct {
	Letters     []page.LetterRow
	Kind, State templates.Field
	Total       int64
	Pages       templates.Pages
	NoMail, Any bool
	Action      string
}

// MailPage shows an edition's letters, or, for an owner, all of them with the
// sign-in links they hold.
func (s Pages) MailPage(v *page.Visit) error {
	if v.Edition.ID == "" && !v.Roles.Owner() {
		return fail.New(fail.Forbidden, "web.not_yours")
	}
	at := v.LeafAt()
	filter := mail.Filter{EditionID: v.Edition.ID, Unsent: v.Query("state") == unsent, Limit: lettersPerPage, Offset: (at - 1) * lettersPerPage}
	if kind := v.Query("kind"); slices.Contains(mail.Kinds(), kind) {
		filter.Kind = kind
	}
	letters, total, err := s.Mail.Outbox(v.Ctx, filter)
	if err != nil {
		return err
	}
	p := deskMailPage{NoMail: !s.Config.SMTP, Total: total, Action: v.C.Path(),
		Pages: v.Leaf(at, int((total+lettersPerPage-1)/lettersPerPage))}
	if err := p.filters(v, filter); err != nil {
		return err
	}
	for _, l := range letters {
		p.Letters = append(p.Letters, v.LetterRow(l))
	}
	return v.Render("desk/mail", v.T("desk.nav_mail"), p)
}

// filters are of the kinds there are, each with how many letters it has.
func (p *deskMailPage) filters(v *page.Visit, filter mail.Filter) error {
	tallies, err := v.Site.Mail.Tallies(v.Ctx, v.Edition.ID, time.Time{})
	if err != nil {
		return err
	}
	f := v.Blank().Set("kind", filter.Kind)
	if filter.Unsent {
		f.Set("state", unsent)
	}
	p.Kind, p.State = f.Field("kind", "select", "desk_mail.kind"), f.Field("state", "select", "desk_mail.state")
	p.Kind.Options = []templates.Option{{Text: v.T("desk_mail.any_kind")}}
	waiting := int64(0)
	for _, kind := range mail.Kinds() {
		i := slices.IndexFunc(tallies, func(t mail.Tally) bool { return t.Kind == kind })
		switch {
		case i >= 0:
			waiting += tallies[i].Unsent
			p.Kind.Options = append(p.Kind.Options, templates.Option{Value: kind,
				Text: v.T("desk_mail.counted", "what", v.T("mail.kind."+kind), "n", tallies[i].Letters)})
		case kind == filter.Kind: // asked for by address, and there are none
			p.Kind.Options = append(p.Kind.Options, templates.Option{Value: kind, Text: v.T("mail.kind." + kind)})
		}
	}
	p.State.Options = []templates.Option{{Text: v.T("desk_mail.any_state")},
		{Value: unsent, Text: v.T("desk_mail.counted", "what", v.T("desk_mail.unsent"), "n", waiting)}}
	p.Any = len(tallies) > 0
	return nil
}

// MailAgain sends a letter of the edition that was given up once more.
func (s Pages) MailAgain(v *page.Visit) error {
	l, err := s.Mail.ByID(v.Ctx, v.Param("letter"))
	if err != nil {
		return err
	}
	if l.EditionID != v.Edition.ID {
		return fail.Missing("mail.missing")
	}
	if err := s.Mail.TryAgain(v.Ctx, l.ID); err != nil {
		return err
	}
	v.Say("success", "flash.mail_again")
	return v.Redirect(outboxHref(v, "", l.Kind))
}

// outboxHref leads to the edition's letters of a kind.
func outboxHref(v *page.Visit, state, kind string) string {
	q := url.Values{}
	for name, value := range map[string]string{"state": state, "kind": kind} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return "/desk" + v.Edition.Path() + "/mail?" + q.Encode()
}
