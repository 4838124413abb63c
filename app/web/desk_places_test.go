package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/registration"
	"agora/app/text"
)

const desk2028 = "/desk/cmadfi/2028"

// valuesOf are the values of a form's fields as the page shows them.
func valuesOf(body string) map[string]string {
	all := map[string]string{}
	for _, g := range tagsOf(body) {
		switch _, checked := g.attrs["checked"]; {
		case g.name != "input", g.attrs["name"] == "":
		case (g.attrs["type"] == "checkbox" || g.attrs["type"] == "radio") && !checked:
		default:
			all[g.attrs["name"]] = g.attrs["value"]
		}
	}
	return all
}

// sentBack is a form as a browser sends it back, with some fields changed.
func sentBack(body string, changed ...string) url.Values {
	v := url.Values{}
	for name, value := range valuesOf(body) {
		v.Set(name, value)
	}
	for i := 0; i+1 < len(changed); i += 2 {
		v.Set(changed[i], changed[i+1])
	}
	return v
}

// placesAre compares the counters of both kinds: capacity, overbook, held,
// taken, waiting; -1 is unlimited.
func (h *webHouse) placesAre(slug string, onsite, remote [5]int64) {
	h.t.Helper()
	for kind, want := range map[string][5]int64{"onsite": onsite, "remote": remote} {
		var got [5]int64
		h.must(h.DB.Read.NewRaw("SELECT COALESCE(capacity, -1), overbook, held, taken, waiting FROM place WHERE edition_id = ? AND kind = ?", h.find(slug).ID, kind).
			Scan(h.t.Context(), &got[0], &got[1], &got[2], &got[3], &got[4]))
		if got != want {
			h.t.Errorf("%s places are %v, want %v", kind, got, want)
		}
	}
}

// acts are an edition's acts in the log by somebody, in order.
func (h *webHouse) acts(slug string, names ...string) {
	h.t.Helper()
	var got []string
	h.must(h.DB.Read.NewRaw("SELECT act FROM audit WHERE edition_id = ? AND person_id <> '' ORDER BY id", h.find(slug).ID).Scan(h.t.Context(), &got))
	if !slices.Equal(got, names) {
		h.t.Errorf("the log holds %v, want %v", got, names)
	}
}

// TestPlaces: numbers never fall below what is taken, what is typed is kept, and
// those who would get a place are told of before it is given.
func TestPlaces(t *testing.T) {
	h := demoHouse(t)
	h.newEdition("2028", seats(2), nil)
	en := func(key string, args ...any) string { return h.Words.T(text.English, key, args...) }
	var tickets []string
	for _, name := range []string{"Eka Henkilö", "Toka Henkilö", "Kolmas Henkilö", "Neljäs Henkilö"} {
		tickets = append(tickets, h.register("2028", person(name, "onsite")))
	}
	shown := h.page(asOrganiser, desk2028+"/places")
	for name, want := range map[string]string{"capacity_onsite": "2", "overbook_onsite": "0", "capacity_remote": "", "overbook_remote": "0"} {
		if got := valuesOf(shown)[name]; got != want {
			t.Errorf("%s shows %q, want %q", name, got, want)
		}
	}
	before := h.dump()
	r := h.post(asOrganiser, desk2028+"/places", sentBack(shown, "capacity_onsite", "1", "overbook_remote", "many"), "Accept-Language", "en")
	h.sameProblems(r, map[string]string{"capacity_onsite": en("registration.capacity_below", "taken", 2), "overbook_remote": en("field.number")})
	if v := valuesOf(r.body); v["capacity_onsite"] != "1" || v["overbook_remote"] != "many" || v["capacity_onsite_was"] != "2" {
		t.Errorf("what was typed is lost: %v", v)
	}
	h.sameProblems(h.post(asOrganiser, desk2028+"/places", sentBack(shown, "overbook_onsite", "-1", "capacity_remote", "1000001"), "Accept-Language", "en"),
		map[string]string{"overbook_onsite": en("registration.capacity_form", "max", 1000000), "capacity_remote": en("registration.capacity_form", "max", 1000000)})
	// One more seat and one of overbooking: two who wait would get a seat.
	grown := sentBack(shown, "capacity_onsite", "3", "overbook_onsite", "1")
	r = h.post(asOrganiser, desk2028+"/places", grown, "Accept-Language", "en")
	if r.status != http.StatusOK || !strings.Contains(r.body, en("places.gain_onsite_given", "n", 2)) || valuesOf(r.body)["sure"] != "1" {
		t.Errorf("status %d, and what happens is not said", r.status)
	}
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("%s changed before it was said yes to", diff)
	}
	h.leads(h.post(asOrganiser, desk2028+"/places", sentBack(r.body)), desk2028+"/places")
	h.placesAre("2028", [5]int64{3, 1, 0, 4, 0}, [5]int64{-1, 0, 0, 0, 0})
	h.shows(tickets[3], "onsite confirmed", "ticket.confirmed")
	h.letters("Neljäs Henkilö", "registration_waiting", "registration_promoted")
	// A form that was opened before changes only what is different in it.
	h.leads(h.post(asOrganiser, desk2028+"/places", sentBack(shown, "capacity_remote", "9")), desk2028+"/places")
	h.placesAre("2028", [5]int64{3, 1, 0, 4, 0}, [5]int64{9, 0, 0, 0, 0})
	h.leads(h.post(asOrganiser, desk2028+"/places", sentBack(shown)), desk2028+"/places")
	h.acts("2028", "registration.capacity", "registration.capacity")
}

