package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/app/db/dbtest"
	"agora/app/demo"
	"agora/app/edition"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

// pageFaults is what no page may have, in whatever state it is shown.
func pageFaults(body, lang string) (list []string) {
	bad := func(what string) { list = append(list, what) }
	for _, never := range []string{"⟦", "&lt;no value&gt;", "<no value>", "ZgotmplZ", "%!", "<nil>", "&lt;nil&gt;"} {
		if strings.Contains(body, never) {
			bad("it holds " + never + " in " + strings.Join(strings.Fields(between(body, never, "<", "")), " "))
		}
	}
	if !strings.HasPrefix(body, "<!DOCTYPE html>\n<html lang=\""+lang+"\">") || !strings.HasSuffix(body, "</html>\n") {
		bad("it is not whole, or not in " + lang)
	}
	if n := len(headings(body, "h1")); n != 1 {
		bad("it has other than one h1")
	}
	if t := headings(body, "title"); len(t) != 1 || strings.Trim(t[0], " ·") == "" || strings.HasPrefix(t[0], " ") {
		bad("its title is " + strings.Join(t, "|"))
	}
	ids, level := map[string]bool{}, 0
	tags := tagsOf(body)
	for _, g := range tags {
		if id, has := g.attrs["id"]; has && (ids[id] || id == "") {
			bad("the id " + id + " twice")
		}
		ids[g.attrs["id"]] = true
		if len(g.name) == 2 && g.name[0] == 'h' && g.name[1] >= '1' && g.name[1] <= '6' {
			if next := int(g.name[1] - '0'); next > level+1 {
				bad("after a heading of another level comes " + g.name)
			} else {
				level = next
			}
		}
		if _, has := g.attrs["alt"]; g.name == "img" && !has {
			bad("a picture without words")
		}
	}
	for _, g := range tags {
		for _, name := range []string{"for", "aria-describedby", "aria-labelledby", "aria-controls"} {
			for _, id := range strings.Fields(g.attrs[name]) {
				if !ids[id] {
					bad(g.name + " " + name + " names " + id + ", which is not there")
				}
			}
		}
		if l := g.attrs["lang"]; l != "" && !slices.Contains([]string{"fi", "sv", "en"}, l) {
			bad("lang=" + l)
		}
	}
	words := body
	for _, quoted := range []string{"script", "code", "pre", "textarea"} {
		for {
			before, rest, ok := strings.Cut(words, "<"+quoted)
			_, after, closed := strings.Cut(rest, "</"+quoted+">")
			if !ok || !closed {
				break
			}
			words = before + after
		}
	}
	words = textOf(words)
	if p := placeholder.FindString(words); p != "" {
		bad("it shows " + p)
	}
	return append(list, inline(body)...)
}

// TestPageFaults is the control of what all pages are looked at with.
func TestPageFaults(t *testing.T) {
	page := func(content string) string {
		return "<!DOCTYPE html>\n<html lang=\"fi\">\n<head><title>T</title></head><body>" + content + "</body></html>\n"
	}
	for content, want := range map[string]int{
		"<h1>A</h1><h2>B</h2><h3>C</h3><h2>D</h2>": 0, "": 1, "<h1>A</h1><h1>B</h1>": 1, "<h1>A</h1><h3>C</h3>": 1, "<h1>⟦a.b⟧</h1>": 1, "<h1>{name}</h1>": 1,
		`<h1 id="a">A</h1><p id="a">`: 1, `<h1>A</h1><label for="x">`: 1, `<h1>A</h1><img src="/a">`: 1, `<h1 lang="de">A</h1>`: 1, "<h1>A</h1><code>{name}</code>": 0, `<h1 style="x">A</h1>`: 1,
	} {
		if got := pageFaults(page(content), "fi"); len(got) != want {
			t.Errorf("%s: %v, want %d", content, got, want)
		}
	}
	if got := pageFaults(page("<h1>A</h1>"), "sv"); len(got) != 1 {
		t.Errorf("another language: %v", got)
	}
	if got := pageFaults("<!DOCTYPE html>\n<html lang=\"fi\"><title>T</title><h1>A</h1>", "fi"); len(got) != 1 {
		t.Errorf("half a page: %v", got)
	}
}

