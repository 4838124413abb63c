package web

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/registration"
	"agora/app/text"
)

// holds keeps places back and gives the code that opens them.
func (h *webHouse) holds(e edition.Edition, in registration.HoldInput) string {
	h.t.Helper()
	in.Coded = true
	h.must(h.Registrations.Keep(h.t.Context(), e, "", in))
	list, err := h.Registrations.Holds(h.t.Context(), e.ID)
	h.must(err)
	return list[slices.IndexFunc(list, func(x registration.Hold) bool { return x.Name == in.Name })].Code
}

// TestCodes: a code says what it opens, chooses the kind of place, and is told
// about beside its field when it opens nothing.
func TestCodes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d)
		e := h.newEdition("2028", seats(1), seats(5))
		until := e.StartsAt.AddDate(0, 0, -7)
		far := h.holds(e, registration.HoldInput{Name: "Kumppanit <b>", Kind: registration.Remote, Seats: 2, ReleaseAt: until})
		typed := strings.ToLower(far[:3]) + "-" + far[3:]
		for _, l := range text.Langs {
			body := h.page(asStranger, "/cmadfi/2028/register?code="+typed, "Accept-Language", string(l))
			said := strings.ReplaceAll(h.Words.T(l, "register.code_remote", "name", "Kumppanit &lt;b&gt;", "n", 2), "’", "’") + " " + h.Words.T(l, "register.code_until", "when", text.DateTime(l, e.Local(until)))
			if !strings.Contains(body, said) || !slices.Equal(control(body, "place"), []string{"remote"}) || !slices.Equal(control(body, "code"), []string{typed}) {
				t.Errorf("%s: it opens %q with %q and does not say %s", l, control(body, "place"), control(body, "code"), said)
			}
			for _, f := range pageFaults(body, string(l)) {
				t.Errorf("%s: %s", l, f)
			}
		}
		if got := control(h.page(asStranger, "/cmadfi/2028/register?place=onsite&code="+far), "place"); !slices.Equal(got, []string{"onsite"}) {
			t.Errorf("whoever asked for a seat gets %q", got)
		}
		say := func(key string) string { return h.Words.T(text.Finnish, key) }
		body := h.page(asStranger, "/cmadfi/2028/register?code=NOTHING")
		if got := errorsBeside(body, "code"); !slices.Equal(got, []string{say("registration.code_unknown")}) || !strings.Contains(body, `<details class="code-fold" open>`) {
			t.Errorf("an unknown code: %q", got)
		}
		h.refusedAt("2028", person("Aa", "onsite", "code", far), text.Finnish, map[string]string{"code": say("registration.code_kind_remote")})
		h.register("2028", person("Aa", "remote", "code", typed))
		m := registeredForm.FindStringSubmatch(h.call("2028", "k", fmt.Sprintf(`{"name":"Bb","email":"bb@agora.test","place":"remote","code":%q}`, far)).body)
		if m == nil || m[2] != "confirmed" {
			t.Errorf("through the API: %v", m)
		}
		h.refusedAt("2028", person("Cc", "remote", "code", far), text.Finnish, map[string]string{"code": say("registration.code_used")})
		if got := errorsBeside(h.page(asStranger, "/cmadfi/2028/register?code="+far), "code"); !slices.Equal(got, []string{say("registration.code_used")}) {
			t.Errorf("a used code: %q", got)
		}
		h.equalJSON(h.call("2028", "k2", `{"name":"Dd","email":"dd@agora.test","place":"remote","code":"NOTHING"}`), http.StatusUnprocessableEntity,
			object{"error": "invalid", "message": "Please check the marked fields.", "errors": object{"code": []string{h.Words.T(text.English, "registration.code_unknown")}}})
	})
}

// TestInvitedOnly: nobody comes without a code, and the pages say so in every
// phase.
func TestInvitedOnly(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	e := h.newEdition("2028", seats(3), nil)
	plain := h.page(asStranger, "/cmadfi/2028")
	h.asks(e, supper(), func(r *registration.Rules) { r.InvitedOnly = true })
	code := h.holds(e, registration.HoldInput{Name: "Kutsutut", Kind: registration.Onsite, Seats: 1})
	for _, l := range text.Langs {
		words := h.Words.T(l, "edition.invited")
		if body := h.page(asStranger, "/cmadfi/2028", "Accept-Language", string(l)); !strings.Contains(body, words) || strings.Contains(plain, words) {
			t.Errorf("%s: the edition's page does not say that it is by invitation", l)
		}
	}
	body := h.page(asStranger, "/cmadfi/2028/register")
	if strings.Contains(body, "code-fold") || strings.Index(body, `name="code"`) > strings.Index(body, `name="name"`) {
		t.Error("the code is not asked for first")
	}
	bare := person("Aa", "onsite", "answers.evening", "no")
	h.refusedAt("2028", bare, text.Finnish, map[string]string{"code": h.Words.T(text.Finnish, "registration.invited_only")})
	bare.Set("code", code)
	h.shows(h.register("2028", bare), "onsite confirmed", "ticket.confirmed")
	h.at(e.StartsAt)
	if body := h.page(asStranger, "/cmadfi/2028"); !strings.Contains(body, h.Words.T(text.Finnish, "edition.invited_day")) || strings.Contains(body, h.Words.T(text.Finnish, "edition.invited")) {
		t.Error("on the day it does not say that it is for the invited")
	}
}