// TestGainIsAnOffer: with timed offers the page says so, and says nothing of
// those who wait when nobody would gain.
func TestGainIsAnOffer(t *testing.T) {
	h := demoHouse(t)
	e := h.newEdition("2028", seats(1), nil)
	rules := registration.UsualRules
	rules.Promotion = registration.ByOffer
	h.must(h.Registrations.SaveRules(t.Context(), e, "", rules, 0))
	h.register("2028", person("Eka Henkilö", "onsite"))
	h.register("2028", person("Toka Henkilö", "onsite"))
	shown := h.page(asOrganiser, desk2028+"/places")
	r := h.post(asOrganiser, desk2028+"/places", sentBack(shown, "capacity_onsite", "50"), "Accept-Language", "en")
	if !strings.Contains(r.body, h.Words.T(text.English, "places.gain_onsite_offered", "n", 1)) {
		t.Error("the offer is not announced")
	}
	h.leads(h.post(asOrganiser, desk2028+"/places", sentBack(shown, "capacity_remote", "5")), desk2028+"/places")
	h.placesAre("2028", [5]int64{1, 0, 0, 1, 1}, [5]int64{5, 0, 0, 0, 0})
}

// TestHolds: places are kept back once, however often the form is sent, counted,
// opened by their code, and released.
func TestHolds(t *testing.T) {
	h := demoHouse(t)
	e := h.newEdition("2028", seats(5), nil)
	en := func(key string, args ...any) string { return h.Words.T(text.English, key, args...) }
	page := desk2028 + "/places/holds"
	shown := h.page(asOrganiser, page)
	before := h.dump()
	r := h.post(asOrganiser, page, sentBack(shown, "name", "Puhujat", "seats", "x", "release_at", "2026-01-01T09:00"), "Accept-Language", "en")
	h.sameProblems(r, map[string]string{"seats": en("field.number"), "release_at": en("registration.hold_past")})
	if v := valuesOf(r.body); v["name"] != "Puhujat" || v["seats"] != "x" || v["release_at"] != "2026-01-01T09:00" || v["key"] != valuesOf(shown)["key"] {
		t.Errorf("what was typed is lost: %v", v)
	}
	h.sameProblems(h.post(asOrganiser, page, sentBack(shown, "name", "Puhujat", "seats", "6"), "Accept-Language", "en"), map[string]string{"seats": en("registration.hold_free", "n", 5)})
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("%s changed", diff)
	}
	good := sentBack(shown, "name", "Puhujat", "seats", "3", "release_at", "2026-12-24T18:00")
	for range 3 {
		h.leads(h.post(asOrganiser, page, good), page)
	}
	good.Set("seats", "1")
	h.sameProblems(h.post(asOrganiser, page, good, "Accept-Language", "en"), map[string]string{"name": en("places.sent_before")})
	h.placesAre("2028", [5]int64{5, 0, 3, 0, 0}, [5]int64{-1, 0, 0, 0, 0})
	holds, err := h.Registrations.Holds(t.Context(), e.ID)
	h.must(err)
	if len(holds) != 1 || holds[0].ReleaseAt.Format(time.RFC3339) != "2026-12-24T16:00:00Z" || holds[0].Code == "" {
		t.Fatalf("held: %+v", holds)
	}
	link := siteBase + "/cmadfi/2028/register?code=" + holds[0].Code
	body := h.page(asOrganiser, page, "Accept-Language", "en")
	if !strings.Contains(body, `data-copy="`+link+`"`) || !strings.Contains(body, en("places.hold_counts", "n", 3, "used", 0, "left", 3)) {
		t.Error("the hold is not shown with its link and counts")
	}
	h.register("2028", person("Eka Henkilö", "onsite", "code", holds[0].Code))
	if body := h.page(asOrganiser, page, "Accept-Language", "en"); !strings.Contains(body, en("places.hold_counts", "n", 3, "used", 1, "left", 2)) {
		t.Error("the used place is not counted")
	}
	release := page + "/" + holds[0].ID + "/release"
	if r := h.post(asOrganiser, "/desk/cmadfi/2027/places/holds/"+holds[0].ID+"/release", nil); r.status != http.StatusNotFound {
		t.Errorf("released under another edition: status %d", r.status)
	}
	h.leads(h.post(asOrganiser, release, nil), page)
	h.leads(h.post(asOrganiser, release, nil), page)
	h.placesAre("2028", [5]int64{5, 0, 0, 1, 0}, [5]int64{-1, 0, 0, 0, 0})
	h.acts("2028", "hold.keep", "hold.release")
}

