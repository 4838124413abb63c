package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"agora/app/account"
	"agora/app/text"
)

// Names that badges have to carry, see the paper part of the story.
const (
	firstName  = "Åke Ġużeppi Ñandú-Łoś 🦊"
	longName   = "Maximiliane Aurora Featherstonehaugh-Järvenpää von Hohenberg" // 60 letters
	waiterName = "Odottava Özlem Őri"
)

// story is one year of a small series, walked through in one language.
type story struct {
	*site
	lang      text.Lang
	organiser *person
	desk      string // path of the edition's desk
	public    string // path of the edition

	first, second, waiter *person
	tickets               map[string]string // by name
}

// The whole way in a browser: from an empty house to the certificate's proof.
func TestStory(t *testing.T) {
	browser := chromium(t)
	for _, lang := range text.Langs {
		t.Run(string(lang), func(t *testing.T) {
			s := &story{site: newSite(t, helsinki(t, "2027-01-15 10:00")), lang: lang, tickets: map[string]string{},
				public: "/kyla/2027", desk: "/desk/kyla/2027"}
			s.organiser = s.person(browser, "organiser", lang, desk)
			s.first, s.second = s.person(browser, "first", lang, phone), s.person(browser, "second", lang, phone)
			s.waiter = s.person(browser, "waiter", lang, desk)
			s.signIn()
			s.plan()
			s.importProgramme()
			s.visit()
			s.fillTheHall()
			s.freeASeat()
			s.lookAfter()
			s.clock.set(helsinki(t, "2027-01-25 10:15"))
			s.liveRoom()
			s.arriveAndPrint()
			s.clock.set(helsinki(t, "2027-01-26 12:00"))
			s.afterwards()
		})
	}
}

// signIn: the link opens a page with a button, since mail scanners open links
// but press none, and works once.
func (s *story) signIn() {
	p := s.organiser
	p.open("/")
	p.check("home-empty")
	p.open("/sign-in")
	p.fill("email", "tämä ei ole osoite")
	p.pressRefused("main form .btn", 422)
	if p.value("email") != "tämä ei ole osoite" {
		p.fail("the typed address is gone")
	}
	p.check("sign-in-refused")
	link := s.link(account.Invite{Email: "orvokki@example.org", Name: "Orvokki Esimerkki", Language: s.lang, Owner: true, Next: "/desk"})
	p.open(link)
	p.sees(p.words("sign_in.press"))
	p.check("sign-in")
	p.press("main form .btn")
	p.sees(p.words("desk.empty_title"))
	p.check("desk-empty")
	other := s.person(p.ctx, "mail scanner", s.lang, desk)
	other.expect("status of")
	if answer, err := chromedp.RunResponse(other.ctx, chromedp.Navigate(link)); err != nil || answer.Status == 200 {
		p.fail("the link opens twice")
	}
}

// plan: a series and an edition, whose date the series' rule proposes.
func (s *story) plan() {
	p := s.organiser
	p.press(p.link(p.words("desk.new_series")))
	p.fill("slug", "Väärä osoite")
	p.fill("hashtag", "#kyläpäivä")
	p.pressRefused("main form .acts .btn", 422)
	if p.value("slug") != "Väärä osoite" || p.value("hashtag") != "#kyläpäivä" {
		p.fail("what was typed is gone")
	}
	p.until(`document.querySelectorAll('main .error-summary a').length >= 2 && document.querySelector('#slug').getAttribute('aria-invalid') === 'true'`)
	p.check("series-refused")
	p.fill("slug", "kyla")
	for l, name := range map[text.Lang]string{"fi": "Kyläpäivä", "sv": "Bydagen", "en": "Village Day"} {
		p.fill("title_"+string(l), name)
	}
	p.press("main form .acts .btn")
	if at := p.value("starts_at"); at != "2027-01-25T09:00" {
		p.fail("proposed %q", at)
	}
	p.check("edition-new")
	for l, city := range map[text.Lang]string{"fi": "Jyväskylä", "sv": "Jyväskylä", "en": "Jyväskylä"} {
		p.fill("city_"+string(l), city)
		p.fill("venue_"+string(l), "Agora")
	}
	p.fill("capacity_onsite", "2")
	p.fill("ends_at", "2027-01-24T17:00")
	p.pressRefused("main form.settings .acts-bar .btn", 422)
	if p.value("capacity_onsite") != "2" || p.value("ends_at") != "2027-01-24T17:00" {
		p.fail("what was typed is gone")
	}
	p.check("edition-refused")
	p.fill("ends_at", "2027-01-25T17:00")
	p.press("main form.settings .acts-bar .btn")
	if path := p.get(`location.pathname`); path != s.desk {
		p.fail("landed at %s", path)
	}
	p.check("desk-edition-new")
}

