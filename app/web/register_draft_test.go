package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/registration"
	"agora/app/text"
)

const draftCookie = "agora_draft"

// saves keeps a form and gives the cookie that opens it.
func (h *webHouse) saves(slug string, v url.Values, headers ...string) string {
	h.t.Helper()
	r := h.post(asStranger, "/cmadfi/"+slug+"/register/save", v, headers...)
	c := r.cookie(draftCookie)
	if r.status != http.StatusSeeOther || r.location() != "/cmadfi/"+slug+"/register" || c == nil {
		h.t.Fatalf("status %d to %q with %v\n%.400s", r.status, r.location(), c, r.body)
	}
	if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/cmadfi/"+slug+"/register" || len(c.Value) != 32 || c.MaxAge <= 0 {
		h.t.Errorf("the cookie is %v", c)
	}
	return draftCookie + "=" + c.Value
}

// TestDraftLife: saved before the opening, there on every later visit, sent with
// one press, and forgotten.
func TestDraftLife(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d)
		e := h.newEdition("2028", seats(1), nil)
		h.asks(e, supper(), nil)
		h.at(e.OpensAt.Add(-time.Hour))
		v := person("  Åsa 🙂 ", "remote", "email", "half an address", "answers.evening", "yes", "answers.diet_other", "selleri", "answers.wishes", "yksi\r\nkaksi", "photo", "no",
			"people.3.name", "Työkaveri", "people.3.email", "", "people.9.name", " ", "together", "split", "surplus", "x")
		v["answers.diet"] = []string{"fish", "meat"}
		mine := h.saves("2028", v)
		shown := func(body string) {
			t.Helper()
			for name, want := range map[string][]string{"name": {"  Åsa 🙂 "}, "email": {"half an address"}, "place": {"remote"}, "photo": {"no"}, "answers.evening": {"yes"},
				"answers.diet": {"meat", "fish"}, "answers.diet_other": {"selleri"}, "key": {v.Get("key")}, "people.1.name": {"Työkaveri"}, "together": {"split"}, "meanwhile": nil, "people.2.name": nil} {
				if got := control(body, name); !slices.Equal(got, want) {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
			if strings.ReplaceAll(area(body, "answers.wishes"), "\r", "") != "yksi\nkaksi" {
				t.Error("the wishes are lost")
			}
		}
		body := h.page(asStranger, "/cmadfi/2028/register", "Cookie", mine)
		shown(body)
		if !strings.Contains(body, h.Words.T(text.Finnish, "register.saved_lacks")) || !strings.Contains(body, `formaction="/cmadfi/2028/register/forget"`) {
			t.Error("it does not say that it is saved, or how to forget it")
		}
		// While there is time, it tells what the press at the opening would stumble over.
		for _, name := range []string{"email", "people.1.email"} {
			if len(errorsBeside(body, name)) != 1 {
				t.Errorf("nothing is said beside %s", name)
			}
		}
		// Nobody else's browser opens it, nor this one at another edition.
		h.newEdition("2029", seats(1), nil)
		for path, cookie := range map[string]string{"/cmadfi/2028/register": "", "/cmadfi/2028/register?lang=fi": draftCookie + "=" + strings.Repeat("A", 32), "/cmadfi/2028/register?day=1": draftCookie + "=x", "/cmadfi/2029/register": mine} {
			if body := h.page(asStranger, path, "Cookie", cookie); strings.Contains(body, "Åsa") || strings.Contains(body, "selleri") || strings.Contains(body, "register/forget") {
				t.Errorf("%s with %q opens somebody's form", path, cookie)
			}
		}
		// Saved again it is the same one, and what was emptied stays empty.
		v.Del("answers.wishes")
		v.Set("answers.diet_other", "")
		if again := h.saves("2028", v, "Cookie", mine); again != mine || h.count("SELECT count(*) FROM draft") != 1 {
			t.Errorf("saving again gives %s, not %s", again, mine)
		}
		v.Set("email", "asa@agora.test")
		v.Set("answers.evening", "no")
		for _, name := range []string{"people.3.name", "people.3.email", "people.9.name"} {
			v.Del(name)
		}
		h.saves("2028", v, "Cookie", mine)
		h.at(e.OpensAt)
		body = h.page(asStranger, "/cmadfi/2028/register", "Cookie", mine)
		if got := control(body, "email"); !slices.Equal(got, []string{"asa@agora.test"}) || !strings.Contains(body, h.Words.T(text.Finnish, "register.saved_open")) || strings.Contains(body, "register/save\"") {
			t.Errorf("at the opening it is not ready: %q", got)
		}
		r := h.post(asStranger, "/cmadfi/2028/register", v, "Cookie", mine)
		if c := r.cookie(draftCookie); r.status != http.StatusSeeOther || c == nil || c.MaxAge >= 0 || c.Path != "/cmadfi/2028/register" {
			t.Errorf("sent: status %d, cookie %v", r.status, c)
		}
		if n := h.count("SELECT count(*) FROM draft"); n != 0 {
			t.Errorf("%d drafts are left", n)
		}
	})
}