// crawl follows the links of the site from the paths on, of each folder as many
// as asked for. It gives how many pages were looked at.
func (h *webHouse) crawl(who, lang string, each int, from ...string) int {
	h.t.Helper()
	const most = 400
	seen, folders := map[string]bool{}, map[string]int{}
	queue := slices.Clone(from)
	for len(queue) > 0 && len(seen) < most {
		path := queue[0]
		queue = queue[1:]
		if seen[path] {
			continue
		}
		seen[path] = true
		file, _, _ := strings.Cut(path, "?")
		if folder := file[:strings.LastIndex(file, "/")]; !slices.Contains(from, path) {
			if folders[folder]++; folders[folder] > each {
				delete(seen, path)
				continue
			}
		}
		r := h.get(who, path, "Accept-Language", lang)
		if r.status >= 400 {
			h.t.Errorf("%s as %s: status %d", path, who, r.status)
		}
		if !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") || r.status != http.StatusOK {
			continue
		}
		for _, f := range pageFaults(r.body, lang) {
			h.t.Errorf("%s as %s in %s: %s", path, who, lang, f)
		}
		for _, g := range tagsOf(r.body) {
			for _, name := range []string{"href", "src"} {
				if to := h.internal(path, g.attrs[name]); to != "" {
					queue = append(queue, to)
				}
			}
		}
	}
	if len(seen) >= most {
		h.t.Errorf("more than %d pages as %s", most, who)
	}
	return len(seen)
}

// internal is where a link of the page at base leads within the site, without
// the choice of language and the place in the page.
func (h *webHouse) internal(base, link string) string {
	link = strings.ReplaceAll(link, "&amp;", "&")
	if link == "" || strings.HasPrefix(link, "#") || strings.HasPrefix(link, "data:") || strings.HasPrefix(link, "mailto:") {
		return ""
	}
	from, err := url.Parse(siteBase + base)
	h.must(err)
	to, err := from.Parse(link)
	if err != nil {
		h.t.Errorf("%s links %q: %v", base, link, err)
		return ""
	}
	if to.Host != "agora.test" || to.Query().Has("lang") || to.Query().Has("next") || strings.Contains(to.RawQuery, "page=") {
		return ""
	}
	to.Fragment = ""
	return to.RequestURI()
}

// TestCrawl: every link of the demo's site leads somewhere, and every page on
// the way is as it has to be.
func TestCrawl(t *testing.T) {
	h := demoHouse(t)
	for _, c := range []struct {
		who, lang   string
		each, least int
		from        []string
	}{
		{asStranger, "fi", 100, 60, []string{"/", h.cast.Verify}}, {asStranger, "sv", 4, 25, []string{"/"}}, {asStranger, "en", 4, 25, []string{"/"}},
		{asAttendee, "sv", 4, 25, []string{"/me", h.cast.Ticket, h.cast.Live}}, {asOrganiser, "fi", 5, 40, []string{"/desk/cmadfi/2027"}}, {asOwner, "en", 6, 40, []string{"/desk", "/door/cmadfi/2027"}},
	} {
		if n := h.crawl(c.who, c.lang, c.each, c.from...); n < c.least {
			t.Errorf("only %d pages as %s in %s", n, c.who, c.lang)
		}
	}
}

// redrawn is a site whose templates were changed before it served anybody.
func redrawn(h *webHouse, change func(name, source string) string) *webHouse {
	h.t.Helper()
	files, err := fs.Glob(templates.FS, "pages/*/*.html")
	h.must(err)
	for _, l := range text.Langs {
		set, err := templates.NewSet(page.Funcs(h.Words, l))
		h.must(err)
		for _, file := range files {
			source, err := fs.ReadFile(templates.FS, file)
			h.must(err)
			name := strings.TrimSuffix(strings.TrimPrefix(file, "pages/"), ".html")
			if strings.Contains(name, "/_") {
				name = ""
			}
			h.must(set.Add(file, name, change(name, string(source))))
		}
		h.Sets[l] = set
	}
	return h
}

const pageMark = `<i data-page="`

// marked is a site whose pages say by which template they were drawn.
func marked(h *webHouse) *webHouse {
	return redrawn(h, func(name, source string) string {
		return strings.Replace(source, `{{define "content"}}`, `{{define "content"}}`+pageMark+name+`"></i>`, 1)
	})
}

