package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"agora/app/account"
	"agora/app/db/dbtest"
	"agora/app/demo"
	"agora/app/text"
	"agora/app/web/page"
)

// What the cookies are called: browsers have them, so the names may not change.
const (
	langCookieName  = "agora_lang"
	flashCookieName = "agora_flash"
	codeCookieName  = "agora_code"
	voterCookieName = "agora_voter"
)

// tag is an opening tag of a page. html/template escapes what could be taken
// for one in text and attributes.
type tag struct {
	name  string
	attrs map[string]string
}

// tagsOf reads them by hand: with the race detector on, patterns over every page
// of the site would take minutes.
func tagsOf(body string) (list []tag) {
	for {
		at := strings.IndexByte(body, '<')
		if at < 0 || at+1 == len(body) {
			return list
		}
		body = body[at+1:]
		if c := body[0] | 0x20; c < 'a' || c > 'z' {
			continue
		}
		end := strings.IndexAny(body, " \t\r\n/>")
		if end < 0 {
			return list
		}
		t := tag{name: strings.ToLower(body[:end]), attrs: map[string]string{}}
		body = t.read(body[end:])
		list = append(list, t)
	}
}

// read takes the attributes up to the tag's end and gives what follows.
func (t *tag) read(s string) string {
	for {
		s = strings.TrimLeft(s, " \t\r\n/")
		if s == "" || s[0] == '>' {
			return s
		}
		end := strings.IndexAny(s, " \t\r\n/>=")
		if end < 0 {
			return ""
		}
		name := strings.ToLower(s[:end])
		if s = s[end:]; s[0] != '=' || end == 0 {
			t.attrs[name] = ""
			s = strings.TrimPrefix(s, "=")
			continue
		}
		s = s[1:]
		if s == "" {
			return s
		}
		quote, stop := s[:1], " \t\r\n>"
		if quote == `"` || quote == "'" {
			s, stop = s[1:], quote
		}
		if end = strings.IndexAny(s, stop); end < 0 {
			return ""
		}
		t.attrs[name] = s[:end]
		if s = s[end:]; stop == quote {
			s = s[1:]
		}
	}
}

// inline gives what a policy without 'unsafe-inline' would stop.
func inline(body string) (list []string) {
	for _, t := range tagsOf(body) {
		if t.name == "style" || t.name == "script" && t.attrs["src"] == "" && t.attrs["type"] != "application/ld+json" || t.name == "base" || t.name == "iframe" {
			list = append(list, "<"+t.name+">")
		}
		for a, value := range t.attrs {
			if a == "style" || strings.HasPrefix(a, "on") || strings.HasPrefix(strings.ToLower(strings.TrimSpace(value)), "javascript:") {
				list = append(list, t.name+" "+a)
			}
		}
	}
	return list
}

// TestInlineIsFound is the control of what the walks below rely on.
func TestInlineIsFound(t *testing.T) {
	for body, want := range map[string]int{
		`<p class="style">on=1 &lt;script&gt;</p>`: 0, `<p style="a:b">`: 1, `<svg><style>`: 1, `<script>x</script>`: 1,
		`<script src="/a.js"></script>`: 0, `<a href="javascript:x" onclick='y'>`: 2, "<button\n onfocus=x>": 1, `<base href="/x">`: 1, `<script type="application/ld+json">{}</script>`: 0,
	} {
		if got := inline(body); len(got) != want {
			t.Errorf("%s: %v, want %d", body, got, want)
		}
	}
}

