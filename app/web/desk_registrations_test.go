package web

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/app/edition"
	"agora/app/registration"
	"agora/app/registration/form"
	"agora/app/text"
)

// peopleDay is a day of its own with two seats, an own form and whoever a test
// registers; its desk is at peopleDesk.
const peopleDesk = "/desk/cmadfi/2028"

func peopleDay(t testing.TB) (*webHouse, edition.Edition) {
	h := demoHouse(t)
	return h, h.newEdition("2028", seats(2), nil)
}

// ownForm asks for a shoe size, meals of several and, specially, an aid.
func (h *webHouse) ownForm(e edition.Edition) {
	h.t.Helper()
	say := func(fi, sv, en string) text.Texts {
		return text.Texts{text.Finnish: fi, text.Swedish: sv, text.English: en}
	}
	h.must(h.Registrations.SaveForm(h.t.Context(), e, "", form.Form{Fields: []form.Field{
		{Key: "shoe", Kind: form.Number, Label: say("Kengännumero", "Skonummer", "Shoe size"), Purpose: say("Sukat", "Strumpor", "Socks"), KeepDays: 30},
		{Key: "meals", Kind: form.Several, Label: say("Ateriat", "Måltider", "Meals"), Purpose: say("Keittiö", "Köket", "Kitchen"), KeepDays: 30, Options: []form.Option{
			{Key: "lunch", Label: say("Lounas", "Lunch", "Lunch")}, {Key: "dinner", Label: say("Illallinen, myöhään", "Middag, sent", "Dinner, late")}}},
		{Key: "aid", Kind: form.Text, Label: say("Apuväline", "Hjälpmedel", "Aid"), Purpose: say("Talo", "Huset", "House"), KeepDays: 7, Special: true},
	}}, 0))
}

