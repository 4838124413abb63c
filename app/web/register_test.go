package web

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/registration"
	"agora/app/text"
)

// person is a filled-in form.
func person(name, place string, more ...string) url.Values {
	v := url.Values{"name": {name}, "email": {strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@agora.test"}, "place": {place}, "photo": {"ask"}, "key": {db.NewID()}}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return v
}

// register sends the form and gives the path of the ticket it leads to.
func (h *webHouse) register(slug string, v url.Values) string {
	h.t.Helper()
	r := h.post(asStranger, "/cmadfi/"+slug+"/register", v)
	if r.status != http.StatusSeeOther || !strings.HasPrefix(r.location(), "/ticket/") {
		h.t.Fatalf("status %d to %q\n%.600s", r.status, r.location(), r.body)
	}
	return r.location()
}

// stateOf opens the ticket and looks the registration up.
func (h *webHouse) stateOf(ticket string) string {
	h.t.Helper()
	r, err := h.Registrations.ByToken(h.t.Context(), strings.TrimPrefix(ticket, "/ticket/"))
	h.must(err)
	position, err := h.Registrations.Position(h.t.Context(), r)
	h.must(err)
	s := fmt.Sprint(r.Kind, " ", r.State)
	if position > 0 {
		s += fmt.Sprint(" ", position)
	}
	if r.Meanwhile {
		s += " meanwhile"
	}
	return s
}

// shows compares what a ticket says with what it has to.
func (h *webHouse) shows(ticket, state, heading string) {
	h.t.Helper()
	if got := h.stateOf(ticket); got != state {
		h.t.Errorf("it is %q, want %q", got, state)
	}
	if got := headings(h.page(asStranger, ticket), "h1"); len(got) != 1 || got[0] != h.Words.T(text.Finnish, heading) {
		h.t.Errorf("the heading is %q, want that of %s", got, heading)
	}
}

// headings are the texts of a kind of element.
func headings(body, name string) (list []string) {
	for {
		_, after, ok := strings.Cut(body, "<"+name)
		if !ok {
			return list
		}
		if body = after; after == "" || after[0] != '>' && after[0] != ' ' {
			continue
		}
		inside, rest, ok := strings.Cut(after, "</"+name+">")
		if !ok {
			return list
		}
		list = append(list, strings.TrimSpace(html.UnescapeString(textOf("<"+inside))))
		body = rest
	}
}

// textOf leaves the tags out.
func textOf(s string) string {
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(s, "<")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		_, s, _ = strings.Cut(after, ">")
	}
}

// TestTicketLife goes through all that can become of a place, on both engines.
func TestTicketLife(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d)
		h.newEdition("2028", seats(1), nil)
		eka := h.register("2028", person("Eka Henkilö", "onsite"))
		toka := h.register("2028", person("Toka Henkilö", "onsite", "meanwhile", "1"))
		kolmas := h.register("2028", person("Kolmas Henkilö", "onsite"))
		etä := h.register("2028", person("Etä Henkilö", "remote"))
		h.shows(eka, "onsite confirmed", "ticket.confirmed")
		h.shows(toka, "onsite waiting 1 meanwhile", "ticket.waiting")
		h.shows(kolmas, "onsite waiting 2", "ticket.waiting")
		h.shows(etä, "remote confirmed", "ticket.confirmed_remote")

		h.leads(h.post(asStranger, eka+"/cancel", nil), eka)
		h.shows(eka, "onsite cancelled", "ticket.cancelled")
		h.shows(toka, "onsite confirmed", "ticket.confirmed")
		h.shows(kolmas, "onsite waiting 1", "ticket.waiting")
		h.leads(h.post(asStranger, eka+"/cancel", nil), eka)
		h.shows(kolmas, "onsite waiting 1", "ticket.waiting")

		h.leads(h.post(asStranger, etä+"/switch", url.Values{"place": {"onsite"}}), etä)
		h.shows(etä, "onsite waiting 2 meanwhile", "ticket.waiting")
		h.leads(h.post(asStranger, toka+"/switch", url.Values{"place": {"remote"}}), toka)
		h.shows(toka, "remote confirmed", "ticket.confirmed_remote")
		h.shows(kolmas, "onsite confirmed", "ticket.confirmed")
		h.shows(etä, "onsite waiting 1 meanwhile", "ticket.waiting")
		if r := h.post(asStranger, toka+"/switch", url.Values{"place": {"stage"}}); r.status != http.StatusUnprocessableEntity {
			t.Errorf("switching to a stage: status %d", r.status)
		}
		if r := h.post(asStranger, eka+"/switch", url.Values{"place": {"remote"}}); r.status != http.StatusConflict {
			t.Errorf("switching what is cancelled: status %d", r.status)
		}
		h.countsAreRows("2028", "onsite 1/1 waiting 1, remote 2 waiting 0")
		h.letters("Eka Henkilö", "registration_confirmed", "registration_cancelled")
		h.letters("Toka Henkilö", "registration_waiting", "registration_promoted", "registration_remote")
		h.letters("Kolmas Henkilö", "registration_waiting", "registration_promoted")
		again := h.register("2028", person("Eka Henkilö", "onsite"))
		if again == eka {
			t.Error("registering again gives the cancelled ticket")
		}
		h.shows(again, "onsite waiting 2", "ticket.waiting")
		h.at(h.find("2028").EndsAt.AddDate(0, 0, 2))
		for _, act := range []string{"/cancel", "/switch"} {
			if r := h.post(asStranger, kolmas+act, url.Values{"place": {"remote"}}); r.status != http.StatusConflict {
				t.Errorf("%s after the day: status %d", act, r.status)
			}
		}
		h.shows(kolmas, "onsite confirmed", "ticket.past")
	})
}

