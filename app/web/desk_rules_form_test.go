package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"agora/app/db/dbtest"
	"agora/app/registration"
	"agora/app/registration/form"
	"agora/app/text"
)

// TestRules: each is saved as it was typed, what is wrong stands beside its
// field, and of two organisers the second sees what the first has saved.
func TestRules(t *testing.T) {
	h := demoHouse(t)
	e := h.newEdition("2028", seats(2), nil)
	en := func(key string, args ...any) string { return h.Words.T(text.English, key, args...) }
	page := desk2028 + "/places/rules"
	setup := func() registration.Setup {
		s, err := h.Registrations.Setup(t.Context(), e.ID)
		h.must(err)
		return s
	}
	// A select's value is no input's; the form carries them as a browser would.
	form := func(body string, changed ...string) url.Values {
		return sentBack(body, append([]string{"quiet_from", "21", "quiet_to", "8"}, changed...)...)
	}
	shown := h.page(asOrganiser, page, "Accept-Language", "en")
	h.leads(h.post(asOrganiser, page, form(shown)), page)
	if got := setup(); got.Rules != registration.UsualRules || got.Version != 1 {
		t.Fatalf("saved unchanged: %+v", got)
	}
	before := h.dump()
	r := h.post(asOrganiser, page, form(shown, "promotion", "", "offer_hours", "0", "near_days", "x", "quiet_from", "24", "group_most", "51"), "Accept-Language", "en")
	h.sameProblems(r, map[string]string{"promotion": en("field.required"), "offer_hours": en("registration.rule_range", "least", 1, "most", 336),
		"near_days": en("field.number"), "quiet_from": en("registration.rule_range", "least", 0, "most", 23), "group_most": en("registration.rule_range", "least", 0, "most", 50)})
	if v := valuesOf(r.body); v["near_days"] != "x" || v["group_most"] != "51" {
		t.Errorf("what was typed is lost: %v", v)
	}
	// Tried, not saved: two hours from two in the afternoon of the site's clock.
	now := h.page(asOrganiser, page, "Accept-Language", "en")
	r = h.post(asOrganiser, page, form(now, "promotion", "offer", "offer_hours", "2", "try", "1"), "Accept-Language", "en")
	if want := en("rules.deadline", "until", "21 November 2026, 16:00", "zone", "Europe/Helsinki"); r.status != http.StatusOK || !strings.Contains(r.body, want) {
		t.Errorf("status %d, and %q is not said", r.status, want)
	}
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("%s changed", diff)
	}
	h.leads(h.post(asOrganiser, page, form(now, "promotion", "offer", "offer_hours", "48", "approval", "1", "group_most", "0")), page)
	want := registration.UsualRules
	want.Promotion, want.OfferHours, want.Approval, want.GroupMost = registration.ByOffer, 48, true, 0
	if got := setup(); got.Rules != want {
		t.Errorf("saved: %+v", got.Rules)
	}
	// Somebody else still has the page from before open.
	r = h.post(asOwner, page, form(now, "near_days", "9", "remind_day", ""), "Accept-Language", "en")
	v := valuesOf(r.body)
	if r.status != http.StatusConflict || v["near_days"] != "9" || v["version"] != "2" || v["remind_day"] != "" {
		t.Errorf("status %d, the form %v", r.status, v)
	}
	for _, theirs := range []string{"<dt>" + en("rules.promotion") + "</dt><dd>" + en("rules.promotion_offer"), "<dt>" + en("rules.offer_hours") + "</dt><dd>48", "<dt>" + en("rules.approval") + "</dt><dd>" + en("rules.on")} {
		if !strings.Contains(r.body, theirs) {
			t.Errorf("%q is not shown", theirs)
		}
	}
	if got := setup(); got.Rules != want {
		t.Errorf("it was saved all the same: %+v", got.Rules)
	}
	h.leads(h.post(asOwner, page, form(r.body)), page)
	want = registration.UsualRules
	want.NearDays, want.RemindDay = 9, false
	if got := setup(); got.Rules != want || got.Version != 3 {
		t.Errorf("sent once more: %+v", got)
	}
	h.acts("2028", "registration.rules", "registration.rules", "registration.rules")
}

