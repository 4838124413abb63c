package web

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"agora/app/account"
	"agora/app/program"
	"agora/app/text"
)

// gridWindow is a browser's window of an organiser at the grid.
type gridWindow struct{ *window }

const deskGrid = "/desk/cmadfi/2027/program/grid"

// organisers opens the grid in two windows of two people.
func (h *liveHouse) organisers(names ...string) []gridWindow {
	h.t.Helper()
	start := h.chromium()
	var list []gridWindow
	for i, name := range names {
		token, _, err := h.accounts.MakeLink(h.t.Context(), account.Invite{Email: fmt.Sprintf("o%d@example.org", i), Name: name, Language: text.Finnish, Owner: true})
		h.must(err)
		login, err := h.accounts.Redeem(h.t.Context(), token, "tests")
		h.must(err)
		w := gridWindow{start()}
		w.open("/privacy?lang=fi")
		w.run(`document.cookie = '` + h.site.LoginCookie() + `=` + login.Token + `; path=/'`)
		w.grid()
		list = append(list, w)
	}
	return list
}

func (w gridWindow) grid() {
	w.t.Helper()
	w.open(deskGrid + "?day=2027-01-25&lang=fi")
	w.until(`document.querySelector('[data-grid-editor]')?.dataset.ready === '1'`)
}

// at is the middle of a place on the page, in the window.
func (w gridWindow) at(script string) (x, y float64) {
	w.t.Helper()
	spot, err := chromedp.Run(w.ctx, chromedp.Evaluate[[]float64](`(() => { `+script+` })()`))
	w.h.must(err)
	return spot[0], spot[1]
}

// block is the upper part of a session's block.
func (w gridWindow) block(id string) (x, y float64) {
	w.t.Helper()
	return w.at(`const n = document.querySelector('article[data-id="` + id + `"]'); n.scrollIntoView({block: 'center'}); const r = n.getBoundingClientRect(); return [r.left + r.width / 2, r.top + 6]`)
}

// cell is where a time stands in a room, counted in columns from 0.
func (w gridWindow) cell(column int, clock string) (x, y float64) {
	w.t.Helper()
	return w.at(fmt.Sprintf(`const [h, m] = %q.split('.').map(Number);
		const lines = [...document.querySelectorAll('.grid-line')]; const times = [...document.querySelectorAll('.grid-time')];
		const i = times.findIndex((t) => t.textContent === h + '.00'); const top = lines[i].getBoundingClientRect().top;
		const hour = lines[1].getBoundingClientRect().top - lines[0].getBoundingClientRect().top;
		const r = document.querySelectorAll('.grid-room')[%d].getBoundingClientRect(); return [r.left + r.width / 2, top + hour * m / 60 + 6]`, clock, column))
}

func (w gridWindow) mouse(kind input.DispatchMouseEventType, x, y float64) {
	w.t.Helper()
	w.do(chromedp.MouseEvent(kind, x, y, func(p *input.DispatchMouseEventParams) {
		p.Button, p.Buttons, p.ClickCount = input.MouseButtonLeft, 1, 1
	}))
}

// take presses on a block and drags it to a cell, without letting go.
func (w gridWindow) take(id string, column int, clock string) {
	w.t.Helper()
	x, y := w.block(id)
	w.mouse(input.DispatchMouseEventTypeMousePressed, x, y)
	w.mouse(input.DispatchMouseEventTypeMouseMoved, x+2, y+12)
	w.drag(column, clock)
}

func (w gridWindow) drag(column int, clock string) {
	w.t.Helper()
	x, y := w.cell(column, clock)
	w.mouse(input.DispatchMouseEventTypeMouseMoved, x, y)
	w.mouse(input.DispatchMouseEventTypeMouseMoved, x+1, y)
}

func (w gridWindow) drop(column int, clock string) {
	w.t.Helper()
	x, y := w.cell(column, clock)
	w.mouse(input.DispatchMouseEventTypeMouseReleased, x, y)
}

func (w gridWindow) press(id, keys string, modifiers ...chromedp.Modifier) {
	w.t.Helper()
	w.run(`document.querySelector('article[data-id="` + id + `"] a').focus()`)
	w.do(chromedp.KeyEvent(keys, chromedp.KeyModifiers(modifiers...)))
}

func (w gridWindow) says(s string) {
	w.t.Helper()
	w.until(`document.querySelector('[data-status]').textContent.replaceAll('\u00a0', ' ').includes("` + s + `")`)
}

// shows waits until a block stands at a time; an empty one is in the list.
func (w gridWindow) shows(id, clock string) {
	w.t.Helper()
	w.until(`document.querySelector('article[data-id="` + id + `"] time')?.textContent === "` + clock + `"`)
}

