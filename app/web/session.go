package web

import (
	"agora/app/account"
	"agora/app/fail"
)

// loginCookie is the sign-in cookie's name. The __Host- prefix binds it to this
// host and to https; browsers refuse the prefix on plain http.
func (s *Site) loginCookie() string {
	if s.secure {
		return "__Host-agora"
	}
	return "agora_login"
}

// identify finds out who the visitor is. A cookie that is no longer valid is a
// stranger's, not an error.
func (v *visit) identify() error {
	token := v.c.Cookies(v.site.loginCookie())
	if token == "" {
		return nil
	}
	person, roles, err := v.site.Accounts.Who(v.ctx, token)
	if fail.Is(err, fail.SignIn) {
		v.dropCookie(v.site.loginCookie())
		return nil
	}
	v.person, v.roles, v.login = person, roles, token
	return err
}

func (v *visit) startLogin(login account.Login) {
	v.setCookie(v.site.loginCookie(), login.Token, login.Expires.Sub(v.now), true)
}
