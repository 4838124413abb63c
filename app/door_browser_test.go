package app_test

import (
	"context"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"agora/app/account"
	"agora/app/apptest"
	"agora/app/door"
	"agora/app/edition"
	"agora/app/registration"
	"agora/app/text"
	"agora/static"
)

// gate stands between browsers and the site, so that the network can really be cut:
// for pages, for what works behind them, for everything.
type gate struct {
	listener net.Listener
	to       string
	mu       sync.Mutex
	shut     bool
	open     map[net.Conn]bool
}

func newGate(t *testing.T, to string) *gate {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{listener: l, to: to, open: map[net.Conn]bool{}}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { g.pass(c) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		g.cut(true)
		all.Wait()
	})
	return g
}

func (g *gate) pass(c net.Conn) {
	defer c.Close()
	if !g.keep(c) {
		return
	}
	s, err := net.Dial("tcp", g.to)
	if err != nil {
		return
	}
	defer s.Close()
	if !g.keep(s) {
		return
	}
	done := make(chan struct{}, 2)
	for _, pair := range [][2]net.Conn{{c, s}, {s, c}} {
		go func() {
			_, _ = io.Copy(pair[0], pair[1]) // ends when either side does
			done <- struct{}{}
		}()
	}
	<-done
}

func (g *gate) keep(c net.Conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut {
		return false
	}
	g.open[c] = true
	return true
}

// cut shuts the gate, with everybody who stands in it, or opens it again.
func (g *gate) cut(shut bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = shut
	if shut {
		for c := range g.open {
			c.Close()
		}
		g.open = map[net.Conn]bool{}
	}
}

// newGatedSite is a whole Agora that browsers reach through a gate.
func newGatedSite(t *testing.T, at time.Time) (s *site, g *gate) {
	t.Helper()
	s = newSiteBehind(t, at, func(address string) string {
		g = newGate(t, address)
		return g.listener.Addr().String()
	})
	return s, g
}

// doorDay is the morning of a day with people who come.
type doorDay struct {
	*site
	gate    *gate
	edition edition.Edition
	people  map[string]registration.Registration
}

func newDoorDay(t *testing.T, names ...string) *doorDay {
	t.Helper()
	at := helsinki(t, "2027-01-25 08:30")
	s, g := newGatedSite(t, at)
	d := &doorDay{site: s, gate: g, people: map[string]registration.Registration{}}
	series, err := s.Editions.NewSeries(t.Context(), "", edition.SeriesInput{Slug: "cmadfi", Title: text.One(text.Finnish, "CMADFI")})
	d.must(err)
	seats := int64(20)
	d.edition, err = s.Registrations.NewEdition(t.Context(), "", series, edition.Input{Slug: "2027", Title: text.One(text.Finnish, "CMADFI 2027"), Zone: "Europe/Helsinki",
		Languages: edition.Languages{text.Finnish, text.Swedish, text.English}, StartsAt: at.Add(30 * time.Minute), EndsAt: at.Add(8 * time.Hour), OpensAt: at.AddDate(0, -1, 0), ClosesAt: at.AddDate(0, 0, -1)},
		map[registration.Kind]*int64{registration.Onsite: &seats, registration.Remote: nil})
	d.must(err)
	for i, name := range names {
		res, err := s.Registrations.Add(t.Context(), d.edition, "organiser", registration.Input{Name: name, Email: fmt.Sprintf("nimi%d@agora.test", i), Place: registration.Onsite, Organisation: "Energiayhtiö"})
		d.must(err)
		d.people[name] = res.Registration
	}
	return d
}

func (d *doorDay) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// code is what a ticket's QR code holds.
func (d *doorDay) code(name string) string {
	r := d.people[name]
	return d.Site.DoorAddress(d.edition, r)
}

// device is a phone that has joined the door by its link, and has all it needs.
func (d *doorDay) device(browser context.Context, organiser *person, name string, l text.Lang, ticked ...string) *person {
	d.t.Helper()
	organiser.open("/desk/cmadfi/2027/door")
	organiser.fill("name", name)
	for _, box := range ticked {
		organiser.do(chromedp.Click(chromedp.CSS(`form[action$="/devices"] input[name=` + box + `]`)))
	}
	organiser.press(`form[action$="/devices"] .btn`)
	link := organiser.get(`document.querySelector('#door-link').value`)
	p := d.person(browser, name, l, phone)
	p.open(link)
	p.press("main form .btn")
	p.ready()
	again := d.person(browser, "somebody with the same link", l, phone)
	again.openRefused(link, 404)
	return p
}

