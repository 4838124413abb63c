package web

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"agora/app/db/dbtest"
	"agora/app/text"
)

// ownerOf gives an otherwise empty site an owner.
func (h *webHouse) makeOwner() {
	h.t.Helper()
	token, _, err := h.Accounts.MakeLink(h.t.Context(), ownerInvite)
	h.must(err)
	login, err := h.Accounts.Redeem(h.t.Context(), token, "tests")
	h.must(err)
	h.logins[asOwner] = login.Token
}

// problemsOf are the messages beside the fields of a form, by field.
func (h *webHouse) problemsOf(body string) map[string]string {
	all := map[string]string{}
	for _, g := range tagsOf(body) {
		if name, ok := strings.CutSuffix(g.attrs["id"], "-error"); ok && g.name == "div" {
			all[name] = strings.Join(headings(between(body, `<div id="`+g.attrs["id"]+`">`, "</div>", ""), "span"), " | ")
		}
	}
	return all
}

func (h *webHouse) sameProblems(r reply, want map[string]string) {
	h.t.Helper()
	if got := h.problemsOf(r.body); r.status != http.StatusUnprocessableEntity || !maps.Equal(got, want) {
		h.t.Errorf("status %d, problems\n%s\nwant\n%s", r.status, lines(got), lines(want))
	}
}

func lines(m map[string]string) string {
	var list []string
	for k, v := range m {
		list = append(list, fmt.Sprintf("  %s: %s", k, v))
	}
	slices.Sort(list)
	return strings.Join(list, "\n")
}

// TestSeriesForm makes a series only when everything is right.
func TestSeriesForm(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	h.makeOwner()
	en := func(key string, args ...any) string { return h.Words.T(text.English, key, args...) }
	before := h.dump()
	wrong := url.Values{"slug": {"Not a Slug"}, "title_fi": {""}, "hashtag": {strings.Repeat("#", 121)}, "accent": {"red;}body{"}, "week": {"4"}, "day": {"9"}, "month": {"1"}, "about_sv": {"Om <oss> & er"}}
	r := h.post(asOwner, "/desk/new", wrong, "Accept-Language", "en")
	h.sameProblems(r, map[string]string{"slug": en("edition.slug_form"), "title_fi": en("field.required"), "hashtag": en("field.long", "max", 120),
		"accent": en("edition.accent_form"), "week": en("edition.rule_form")})
	for _, kept := range []string{`value="Not a Slug"`, "Om &lt;oss&gt; &amp; er", `value="red;}body{"`} {
		if !strings.Contains(r.body, kept) {
			t.Errorf("%s is lost", kept)
		}
	}
	// Only the rule is wrong: still nothing is made.
	rule := url.Values{"slug": {"kevat"}, "title_fi": {"Kevätpäivä"}, "week": {"4"}, "day": {"1"}, "month": {"13"}}
	h.sameProblems(h.post(asOwner, "/desk/new", rule, "Accept-Language", "en"), map[string]string{"week": en("edition.rule_form")})
	for _, slug := range []string{"desk", "api", "me", "static", "sign-in", "privacy", "healthz"} {
		rule.Set("slug", slug)
		rule.Set("month", "1")
		h.sameProblems(h.post(asOwner, "/desk/new", rule, "Accept-Language", "en"), map[string]string{"slug": en("edition.slug_kept")})
	}
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("%s changed", diff)
	}
	rule.Set("slug", "kevat")
	h.leads(h.post(asOwner, "/desk/new", rule), "/desk/kevat/new")
	h.sameProblems(h.post(asOwner, "/desk/new", rule, "Accept-Language", "en"), map[string]string{"slug": en("edition.slug_taken")})
	// The next date by the rule is proposed: the fourth Monday of January.
	body := h.page(asOwner, "/desk/kevat/new")
	for _, proposed := range []string{`value="2027-01-25T09:00"`, `value="2027-01-25T17:00"`, `value="2026-11-23T09:00"`, `value="2027-01-18T23:59"`, `name="slug" type="text" value="2027"`, `value="Kevätpäivä 2027"`} {
		if !strings.Contains(body, proposed) {
			t.Errorf("%s is not proposed", proposed)
		}
	}
}

// editionValues is a form that is right.
func editionValues() url.Values {
	return url.Values{"slug": {"2027"}, "title_fi": {"Päivä"}, "title_en": {"Day"}, "city_fi": {"Oulu"}, "zone": {"Europe/Helsinki"}, "starts_at": {"2027-01-25T09:00"}, "ends_at": {"2027-01-25T17:00"},
		"opens_at": {"2026-11-23T09:00"}, "closes_at": {"2027-01-18T23:59"}, "capacity_onsite": {"2"}, "capacity_remote": {""}, "languages": {"fi", "en"}, "practical_wifi_fi": {"Verkko: **talo**"}}
}