func (h *webHouse) leads(r reply, to string) {
	h.t.Helper()
	if r.status != http.StatusSeeOther || r.location() != to {
		h.t.Errorf("status %d to %q, want %q", r.status, r.location(), to)
	}
}

// countsAreRows holds the counters against the registrations they count.
func (h *webHouse) countsAreRows(slug, want string) {
	h.t.Helper()
	e := h.find(slug)
	places, err := h.Registrations.Places(h.t.Context(), e.ID)
	h.must(err)
	on, re := places[registration.Onsite], places[registration.Remote]
	if got := fmt.Sprintf("onsite %d/%d waiting %d, remote %d waiting %d", on.Taken, *on.Capacity, on.Waiting, re.Taken, re.Waiting); got != want {
		h.t.Errorf("the places are %q, want %q", got, want)
	}
	seated := h.count("SELECT count(*) FROM registration WHERE edition_id = ? AND kind = 'onsite' AND state = 'confirmed'", e.ID)
	remote := h.count("SELECT count(*) FROM registration WHERE edition_id = ? AND (kind = 'remote' AND state = 'confirmed' OR meanwhile)", e.ID)
	if seated != on.Taken || remote != re.Taken {
		h.t.Errorf("%d and %d rows for %d and %d taken", seated, remote, on.Taken, re.Taken)
	}
}

// letters compares what somebody was told, in order.
func (h *webHouse) letters(name string, kinds ...string) {
	h.t.Helper()
	var got []string
	h.must(h.DB.Read.NewRaw("SELECT kind FROM mail WHERE name = ? ORDER BY id", name).Scan(h.t.Context(), &got))
	if fmt.Sprint(got) != fmt.Sprint(kinds) {
		h.t.Errorf("%s was told %v, want %v", name, got, kinds)
	}
}

