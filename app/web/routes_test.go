package web

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"agora/app/demo"
	"agora/app/edition"
	"agora/app/material"
	"agora/app/program"
	"agora/app/proposal"
	"agora/app/qa"
	"agora/app/registration"
	"agora/app/web/page"
)

// admitted says who is let in by each who; the test's own opinion, written by
// hand, so that a slip in the rules of roles shows.
var admitted = map[who][]string{
	anyone:    identities,
	bearer:    identities,
	signedIn:  {asAttendee, asSpeaker, asModerator, asDoorStaff, asCatering, asReviewer, asOrganiser, asOtherOrganiser, asOwner},
	staff:     {asSpeaker, asModerator, asDoorStaff, asCatering, asReviewer, asOrganiser, asOtherOrganiser, asOwner},
	doorStaff: {asDoorStaff, asOrganiser, asOwner},
	catering:  {asCatering, asOrganiser, asOwner},
	reviewer:  {asReviewer, asOrganiser, asOwner},
	moderator: {asModerator, asOrganiser, asOwner},
	organiser: {asOrganiser, asOwner},
	owner:     {asOwner},
}

// TestRouterIsTheTable: the router holds the table's lines in the table's order
// and nothing else but the last resort.
func TestRouterIsTheTable(t *testing.T) {
	h := demoHouse(t)
	want := map[string][]string{}
	for _, r := range routes(nil) {
		want[r.method] = append(want[r.method], r.path)
		if r.method == get {
			want[fiber.MethodHead] = append(want[fiber.MethodHead], r.path)
		}
	}
	for _, stack := range h.Fiber().Stack() {
		if len(stack) == 0 {
			continue
		}
		method := stack[0].Method
		var got []string
		for _, r := range stack {
			got = append(got, r.Path)
			if len(r.Handlers) != 1 {
				t.Errorf("%s %s has %d handlers", method, r.Path, len(r.Handlers))
			}
		}
		if !slices.Equal(got, append(want[method], "/")) {
			t.Errorf("%s: the router holds\n%v\nthe table\n%v", method, got, want[method])
		}
	}
	if len(want[get]) < 50 || len(want[post]) < 15 {
		t.Errorf("the table has %d GET and %d POST routes only", len(want[get]), len(want[post]))
	}
	table := routes(nil)
	for i, r := range table {
		if r.who == nobody || r.handler == nil {
			t.Errorf("%s %s does not say who, or has no handler", r.method, r.path)
		}
		if slices.ContainsFunc(table[:i], func(o route) bool { return o.method == r.method && o.path == r.path }) {
			t.Errorf("%s %s stands there twice", r.method, r.path)
		}
	}
}

// TestOtherMethods reach no handler.
func TestOtherMethods(t *testing.T) {
	h := demoHouse(t)
	for _, method := range []string{"PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} {
		for _, path := range []string{"/", "/desk", "/cmadfi/2027/register", "/api/v1/editions/cmadfi/2027/registrations"} {
			if r := h.ask(method, path, ""); r.status != http.StatusNotFound {
				t.Errorf("%s %s: status %d", method, path, r.status)
			}
		}
	}
}

// TestForgottenWho: a route that does not say who may use it is closed to all.
func TestForgottenWho(t *testing.T) {
	h := demoHouse(t)
	for _, w := range []who{nobody, anyone, who(99)} {
		ran := false
		app := fiber.New()
		app.Get("/new", h.answer(route{method: get, path: "/new", who: w, handler: func(v *page.Visit) error {
			ran = true
			return v.C.SendString("the page")
		}}))
		for _, who := range identities {
			ran = false
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://agora.test/new", nil)
			h.must(err)
			req.Header.Set("Cookie", h.login(who))
			res, err := app.Test(req, -1)
			h.must(err)
			res.Body.Close()
			open := w == anyone
			if ran != open || (res.StatusCode == http.StatusOK) != open || w == nobody && res.StatusCode != http.StatusNotFound {
				t.Errorf("%d as %s: status %d, handler ran: %v", w, who, res.StatusCode, ran)
			}
		}
	}
}