// TestHalvesDoNotClash: rules and form share a version, but a change of one is
// none of the other.
func TestHalvesDoNotClash(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	h.makeOwner()
	e := h.newEdition("2028", seats(2), nil)
	rules, field := desk2028+"/places/rules", desk2028+"/form/new-field"
	sentRules := sentBack(h.page(asOwner, rules), "quiet_from", "20", "quiet_to", "8")
	sentField := sentBack(h.page(asOwner, field), "label_fi", "Ruoka", "purpose_fi", "Tilaamme", "kind", "text")
	h.leads(h.post(asOwner, field, question("0", "Eka")), desk2028+"/form")
	h.leads(h.post(asOwner, rules, sentRules), rules)
	if r := h.post(asOwner, rules, sentRules); r.status != http.StatusConflict {
		t.Errorf("rules that others have changed: status %d", r.status)
	}
	if r := h.post(asOwner, field, sentField); r.status != http.StatusConflict {
		t.Errorf("a form that others have changed: status %d", r.status)
	}
	sentField = sentBack(h.page(asOwner, field), "label_fi", "Ruoka", "purpose_fi", "Tilaamme", "kind", "text")
	h.leads(h.post(asOwner, rules, sentBack(h.page(asOwner, rules), "quiet_from", "19", "quiet_to", "8")), rules)
	h.leads(h.post(asOwner, field, sentField), desk2028+"/form")
	s, err := h.Registrations.Setup(t.Context(), e.ID)
	h.must(err)
	if s.Rules.QuietFrom != 19 || len(s.Form.Fields) != 2 || s.Version != 4 {
		t.Errorf("%+v", s)
	}
}

// question is a form for a question that is right.
func question(version, label string, more ...string) url.Values {
	v := url.Values{"version": {version}, "kind": {"text"}, "label_fi": {label}, "purpose_fi": {"Tilaamme tämän mukaan"}, "keep_days": {"10"}, "rows": {"3"}}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return v
}

