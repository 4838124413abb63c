package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/text"
)

// call registers through the API; an empty key sends none.
func (h *webHouse) call(edition, key, body string, headers ...string) reply {
	h.t.Helper()
	all := []string{"Content-Type", "application/json", "Accept-Language", "en"}
	if key != "" {
		all = append(all, "Idempotency-Key", key)
	}
	return h.ask(http.MethodPost, "/api/v1/editions/cmadfi/"+edition+"/registrations", body, append(all, headers...)...)
}

// caller is the body of a call of a person of the name.
func caller(name, place string) string {
	return fmt.Sprintf(`{"name":%q,"email":%q,"place":%q,"language":"sv"}`, name, strings.ToLower(name)+"@agora.test", place)
}

// equalJSON compares an answer with what it has to be, as values.
func (h *webHouse) equalJSON(r reply, status int, want any) {
	h.t.Helper()
	var got any
	if err := json.Unmarshal([]byte(r.body), &got); err != nil {
		h.t.Fatalf("status %d, no JSON: %.300s", r.status, r.body)
	}
	a, err := json.Marshal(got)
	h.must(err)
	b, err := json.Marshal(want)
	h.must(err)
	var norm any
	h.must(json.Unmarshal(b, &norm))
	b, err = json.Marshal(norm)
	h.must(err)
	if r.status != status || string(a) != string(b) {
		h.t.Errorf("status %d, want %d\n got %s\nwant %s", r.status, status, a, b)
	}
	if kind := r.header.Get("Content-Type"); kind != "application/json; charset=utf-8" && kind != "application/json" {
		h.t.Errorf("it comes as %q", kind)
	}
}

type object = map[string]any

// apiHouse is a site with one small edition: two seats, one remote place.
func apiHouse(t *testing.T, d *db.DB) *webHouse {
	h := openHouse(t, d)
	h.newEdition("2028", seats(2), seats(1))
	return h
}

var registeredForm = regexp.MustCompile(`^\{"code":"([2-9A-Z]{4}-[2-9A-Z]{4})","state":"(confirmed|waiting)","position":(null|[1-9]\d*),"ticket_url":"http://agora\.test(/ticket/[A-Za-z0-9_-]{43})"\}$`)

// TestAPIRegister walks the contract on both engines.
func TestAPIRegister(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := apiHouse(t, d)
		first := h.call("2028", "k1", caller("Eka", "onsite"))
		states := []string{}
		for i, r := range []reply{first, h.call("2028", "k2", caller("Toka", "onsite")), h.call("2028", "k3", caller("Kolmas", "onsite")),
			h.call("2028", "k4", `{"name":"Neljäs","email":"neljas@agora.test","place":"onsite","answers":{"meanwhile":true,"photo":"no","organisation":"Talo Oy","needs":"pähkinä","consent":true}}`)} {
			m := registeredForm.FindStringSubmatch(r.body)
			if r.status != http.StatusCreated || m == nil {
				t.Fatalf("call %d: status %d %s", i, r.status, r.body)
			}
			states = append(states, m[2]+" "+m[3])
			if body := h.page(asStranger, m[4]); strings.Contains(body, m[1]) != (m[2] == "confirmed") {
				t.Errorf("call %d: its ticket does not show %s", i, m[1])
			}
		}
		if want := []string{"confirmed null", "confirmed null", "waiting 1", "waiting 2"}; !slices.Equal(states, want) {
			t.Errorf("the states are %v, want %v", states, want)
		}
		var kept struct{ Photo, Organisation, Needs, Language string }
		h.must(d.Read.NewRaw("SELECT photo, organisation, needs, language FROM registration WHERE email = 'neljas@agora.test'").Scan(t.Context(), &kept))
		if kept.Photo != "no" || kept.Organisation != "Talo Oy" || kept.Needs != "pähkinä" || kept.Language != "fi" {
			t.Errorf("kept %+v", kept)
		}
		rows, letters := h.count("SELECT count(*) FROM registration"), h.count("SELECT count(*) FROM mail")
		if rows != 4 || letters != 4 {
			t.Errorf("%d registrations and %d letters", rows, letters)
		}
		again := h.call("2028", "k1", ` {"language":"sv","place":"onsite" ,"email":"eka@agora.test","name":"Eka"}`)
		if again.status != first.status || again.body != first.body {
			t.Errorf("repeated: status %d %s, first %s", again.status, again.body, first.body)
		}
		h.equalJSON(h.call("2028", "k1", caller("Muu", "onsite")), http.StatusUnprocessableEntity, object{"error": "invalid", "message": "Please check the marked fields.",
			"errors": object{"idempotency_key": []string{"This key was used with other data already. Use a new key."}}})
		if n := h.count("SELECT count(*) FROM registration"); n != rows {
			t.Errorf("repeating made %d registrations", n-rows)
		}
		h.knownAddress()
		h.remoteFull()
	})
}