// concrete puts real things into the table's addresses. Route by route where
// the edition of the demo has them; the rest follows from their names.
func (h *webHouse) concrete() map[string]string {
	h.t.Helper()
	e := h.find(demo.Coming)
	programme, err := h.Program.Programme(h.t.Context(), e)
	h.must(err)
	live := programme.Now(siteNow)[0]
	session := programme.Sessions[slices.IndexFunc(programme.Sessions, func(x *program.Session) bool { return x.ID != live.ID && len(x.Speakers) > 0 })]
	var materialID, materialSlug, archived string
	h.must(h.DB.Read.NewRaw(`SELECT m.id, s.slug FROM material m JOIN session s ON s.id = m.session_id LIMIT 1`).Scan(h.t.Context(), &materialID, &materialSlug))
	var certificate, spoke string
	h.must(h.DB.Read.NewRaw(`SELECT r.code, c.id FROM registration r JOIN certificate c ON c.registration_id = r.id LIMIT 1`).Scan(h.t.Context(), &archived, &certificate))
	h.must(h.DB.Read.NewRaw(`SELECT s.slug FROM speaker s JOIN certificate c ON c.speaker_id = s.id LIMIT 1`).Scan(h.t.Context(), &spoke))
	var hold, workshop string
	h.must(h.DB.Read.NewRaw(`SELECT id FROM hold WHERE edition_id = ? LIMIT 1`, e.ID).Scan(h.t.Context(), &hold))
	h.must(h.DB.Read.NewRaw(`SELECT id FROM workshop WHERE edition_id = ? LIMIT 1`, e.ID).Scan(h.t.Context(), &workshop))
	people, _, err := h.Registrations.List(h.t.Context(), e.ID, registration.Filter{State: registration.Confirmed, Kind: registration.Onsite, Limit: 1})
	h.must(err)
	piece := h.aRecording(e, session.ID)
	code, theme := people[0].Code, h.themeOf(h.page(asStranger, "/cmadfi/2027"))
	letter, proposed := h.aLetter(e), h.aProposal(e)
	var thanks string
	h.must(h.DB.Read.NewRaw(`SELECT id FROM thanks WHERE edition_id = ? LIMIT 1`, e.ID).Scan(h.t.Context(), &thanks))
	var asked string
	h.must(h.DB.Read.NewRaw(`SELECT id FROM question WHERE session_id = ? AND state = 'approved' LIMIT 1`, live.ID).Scan(h.t.Context(), &asked))
	edition, old := "/cmadfi/2027", "/cmadfi/2016"
	paths := map[string]string{
		"/static/:hash/*": h.Static + "/css/agora.css", "/grid.:file": h.gridOf(h.page(asStranger, "/cmadfi/2027/program")), "/:series/theme.:file": theme,
		"/sign-in/:token":          "/sign-in/" + h.cast.Attendee.Token,
		"/me/logins/:login/revoke": "/me/logins/nothing/revoke",
		"/verify/:code":            h.cast.Verify,
		"/api/v1/live/:session":    "/api/v1/live/" + live.ID, "/api/v1/live/:session/pass": "/api/v1/live/" + live.ID + "/pass",
		"/desk/:series/:edition/registrations/:code":                     "/desk" + edition + "/registrations/" + code,
		"/desk/:series/:edition/registrations/:code/approve":             "/desk" + edition + "/registrations/" + code + "/approve",
		"/desk/:series/:edition/registrations/:code/refuse":              "/desk" + edition + "/registrations/" + code + "/refuse",
		"/desk/:series/:edition/registrations/:code/letter":              "/desk" + edition + "/registrations/" + code + "/letter",
		"/desk/:series/:edition/registrations/:code/cancel":              "/desk" + edition + "/registrations/" + code + "/cancel",
		"/desk/:series/:edition/program/:slug":                           "/desk" + edition + "/program/" + session.Slug,
		"/desk/:series/:edition/speakers/:slug":                          "/desk" + edition + "/speakers/" + session.Speakers[0].Slug,
		"/desk/:series/:edition/speakers/:slug/remove":                   "/desk" + edition + "/speakers/" + session.Speakers[0].Slug + "/remove",
		"/desk/:series/:edition/speakers/:slug/prepare":                  "/desk" + edition + "/speakers/" + session.Speakers[0].Slug + "/prepare",
		"/desk/:series/:edition/speakers/:slug/renew":                    "/desk" + edition + "/speakers/" + session.Speakers[0].Slug + "/renew",
		"/desk/:series/:edition/speakers/:slug/place":                    "/desk" + edition + "/speakers/" + session.Speakers[0].Slug + "/place",
		"/desk/:series/:edition/speakers/:slug/picture":                  "/desk" + edition + "/speakers/" + session.Speakers[0].Slug + "/picture",
		"/desk/:series/:edition/speakers/:slug/same":                     "/desk" + edition + "/speakers/" + session.Speakers[0].Slug + "/same",
		"/desk/:series/:edition/speakers/:slug/apart":                    "/desk" + edition + "/speakers/" + session.Speakers[0].Slug + "/apart",
		"/desk/:series/:edition/program/:slug/material":                  "/desk" + edition + "/program/" + session.Slug + "/material",
		"/desk/:series/:edition/program/:slug/material/:material/remove": "/desk" + old + "/program/" + materialSlug + "/material/" + materialID + "/remove",
		"/desk/:series/:edition/mail/:letter/again":                      "/desk" + edition + "/mail/" + letter + "/again",
		"/desk/:series/:edition/places/holds/:hold/release":              "/desk" + edition + "/places/holds/" + hold + "/release",
		"/desk/:series/:edition/form/:key":                               "/desk" + edition + "/form/new-field",
		"/desk/:series/:edition/form/:key/move":                          "/desk" + edition + "/form/nothing/move",
		"/desk/:series/:edition/form/:key/remove":                        "/desk" + edition + "/form/nothing/remove",
		"/desk/:series/:edition/workshops/:workshop":                     "/desk" + edition + "/workshops/" + workshop,
		"/desk/:series/:edition/workshops/:workshop/people":              "/desk" + edition + "/workshops/" + workshop + "/people",
		"/desk/:series/:edition/workshops/:workshop/remove":              "/desk" + edition + "/workshops/" + workshop + "/remove",
		"/desk/:series/:edition/live/:slug":                              "/desk" + edition + "/live/" + live.Slug,
		"/desk/:series/:edition/live/:slug/questions/:question":          "/desk" + edition + "/live/" + live.Slug + "/questions/" + asked,
		"/desk/:series/:edition/live/:slug/polls":                        "/desk" + edition + "/live/" + live.Slug + "/polls",
		"/desk/:series/:edition/live/:slug/settings":                     "/desk" + edition + "/live/" + live.Slug + "/settings",
		"/desk/:series/:edition/live/:slug/discussion":                   "/desk" + edition + "/live/" + live.Slug + "/discussion",
		"/desk/:series/:edition/live/:slug/discussion.csv":               "/desk" + edition + "/live/" + live.Slug + "/discussion.csv",
		"/desk/:series/:edition/live/:slug/discussion.xlsx":              "/desk" + edition + "/live/" + live.Slug + "/discussion.xlsx",
		"/desk/:series/:edition/live/:slug/discussion.json":              "/desk" + edition + "/live/" + live.Slug + "/discussion.json",
		"/desk/:series/:edition/live/:slug/discussion.pdf":               "/desk" + edition + "/live/" + live.Slug + "/discussion.pdf",
		"/desk/:series/:edition/live/:slug/discussion/import":            "/desk" + edition + "/live/" + live.Slug + "/discussion/import",
		"/desk/:series/:edition/live/:slug/discussion/:question":         "/desk" + edition + "/live/" + live.Slug + "/discussion/" + asked,
		"/desk/:series/new/:from":                                        "/desk/cmadfi/new/2027",
		"/desk/:series/:edition/thanks/:thanks":                          "/desk" + edition + "/thanks/" + thanks,
		"/desk/:series/:edition/thanks/:thanks/move":                     "/desk" + edition + "/thanks/" + thanks + "/move",
		"/desk/:series/:edition/thanks/:thanks/remove":                   "/desk" + edition + "/thanks/" + thanks + "/remove",
		"/desk/:series/:edition/proposals/:code":                         "/desk" + edition + "/proposals/" + proposed.Code,
		"/desk/:series/:edition/proposals/:code/words":                   "/desk" + edition + "/proposals/" + proposed.Code + "/words",
		"/desk/:series/:edition/review/:code":                            "/desk" + edition + "/review/" + proposed.Code,
		"/desk/:series/:edition/call/questions/:key":                     "/desk" + edition + "/call/questions/new-field",
		"/desk/:series/:edition/call/questions/:key/move":                "/desk" + edition + "/call/questions/audience/move",
		"/desk/:series/:edition/call/questions/:key/remove":              "/desk" + edition + "/call/questions/audience/remove",
		"/proposal/:token":                                             "/proposal/" + h.Proposals.Token(proposed),
		"/proposal/:token/edit":                                        "/proposal/" + h.Proposals.Token(proposed) + "/edit",
		"/proposal/:token/withdraw":                                    "/proposal/" + h.Proposals.Token(proposed) + "/withdraw",
		"/desk/:series/:edition/badges/:code":                          "/desk" + edition + "/badges/" + code,
		"/verify/:code/certificate.pdf":                                "/verify/AAAA-AAAA-AAAA/certificate.pdf",
		"/desk/:series/:edition/certificates":                          "/desk" + old + "/certificates",
		"/desk/:series/:edition/certificates/file/:certificate":        "/desk" + old + "/certificates/file/" + certificate,
		"/desk/:series/:edition/certificates/renew/:certificate":       "/desk" + old + "/certificates/renew/" + certificate,
		"/desk/:series/:edition/certificates/revoke/:certificate":      "/desk" + old + "/certificates/revoke/" + certificate,
		"/desk/:series/:edition/certificates/person/:code":             "/desk" + old + "/certificates/person/" + archived,
		"/desk/:series/:edition/certificates/person/:code/word":        "/desk" + old + "/certificates/person/" + archived + "/word",
		"/desk/:series/:edition/certificates/person/:code/issue":       "/desk" + old + "/certificates/person/" + archived + "/issue",
		"/desk/:series/:edition/certificates/speaker/:speaker":         "/desk" + old + "/certificates/speaker/" + spoke,
		"/desk/:series/:edition/certificates/speaker/:speaker/issue":   "/desk" + old + "/certificates/speaker/" + spoke + "/issue",
		"/desk/:series/:edition/certificates/signature/:picture":       "/desk" + edition + "/certificates/signature/nothing",
		"/desk/:series/:edition/badges/people/:code":                   "/desk" + edition + "/badges/people/" + code,
		"/desk/:series/:edition/program/:slug/material/new":            "/desk" + edition + "/program/" + session.Slug + "/material/new",
		"/desk/:series/:edition/program/:slug/material/:material":      "/desk" + edition + "/program/" + session.Slug + "/material/" + piece.ID,
		"/desk/:series/:edition/program/:slug/material/:material/move": "/desk" + edition + "/program/" + session.Slug + "/material/" + piece.ID + "/move",
		"/:series/:edition/materials/:slug":                            edition + "/materials/" + piece.Slug,
		"/:series/:edition/materials/:slug/captions/:file":             edition + "/materials/" + piece.Slug + "/captions/fi.vtt",
		"/ticket/:token/materials/:slug":                               h.cast.Ticket + "/materials/" + piece.Slug,
		"/ticket/:token/materials/:slug/captions/:file":                h.cast.Ticket + "/materials/" + piece.Slug + "/captions/fi.vtt",
		"/desk/:series/:edition/uploads":                               uploadsOf(e),
		"/desk/:series/:edition/uploads/:upload":                       h.begin(e, "a.pdf", 1000).location(),
		"/:series/:edition/pictures/:picture":                          edition + "/pictures/" + h.aPicture(e, "picture:1", true).ID,
		"/:series/:edition/agenda/:file":                               edition + "/agenda/" + h.Agendas.Token(e.ID, h.attendee()) + ".ics",
		"/:series/:edition/speakers/:slug":                             edition + "/speakers/" + session.Speakers[0].Slug,
		"/:series/:edition/sessions/:slug":                             edition + "/sessions/" + session.Slug,
		"/:series/:edition/sessions/:slug/live":                        edition + "/sessions/" + live.Slug + "/live",
		"/search":                                                      "/search?q=yhteis%C3%B6",
		"/api/v1/search":                                               "/api/v1/search?q=yhteis%C3%B6",
	}
	maps.Copy(paths, h.aSpeakersSide())
	maps.Copy(paths, h.aDoor(e, code))
	maps.Copy(paths, h.somethingPrinted(e))
	byLink := "/moderate/" + h.QA.Token(qa.Link{RoomID: live.Room.ID, View: qa.Moderator, Number: 1})
	for _, rest := range []string{"", "/:slug", "/:slug/questions/:question", "/:slug/polls", "/:slug/settings"} {
		paths["/moderate/:token"+rest] = byLink + strings.NewReplacer(":slug", live.Slug, ":question", asked).Replace(rest)
	}
	for _, view := range []qa.View{qa.Stage, qa.Screen} {
		paths["/"+view.String()+"/:token"] = "/" + view.String() + "/" + h.QA.Token(qa.Link{RoomID: live.Room.ID, View: view, Number: 1})
	}
	draft := h.aDraft(e)
	for _, r := range routes(nil) {
		if paths[r.path] == "" {
			p := strings.Replace(r.path, "/ticket/:token", h.cast.Ticket, 1)
			p = strings.Replace(p, "/messages/:message", "/messages/"+draft.ID, 1)
			paths[r.path] = strings.NewReplacer(":series", "cmadfi", ":edition", "2027").Replace(p)
		}
		if strings.Contains(paths[r.path], ":") {
			h.t.Errorf("the test knows nothing real for %s", r.path)
		}
	}
	return paths
}

