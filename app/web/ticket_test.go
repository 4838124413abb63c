package web

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/registration"
	"agora/app/text"
)

// says compares the heading of a ticket's page, and looks it over.
func (h *webHouse) says(ticket, key string) string {
	h.t.Helper()
	body := h.page(asStranger, ticket)
	if got, want := headings(body, "h1"), h.Words.T(text.Finnish, key); len(got) != 1 || got[0] != want {
		h.t.Errorf("the heading is %q, want %q", got, want)
	}
	for _, f := range pageFaults(body, "fi") {
		h.t.Error(ticket, f)
	}
	return body
}

// buttons are where the forms of a page lead, without its own address.
func buttons(body, ticket string) string {
	var list []string
	for _, g := range tagsOf(body) {
		if g.name == "form" && strings.HasPrefix(g.attrs["action"], ticket) {
			list = append(list, strings.TrimPrefix(g.attrs["action"], ticket))
		}
	}
	return strings.Join(list, " ")
}

// rules changes how an edition takes registrations.
func (h *webHouse) rules(slug string, change func(*registration.Rules)) {
	h.t.Helper()
	setup, err := h.Registrations.Setup(h.t.Context(), h.find(slug).ID)
	h.must(err)
	change(&setup.Rules)
	h.must(h.Registrations.SaveRules(h.t.Context(), h.find(slug), "", setup.Rules, setup.Version))
}

// refusedWith expects an act that is refused in words, on the ticket itself.
func (h *webHouse) refusedWith(r reply, want string) {
	h.t.Helper()
	if r.status != http.StatusConflict || !strings.Contains(html.UnescapeString(r.body), want) || len(headings(r.body, "h1")) != 1 {
		h.t.Errorf("status %d without %q\n%.200s", r.status, want, textOf(between(r.body, `<main`, "</main>", "<")))
	}
}

func (h *webHouse) said(key string, args ...any) string { return h.Words.T(text.Finnish, key, args...) }

// TestTicketLine: who waits sees where they stand and how it has moved, and an
// open page can ask for it.
func TestTicketLine(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d)
		h.newEdition("2028", seats(1), nil)
		eka := h.register("2028", person("Eka Henkilö", "onsite"))
		toka, kolmas := h.register("2028", person("Toka Henkilö", "onsite")), h.register("2028", person("Kolmas Henkilö", "onsite", "meanwhile", "1"))
		body := h.says(kolmas, "ticket.waiting")
		for _, want := range []string{`<p class="place-number">2</p>`, h.said("ticket.not_moved"), h.said("ticket.meanwhile"), `data-state="` + kolmas + `/state"`, "/js/ticket.js"} {
			if !strings.Contains(body, want) {
				t.Errorf("without %s", want)
			}
		}
		h.state(kolmas, `{"view":"waiting","place":"onsite","meanwhile":true,"position":2,"joined":2,"offer_until":null,"mark":"waiting-onsite-true-0"}`)
		h.leads(h.post(asStranger, toka+"/cancel", nil), toka)
		body = h.says(kolmas, "ticket.waiting")
		if want := h.said("ticket.moved", "joined", int64(2), "position", int64(1)); !strings.Contains(body, want) || !strings.Contains(body, `<p class="place-number">1</p>`) {
			t.Errorf("without %q", want)
		}
		h.state(kolmas, `{"view":"waiting","place":"onsite","meanwhile":true,"position":1,"joined":2,"offer_until":null,"mark":"waiting-onsite-true-0"}`)
		h.leads(h.post(asStranger, eka+"/cancel", nil), eka)
		body = h.says(kolmas, "ticket.confirmed")
		if strings.Contains(body, "/js/ticket.js") || strings.Contains(body, "data-state=") {
			t.Error("a settled ticket goes on asking")
		}
		h.state(kolmas, `{"view":"confirmed","place":"onsite","meanwhile":false,"position":0,"joined":0,"offer_until":null,"mark":"confirmed-onsite-false-0"}`)
		if body = h.says(eka, "ticket.cancelled"); buttons(body, eka) != "" || strings.Contains(body, `class="qr"`) || !strings.Contains(body, `href="/cmadfi/2028/register"`) {
			t.Error("a cancelled ticket offers the wrong things")
		}
		h.at(h.find("2028").ClosesAt)
		if body = h.says(eka, "ticket.cancelled"); strings.Contains(body, `href="/cmadfi/2028/register"`) {
			t.Error("it leads to a closed registration")
		}
	})
}

// state compares the whole answer: nothing else may be in it, and nobody keeps it.
func (h *webHouse) state(ticket, want string) {
	h.t.Helper()
	r := h.get(asStranger, ticket+"/state")
	if r.status != http.StatusOK || r.body != want || r.header.Get("Cache-Control") != "private, no-store" || !strings.HasPrefix(r.header.Get("Content-Type"), "application/json") {
		h.t.Errorf("status %d, %s\n%s\nwant\n%s", r.status, r.header.Get("Cache-Control"), r.body, want)
	}
}