// TestEditionForm makes an edition with its places, or neither, and says
// everything that is wrong at once.
func TestEditionForm(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	h.makeOwner()
	_, err := h.Editions.NewSeries(t.Context(), "", seriesNamed("kevat", "Kevät"))
	h.must(err)
	en := func(key string, args ...any) string { return h.Words.T(text.English, key, args...) }
	before := h.dump()
	wrong := editionValues()
	for name, value := range map[string]string{"slug": "Not good", "title_fi": "", "title_en": "", "zone": "Europe/Nowhere", "starts_at": "tomorrow", "opens_at": "", "capacity_onsite": "many",
		"capacity_remote": "-3", "stream_url": "javascript:alert(1)", "practical_wifi_fi": strings.Repeat("ä", 4001)} {
		wrong.Set(name, value)
	}
	wrong.Del("languages")
	r := h.post(asOwner, "/desk/kevat/new", wrong, "Accept-Language", "en")
	h.sameProblems(r, map[string]string{"slug": en("edition.slug_form"), "title_fi": en("field.required"), "zone": en("edition.zone_unknown"), "starts_at": en("field.time"), "opens_at": en("field.time"),
		"capacity_onsite": en("field.number"), "capacity_remote": en("registration.capacity_form", "max", 1000000), "stream_url": en("field.url"), "languages": en("edition.languages_none"),
		"practical_wifi_fi": en("field.long", "max", 4000)})
	for _, kept := range []string{`value="Europe/Nowhere"`, `value="many"`, `value="-3"`, `value="2027-01-25T17:00"`, `value="javascript:alert(1)"`} {
		if !strings.Contains(r.body, kept) {
			t.Errorf("%s is lost", kept)
		}
	}
	for name, c := range map[string][3]string{"ends_at": {"ends_at", "2027-01-25T08:00", "edition.ends_before"}, "closes_at": {"closes_at", "2026-11-01T09:00", "edition.closes_before"}, "late": {"closes_at", "2027-02-25T09:00", "edition.closes_late"}} {
		v := editionValues()
		v.Set(c[0], c[1])
		if got := h.problemsOf(h.post(asOwner, "/desk/kevat/new", v, "Accept-Language", "en").body); len(got) != 1 || got[c[0]] != en(c[2]) {
			t.Errorf("%s: %v", name, got)
		}
	}
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("%s changed", diff)
	}
	h.leads(h.post(asOwner, "/desk/kevat/new", editionValues()), "/desk/kevat/2027")
	e, err := h.Editions.Find(t.Context(), "kevat", "2027")
	h.must(err)
	if e.StartsAt.Format("2006-01-02T15:04") != "2027-01-25T07:00" || e.Zone != "Europe/Helsinki" || fmt.Sprint(e.Languages) != "[fi en]" {
		t.Errorf("made: %v %s %v", e.StartsAt, e.Zone, e.Languages)
	}
	if n := h.count("SELECT count(*) FROM place WHERE edition_id = ? AND (kind = 'onsite' AND capacity = 2 OR kind = 'remote' AND capacity IS NULL)", e.ID); n != 2 {
		t.Errorf("%d places as asked", n)
	}
	if body := h.page(asStranger, "/kevat/2027/practical"); !strings.Contains(body, "<strong>talo</strong>") {
		t.Error("the practical page does not show it")
	}
	h.sameProblems(h.post(asOwner, "/desk/kevat/new", editionValues(), "Accept-Language", "en"), map[string]string{"slug": en("edition.slug_taken")})
}