// TestHeadersEverywhere: whatever is asked, the answer is protected, and no page
// holds anything inline.
func TestHeadersEverywhere(t *testing.T) {
	h := demoHouse(t)
	want := map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
			"connect-src 'self' ws://agora.test; manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
		"Permissions-Policy": "camera=(self), microphone=(), geolocation=()", "Strict-Transport-Security": "", "Server": "",
	}
	see := func(what string, r reply) {
		t.Helper()
		for name, value := range want {
			// Files that people sent in may do even less than pages.
			stricter := name == "Content-Security-Policy" && r.header.Get(name) == "default-src 'none'; sandbox; frame-ancestors 'none'" &&
				!strings.HasPrefix(r.header.Get("Content-Type"), "text/html")
			if got := r.header.Get(name); got != value && !stricter {
				t.Errorf("%s: %s is %q", what, name, got)
			}
		}
		if strings.HasPrefix(r.header.Get("Content-Type"), "text/html") {
			if found := inline(r.body); len(found) > 0 {
				t.Errorf("%s holds %v", what, found)
			}
		}
	}
	for path, to := range h.concrete() {
		if !strings.HasSuffix(path, ".pdf") {
			see(path, h.get(asOwner, to))
		}
	}
	see("a page that is not there", h.get(asStranger, "/nothing/here"))
	see("signing in first", h.get(asStranger, "/desk"))
	see("not yours", h.get(asAttendee, "/desk"))
	see("a wrong form", h.post(asStranger, "/cmadfi/2027/register", nil))
	see("too large", h.post(asStranger, "/cmadfi/2027/register", url.Values{"name": {strings.Repeat("x", maxForm)}}))
	see("no JSON", h.post(asStranger, "/api/v1/editions/cmadfi/2027/registrations", nil))
	see("a foreign form", h.post(asStranger, "/sign-in", nil, "Sec-Fetch-Site", "cross-site"))
}

// TestCSRF tries every way a browser may name where a form comes from.
func TestCSRF(t *testing.T) {
	h := demoHouse(t)
	const passes, fails = http.StatusUnprocessableEntity, http.StatusForbidden
	for _, c := range []struct {
		site, origin string
		cookie, none int // with a cookie, and with none at all
	}{
		{"same-origin", "", passes, passes},
		{"same-origin", "https://evil.test", passes, passes}, // the browser's own word counts first
		{"cross-site", "", fails, fails},
		{"cross-site", siteBase, fails, fails},
		{"same-site", "", fails, fails},
		{"none", "", fails, fails},
		{"SAME-ORIGIN", "", fails, fails},
		{"", siteBase, passes, passes},
		{"", "http://AGORA.test", passes, passes},
		{"", "https://agora.test", fails, fails},
		{"", "http://agora.test:81", fails, fails},
		{"", "http://agora.test.evil.test", fails, fails},
		{"", "http://evil.test/agora.test", fails, fails},
		{"", "http://agora.test@evil.test", fails, fails},
		{"", "null", fails, fails},
		{"", "http://localhost:8080", fails, fails},
		{"", "", fails, passes},
	} {
		for cookie, want := range map[string]int{langCookieName + "=sv": c.cookie, h.login(asOwner): c.cookie, "": c.none} {
			headers := []string{"Content-Type", "application/x-www-form-urlencoded"}
			for name, value := range map[string]string{"Sec-Fetch-Site": c.site, "Origin": c.origin, "Cookie": cookie} {
				if value != "" {
					headers = append(headers, name, value)
				}
			}
			if r := h.ask(http.MethodPost, "/cmadfi/2027/register", "name=Joku", headers...); r.status != want {
				t.Errorf("Sec-Fetch-Site %q, Origin %q, cookie %.10q: status %d, want %d", c.site, c.origin, cookie, r.status, want)
			}
		}
	}
}

// TestForeignFormChangesNothing sends every form of the table as its owner's
// browser would for another site. TestEveryActAsEverybody is its control.
func TestForeignFormChangesNothing(t *testing.T) {
	h := demoHouse(t)
	paths := h.concrete()
	before := h.dump()
	for _, r := range routes(nil) {
		if r.method == post {
			a := h.post(asOwner, paths[r.path], actValues(r.path), "Sec-Fetch-Site", "cross-site")
			if a.status != http.StatusForbidden {
				t.Errorf("POST %s: status %d", paths[r.path], a.status)
			}
		}
	}
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("%s changed", diff)
	}
}

