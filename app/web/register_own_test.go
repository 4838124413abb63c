package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/registration"
	"agora/app/registration/form"
	"agora/app/text"
)

// storedAnswers are what is kept of the person with the address.
func (h *webHouse) storedAnswers(email string) (form.Answers, bool) {
	h.t.Helper()
	var r registration.Registration
	h.must(h.DB.Read.NewSelect().Model(&r).Where("email = ?", email).Scan(h.t.Context()))
	return r.Answers, r.ConsentAt != nil
}

// TestOwnQuestions: answered by form and by API, they are kept alike; what was not
// asked is not kept, and special answers only with consent.
func TestOwnQuestions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d)
		e := h.newEdition("2028", seats(9), nil)
		h.asks(e, supper(), nil)
		v := person("Eka Henkilö", "onsite", "answers.evening", "yes", "answers.diet_other", "selleri 🥬", "answers.role", "boss", "answers.years", "1 007", "answers.wishes", "yksi\r\nkaksi", "consent", "1")
		v["answers.diet"] = []string{"fish", "other"}
		h.register("2028", v)
		want := form.Answers{"evening": true, "diet": []string{"other", "fish"}, "diet_other": "selleri 🥬", "role": "boss", "years": int64(1007), "wishes": "yksi\nkaksi"}
		got, consent := h.storedAnswers("eka.henkilö@agora.test")
		if fmt.Sprint(got) != fmt.Sprint(want) || !consent {
			t.Errorf("the form keeps %v (%v), want %v", got, consent, want)
		}
		body := `{"name":"Toka","email":"toka@agora.test","place":"onsite","answers":{"evening":true,"diet":["fish","other"],"diet_other":"selleri 🥬","role":"boss","years":1007,"wishes":"yksi\nkaksi","consent":true}}`
		if r := h.call("2028", "k", body); r.status != http.StatusCreated {
			t.Fatalf("status %d %s", r.status, r.body)
		}
		if got, consent = h.storedAnswers("toka@agora.test"); fmt.Sprint(got) != fmt.Sprint(want) || !consent {
			t.Errorf("the API keeps %v (%v), want %v", got, consent, want)
		}
		// Who does not come in the evening is not asked what they eat: neither kept
		// nor a matter of consent.
		v = person("Kolmas Henkilö", "onsite", "answers.evening", "no", "answers.diet_other", "selleri")
		v["answers.diet"] = []string{"other"}
		h.register("2028", v)
		if got, consent = h.storedAnswers("kolmas.henkilö@agora.test"); fmt.Sprint(got) != fmt.Sprint(form.Answers{"evening": false}) || consent {
			t.Errorf("kept %v (%v)", got, consent)
		}
	})
}

// TestOwnQuestionsWrong: every problem beside its question in the person's
// language, with everything typed and ticked.
func TestOwnQuestionsWrong(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	h.asks(h.newEdition("2028", seats(9), nil), supper(), nil)
	before := h.dump()
	v := person("مريم 🙂", "onsite", "answers.evening", "yes", "answers.diet_other", strings.Repeat("ä", 201), "answers.years", "kolme", "answers.wishes", strings.Repeat("🙂", 1001))
	v.Set("email", "m@agora.test")
	v["answers.diet"] = []string{"other", "fish"}
	for _, l := range text.Langs {
		say := func(key string, a ...any) string { return h.Words.T(l, key, a...) }
		r := h.refusedAt("2028", v, l, map[string]string{"answers.diet_other": say("field.long", "max", 200), "answers.years": say("field.number"),
			"answers.wishes": say("field.long", "max", 1000), "consent": say("registration.consent_missing")})
		for name, want := range map[string][]string{"name": {"مريم 🙂"}, "answers.evening": {"yes"}, "answers.diet": {"other", "fish"}, "answers.years": {"kolme"},
			"answers.diet_other": {strings.Repeat("ä", 201)}, "key": {v.Get("key")}, "place": {"onsite"}} {
			if got := control(r.body, name); !slices.Equal(got, want) {
				t.Errorf("%s: %s is %q, want %q", l, name, got, want)
			}
		}
		if area(r.body, "answers.wishes") != strings.Repeat("🙂", 1001) {
			t.Error("what was wished is lost")
		}
	}
	bare := person("Eka", "onsite")
	h.refusedAt("2028", bare, text.Finnish, map[string]string{"answers.evening": h.Words.T(text.Finnish, "field.required")})
	bare.Set("answers.evening", "maybe")
	bare.Set("answers.role", "king")
	h.refusedAt("2028", bare, text.Finnish, map[string]string{"answers.evening": h.Words.T(text.Finnish, "form.yes_no"), "answers.role": h.Words.T(text.Finnish, "form.option_unknown")})
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("%s changed", diff)
	}
	// A question that an organiser takes away while somebody answers is no mistake.
	gone := person("Neljäs", "onsite", "answers.evening", "no", "answers.shoes", "42")
	h.register("2028", gone)
	h.equalJSON(h.call("2028", "k", `{"name":"Viides","email":"v@agora.test","place":"onsite","answers":{"evening":"perhaps","shoes":42}}`), http.StatusUnprocessableEntity,
		object{"error": "invalid", "message": "Please check the marked fields.", "errors": object{"answers.evening": []string{"Answer yes or no."}, "answers.shoes": []string{"The form has no such field."}}})
}