// add registers somebody by the organisers' own way.
func (h *webHouse) add(e edition.Edition, name string, kind registration.Kind, change ...func(*registration.Input)) registration.Registration {
	h.t.Helper()
	in := registration.Input{Name: name, Email: strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@agora.test", Place: kind, Language: text.Finnish}
	for _, c := range change {
		c(&in)
	}
	res, err := h.Registrations.Add(h.t.Context(), e, "", in)
	h.must(err)
	return res.Registration
}

// namesListed are the names on the organiser's list, in its order.
func namesListed(body string) (list []string) {
	for _, row := range strings.Split(body, `<th scope="row"><a `)[1:] {
		_, row, _ = strings.Cut(row, ">")
		name, _, _ := strings.Cut(row, "<")
		list = append(list, name)
	}
	return list
}

// pills are the quick filters with their counts.
func pills(body string) map[string]string {
	all := map[string]string{}
	for _, li := range headings(between(body, `<ul class="pills">`, "</ul>", ""), "li") {
		words := strings.Fields(li)
		all[strings.Join(words[:len(words)-1], " ")] = words[len(words)-1]
	}
	return all
}

// TestRegistrationFilters: each quick filter says how many it leads to, and leads
// to exactly those, the newest first.
func TestRegistrationFilters(t *testing.T) {
	h, e := peopleDay(t)
	h.add(e, "Eka Eskola", registration.Onsite)
	h.add(e, "Toka Talo", registration.Onsite, func(in *registration.Input) { in.Photo = registration.PhotoNo })
	h.add(e, "Kolmas Koski", registration.Onsite)
	h.add(e, "Neljäs Niemi", registration.Remote)
	gone := h.add(e, "Viides Vaara", registration.Remote)
	_, err := h.Registrations.Cancel(t.Context(), e, gone)
	h.must(err)
	_, err = h.DB.Write.NewRaw("UPDATE registration SET asked_at = ? WHERE edition_id = ? AND name = 'Eka Eskola'", siteNow, e.ID).Exec(t.Context())
	h.must(err)
	rules := registration.UsualRules
	rules.Approval = true
	h.must(h.Registrations.SaveRules(t.Context(), e, "", rules, 0))
	h.register("2028", person("Kuudes Kallio", "remote"))
	fi := func(key string) string { return h.Words.T(text.Finnish, "desk_people."+key) }
	want := map[string]string{fi("state_all"): "6", fi("state_confirmed"): "3", fi("state_waiting"): "1", fi("state_pending"): "1", fi("state_unanswered"): "1", fi("state_cancelled"): "1"}
	body := h.page(asOrganiser, peopleDesk+"/registrations")
	if got := pills(body); !maps.Equal(got, want) {
		t.Errorf("pills %v, want %v", got, want)
	}
	for query, want := range map[string][]string{
		"": {"Kuudes Kallio", "Viides Vaara", "Neljäs Niemi", "Kolmas Koski", "Toka Talo", "Eka Eskola"}, "?state=confirmed": {"Neljäs Niemi", "Toka Talo", "Eka Eskola"},
		"?state=waiting": {"Kolmas Koski"}, "?state=pending": {"Kuudes Kallio"}, "?state=unanswered": {"Eka Eskola"}, "?state=cancelled": {"Viides Vaara"}, "?state=offered": nil,
		"?photo=no": {"Toka Talo"}, "?kind=remote&state=confirmed": {"Neljäs Niemi"}, "?q=NIEMI": {"Neljäs Niemi"}, "?q=niemi&state=cancelled": nil,
		"?state=nonsense&kind=seat&photo=maybe": {"Kuudes Kallio", "Viides Vaara", "Neljäs Niemi", "Kolmas Koski", "Toka Talo", "Eka Eskola"},
	} {
		if got := namesListed(h.page(asOrganiser, peopleDesk+"/registrations"+query)); !slices.Equal(got, want) {
			t.Errorf("%q lists %v, want %v", query, got, want)
		}
	}
	// A quick filter keeps what was searched for.
	if body := h.page(asOrganiser, peopleDesk+"/registrations?q=a&photo=ask"); !strings.Contains(body, `href="`+peopleDesk+`/registrations?photo=ask&amp;q=a&amp;state=confirmed"`) {
		t.Error("the quick filter forgets the search")
	}
}

// TestDecideTogether: the first press says who and how many and changes nothing,
// the second does it once.
func TestDecideTogether(t *testing.T) {
	h, e := peopleDay(t)
	rules := registration.UsualRules
	rules.Approval = true
	h.must(h.Registrations.SaveRules(t.Context(), e, "", rules, 0))
	for _, name := range []string{"Eka Eskola", "Toka Talo", "Kolmas Koski"} {
		h.register("2028", person(name, "onsite"))
	}
	h.add(h.newEdition("2029", nil, nil), "Muu Muualla", registration.Onsite)
	codes := map[string]string{}
	var rows []registration.Registration
	h.must(h.DB.Read.NewSelect().Model(&rows).Where("email LIKE '%@agora.test'").Scan(t.Context()))
	for _, r := range rows {
		codes[r.Name] = r.Code
	}
	// Ticked the other way round: places go by who came first all the same.
	chosen := url.Values{"verdict": {"approve"}, "row": {codes["Kolmas Koski"], codes["Toka Talo"], codes["Eka Eskola"], codes["Muu Muualla"], "ZZZZ-ZZZZ"}}
	path := peopleDesk + "/registrations/decide?state=pending"
	before := h.dump()
	first := h.post(asOrganiser, path, chosen)
	if lead := h.Words.T(text.Finnish, "desk_people.decide_approve_n", "n", 3); first.status != http.StatusOK || !strings.Contains(first.body, lead) || strings.Contains(first.body, "Muu Muualla") {
		t.Errorf("status %d: the question is not about these three", first.status)
	}
	for _, who := range []string{asModerator, asOtherOrganiser, asAttendee} {
		chosen.Set("sure", "1")
		if r := h.post(who, path, chosen); r.status != http.StatusForbidden {
			t.Errorf("%s: status %d", who, r.status)
		}
	}
	if r := h.post(asOrganiser, path, url.Values{"verdict": {"delete"}, "row": chosen["row"], "sure": {"1"}}); r.status != http.StatusUnprocessableEntity {
		t.Errorf("an unknown verdict: status %d", r.status)
	}
	h.leads(h.post(asOrganiser, path, url.Values{"verdict": {"approve"}}), peopleDesk+"/registrations?state=pending")
	if diff := differing(before, h.dump()); diff != "" {
		t.Fatalf("%s changed before the second press", diff)
	}
	h.leads(h.post(asOrganiser, path, chosen), peopleDesk+"/registrations?state=pending")
	state := func() (list []string) {
		h.must(h.DB.Read.NewRaw("SELECT name || ' ' || state || CASE WHEN pending THEN ' pending' ELSE '' END FROM registration WHERE edition_id = ? ORDER BY name", e.ID).Scan(t.Context(), &list))
		return list
	}
	if got := state(); !slices.Equal(got, []string{"Eka Eskola confirmed", "Kolmas Koski waiting", "Toka Talo confirmed"}) {
		t.Errorf("approved: %v", got)
	}
	if n := h.count("SELECT count(*) FROM audit WHERE act = 'registration.approve' AND edition_id = ? AND person_id <> ''", e.ID); n != 3 {
		t.Errorf("%d approvals in the log", n)
	}
	before = h.dump()
	h.leads(h.post(asOrganiser, path, chosen), peopleDesk+"/registrations?state=pending")
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("a second press changed %s", diff)
	}
	cancel := url.Values{"verdict": {"cancel"}, "row": {codes["Eka Eskola"]}, "sure": {"1"}}
	h.leads(h.post(asOrganiser, peopleDesk+"/registrations/decide", cancel), peopleDesk+"/registrations")
	if got := state(); !slices.Equal(got, []string{"Eka Eskola cancelled", "Kolmas Koski confirmed", "Toka Talo confirmed"}) {
		t.Errorf("cancelled: %v", got)
	}
	// Nobody who has a place can be refused.
	before = h.dump()
	h.leads(h.post(asOrganiser, peopleDesk+"/registrations/"+codes["Toka Talo"]+"/refuse", nil), peopleDesk+"/registrations/"+codes["Toka Talo"])
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("refusing changed %s", diff)
	}
}