// TestLoopbackIsOneOrigin, in the demo only and on the demo's port only.
func TestLoopbackIsOneOrigin(t *testing.T) {
	for _, demonstration := range []bool{true, false} {
		h := demoHouse(t, func(d *page.Deps) { d.Config.BaseURL, d.Config.Demo = "http://127.0.0.1:8080", demonstration })
		for origin, own := range map[string]bool{"http://127.0.0.1:8080": true, "http://localhost:8080": demonstration, "http://[::1]:8080": demonstration,
			"http://localhost:9999": false, "https://localhost:8080": false, "http://localhost.evil.test:8080": false, "http://10.0.0.1:8080": false} {
			if got := h.OwnOrigin(origin); got != own {
				t.Errorf("demo %v: %s is own: %v", demonstration, origin, got)
			}
		}
	}
}

// TestCookies: what they are called and how they are kept from others.
func TestCookies(t *testing.T) {
	for base, secure := range map[string]bool{"https://agora.test": true, siteBase: false} {
		h := demoHouse(t, func(d *page.Deps) { d.Config.BaseURL = base })
		login := "agora_login"
		if secure {
			login = "__Host-agora"
		}
		in := h.post(asStranger, "/sign-in/"+h.cast.Speaker.Token, nil)
		if in.status != http.StatusSeeOther || in.location() != h.cast.Speaker.Next {
			t.Fatalf("signing in: status %d to %s", in.status, in.location())
		}
		live := h.concrete()["/:series/:edition/sessions/:slug/live"]
		for name, from := range map[string]struct {
			reply
			script bool
		}{
			login:           {in, false},
			codeCookieName:  {h.post(asStranger, "/sign-in", url.Values{"email": {"a@agora.test"}}), false},
			langCookieName:  {h.get(asStranger, "/?lang=sv"), true},
			flashCookieName: {h.post(asSpeaker, "/sign-out", nil), false},
			voterCookieName: {h.get(asStranger, live), false},
		} {
			c := from.cookie(name)
			if c == nil {
				t.Errorf("%s: no cookie %s (status %d)", base, name, from.status)
				continue
			}
			if c.Secure != secure || c.HttpOnly == from.script || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge <= 0 {
				t.Errorf("%s: %s", base, c.Raw)
			}
		}
		if got, want := h.get(asStranger, "/").header.Get("Strict-Transport-Security") != "", secure; got != want {
			t.Errorf("%s: HSTS %v", base, got)
		}
		token := in.cookie(login).Value
		if n := h.count("SELECT count(*) FROM login WHERE hash = ? OR id = ?", token, token); n != 0 {
			t.Error("the cookie itself is stored")
		}
		if r := h.get(asStranger, "/me", "Cookie", login+"="+token); r.status != http.StatusOK {
			t.Errorf("%s: the new cookie gives status %d", base, r.status)
		}
	}
}