// knownAddress: the ticket is mailed once more, however often somebody tries.
func (h *webHouse) knownAddress() {
	h.t.Helper()
	again := "SELECT count(*) FROM mail WHERE kind = 'already_registered' AND email = 'eka@agora.test'"
	want := object{"error": "already_registered", "message": "The address eka@agora.test is registered already. We have sent the ticket to it again."}
	for _, body := range []string{caller("Eka", "onsite"), caller("Eka", "remote"), `{"name":"X","email":"  EKA@Agora.Test ","place":"onsite"}`} {
		h.equalJSON(h.call("2028", db.NewID(), body), http.StatusConflict, want)
	}
	if n := h.count(again); n != 1 {
		h.t.Errorf("%d letters with the ticket again", n)
	}
	if n := h.count("SELECT count(*) FROM registration WHERE email = 'eka@agora.test'"); n != 1 {
		h.t.Errorf("%d registrations of one address", n)
	}
}

// remoteFull: a kind with a limit has a waiting list of its own. The one remote
// place is held by who waits for a seat.
func (h *webHouse) remoteFull() {
	h.t.Helper()
	r := h.call("2028", "r1", caller("Eta", "remote"))
	if m := registeredForm.FindStringSubmatch(r.body); m == nil || m[2] != "waiting" || m[3] != "1" {
		h.t.Errorf("the second remote: %d %s", r.status, r.body)
	}
	var got struct{ Places map[string]json.RawMessage }
	h.must(json.Unmarshal([]byte(h.page(asStranger, "/api/v1/editions/cmadfi/2028")), &got))
	b, err := json.Marshal(got.Places)
	h.must(err)
	if want := `{"onsite":{"capacity":2,"taken":2,"free":0,"waiting":2},"remote":{"capacity":1,"taken":1,"free":0,"waiting":1}}`; string(b) != want {
		h.t.Errorf("the places are %s, want %s", b, want)
	}
}