// ready waits until a phone could do without network.
func (p *person) ready() {
	p.t.Helper()
	p.until(`document.querySelector('[data-door]')?.dataset.ready === '1'`)
	p.until(`caches.match(location.pathname).then((kept) => Boolean(kept))`)
	p.until(`new Promise((done) => { const open = indexedDB.open(JSON.parse(document.querySelector('[data-door]').dataset.door).edition && 'agora-door-' + JSON.parse(document.querySelector('[data-door]').dataset.door).edition);
		open.onsuccess = () => { const ask = open.result.transaction('kept').objectStore('kept').get('people'); ask.onsuccess = () => { open.result.close(); done(Boolean(ask.result?.length)) } } })`)
}

// scan types what a camera would have read, and waits for the answer.
func (p *person) scan(code string) (title, took string) {
	p.t.Helper()
	p.until(`(() => { delete document.querySelector('[data-door]').dataset.took; return true })()`)
	p.fill("code", code)
	p.do(chromedp.Click(chromedp.CSS(`[data-part=code] .btn`)))
	p.until(`Boolean(document.querySelector('[data-door]').dataset.took)`)
	return p.get(`document.querySelector('[data-part=verdict] .verdict > span').textContent.trim()`), p.get(`document.querySelector('[data-door]').dataset.took`)
}