// factsOf are the fact lists of a page as one map.
func factsOf(body string) map[string]string {
	all := map[string]string{}
	for _, list := range strings.Split(body, `<dl class="facts">`)[1:] {
		list, _, _ = strings.Cut(list, "</dl>")
		terms, texts := headings(list, "dt"), headings(list, "dd")
		for i := range terms {
			all[terms[i]] = texts[i]
		}
	}
	return all
}

// TestOneRegistration shows everything about somebody, and sends their ticket
// again once.
func TestOneRegistration(t *testing.T) {
	h, e := peopleDay(t)
	h.ownForm(e)
	r := h.add(e, "Eka Eskola", registration.Onsite, func(in *registration.Input) {
		in.Organisation, in.Needs, in.Consent = "Talo & Pojat", "vegaani", true
		in.Answers = form.Answers{"shoe": int64(38), "meals": []string{"lunch", "dinner"}, "aid": "induktiosilmukka"}
	})
	at := peopleDesk + "/registrations/" + r.Code
	body := h.page(asOrganiser, at, "Accept-Language", "en")
	en := func(key string) string { return h.Words.T(text.English, key) }
	want := map[string]string{en("desk.kind"): "On site", en("ticket.code"): r.Code, en("desk_people.language"): "suomi", en("desk_people.photo"): "Ask before photos",
		"Shoe size": "38", "Meals": "Lunch; Dinner, late", en("register.needs"): "vegaani", "Aid": "induktiosilmukka"}
	if got := factsOf(body); !maps.Equal(got, want) {
		t.Errorf("facts\n%s\nwant\n%s", lines(got), lines(want))
	}
	if open, _, _ := strings.Cut(body, "<details><summary>"+en("desk_people.special_show")); strings.Contains(open, "vegaani") || strings.Contains(open, "induktio") {
		t.Error("what is special stands open")
	}
	letters := func() int64 {
		return h.count("SELECT count(*) FROM mail WHERE edition_id = ? AND email = ?", e.ID, r.Email)
	}
	// The confirmation left this very moment, so it is not sent twice.
	h.leads(h.post(asOrganiser, at+"/letter", nil), at)
	if n := letters(); n != 1 {
		t.Errorf("%d letters, want the one from registering", n)
	}
	h.at(siteNow.Add(10 * time.Minute))
	for range 2 {
		h.leads(h.post(asOrganiser, at+"/letter", nil), at)
	}
	if n := letters(); n != 2 {
		t.Errorf("%d letters after two presses, want 2", n)
	}
	if n := h.count("SELECT count(*) FROM audit WHERE act = 'registration.letter' AND subject = ?", r.Code); n != 1 {
		t.Errorf("%d in the log", n)
	}
	h.leads(h.post(asOrganiser, at+"/cancel", nil), at)
	if got := h.post(asOrganiser, at+"/letter", nil); got.status != http.StatusConflict {
		t.Errorf("a cancelled one's ticket: status %d", got.status)
	}
	for who, want := range map[string]int{asModerator: http.StatusForbidden, asDoorStaff: http.StatusForbidden, asOtherOrganiser: http.StatusForbidden} {
		if got := h.get(who, at); got.status != want || strings.Contains(got.body, "Eskola") {
			t.Errorf("%s: status %d", who, got.status)
		}
	}
	if got := h.get(asOrganiser, "/desk/cmadfi/2027/registrations/"+r.Code); got.status != http.StatusNotFound {
		t.Errorf("under another edition: status %d", got.status)
	}
}

