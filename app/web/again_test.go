package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"agora/app/account"
	"agora/app/registration"
)

// A form that is sent again is answered again. One that somebody went back to
// and changed is a registration of its own, not a dead end.
func TestFormSentAgain(t *testing.T) {
	h := demoHouse(t)
	e := h.newEdition("lomake", seats(5), nil)
	form := url.Values{"key": {"one key"}, "name": {"Aino"}, "email": {"aino@agora.test"}, "place": {"onsite"}, "photo": {"ask"}}
	send := func() reply { return h.post(asStranger, e.Path()+"/register", form) }
	first := send()
	if again := send(); first.status != http.StatusSeeOther || again.location() != first.location() {
		t.Fatalf("%d %s, again %d %s", first.status, first.location(), again.status, again.location())
	}
	form.Set("name", "Aino Öhman")
	if known := send(); known.status != http.StatusConflict || !strings.Contains(known.body, "aino@agora.test") {
		t.Errorf("the same address, another name: %d", known.status)
	}
	form.Set("email", "eino@agora.test")
	colleague := send()
	if colleague.status != http.StatusSeeOther || colleague.location() == first.location() {
		t.Errorf("somebody else: %d %s", colleague.status, colleague.location())
	}
	if n := h.count("SELECT count(*) FROM registration WHERE edition_id = ?", e.ID); n != 2 {
		t.Errorf("%d registrations", n)
	}
	// A cancelled ticket stays what the first form came to.
	if r := h.post(asStranger, first.location()+"/cancel", nil); r.status != http.StatusSeeOther {
		t.Fatal(r.status)
	}
	form.Set("email", "aino@agora.test")
	form.Set("name", "Aino")
	if again := send(); again.location() != first.location() {
		t.Errorf("after cancelling: %d %s", again.status, again.location())
	}
}

// The last owner cannot be erased, and then loses nothing else either.
func TestLastOwnerKeepsTheirPlace(t *testing.T) {
	h := demoHouse(t)
	e := h.newEdition("omistaja", seats(5), nil)
	_, err := h.DB.Write.NewRaw("DELETE FROM role WHERE role = ? AND person_id NOT IN (SELECT id FROM person WHERE email = ?)",
		account.Owner, "owner@agora.test").Exec(t.Context())
	h.must(err)
	form := url.Values{"name": {"Omistaja"}, "email": {"owner@agora.test"}, "place": {"onsite"}, "photo": {"ask"}}
	if r := h.post(asStranger, e.Path()+"/register", form); r.status != http.StatusSeeOther {
		t.Fatal(r.status)
	}
	if r := h.post(asOwner, "/me/erase", url.Values{"sure": {"1"}}); r.status != http.StatusConflict {
		t.Errorf("status %d", r.status)
	}
	if n := h.count("SELECT count(*) FROM registration WHERE edition_id = ? AND state = ?", e.ID, registration.Confirmed); n != 1 {
		t.Error("the place is lost though nobody was erased")
	}
}