// aRecording is on a session: a link with captions.
func (h *webHouse) aRecording(e edition.Edition, sessionID string) material.Material {
	h.t.Helper()
	by := material.Author{}
	f, err := h.Files.Take(h.t.Context(), e.ID, by.Scope(sessionID), "tekstitys.vtt", strings.NewReader("WEBVTT\n\n00:01.000 --> 00:02.000\nHei\n"))
	h.must(err)
	m, err := h.Material.Add(h.t.Context(), by, e, sessionID, material.Input{Kind: material.Recording, URL: "https://example.org/tallenne",
		Captions: material.Captions{{Language: "fi", FileID: f.ID}}})
	h.must(err)
	return m
}

// aProposal is one that nobody has decided about.
func (h *webHouse) aProposal(e edition.Edition) proposal.Proposal {
	h.t.Helper()
	list, _, err := h.Proposals.List(h.t.Context(), e.ID, proposal.Filter{State: proposal.Sent})
	h.must(err)
	return list[0].Proposal
}

// attendee is the id of the person signed in as one.
func (h *webHouse) attendee() string {
	h.t.Helper()
	p, err := h.Accounts.ByEmail(h.t.Context(), h.cast.Attendee.Email)
	h.must(err)
	return p.ID
}

func (h *webHouse) themeOf(page string) string {
	return between(page, `href="/cmadfi/theme.`, `"`, "/cmadfi/theme.")
}
func (h *webHouse) gridOf(page string) string { return between(page, `href="/grid.`, `"`, "/grid.") }