// TestAPIRefusals: every wrong call gets its own answer, in the caller's language.
func TestAPIRefusals(t *testing.T) {
	h := apiHouse(t, dbtest.OpenSQLite(t))
	before := h.dump()
	missing := object{"error": "idempotency_key_missing", "message": "Send the header Idempotency-Key, at most 200 characters."}
	h.equalJSON(h.call("2028", "", caller("Eka", "onsite")), http.StatusBadRequest, missing)
	h.equalJSON(h.call("2028", strings.Repeat("k", 201), caller("Eka", "onsite")), http.StatusBadRequest, missing)
	for _, kind := range []string{"application/x-www-form-urlencoded", "text/plain", "application/jsonx", "multipart/form-data", "application/json; charset=", "x"} {
		h.equalJSON(h.call("2028", "k", caller("Eka", "onsite"), "Content-Type", kind), http.StatusUnsupportedMediaType,
			object{"error": "json_only", "message": "Send the data as application/json."})
	}
	for _, body := range []string{"", "{", `{"name":"A"`, `[]`, `"x"`, `{"name":1}`, `{"name":"A","nmae":"B"}`, `{"name":"A"} {}`, `{"name":"A"}x`, `{"answers":[]}`,
		strings.Repeat("[", 30000), `{"answers":{"x":` + strings.Repeat(`{"a":`, 9000)} {
		h.equalJSON(h.call("2028", "k", body), http.StatusBadRequest, object{"error": "bad_json", "message": "The JSON is broken or has unknown fields."})
	}
	wrong := `{"name":" ","email":"nobody","place":"stage","answers":{"photo":"maybe","shoe":42,"needs":7}}`
	for _, l := range text.Langs {
		say := func(key string) []string { return []string{h.Words.T(l, key)} }
		h.equalJSON(h.call("2028", "k", wrong, "Accept-Language", string(l)), http.StatusUnprocessableEntity, object{"error": "invalid", "message": h.Words.T(l, "fail.invalid"), "errors": object{
			"name": say("field.required"), "email": say("account.email.at"), "place": say("registration.place_unknown"), "photo": say("registration.photo_unknown"),
			"answers.shoe": say("registration.answer_unknown"), "answers.needs": say("registration.answer_form")}})
	}
	h.equalJSON(h.call("2028", "k", `null`), http.StatusUnprocessableEntity, object{"error": "invalid", "message": "Please check the marked fields.", "errors": object{
		"name": []string{"Please fill this in."}, "email": []string{"Write an e-mail address."}, "place": []string{"Choose whether you take part on site or remotely."}}})
	long := fmt.Sprintf(`{"name":%q,"email":"a@agora.test","place":"remote","answers":{"organisation":%[1]q,"needs":"a\u0000b","consent":true}}`, strings.Repeat("å", 121))
	h.equalJSON(h.call("2028", "k", long), http.StatusUnprocessableEntity, object{"error": "invalid", "message": "Please check the marked fields.", "errors": object{
		"name": []string{"Too long: at most 120 characters."}, "organisation": []string{"Too long: at most 120 characters."},
		"needs": []string{"The text holds characters that cannot be stored. Please type it again."}}})
	h.equalJSON(h.call("2099", "k", caller("Eka", "onsite")), http.StatusNotFound, object{"error": "not_found", "message": "There is no such edition. The address may have changed."})
	h.equalJSON(h.get(asStranger, "/api/v1/nothing", "Accept-Language", "en"), http.StatusNotFound, object{"error": "not_found", "message": "There is no such page. The address may have changed."})
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("a refusal was kept: %s", diff)
	}
	// The key of all those refusals is still good.
	if r := h.call("2028", "k", caller("Eka", "onsite")); r.status != http.StatusCreated {
		t.Errorf("after the refusals: status %d %s", r.status, r.body)
	}
}

// TestAPIOutsideOpening: to the second, with the times.
func TestAPIOutsideOpening(t *testing.T) {
	h := apiHouse(t, dbtest.OpenSQLite(t))
	e := h.find("2028")
	times := object{"opens_at": e.OpensAt, "closes_at": e.ClosesAt}
	with := func(code, message string) object {
		return object{"error": code, "message": message, "opens_at": times["opens_at"], "closes_at": times["closes_at"]}
	}
	tooEarly := with("not_open", "Registration opens "+text.DateTime(text.English, e.Local(e.OpensAt))+". What you typed waits in the form.")
	tooLate := with("closed", "Registration closed "+text.DateTime(text.English, e.Local(e.ClosesAt))+".")
	h.at(e.OpensAt.Add(-time.Microsecond))
	h.equalJSON(h.call("2028", "k", caller("Eka", "onsite")), http.StatusConflict, tooEarly)
	h.at(e.OpensAt)
	if r := h.call("2028", "k", caller("Eka", "onsite")); r.status != http.StatusCreated {
		t.Errorf("at the opening: %d %s", r.status, r.body)
	}
	h.at(e.ClosesAt.Add(-time.Microsecond))
	if r := h.call("2028", "k2", caller("Toka", "onsite")); r.status != http.StatusCreated {
		t.Errorf("before the closing: %d %s", r.status, r.body)
	}
	h.at(e.ClosesAt)
	h.equalJSON(h.call("2028", "k3", caller("Kolmas", "onsite")), http.StatusConflict, tooLate)
	// Who was answered before the closing is answered the same after it.
	if r := h.call("2028", "k2", caller("Toka", "onsite")); r.status != http.StatusCreated {
		t.Errorf("repeated after the closing: %d %s", r.status, r.body)
	}
}