// TestTicketOffer: a seat offered is taken, declined, or gone, each told in words.
func TestTicketOffer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d)
		h.newEdition("2028", seats(1), nil)
		h.rules("2028", func(r *registration.Rules) { r.Promotion = registration.ByOffer })
		eka := h.register("2028", person("Eka Henkilö", "onsite"))
		var line []string
		for _, name := range []string{"Toka", "Kolmas", "Neljäs", "Viides"} {
			line = append(line, h.register("2028", person(name+" Henkilö", "onsite", "meanwhile", map[bool]string{true: "1"}[name == "Kolmas"])))
		}
		h.refusedWith(h.post(asStranger, line[0]+"/accept", nil), h.said("registration.no_offer"))
		h.leads(h.post(asStranger, eka+"/cancel", nil), eka)
		body := h.says(line[0], "ticket.offered")
		until := h.untilOf(line[0])
		when := text.Weekday(text.Finnish, until) + " " + text.DateTime(text.Finnish, until)
		for _, want := range []string{h.said("ticket.answer_by", "when", when), h.said("ticket.decline_ends"), h.said("programme.zone_finland"), "/js/countdown.js", "/js/ticket.js"} {
			if !strings.Contains(html.UnescapeString(body), want) {
				t.Errorf("without %q", want)
			}
		}
		if got := buttons(body, line[0]); got != "/accept /decline" || strings.Contains(body, `class="qr"`) {
			t.Errorf("the offer has the buttons %q", got)
		}
		var state struct{ OfferUntil time.Time }
		var raw map[string]any
		h.must(json.Unmarshal([]byte(h.get(asStranger, line[0]+"/state").body), &raw))
		if state.OfferUntil, _ = time.Parse(time.RFC3339, fmt.Sprint(raw["offer_until"])); !state.OfferUntil.Equal(until) || raw["view"] != "offered" {
			t.Errorf("the state is %v", raw)
		}
		h.leads(h.post(asStranger, line[0]+"/decline", nil), line[0])
		h.says(line[0], "ticket.cancelled")
		if body = h.says(line[1], "ticket.offered"); !strings.Contains(body, h.said("ticket.decline_keeps")) {
			t.Error("who holds a remote place is told it ends")
		}
		h.leads(h.post(asStranger, line[1]+"/decline", nil), line[1])
		h.says(line[1], "ticket.confirmed_remote")

		// Too late: told on the page, before and after the seat has gone on.
		h.at(h.untilOf(line[2]))
		if body = h.says(line[2], "ticket.lapsed"); buttons(body, line[2]) != "" {
			t.Error("a lapsed offer has buttons")
		}
		h.refusedWith(h.post(asStranger, line[2]+"/accept", nil), h.said("registration.offer_over"))
		h.must(h.Registrations.LapseOffers(t.Context()))
		h.refusedWith(h.post(asStranger, line[2]+"/accept", nil), h.said("registration.no_offer"))
		h.says(line[2], "ticket.cancelled")
		for range 2 { // pressed twice
			h.leads(h.post(asStranger, line[3]+"/accept", nil), line[3])
		}
		h.says(line[3], "ticket.confirmed")
		h.refusedWith(h.post(asStranger, line[3]+"/decline", nil), h.said("registration.no_offer"))
		h.countsAreRows("2028", "onsite 1/1 waiting 0, remote 1 waiting 0")
	})
}

func (h *webHouse) untilOf(ticket string) time.Time {
	h.t.Helper()
	r, err := h.Registrations.ByToken(h.t.Context(), strings.TrimPrefix(ticket, "/ticket/"))
	h.must(err)
	if r.OfferUntil == nil {
		h.t.Fatal("there is no offer: ", r.State)
	}
	return h.find("2028").Local(*r.OfferUntil)
}

// TestTicketComing: the question of the week before is answered with one press
// and can be answered anew.
func TestTicketComing(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	e := h.newEdition("2028", seats(5), nil)
	eka, toka, etä := h.register("2028", person("Eka Henkilö", "onsite")), h.register("2028", person("Toka Henkilö", "onsite")), h.register("2028", person("Etä Henkilö", "remote"))
	if got := buttons(h.says(eka, "ticket.confirmed"), eka); got != "/switch /cancel" {
		t.Errorf("unasked it has %q", got)
	}
	h.at(e.StartsAt.AddDate(0, 0, -7).Add(time.Hour))
	h.must(h.Messages.Ask(t.Context()))
	if got := buttons(h.says(eka, "ticket.confirmed"), eka); got != "/coming /switch /cancel /switch /cancel" {
		t.Errorf("asked it has %q", got)
	}
	for range 2 {
		h.leads(h.post(asStranger, eka+"/coming", nil), eka)
	}
	body := h.says(eka, "ticket.confirmed")
	if !strings.Contains(body, h.said("ticket.said_yes")) || strings.Contains(body, h.said("ticket.asked")) {
		t.Error("the answer is not noted")
	}
	h.refusedWith(h.post(asStranger, etä+"/coming", nil), h.said("ticket.no_seat"))
	h.leads(h.post(asStranger, eka+"/switch", url.Values{"place": {"remote"}}), eka)
	if body = h.says(eka, "ticket.confirmed_remote"); strings.Contains(body, h.said("ticket.said_yes")) || buttons(body, eka) != "/switch /cancel" {
		t.Error("who takes part remotely is told that they come")
	}
	h.leads(h.post(asStranger, toka+"/cancel", nil), toka)
	h.says(toka, "ticket.cancelled")
}