// TestOpenRedirects: no address of another site is ever led to or linked.
func TestOpenRedirects(t *testing.T) {
	h := demoHouse(t)
	evil := []string{"//evil.test", "/\\evil.test", "https://evil.test/", "http:evil.test", "/\t/evil.test", "javascript:alert(1)", "\\\\evil.test", " //evil.test"}
	for _, next := range evil {
		r := h.post(asStranger, "/sign-in", url.Values{"email": {"a@agora.test"}, "next": {next}})
		if r.location() != "/sign-in?sent=1&next=" {
			t.Errorf("%q: asking leads to %q", next, r.location())
		}
		if body := h.page(asStranger, "/sign-in?next="+url.QueryEscape(next)); !strings.Contains(body, `name="next" value=""`) {
			t.Errorf("%q stays in the form", next)
		}
		token, _, err := h.Accounts.MakeLink(t.Context(), account.Invite{Email: "uusi@agora.test", Language: text.Finnish, Next: next})
		h.must(err)
		if r := h.post(asStranger, "/sign-in/"+token, nil); r.location() != "/me" {
			t.Errorf("%q: signing in leads to %q", next, r.location())
		}
	}
	if r := h.post(asStranger, "/sign-in", url.Values{"email": {"a@agora.test"}, "next": {"/desk?a=b"}}); r.location() != "/sign-in?sent=1&next=%2Fdesk%3Fa%3Db" {
		t.Errorf("an own address leads to %q", r.location())
	}
	for _, path := range []string{"//evil.test/x", "/%5Cevil.test", "/\\evil.test/", "//evil.test%2f..", "///evil.test"} {
		r := h.get(asStranger, path)
		if r.status != http.StatusNotFound {
			t.Errorf("%s: status %d", path, r.status)
		}
		for _, g := range tagsOf(r.body) {
			for _, name := range []string{"href", "src", "action"} {
				if a := strings.ReplaceAll(g.attrs[name], "%5c", "\\"); strings.HasPrefix(a, "//") || strings.HasPrefix(a, "/\\") || strings.HasPrefix(a, "http") {
					t.Errorf("the page at %s links %q", path, a)
				}
			}
		}
	}
}

// TestHostHeader: links come from the configuration, whatever a request says.
func TestHostHeader(t *testing.T) {
	h := demoHouse(t)
	foreign := []string{"Host", "evil.test", "X-Forwarded-Host", "evil.test", "X-Forwarded-Proto", "https", "Forwarded", "host=evil.test"}
	for _, path := range []string{"/", "/cmadfi/2027", h.cast.Ticket, "/cmadfi/2027/feed.xml", "/cmadfi/2027/schedule.xml", "/cmadfi/2027/schedule.ics",
		"/api/v1/editions/cmadfi/2027", "/desk", "/favicon.ico", "/nothing"} {
		a, b := h.get(asStranger, path), h.get(asStranger, path, foreign...)
		if a.status != b.status || a.location() != b.location() || a.body != b.body {
			t.Errorf("%s differs for another Host", path)
		}
	}
	r := h.ask(http.MethodPost, "/api/v1/editions/cmadfi/2027/registrations", `{"name":"A B","email":"ab@agora.test","place":"remote"}`,
		append(foreign, "Content-Type", "application/json", "Idempotency-Key", "1")...)
	if r.status != http.StatusCreated || !strings.Contains(r.body, `"ticket_url":"`+siteBase+`/ticket/`) {
		t.Errorf("status %d: %s", r.status, r.body)
	}
	if n := h.count("SELECT count(*) FROM mail WHERE args LIKE '%evil.test%'"); n != 0 {
		t.Errorf("%d letters link to the forged host", n)
	}
}

// TestForwardedFor counts only from trusted proxies, and then the rightmost hop
// that is not one of them.
func TestForwardedFor(t *testing.T) {
	for _, c := range []struct {
		trusted         []string
		forwarded, want string
	}{
		{nil, "1.2.3.4", "0.0.0.0"},
		{[]string{"10.0.0.0/8"}, "1.2.3.4", "0.0.0.0"},
		{[]string{"0.0.0.0"}, "1.2.3.4", "1.2.3.4"},
		{[]string{"0.0.0.0/32"}, "6.6.6.6, 1.2.3.4", "1.2.3.4"},
		{[]string{"0.0.0.0", "10.0.0.0/8"}, "6.6.6.6, 1.2.3.4, 10.1.1.1", "1.2.3.4"},
		{[]string{"0.0.0.0", "10.0.0.0/8"}, "10.2.2.2, 10.1.1.1", "10.2.2.2"},
		{[]string{"0.0.0.0"}, "nonsense", "0.0.0.0"},
		{[]string{"0.0.0.0"}, "1.2.3.4, nonsense", "0.0.0.0"},
		{[]string{"0.0.0.0"}, "", "0.0.0.0"},
		{[]string{"0.0.0.0"}, "2001:db8::1", "2001:db8::1"},
	} {
		s := &page.Site{Deps: page.Deps{Config: page.Config{TrustedProxies: c.trusted}}}
		app, got := fiber.New(), ""
		app.Get("/", func(c *fiber.Ctx) error { got = strings.Clone(s.ClientAddress(c)); return nil })
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://agora.test/", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Forwarded-For", c.forwarded)
		res, err := app.Test(req, -1)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if got != c.want {
			t.Errorf("trusting %v, %q: %s, want %s", c.trusted, c.forwarded, got, c.want)
		}
	}
}

