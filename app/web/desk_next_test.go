package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/text"
)

// planForm is the form of the next edition as the page shows it: every field with
// its value, every box that is ticked.
func (h *webHouse) planForm(who, path string) url.Values {
	h.t.Helper()
	values := url.Values{}
	for _, g := range tagsOf(h.page(who, path)) {
		name, value := g.attrs["name"], g.attrs["value"]
		_, ticked := g.attrs["checked"]
		if g.name != "input" || name == "" || g.attrs["type"] == "checkbox" && !ticked {
			continue
		}
		values.Add(name, value)
	}
	return values
}

// summary are the problems a page lists at its top, as words.
func summary(body string) []string {
	_, list, _ := strings.Cut(body, `class="error-summary"`)
	list, _, _ = strings.Cut(list, "</ul>")
	var found []string
	for _, m := range regexp.MustCompile(`<li>(?:<a[^>]*>)?([^<]*)`).FindAllStringSubmatch(list, -1) {
		found = append(found, m[1])
	}
	return found
}

// The demo's next year: one press opens the proposal, one makes it, and its desk
// tells what came along and what is left.
func TestPlanTheNextEdition(t *testing.T) {
	h := demoHouse(t)
	if body := h.page(asOrganiser, "/desk"); !strings.Contains(body, `href="/desk/cmadfi/new/2027"`) {
		t.Error("the desk does not lead to the plan")
	}
	if body := h.page(asOrganiser, "/desk/cmadfi/2016"); !strings.Contains(body, `href="/desk/cmadfi/new/2016"`) {
		t.Error("an edition's desk does not lead to the plan")
	}
	path := "/desk/cmadfi/new/2027"
	body := h.page(asOrganiser, path)
	if want := "Ehdotus on maanantaina 24.1.2028. Aina tammikuun neljäs maanantai."; !strings.Contains(textOf(body), want) {
		t.Errorf("no %q", want)
	}
	form := h.planForm(asOrganiser, path)
	for name, want := range map[string]string{"starts_at": "2028-01-24T09:00", "ends_at": "2028-01-24T17:00", "opens_at": "2027-10-25T09:00", "closes_at": "2028-01-17T23:59",
		"slug": "2028", "title_fi": "CMADFI 2028", "title_sv": "CMADFI 2028", "city_fi": "", "venue_fi": "", "zone": "Europe/Helsinki", "capacity_onsite": "300", "capacity_remote": ""} {
		if got := form.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if got := form["texts"]; !slices.Equal(got, []string{"safer_space", "contact"}) {
		t.Errorf("texts ticked: %v", got)
	}
	parts := []string{"form", "rules", "tracks", "skeleton", "workshops", "team"}
	if h.count("SELECT count(*) FROM call") > 0 {
		parts = slices.Insert(parts, 5, "call")
	}
	if got := form["parts"]; !slices.Equal(got, parts) {
		t.Errorf("parts ticked: %v", got)
	}
	form.Set("city_fi", "Turku")
	before := h.dump()
	a := h.post(asOrganiser, path, form)
	if a.status != http.StatusSeeOther || a.location() != "/desk/cmadfi/2028" {
		t.Fatalf("status %d to %q: %v", a.status, a.location(), summary(a.body))
	}
	if diff := differing(before, h.dump()); strings.Replace(diff, "call, ", "", 1) != "audit, edition, idempotency, place, registration_setup, role, session, slot, track, workshop" {
		t.Errorf("it wrote %s", diff)
	}
	again := h.post(asOrganiser, path, form)
	if again.status != http.StatusSeeOther || again.location() != "/desk/cmadfi/2028" || h.count("SELECT count(*) FROM edition WHERE slug = '2028'") != 1 {
		t.Errorf("the same form again: %d %q", again.status, again.location())
	}
	form.Set("slug", "2028-b")
	if a := h.post(asOrganiser, path, form); a.status != http.StatusConflict || !strings.Contains(textOf(a.body), "/cmadfi/2028") {
		t.Errorf("the same form with another address: %d", a.status)
	}
	h.desk2028()
}

// desk2028 looks at the new edition's list of what is left.
func (h *webHouse) desk2028() {
	h.t.Helper()
	body := h.page(asOrganiser, "/desk/cmadfi/2028")
	var items []string
	for _, li := range strings.Split(body, `<li class="ready-item`)[1:] {
		li, _, _ = strings.Cut(li, "</li>")
		items = append(items, strings.Join(strings.Fields(textOf("<i"+strings.ReplaceAll(li, "<", " <"))), " "))
	}
	want := []string{
		"Päivä maanantaina 24.1.2028, sarjan säännön mukaan. Kunnossa Avaa Päivä",
		"Tapahtumapaikka Turku Tekemättä Avaa Tapahtumapaikka",
		"Käytännön tiedot 2 aihetta 8 aiheesta on kirjoitettu. Tekemättä Avaa Käytännön tiedot",
		"Paikat 300 paikkaa salissa. Kunnossa Avaa Paikat",
		"Salit Saleja ei ole vielä. Tekemättä Avaa Salit",
		"Ohjelma 20 kohtaa on vielä ilman puhujaa. Tekemättä Avaa Ohjelma",
		"Ilmoittautuminen Avautuu 25.10.2027 klo 9.00. Kunnossa Avaa Ilmoittautuminen",
		fmt.Sprintf("Tekijät %d tekijää. Kunnossa Avaa Tekijät", h.count("SELECT count(DISTINCT person_id) FROM role WHERE scope = ?", account.OfEdition(h.find("2028").ID))),
	}
	items = slices.DeleteFunc(items, func(s string) bool { return strings.HasPrefix(s, "Puhujahaku ") }) // when the demo has one
	if !slices.Equal(items, want) {
		h.t.Errorf("the list:\n%s\nwant\n%s", strings.Join(items, "\n"), strings.Join(want, "\n"))
	}
	// 2027 needs nothing more, and does not say so.
	if strings.Contains(h.page(asOrganiser, "/desk/cmadfi/2027"), "ready-item") {
		h.t.Error("2027 has a list")
	}
	if came := between(body, `<ul class="next-notes">`, "</ul>", ""); strings.Count(came, "<li>") != 7+int(h.count("SELECT count(*) FROM call")/2) {
		h.t.Errorf("came along: %s", came)
	}
}

// What is wrong stands beside its field, with everything typed, and nothing is made.
func TestPlanRefused(t *testing.T) {
	h := demoHouse(t)
	path := "/desk/cmadfi/new/2016"
	for name, c := range map[string]struct {
		set  map[string]string
		want []string
	}{
		"taken":    {map[string]string{"slug": "2027"}, []string{"Tämä osoite on jo käytössä. Valitse toinen."}},
		"past":     {map[string]string{"starts_at": "2026-01-05T09:00", "ends_at": "2026-01-05T17:00", "opens_at": "2025-01-05T09:00", "closes_at": "2026-01-05T09:00"}, []string{"Päivä on jo mennyt. Valitse tuleva päivä.", "Ilmoittautuminen olisi päättynyt jo. Valitse tuleva aika."}},
		"same day": {map[string]string{"starts_at": "2027-01-25T10:00", "ends_at": "2027-01-25T12:00", "opens_at": "2026-12-01T09:00", "closes_at": "2027-01-20T09:00"}, []string{"Sarjalla on jo päivä samaan aikaan: 2027. Valitse toinen aika."}},
		"skipped":  {map[string]string{"opens_at": "2028-03-26T03:30", "starts_at": "2028-05-05T09:00", "ends_at": "2028-05-05T17:00", "closes_at": "2028-05-01T09:00"}, []string{"Ilmoittautuminen avautuu – Anna päivä ja kellonaika."}},
		"no end":   {map[string]string{"ends_at": ""}, []string{"Päättyy – Anna päivä ja kellonaika."}},
		"a number": {map[string]string{"capacity_onsite": "monta"}, []string{"Paikkoja salissa – Kirjoita tähän kokonaisluku, esimerkiksi 300."}},
	} {
		form := h.planForm(asOrganiser, path)
		form.Set("city_fi", "Uusikaupunki")
		for field, value := range c.set {
			form.Set(field, value)
			form.Del(field + "_was")
		}
		before := h.dump()
		a := h.post(asOrganiser, path, form)
		if got := summary(a.body); a.status != http.StatusUnprocessableEntity || !slices.Equal(got, c.want) {
			t.Errorf("%s: %d %q, want %q", name, a.status, got, c.want)
		}
		if !strings.Contains(a.body, `value="Uusikaupunki"`) || !strings.Contains(a.body, `value="`+form.Get("key")+`"`) {
			t.Errorf("%s: what was typed is lost", name)
		}
		if diff := differing(before, h.dump()); diff != "" {
			t.Errorf("%s changed %s", name, diff)
		}
	}
}

// Who organises one edition alone does not make others; who organises another
// series reaches nothing of this one.
func TestWhoMayPlan(t *testing.T) {
	h := demoHouse(t)
	e := h.find("2027")
	token, person, err := h.Accounts.MakeLink(t.Context(), account.Invite{Email: "yksi@agora.test", Name: "Yksi", Language: text.Finnish, Life: time.Hour})
	h.must(err)
	login, err := h.Accounts.Redeem(t.Context(), token, "test")
	h.must(err)
	h.logins["one"] = login.Token
	h.must(h.DB.Tx(t.Context(), func(ctx context.Context, tx bun.Tx) error {
		return h.Accounts.Grant(ctx, tx, "", person.ID, account.OfEdition(e.ID), account.Organiser)
	}))
	if a := h.get("one", "/desk/cmadfi/new/2027"); a.status != http.StatusForbidden {
		t.Errorf("one edition's organiser: %d", a.status)
	}
	if body := h.page("one", "/desk/cmadfi/2027"); strings.Contains(body, "/desk/cmadfi/new") {
		t.Error("the link is shown to who may not")
	}
	if a := h.get(asOtherOrganiser, "/desk/toinen/new/2016"); a.status != http.StatusNotFound {
		t.Errorf("another series' edition: %d", a.status)
	}
	if a := h.get(asOtherOrganiser, "/desk/cmadfi/new/2016"); a.status != http.StatusForbidden {
		t.Errorf("another series: %d", a.status)
	}
}

// A series whose opening falls into the night when the clocks go forward: the
// page says so, and what it proposes can be sent as it is.
func TestPlanInTheNightOfTheClocks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d)
		at := clockAt
		h.at(at("2027-05-01 10:00"))
		h.makeOwner()
		e := h.newEdition("2027", seats(10), nil, func(in *edition.Input) {
			in.StartsAt, in.EndsAt, in.OpensAt, in.ClosesAt = at("2027-04-25 09:00"), at("2027-04-25 17:00"), at("2027-03-26 03:30"), at("2027-04-24 23:59")
		})
		path := "/desk/cmadfi/new/" + e.Slug
		if words := textOf(h.page(asOwner, path)); !strings.Contains(words, "Kelloja siirretään sinä yönä eteenpäin") || !strings.Contains(words, "Sarjalla ei ole sääntöä päivälle") {
			t.Error("the page says nothing of the night or the rule")
		}
		form := h.planForm(asOwner, path)
		if got := form.Get("opens_at"); got != "2028-03-26T04:30" {
			t.Error(got)
		}
		if a := h.post(asOwner, path, form); a.location() != "/desk/cmadfi/2028" {
			t.Fatalf("%d %v", a.status, summary(a.body))
		}
		made := h.find("2028")
		if got := fmt.Sprint(made.OpensAt.UTC(), made.StartsAt.UTC()); got != "2028-03-26 01:30:00 +0000 UTC 2028-04-25 06:00:00 +0000 UTC" {
			t.Error(got)
		}
	})
}