// TestApproval: organisers decide, which is said before pressing, and the API
// tells of no position.
func TestApproval(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	e := h.newEdition("2028", seats(3), nil)
	h.asks(e, supper(), func(r *registration.Rules) { r.Approval = true })
	for _, l := range text.Langs {
		form := h.page(asStranger, "/cmadfi/2028/register", "Accept-Language", string(l))
		front := h.page(asStranger, "/cmadfi/2028", "Accept-Language", string(l))
		if !strings.Contains(form, h.Words.T(l, "register.approval")) || !strings.Contains(form, ">"+h.Words.T(l, "register.submit_ask")+"<") || strings.Contains(form, ">"+h.Words.T(l, "register.submit")+"<") ||
			!strings.Contains(front, h.Words.T(l, "edition.approval")) {
			t.Errorf("%s: it is not said that organisers decide", l)
		}
	}
	r := h.call("2028", "k", `{"name":"Aa","email":"aa@agora.test","place":"onsite","answers":{"evening":false}}`)
	if m := registeredForm.FindStringSubmatch(r.body); m == nil || m[2] != "waiting" || m[3] != "null" {
		t.Errorf("status %d %s", r.status, r.body)
	}
}

// TestKindsOfPlaces: each kind has its own counter and waiting list, on the form
// and on the edition's page; what an edition does not have is not offered.
func TestKindsOfPlaces(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	h.newEdition("2028", seats(1), seats(2))
	h.newEdition("etana", seats(0), seats(1))
	h.newEdition("sali", seats(4), seats(0))
	for _, who := range []string{"Aa onsite", "Bb onsite", "Cc onsite", "Dd remote"} {
		name, kind, _ := strings.Cut(who, " ")
		h.register("2028", person(name, kind))
	}
	hints := func(slug string) []string {
		return headings(between(h.page(asStranger, "/cmadfi/"+slug+"/register"), `role="radiogroup"`, "</fieldset>", ""), "small")
	}
	say := func(key string, a ...any) string { return h.Words.T(text.Finnish, key, a...) }
	if got, want := hints("2028"), []string{"Talo. " + say("register.full_hint", "n", 2), say("register.remote_hint") + " " + say("register.free_hint", "n", 1)}; !slices.Equal(got, want) {
		t.Errorf("the form says %q, want %q", got, want)
	}
	h.register("2028", person("Ee", "remote"))
	h.register("2028", person("Ff", "remote"))
	figures := regexp.MustCompile(`<b>(\d+)</b> ([^<]+)</li>`)
	var got []string
	for _, m := range figures.FindAllStringSubmatch(h.page(asStranger, "/cmadfi/2028"), -1) {
		got = append(got, m[1]+" "+m[2])
	}
	want := []string{"1 " + say("edition.taken", "n", 1), "0 " + say("edition.free", "n", 0), "2 " + say("edition.waiting", "n", 2),
		"2 " + say("edition.remote", "n", 2), "0 " + say("edition.remote_free", "n", 0), "1 " + say("edition.remote_waiting", "n", 1)}
	if !slices.Equal(got, want) {
		t.Errorf("the edition's page counts %q, want %q", got, want)
	}
	for slug, kind := range map[string]string{"etana": "remote", "sali": "onsite"} {
		body := h.page(asStranger, "/cmadfi/"+slug+"/register")
		if got := control(body, "place"); !slices.Equal(got, []string{kind}) || strings.Contains(body, `type="radio" id="place`) || strings.Contains(body, `name="meanwhile"`) {
			t.Errorf("%s offers %q", slug, got)
		}
		if front := h.page(asStranger, "/cmadfi/"+slug); strings.Contains(front, "place=remote") || strings.Contains(front, say("edition.full", "n", 0)) {
			t.Errorf("%s: the front page offers what is not there, or says it is full", slug)
		}
	}
	if body := h.page(asStranger, "/api/v1/editions/cmadfi/etana"); !strings.Contains(body, `"phase":"open"`) {
		t.Error("the webinar is not open to the API")
	}
	h.shows(h.register("etana", person("Gg", "remote")), "remote confirmed", "ticket.confirmed_remote")
	if body := h.page(asStranger, "/cmadfi/etana"); !strings.Contains(body, say("edition.full", "n", 0)) {
		t.Error("a webinar without places is not full")
	}
}
