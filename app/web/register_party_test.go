package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/registration"
	"agora/app/text"
)

// brings adds colleagues to a filled-in form.
func brings(v url.Values, names ...string) url.Values {
	for i, name := range names {
		v.Set(fmt.Sprintf("people.%d.name", i+1), name)
		v.Set(fmt.Sprintf("people.%d.email", i+1), strings.ToLower(strings.ReplaceAll(name, " ", "."))+"@agora.test")
	}
	return v
}

// states lists what became of everybody, in the order they came.
func (h *webHouse) states(slug string) string {
	h.t.Helper()
	var rows []registration.Registration
	h.must(h.DB.Read.NewSelect().Model(&rows).Where("edition_id = ?", h.find(slug).ID).Order("id").Scan(h.t.Context()))
	var list []string
	for _, r := range rows {
		s := r.Name + " " + string(r.State)
		if r.State == registration.Waiting && !r.Pending {
			s += fmt.Sprint(" ", r.Line)
		}
		list = append(list, s)
	}
	return strings.Join(list, ", ")
}

// TestPartyTogether: colleagues get places or wait as one; pressed twice it is
// done once.
func TestPartyTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d)
		h.newEdition("2028", seats(5), nil)
		v := brings(person("Aa", "onsite", "together", "yes"), "Bb", "Cc")
		ticket := h.register("2028", v)
		if again := h.register("2028", v); again != ticket {
			t.Errorf("pressed twice: %s and %s", ticket, again)
		}
		h.shows(ticket, "onsite confirmed", "ticket.confirmed")
		h.shows(h.register("2028", brings(person("Dd", "onsite", "together", "yes"), "Ee", "Ff")), "onsite waiting 1", "ticket.waiting")
		if got, want := h.states("2028"), "Aa confirmed, Bb confirmed, Cc confirmed, Dd waiting 1, Ee waiting 2, Ff waiting 3"; got != want {
			t.Errorf("they are\n%s, want\n%s", got, want)
		}
		h.countsAreRows("2028", "onsite 3/5 waiting 3, remote 0 waiting 0")
		h.letters("Bb", "registration_confirmed")
		h.newEdition("2029", seats(2), nil)
		h.register("2029", brings(person("Aa", "onsite", "together", "split"), "Bb", "Cc"))
		if got, want := h.states("2029"), "Aa confirmed, Bb confirmed, Cc waiting 1"; got != want {
			t.Errorf("split they are\n%s, want\n%s", got, want)
		}
	})
}

// TestPartyWrong: problems stand beside the row they are of, the rows numbered
// anew, and nobody is registered.
func TestPartyWrong(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	e := h.newEdition("2028", seats(5), nil)
	h.asks(e, supper(), func(r *registration.Rules) { r.GroupMost = 4 })
	h.register("2028", person("Tuttu", "onsite", "answers.evening", "no"))
	before := h.dump()
	v := person("Aa", "onsite", "answers.evening", "no", "people.2.name", "", "people.4.name", "ليلى 🙂", "people.4.email", "aa@agora.test",
		"people.4.organisation", strings.Repeat("ö", 121), "people.7.email", "x@", "people.8.name", "Dd", "people.8.email", "dd@agora.test", "together", "split")
	for _, l := range text.Langs {
		say := func(key string, a ...any) string { return h.Words.T(l, key, a...) }
		r := h.refusedAt("2028", v, l, map[string]string{"people.1.email": say("registration.party_twice"), "people.1.organisation": say("field.long", "max", 120),
			"people.2.name": say("field.required"), "people.2.email": say("account.email.form")})
		for name, want := range map[string][]string{"people.1.name": {"ليلى 🙂"}, "people.1.email": {"aa@agora.test"}, "people.2.email": {"x@"}, "people.3.name": {"Dd"}, "people.4.name": nil, "together": {"split"}} {
			if got := control(r.body, name); !slices.Equal(got, want) {
				t.Errorf("%s: %s is %q, want %q", l, name, got, want)
			}
		}
		if !strings.Contains(r.body, `<a href="#people.2.name">`+say("frame.problem", "field", say("register.colleague_field", "number", 2, "field", say("register.name")), "text", say("field.required"))) {
			t.Errorf("%s: the summary does not say whose name is missing", l)
		}
	}
	known := brings(person("Aa", "onsite", "answers.evening", "no"), "Tuttu")
	h.refusedAt("2028", known, text.Finnish, map[string]string{"people.1.email": h.Words.T(text.Finnish, "registration.party_known", "email", "tuttu@agora.test")})
	many := h.post(asStranger, "/cmadfi/2028/register", brings(person("Aa", "onsite", "answers.evening", "no"), "Bb", "Cc", "Dd", "Ee"))
	if many.status != http.StatusUnprocessableEntity || strings.Count(many.body, h.Words.T(text.Finnish, "registration.party_most", "n", 4)) != 2 || len(control(many.body, "people.4.name")) != 1 {
		t.Errorf("one too many: status %d", many.status)
	}
	// Nothing of a party that was refused stays, not even an address.
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("%s changed", diff)
	}
	// Where there are no groups the page asks for nobody else.
	h.asks(e, supper(), func(r *registration.Rules) { r.GroupMost = 1 })
	if body := h.page(asStranger, "/cmadfi/2028/register"); strings.Contains(body, "people.") {
		t.Error("colleagues are asked for where nobody may bring any")
	}
}

