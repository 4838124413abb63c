package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/door"
	"agora/app/edition"
	"agora/app/registration"
	"agora/app/text"
)

// phoneAt is a device of a door.
type phoneAt struct {
	h      *webHouse
	base   string
	cookie string
}

// joins makes a device by its link, as a phone does that opens it.
func (h *webHouse) joins(e edition.Edition, name string) *phoneAt {
	h.t.Helper()
	a := h.post(asOwner, "/desk"+e.Path()+"/door/devices", url.Values{"name": {name}, "session": {"door"}})
	link := between(a.body, `readonly value="`+siteBase, `"`, "")
	if a.status != http.StatusOK || link == "" {
		h.t.Fatalf("no link: status %d\n%.600s", a.status, a.body)
	}
	if a := h.get(asStranger, link); a.status != http.StatusOK || a.cookie(h.DoorCookie()) != nil {
		h.t.Errorf("looking at a link joins: status %d", a.status)
	}
	joined := h.post(asStranger, link, nil)
	cookie := joined.cookie(h.DoorCookie())
	if joined.location() != "/door"+e.Path() || cookie == nil || !cookie.HttpOnly {
		h.t.Fatalf("joining: status %d, cookie %v", joined.status, cookie)
	}
	if a := h.post(asStranger, link, nil); a.status != http.StatusNotFound || a.cookie(h.DoorCookie()) != nil {
		h.t.Errorf("a link joins twice: status %d", a.status)
	}
	return &phoneAt{h, "/door" + e.Path(), cookie.Name + "=" + cookie.Value}
}

func (p *phoneAt) get(path string) reply {
	p.h.t.Helper()
	return p.h.ask(http.MethodGet, path, "", "Cookie", p.cookie, "Accept-Language", "fi")
}

func (p *phoneAt) post(path string, values url.Values) reply {
	p.h.t.Helper()
	return p.h.ask(http.MethodPost, path, values.Encode(), "Cookie", p.cookie, "Accept-Language", "fi", "Sec-Fetch-Site", "same-origin", "Content-Type", "application/x-www-form-urlencoded")
}

// sync sends what the phone has read.
func (p *phoneAt) sync(clock time.Time, since int64, scans ...map[string]any) (status int, told syncAnswer) {
	p.h.t.Helper()
	b, err := json.Marshal(map[string]any{"now": clock.UnixMilli(), "since": since, "waiting": len(scans), "scans": scans})
	p.h.must(err)
	a := p.h.ask(http.MethodPost, p.base+"/sync", string(b), "Cookie", p.cookie, "Sec-Fetch-Site", "same-origin", "Content-Type", "application/json")
	if a.status == http.StatusOK {
		p.h.must(json.Unmarshal([]byte(a.body), &told))
	}
	return a.status, told
}

type syncAnswer struct {
	Change, Arrived, Inside, Expected int64
	Roster                            string
	Done                              []string
	Where                             []door.Where
	Alerts                            []door.Alert
}

func reading(r registration.Registration, act door.Act, at time.Time) map[string]any {
	return map[string]any{"id": db.NewID(), "i": r.ID, "p": "", "act": act, "by": "camera", "v": r.Version, "at": at.UnixMilli()}
}

// doorDay is an edition on its morning, with people on site.
func (h *webHouse) doorDay(slug string, n int64, names ...string) (edition.Edition, map[string]registration.Registration) {
	h.t.Helper()
	e := h.newEdition(slug, seats(n), nil)
	list := map[string]registration.Registration{}
	for _, name := range names {
		ticket := h.register(slug, person(name, "onsite"))
		r, err := h.Registrations.ByToken(h.t.Context(), strings.TrimPrefix(ticket, "/ticket/"))
		h.must(err)
		list[name] = r
	}
	h.at(e.StartsAt)
	h.makeOwner()
	return e, list
}

