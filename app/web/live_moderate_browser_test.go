package web

import (
	"os"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"agora/app/account"
	"agora/app/poll"
	"agora/app/qa"
	"agora/app/text"
)

// moderateWindow is a browser at the moderator's desk.
type moderateWindow struct{ gridWindow }

func (h *liveHouse) moderateWindow() moderateWindow {
	h.t.Helper()
	token, _, err := h.accounts.MakeLink(h.t.Context(), account.Invite{Email: "omistaja@example.org", Name: "Olli Omistaja", Language: text.Finnish, Owner: true})
	h.must(err)
	login, err := h.accounts.Redeem(h.t.Context(), token, "tests")
	h.must(err)
	w := moderateWindow{gridWindow{h.chromium()()}}
	w.open("/privacy?lang=fi")
	w.run(`document.cookie = '` + h.site.LoginCookie() + `=` + login.Token + `; path=/'`)
	w.open("/desk/cmadfi/2027/live/" + h.talk.Slug + "?lang=fi")
	w.until(`document.querySelector('[data-moderate]').dataset.ready === '1'`)
	return w
}

// card is a place on a question where nothing can be pressed.
func (w moderateWindow) card(id string) (x, y float64) {
	w.t.Helper()
	return w.at(`const n = document.querySelector('article[data-id="` + id + `"] .q-text'); n.scrollIntoView({block: 'center'}); const r = n.getBoundingClientRect(); return [r.left + 20, r.top + 8]`)
}

// drag takes a question to a place that a script names.
func (w moderateWindow) drag(id, script string) {
	w.t.Helper()
	x, y := w.card(id)
	w.mouse(input.DispatchMouseEventTypeMousePressed, x, y)
	w.mouse(input.DispatchMouseEventTypeMouseMoved, x+9, y+3)
	x, y = w.at(script)
	w.mouse(input.DispatchMouseEventTypeMouseMoved, x, y)
	w.mouse(input.DispatchMouseEventTypeMouseReleased, x, y)
}

func (w moderateWindow) in(list string, ids ...string) {
	w.t.Helper()
	want := ""
	for _, id := range ids {
		want += id + " "
	}
	w.until(`[...document.querySelectorAll('[data-list="` + list + `"] article')].map((a) => a.dataset.id + ' ').join('') === '` + want + `'`)
}

func (w moderateWindow) key(id, keys string, modifiers ...chromedp.Modifier) {
	w.t.Helper()
	w.run(`document.querySelector('article[data-id="` + id + `"]').focus()`)
	w.do(chromedp.KeyEvent(keys, chromedp.KeyModifiers(modifiers...)))
}

const (
	overList = `const r = document.querySelector('[data-drop="%LIST%"]').getBoundingClientRect(); return [r.left + 40, r.top + 90]`
	overCard = `const r = document.querySelector('article[data-id="%ID%"]').getBoundingClientRect(); return [r.left + 40, r.top + 4]`
)