// templatesOf opens paths and gives the templates that drew them; their pages
// are looked at in all languages.
func (h *webHouse) templatesOf(who string, drawn map[string]bool, answers ...func(lang string) reply) {
	h.t.Helper()
	for _, l := range text.Langs {
		for i, answer := range answers {
			r := answer(string(l))
			name := between(r.body, pageMark, `"`, "")
			if name == "" || r.status >= 500 {
				h.t.Errorf("answer %d as %s: status %d, no page", i, who, r.status)
				continue
			}
			drawn[name] = true
			for _, f := range pageFaults(r.body, string(l)) {
				h.t.Errorf("%s as %s in %s (status %d): %s", name, who, l, r.status, f)
			}
		}
	}
}

func (h *webHouse) opening(who string, paths ...string) (list []func(string) reply) {
	for _, p := range paths {
		list = append(list, func(lang string) reply { return h.get(who, p, "Accept-Language", lang) })
	}
	return list
}

func (h *webHouse) sending(who string, forms map[string]url.Values) (list []func(string) reply) {
	for p, values := range forms {
		list = append(list, func(lang string) reply { return h.post(who, p, values, "Accept-Language", lang) })
	}
	return list
}

// TestEveryTemplate is drawn full, with problems, and with nothing in it, in
// every language.
func TestEveryTemplate(t *testing.T) {
	drawn := map[string]bool{}
	h := marked(demoHouse(t))
	paths := h.concrete()
	var pages []string
	for _, r := range routes(nil) {
		if p := paths[r.path]; r.method == get && !regexp.MustCompile(`\.(pdf|xml|json|ics|csv|xlsx|css|ico|txt|vtt|js|webmanifest)$|^/(static|api|healthz|readyz|grid)|/badges/[^a-z]|/certificates/(file|signature)/|/state$|/edits$|/pictures?/|/file$|^/screen/|^/T/`).MatchString(p) && shown[r.path] == 0 {
			pages = append(pages, p)
		}
	}
	h.templatesOf(asOwner, drawn, h.opening(asOwner, append(pages, "/nothing/here", h.endedLink(), "/door/cmadfi/2027?q=a", "/door/cmadfi/2027?code=ZZZZ-ZZZZ", "/sign-in?sent=1", "/verify/ZZZZ")...)...)
	wrong := url.Values{"name": {strings.Repeat("å", 500)}, "email": {"<b>"}, "capacity_onsite": {"<i>"}, "starts_at": {"x"}, "title_fi": {strings.Repeat("ä", 5000)}, "week": {"1"}, "day": {"8"}, "code": {"<u>"}}
	h.templatesOf(asOwner, drawn, h.sending(asOwner, map[string]url.Values{"/cmadfi/2027/register": wrong, "/sign-in": wrong, "/sign-in/code": wrong, "/desk/new": wrong, "/desk/cmadfi/new": wrong, "/desk/cmadfi/new/2027": wrong, "/desk/cmadfi/2027/thanks/new": wrong,
		"/desk/cmadfi/2027/settings": wrong, "/desk/cmadfi/2027/places/holds": wrong, "/desk/cmadfi/2027/places/invite": wrong, "/desk/cmadfi/2027/places/rules": wrong,
		"/desk/cmadfi/2027/form/new-field": wrong, "/desk/cmadfi/2027/workshops/new": wrong, "/desk/cmadfi/2027/workshops/table": wrong, "/desk/cmadfi/2027/program/new": wrong, "/desk/cmadfi/2027/rooms": wrong, "/desk/cmadfi/2027/tracks": wrong, "/door/cmadfi/2027": wrong})...)
	code := paths["/desk/:series/:edition/registrations/:code"]
	chosen := url.Values{"verdict": {"cancel"}, "row": {code[strings.LastIndex(code, "/")+1:]}}
	list := url.Values{"paste": {"Nimi;Sähköposti;Kenkä\nAada;aada@agora.test;38\n;x;"}, "place": {"onsite"}, "language": {"fi"}}
	h.templatesOf(asOwner, drawn, h.sending(asOwner, map[string]url.Values{"/desk/cmadfi/2027/registrations/decide": chosen, "/desk/cmadfi/2027/registrations/new": wrong,
		"/desk/cmadfi/2027/registrations/import": list, "/desk/cmadfi/2027/registrations/import/take": wrong,
		"/desk/cmadfi/2027/import": {"paste": {pasted}}, "/desk/cmadfi/2027/import/table": wrong, "/desk/cmadfi/2027/import/take": wrong})...)
	h.templatesOf(asStranger, drawn, h.opening(asStranger, paths["/T/:code"])...)
	h.templatesOf(asOwner, drawn, append(h.walls(paths["/screen/:token"]), h.renewedLink(paths["/stage/:token"]))...)
	for _, name := range h.Sets[text.Finnish].Pages() {
		if !drawn[name] {
			t.Errorf("%s was never drawn with the demo's content", name)
		}
	}
	empty := map[string]bool{}
	e := marked(openHouse(t, dbtest.OpenSQLite(t)))
	e.makeOwner()
	e.templatesOf(asOwner, empty, e.opening(asOwner, "/", "/me", "/desk", "/desk/new", "/desk/mail", "/verify", "/join", "/join?code=1", "/sign-in", "/privacy", "/search", "/search?q=%22-%22", "/search?q=zzz")...)
	_, err := e.Editions.NewSeries(t.Context(), "", seriesNamed(demo.Series, "CMADFI"))
	e.must(err)
	e.templatesOf(asOwner, empty, e.opening(asOwner, "/", "/cmadfi", "/desk", "/desk/cmadfi/new")...)
	e.newEdition("2027", nil, seats(0), func(in *edition.Input) { in.City, in.Venue, in.Lead = nil, nil, nil })
	var bare []string
	for _, p := range pages {
		if strings.HasPrefix(p, "/cmadfi/2027") || strings.HasPrefix(p, "/desk/cmadfi/2027") || strings.HasPrefix(p, "/desk/cmadfi/new/") || strings.HasPrefix(p, "/door/") {
			bare = append(bare, p)
		}
	}
	e.templatesOf(asOwner, empty, e.opening(asOwner, append(bare, "/desk/cmadfi/2027/certificates")...)...)
	e.templatesOf(asOwner, empty, e.emptyBoards("2027")...)
	for name := range drawn {
		// These are of a thing and are not there without it.
		if name == "desk/registration" || name == "desk/decide" || name == "door/join" || name == "door/code" {
			continue
		}
		if !empty[name] && !slices.Contains([]string{"account/peek", "registration/ticket", "registration/ticket_details", "registration/ticket_hand_over", "registration/ticket_workshops", "registration/ticket_people",
			"speak/hub", "speak/ended", "live/ended", "speak/profile", "speak/picture", "speak/session", "speak/material", "speak/piece", "speak/consent", "speak/practical", "speak/questions", "speak/question",
			"program/session", "program/speaker", "live/live", "live/moderate", "desk/discussion", "desk/discussion_answer", "desk/discussion_import", "live/moderate_one", "live/polls", "proposal/propose", "proposal/proposal", "proposal/edit", "proposal/one", "proposal/review", "program/desk_import", "desk/message_review", "desk/workshop_people", "desk/material_form", "desk/badge", "desk/certificate", "desk/badge_design", "desk/printout"}, name) {
			t.Errorf("%s was never drawn empty", name)
		}
	}
}

