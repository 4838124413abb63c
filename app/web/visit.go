package web

import (
	"context"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"agora/app/account"
	"agora/app/edition"
	"agora/app/text"
)

const langCookie = "agora_lang"

// visit is one request: who asks, in which language, about which edition. It
// lives as long as the handler and is never kept.
type visit struct {
	site    *Site
	c       *fiber.Ctx
	ctx     context.Context
	now     time.Time
	lang    text.Lang
	person  account.Person
	roles   account.Roles
	login   string
	edition edition.Edition // set when the address names one; its Series too when only that
	api     bool
}

func (s *Site) visit(c *fiber.Ctx) *visit {
	v := &visit{site: s, c: c, ctx: c.Context(), now: s.Now(), api: strings.HasPrefix(c.Path(), "/api/")}
	v.lang = v.chooseLang()
	return v
}

// chooseLang takes ?lang, then the cookie, then what the browser asks for.
func (v *visit) chooseLang() text.Lang {
	if l, ok := text.ParseLang(v.c.Query("lang")); ok {
		if v.c.Cookies(langCookie) != string(l) && !v.api {
			v.setCookie(langCookie, string(l), 365*24*time.Hour, false)
		}
		return l
	}
	if l, ok := text.ParseLang(v.c.Cookies(langCookie)); ok {
		return l
	}
	return v.site.langs.of(v.c.Get(fiber.HeaderAcceptLanguage))
}

// langMemo remembers what a browser's wish came to: there are few different
// ones, and working one out costs more than the rest of a kept page.
type langMemo struct {
	mu    sync.RWMutex
	known map[string]text.Lang
}

// maxLangMemo bounds it, and longest a wish worth remembering: headers are
// anybody's to make up.
const (
	maxLangMemo  = 1000
	longestLangs = 200
)

func (m *langMemo) of(header string) text.Lang {
	m.mu.RLock()
	l, ok := m.known[header]
	m.mu.RUnlock()
	if ok {
		return l
	}
	l = text.Negotiate(header)
	if len(header) > longestLangs {
		return l
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.known) >= maxLangMemo {
		clear(m.known)
	}
	m.known[header] = l
	return l
}

func (v *visit) signedIn() bool { return v.person.ID != "" }

// t translates into the visitor's language.
func (v *visit) t(key string, args ...any) string { return v.site.Words.T(v.lang, key, args...) }

// param is a part of the address, decoded.
func (v *visit) param(name string) string {
	s, err := url.PathUnescape(v.c.Params(name))
	if err != nil {
		return ""
	}
	return s
}

func (v *visit) query(name string) string { return v.c.Query(name) }

// redirect sends the browser on after a change; only paths of this site are taken.
func (v *visit) redirect(path string) error { return v.c.Redirect(path, fiber.StatusSeeOther) }

// setCookie sets a cookie for the whole site. Secret ones are not for scripts.
func (v *visit) setCookie(name, value string, life time.Duration, secret bool) {
	v.c.Cookie(&fiber.Cookie{Name: name, Value: value, Path: "/", MaxAge: int(life.Seconds()),
		Secure: v.site.secure, HTTPOnly: secret, SameSite: fiber.CookieSameSiteLaxMode})
}

func (v *visit) dropCookie(name string) {
	v.c.Cookie(&fiber.Cookie{Name: name, Path: "/", MaxAge: -1, Expires: time.Unix(0, 0), Secure: v.site.secure, HTTPOnly: true,
		SameSite: fiber.CookieSameSiteLaxMode})
}

// words is an organiser's text in the visitor's language, or in another with
// its lang attribute.
type words struct {
	Text string
	Lang string // empty when it is the page's own language
}

func (v *visit) words(t text.Texts) words {
	s, l := v.edition.In(t, v.lang)
	if l == v.lang {
		return words{Text: s}
	}
	return words{Text: s, Lang: string(l)}
}
