package web

import (
	"html/template"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"agora/app/account"
	"agora/app/text"
)

const flashCookie = "agora_flash"

// frame is what every page shares; templates/base/frame.html draws it. A page
// struct with a method shape may adjust it.
type frame struct {
	Lang, Title, Description string
	Static, Theme            string
	Series                   *frameSeries
	Nav, Desk                []navLink
	Langs                    []langLink
	Person                   *framePerson
	SignInHref               string
	Flash                    *flash
	Bare, Wide, Noindex      bool
	Scripts                  []string
	Path, FooterText         string
}

type frameSeries struct {
	Name, Href string
	Mark       template.HTML
}
type navLink struct {
	Href, Text string
	Current    bool
}
type langLink struct {
	Lang, Name, Href string
	Current          bool
}
type framePerson struct{ Name, Initials, Href string }
type flash struct{ Kind, Text string }

func (v *visit) frame(title string) frame {
	s := v.site
	f := frame{Lang: string(v.lang), Title: title, Static: s.static, Path: v.c.Path(), Noindex: !v.indexed()}
	if v.edition.Series.ID != "" {
		f.Series = &frameSeries{Name: v.seriesName(), Href: "/" + v.edition.Series.Slug}
		f.Theme = s.themeHref(v)
	}
	if v.edition.ID != "" {
		f.Title = title + " · " + v.edition.Name(v.lang)
		f.Nav = v.editionNav()
	}
	f.Langs = v.langLinks()
	if v.signedIn() {
		f.Person = &framePerson{Name: v.person.Label(), Initials: initials(v.person.Label()), Href: "/me"}
	} else if !under(f.Path, "/sign-in") {
		f.SignInHref = "/sign-in?next=" + queryEscape(v.c.Path())
	}
	if under(f.Path, "/desk") {
		f.Desk = v.deskNav()
		f.Wide = true
	}
	f.Flash = v.takeFlash()
	return f
}

// indexed: public pages may be found, personal and working ones not.
func (v *visit) indexed() bool {
	for _, private := range []string{"/desk", "/door", "/stage", "/screen", "/ticket", "/me", "/sign-in", "/verify"} {
		if under(v.c.Path(), private) {
			return false
		}
	}
	return true
}

func (v *visit) seriesName() string {
	s, _ := v.edition.Series.Title.In(v.lang, v.edition.Languages...)
	return s
}

// editionNav are the edition's pages: in the top bar, on phones at the bottom.
func (v *visit) editionNav() []navLink {
	base := v.edition.Path()
	links := []navLink{
		{Href: base, Text: v.t("web.nav_edition")},
		{Href: base + "/program", Text: v.t("web.nav_program")},
		{Href: base + "/materials", Text: v.t("web.nav_materials")},
		{Href: base + "/live", Text: v.t("web.nav_live")},
	}
	markCurrent(links, placeOf(v.c.Path(), base))
	return links
}

// placeOf says where in the bar a page stands: sessions and speakers are
// part of the programme, and a session's live room of the live page.
func placeOf(path, base string) string {
	switch {
	case strings.HasPrefix(path, base+"/sessions/") && strings.HasSuffix(path, "/live"):
		return base + "/live"
	case strings.HasPrefix(path, base+"/sessions/"), strings.HasPrefix(path, base+"/speakers/"):
		return base + "/program"
	}
	return path
}

// queryNames are the names a page's address may ask by. Whatever else stands there
// changes nothing: kept pages are not made again for it, and no link carries it on.
var queryNames = []string{"code", "day", "design", "kind", "next", "page", "place", "q", "room", "sent", "session", "sort", "state", "track", "view"}

// asked gives what the address asks by, in the names the site knows.
func (v *visit) asked() url.Values {
	q := url.Values{}
	for _, name := range queryNames {
		if value := v.query(name); value != "" {
			q.Set(name, value)
		}
	}
	return q
}

func (v *visit) langLinks() []langLink {
	var list []langLink
	for _, l := range text.Langs {
		q := v.asked()
		q.Set("lang", string(l))
		list = append(list, langLink{Lang: string(l), Name: l.Name(), Href: localPath(v.c.Path()) + "?" + q.Encode(), Current: l == v.lang})
	}
	return list
}

// say leaves a message for the page after the redirect. Only keys under flash.
// are shown, so a forged cookie cannot put words on a page.
func (v *visit) say(kind, key string) { v.setCookie(flashCookie, kind+"|"+key, time.Minute, true) }

func (v *visit) takeFlash() *flash {
	kind, key, ok := strings.Cut(v.c.Cookies(flashCookie), "|")
	if !ok || !strings.HasPrefix(key, "flash.") || !v.site.Words.Has(v.lang, key) {
		return nil
	}
	v.dropCookie(flashCookie)
	if kind != "success" && kind != "bad" {
		kind = "info"
	}
	return &flash{Kind: kind, Text: v.t(key)}
}

// initials stand where there is no picture: of the first and the last name.
func initials(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return "·"
	}
	first, _ := utf8.DecodeRuneInString(words[0])
	if len(words) == 1 {
		return strings.ToUpper(string(first))
	}
	last, _ := utf8.DecodeRuneInString(words[len(words)-1])
	return strings.ToUpper(string(first) + string(last))
}

func queryEscape(s string) string { return url.QueryEscape(s) }

// may tells pages which links to show; the guard decides for itself.
func (v *visit) may(role account.Role) bool {
	return v.signedIn() && v.roles.May(role, v.edition.SeriesID, v.edition.ID)
}