// between cuts what stands after from and before to, and puts head before it.
func between(s, from, to, head string) string {
	_, s, ok := strings.Cut(s, from)
	if !ok {
		return ""
	}
	s, _, _ = strings.Cut(s, to)
	return head + s
}

// refused is the answer to somebody who is not let in.
func refused(method, identity string) int {
	switch {
	case identity != asStranger:
		return http.StatusForbidden
	case method == post:
		return http.StatusUnauthorized
	}
	return http.StatusSeeOther
}

// shown says what somebody who is let in gets where it is not 200.
var shown = map[string]int{
	"/:series/:edition/materials/:slug": http.StatusFound, "/ticket/:token/materials/:slug": http.StatusFound,
	"/favicon.ico": http.StatusFound, "/desk/:series": http.StatusSeeOther, "/moderate/:token": http.StatusSeeOther,
	"/api/v1/live/:session": http.StatusUpgradeRequired, "/ticket/:token/certificate.pdf": http.StatusNotFound, "/verify/:code/certificate.pdf": http.StatusNotFound,
	"/desk/:series/:edition/certificates/signature/:picture": http.StatusNotFound,
}

// TestEveryRouteAsEverybody opens every page as every identity.
func TestEveryRouteAsEverybody(t *testing.T) {
	h := demoHouse(t)
	paths := h.concrete()
	for _, r := range routes(nil) {
		if r.method != get {
			continue
		}
		for _, who := range identities {
			want := refused(get, who)
			if slices.Contains(admitted[r.who], who) {
				if want = shown[r.path]; want == 0 {
					want = http.StatusOK
				}
				if r.path == "/T/:code" && slices.Contains(admitted[doorStaff], who) {
					want = http.StatusSeeOther // to the door, with this ticket
				}
			}
			a := h.get(who, paths[r.path])
			if a.status != want {
				t.Errorf("GET %s as %s: status %d, want %d\n%.300s", paths[r.path], who, a.status, want, a.body)
			}
			if next := "/sign-in?next=" + url.QueryEscape(paths[r.path]); a.status == http.StatusSeeOther && who == asStranger && want == refused(get, who) && r.who != anyone && r.who != bearer && a.location() != next {
				t.Errorf("GET %s leads a stranger to %q, want %q", paths[r.path], a.location(), next)
			}
		}
		for _, who := range []string{asStranger, asOwner} {
			a, head := h.get(who, paths[r.path]), h.ask(http.MethodHead, paths[r.path], "", "Cookie", h.login(who), "Accept-Language", "fi")
			if head.status != a.status || head.body != "" {
				t.Errorf("HEAD %s as %s: status %d and %d bytes, GET says %d", paths[r.path], who, head.status, len(head.body), a.status)
			}
		}
	}
}

