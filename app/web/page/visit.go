package page

import (
	"context"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"agora/app/account"
	"agora/app/door"
	"agora/app/edition"
	"agora/app/text"
)

const langCookie = "agora_lang"

// Visit is one request: who asks, in which language, about which edition. It
// lives as long as the handler and is never kept.
type Visit struct {
	Site    *Site
	C       *fiber.Ctx      // the request itself, for what the visit has no word for
	Ctx     context.Context // ends when the route's time is up
	Now     time.Time
	Lang    text.Lang
	Person  account.Person
	Roles   account.Roles
	Login   string
	Device  door.Device     // of the door of the address's edition; see Doorkeeper
	Edition edition.Edition // set when the address names one; its Series too when only that
	api     bool
	policy  string // of a page that shows something of others; see LetIn
}

// Visit begins the visit of a request: nobody yet, in the language they wish for.
func (s *Site) Visit(c *fiber.Ctx) *Visit {
	v := &Visit{Site: s, C: c, Ctx: c.Context(), Now: s.Now(), api: strings.HasPrefix(c.Path(), "/api/")}
	v.Lang = v.chooseLang()
	return v
}

// chooseLang takes ?lang, then the cookie, then what the browser asks for.
func (v *Visit) chooseLang() text.Lang {
	if l, ok := text.ParseLang(v.C.Query("lang")); ok {
		if v.C.Cookies(langCookie) != string(l) && !v.api {
			v.SetCookie(langCookie, string(l), 365*24*time.Hour, false)
		}
		return l
	}
	if l, ok := text.ParseLang(v.C.Cookies(langCookie)); ok {
		return l
	}
	return v.Site.langs.of(v.C.Get(fiber.HeaderAcceptLanguage))
}

// langMemo remembers what a browser's wish came to: there are few different
// ones, and working one out costs more than the rest of a kept page.
type langMemo struct {
	mu     sync.RWMutex
	known  map[string]text.Lang
	coming coming
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

// SignedIn tells whether the visitor is somebody.
func (v *Visit) SignedIn() bool { return v.Person.ID != "" }

// T translates into the visitor's language.
func (v *Visit) T(key string, args ...any) string { return v.Site.Words.T(v.Lang, key, args...) }

// ActWords is what somebody did; an act that the catalogue does not know yet is
// named as it is, rather than hidden.
func (v *Visit) ActWords(act string) string {
	if key := "log.act." + act; v.Site.Words.Has(v.Lang, key) {
		return v.T(key)
	}
	return act
}

// Param is a part of the address, decoded.
func (v *Visit) Param(name string) string {
	s, err := url.PathUnescape(v.C.Params(name))
	if err != nil {
		return ""
	}
	return s
}

// Query is what the address asks by.
func (v *Visit) Query(name string) string { return v.C.Query(name) }

// Redirect sends the browser on after a change; only paths of this site are taken.
func (v *Visit) Redirect(path string) error { return v.C.Redirect(path, fiber.StatusSeeOther) }

// SetCookie sets a cookie for the whole site. Secret ones are not for scripts.
func (v *Visit) SetCookie(name, value string, life time.Duration, secret bool) {
	v.C.Cookie(&fiber.Cookie{Name: name, Value: value, Path: "/", MaxAge: int(life.Seconds()),
		Secure: v.Site.Secure, HTTPOnly: secret, SameSite: fiber.CookieSameSiteLaxMode})
}

// DropCookie makes the browser forget a cookie of the whole site.
func (v *Visit) DropCookie(name string) {
	v.C.Cookie(&fiber.Cookie{Name: name, Path: "/", MaxAge: -1, Expires: time.Unix(0, 0), Secure: v.Site.Secure, HTTPOnly: true,
		SameSite: fiber.CookieSameSiteLaxMode})
}

// Words is an organiser's text in the visitor's language, or in another with
// its lang attribute.
type Words struct {
	Text string
	Lang string // empty when it is the page's own language
}

// Words shows an organiser's text in the visitor's language where there is one.
func (v *Visit) Words(t text.Texts) Words {
	s, l := v.Edition.In(t, v.Lang)
	if l == v.Lang {
		return Words{Text: s}
	}
	return Words{Text: s, Lang: string(l)}
}

// OtherLang is the lang attribute of a text, where it is not the page's own.
func (v *Visit) OtherLang(l text.Lang) string {
	if l == v.Lang {
		return ""
	}
	return string(l)
}
