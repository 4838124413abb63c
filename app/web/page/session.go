package page

import (
	"agora/app/account"
	"agora/app/fail"
)

// LoginCookie is the sign-in cookie's name. The __Host- prefix binds it to this
// host and to https; browsers refuse the prefix on plain http.
func (s *Site) LoginCookie() string {
	if s.Secure {
		return "__Host-agora"
	}
	return "agora_login"
}

// Identify finds out who the visitor is. A cookie that is no longer valid is a
// stranger's, not an error.
func (v *Visit) Identify() error {
	token := v.C.Cookies(v.Site.LoginCookie())
	if token == "" {
		return nil
	}
	person, roles, err := v.Site.Accounts.Who(v.Ctx, token)
	if fail.Is(err, fail.SignIn) {
		v.DropCookie(v.Site.LoginCookie())
		return nil
	}
	v.Person, v.Roles, v.Login = person, roles, token
	return err
}

// StartLogin gives the browser the cookie of a new sign-in.
func (v *Visit) StartLogin(login account.Login) {
	v.SetCookie(v.Site.LoginCookie(), login.Token, login.Expires.Sub(v.Now), true)
}