// TestEveryActAsEverybody sends every form as every identity. Who is not let in
// changes nothing, not one row; who is changes something (or the test is blind).
func TestEveryActAsEverybody(t *testing.T) {
	for _, who := range identities {
		t.Run(who, func(t *testing.T) {
			h := demoHouse(t)
			paths := h.concrete()
			before := h.dump()
			var open []route
			for _, r := range routes(nil) {
				if r.method != post {
					continue
				}
				if slices.Contains(admitted[r.who], who) {
					open = append(open, r)
					continue
				}
				if a := h.post(who, paths[r.path], actValues(r.path)); a.status != refused(post, who) {
					t.Errorf("POST %s: status %d, want %d", paths[r.path], a.status, refused(post, who))
				}
			}
			if diff := differing(before, h.dump()); diff != "" {
				t.Errorf("what was refused changed %s", diff)
			}
			before = h.dump()
			for _, r := range lastOut(open) {
				a := h.post(who, paths[r.path], actValues(r.path))
				if a.status >= 500 || a.status == http.StatusUnauthorized || a.status == http.StatusForbidden {
					t.Errorf("POST %s: status %d\n%.300s", paths[r.path], a.status, a.body)
				}
			}
			if diff := differing(before, h.dump()); !strings.Contains(diff, "question") || !strings.Contains(diff, "registration") {
				t.Errorf("what was allowed changed only %q: the test is blind", diff)
			}
		})
	}
}