// TestDoorWithoutNetwork: two phones go on without network, the same ticket comes to
// both, and everything comes together when the network is back.
func TestDoorWithoutNetwork(t *testing.T) {
	d := newDoorDay(t, "Åsa Öhman", "Özlem Yılmaz", "Aino Virtanen", "Bo Ek")
	browser := chromium(t)
	organiser := d.person(browser, "organiser", text.Finnish, desk)
	organiser.open(d.link(account.Invite{Email: "owner@agora.test", Name: "Omistaja", Language: text.Finnish, Owner: true}))
	organiser.press("main form .btn")
	main := d.device(browser, organiser, "Pääovi", text.Finnish)
	side := d.device(browser, organiser, "Sivuovi", text.Swedish)
	if names := main.get(`fetch('/door/cmadfi/2027/roster.json').then((r) => r.text())`); strings.Contains(names, "@") || !strings.Contains(names, "Özlem") {
		t.Errorf("the list on a device: %s", names)
	}

	d.gate.cut(true)
	for _, p := range []*person{main, side} {
		p.expect("ERR_")
		p.expect("Failed to load resource")
		p.do(chromedp.Reload())
		p.until(`document.querySelector('[data-door]')?.dataset.ready === '1'`)
	}
	main.until(`!document.querySelector('[data-part=net]').hidden`)
	// What is told to ear and hand: each note's pitch as it starts, and the shaking.
	main.until(`(() => { window.told = []; navigator.vibrate = (ms) => { window.told.push('shakes ' + ms); return true };
		const start = OscillatorNode.prototype.start;
		OscillatorNode.prototype.start = function (...at) { window.told.push(this.type + ' ' + this.frequency.value); return start.apply(this, at) };
		return true })()`)
	tells := func() string { return main.get(`window.told.splice(0).join(', ')`) }
	main.do(chromedp.Click(chromedp.CSS(`h1`))) // wakes the sound, as any press does
	main.until(`new Promise((done) => { const c = new AudioContext(); c.resume().then(() => done(c.state === 'running')) })`)
	title, took := main.scan(d.code("Åsa Öhman"))
	if told := tells(); told != "shakes 60, sine 660, sine 880" {
		t.Errorf("a good ticket is told to ear and hand by %q", told)
	}
	if title != main.words("door.welcome") {
		t.Errorf("a good ticket: %q", title)
	}
	t.Logf("a scan was answered after %s ms without network", took)
	main.sees("Energiayhtiö")
	main.check("door-offline")
	if title, _ := main.scan(d.code("Åsa Öhman")); title != main.words("door.again") {
		t.Errorf("the same ticket again: %q", title)
	}
	if told := tells(); told != "shakes 320, square 190" {
		t.Errorf("the same ticket again is told to ear and hand by %q", told)
	}
	if title, _ := side.scan(d.code("Åsa Öhman")); title != side.words("door.welcome") {
		t.Errorf("the same ticket at the other door: %q", title)
	}
	good := d.code("Bo Ek")
	cut := strings.LastIndex(good, "/") + 1
	other := door.NewSeal([]byte("another secret"))
	for name, c := range map[string]struct{ code, says string }{
		"forged":   {good[:cut] + other.Code(d.edition.ID, d.people["Bo Ek"].ID, 1), "door.forged"},
		"changed":  {good[:len(good)-30] + "AAAAAAAA" + good[len(good)-22:], "door.forged"},
		"foreign":  {good[:cut] + d.Site.Seal.Code(d.people["Bo Ek"].ID, d.people["Bo Ek"].ID, 1), "door.foreign"},
		"cut off":  {good[:len(good)-5], "door.not_ours"},
		"replayed": {good[:cut] + d.Site.Seal.Code(d.edition.ID, d.people["Bo Ek"].ID, 7), "door.outdated"},
		"a link":   {"https://example.org/", "door.not_ours"},
	} {
		main.scan(c.code)
		if says := main.get(`document.querySelector('[data-part=verdict] .verdict.stop')?.textContent ?? ''`); !strings.Contains(says, main.words(c.says)) {
			t.Errorf("%s: %q", name, says)
		}
	}
	main.fill("q", "ozlem")
	main.do(chromedp.Click(chromedp.CSS(`[data-part=found] .btn`)))
	main.until(fmt.Sprintf(`document.querySelector('[data-part=verdict] .verdict b').textContent === %q`, "Özlem Yılmaz"))
	main.sees(main.words("door.offline_many", "n", 2))

	// Somebody has registered whom this phone has not heard of: their ticket proves itself.
	fresh, err := d.Registrations.Add(t.Context(), d.edition, "organiser", registration.Input{Name: "Viime Hetken", Email: "viime@agora.test", Place: registration.Onsite})
	d.must(err)
	if title, _ := main.scan(d.Site.DoorAddress(d.edition, fresh.Registration)); title != main.words("door.real") {
		t.Errorf("a genuine ticket that is not on the list: %q", title)
	}
	main.click(main.link(main.words("door.let_in")))
	main.sees(main.words("door.welcome"))

	// The phone's own camera app opens what stands in the code.
	side.do(chromedp.Navigate(d.code("Bo Ek")))
	side.until(`document.querySelector('[data-door]')?.dataset.ready === '1'`)
	side.sees(side.words("door.valid"))
	side.do(chromedp.Click(chromedp.CSS(`[data-part=verdict] .acts .btn`)))
	side.sees(side.words("door.welcome"))
	side.click(side.link(side.words("door.undo")))
	side.sees(side.words("door.undone"))

	// Meanwhile a place is handed over, and its old ticket is shown at a door that cannot know.
	old := d.code("Aino Virtanen")
	_, err = d.Registrations.HandOver(t.Context(), d.edition, d.people["Aino Virtanen"], registration.Heir{Name: "Uusi Haltija", Email: "uusi@agora.test"})
	d.must(err)
	if title, _ := main.scan(old); title != main.words("door.welcome") {
		t.Errorf("a ticket that was handed over meanwhile: %q", title)
	}
	d.gate.cut(false)
	for _, p := range []*person{main, side} {
		p.until(`document.querySelector('[data-part=net]').hidden`)
		p.until(fmt.Sprintf(`document.querySelector('[data-part=alert-list]').textContent.includes(%q)`, p.words("door.alert_again")))
		p.until(fmt.Sprintf(`document.querySelector('[data-part=alert-list]').textContent.includes(%q)`, p.words("door.alert_outdated")))
		p.until(fmt.Sprintf(`document.querySelector('[data-part=count]').textContent === %q`, p.words("door.count", "arrived", 3, "expected", 5)))
	}
	main.sees("Sivuovi")
	side.sees("Pääovi")

	organiser.open("/desk/cmadfi/2027/door")
	organiser.sees(organiser.words("door.alert_outdated"))
	organiser.check("door-desk-full")
	d.must(revoke(t, d, "Sivuovi"))
	side.expect("410")
	side.until(`!document.querySelector('[data-part=ended]').hidden`)
	side.sees(side.words("door.revoked"))
	side.until(`indexedDB.databases().then((all) => all.length === 0)`)
	side.until(`caches.keys().then((all) => all.length === 0)`)
}

