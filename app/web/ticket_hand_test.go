package web

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/registration"
	"agora/app/registration/form"
	"agora/app/text"
)

// ticketForm gives an edition questions of its own.
func (h *webHouse) ticketForm(slug string) {
	h.t.Helper()
	say := func(s string) text.Texts { return text.Texts{text.Finnish: s} }
	f := form.Form{Fields: []form.Field{
		{Key: "tulo", Kind: form.Choice, Label: say("Millä tulet?"), Purpose: say("Pysäköintiin."), KeepDays: 7, Required: true,
			Options: []form.Option{{Key: "juna", Label: say("Junalla")}, {Key: "auto", Label: say("Autolla")}}},
		{Key: "rekisteri", Kind: form.Text, Label: say("Rekisterinumero"), Purpose: say("Pysäköintiin."), KeepDays: 7, When: &form.Condition{Field: "tulo", Value: "auto"}},
		{Key: "aiheet", Kind: form.Several, Label: say("Mistä puhutaan?"), Purpose: say("Pöytiin."), KeepDays: 0,
			Options: []form.Option{{Key: "some", Label: say("Somesta")}, {Key: "rekry", Label: say("Rekrystä")}}},
		{Key: "kerrat", Kind: form.Number, Label: say("Monesko kerta?"), Purpose: say("Tilastoon."), KeepDays: 30},
		{Key: "juhla", Kind: form.YesNo, Label: say("Tuletko juhlaan?"), Purpose: say("Ruokiin."), KeepDays: 1},
		{Key: "allergia", Kind: form.Text, Label: say("Allergiat"), Purpose: say("Keittiölle."), KeepDays: 7, Special: true},
	}}
	h.must(f.Problems())
	setup, err := h.Registrations.Setup(h.t.Context(), h.find(slug).ID)
	h.must(err)
	h.must(h.Registrations.SaveForm(h.t.Context(), h.find(slug), "", f, setup.Version))
}

func (h *webHouse) regOf(ticket string) registration.Registration {
	h.t.Helper()
	r, err := h.Registrations.ByToken(h.t.Context(), strings.TrimPrefix(ticket, "/ticket/"))
	h.must(err)
	return r
}

// filled is what a browser would send back of a page's form: every control with
// its value.
func filled(body string) url.Values {
	v := url.Values{}
	for _, g := range tagsOf(body) {
		_, checked := g.attrs["checked"]
		kind := g.attrs["type"]
		if g.name == "input" && g.attrs["name"] != "" && (kind != "radio" && kind != "checkbox" || checked) {
			v.Add(g.attrs["name"], html.UnescapeString(g.attrs["value"]))
		}
	}
	return v
}

