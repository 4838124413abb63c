package web

import (
	"time"

	"agora/app/account"
	"agora/app/fail"
	"agora/templates"
)

const (
	// codeCookie binds a typed sign-in code to the browser that asked for it.
	codeCookie = "agora_code"
	codeLife   = 30 * time.Minute
)

// signInPage asks for an address and, once a letter is on its way, for the code in it.
type signInPage struct {
	Email    templates.Field
	Code     templates.Field
	Next     string
	Sent     bool
	NoMail   bool
	Problems []templates.Problem
}

func (s *Site) signInForm(v *visit) error {
	f := v.blank().set("next", account.LocalPath(v.query("next")))
	return v.signInPage(f, v.query("sent") != "")
}

func (v *visit) signInPage(f *form, sent bool) error {
	p := signInPage{Email: f.field("email", "email", "sign_in.email"), Code: f.field("code", "text", "sign_in.code"),
		Next: f.get("next"), Sent: sent, NoMail: !v.site.Config.SMTP}
	p.Problems = f.summary()
	p.Email.Required, p.Email.Autocomplete = true, "email"
	p.Code.Autocomplete = "one-time-code"
	return v.render("account/sign_in", v.t("sign_in.title"), p)
}

// signInAsk mails a link. The answer is the same whether or not the address is known.
func (s *Site) signInAsk(v *visit) error {
	f := v.sent()
	email, problem := account.ParseEmail(f.get("email"))
	if problem != "" {
		f.refused(fail.Wrong("email", problem))
		return v.signInPage(f, false)
	}
	next := account.LocalPath(f.get("next"))
	browser, err := s.Accounts.RequestLink(v.ctx, email, v.lang, next)
	if err != nil {
		return err
	}
	v.setCookie(codeCookie, browser, codeLife, true)
	return v.redirect("/sign-in?sent=1&next=" + queryEscape(next))
}

// signInCode takes the code typed by hand, in the browser that asked for it.
func (s *Site) signInCode(v *visit) error {
	f := v.sent()
	login, err := s.Accounts.RedeemCode(v.ctx, v.c.Cookies(codeCookie), f.get("code"), v.c.Get("User-Agent"))
	if f.refused(err) {
		return v.signInPage(f, true)
	}
	if err != nil {
		return err
	}
	return v.welcome(login)
}

// peekPage shows a button: mail scanners open links, but do not press buttons.
type peekPage struct {
	Name, Action string
}

func (s *Site) signInPeek(v *visit) error {
	person, err := s.Accounts.Peek(v.ctx, v.param("token"))
	if err != nil {
		return err
	}
	return v.render("account/peek", v.t("sign_in.title"), peekPage{Name: person.Label(), Action: v.c.Path()})
}

func (s *Site) signInRedeem(v *visit) error {
	login, err := s.Accounts.Redeem(v.ctx, v.param("token"), v.c.Get("User-Agent"))
	if err != nil {
		return err
	}
	return v.welcome(login)
}

// welcome replaces an earlier login of this browser by the new one.
func (v *visit) welcome(login account.Login) error {
	if v.login != "" {
		if err := v.site.Accounts.SignOut(v.ctx, v.login); err != nil {
			return err
		}
	}
	v.startLogin(login)
	v.dropCookie(codeCookie)
	if login.Next != "" {
		return v.redirect(login.Next)
	}
	return v.redirect("/me")
}

func (s *Site) signOut(v *visit) error {
	if err := s.Accounts.SignOut(v.ctx, v.login); err != nil {
		return err
	}
	v.dropCookie(s.loginCookie())
	v.say("info", "flash.signed_out")
	return v.redirect("/")
}