func revoke(t *testing.T, d *doorDay, name string) error {
	t.Helper()
	var id string
	if err := d.DB.Read.NewRaw("SELECT id FROM door_device WHERE name = ?", name).Scan(t.Context(), &id); err != nil {
		return err
	}
	return door.New(d.DB, d.clock.now).Revoke(t.Context(), d.edition, "", id)
}

// TestDoorCamera: a code held before the camera lets its holder in.
func TestDoorCamera(t *testing.T) {
	if !static.Decoder() {
		apptest.Missing(t, "the decoder that static/decoder/fetch.sh brings")
	}
	d := newDoorDay(t, "Åsa Öhman")
	film := filmOf(t, d.code("Åsa Öhman"))
	ctx, cancel := chromedp.NewContext(apptest.Chromium(t, chromedp.Flag("use-fake-ui-for-media-stream", true),
		chromedp.Flag("use-fake-device-for-media-stream", true), chromedp.Flag("use-file-for-fake-video-capture", film)))
	t.Cleanup(cancel)
	d.must(chromedp.Do(ctx))
	keeper := d.person(ctx, "door", text.English, phone)
	keeper.open(d.link(account.Invite{Email: "owner@agora.test", Name: "Owner", Language: text.English, Owner: true}))
	keeper.press("main form .btn")
	keeper.open("/door/cmadfi/2027")
	keeper.ready()
	d.gate.cut(true)
	keeper.expect("ERR_")
	keeper.expect("Failed to load resource")
	keeper.do(chromedp.Click(chromedp.CSS(`[data-part=camera-start]`)))
	keeper.until(fmt.Sprintf(`document.querySelector('[data-part=verdict] .verdict')?.textContent.includes(%q)`, "Åsa Öhman"))
	if title := keeper.get(`document.querySelector('[data-part=verdict] .verdict > span').textContent.trim()`); title != keeper.words("door.welcome") {
		t.Errorf("the camera's ticket: %q", title)
	}
	d.gate.cut(false)
	keeper.until(`document.querySelector('[data-part=net]').hidden`)
	n, err := door.New(d.DB, d.clock.now).Count(t.Context(), d.edition.ID)
	if err != nil || n != 1 {
		t.Errorf("%d arrived, %v", n, err)
	}
}

// TestBadgeAtTheScan: beside a printer, a badge is printed for whoever is let in, once,
// alone on paper of its own size; elsewhere, and without network, none is.
func TestBadgeAtTheScan(t *testing.T) {
	d := newDoorDay(t, "Åsa Öhman", "Bo Ek", "Aino Virtanen")
	browser := chromium(t)
	organiser := d.person(browser, "organiser", text.Finnish, desk)
	organiser.open(d.link(account.Invite{Email: "owner@agora.test", Name: "Omistaja", Language: text.Finnish, Owner: true}))
	organiser.press("main form .btn")
	printing := d.device(browser, organiser, "Pääovi", text.Finnish, "prints")
	silent := d.device(browser, organiser, "Sivuovi", text.Swedish)
	for _, p := range []*person{printing, silent} {
		p.until(`(() => { window.prints = 0; window.print = () => { window.prints += 1 }; return true })()`)
	}
	told := `(document.querySelector('[data-print-told]')?.textContent ?? 'no word')`
	printing.scan(d.code("Åsa Öhman"))
	printing.until(told + ` === ` + strconv.Quote(printing.words("door.badge_sent")))
	printing.scan(d.code("Åsa Öhman"))
	if n := printing.get(`String(window.prints)`); n != "1" {
		t.Errorf("the printer was asked %s times", n)
	}
	silent.scan(d.code("Bo Ek"))
	if n := silent.get(`window.prints + ' ' + ` + told); n != "0 no word" {
		t.Errorf("the device without a printer: %s", n)
	}

	// The browser rounds to its own pixels.
	size, words := printing.onPaper()
	var w, h float64
	if _, err := fmt.Sscanf(size, "%f x %f pts", &w, &h); err != nil || math.Abs(w-105/25.4*72) > 1 || math.Abs(h-148/25.4*72) > 1 || words != "" {
		t.Errorf("the paper is %s, and says %q beside the drawing", size, words)
	}
	printing.get(`(() => { dispatchEvent(new Event('afterprint')); return '' })()`)
	if left := printing.get(`String(document.querySelectorAll('.door-print').length + document.adoptedStyleSheets.length)`); left != "0" {
		t.Error("the badge stays on the page after printing")
	}

	d.gate.cut(true)
	printing.expect("ERR_")
	printing.expect("Failed to load resource")
	printing.scan(d.code("Aino Virtanen"))
	printing.until(told + ` === ` + strconv.Quote(printing.words("door.badge_not_sent")))
	if n := printing.get(`String(window.prints)`); n != "1" {
		t.Errorf("without network the printer was asked %s times", n)
	}
	d.gate.cut(false)
	var badges int
	d.must(d.DB.Read.NewRaw("SELECT COUNT(*) FROM badge_print").Scan(t.Context(), &badges))
	if badges != 1 {
		t.Errorf("%d badges are noted as printed", badges)
	}
}

