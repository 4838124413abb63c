package web

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"agora/app/account"
	"agora/app/registration"
	"agora/app/text"
	"agora/templates"
)

// mePage is a person's own page: tickets, roles, where they are signed in.
type mePage struct {
	Person  account.Person
	Tickets []myTicket
	Desk    bool
	Logins  []myLogin
	Sure    templates.Field
}

type myTicket struct {
	Edition words
	When    string
	State   registration.State
	Kind    registration.Kind
	Href    string
}

type myLogin struct {
	ID, Agent string
	Seen      time.Time
	Here      bool
}

func (s *Site) me(v *visit) error { return s.mePage(v, v.blank()) }

func (s *Site) mePage(v *visit, f *form) error {
	p := mePage{Person: v.person, Desk: len(v.roles) > 0, Sure: f.field("sure", "checkbox", "me.sure")}
	regs, err := s.Registrations.AllOfPerson(v.ctx, v.person.ID)
	if err != nil {
		return err
	}
	for _, r := range regs {
		e, err := s.Editions.ByID(v.ctx, r.EditionID)
		if err != nil {
			return err
		}
		v.edition.Languages = e.Languages
		p.Tickets = append(p.Tickets, myTicket{Edition: v.words(e.Title), State: r.State, Kind: r.Kind,
			When: text.Days(v.lang, e.Local(e.StartsAt), e.Local(e.EndsAt)), Href: "/ticket/" + s.Registrations.Token(r)})
	}
	logins, err := s.Accounts.Logins(v.ctx, v.person.ID, v.login)
	if err != nil {
		return err
	}
	for _, l := range logins {
		p.Logins = append(p.Logins, myLogin{ID: l.ID, Agent: shortAgent(l.Agent), Seen: l.Seen, Here: l.Here})
	}
	return v.render("account/me", v.t("me.title"), p)
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

func (s *Site) meRevoke(v *visit) error {
	if err := s.Accounts.Revoke(v.ctx, v.person.ID, v.param("login")); err != nil {
		return err
	}
	v.say("success", "flash.revoked")
	return v.redirect("/me")
}

// meData gives a person everything that is kept of them, as JSON.
func (s *Site) meData(v *visit) error {
	all := map[string]any{}
	for name, export := range s.Exports {
		part, err := export(v.ctx, v.person.ID)
		if err != nil {
			return err
		}
		all[name] = part
	}
	body, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	v.c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	v.c.Set(fiber.HeaderContentDisposition, `attachment; filename="agora-data.json"`)
	v.c.Set(fiber.HeaderCacheControl, "no-store")
	return v.c.Send(body)
}