// lastOut puts what ends the identity's login to the end.
func lastOut(list []route) []route {
	slices.SortStableFunc(list, func(a, b route) int {
		ends := func(r route) int { return slices.Index([]string{"/sign-out", "/sign-in/:token"}, r.path) }
		return ends(a) - ends(b)
	})
	return list
}

// actValues are enough for most forms to be accepted.
func actValues(path string) url.Values {
	v := url.Values{"email": {"joku@agora.test"}, "name": {"Joku Muu"}, "place": {"remote"}, "photo": {"ask"}, "key": {"key of " + path},
		"title_fi": {"Uusi"}, "name_fi": {"Uusi"}, "slug": {"uusi"}, "kind": {"talk"}, "url": {"https://example.org/x"}, "title": {"Kalvot"}, "text": {"Miksi näin?"}}
	if strings.Contains(path, "/messages/") {
		for name, value := range map[string]string{"audience": "confirmed", "subject_fi": "Hei", "body_fi": "Hei {name}!", "version": "1"} {
			v.Set(name, value)
		}
	}
	if strings.HasSuffix(path, "/notice") {
		v.Set("body_fi", "Sali on vaihtunut")
		v.Set("life", "hour")
	}
	if strings.HasSuffix(path, "/switch") {
		v.Set("place", "remote")
	}
	return v
}

