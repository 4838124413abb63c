package app_test

import (
	"bytes"
	"testing"

	"agora/app/account"
	"agora/app/text"
)

// A stranger stars, searches and looks at what is theirs; once they sign in it
// is theirs everywhere, and the device has forgotten it.
func TestStarsComeAlong(t *testing.T) {
	browser := chromium(t)
	s := newSite(t, helsinki(t, "2026-11-18 14:00"))
	if err := s.SeedDemo(t.Context(), &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	p := s.person(browser, "stranger", text.Finnish, phone)
	kept := `(localStorage.getItem('agora.favourites.cmadfi/2027') || '[]')`
	rows := `[...document.querySelectorAll('[data-program-list] .session')].filter((e) => e.checkVisibility()).length`
	p.open("/cmadfi/2027/program?view=list&day=all")
	p.until(rows + ` > 10 && document.querySelectorAll('.session .star').length >= ` + rows)
	p.until(`(() => { for (const star of [...document.querySelectorAll('.session .star')].slice(1, 4)) star.click(); return true })()`)
	p.until(`JSON.parse(` + kept + `).length === 3 && document.querySelectorAll('.session .star[aria-pressed="true"]').length === 3`)
	p.click(".program-mine input")
	p.until(rows + ` === 3 && location.search.includes('mine=1')`)
	p.check("program-mine")
	p.click(".program-mine input")
	p.until(rows + ` > 10`)
	p.fill("q", "ohje")
	p.until(`location.search.includes('q=ohje') && ` + rows + ` > 0 && ` + rows + ` < 10 && document.querySelectorAll('.session .star').length > 0`)
	p.check("program-search")
	p.open("/cmadfi/2027/agenda")
	p.until(`document.querySelectorAll('[data-agenda] .session .star[aria-pressed="true"]').length === 3`)
	p.check("agenda-device")
	p.open(s.link(account.Invite{Email: "uusi.ihminen@example.org", Name: "Uusi Ihminen", Language: text.Finnish}))
	p.press("main form .btn")
	p.open("/cmadfi/2027/program?view=list&day=all")
	p.until(kept + ` === '[]' && document.querySelectorAll('.session .star[aria-pressed="true"]').length === 3`)
	p.open("/cmadfi/2027/agenda")
	p.until(`document.querySelectorAll('[data-agenda="own"] .session .star[aria-pressed="true"]').length === 3`)
	p.check("agenda")
	p.tour("program", "/cmadfi/2027/now", "/cmadfi/2027/changes")
	// Another device of the same person has them too.
	other := s.person(browser, "the same, elsewhere", text.Finnish, desk)
	other.open(s.link(account.Invite{Email: "uusi.ihminen@example.org", Language: text.Finnish}))
	other.press("main form .btn")
	other.open("/cmadfi/2027/program?view=list&day=all")
	other.until(`document.querySelectorAll('.session .star[aria-pressed="true"]').length === 3`)
}