// importProgramme: what is no schedule is refused in a sentence; what is one
// comes with a report of what was not understood.
func (s *story) importProgramme() {
	p := s.organiser
	p.open(s.desk + "/program")
	p.check("program-desk-empty")
	p.open(s.desk + "/import")
	p.check("import")
	p.upload("file", "layout_test.go")
	p.pressRefused("main form .acts .btn", 422)
	p.until(`document.querySelector('#file-error')?.textContent.trim().length > 20`)
	p.check("import-refused")
	p.upload("file", "testdata/day.xml")
	p.choose("release", "1")
	p.press("main form .acts .btn")
	p.sees(p.words("program_desk.report_done"))
	p.sees("mood") // the element nobody knows is named
	p.check("import-report")
	p.open(s.desk + "/program")
	p.press(p.link("Oma ääni kuuluviin"))
	p.check("session-form")
	p.open(s.desk + "/program/grid")
	p.check("program-grid")
}

// visit: a stranger looks at everything on a phone.
func (s *story) visit() {
	p := s.first
	p.open("/")
	p.check("home")
	p.open("/kyla")
	p.check("series")
	p.open(s.public)
	p.sees(p.words("edition.register"))
	p.check("edition-open")
	p.open(s.public + "/practical")
	p.check("practical-empty")
	p.press(fmt.Sprintf(`nav.pages a[href=%q]`, s.public+"/program"))
	p.sees("Luvut päivän jälkeen")
	p.check("program")
	p.press(p.link("Oma ääni kuuluviin"))
	p.check("session")
	p.press(p.link("Łucja Esimerkki-Ångström"))
	p.sees("Luvut päivän jälkeen")
	p.check("speaker")
	p.openRefused(s.public+"/sessions/no-such", 404)
	p.check("not-found")
	for file, part := range map[string]string{"xml": "Oma ääni", "json": "Oma ääni", "ics": "Oma ääni", "feed": "<entry>"} {
		path := s.public + "/schedule." + file
		if file == "feed" {
			path = s.public + "/feed.xml"
		}
		if body := s.fetch(path); !strings.Contains(body, part) {
			s.t.Errorf("%s holds no programme:\n%.500s", path, body)
		}
	}
}

// fillTheHall: two seats by form, then the waiting list, with a remote place meanwhile.
func (s *story) fillTheHall() {
	p := s.first
	p.open(s.public + "/register")
	p.fill("name", " ")
	p.fill("email", "ake@")
	p.fill("organisation", "Esimerkkilän kylä")
	p.choose("photo", "no")
	p.pressRefused("main form .acts .btn", 422)
	if p.value("email") != "ake@" || p.value("organisation") != "Esimerkkilän kylä" || p.get(`document.querySelector('[name=photo]:checked').value`) != "no" {
		p.fail("what was typed is gone")
	}
	p.until(`document.querySelectorAll('main .error-summary a').length === 2 && document.activeElement.matches('[data-error-summary]')`)
	p.check("register-refused")
	s.register(p, firstName, "ake@example.org")
	p.sees(p.words("ticket.confirmed"))
	p.until(`document.querySelector('.qr svg path, .qr svg rect') !== null`)
	p.check("ticket")
	calendar := p.get(fmt.Sprintf(`fetch(document.querySelector('main a[href$=".ics"]').href).then((r) => r.headers.get('content-type') + ' ' + %s)`, `''`)) +
		p.get(`fetch(document.querySelector('main a[href$=".ics"]').href).then((r) => r.text())`)
	if !strings.Contains(calendar, "text/calendar") || !strings.Contains(calendar, "DTSTART;TZID=Europe/Helsinki:20270125T090000") {
		s.t.Errorf("the calendar entry:\n%s", calendar)
	}
	s.register(s.second, longName, "maximiliane@example.org")
	s.second.sees(p.words("ticket.confirmed"))
	s.second.check("ticket-long-name")
	s.second.open(s.public)
	s.second.sees(p.words("edition.join_line"))
	s.second.check("edition-full")

	w := s.waiter
	w.open(s.public + "/register")
	w.check("register-full")
	s.register(w, waiterName, "odottava@example.org")
	w.sees(w.words("ticket.waiting"))
	w.sees(w.words("ticket.meanwhile"))
	w.until(`document.querySelector('.place-number').textContent.trim() === '1'`)
	w.check("ticket-waiting")
	if state, position := s.registerByAPI("api@example.org"); state != "waiting" || position != 2 {
		s.t.Errorf("the API answered %q, position %d", state, position)
	}
}