// TestPhases: an edition's page offers in each phase of its life the one thing
// to do now.
func TestPhases(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	e := h.newEdition("2028", seats(1), nil)
	noon := e.StartsAt.Add(3 * time.Hour)
	full := func() { h.register("2028", person("Eka Henkilö", "onsite")) }
	for _, c := range []struct {
		phase  edition.Phase
		at     time.Time
		before func()
		acts   map[string]string // where the acts lead, and their words
	}{
		{edition.Before, e.OpensAt.Add(-time.Minute), nil, map[string]string{"/register": "edition.fill_in_early"}},
		{edition.Open, e.OpensAt, nil, map[string]string{"/register": "edition.register", "/register?place=remote": "edition.follow"}},
		{edition.Full, e.OpensAt.Add(time.Hour), full, map[string]string{"/register": "edition.join_line", "/register?place=remote": "edition.follow"}},
		{edition.Closed, e.ClosesAt, nil, map[string]string{"/practical": "edition.practical"}},
		{edition.Today, noon, nil, map[string]string{"/live": "edition.go_live", "/practical": "edition.practical"}},
		{edition.Archive, noon.AddDate(0, 0, 1), nil, map[string]string{"/materials": "edition.see_materials", "/program": "edition.see_program"}},
	} {
		h.at(c.at)
		if c.before != nil {
			c.before()
		}
		for _, l := range text.Langs {
			body := h.page(asStranger, "/cmadfi/2028", "Accept-Language", string(l))
			got := map[string]string{}
			for _, m := range regexp.MustCompile(`<a class="btn[^"]*" href="/cmadfi/2028([^"]*)">([^<]*)</a>`).FindAllStringSubmatch(body, -1) {
				got[m[1]] = m[2]
			}
			for to, key := range c.acts {
				if got[to] != h.Words.T(l, key) {
					t.Errorf("%s in %s: %s says %q, want %q", c.phase, l, to, got[to], h.Words.T(l, key))
				}
			}
			if len(got) != len(c.acts) {
				t.Errorf("%s in %s: the acts are %v", c.phase, l, got)
			}
			for _, f := range pageFaults(body, string(l)) {
				t.Errorf("%s in %s: %s", c.phase, l, f)
			}
			var facts struct{ Phase edition.Phase }
			if r := h.page(asStranger, "/api/v1/editions/cmadfi/2028"); !strings.Contains(r, `"phase":"`+string(c.phase)+`"`) {
				t.Errorf("the API says %s, not %s", facts.Phase, c.phase)
			}
		}
	}
}