// TestTicketDetails: what a person said of themselves is shown, corrected and
// refused beside its field; a page sent back untouched changes nothing.
func TestTicketDetails(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d)
		h.newEdition("2028", seats(5), nil)
		ticket := h.register("2028", person("Eka Henkilö", "onsite"))
		other := h.register("2028", person("Toka Henkilö", "onsite"))
		h.ticketForm("2028")
		if body := h.says(ticket, "ticket.confirmed"); !strings.Contains(body, h.said("ticket.unanswered")) {
			t.Error("nobody is told of the questions that came later")
		}
		h.says(ticket+"/details", "ticket.details_title")
		wrong := url.Values{"name": {" "}, "organisation": {strings.Repeat("ö", 121)}, "photo": {"maybe"}, "language": {"fi"}, "needs": {"<b>vegaani</b>"},
			"answers.tulo": {"lentäen"}, "answers.aiheet": {"some", "muu"}, "answers.kerrat": {"monta"}, "answers.allergia": {"pähkinä"}}
		before := h.dump()
		r := h.post(asStranger, ticket+"/details", wrong)
		if r.status != http.StatusUnprocessableEntity {
			t.Errorf("status %d", r.status)
		}
		for name, key := range map[string]string{"name": "field.required", "organisation": "field.long", "photo": "registration.photo_unknown", "consent": "registration.consent_missing",
			"answers.tulo": "form.option_unknown", "answers.aiheet": "form.option_unknown", "answers.kerrat": "field.number"} {
			if got := errorsBeside(r.body, name); name != "consent" && (len(got) != 1 || got[0] != h.said(key, "max", 120)) {
				t.Errorf("%s: %q, want that of %s", name, got, key)
			}
		}
		if !strings.Contains(r.body, "&lt;b&gt;vegaani&lt;/b&gt;") || !strings.Contains(r.body, `value="pähkinä"`) {
			t.Error("what was typed is lost")
		}
		if diff := differing(before, h.dump()); diff != "" {
			t.Errorf("%s changed", diff)
		}
		right := url.Values{"name": {"Eka Uusi"}, "organisation": {"Oy"}, "photo": {"no"}, "language": {"sv"}, "needs": {"vegaani"}, "consent": {"1"},
			"answers.tulo": {"auto"}, "answers.rekisteri": {"ABC-1"}, "answers.aiheet": {"some", "rekry"}, "answers.kerrat": {"3"}, "answers.juhla": {"no"}, "answers.allergia": {"pähkinä"}}
		want := "Eka Uusi|Oy|no|sv|vegaani|map[aiheet:[some rekry] allergia:pähkinä juhla:false kerrat:3 rekisteri:ABC-1 tulo:auto]|true"
		h.leads(h.post(asStranger, ticket+"/details", right), ticket)
		h.detailsAre(ticket, want)
		again := filled(h.page(asStranger, ticket+"/details"))
		again.Set("language", "sv")
		again.Set("needs", "vegaani")
		h.leads(h.post(asStranger, ticket+"/details", again), ticket)
		h.detailsAre(ticket, want)
		// What is not shown is dropped, and a consent taken back takes along what it was for.
		right.Set("answers.tulo", "juna")
		right.Del("consent")
		if r := h.post(asStranger, ticket+"/details", right); r.status != http.StatusUnprocessableEntity {
			t.Errorf("without consent: status %d", r.status)
		}
		right.Del("needs")
		right.Del("answers.allergia")
		h.leads(h.post(asStranger, ticket+"/details", right), ticket)
		h.detailsAre(ticket, "Eka Uusi|Oy|no|sv||map[aiheet:[some rekry] juhla:false kerrat:3 tulo:juna]|false")
		h.detailsAre(other, "Toka Henkilö||ask|fi||map[]|false")
		if strings.Contains(h.says(ticket, "ticket.confirmed"), h.said("ticket.unanswered")) {
			t.Error("what was answered is asked again")
		}
		h.leads(h.post(asStranger, ticket+"/cancel", nil), ticket)
		h.refusedWith(h.get(asStranger, ticket+"/details"), h.said("registration.is_cancelled"))
		h.refusedWith(h.post(asStranger, ticket+"/details", right), h.said("registration.is_cancelled"))
	})
}

func (h *webHouse) detailsAre(ticket, want string) {
	h.t.Helper()
	r := h.regOf(ticket)
	if got := fmt.Sprint(r.Name, "|", r.Organisation, "|", r.Photo, "|", r.Language, "|", r.Needs, "|", map[string]any(r.Answers), "|", r.ConsentAt != nil); got != want {
		h.t.Errorf("it is\n%s, want\n%s", got, want)
	}
}