// TestAPIBusy: while the database is held by somebody else, a caller is told to
// come back; nothing is taken, and the same key decides later.
func TestAPIBusy(t *testing.T) {
	h := apiHouse(t, dbtest.OpenSQLite(t))
	held, release, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- h.DB.Tx(context.WithoutCancel(t.Context()), func(context.Context, bun.Tx) error {
			close(held)
			<-release
			return nil
		})
	}()
	<-held
	r := h.call("2028", "k", caller("Eka", "onsite"))
	if after := r.header.Get("Retry-After"); r.status != http.StatusServiceUnavailable || !regexp.MustCompile(`^[1-9]\d?$`).MatchString(after) {
		t.Errorf("status %d, Retry-After %q: %s", r.status, after, r.body)
	}
	h.equalJSON(r, http.StatusServiceUnavailable, object{"error": "busy", "message": h.Words.T(text.English, "fail.busy")})
	if page := h.get(asStranger, "/cmadfi/2028"); page.status != http.StatusOK {
		t.Errorf("reading meanwhile: status %d", page.status)
	}
	close(release)
	h.must(<-done)
	if r := h.call("2028", "k", caller("Eka", "onsite")); r.status != http.StatusCreated {
		t.Errorf("afterwards: %d %s", r.status, r.body)
	}
	if n := h.count("SELECT count(*) FROM registration"); n != 1 {
		t.Errorf("%d registrations", n)
	}
}

// TestAPIEdition gives the public facts and nothing else.
func TestAPIEdition(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	e := h.newEdition("2028", seats(2), nil, func(in *edition.Input) { in.StreamURL = "https://example.org/stream" })
	h.equalJSON(h.get(asStranger, "/api/v1/editions/cmadfi/2028"), http.StatusOK, object{
		"series": "cmadfi", "edition": "2028", "title": e.Title, "city": e.City, "venue": e.Venue, "time_zone": "Europe/Helsinki", "languages": []string{"fi", "sv", "en"},
		"starts_at": e.StartsAt, "ends_at": e.EndsAt, "opens_at": e.OpensAt, "closes_at": e.ClosesAt, "phase": "open", "url": "http://agora.test/cmadfi/2028", "invited_only": false, "approval": false, "form": []string{},
		"places": object{"onsite": object{"capacity": 2, "taken": 0, "free": 2, "waiting": 0}, "remote": object{"capacity": nil, "taken": 0, "free": nil, "waiting": 0}},
	})
	h.call("2028", "1", caller("Eka", "onsite"))
	h.call("2028", "2", caller("Toka", "onsite"))
	if body := h.page(asStranger, "/api/v1/editions/cmadfi/2028"); !strings.Contains(body, `"phase":"full"`) || strings.Contains(body, "agora.test\",\"") {
		t.Errorf("full: %s", body)
	}
}

// TestOpenAPI describes exactly the API's lines of the table.
func TestOpenAPI(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	r := h.get(asStranger, "/api/v1/openapi.json")
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]struct {
			Parameters []map[string]any
			Responses  map[string]any
		}
		Components map[string]map[string]any
	}
	h.must(json.Unmarshal([]byte(r.body), &doc))
	if r.status != http.StatusOK || doc.OpenAPI != "3.1.0" || r.header.Get("Content-Type") != "application/json; charset=utf-8" {
		t.Errorf("status %d, OpenAPI %q as %s", r.status, doc.OpenAPI, r.header.Get("Content-Type"))
	}
	var want, got []string
	for _, r := range routes(nil) {
		if strings.HasPrefix(r.path, "/api/v1/") && r.path != "/api/v1/openapi.json" {
			want = append(want, r.method+" "+regexp.MustCompile(`:(\w+)`).ReplaceAllString(r.path, "{$1}"))
		}
	}
	for p, methods := range doc.Paths {
		for m, about := range methods {
			got = append(got, strings.ToUpper(m)+" "+p)
			named := map[string]bool{}
			for _, q := range about.Parameters {
				ref, _ := q["$ref"].(string)
				named[path.Base(ref)] = true
			}
			for _, name := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(p, -1) {
				if !named[name[1]] {
					t.Errorf("%s %s does not describe %s", m, p, name[1])
				}
			}
			if len(about.Responses) < 2 {
				t.Errorf("%s %s describes %d answers", m, p, len(about.Responses))
			}
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("it describes\n%v\nthe table has\n%v", got, want)
	}
	for _, ref := range regexp.MustCompile(`"#/components/(\w+)/(\w+)"`).FindAllStringSubmatch(r.body, -1) {
		if doc.Components[ref[1]][ref[2]] == nil {
			t.Errorf("%s leads nowhere", ref[0])
		}
	}
}
