package app_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"agora/app/account"
	"agora/app/text"
)

// Every page that the demo's visitors come by, with its content: an archive, a
// coming day, a room that is live, long names and full lists.
func TestDemoPages(t *testing.T) {
	browser := chromium(t)
	s := newSite(t, helsinki(t, "2026-11-18 14:00"))
	var said bytes.Buffer
	if err := s.SeedDemo(t.Context(), &said); err != nil {
		t.Fatal(err)
	}
	links := regexp.MustCompile(regexp.QuoteMeta(s.base)+`/\S+`).FindAllString(said.String(), -1)
	if len(links) != 8 {
		t.Fatalf("the demo prints %d links:\n%s", len(links), said.String())
	}
	for _, link := range links[:4] {
		p := s.person(browser, "visitor", text.Finnish, desk)
		p.open(link)
		p.press("main form .btn")
	}
	var paths [4]string
	for i, link := range links[4:] {
		paths[i] = strings.TrimPrefix(link, s.base)
	}
	ticket, speak, live, proof := paths[0], paths[1], paths[2], paths[3]
	for _, lang := range text.Langs {
		stranger, organiser := s.person(browser, "stranger", lang, phone), s.person(browser, "organiser", lang, desk)
		organiser.open(s.link(account.Invite{Email: "orvokki.esimerkki@example.org", Language: lang}))
		organiser.press("main form .btn")
		stranger.tour("demo", "/", "/cmadfi",
			"/cmadfi/2016", "/cmadfi/2016/program", "/cmadfi/2016/materials", "/cmadfi/2016/practical", "/cmadfi/2016/live",
			"/cmadfi/2027", "/cmadfi/2027/program", "/cmadfi/2027/program?view=list", "/cmadfi/2027/practical", "/cmadfi/2027/materials",
			"/cmadfi/2027/register", "/cmadfi/2027/live", ticket, ticket+"/materials", live, proof,
			"/cmadfi/2027/speakers", "/cmadfi/2027/propose", "/search", "/search?q=yhteisö", "/search?q=eiolemassakaan",
			speak, speak+"/consent", speak+"/profile", speak+"/picture", speak+"/practical", speak+"/questions")
		for _, edition := range []string{"/cmadfi/2016", "/cmadfi/2027"} {
			stranger.open(edition + "/program")
			session := stranger.get(`[...document.querySelectorAll('main .session a')].find((a) => a.checkVisibility()).getAttribute('href')`)
			stranger.tour("demo", session)
			stranger.tour("demo", stranger.get(`document.querySelector('main aside a.person').getAttribute('href')`))
		}
		organiser.tour("demo", "/desk", "/desk/cmadfi", "/desk/cmadfi/2016", "/desk/cmadfi/2027", "/desk/cmadfi/2027/registrations",
			"/desk/cmadfi/2027/program", "/desk/cmadfi/2027/rooms", "/desk/cmadfi/2027/live", "/desk/cmadfi/2027/paper",
			"/desk/cmadfi/2027/speakers", "/desk/cmadfi/2027/material", "/desk/cmadfi/2027/material/rules", "/desk/cmadfi/2016/materials",
			"/desk/cmadfi/2027/proposals", "/desk/cmadfi/2027/thanks", "/desk/cmadfi/new/2027",
			"/desk/cmadfi/2027/settings", "/desk/mail", "/door/cmadfi/2027", "/me")
		organiser.tour("demo", "/desk/cmadfi/2027/live/"+strings.Split(live, "/")[4])
	}
}

// tour opens pages one by one and looks at each.
func (p *person) tour(as string, paths ...string) {
	p.t.Helper()
	for _, path := range paths {
		p.open(path)
		name, _, _ := strings.Cut(strings.Trim(path, "/"), "?")
		if strings.HasPrefix(name, "ticket/") || strings.HasPrefix(name, "speak/") || strings.HasPrefix(name, "verify/") {
			name, _, _ = strings.Cut(name, "/")
		}
		if strings.Contains(path, "?") {
			name += "-chosen"
		}
		p.check(as + "-" + strings.ReplaceAll(name, "/", "-"))
	}
}