// TestDevicesKeepTheDoor: what a device may and may not, what it is told and how it
// is ended; on both engines.
func TestDevicesKeepTheDoor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d)
		h.makeOwner()
		other := h.newEdition("2029", seats(5), nil)
		e, people := h.doorDay("2028", 5, "Eka Henkilö", "Toka Henkilö")
		main, side := h.joins(e, "Pääovi"), h.joins(e, "Sivuovi")
		for _, path := range []string{main.base, main.base + "/roster.json", main.base + "/new"} {
			if a := main.get(path); a.status != http.StatusOK || strings.Contains(a.body, "@agora.test") {
				t.Errorf("%s on a device: status %d, addresses: %v", path, a.status, strings.Contains(a.body, "@"))
			}
		}
		for _, path := range []string{"/door" + other.Path(), "/desk" + e.Path(), "/desk" + e.Path() + "/door", "/desk" + e.Path() + "/registrations", "/me"} {
			if a := main.get(path); a.status != http.StatusSeeOther {
				t.Errorf("%s on a device: status %d", path, a.status)
			}
		}
		if a := main.get(main.base + "/badges/" + people["Eka Henkilö"].Code); a.status != http.StatusOK || !strings.HasPrefix(a.body, "%PDF-") {
			t.Errorf("a badge on a device: status %d", a.status)
		}
		// The phone's clock is an hour fast; what it read ten minutes ago was ten minutes ago.
		wrong, one, two := h.Now().Add(time.Hour), people["Eka Henkilö"], people["Toka Henkilö"]
		scan := reading(one, door.In, wrong.Add(-10*time.Minute))
		status, told := main.sync(wrong, 0, scan)
		if status != http.StatusOK || told.Arrived != 1 || len(told.Done) != 1 || len(told.Where) != 1 || told.Where[0].First != h.Now().Add(-10*time.Minute).UnixMilli() || told.Where[0].By != "Pääovi" {
			t.Fatalf("status %d, %+v", status, told)
		}
		if _, again := main.sync(wrong, told.Change, scan); again.Arrived != 1 || len(again.Alerts) != 0 {
			t.Errorf("sent again: %+v", again)
		}
		if _, told := side.sync(h.Now(), 0, reading(one, door.In, h.Now())); len(told.Alerts) != 1 || told.Alerts[0].FirstBy != "Pääovi" || told.Alerts[0].By != "Sivuovi" || told.Arrived != 1 {
			t.Errorf("the same ticket at two doors: %+v", told)
		}
		if _, told := side.sync(h.Now(), 0, reading(two, door.In, h.Now()), reading(two, door.Out, h.Now().Add(time.Second))); told.Arrived != 2 || told.Inside > 2 {
			t.Errorf("in and out: %+v", told)
		}
		if a := h.post(asStranger, "/door"+e.Path()+"/sync", nil); a.status != http.StatusUnauthorized {
			t.Errorf("a stranger syncs: status %d", a.status)
		}
		body := h.page(asOwner, "/desk"+e.Path()+"/door")
		if !strings.Contains(body, "Pääovi") || !strings.Contains(body, h.Words.T(text.Finnish, "door.alert_again")) {
			t.Error("the desk tells neither the devices nor the double")
		}
		for _, x := range []struct {
			name, act string
			phone     *phoneAt
			want      int
		}{{"Pääovi", "revoke", main, http.StatusGone}, {"Sivuovi", "renew", side, http.StatusUnauthorized}} {
			var id string
			h.must(d.Read.NewRaw("SELECT id FROM door_device WHERE name = ?", x.name).Scan(t.Context(), &id))
			if a := h.post(asOwner, "/desk"+other.Path()+"/door/devices/"+id+"/"+x.act, nil); a.status != http.StatusNotFound {
				t.Errorf("%s through another edition's desk: status %d", x.act, a.status)
			}
			h.post(asOwner, "/desk"+e.Path()+"/door/devices/"+id+"/"+x.act, nil)
			if status, _ := x.phone.sync(h.Now(), 0); status != x.want {
				t.Errorf("after %s: status %d, want %d", x.act, status, x.want)
			}
		}
	})
}

// TestTicketCode: the address in a ticket's code leads the door to the ticket, and
// tells nobody else whose it is.
func TestTicketCode(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	h.makeOwner()
	e, people := h.doorDay("2028", 5, "Eka Henkilö")
	r := people["Eka Henkilö"]
	address := h.DoorAddress(e, r)
	if address != strings.ToUpper(siteBase)+"/T/"+h.Seal.Code(e.ID, r.ID, r.Version) || strings.Contains(address, strings.ToUpper(h.Registrations.Token(r))) {
		t.Error("the code holds ", address)
	}
	path := strings.TrimPrefix(address, strings.ToUpper(siteBase))
	for _, l := range text.Langs {
		body := h.page(asStranger, path, "Accept-Language", string(l))
		if strings.Contains(body, r.Name) || strings.Contains(body, r.Code) || !strings.Contains(body, h.Words.T(l, "door.code_title")) {
			t.Errorf("a stranger sees in %s:\n%.800s", l, body)
		}
	}
	for _, bad := range []string{path[:len(path)-3], "/T/" + door.NewSeal([]byte("x")).Code(e.ID, r.ID, r.Version), "/T/A", path + "AA"} {
		if a := h.get(asStranger, bad); a.status != http.StatusNotFound {
			t.Errorf("%s: status %d", bad, a.status)
		}
	}
	phone := h.joins(e, "Ovi")
	said := phone.get(phone.get(path).location())
	if got := verdict(said); got != ": "+h.Words.T(text.Finnish, "door.valid") || !strings.Contains(said.body, r.Name) {
		t.Errorf("at the door: %q", got)
	}
	_, err := h.Registrations.HandOver(t.Context(), e, r, registration.Heir{Name: "Uusi", Email: "uusi@agora.test"})
	h.must(err)
	said = phone.get(phone.get(path).location())
	if got := verdict(said); got != "stop: "+h.Words.T(text.Finnish, "door.not_valid") || !strings.Contains(said.body, h.Words.T(text.Finnish, "door.outdated")) {
		t.Errorf("an old ticket: %q", got)
	}
	now, err := h.Registrations.ByID(t.Context(), r.ID)
	h.must(err)
	if got := verdict(phone.get(phone.base + "?code=" + now.Code)); got != ": "+h.Words.T(text.Finnish, "door.valid") {
		t.Errorf("tickets as they were before: %q", got)
	}
}