// drafted looks at where a session stands in the database.
func (h *liveHouse) drafted(x program.Session, want string) {
	h.t.Helper()
	draft, err := h.programs.Draft(h.t.Context(), h.edition)
	h.must(err)
	got, now := "", draft.ByID(x.ID)
	if now.Scheduled() {
		got = text.Span(text.Finnish, now.StartsAt, now.EndsAt)
		if now.Room != nil {
			got += " " + now.Room.Name[text.Finnish]
		}
	}
	if got != want {
		h.t.Errorf("%s is at %q, want %q", x.Title[text.Finnish], got, want)
	}
}

// TestGridInTwoBrowsers: one organiser drags, the other sees it and who did it;
// both move the same session and the second is told.
func TestGridInTwoBrowsers(t *testing.T) {
	h := startLiveHouse(t, nil)
	both := h.organisers("Olli Omistaja", "Maija Meikäläinen")
	olli, maija := both[0], both[1]
	draft, talk := h.draft.ID, h.talk.ID

	t.Log("a session is placed from the list; what would clash is told before it is let go")
	olli.take(draft, 0, "9.50")
	olli.says("Tässä syntyisi ristiriita:\\nAula: ”Tiedolla vaikuttaminen” ja ”Vielä salassa” ovat päällekkäin")
	olli.until(`document.querySelector('.ghost.bad') !== null`)
	olli.shot("grid-drag")
	olli.drag(1, "10.00")
	olli.says("10.00–10.30, Sali 2: ei ristiriitoja.")
	h.drafted(h.draft, "")
	olli.drop(1, "10.00")
	olli.says("”Vielä salassa” on nyt ma 25.1. klo 10.00–10.30, Sali 2.")
	h.drafted(h.draft, "10.00–10.30 Sali 2")
	maija.shows(draft, "10.00–10.30")
	maija.says("Olli Omistaja siirsi: ”Vielä salassa” on nyt ma 25.1. klo 10.00–10.30, Sali 2.")
	maija.until(`document.querySelector('[data-waiting-count]').textContent === '0' && !document.querySelector('[data-waiting-none]').hidden`)

	t.Log("both move the same session: the second is told, nothing is overwritten")
	maija.take(talk, 1, "11.00")
	olli.press(talk, kb.ArrowUp)
	olli.says("”Tiedolla vaikuttaminen” on nyt ma 25.1. klo 9.35–10.15, Aula.")
	maija.until(`document.querySelector('[data-say]').textContent.includes('Olli Omistaja siirsi: ”Tiedolla')`)
	maija.shows(talk, "9.40–10.20") // not moved under the hand
	maija.drop(1, "11.00")
	maija.says("Joku muu ehti siirtää ohjelmakohtaa ”Tiedolla vaikuttaminen”. Nyt se on:")
	maija.shows(talk, "9.35–10.15")
	h.drafted(h.talk, "9.35–10.15 Aula")
	maija.shot("grid-refused")
	maija.take(talk, 1, "11.00")
	maija.drop(1, "11.00")
	maija.says("”Tiedolla vaikuttaminen” on nyt ma 25.1. klo 11.00–11.40, Sali 2.")
	olli.shows(talk, "11.00–11.40")

	t.Log("a form that somebody types in is kept, and told when it is too late")
	olli.run(`document.querySelector('article[data-id="` + talk + `"] a').click()`)
	olli.until(`!document.querySelector('#edit').hidden && document.querySelector('#start').value === '2027-01-25T11:00'`)
	olli.run(`const f = document.querySelector('#start'); f.value = '2027-01-25T12:00'; f.dispatchEvent(new Event('input', {bubbles: true}))`)
	maija.press(talk, kb.ArrowUp)
	olli.shows(talk, "10.55–11.35")
	olli.until(`document.querySelector('#start').value === '2027-01-25T12:00'`)
	olli.run(`document.querySelector('#edit button[value=put]').click()`)
	olli.until(`document.querySelector('.notice.bad')?.textContent.includes('Joku muu ehti siirtää') && document.querySelector('#start').value === '2027-01-25T12:00'`)
	h.drafted(h.talk, "10.55–11.35 Sali 2")
}