// TestRevalidation: a page that has not changed is not sent again, one that has
// is; each language and each encoding has its own.
func TestRevalidation(t *testing.T) {
	h := demoHouse(t)
	for _, path := range []string{"/cmadfi/2027", "/cmadfi/2027/program", "/cmadfi/2027/schedule.json", h.Static + "/css/pages-program.css", "/api/v1/openapi.json"} {
		plain := h.get(asStranger, path)
		tag := plain.header.Get("ETag")
		if plain.status != http.StatusOK || tag == "" || plain.header.Get("Vary") != "Accept-Encoding, Accept-Language, Cookie" || plain.header.Get("Content-Encoding") != "" {
			t.Errorf("%s: status %d, ETag %q, Vary %q", path, plain.status, tag, plain.header.Get("Vary"))
		}
		again := h.get(asStranger, path, "If-None-Match", tag)
		if again.status != http.StatusNotModified || again.body != "" || again.header.Get("ETag") != tag || again.header.Get("Vary") == "" {
			t.Errorf("%s asked again: status %d, %d bytes", path, again.status, len(again.body))
		}
		if other := h.get(asStranger, path, "If-None-Match", `"another"`); other.status != http.StatusOK || other.body != plain.body {
			t.Errorf("%s with another mark: status %d", path, other.status)
		}
		zipped := h.get(asStranger, path, "Accept-Encoding", "br, gzip")
		if zipped.header.Get("Content-Encoding") != "gzip" {
			t.Errorf("%s (%d bytes) comes as %q", path, len(zipped.body), zipped.header.Get("Content-Encoding"))
			continue
		}
		r, err := gzip.NewReader(bytes.NewReader([]byte(zipped.body)))
		h.must(err)
		unzipped, err := io.ReadAll(r)
		h.must(err)
		if zipped.header.Get("Content-Encoding") != "gzip" || string(unzipped) != plain.body || len(zipped.body) >= len(plain.body) {
			t.Errorf("%s compressed: %q, %d of %d bytes", path, zipped.header.Get("Content-Encoding"), len(zipped.body), len(plain.body))
		}
	}
	fi, sv := h.get(asStranger, "/cmadfi/2027"), h.get(asStranger, "/cmadfi/2027", "Accept-Language", "sv")
	if fi.header.Get("ETag") == sv.header.Get("ETag") || fi.body == sv.body {
		t.Error("two languages share a page")
	}
	if r := h.get(asStranger, "/cmadfi/2027", "Accept-Language", "sv", "If-None-Match", fi.header.Get("ETag")); r.status != http.StatusOK {
		t.Errorf("the mark of one language is taken for the other's: %d", r.status)
	}
	h.register("2027", person("Uusi Henkilö", "onsite"))
	if r := h.get(asStranger, "/cmadfi/2027", "If-None-Match", fi.header.Get("ETag")); r.status != http.StatusOK {
		t.Errorf("after a registration: %d", r.status)
	}
	for _, who := range []string{asAttendee, asOwner} {
		r := h.get(who, "/cmadfi/2027")
		if r.header.Get("ETag") != "" || !strings.HasPrefix(r.header.Get("Cache-Control"), "private") || !strings.Contains(r.body, `class="top-me"`) {
			t.Errorf("as %s: ETag %q, %s", who, r.header.Get("ETag"), r.header.Get("Cache-Control"))
		}
	}
	for _, path := range []string{h.cast.Ticket, "/me", "/desk"} {
		if r := h.get(asOwner, path); r.header.Get("Cache-Control") != "no-store" || r.header.Get("ETag") != "" {
			t.Errorf("%s: %s", path, r.header.Get("Cache-Control"))
		}
	}
	// What one visitor is shown of themselves never reaches the next.
	if body := h.page(asStranger, "/cmadfi/2027"); strings.Contains(body, "Nimi owner") || strings.Contains(body, `class="top-me"`) {
		t.Error("a stranger gets somebody's page")
	}
}