// TestWalkIns: who comes without a ticket gets a seat if there is one, is let in with
// it, and is told how it stands if there is none; notes are read at the door.
func TestWalkIns(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	h.makeOwner()
	e, people := h.doorDay("2028", 2, "Eka Henkilö")
	phone, fi := h.joins(e, "Ovi"), func(key string, args ...any) string { return h.Words.T(text.Finnish, key, args...) }
	if a := phone.post(phone.base+"/new", url.Values{"name": {""}, "email": {"x"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, fi("field.required")) {
		t.Errorf("nothing typed: status %d", a.status)
	}
	form := url.Values{"name": {"Myöhäinen Tulija"}, "email": {"myoha@agora.test"}, "photo": {"no"}, "key": {"one"}}
	for range 2 { // pressed twice
		if got := verdict(phone.post(phone.base+"/new", form)); got != ": "+fi("door.welcome") {
			t.Errorf("a walk-in: %q", got)
		}
	}
	if n := h.count("SELECT count(*) FROM check_in"); n != 1 {
		t.Errorf("%d have arrived", n)
	}
	second := url.Values{"name": {"Toinen Tulija"}, "email": {"toinen@agora.test"}, "photo": {"ask"}, "key": {"two"}}
	if a := phone.post(phone.base+"/new", second); !strings.Contains(a.body, fi("door.new_line", "name", "Toinen Tulija", "n", 1)) {
		t.Errorf("a full hall: status %d", a.status)
	}
	if a := h.post(asOwner, "/desk"+e.Path()+"/door/release", url.Values{"release_at": {e.Local(e.StartsAt.AddDate(0, 0, -3)).Format("2006-01-02T15:04")}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("seats given away days before: status %d", a.status)
	}
	h.leads(h.post(asOwner, "/desk"+e.Path()+"/door/release", url.Values{"release_at": {e.Local(e.StartsAt.Add(30 * time.Minute)).Format("2006-01-02T15:04")}}), "/desk"+e.Path()+"/door")
	late, err := h.Registrations.OfPerson(t.Context(), e.ID, h.personID("toinen@agora.test"))
	h.must(err)
	seat := url.Values{"code": {late.Code}}
	if a := phone.post(phone.base+"/new", seat); !strings.Contains(a.body, fi("door.new_line", "name", "Toinen Tulija", "n", 1)) {
		t.Error("a seat is given away before its time")
	}
	h.at(e.StartsAt.Add(31 * time.Minute))
	if got := verdict(phone.post(phone.base+"/new", seat)); got != ": "+fi("door.welcome") {
		t.Errorf("after the stated time: %q", got)
	}
	absent := people["Eka Henkilö"]
	if got := verdict(phone.get(phone.base + "?code=" + absent.Code)); got != "stop: "+fi("door.not_valid") {
		t.Errorf("whose seat was given away: %q", got)
	}
	h.makeOwner()
	h.leads(h.post(asOwner, "/desk"+e.Path()+"/door/notes", url.Values{"note_code": {late.Code}, "note": {"Ohjaa takahuoneeseen"}}), "/desk"+e.Path()+"/door")
	if !strings.Contains(phone.get(phone.base+"?code="+late.Code).body, "Ohjaa takahuoneeseen") || !strings.Contains(phone.get(phone.base+"/roster.json").body, "Ohjaa takahuoneeseen") {
		t.Error("the note is not told")
	}
}

// personID finds somebody by address.
func (h *webHouse) personID(email string) string {
	h.t.Helper()
	p, err := h.Accounts.ByEmail(h.t.Context(), email)
	h.must(err)
	return p.ID
}