// TestFormBuilder adds, changes, moves and removes questions; answers stay with
// their options when the words change.
func TestFormBuilder(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	h.makeOwner()
	e := h.newEdition("2028", seats(2), nil)
	en := func(key string, args ...any) string { return h.Words.T(text.English, key, args...) }
	page := desk2028 + "/form"
	saved := func() form.Form {
		s, err := h.Registrations.Setup(t.Context(), e.ID)
		h.must(err)
		return s.Form
	}
	send := func(path string, v url.Values) reply { return h.post(asOwner, page+path, v, "Accept-Language", "en") }
	r := send("/new-field", question("0", "", "kind", "choice", "purpose_fi", "", "keep_days", "31", "special", "1", "opt_0_fi", "Liha", "opt_2_fi", "LIHA"))
	h.sameProblems(r, map[string]string{"label_fi": en("form.label_missing"), "purpose_fi": en("form.purpose_missing"),
		"keep_days": en("form.keep_special", "max", 30), "opt_2_fi": en("form.option_twice")})
	if v := valuesOf(r.body); v["opt_0_fi"] != "Liha" || v["opt_2_fi"] != "LIHA" || v["keep_days"] != "31" {
		t.Errorf("what was typed is lost: %v", v)
	}
	if r := send("/new-field", question("0", "Ruoka", "kind", "text", "opt_0_fi", "Liha", "keep_days", "x")); !strings.Contains(r.body, en("form.options_none")) || valuesOf(r.body)["opt_0_fi"] != "Liha" {
		t.Error("options of a text are lost without a word")
	}
	if r := send("/new-field", question("0", "Ruoka", "opt_2_fi", "Kala", "more", "1")); r.status != http.StatusOK || valuesOf(r.body)["opt_2_fi"] != "Kala" || valuesOf(r.body)["rows"] != "8" {
		t.Error("more lines lose what was typed")
	}
	h.leads(send("/new-field", question("0", "Ruoka", "kind", "choice", "special", "1", "opt_0_fi", "Liha", "opt_1_fi", "Kasvis", "opt_1_sv", "Vego")), page)
	h.leads(send("/new-field", question("1", "Allergiat", "when", "ruoka=kasvis", "required", "1")), page)
	h.leads(send("/new-field", question("2", "Muuta", "kind", "long", "hint_en", "Anything")), page)
	// Words change and an option comes in between; the keys stay.
	edited := sentBack(h.page(asOwner, page+"/ruoka"), "kind", "choice", "opt_0_fi", "Lihaa", "opt_2_fi", "Kalaa", "when", "")
	h.leads(send("/ruoka", edited), page)
	f := saved()
	if got := f.Fields[0].Options; len(got) != 3 || got[0].Key != "liha" || got[0].Label[text.Finnish] != "Lihaa" || got[1].Key != "kasvis" || got[1].Label[text.Swedish] != "Vego" || got[2].Key != "kalaa" {
		t.Errorf("options: %+v", got)
	}
	if x := f.Fields[1]; x.Key != "allergiat" || !x.Required || x.When == nil || *x.When != (form.Condition{Field: "ruoka", Value: "kasvis"}) || x.KeepDays != 10 {
		t.Errorf("the second: %+v", x)
	}
	taken := sentBack(h.page(asOwner, page+"/ruoka"), "kind", "choice", "opt_1_fi", "", "opt_1_sv", "")
	if r := send("/ruoka", taken); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, en("form.depended", "field", "Allergiat")) {
		t.Errorf("status %d: an option that another question waits for is taken away", r.status)
	}
	refused := func(path string, v url.Values, why string) {
		t.Helper()
		before := h.dump()
		if r := send(path, v); r.status != http.StatusConflict || !strings.Contains(textOf(r.body), why) {
			t.Errorf("%s: status %d, and %q is not said", path, r.status, why)
		}
		if diff := differing(before, h.dump()); diff != "" {
			t.Errorf("%s: %s changed", path, diff)
		}
	}
	refused("/ruoka/remove", url.Values{"version": {"4"}}, en("form.depended", "field", "Allergiat"))
	refused("/ruoka/move", url.Values{"version": {"4"}, "by": {"down"}}, en("form.order", "field", "Allergiat"))
	refused("/muuta/move", url.Values{"version": {"3"}, "by": {"up"}}, en("form_desk.changed"))
	refused("/muuta", question("3", "Toisin"), en("form_desk.clashed"))
	if r := send("/nothing/remove", url.Values{"version": {"4"}}); r.status != http.StatusNotFound {
		t.Errorf("a question that is not there: status %d", r.status)
	}
	h.leads(send("/muuta/move", url.Values{"version": {"4"}, "by": {"up"}}), page)
	if f := saved(); f.Fields[1].Key != "muuta" || f.Fields[2].Key != "allergiat" {
		t.Errorf("moved: %v %v", f.Fields[1].Key, f.Fields[2].Key)
	}
	h.leads(send("/allergiat/remove", url.Values{"version": {"5"}}), page)
	if f := saved(); len(f.Fields) != 2 {
		t.Errorf("%d questions are left", len(f.Fields))
	}
	h.acts("2028", "registration.form", "registration.form", "registration.form", "registration.form", "registration.form", "registration.form")
	body := h.page(asOwner, page, "Accept-Language", "sv")
	if !strings.Contains(body, `name="preview_ruoka" value="kasvis"`) || !strings.Contains(body, "Vego") || strings.Contains(body, "allergiat") {
		t.Error("the preview is not the form")
	}
}

// TestClashKeepsWhatWasTyped: a question that comes back from a clash goes in
// with the second press.
func TestClashKeepsWhatWasTyped(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	h.makeOwner()
	e := h.newEdition("2028", seats(2), nil)
	page := desk2028 + "/form/new-field"
	h.leads(h.post(asOwner, page, question("0", "Eka")), desk2028+"/form")
	r := h.post(asOwner, page, question("0", "Toka"))
	if r.status != http.StatusConflict || valuesOf(r.body)["label_fi"] != "Toka" || valuesOf(r.body)["version"] != "1" {
		t.Fatalf("status %d, %v", r.status, valuesOf(r.body))
	}
	h.leads(h.post(asOwner, page, sentBack(r.body, "kind", "text", "when", "")), desk2028+"/form")
	s, err := h.Registrations.Setup(t.Context(), e.ID)
	h.must(err)
	if len(s.Form.Fields) != 2 || s.Form.Fields[1].Key != "toka" {
		t.Errorf("%+v", s.Form)
	}
}