// TestOwnQuestionsShown: words that fall back to another language carry it, each
// question says why it is asked and until when the answer is kept, and when it is
// to be answered.
func TestOwnQuestionsShown(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	e := h.newEdition("2028", seats(9), nil)
	h.asks(e, supper(), nil)
	body := h.page(asStranger, "/cmadfi/2028/register", "Accept-Language", "en")
	for _, want := range []string{`<span lang="fi">Mitä muuta?</span>`, `<span lang="sv">Fritt</span>`, "We book the tables.</span> The answer is kept until 31 January 2027.",
		`data-shown-by="answers.evening" data-shown-for="yes"`, `data-shown-by="answers.diet" data-shown-for="other"`,
		"Answer if your answer to “Will you come in the evening?” was: Yes."} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not hold %s", want)
		}
	}
	if strings.Contains(body, `<span lang="en">`) {
		t.Error("the page's own language is named again")
	}
	special := between(body, `<fieldset class="special">`, `name="meanwhile"`, "")
	for name, inside := range map[string]bool{"needs": true, "answers.diet": true, "answers.diet_other": true, "consent": true, "answers.role": false, "answers.evening": false} {
		if strings.Contains(special, `name="`+name+`"`) != inside {
			t.Errorf("%s stands with the consent: %v", name, !inside)
		}
	}
	var facts struct{ Form []form.Field }
	h.must(json.Unmarshal([]byte(h.page(asStranger, "/api/v1/editions/cmadfi/2028")), &facts))
	got, err := json.Marshal(facts.Form)
	h.must(err)
	want, err := json.Marshal(supper().Fields)
	h.must(err)
	if string(got) != string(want) {
		t.Errorf("the API gives the form\n%s, want\n%s", got, want)
	}
}

// TestConsentOfNeeds: diet and access are kept only of those who agree.
func TestConsentOfNeeds(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	h.newEdition("2028", seats(9), nil)
	v := person("Eka Henkilö", "onsite", "needs", "pähkinätön")
	for _, l := range text.Langs {
		r := h.refusedAt("2028", v, l, map[string]string{"consent": h.Words.T(l, "registration.consent_missing")})
		if area(r.body, "needs") != "pähkinätön" {
			t.Errorf("%s: what was typed is lost", l)
		}
	}
	v.Set("consent", "1")
	h.register("2028", v)
	if _, consent := h.storedAnswers("eka.henkilö@agora.test"); !consent {
		t.Error("the consent is not kept")
	}
	h.register("2028", person("Toka Henkilö", "onsite"))
	if r := h.post(asStranger, "/cmadfi/2028/register", url.Values{}); r.status != http.StatusUnprocessableEntity {
		t.Errorf("an empty form: status %d", r.status)
	}
}