// TestTicketHandOver: the place goes to a colleague, the old ticket says so and
// opens nothing, and nothing of the old holder goes along.
func TestTicketHandOver(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d)
		h.newEdition("2028", seats(2), nil)
		old := h.register("2028", person("Antaja Vanha", "onsite", "needs", "vegaani", "consent", "1"))
		other := h.register("2028", person("Muu Henkilö", "onsite"))
		waiting := h.register("2028", person("Jono Henkilö", "onsite"))
		id, code := h.regOf(old).ID, h.regOf(old).Code
		heir := func(name, email string) url.Values {
			return url.Values{"name": {name}, "email": {email}, "organisation": {"Oy"}, "language": {"sv"}}
		}
		h.says(old+"/hand-over", "ticket.hand_title")
		before := h.dump()
		for field, c := range map[string]struct {
			values url.Values
			key    string
		}{
			"name": {heir(" ", "uusi@agora.test"), "field.required"}, "email": {heir("Uusi", "antaja.vanha@agora.test"), "registration.hand_self"},
		} {
			r := h.post(asStranger, old+"/hand-over", c.values)
			if got := errorsBeside(r.body, field); r.status != http.StatusUnprocessableEntity || len(got) != 1 || got[0] != h.said(c.key) {
				t.Errorf("status %d, %s: %q", r.status, field, got)
			}
		}
		r := h.post(asStranger, old+"/hand-over", heir("Muu", "muu.henkilö@agora.test"))
		if got := errorsBeside(r.body, "email"); r.status != http.StatusUnprocessableEntity || len(got) != 1 {
			t.Errorf("who is registered already: status %d, %q", r.status, got)
		}
		h.refusedWith(h.get(asStranger, waiting+"/hand-over"), h.said("registration.hand_confirmed"))
		h.refusedWith(h.post(asStranger, waiting+"/hand-over", heir("Uusi", "uusi@agora.test")), h.said("registration.hand_confirmed"))
		if diff := differing(before, h.dump()); diff != "" {
			t.Errorf("%s changed", diff)
		}
		for range 2 { // pressed twice
			h.leads(h.post(asStranger, old+"/hand-over", heir("Saaja Uusi", "saaja@agora.test")), old)
		}
		r = h.get(asStranger, old)
		if got := headings(r.body, "h1"); r.status != http.StatusGone || len(got) != 1 || got[0] != h.said("ticket.handed") || strings.Contains(r.body, "Saaja") || strings.Contains(r.body, "Antaja") || buttons(r.body, old) != "" {
			t.Errorf("the old ticket: status %d, %q", r.status, got)
		}
		for _, part := range []string{"/state", "/details", "/hand-over", "/workshops", "/people", "/ticket.ics", "/certificate.pdf"} {
			if r := h.get(asStranger, old+part); r.status != http.StatusGone || strings.Contains(r.body, "Saaja") {
				t.Errorf("%s of the old ticket: status %d", part, r.status)
			}
		}
		before = h.dump()
		for _, act := range []string{"/accept", "/decline", "/coming", "/cancel", "/switch", "/hand-over"} {
			h.leads(h.post(asStranger, old+act, heir("Kolmas", "kolmas@agora.test")), old)
		}
		for _, act := range []string{"/details", "/workshops", "/people"} {
			if r := h.post(asStranger, old+act, url.Values{"name": {"Väärä"}, "wish": {"1"}}); r.status != http.StatusGone {
				t.Errorf("%s of the old ticket: status %d", act, r.status)
			}
		}
		if diff := differing(before, h.dump()); diff != "" {
			t.Errorf("the old ticket changed %s", diff)
		}
		var now registration.Registration
		h.must(h.DB.Read.NewSelect().Model(&now).Where("id = ?", id).Scan(t.Context()))
		fresh := "/ticket/" + h.Registrations.Token(now)
		if got := fmt.Sprint(now.Name, now.Needs, now.Organisation, now.Language, now.State); got != "Saaja UusiOysvconfirmed" || now.Code == code {
			t.Errorf("the new holder is %s", got)
		}
		h.says(fresh, "ticket.confirmed")
		h.says(other, "ticket.confirmed")
		h.letters("Antaja Vanha", "registration_confirmed", "handed_over")
		h.letters("Saaja Uusi", "handed_to")
		h.countsAreRows("2028", "onsite 2/2 waiting 1, remote 0 waiting 0")
	})
}