// TestInvitations: all are invited or nobody, each once, and each letter leads to
// a place.
func TestInvitations(t *testing.T) {
	h := demoHouse(t)
	h.newEdition("2028", seats(2), nil)
	en := func(key string, args ...any) string { return h.Words.T(text.English, key, args...) }
	page := desk2028 + "/places/invite"
	shown := h.page(asOrganiser, page)
	send := func(v url.Values) reply { return h.post(asOrganiser, page, v, "Accept-Language", "en") }
	form := func(emails string) url.Values {
		return sentBack(shown, "emails", emails, "name", "Kumppanit", "language", "sv")
	}
	before := h.dump()
	r := send(form("eka@agora.test\nnot an address"))
	h.sameProblems(r, map[string]string{"emails": en("registration.invite_address", "address", "not") + " | " + en("registration.invite_address", "address", "an") + " | " + en("registration.invite_address", "address", "address")})
	if !strings.Contains(r.body, "eka@agora.test\nnot an address</textarea>") {
		t.Error("what was typed is lost")
	}
	h.sameProblems(send(form("")), map[string]string{"emails": en("field.required")})
	h.sameProblems(send(form("a@agora.test b@agora.test c@agora.test")), map[string]string{"emails": en("registration.hold_free", "n", 2)})
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("%s changed", diff)
	}
	for range 2 {
		h.leads(send(form("eka@agora.test; EKA@agora.test,\ntoka@agora.test")), desk2028+"/places/holds")
	}
	h.placesAre("2028", [5]int64{2, 0, 2, 0, 0}, [5]int64{-1, 0, 0, 0, 0})
	if n := h.count("SELECT count(*) FROM mail WHERE kind = 'invitation' AND language = 'sv' AND email IN ('eka@agora.test', 'toka@agora.test')"); n != 2 {
		t.Errorf("%d letters", n)
	}
	again := form("toka@agora.test")
	again.Set("key", "another")
	again.Set("kind", "remote")
	h.sameProblems(send(again), map[string]string{"emails": en("registration.invite_known", "address", "toka@agora.test")})
	again.Set("emails", "kolmas@agora.test")
	again.Set("kind", "onsite")
	h.sameProblems(send(again), map[string]string{"emails": en("registration.hold_none")})
	// The day is full for others, and the invited one has a place at once.
	code := ""
	h.must(h.DB.Read.NewRaw("SELECT code FROM hold WHERE email = 'eka@agora.test'").Scan(t.Context(), &code))
	h.shows(h.register("2028", person("Muu Henkilö", "onsite")), "onsite waiting 1", "ticket.waiting")
	h.shows(h.register("2028", person("Eka Henkilö", "onsite", "code", code)), "onsite confirmed", "ticket.confirmed")
	h.acts("2028", "hold.invite")
}