// TestPartyWithoutScripts: buttons add and take away rows and lose nothing, also
// before the opening; how many seats there are for how many people is said.
func TestPartyWithoutScripts(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	e := h.newEdition("2028", seats(2), nil)
	h.asks(e, supper(), nil)
	h.at(e.OpensAt.Add(-1))
	before := h.dump()
	send := func(v url.Values) reply {
		t.Helper()
		r := h.post(asStranger, "/cmadfi/2028/register", v)
		if r.status != http.StatusOK {
			t.Fatalf("status %d", r.status)
		}
		for _, f := range pageFaults(r.body, "fi") {
			t.Error(f)
		}
		return r
	}
	v := person("Aa", "onsite", "add", "1", "needs", "pähkinä", "answers.wishes", "kahvia")
	v["answers.diet"] = []string{"meat", "fish"}
	r := send(v)
	if got := control(r.body, "people.1.name"); !slices.Equal(got, []string{""}) {
		t.Errorf("the new row is %q", got)
	}
	if got := control(r.body, "answers.diet"); !slices.Equal(got, []string{"meat", "fish"}) || area(r.body, "needs") != "pähkinä" || area(r.body, "answers.wishes") != "kahvia" {
		t.Errorf("adding a row loses what is ticked or typed: %q", got)
	}
	r = send(brings(person("Aa", "onsite", "add", "1"), "Bb", "Cc"))
	if got := len(control(r.body, "people.3.name")); got != 1 {
		t.Errorf("%d third rows", got)
	}
	if count := h.Words.T(text.Finnish, "register.party_count", "free", 2, "people", 4); !strings.Contains(r.body, count) || !strings.Contains(r.body, `data-party-short>`) {
		t.Errorf("it does not say %s", count)
	}
	r = send(brings(person("Aa", "onsite", "remove", "1"), "Bb", "Cc"))
	if got := append(control(r.body, "people.1.name"), control(r.body, "people.2.name")...); !slices.Equal(got, []string{"Cc"}) || !strings.Contains(r.body, `data-party-short hidden>`) {
		t.Errorf("left are %q", got)
	}
	send(brings(person("Aa", "onsite", "remove", "x"), "Bb"))
	// A form made by hand is answered by a page of a bounded size.
	flood := person("Aa", "onsite", "remove", "1")
	for i := range 2000 {
		flood.Set(fmt.Sprintf("people.%d.name", i+1), "x")
	}
	if r = send(flood); len(control(r.body, "people.60.name")) != 1 || len(control(r.body, "people.61.name")) != 0 {
		t.Error("there is no end to the rows")
	}
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("%s changed", diff)
	}
}