// TestTicketArrived: who is in the hall, or was, gives no place back.
func TestTicketArrived(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	e := h.newEdition("2028", seats(5), nil)
	eka, toka := h.register("2028", person("Eka Henkilö", "onsite")), h.register("2028", person("Toka Henkilö", "onsite"))
	r, err := h.Registrations.ByToken(t.Context(), strings.TrimPrefix(eka, "/ticket/"))
	h.must(err)
	_, _, err = h.Door.Arrive(t.Context(), e, "door", r)
	h.must(err)
	heir := url.Values{"name": {"Perijä"}, "email": {"perija@agora.test"}, "language": {"fi"}}
	before := h.dump()
	refusals := func(ticket, key string) {
		h.refusedWith(h.post(asStranger, ticket+"/cancel", nil), h.said(key))
		h.refusedWith(h.post(asStranger, ticket+"/switch", url.Values{"place": {"remote"}}), h.said(key))
		h.refusedWith(h.post(asStranger, ticket+"/hand-over", heir), h.said(key))
		h.refusedWith(h.get(asStranger, ticket+"/hand-over"), h.said(key))
	}
	refusals(eka, "ticket.is_arrived")
	if body := h.says(eka, "ticket.arrived"); buttons(body, eka) != "" || strings.Contains(body, "/hand-over") || strings.Contains(body, "/certificate.pdf") {
		t.Error("a ticket checked in offers the wrong things")
	}
	h.at(e.EndsAt)
	refusals(toka, "registration.is_over")
	h.refusedWith(h.post(asStranger, toka+"/coming", nil), h.said("registration.is_over"))
	h.refusedWith(h.post(asStranger, toka+"/details", url.Values{"name": {"Muu"}}), h.said("registration.is_over"))
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("%s changed", diff)
	}
	if body := h.says(toka, "ticket.past"); buttons(body, toka) != "" || strings.Contains(body, "/hand-over") || strings.Contains(body, "/certificate.pdf") || strings.Contains(body, toka+"/details") {
		t.Error("a ticket of a past day offers the wrong things")
	}
	if body := h.says(eka, "ticket.past"); !strings.Contains(body, eka+"/certificate.pdf") {
		t.Error("who was there finds no certificate")
	}
}

// TestTicketParty: who registered colleagues sees how each one stands; the
// colleagues do not. Those who wait for an organiser's word are told so.
func TestTicketParty(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	e := h.newEdition("2028", seats(2), nil)
	in := func(name string) registration.Input {
		return registration.Input{Name: name, Email: strings.ToLower(name) + "@agora.test", Place: registration.Onsite, Language: text.Finnish}
	}
	res, err := h.Registrations.RegisterParty(t.Context(), e, registration.Party{People: []registration.Input{in("Johto"), in("Apu"), in("Väki")}}, db.Key{})
	h.must(err)
	lead := "/ticket/" + h.Registrations.Token(res.Registration)
	var rows []string
	for _, row := range strings.Split(between(h.says(lead, "ticket.confirmed"), `<ul class="rows">`, "</ul>", ""), "</li>") {
		if row = strings.Join(strings.Fields(textOf(row)), " "); row != "" {
			rows = append(rows, row)
		}
	}
	if want := "[Johto (sinä)vahvistettu Paikan päällä Apuvahvistettu Paikan päällä Väkijonossa Paikan päällä]"; fmt.Sprint(rows) != want && strings.ReplaceAll(fmt.Sprint(rows), h.said("state.waiting"), "jonossa") != want {
		t.Errorf("the party is %v", rows)
	}
	party, err := h.Registrations.PartyOf(t.Context(), res.Registration)
	h.must(err)
	if body := h.says("/ticket/"+h.Registrations.Token(party[1]), "ticket.confirmed"); strings.Contains(body, "Johto") || strings.Contains(body, "Väki") {
		t.Error("a colleague sees the others")
	}
	h.rules("2028", func(r *registration.Rules) { r.Approval = true })
	asked := h.register("2028", person("Kysyjä Henkilö", "onsite"))
	if body := h.says(asked, "ticket.pending"); strings.Contains(body, "place-number") || buttons(body, asked) != "/switch /cancel" {
		t.Error("who waits for a decision is shown a line")
	}
	h.state(asked, `{"view":"pending","place":"onsite","meanwhile":false,"position":0,"joined":0,"offer_until":null,"mark":"pending-onsite-false-0"}`)
}