// TestTooLarge: a form beyond the limit gets the site's own page, at the limit
// it is read.
func TestTooLarge(t *testing.T) {
	h := demoHouse(t)
	form := func(n int, headers ...string) reply {
		return h.ask(http.MethodPost, "/cmadfi/2027/register", "name="+strings.Repeat("x", n-5),
			append([]string{"Content-Type", "application/x-www-form-urlencoded", "Accept-Language", "sv"}, headers...)...)
	}
	if r := form(maxForm); r.status != http.StatusUnprocessableEntity {
		t.Errorf("at the limit: status %d", r.status)
	}
	r := form(maxForm + 1)
	if r.status != http.StatusRequestEntityTooLarge || !strings.Contains(r.body, "<h1 class=\"empty-title\">"+h.Words.T(text.Swedish, "web.too_large")+"</h1>") ||
		!strings.Contains(r.body, h.Static+"/css/agora.css") || !strings.Contains(r.body, `<html lang="sv">`) {
		t.Errorf("beyond it: status %d\n%.400s", r.status, r.body)
	}
	if n := h.count("SELECT count(*) FROM registration WHERE name LIKE 'xxx%'"); n != 0 {
		t.Error("it was taken")
	}
}

// TestHostileText sends NUL, broken UTF-8 and endless nesting wherever text can
// go: nothing of it is ever our fault, on either engine.
func TestHostileText(t *testing.T) {
	houses := map[string]func(*testing.T) *webHouse{
		"SQLite": func(t *testing.T) *webHouse { return demoHouse(t) }, "PostgreSQL": postgresHouse,
	}
	for name, open := range houses {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			paths := h.concrete()
			fine := func(what string, r reply) {
				t.Helper()
				if r.status >= 500 {
					t.Errorf("%s: status %d\n%s", what, r.status, lastLine(h.log.String()))
				}
			}
			for _, bad := range []string{"%00", "a%00b", "%ff", "%ed%a0%80", "%F0%9F%8E%89%E2%80%AE"} {
				for _, r := range routes(nil) {
					if r.method == get && r.who != anyone && !strings.Contains(r.path, ":edition/") && bad != "%00" {
						continue
					}
					for i, part := range strings.Split(r.path, "/") {
						if strings.HasPrefix(part, ":") && r.method == get {
							parts := strings.Split(paths[r.path], "/")
							parts[i] = bad
							fine(strings.Join(parts, "/"), h.get(asOwner, strings.Join(parts, "/")))
						}
					}
				}
				queries := []string{"/desk/cmadfi/2027/registrations?q=", "/desk/cmadfi/2027/registrations?state=", "/desk/cmadfi/2027/registrations?kind=",
					"/desk/cmadfi/2027/registrations?page=", "/door/cmadfi/2027?q=", "/door/cmadfi/2027?code=", "/verify?code=", "/?lang=", "/sign-in?next=", "/sign-in?sent=",
					"/cmadfi/2027/program?day=", "/cmadfi/2027/program?q=", "/cmadfi/2027/program?track=", "/cmadfi/2027/live?room=", "/cmadfi/2027/schedule.ics?session=",
					"/cmadfi/2027/register?place=", "/desk/cmadfi/2027/badges.pdf?x=", paths["/:series/:edition/sessions/:slug/live"] + "?sort="}
				for _, q := range queries {
					if !strings.Contains(q, ".pdf") || bad == "%00" {
						fine(q+bad, h.get(asOwner, q+bad))
					}
				}
				raw, err := url.PathUnescape(bad)
				h.must(err)
				for _, r := range routes(nil) {
					if r.method != post || r.path == "/sign-out" || r.path == "/sign-in/:token" {
						continue
					}
					values := actValues(r.path)
					for _, name := range []string{"code", "question", "do", "note_fi", "capacity", "starts_at", "room", "track", "organisation", "needs", "hashtag", "zone", "abstract_fi"} {
						values.Set(name, "x")
					}
					for name := range values {
						values.Set(name, raw)
					}
					fine("POST "+paths[r.path]+" with "+bad, h.post(asOwner, paths[r.path], values))
				}
				if !strings.Contains(raw, "\x00") {
					fine("a key of "+bad, h.ask(http.MethodPost, "/api/v1/editions/cmadfi/2027/registrations", `{"name":"A","email":"key@agora.test","place":"remote"}`,
						"Content-Type", "application/json", "Idempotency-Key", raw))
					fine("a cookie of "+bad, h.get(asStranger, "/me", "Cookie", h.LoginCookie()+"="+raw+"; "+flashCookieName+"="+raw+"|flash."+raw+"; "+voterCookieName+"="+raw))
				}
			}
			if n := h.count("SELECT count(*) FROM registration WHERE email LIKE '%agora.test' AND (name LIKE '%' || ? || '%')", "\u202e"); n != 0 {
				t.Error("a name turns the direction of its line")
			}
		})
	}
}