// TestDraftForgotten: by a press of the one whose it is, and of nobody else.
func TestDraftForgotten(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	e := h.newEdition("2028", seats(1), nil)
	h.at(e.OpensAt.Add(-time.Hour))
	mine, other := h.saves("2028", person("Eka Henkilö", "onsite")), h.saves("2028", person("Toka Henkilö", "onsite"))
	if mine == other {
		t.Fatal("two browsers share a draft")
	}
	h.post(asStranger, "/cmadfi/2028/register/forget", nil)
	h.post(asStranger, "/cmadfi/2028/register/forget", nil, "Cookie", draftCookie+"="+strings.Repeat("B", 32))
	if n := h.count("SELECT count(*) FROM draft"); n != 2 {
		t.Errorf("%d drafts, want 2", n)
	}
	if r := h.post(asStranger, "/cmadfi/2028/register/forget", nil, "Cookie", mine); r.status != http.StatusSeeOther || r.cookie(draftCookie) == nil || r.cookie(draftCookie).MaxAge >= 0 {
		t.Errorf("status %d", r.status)
	}
	if body := h.page(asStranger, "/cmadfi/2028/register", "Cookie", mine); strings.Contains(body, "Eka Henkilö") {
		t.Error("it is not forgotten")
	}
	if body := h.page(asStranger, "/cmadfi/2028/register", "Cookie", other); !strings.Contains(body, "Toka Henkilö") {
		t.Error("the other one's is gone too")
	}
	// From another site nothing is saved or forgotten.
	for _, act := range []string{"save", "forget"} {
		if r := h.post(asStranger, "/cmadfi/2028/register/"+act, person("X", "onsite"), "Cookie", other, "Sec-Fetch-Site", "cross-site"); r.status != http.StatusForbidden {
			t.Errorf("%s from elsewhere: status %d", act, r.status)
		}
	}
	h.at(e.ClosesAt)
	if r := h.post(asStranger, "/cmadfi/2028/register/save", person("Myöhä", "onsite")); r.cookie(draftCookie) != nil || h.count("SELECT count(*) FROM draft") != 1 {
		t.Error("a form is saved after the closing")
	}
}

// TestTooEarly: a press a second before the opening costs nothing: the same form
// and key decide a second later.
func TestTooEarly(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	e := h.newEdition("2028", seats(1), nil)
	h.asks(e, supper(), func(r *registration.Rules) { r.GroupMost = 5 })
	h.at(e.OpensAt.Add(-time.Second))
	v := person("Eka Henkilö", "onsite", "answers.evening", "yes", "people.1.name", "Toka", "people.1.email", "toka@agora.test", "together", "split")
	v["answers.diet"] = []string{"meat", "fish"}
	v.Set("consent", "1")
	for _, l := range text.Langs {
		r := h.post(asStranger, "/cmadfi/2028/register", v, "Accept-Language", string(l))
		said := h.Words.T(l, "registration.not_open", "opens", text.DateTime(l, e.Local(e.OpensAt)))
		if r.status != http.StatusConflict || !strings.Contains(r.body, said) {
			t.Errorf("%s: status %d", l, r.status)
		}
		for name, want := range map[string][]string{"answers.diet": {"meat", "fish"}, "people.1.email": {"toka@agora.test"}, "key": {v.Get("key")}, "together": {"split"}, "consent": {"1"}} {
			if got := control(r.body, name); !slices.Equal(got, want) {
				t.Errorf("%s: %s is %q, want %q", l, name, got, want)
			}
		}
	}
	h.at(e.OpensAt)
	h.shows(h.register("2028", v), "onsite confirmed", "ticket.confirmed")
}

// TestDraftBusy: while the database cannot write, a form that was to be saved
// comes back as it was typed.
func TestDraftBusy(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	e := h.newEdition("2028", seats(1), nil)
	h.at(e.OpensAt.Add(-time.Hour))
	held, release, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- h.DB.Tx(context.WithoutCancel(t.Context()), func(context.Context, bun.Tx) error {
			close(held)
			<-release
			return nil
		})
	}()
	<-held
	v := person("Eka Henkilö", "onsite", "needs", "pähkinä")
	r := h.post(asStranger, "/cmadfi/2028/register/save", v)
	if r.status != http.StatusServiceUnavailable || r.header.Get("Retry-After") == "" || area(r.body, "needs") != "pähkinä" || !slices.Equal(control(r.body, "key"), v["key"]) {
		t.Errorf("status %d, Retry-After %q", r.status, r.header.Get("Retry-After"))
	}
	close(release)
	h.must(<-done)
	h.saves("2028", v)
}