// TestGridByKeys: every act by keys alone, several presses as one edit, and back.
func TestGridByKeys(t *testing.T) {
	h := startLiveHouse(t, nil)
	w := h.organisers("Olli Omistaja")[0]
	talk, later, draft := h.talk.ID, h.later.ID, h.draft.ID
	w.press(talk, kb.ArrowDown+kb.ArrowDown+kb.ArrowRight)
	w.says("”Tiedolla vaikuttaminen” on nyt ma 25.1. klo 9.50–10.30, Sali 2.")
	w.until(`document.activeElement.closest('article')?.dataset.id === '` + talk + `'`)
	w.press(talk, "z", chromedp.ModifierCtrl)
	w.says("Kumottiin: ”Tiedolla vaikuttaminen”, ma 25.1. klo 9.40–10.20, Aula.")
	w.shows(talk, "9.40–10.20")
	w.press(talk, "z", chromedp.ModifierCtrl, chromedp.ModifierShift)
	w.shows(talk, "9.50–10.30")
	w.press(talk, "z", chromedp.ModifierCtrl)
	w.shows(talk, "9.40–10.20")
	w.press(talk, kb.ArrowDown, chromedp.ModifierShift)
	w.says("Aula: ”Tiedolla vaikuttaminen” ja ”Kahvi” ovat päällekkäin")
	w.until(`document.querySelectorAll('article.clash').length === 2 && document.querySelectorAll('.lane-1-2, .lane-2-2').length === 2 && document.querySelectorAll('[data-clashes] li').length === 1`)
	w.until(`(() => { const [a, b] = [...document.querySelectorAll('[class*="lane-"]')].map((n) => n.getBoundingClientRect()); return a.right <= b.left + 1 || b.right <= a.left + 1 })()`)
	w.shot("grid-clash")
	h.drafted(h.talk, "9.40–10.25 Aula")
	w.press(talk, kb.ArrowUp, chromedp.ModifierShift)
	w.until(`document.querySelectorAll('article.clash').length === 0 && document.querySelectorAll('[data-clashes] li').length === 0`)
	h.drafted(h.talk, "9.40–10.20 Aula")
	w.press(talk, "s")
	w.press(later, "s")
	w.shows(talk, "10.50–11.30")
	w.shows(later, "9.40–10.20")
	w.press(later, "x")
	w.until(`document.querySelector('[data-waiting] article[data-id="` + later + `"]') !== null && document.querySelector('[data-waiting-count]').textContent === '2'`)
	w.says("”Mitä mittaat” on nyt ilman aikaa.")
	h.drafted(h.later, "")
	w.press(draft, kb.Enter)
	w.until(`document.activeElement.id === 'edit-title' && document.activeElement.textContent === 'Vielä salassa'`)
	w.run(`document.querySelector('#start').value = '2027-01-25T13:00'; document.querySelector('#edit button[value=put]').click()`)
	w.until(`document.querySelector('.flash')?.textContent.includes('Ohjelmakohta siirrettiin')`)
	h.drafted(h.draft, "13.00–13.30")
}

// TestGridByPointer: the lower edge, the list, Escape, and a finger.
func TestGridByPointer(t *testing.T) {
	h := startLiveHouse(t, nil)
	w := h.organisers("Olli Omistaja")[0]
	talk := h.talk.ID
	w.block(talk)
	x, y := w.at(`const r = document.querySelector('article[data-id="` + talk + `"] .cell-edge').getBoundingClientRect(); return [r.left + r.width / 2, r.top + 4]`)
	w.mouse(input.DispatchMouseEventTypeMousePressed, x, y)
	w.mouse(input.DispatchMouseEventTypeMouseMoved, x, y-10)
	w.drag(0, "10.00")
	w.drop(0, "10.00")
	w.says("klo 9.40–10.00, Aula.")
	h.drafted(h.talk, "9.40–10.00 Aula")

	w.take(talk, 1, "12.00")
	w.do(chromedp.KeyEvent(kb.Escape))
	w.until(`document.querySelector('.ghost, .held') === null`)
	w.drop(1, "12.00")
	w.shows(talk, "9.40–10.00")

	w.take(talk, 1, "12.00")
	x, y = w.at(`const r = document.querySelector('.grid-waiting h2').getBoundingClientRect(); return [r.left + 30, r.top + 10]`)
	w.mouse(input.DispatchMouseEventTypeMouseMoved, x, y)
	w.mouse(input.DispatchMouseEventTypeMouseReleased, x, y)
	w.says("on nyt ilman aikaa.")
	h.drafted(h.talk, "")

	touch := func(kind input.DispatchTouchEventType, points ...*input.TouchPoint) {
		t.Helper()
		_, err := chromedp.Call(w.ctx, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: points})
		h.must(err)
	}
	x, y = w.block(talk)
	touch(input.DispatchTouchEventTypeTouchStart, &input.TouchPoint{X: x, Y: y})
	w.until(`document.querySelector('article.held') !== null`)
	tx, ty := w.cell(1, "12.00")
	touch(input.DispatchTouchEventTypeTouchMove, &input.TouchPoint{X: (x + tx) / 2, Y: (y + ty) / 2})
	touch(input.DispatchTouchEventTypeTouchMove, &input.TouchPoint{X: tx, Y: ty})
	w.says("12.00–12.30, Sali 2: ei ristiriitoja.")
	touch(input.DispatchTouchEventTypeTouchEnd)
	w.says("klo 12.00–12.30, Sali 2.")
	h.drafted(h.talk, "12.00–12.30 Sali 2")
}