// TestTimesOfSettingsInBothNights: an edition that opens in the hour that comes
// twice stays where it is when its settings are saved unchanged, as does one in
// spring; a typed time is the first of the two, and a skipped one is refused.
func TestTimesOfSettingsInBothNights(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	h.makeOwner()
	instant := func(s string) time.Time {
		at, err := time.Parse(time.RFC3339, s)
		h.must(err)
		return at
	}
	second := instant("2027-10-31T01:30:00Z") // 3.30 for the second time
	h.newEdition("2028", seats(2), nil, func(in *edition.Input) {
		in.OpensAt, in.ClosesAt = instant("2027-03-28T01:00:00Z"), second
		in.StartsAt, in.EndsAt = instant("2027-11-20T07:00:00Z"), instant("2027-11-20T15:00:00Z")
	})
	opens := func() [2]string {
		e := h.find("2028")
		return [2]string{e.OpensAt.UTC().Format(time.RFC3339), e.ClosesAt.UTC().Format(time.RFC3339)}
	}
	page := desk2028 + "/settings"
	save := func(changed ...string) reply {
		v := sentBack(h.page(asOwner, page), changed...)
		v["languages"] = []string{"fi", "sv", "en"}
		return h.post(asOwner, page, v, "Accept-Language", "en")
	}
	if v := valuesOf(h.page(asOwner, page)); v["opens_at"] != "2027-03-28T04:00" || v["closes_at"] != "2027-10-31T03:30" {
		t.Fatalf("shown as %s and %s", v["opens_at"], v["closes_at"])
	}
	for range 2 {
		h.leads(save("title_fi", "Toinen nimi"), page)
		if got := opens(); got != [2]string{"2027-03-28T01:00:00Z", "2027-10-31T01:30:00Z"} {
			t.Fatalf("saving moved them to %v", got)
		}
	}
	// Other things wrong: the form comes back, and the instant is still the second.
	r := save("zone", "")
	v := sentBack(r.body, "zone", "Europe/Helsinki")
	v["languages"] = []string{"fi", "sv", "en"}
	h.leads(h.post(asOwner, page, v), page)
	if got := opens(); got[1] != "2027-10-31T01:30:00Z" {
		t.Fatalf("after a refusal it was moved to %v", got)
	}
	h.leads(save("closes_at", "2027-10-31T03:45"), page)
	if got := opens(); got[1] != "2027-10-31T00:45:00Z" {
		t.Errorf("what was typed became %s, want the first", got[1])
	}
	en := func(key string) string { return h.Words.T(text.English, key) }
	h.sameProblems(save("opens_at", "2027-03-28T03:30"), map[string]string{"opens_at": en("field.time")})
	// The zone alone is changed: the clock's reading stays and the instant moves.
	h.leads(save("zone", "Europe/Stockholm", "closes_at", "2027-10-30T12:00"), page)
	if got := opens(); got != [2]string{"2027-03-28T02:00:00Z", "2027-10-30T10:00:00Z"} {
		t.Errorf("in another zone they are %v", got)
	}
}