// postgresHouse is the demo on PostgreSQL.
func postgresHouse(t *testing.T) *webHouse {
	t.Helper()
	d := dbtest.OpenPostgres(t)
	cast, err := demo.Seed(t.Context(), d, nil, siteNow, []byte(siteSecret), siteBase)
	if err != nil {
		t.Fatal(err)
	}
	stock.once.Do(func() { stock.err = fillStock() })
	h := openHouse(t, d)
	h.cast = cast
	h.logins, err = signInAll(t.Context(), d)
	h.must(err)
	return h
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}

// TestPathTricks: another spelling of an address opens nothing.
func TestPathTricks(t *testing.T) {
	h := demoHouse(t)
	if r := h.get(asStranger, h.Static+"/css/agora.css"); r.status != http.StatusOK || r.header.Get("Cache-Control") != "public, max-age=31536000, immutable" {
		t.Errorf("the style sheet: status %d, %s", r.status, r.header.Get("Cache-Control"))
	}
	for _, path := range []string{"/../static.go", "/%2e%2e/static.go", "/static.go", "/css/../../go.mod", "/%2e%2e%2f%2e%2e%2fgo.mod", "//etc/passwd", "/%2fetc%2fpasswd",
		"/css", "/css/", "/css/nothing.css", "/css/agora.css%00.css", "/..%5cstatic.go"} {
		if r := h.get(asOwner, h.Static+path); r.status != http.StatusNotFound || strings.Contains(r.body, "package static") {
			t.Errorf("%s: status %d", path, r.status)
		}
	}
	if r := h.get(asStranger, "/static/0000000000000000/css/agora.css"); r.status != http.StatusNotFound {
		t.Errorf("another hash: status %d", r.status)
	}
	for _, path := range []string{"/%64esk", "//desk", "/desk/", "/DESK", "/desk//cmadfi/2027", "/desk/cmadfi/2027/", "/desk/cmadfi/2027/%73ettings", "/cmadfi/../desk",
		"/cmadfi/%2e%2e/desk", "/%2e%2e/desk", "/desk%2fcmadfi%2f2027", "/./desk", "/desk/./mail", "/%2fdesk", "/desk/cmadfi/2027/settings/", "/desk/cmadfi/2027/..%2f2027/settings"} {
		for _, who := range []string{asStranger, asOtherOrganiser} {
			r := h.get(who, path)
			if r.status != http.StatusNotFound && r.status != refused(get, who) {
				t.Errorf("%s as %s: status %d", path, who, r.status)
			}
		}
	}
}
