package public

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"agora/app/account"
	"agora/app/registration"
	"agora/app/web/page"
	"agora/templates"
)

// mePage is a person's own page: tickets, roles, where they are signed in.
type mePage struct {
	Person  account.Person
	Tickets []myTicket
	Proofs  []myCertificate
	Desk    bool
	Logins  []myLogin
	Sure    templates.Field
}

type myTicket struct {
	Edition page.Words
	When    string
	State   registration.State
	Kind    registration.Kind
	Pending bool
	Until   string // by when an offer is to be answered
	Href    string
}

type myLogin struct {
	ID, Agent string
	Seen      time.Time
	Here      bool
}

// Me shows what is kept of the visitor.
func (s Pages) Me(v *page.Visit) error { return s.mePage(v, v.Blank()) }

func (s Pages) mePage(v *page.Visit, f *page.Form) error {
	p := mePage{Person: v.Person, Desk: len(v.Roles) > 0, Sure: f.Field("sure", "checkbox", "me.sure")}
	regs, err := s.Registrations.AllOfPerson(v.Ctx, v.Person.ID)
	if err != nil {
		return err
	}
	for _, r := range regs {
		e, err := s.Editions.ByID(v.Ctx, r.EditionID)
		if err != nil {
			return err
		}
		card := v.Card(e)
		mine := myTicket{Edition: card.Name, When: card.When, State: r.State, Kind: r.Kind, Pending: r.Pending, Href: "/ticket/" + s.Registrations.Token(r)}
		if r.State == registration.Offered && r.OfferUntil != nil {
			mine.Until = longMoment(v.Lang, e.Local(*r.OfferUntil))
		}
		p.Tickets = append(p.Tickets, mine)
	}
	if p.Proofs, err = s.myCertificates(v); err != nil {
		return err
	}
	logins, err := s.Accounts.Logins(v.Ctx, v.Person.ID, v.Login)
	if err != nil {
		return err
	}
	for _, l := range logins {
		p.Logins = append(p.Logins, myLogin{ID: l.ID, Agent: shortAgent(l.Agent), Seen: l.Seen, Here: l.Here})
	}
	return v.Render("account/me", v.T("me.title"), p)
}

// browsers and systems are told apart by these marks, the first that fits; every
// browser also claims to be those that stand after it.
var (
	browsers = [][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Firefox", "Firefox"}, {"FxiOS", "Firefox"}, {"Chrom", "Chrome"}, {"CriOS", "Chrome"}, {"Safari", "Safari"}}
	systems  = [][2]string{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Mac OS", "Mac"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}}
)

// shortAgent keeps what a person recognises of a browser's long name, or nothing.
func shortAgent(agent string) string {
	var known []string
	for _, marks := range [][][2]string{browsers, systems} {
		if i := slices.IndexFunc(marks, func(m [2]string) bool { return strings.Contains(agent, m[0]) }); i >= 0 {
			known = append(known, marks[i][1])
		}
	}
	return strings.Join(known, ", ")
}

// MeRevoke ends one of their sign-ins.
func (s Pages) MeRevoke(v *page.Visit) error {
	if err := s.Accounts.Revoke(v.Ctx, v.Person.ID, v.Param("login")); err != nil {
		return err
	}
	v.Say("success", "flash.revoked")
	return v.Redirect("/me")
}

// MeData gives a person everything that is kept of them, as JSON.
func (s Pages) MeData(v *page.Visit) error {
	all := map[string]any{}
	for name, export := range s.Exports {
		part, err := export(v.Ctx, v.Person.ID)
		if err != nil {
			return err
		}
		all[name] = part
	}
	body, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	v.C.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	v.C.Set(fiber.HeaderContentDisposition, `attachment; filename="agora-data.json"`)
	v.C.Set(fiber.HeaderCacheControl, "no-store")
	return v.C.Send(body)
}