// TestRegisterOnce: pressing twice, going back and sending again, and two tabs
// never take two places.
func TestRegisterOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d)
		h.newEdition("2028", seats(5), nil)
		v := person("Eka Henkilö", "onsite")
		first := h.register("2028", v)
		if again := h.register("2028", v); again != first {
			t.Errorf("the same form leads to %s and %s", first, again)
		}
		// Gone back to and changed, the form is an act of its own.
		v.Set("name", "Muu Henkilö")
		r := h.post(asStranger, "/cmadfi/2028/register", v)
		if r.status != http.StatusConflict || strings.Contains(r.body, `name="key" value="`+v.Get("key")+`"`) {
			t.Errorf("the key with another name: status %d", r.status)
		}
		v.Set("email", "muu@agora.test")
		if other := h.register("2028", v); other == first {
			t.Error("somebody else gets the first one's ticket")
		}
		r = h.post(asStranger, "/cmadfi/2028/register", person("Eka Henkilö", "remote"))
		if r.status != http.StatusConflict || !strings.Contains(r.body, h.Words.T(text.Finnish, "registration.already", "email", "eka.henkilö@agora.test")) && !strings.Contains(r.body, "on jo") {
			t.Errorf("another tab: status %d", r.status)
		}
		if strings.Contains(r.body, "/ticket/") {
			t.Error("whoever knows an address gets its ticket")
		}
		if n := h.count("SELECT count(*) FROM registration"); n != 2 {
			t.Errorf("%d registrations of two people", n)
		}
	})
}

// TestRegisterWrong: every problem at once, beside its field, in the person's
// language, with what was typed.
func TestRegisterWrong(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	h.newEdition("2028", seats(5), nil)
	before := h.dump()
	typed := url.Values{"name": {" "}, "email": {"nobody <at> home"}, "place": {"stage"}, "photo": {"maybe"}, "organisation": {strings.Repeat("ö", 121)},
		"needs": {"<b>gluteeniton</b> & \"pähkinä\""}, "meanwhile": {"1"}, "key": {"my own key"}}
	for _, l := range text.Langs {
		r := h.post(asStranger, "/cmadfi/2028/register", typed, "Accept-Language", string(l))
		if r.status != http.StatusUnprocessableEntity {
			t.Errorf("status %d", r.status)
		}
		fields := map[string]string{"name": "field.required", "email": "", "place": "registration.place_unknown", "photo": "registration.photo_unknown", "organisation": "field.long", "consent": "registration.consent_missing"}
		for name, key := range fields {
			said := errorsBeside(r.body, name)
			if len(said) != 1 || key != "" && said[0] != h.Words.T(l, key, "max", 120) || strings.Contains(said[0], "⟦") {
				t.Errorf("%s, %s: %q", l, name, said)
			}
		}
		if got := len(regexp.MustCompile(`<li><a href="#`).FindAllString(r.body, -1)); got != len(fields) {
			t.Errorf("the summary lists %d problems, want %d", got, len(fields))
		}
		for _, kept := range []string{`value="nobody &lt;at&gt; home"`, strings.Repeat("ö", 121), `&lt;b&gt;gluteeniton&lt;/b&gt; &amp; &#34;pähkinä&#34;`, `name="key" value="my own key"`} {
			if !strings.Contains(r.body, kept) {
				t.Errorf("%s: %.40s is lost", l, kept)
			}
		}
	}
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("%s changed", diff)
	}
	// Mended, the same form with the same key is taken.
	h.register("2028", person("Eka Henkilö", "onsite", "key", "my own key"))
}

// errorsBeside are the messages that a field's control points at.
func errorsBeside(body, name string) []string {
	for _, g := range tagsOf(body) {
		if (g.attrs["name"] == name || g.attrs["aria-labelledby"] == name+"-legend") && strings.Contains(" "+g.attrs["aria-describedby"]+" ", " "+name+"-error ") && g.attrs["aria-invalid"] == "true" {
			return headings(between(body, `<div id="`+name+`-error">`, "</div>", ""), "span")
		}
	}
	return nil
}