// TestAddByHand adds one person, also outside the opening, and nobody twice.
func TestAddByHand(t *testing.T) {
	h, e := peopleDay(t)
	h.at(e.ClosesAt.AddDate(0, 0, 1))
	path := peopleDesk + "/registrations/new"
	fi := func(key string, args ...any) string { return h.Words.T(text.Finnish, key, args...) }
	h.page(asOrganiser, path) // being seen later is written down
	before := h.dump()
	r := h.post(asOrganiser, path, url.Values{"name": {"  "}, "email": {"väärä"}, "place": {"balcony"}, "organisation": {strings.Repeat("å", 121)}})
	got := h.problemsOf(r.body)
	if r.status != http.StatusUnprocessableEntity || !slices.Equal(slices.Sorted(maps.Keys(got)), []string{"email", "name", "organisation", "place"}) || got["name"] != fi("field.required") || got["organisation"] != fi("field.long", "max", 120) {
		t.Errorf("status %d, %v", r.status, got)
	}
	if !strings.Contains(r.body, `value="väärä"`) {
		t.Error("what was typed is lost")
	}
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("%s changed", diff)
	}
	good := url.Values{"name": {"مريم 🌱"}, "email": {"maryam@agora.test"}, "place": {"remote"}, "organisation": {"Talo"}, "language": {"sv"}}
	added := h.post(asOrganiser, path, good)
	var row registration.Registration
	h.must(h.DB.Read.NewSelect().Model(&row).Where("email = 'maryam@agora.test'").Scan(t.Context()))
	h.leads(added, peopleDesk+"/registrations/"+row.Code)
	if row.Name != "مريم 🌱" || row.Kind != registration.Remote || row.State != registration.Confirmed || row.Language != text.Swedish || row.Organisation != "Talo" || row.EditionID != e.ID {
		t.Errorf("%+v", row)
	}
	before = h.dump()
	again := h.post(asOrganiser, path, good)
	if again.status != http.StatusConflict || !strings.Contains(again.body, `href="`+peopleDesk+"/registrations/"+row.Code+`"`) {
		t.Errorf("a known address: status %d", again.status)
	}
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("%s changed", diff)
	}
}