// onPaper prints the page as it is, and gives the size of the paper, with the number of
// pages when there are several, and the words on it.
func (p *person) onPaper() (size, words string) {
	p.t.Helper()
	yes := true
	printed, err := chromedp.Call(p.ctx, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: &yes, PrintBackground: &yes})
	if err != nil {
		p.t.Fatal(err)
	}
	file := filepath.Join(p.t.TempDir(), "page.pdf")
	if err := os.WriteFile(file, printed.Data, 0o600); err != nil {
		p.t.Fatal(err)
	}
	run := func(name string, args ...string) string {
		out, err := exec.Command(apptest.Program(p.t, name), args...).CombinedOutput()
		if err != nil {
			p.t.Fatalf("%s: %v\n%s", name, err, out)
		}
		return string(out)
	}
	for _, line := range strings.Split(run("pdfinfo", file), "\n") {
		if s, found := strings.CutPrefix(line, "Page size:"); found {
			size += strings.TrimSpace(s)
		}
		if n, found := strings.CutPrefix(line, "Pages:"); found && strings.TrimSpace(n) != "1" {
			size = strings.TrimSpace(n) + " pages of "
		}
	}
	return size, strings.TrimSpace(run("pdftotext", file, "-"))
}

// TestTicketWithoutNetwork: who opened their ticket on this phone can show it without
// network; what lies behind it, and shows others, was not kept.
func TestTicketWithoutNetwork(t *testing.T) {
	d := newDoorDay(t, "Åsa Öhman")
	browser := chromium(t)
	holder := d.person(browser, "holder", text.Finnish, phone)
	ticket := "/ticket/" + d.Registrations.Token(d.people["Åsa Öhman"])
	holder.open(ticket)
	holder.until(`caches.match(location.pathname).then((kept) => Boolean(kept))`)
	holder.open(ticket + "/people")
	holder.open(ticket)
	if kept := holder.get(`caches.keys().then(async (names) => { let all = []; for (const n of names) all.push(...(await (await caches.open(n)).keys()).map((r) => new URL(r.url).pathname)); return all.filter((p) => !p.startsWith('/static/') && !p.includes('/theme.')).join(' ') })`); kept != ticket {
		t.Errorf("kept on the phone are %q", kept)
	}
	d.gate.cut(true)
	holder.expect("ERR_")
	holder.expect("Failed to load resource")
	holder.do(chromedp.Reload())
	holder.sees("Åsa Öhman")
	holder.until(`document.querySelector('.ticket .qr svg').getBoundingClientRect().width > 100`)
	d.gate.cut(false)
	// It is handed over: the phone forgets it at the next look.
	_, err := d.Registrations.HandOver(t.Context(), d.edition, d.people["Åsa Öhman"], registration.Heir{Name: "Uusi", Email: "uusi@agora.test"})
	d.must(err)
	holder.openRefused(ticket, 410)
	holder.until(`caches.match(location.pathname).then((kept) => !kept)`)
}
