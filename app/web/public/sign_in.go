package public

import (
	"net/url"
	"time"

	"agora/app/account"
	"agora/app/fail"
	"agora/app/web/page"
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

// SignInForm asks for an address.
func (s Pages) SignInForm(v *page.Visit) error {
	f := v.Blank().Set("next", account.LocalPath(v.Query("next")))
	return newSignInPage(v, f, v.Query("sent") != "")
}

func newSignInPage(v *page.Visit, f *page.Form, sent bool) error {
	p := signInPage{Email: f.Field("email", "email", "sign_in.email"), Code: f.Field("code", "text", "sign_in.code"),
		Next: f.Get("next"), Sent: sent, NoMail: !v.Site.Config.SMTP}
	p.Problems = f.Summary()
	p.Email.Required, p.Email.Autocomplete = true, "email"
	p.Code.Autocomplete = "one-time-code"
	return v.Render("account/sign_in", v.T("sign_in.title"), p)
}

// SignInAsk mails a link. The answer is the same whether or not the address is known.
func (s Pages) SignInAsk(v *page.Visit) error {
	f := v.Sent()
	email, problem := account.ParseEmail(f.Get("email"))
	if problem != "" {
		f.Refused(fail.Wrong("email", problem))
		return newSignInPage(v, f, false)
	}
	next := account.LocalPath(f.Get("next"))
	browser, err := s.Accounts.RequestLink(v.Ctx, email, v.Lang, next)
	if err != nil {
		return err
	}
	v.SetCookie(codeCookie, browser, codeLife, true)
	return v.Redirect("/sign-in?sent=1&next=" + url.QueryEscape(next))
}

// SignInCode takes the code typed by hand, in the browser that asked for it.
func (s Pages) SignInCode(v *page.Visit) error {
	f := v.Sent()
	login, err := s.Accounts.RedeemCode(v.Ctx, v.C.Cookies(codeCookie), f.Get("code"), v.C.Get("User-Agent"))
	if f.Refused(err) {
		return newSignInPage(v, f, true)
	}
	if err != nil {
		return err
	}
	return welcome(v, login)
}

// peekPage shows a button: mail scanners open links, but do not press buttons.
type peekPage struct {
	Name, Action string
}

// SignInPeek shows a link without using it up.
func (s Pages) SignInPeek(v *page.Visit) error {
	person, err := s.Accounts.Peek(v.Ctx, v.Param("token"))
	if err != nil {
		return err
	}
	return v.Render("account/peek", v.T("sign_in.title"), peekPage{Name: person.Label(), Action: v.C.Path()})
}

// SignInRedeem uses the link.
func (s Pages) SignInRedeem(v *page.Visit) error {
	login, err := s.Accounts.Redeem(v.Ctx, v.Param("token"), v.C.Get("User-Agent"))
	if err != nil {
		return err
	}
	return welcome(v, login)
}

// welcome replaces an earlier login of this browser by the new one.
func welcome(v *page.Visit, login account.Login) error {
	if v.Login != "" {
		if err := v.Site.Accounts.SignOut(v.Ctx, v.Login); err != nil {
			return err
		}
	}
	v.StartLogin(login)
	v.DropCookie(codeCookie)
	if login.Next != "" {
		return v.Redirect(login.Next)
	}
	return v.Redirect("/me")
}

// SignOut ends the sign-in of this browser.
func (s Pages) SignOut(v *page.Visit) error {
	if err := s.Accounts.SignOut(v.Ctx, v.Login); err != nil {
		return err
	}
	v.DropCookie(s.LoginCookie())
	v.Say("info", "flash.signed_out")
	return v.Redirect("/")
}