// Questions are moved by mouse and by keys, and every act can be taken back.
func TestModerateInABrowser(t *testing.T) {
	h := startLiveHouse(t, nil)
	first, second, third := h.asked("Miten johdon saa mukaan, jos se pitää somea ajanhukkana?"), h.asked("Kannattaako aktiivisuudesta palkita? Mihin asti?"), h.asked("Onko someohje tarpeen?")
	w := h.moderateWindow()
	w.in("new", first, second, third)
	t.Log("by mouse")
	w.drag(first, with(overList, "%LIST%", "approved"))
	w.in("approved", first)
	w.drag(first, with(overList, "%LIST%", "queued"))
	w.in("queued", first)
	w.drag(second, with(overCard, "%ID%", first))
	w.in("queued", second, first)
	w.until(`document.querySelector('[data-history] button').textContent === 'Kumoa: vieminen lavan listalle'`)

	t.Log("by keys")
	w.key(first, kb.ArrowUp, chromedp.ModifierShift)
	w.in("queued", first, second)
	w.key(third, "a")
	w.in("approved", third)
	w.key(third, "n")
	w.in("now", third)
	w.run(`document.activeElement.blur()`)
	w.do(chromedp.KeyEvent("z", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	w.in("approved", third)
	w.until(`document.querySelector('[data-say]').textContent.includes('Kumottu: ottaminen vastattavaksi')`)
	w.do(chromedp.KeyEvent("z", chromedp.KeyModifiers(chromedp.ModifierCtrl, chromedp.ModifierShift)))
	w.in("now", third)
	w.key(third, "w")
	w.in("later", third)
	w.key(first, "x")
	w.until(`document.activeElement.name === 'reason'`)
	w.run(`document.activeElement.value = 'Asiaton'; document.activeElement.form.querySelector('button').click()`)
	w.in("rejected", first)
	w.run(`document.querySelector('[data-history] button').click()`)
	w.in("queued", first, second)

	t.Log("one question in a dialog: split, and merged again by ticking")
	w.key(second, "m")
	w.until(`document.querySelector('dialog[open] [name=text_1]') !== null`)
	w.run(`const f = document.querySelector('dialog [name=text_1]').form; f.text_1.value = 'Kannattaako palkita?'; f.text_2.value = 'Mihin asti palkitaan?'; f.querySelector('button').click()`)
	w.until(`!document.querySelector('dialog').open`)
	w.until(`[...document.querySelectorAll('[data-list=queued] .q-text')].map((p) => p.textContent).includes('Mihin asti palkitaan?')`)
	w.run(`for (const box of document.querySelectorAll('[data-list=queued] .item-tick input')) box.click()`)
	w.until(`document.querySelector('[data-ticked]').textContent === '3 kysymystä valittu'`)
	w.run(`document.querySelector('[data-bulk] button[value=merge]').click()`)
	w.until(`document.querySelectorAll('[data-list=merged] article').length === 2 && document.querySelectorAll('[data-list=queued] article').length === 1`)
	if n := len(h.states()); n != 4 {
		t.Errorf("%d questions instead of 4", n)
	}

	t.Log("a word to the stage, and a poll")
	w.run(`const f = document.querySelector('#tell-text').form; f.text.value = 'Viisi minuuttia'; f.querySelector('button').click()`)
	w.until(`document.querySelector('[data-messages]').textContent.includes('Ei vielä nähty')`)
	room, err := h.qa.Room(t.Context(), h.talk.ID)
	h.must(err)
	h.must(h.qa.Do(t.Context(), qa.Viewer{Room: h.talk.ID, View: qa.Stage, Voter: "s"}, qa.Request{Op: "seen", Do: qa.ActSeen, Message: room.Messages[0].ID}).Err())
	w.until(`document.querySelector('[data-messages]').textContent.includes('Nähty lavalla')`)
	w.run(`document.querySelector('.poll-new').open = true; const f = document.querySelector('.poll-new form'); f.text.value = 'Kahvi vai tee?'; f.options.value = 'Kahvi\nTee'; f.live.checked = true; f.querySelector('button').click()`)
	w.until(`document.querySelector('.poll-card button[value=poll_open]') !== null`)
	w.run(`document.querySelector('.poll-card button[value=poll_open]').click()`)
	w.until(`document.querySelector('.poll-card button[value=poll_close]') !== null`)
	list, err := h.polls.List(t.Context(), h.talk.ID, qa.Moderator)
	h.must(err)
	h.must(h.polls.Do(t.Context(), qa.Viewer{Room: h.talk.ID, View: qa.Audience, Voter: "a"}, poll.Request{Op: "b", Do: poll.ActBallot, Poll: list[0].ID, Choice: []string{"o2"}}).Err())
	w.until(`document.querySelector('.poll-card').textContent.includes('1 vastaus')`)
	w.run(`document.querySelector('.poll-card button[value=poll_close]').click()`)
	w.until(`/^Sulkeutuu (4\d|3\d) sekunnin kuluttua$/.test(document.querySelector('.poll-card [data-closes]')?.textContent)`)
	w.pictures(h, third)
}

// pictures are looked at: phone and desk, light and dark.
func (w moderateWindow) pictures(h *liveHouse, one string) {
	if os.Getenv("AGORA_SHOTS") == "" {
		return
	}
	desk := "/desk/cmadfi/2027/live/" + h.talk.Slug
	h.asked("Uusi kysymys, joka on pitkä kuin nälkävuosi ja jatkuu vielä toisellekin riville, koska kysyjällä oli asiaa?")
	h.asked("Helvetti, miksi ette vain lopeta?")
	for name, path := range map[string]string{"mod": desk, "one": desk + "/questions/" + one, "polls": desk + "/polls", "set": desk + "/settings", "sets": "/desk/cmadfi/2027/live-settings"} {
		for _, look := range []struct {
			suffix, lang string
			width        int64
			dark         bool
		}{{"360-fi", "fi", 360, false}, {"1280-fi", "fi", 1280, false}, {"1280-dark-en", "en", 1280, true}, {"360-dark-sv", "sv", 360, true}} {
			w.do(chromedp.EmulateViewport(look.width, 900))
			w.dark(look.dark)
			w.open(path + "?lang=" + look.lang)
			w.until(`document.readyState === 'complete'`)
			w.until(`document.documentElement.scrollWidth <= innerWidth + 1`)
			w.shot(name + "-" + look.suffix)
		}
	}
}