// TestSettingsForm: what is wrong changes nothing; the address and the numbers of
// places stay, whatever is sent.
func TestSettingsForm(t *testing.T) {
	h := demoHouse(t)
	h.newEdition("2028", seats(2), nil)
	en := func(key string, args ...any) string { return h.Words.T(text.English, key, args...) }
	before := h.dump()
	v := editionValues()
	v.Set("slug", "renamed")
	v.Set("title_fi", "Uusi nimi")
	v.Set("capacity_onsite", "1")
	v.Set("zone", "")
	v.Set("practical_wifi_fi", strings.Repeat("ä", 4001))
	r := h.post(asOrganiser, "/desk/cmadfi/2028/settings", v, "Accept-Language", "en")
	h.sameProblems(r, map[string]string{"zone": en("edition.zone_unknown"), "practical_wifi_fi": en("field.long", "max", 4000)})
	if !strings.Contains(r.body, `value="Uusi nimi"`) {
		t.Error("what was typed is lost")
	}
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("%s changed", diff)
	}
	v.Set("zone", "Europe/Helsinki")
	v.Set("practical_wifi_fi", "")
	h.leads(h.post(asOrganiser, "/desk/cmadfi/2028/settings", v), "/desk/cmadfi/2028/settings")
	e := h.find("2028")
	if e.Title[text.Finnish] != "Uusi nimi" || e.Slug != "2028" {
		t.Errorf("it is %q at %s", e.Title[text.Finnish], e.Slug)
	}
	if n := h.count("SELECT count(*) FROM place WHERE edition_id = ? AND kind = 'onsite' AND capacity = 2", e.ID); n != 1 {
		t.Error("the settings changed the number of places")
	}
	if n := h.count("SELECT count(*) FROM audit WHERE act = 'edition.change' AND subject <> '' AND person_id <> '' AND edition_id = ?", e.ID); n != 1 {
		t.Errorf("%d such acts in the log", n)
	}
	if n := h.count("SELECT count(*) FROM audit WHERE act = 'registration.capacity' AND edition_id = ?", e.ID); n != 0 {
		t.Errorf("%d changes of capacity in the log", n)
	}
}

// TestDeskRegistrations finds, filters and pages; what it shows others is theirs.
func TestDeskRegistrations(t *testing.T) {
	h := demoHouse(t)
	h.newEdition("2028", seats(1), nil)
	for _, v := range []url.Values{person("Åke Öhman", "onsite", "organisation", "Talo & Pojat"), person("Bo Öhman", "onsite"), person("Cia Berg", "remote")} {
		h.register("2028", v)
	}
	names := func(query string) (list []string) {
		body := h.page(asOrganiser, "/desk/cmadfi/2028/registrations"+query)
		for _, n := range []string{"Åke Öhman", "Bo Öhman", "Cia Berg"} {
			if strings.Contains(body, n) {
				list = append(list, n[:strings.Index(n, " ")])
			}
		}
		return list
	}
	for query, want := range map[string][]string{"": {"Åke", "Bo", "Cia"}, "?q=öhman": {"Åke", "Bo"}, "?q=pojat": {"Åke"}, "?state=waiting": {"Bo"}, "?kind=remote": {"Cia"},
		"?kind=remote&state=waiting": nil, "?q=%25": nil, "?q=_": nil, "?page=2": nil, "?page=-1": {"Åke", "Bo", "Cia"}, "?q=bo.%C3%B6hman@agora.test": {"Bo"}, "?q='": nil} {
		if got := names(query); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", query, got, want)
		}
	}
	if body := h.page(asOrganiser, "/desk/cmadfi/2027/registrations"); strings.Contains(body, "Öhman") || !strings.Contains(body, "page=2") {
		t.Error("another edition's list shows them, or has one page only")
	}
	code := ""
	h.must(h.DB.Read.NewRaw("SELECT code FROM registration WHERE name = 'Åke Öhman'").Scan(t.Context(), &code))
	if r := h.post(asOrganiser, "/desk/cmadfi/2027/registrations/"+code+"/cancel", nil); r.status != http.StatusNotFound {
		t.Errorf("cancelling under another edition: status %d", r.status)
	}
	h.leads(h.post(asOrganiser, "/desk/cmadfi/2028/registrations/"+code+"/cancel", nil), "/desk/cmadfi/2028/registrations/"+code)
	if n := h.count("SELECT count(*) FROM registration WHERE name = 'Åke Öhman' AND state = 'cancelled' OR name = 'Bo Öhman' AND state = 'confirmed'"); n != 2 {
		t.Error("nobody moved up")
	}
	if n := h.count("SELECT count(*) FROM audit WHERE act = 'registration.cancel' AND subject = ? AND person_id <> ''", code); n != 1 {
		t.Errorf("%d such acts in the log", n)
	}
}

// TestOutbox shows an organiser their edition's letters and nobody's sign-in link.
func TestOutbox(t *testing.T) {
	h := demoHouse(t)
	h.newEdition("2028", seats(1), nil)
	h.register("2028", person("Eka Henkilö", "onsite"))
	h.post(asStranger, "/sign-in", url.Values{"email": {h.cast.Speaker.Email}})
	body := h.page(asOrganiser, "/desk/cmadfi/2028/mail")
	if !strings.Contains(body, "eka.henkilö@agora.test") || strings.Contains(body, h.cast.Attendee.Email) || strings.Contains(body, "/sign-in/") {
		t.Error("the edition's outbox does not hold its own letters alone")
	}
	if body := h.page(asOwner, "/desk/mail"); !strings.Contains(body, "/sign-in/") || !strings.Contains(body, h.cast.Speaker.Email) {
		t.Error("an owner does not see the sign-in link")
	}
}
