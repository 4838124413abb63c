package page

import (
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"agora/app/account"
	"agora/app/text"
)

const flashCookie = "agora_flash"

// Frame is what every page shares; templates/base/frame.html draws it. A page
// struct with a method Shape may adjust it.
type Frame struct {
	Lang, Title, Description string
	Static, Theme            string
	Series                   *frameSeries
	Nav, Desk                []NavLink
	Langs                    []langLink
	Person                   *framePerson
	SignInHref               string
	SearchHref, SearchIn     string // where the search is; SearchIn narrows it to the page's series or edition
	Flash                    *flash
	Notice                   *frameNotice
	Bare, Wide, Noindex      bool
	Scripts                  []string
	Path, FooterText         string
	Manifest, AppIcon        string // of a page that a phone can keep as an app
}

type frameSeries struct {
	Name, Href string
	Mark       template.HTML
}

// NavLink is a place in a list of places.
type NavLink struct {
	Href, Text string
	Current    bool
}
type langLink struct {
	Lang, Name, Href string
	Current          bool
}
type framePerson struct{ Name, Initials, Href string }
type flash struct{ Kind, Text string }

func (v *Visit) frame(title string) Frame {
	s := v.Site
	f := Frame{Lang: string(v.Lang), Title: title, Static: s.Static, Path: v.C.Path(), Noindex: !v.indexed()}
	if v.Edition.Series.ID != "" {
		f.Series = &frameSeries{Name: v.SeriesName(), Href: "/" + v.Edition.Series.Slug}
		f.Theme = s.themeHref(v)
	}
	if v.Edition.ID != "" {
		f.Title = title + " · " + v.Edition.Name(v.Lang)
		f.Nav = v.editionNav()
	}
	f.Langs = v.langLinks()
	f.SearchHref, f.SearchIn = v.searchHref()
	if v.SignedIn() {
		f.Person = &framePerson{Name: v.Person.Label(), Initials: Initials(v.Person.Label()), Href: "/me"}
	} else if !under(f.Path, "/sign-in") {
		f.SignInHref = "/sign-in?next=" + url.QueryEscape(v.C.Path())
	}
	if under(f.Path, "/desk") {
		f.Desk = v.deskNav()
		f.Wide = true
	}
	f.Flash, f.Notice = v.takeFlash(), v.frameNotice()
	return f
}

// indexed: public pages may be found, personal and working ones not.
func (v *Visit) indexed() bool {
	for _, private := range []string{"/desk", "/door", "/T", "/moderate", "/stage", "/screen", "/ticket", "/proposal", "/speak", "/me", "/sign-in", "/verify"} {
		if under(v.C.Path(), private) {
			return false
		}
	}
	return true
}

// SeriesName is the name of the series the address names.
func (v *Visit) SeriesName() string {
	s, _ := v.Edition.Series.Title.In(v.Lang, v.Edition.Languages...)
	return s
}

// editionNav are the edition's pages: in the top bar, on phones at the bottom.
func (v *Visit) editionNav() []NavLink {
	base := v.Edition.Path()
	links := []NavLink{
		{Href: base, Text: v.T("web.nav_edition")},
		{Href: base + "/program", Text: v.T("web.nav_program")},
		{Href: base + "/materials", Text: v.T("web.nav_materials")},
		{Href: base + "/live", Text: v.T("web.nav_live")},
	}
	markCurrent(links, placeOf(v.C.Path(), base))
	return links
}

// placeOf says where in the bar a page stands: sessions and speakers are
// part of the programme, and a session's live room of the live page.
func placeOf(path, base string) string {
	switch {
	case strings.HasPrefix(path, base+"/sessions/") && strings.HasSuffix(path, "/live"):
		return base + "/live"
	case strings.HasPrefix(path, base+"/sessions/"), strings.HasPrefix(path, base+"/speakers/"),
		path == base+"/speakers", path == base+"/agenda", path == base+"/now", path == base+"/changes":
		return base + "/program"
	}
	return path
}

// queryNames are the names a page's address may ask by. Whatever else stands there
// changes nothing: kept pages are not made again for it, and no link carries it on.
var queryNames = []string{"before", "code", "day", "design", "group", "in", "kind", "language", "mine", "next", "page", "photo", "place", "q", "room", "sent", "session", "sort", "state", "topic", "track", "view"}

// asked gives what the address asks by, in the names the site knows.
func (v *Visit) asked() url.Values {
	q := url.Values{}
	for _, name := range queryNames {
		if value := v.Query(name); value != "" {
			q.Set(name, value)
		}
	}
	return q
}

// searchHref is where one searches from here, in the series or edition of the page.
// The desk and the door have lists of their own.
func (v *Visit) searchHref() (href, in string) {
	if under(v.C.Path(), "/desk") || under(v.C.Path(), "/door") {
		return "", ""
	}
	if in = v.Edition.Series.Slug; in == "" {
		return "/search", ""
	}
	if v.Edition.Slug != "" {
		in += "/" + v.Edition.Slug
	}
	return "/search?in=" + url.QueryEscape(in), in
}

func (v *Visit) langLinks() []langLink {
	var list []langLink
	for _, l := range text.Langs {
		q := v.asked()
		q.Set("lang", string(l))
		list = append(list, langLink{Lang: string(l), Name: l.Name(), Href: localPath(v.C.Path()) + "?" + q.Encode(), Current: l == v.Lang})
	}
	return list
}

// Say leaves a message for the page after the redirect. Only keys under flash.
// are shown, so a forged cookie cannot put words on a page.
func (v *Visit) Say(kind, key string) { v.SetCookie(flashCookie, kind+"|"+key, time.Minute, true) }

func (v *Visit) takeFlash() *flash {
	kind, key, ok := strings.Cut(v.C.Cookies(flashCookie), "|")
	if !ok || !strings.HasPrefix(key, "flash.") || !v.Site.Words.Has(v.Lang, key) {
		return nil
	}
	v.DropCookie(flashCookie)
	if kind != "success" && kind != "bad" {
		kind = "info"
	}
	return &flash{Kind: kind, Text: v.T(key)}
}

// Initials stand where there is no picture: of the first and the last name.
func Initials(name string) string {
	words := slices.DeleteFunc(strings.Fields(name), func(word string) bool {
		r, _ := utf8.DecodeRuneInString(word)
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) // a picture that stands in a name
	})
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

// May tells pages which links to show; the guard decides for itself.
func (v *Visit) May(role account.Role) bool {
	return v.SignedIn() && v.Roles.May(role, v.Edition.SeriesID, v.Edition.ID)
}