// TestRegisterByTheClock: the form may be filled in early, decides at the
// opening second, and says afterwards that it is over.
func TestRegisterByTheClock(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	e := h.newEdition("2028", seats(5), nil)
	form := `action="/cmadfi/2028/register"`
	h.at(e.OpensAt.Add(-1))
	if body := h.page(asStranger, "/cmadfi/2028/register"); !strings.Contains(body, form) || !strings.Contains(body, form[:len(form)-1]+"/save") {
		t.Error("the form is not to be filled in ahead")
	}
	v := person("Eka Henkilö", "onsite")
	early := h.post(asStranger, "/cmadfi/2028/register", v)
	if early.status != http.StatusConflict || !strings.Contains(early.body, `value="Eka Henkilö"`) ||
		!strings.Contains(early.body, h.Words.T(text.Finnish, "registration.not_open", "opens", text.DateTime(text.Finnish, e.Local(e.OpensAt)))) {
		t.Errorf("too early: status %d", early.status)
	}
	h.at(e.OpensAt)
	if body := h.page(asStranger, "/cmadfi/2028/register"); !strings.Contains(body, form) || strings.Contains(body, "register/save") {
		t.Error("the form is not open at the opening")
	}
	h.shows(h.register("2028", v), "onsite confirmed", "ticket.confirmed")
	h.at(e.ClosesAt)
	closed := h.Words.T(text.Finnish, "registration.closed", "closed", text.DateTime(text.Finnish, e.Local(e.ClosesAt)))
	if body := h.page(asStranger, "/cmadfi/2028/register"); strings.Contains(body, form) || !strings.Contains(body, closed) {
		t.Error("the form is still there after the closing")
	}
	if r := h.post(asStranger, "/cmadfi/2028/register", person("Myöhä Henkilö", "onsite")); r.status != http.StatusConflict || !strings.Contains(r.body, closed) {
		t.Errorf("too late: status %d", r.status)
	}
}

// TestRegisterBusy: while the database cannot write, nothing typed is lost.
func TestRegisterBusy(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	h.newEdition("2028", seats(5), nil)
	held, release, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- h.DB.Tx(context.WithoutCancel(t.Context()), func(context.Context, bun.Tx) error {
			close(held)
			<-release
			return nil
		})
	}()
	<-held
	v := person("Eka Henkilö", "onsite", "needs", "pähkinä", "consent", "1")
	r := h.post(asStranger, "/cmadfi/2028/register", v)
	if r.status != http.StatusServiceUnavailable || r.header.Get("Retry-After") == "" || !strings.Contains(r.body, h.Words.T(text.Finnish, "fail.busy")) {
		t.Errorf("status %d, Retry-After %q", r.status, r.header.Get("Retry-After"))
	}
	for _, kept := range []string{`value="Eka Henkilö"`, "pähkinä</textarea>", `name="key" value="` + v.Get("key") + `"`} {
		if !strings.Contains(r.body, kept) {
			t.Errorf("%s is lost", kept)
		}
	}
	close(release)
	h.must(<-done)
	h.shows(h.register("2028", v), "onsite confirmed", "ticket.confirmed")
	if n := h.count("SELECT count(*) FROM registration"); n != 1 {
		t.Errorf("%d registrations", n)
	}
}