// register fills in the form and keeps the ticket's address.
func (s *story) register(p *person, name, email string) {
	p.t.Helper()
	p.open(s.public + "/register")
	p.fill("name", name)
	p.fill("email", email)
	p.choose("photo", "ask")
	p.press("main form .acts .btn")
	s.tickets[name] = p.get(`location.pathname`)
	if !strings.HasPrefix(s.tickets[name], "/ticket/") {
		p.fail("no ticket")
	}
}

// freeASeat: the first in line gets what the first person gives back.
func (s *story) freeASeat() {
	p := s.first
	p.click(`details:has(form[action$="/cancel"]) summary`)
	p.press(`form[action$="/cancel"] .btn`)
	p.sees(p.words("ticket.cancelled"))
	p.check("ticket-cancelled")
	s.waiter.open(s.tickets[waiterName])
	s.waiter.sees(p.words("ticket.confirmed"))
	s.waiter.check("ticket-promoted")
	// Whoever cancelled may come back, at the end of the line.
	s.register(p, firstName, "ake@example.org")
	p.until(`document.querySelector('.place-number').textContent.trim() === '2'`)
}

// lookAfter: what the organiser sees of all that.
func (s *story) lookAfter() {
	p := s.organiser
	p.open(s.desk)
	p.check("desk-edition")
	p.open(s.desk + "/registrations")
	for _, name := range []string{firstName, longName, waiterName} {
		p.sees(name)
	}
	p.check("desk-registrations")
	p.open(s.desk + "/registrations?q=nobody-at-all")
	p.check("desk-registrations-none")
	p.open(s.desk + "/mail")
	p.sees("odottava@example.org")
	p.check("desk-mail")
	p.open(s.desk + "/places")
	p.fill("capacity_onsite", "4") // two more seats go to the next in line
	p.press("main form .acts .btn")
	p.check("desk-places-sure") // who gains is told before it happens
	p.press("main form .acts .btn")
	p.check("desk-places")
	for _, page := range []string{"/settings", "/form", "/workshops", "/messages", "/messages/new", "/log", "/registrations/import", "/program/new", "/rooms", "/live", "/paper"} {
		p.open(s.desk + page)
		p.check("desk" + strings.ReplaceAll(page, "/", "-"))
	}
	p.open("/desk")
	p.check("desk")
	p.open("/me")
	p.check("me")
	p.open("/privacy")
	p.check("privacy")
}

// upload puts one of the test's files into a form.
func (p *person) upload(field, file string) {
	p.t.Helper()
	p.do(chromedp.SetUploadFiles(chromedp.CSS(fmt.Sprintf("main [name=%q]", field)), []string{absolute(p.t, file)}))
}

// fetch reads what a program without cookies gets.
func (s *site) fetch(path string) string {
	s.t.Helper()
	answer, err := http.Get(s.base + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %d %v", path, answer.StatusCode, err)
	}
	return string(b)
}

// registerByAPI registers as another program would.
func (s *story) registerByAPI(email string) (state string, position int64) {
	s.t.Helper()
	body, _ := json.Marshal(map[string]any{"name": "Rajapinnan Rauha", "email": email, "place": "onsite", "language": s.lang, "answers": map[string]any{}})
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.base+"/api/v1/editions"+s.public+"/registrations", bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", "story-"+email)
	client := http.Client{Timeout: 10 * time.Second}
	answer, err := client.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	var got struct {
		State    string
		Position *int64
	}
	if err := json.NewDecoder(answer.Body).Decode(&got); err != nil || answer.StatusCode != http.StatusCreated {
		s.t.Fatalf("%d %v", answer.StatusCode, err)
	}
	if got.Position != nil {
		position = *got.Position
	}
	return got.State, position
}
