package web

import (
	"testing"
	"time"

	"agora/app/db/dbtest"
	"agora/app/registration"
)

// browse opens windows on the site.
func (h *webHouse) browse(t *testing.T) func() *window {
	t.Helper()
	return (&liveHouse{t: t, base: "http://" + h.address}).chromium()
}

// At the opening second the page becomes the one press that registers, without
// a reload and with what was typed.
func TestOpeningInABrowser(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	e := h.newEdition("2028", seats(5), nil)
	h.asks(e, supper(), nil)
	h.at(e.OpensAt.Add(-4 * time.Second))
	w := h.browse(t)()
	w.open("/cmadfi/2028/register?lang=fi")
	// The page keeps the server's clock and never asks for more of itself.
	w.run(`window.stays = true;
		const set = (name, value) => { document.getElementById(name).value = value };
		set('name', 'Eka Henkilö'); set('email', 'eka@agora.test');
		document.querySelector('[name="answers.evening"][value=no]').click()`)
	w.until(`document.querySelector('.acts[data-when-open]').hidden && !document.querySelector('.acts[data-when-closed]').hidden`)
	w.until(`[...document.querySelectorAll('[data-part]')].slice(0, 3).every((part) => part.textContent === '0')`)
	h.at(e.OpensAt)
	w.until(`!document.querySelector('.acts[data-when-open]').hidden && document.querySelector('.acts[data-when-closed]').hidden && document.querySelector('[data-countdown]').hidden`)
	w.until(`window.stays && document.getElementById('name').value === 'Eka Henkilö'`)
	// The Enter key is that one press too.
	w.run(`document.getElementById('name').form.requestSubmit(document.querySelector('[data-default-act]'))`)
	w.until(`location.pathname.startsWith('/ticket/')`)
	if n := h.count("SELECT count(*) FROM registration WHERE state = ?", registration.Confirmed); n != 1 {
		t.Errorf("%d places are taken", n)
	}
}

// What is asked depends on what is answered, and colleagues come and go, without
// a round trip.
func TestFormInABrowser(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	e := h.newEdition("2028", seats(2), nil)
	h.asks(e, supper(), func(r *registration.Rules) { r.GroupMost = 3 })
	w := h.browse(t)()
	w.open("/cmadfi/2028/register?lang=en")
	shown := func(name string, want bool) {
		t.Helper()
		hidden := map[bool]string{true: "=== null", false: "!== null"}[want]
		w.until(`document.getElementsByName('` + name + `')[0].closest('[hidden]') ` + hidden)
	}
	click := func(name, value string) {
		t.Helper()
		w.run(`document.querySelector('[name="` + name + `"][value="` + value + `"]').click()`)
	}
	shown("answers.diet", false)
	shown("answers.diet_other", false)
	click("answers.evening", "yes")
	shown("answers.diet", true)
	shown("answers.diet_other", false)
	click("answers.diet", "other")
	shown("answers.diet_other", true)
	// A question that depends on one that is not asked any more is not asked either.
	click("answers.evening", "no")
	shown("answers.diet_other", false)
	w.until(`[...document.querySelectorAll('[data-shown-words]')].every((words) => words.hidden)`)

	rows := func(want string) {
		t.Helper()
		w.until(`[...document.querySelectorAll('[data-party-rows] [data-colleague]')].map((row) => row.querySelector('legend').textContent + ':' + row.querySelector('input').value).join() === '` + want + `'`)
	}
	says := func(words string) {
		t.Helper()
		w.until(`document.querySelector('[data-party-count]').textContent === '` + words + `'`)
	}
	w.run(`document.querySelector('.party summary').click()`)
	rows("")
	says("Seats free now: 2. People to register: 1.")
	w.run(`document.querySelector('[data-party-add]').click(); document.activeElement.value = 'Bb'`)
	rows("Colleague 1:Bb")
	w.run(`document.querySelector('[data-party-add]').click(); document.activeElement.value = 'Cc'`)
	rows("Colleague 1:Bb,Colleague 2:Cc")
	says("Seats free now: 2. People to register: 3.")
	w.until(`!document.querySelector('[data-party-short]').hidden && document.querySelector('[data-party-add]').hidden`)
	w.run(`document.querySelector('[data-colleague] [name=remove]').click()`)
	rows("Colleague 1:Cc")
	w.until(`document.querySelector('[data-party-short]').hidden && !document.querySelector('[data-party-add]').hidden && location.pathname === '/cmadfi/2028/register'`)
	w.run(`document.querySelector('[data-party-rows] [type=email]').value = 'cc@agora.test'; document.getElementById('name').value = 'Aa'; document.getElementById('email').value = 'aa@agora.test'; document.querySelector('.acts .btn').click()`)
	w.until(`location.pathname.startsWith('/ticket/')`)
	if got, want := h.states("2028"), "Aa confirmed, Cc confirmed"; got != want {
		t.Errorf("they are %s, want %s", got, want)
	}
}