// differing names the tables that differ.
func differing(a, b map[string]string) string {
	var names []string
	for table := range a {
		if a[table] != b[table] {
			names = append(names, table)
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// TestWrongOwner: with every role in one series, nothing of another series is
// reached by naming its things under one's own address.
func TestWrongOwner(t *testing.T) {
	h := demoHouse(t)
	paths := h.concrete()
	before := h.dump()
	for _, path := range []string{
		"/desk/:series/:edition/registrations/:code/cancel", "/desk/:series/:edition/registrations/:code/approve", "/desk/:series/:edition/registrations/:code/refuse",
		"/desk/:series/:edition/registrations/:code/letter", "/desk/:series/:edition/program/:slug",
		"/desk/:series/:edition/program/:slug/material", "/desk/:series/:edition/program/:slug/material/:material/remove", "/desk/:series/:edition/live/:slug", "/desk/:series/:edition/live/:slug/polls", "/desk/:series/:edition/live/:slug/settings",
		"/desk/:series/:edition/program/:slug/material/:material", "/desk/:series/:edition/program/:slug/material/:material/move",
		"/desk/:series/:edition/messages/:message", "/desk/:series/:edition/messages/:message/discard", "/desk/:series/:edition/messages/:message/test",
		"/desk/:series/:edition/messages/:message/send", "/desk/:series/:edition/mail/:letter/again",
		"/desk/:series/:edition/places/holds/:hold/release", "/desk/:series/:edition/workshops/:workshop", "/desk/:series/:edition/workshops/:workshop/remove",
		"/desk/:series/:edition/thanks/:thanks", "/desk/:series/:edition/thanks/:thanks/move",
		"/desk/:series/:edition/badges/people/:code", "/desk/:series/:edition/badges/designs/:design", "/desk/:series/:edition/badges/designs/:design/show",
		"/desk/:series/:edition/badges/designs/:design/remove", "/desk/:series/:edition/printing/:printout/cancel",
	} {
		own := strings.NewReplacer("/cmadfi/2027", "/toinen/2027", "/cmadfi/2016", "/toinen/2027").Replace(paths[path])
		if a := h.post(asOtherOrganiser, own, actValues(path)); a.status != http.StatusNotFound {
			t.Errorf("POST %s: status %d", own, a.status)
		}
	}
	code := paths["/desk/:series/:edition/badges/:code"][strings.LastIndex(paths["/desk/:series/:edition/badges/:code"], "/")+1:]
	file := strings.Replace(paths["/desk/:series/:edition/printing/:printout/file.pdf"], "/cmadfi/", "/toinen/", 1)
	for _, path := range []string{"/desk/toinen/2027/badges/" + code, "/desk/toinen/2027/badges/people/" + code, "/door/toinen/2027/badges/" + code, file, strings.Replace(paths["/desk/:series/:edition/certificates/file/:certificate"], "/cmadfi/2016", "/toinen/2027", 1), "/desk/toinen/2027/certificates/person/" + code} {
		if a := h.get(asOtherOrganiser, path); a.status != http.StatusNotFound || strings.HasPrefix(a.body, "%PDF") {
			t.Errorf("GET %s: status %d", path, a.status)
		}
	}
	if a := h.post(asOtherOrganiser, "/door/toinen/2027", url.Values{"code": {code}}); strings.Contains(a.body, "verdict stop") == false {
		t.Errorf("the other day's door lets %s in", code)
	}
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("%s changed", diff)
	}
	// The same door with the right edition lets the code in.
	if a := h.post(asOrganiser, "/door/cmadfi/2027", url.Values{"code": {code}}); a.status != http.StatusOK || strings.Contains(a.body, "verdict stop") {
		t.Errorf("the own door: status %d", a.status)
	}
	if n := h.count("SELECT count(*) FROM check_in c JOIN registration r ON r.id = c.registration_id WHERE r.code = ?", code); n != 1 {
		t.Errorf("%d arrivals of %s", n, code)
	}
}

// TestDeskShowsOnlyOnesOwn: the desk's list names no edition of others.
func TestDeskShowsOnlyOnesOwn(t *testing.T) {
	h := demoHouse(t)
	links := func(who string) (list []string) {
		for _, p := range strings.Split(h.page(who, "/desk"), `href="`)[1:] {
			p, _, _ = strings.Cut(p, `"`)
			if strings.Count(p, "/") == 3 && strings.HasPrefix(p, "/desk/") {
				list = append(list, p)
			}
		}
		slices.Sort(list)
		return slices.Compact(list)
	}
	all := []string{"/desk/cmadfi/2016", "/desk/cmadfi/2027", "/desk/cmadfi/new", "/desk/toinen/2027", "/desk/toinen/new"}
	for who, want := range map[string][]string{
		asSpeaker: nil, asDoorStaff: nil, asCatering: nil, asReviewer: nil, asModerator: {"/desk/cmadfi/2027"}, asOrganiser: all[:3], asOtherOrganiser: all[3:], asOwner: all,
	} {
		if got := links(who); !slices.Equal(got, want) {
			t.Errorf("%s sees %v, want %v", who, got, want)
		}
	}
	if got := fmt.Sprint(h.get(asAttendee, "/desk").status); got != "403" {
		t.Errorf("an attendee gets %s", got)
	}
}