// TestForgedTickets: only the token itself opens a ticket.
func TestForgedTickets(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	h.newEdition("2028", seats(5), nil)
	a, b := h.register("2028", person("Eka Henkilö", "onsite")), h.register("2028", person("Toka Henkilö", "onsite"))
	before := h.dump()
	half := len("/ticket/") + 21
	for _, forged := range []string{a[:half] + b[half:], b[:half] + a[half:], a[:len(a)-2] + "AA", a + "A", a[:len(a)-1], "/ticket/x", "/ticket/" + strings.Repeat("A", 43), strings.ToLower(a)} {
		for _, part := range []string{"", "/state", "/details", "/hand-over", "/workshops", "/people", "/ticket.ics", "/certificate.pdf"} {
			if r := h.get(asStranger, forged+part); r.status != http.StatusNotFound || strings.Contains(r.body, "Henkilö") {
				t.Errorf("%s%s: status %d", forged, part, r.status)
			}
		}
		for _, act := range []string{"/accept", "/decline", "/coming", "/cancel", "/switch", "/details", "/hand-over", "/workshops", "/people"} {
			if r := h.post(asStranger, forged+act, url.Values{"place": {"remote"}}); r.status != http.StatusNotFound {
				t.Errorf("%s%s: status %d", forged, act, r.status)
			}
		}
	}
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("%s changed", diff)
	}
	// A ticket that changed hands has a new token; the old one ends, and says no
	// more than that. Of somebody erased not even that is told.
	_, err := h.DB.Write.NewRaw("UPDATE registration SET version = version + 2 WHERE name = 'Eka Henkilö'").Exec(t.Context())
	h.must(err)
	if r := h.get(asStranger, a); r.status != http.StatusGone || strings.Contains(r.body, "Henkilö") {
		t.Errorf("the old token: status %d", r.status)
	}
	_, err = h.DB.Write.NewRaw("UPDATE registration SET email = '' WHERE name = 'Eka Henkilö'").Exec(t.Context())
	h.must(err)
	if r := h.get(asStranger, a); r.status != http.StatusNotFound {
		t.Errorf("an erased one's token: status %d", r.status)
	}
	h.page(asStranger, b)
}

// TestTicketCalendar is an entry that calendars take, and cancels itself.
func TestTicketCalendar(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	e := h.newEdition("2028", seats(5), nil)
	ticket := h.register("2028", person("Eka Henkilö", "onsite"))
	r := h.get(asStranger, ticket+"/ticket.ics")
	if r.status != http.StatusOK || r.header.Get("Content-Type") != "text/calendar; charset=utf-8" || r.header.Get("Content-Disposition") != `attachment; filename="`+e.Acronym()+`.ics"` {
		t.Errorf("status %d as %q, %q", r.status, r.header.Get("Content-Type"), r.header.Get("Content-Disposition"))
	}
	lines := icsLines(t, r.body)
	for name, want := range map[string]string{"SUMMARY": "Päivä 2028", "LOCATION": `Talo\, Oulu`, "STATUS": "CONFIRMED", "URL": siteBase + ticket, "VERSION": "2.0",
		"DTSTART;TZID=Europe/Helsinki": e.Local(e.StartsAt).Format("20060102T150405"), "DTEND;TZID=Europe/Helsinki": e.Local(e.EndsAt).Format("20060102T150405")} {
		if got := lines[name]; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	uid := lines["UID"]
	h.post(asStranger, ticket+"/cancel", nil)
	lines = icsLines(t, h.page(asStranger, ticket+"/ticket.ics"))
	if lines["STATUS"] != "CANCELLED" || lines["UID"] != uid || uid == "" {
		t.Errorf("cancelled: status %s, UID %s, before %s", lines["STATUS"], lines["UID"], uid)
	}
}

// icsLines unfolds a calendar (RFC 5545, 3.1) into its lines by name; of those
// that come several times the last of the event counts.
func icsLines(t *testing.T, body string) map[string]string {
	t.Helper()
	for _, line := range strings.SplitAfter(body, "\r\n") {
		if len(line) > 77 || strings.Contains(strings.TrimSuffix(line, "\r\n"), "\n") {
			t.Errorf("a line of %d octets or with a bare line end: %q", len(line), line)
		}
	}
	_, event, ok := strings.Cut(strings.ReplaceAll(body, "\r\n ", ""), "BEGIN:VEVENT\r\n")
	if !ok || !strings.HasPrefix(body, "BEGIN:VCALENDAR\r\n") || !strings.HasSuffix(body, "END:VCALENDAR\r\n") {
		t.Fatalf("no calendar: %.200s", body)
	}
	lines := map[string]string{"VERSION": between(body, "VERSION:", "\r\n", "")}
	for _, line := range strings.Split(event, "\r\n") {
		name, value, _ := strings.Cut(line, ":")
		if base, params, has := strings.Cut(name, ";"); has && !strings.HasPrefix(params, "TZID") {
			name = base
		}
		lines[name] = value
	}
	return lines
}