// TestNoHalfPage: a template that fails on its way leaves the error page alone,
// with a reference that is in the log too, and nothing of the inside.
func TestNoHalfPage(t *testing.T) {
	h := redrawn(demoHouse(t), func(name, source string) string {
		if name == "edition/series" {
			return `{{define "content"}}<p>first half</p>{{.P.Nothing.Of.This}}{{end}}`
		}
		return source
	})
	r := h.get(asStranger, "/cmadfi")
	if r.status != http.StatusInternalServerError || strings.Contains(r.body, "first half") || strings.Contains(r.body, "Nothing") || strings.Contains(r.body, "template") {
		t.Errorf("status %d\n%s", r.status, r.body)
	}
	for _, f := range pageFaults(r.body, "fi") {
		t.Error(f)
	}
	reference := between(r.body, "<code>", "</code>", "")
	if len(reference) != 10 || !strings.Contains(h.log.String(), "reference="+reference) || !strings.Contains(h.log.String(), "Nothing") {
		t.Errorf("the reference %q is not in the log", reference)
	}
	if r := h.get(asStranger, "/cmadfi/2027"); r.status != http.StatusOK {
		t.Errorf("another page: %d", r.status)
	}
}

// TestPanic: a handler that panics is answered like any other mistake of ours.
func TestPanic(t *testing.T) {
	h := demoHouse(t, func(d *page.Deps) {})
	h.Exports["broken"] = nil
	r := h.get(asAttendee, "/me/data.json")
	if r.status != http.StatusInternalServerError || strings.Contains(r.body, "nil pointer") || !strings.Contains(h.log.String(), "a handler panicked") {
		t.Errorf("status %d", r.status)
	}
	if r := h.get(asAttendee, "/me"); r.status != http.StatusOK {
		t.Errorf("the next page: %d", r.status)
	}
}

// TestOwnData: a person gets what is kept of them, and nothing of others.
func TestOwnData(t *testing.T) {
	h := demoHouse(t)
	r := h.get(asAttendee, "/me/data.json")
	if r.status != http.StatusOK || r.header.Get("Content-Disposition") != `attachment; filename="agora-data.json"` {
		t.Fatalf("status %d, %q", r.status, r.header.Get("Content-Disposition"))
	}
	for _, m := range regexp.MustCompile(`[\w.-]+@[\w.-]+`).FindAllString(r.body, -1) {
		if m != h.cast.Attendee.Email && m != "127.0.0.1" && !strings.HasSuffix(m, "@agora.test") {
			t.Errorf("it holds the address %s", m)
		}
	}
	if n := h.count("SELECT count(*) FROM registration WHERE person_id = ?", h.cast.Attendee.ID); n < 2 || strings.Count(r.body, `"`+string(registration.Confirmed)+`"`) < int(n) {
		t.Errorf("it does not hold the %d registrations", n)
	}
}
