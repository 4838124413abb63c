package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"agora/app/account"
	"agora/app/registration"
)

// Somebody who asks to be erased leaves no name and no address in any table,
// and their seat goes on.
func TestErasure(t *testing.T) {
	h := demoHouse(t)
	person, _, err := h.Accounts.Who(t.Context(), h.logins[asAttendee])
	h.must(err)
	e := h.newEdition("poisto", seats(1), nil)
	form := url.Values{"name": {"Poistuva Henkilö"}, "email": {person.Email}, "place": {"onsite"}, "photo": {"ask"}, "needs": {"pähkinätön"}, "consent": {"1"}}
	if r := h.post(asStranger, e.Path()+"/register", form); r.status != http.StatusSeeOther {
		t.Fatal(r.status)
	}
	next := url.Values{"name": {"Seuraava"}, "email": {"seuraava@agora.test"}, "place": {"onsite"}, "photo": {"ask"}}
	if r := h.post(asStranger, e.Path()+"/register", next); r.status != http.StatusSeeOther {
		t.Fatal(r.status)
	}
	in := func(word string) (tables []string) {
		for table, rows := range h.dump() {
			if strings.Contains(strings.ToLower(rows), strings.ToLower(word)) {
				tables = append(tables, table)
			}
		}
		return tables
	}
	if len(in(person.Email)) < 3 {
		t.Fatalf("the control: the address stands in %v", in(person.Email))
	}
	if r := h.post(asAttendee, "/me/erase", nil); r.status != http.StatusUnprocessableEntity || len(in(person.Email)) < 3 {
		t.Errorf("without the tick: %d, the address stands in %v", r.status, in(person.Email))
	}
	if r := h.post(asAttendee, "/me/erase", url.Values{"sure": {"1"}}); r.status != http.StatusSeeOther {
		t.Fatalf("status %d", r.status)
	}
	for _, word := range []string{person.Email, "Poistuva", "pähkinätön"} {
		if left := in(word); len(left) > 0 {
			t.Errorf("%q still stands in %v", word, left)
		}
	}
	if r := h.get(asAttendee, "/me"); r.status != http.StatusSeeOther {
		t.Errorf("still signed in: %d", r.status)
	}
	if n := h.count("SELECT count(*) FROM registration WHERE edition_id = ? AND state = ? AND email = 'seuraava@agora.test'", e.ID, registration.Confirmed); n != 1 {
		t.Error("the seat did not go on to the next in line")
	}
}

// An organiser gives a role and takes it back; it opens the desk and closes it.
func TestPeopleOfAnEdition(t *testing.T) {
	h := demoHouse(t)
	const path = "/desk/cmadfi/2027/people"
	person, _, err := h.Accounts.Who(t.Context(), h.logins[asAttendee])
	h.must(err)
	if r := h.get(asAttendee, "/desk/cmadfi/2027/live"); r.status != http.StatusForbidden {
		t.Fatalf("the control: %d", r.status)
	}
	give := url.Values{"email": {person.Email}, "role": {string(account.Moderator)}}
	if r := h.post(asOrganiser, path, give); r.status != http.StatusSeeOther {
		t.Fatalf("giving: %d", r.status)
	}
	if n := h.count("SELECT count(*) FROM role WHERE person_id = ? AND role = ?", person.ID, account.Moderator); n != 1 {
		t.Errorf("%d roles", n)
	}
	take := url.Values{"person": {person.ID}, "role": {string(account.Moderator)}}
	if r := h.post(asOtherOrganiser, path+"/remove", take); r.status != http.StatusForbidden {
		t.Errorf("another organiser: %d", r.status)
	}
	if r := h.post(asOrganiser, path+"/remove", take); r.status != http.StatusSeeOther {
		t.Errorf("taking: %d", r.status)
	}
	if n := h.count("SELECT count(*) FROM role WHERE person_id = ? AND role = ?", person.ID, account.Moderator); n != 0 {
		t.Errorf("%d roles are left", n)
	}
	for _, wrong := range []url.Values{{"email": {"ei osoite"}, "role": {"moderator"}}, {"email": {"a@agora.test"}, "role": {"owner"}}} {
		if r := h.post(asOrganiser, path, wrong); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, wrong.Get("email")) {
			t.Errorf("%v: %d", wrong, r.status)
		}
	}
	if n := h.count("SELECT count(*) FROM role WHERE role = 'owner' AND person_id IN (SELECT id FROM person WHERE email = 'a@agora.test')"); n != 0 {
		t.Error("an organiser made an owner")
	}
}
