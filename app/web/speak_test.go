package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"agora/app/edition"
	"agora/app/program"
	"agora/app/registration"
	"agora/app/speaking"
	"agora/app/text"
)

// stageDay is a day with two speakers, each with a session and a link of their own,
// and one session that both are on.
type stageDay struct {
	*webHouse
	e            edition.Edition
	aino, bo     speaking.Speaking
	own, others  program.Session // Aino's and Bo's
	shared       program.Session
	ainoAt, boAt string
}

func newStageDay(t *testing.T, seatsOnSite int64) *stageDay {
	t.Helper()
	d := &stageDay{webHouse: demoHouse(t)}
	d.e = d.newEdition("2030", seats(seatsOnSite), nil)
	d.own = d.talk("Yhteisö kasvaa", "Aino Kallio")
	d.others = d.talk("Luottamus", "Bo Ek")
	d.shared = d.talk("Paneeli", "Aino Kallio", "Bo Ek")
	_, err := d.Program.Release(t.Context(), "", d.e, "", nil)
	d.must(err)
	d.e = d.find("2030")
	d.aino = d.linked(d.e, "aino-kallio", "aino@agora.test")
	d.bo = d.linked(d.e, "bo-ek", "bo@agora.test")
	d.ainoAt, d.boAt = d.speak(d.aino), d.speak(d.bo)
	return d
}

func (d *stageDay) talk(title string, names ...string) program.Session {
	d.t.Helper()
	in := program.SessionInput{Title: text.One(text.Finnish, title), Kind: program.Talk, StartsAt: d.e.StartsAt, EndsAt: d.e.StartsAt.Add(30 * time.Minute)}
	for _, name := range names {
		in.Speakers = append(in.Speakers, program.SpeakerRef{Name: name})
	}
	x, err := d.Program.SaveSession(d.t.Context(), "", d.e, "", in)
	d.must(err)
	return x
}

// now is a speaker's side as it is stored.
func (d *stageDay) now(x speaking.Speaking) speaking.Speaking { return d.side(d.e, x.SpeakerID) }

// sends posts a form that has to be taken.
func (d *stageDay) sends(path string, values url.Values) {
	d.t.Helper()
	if r := d.post(asStranger, path, values); r.status != http.StatusSeeOther {
		d.t.Fatalf("POST %s: status %d\n%s", path, r.status, textOf(r.body))
	}
}

func TestSpeakerAnswers(t *testing.T) {
	d := newStageDay(t, 5)
	body := d.page(asStranger, d.ainoAt)
	for _, want := range []string{"Hei, Aino Kallio", "Pääsetkö puhumaan?", "Yhteisö kasvaa", "Paneeli"} {
		if !strings.Contains(body, want) {
			t.Errorf("the first page lacks %q", want)
		}
	}
	if strings.Contains(body, "Luottamus") {
		t.Error("another speaker's session is shown")
	}
	if x := d.now(d.aino); x.OpenedAt != nil || x.State != speaking.Prepared {
		t.Errorf("opening the page counts as the speaker's word: %+v", x)
	}
	if r := d.post(asStranger, d.ainoAt, url.Values{}); r.status != http.StatusUnprocessableEntity {
		t.Errorf("neither yes nor no: status %d", r.status)
	}
	d.sends(d.ainoAt, url.Values{"say": {"yes"}, "place": {"onsite"}})
	x := d.now(d.aino)
	if x.State != speaking.Accepted || x.OpenedAt == nil {
		t.Errorf("accepted: %+v", x)
	}
	body = d.page(asStranger, d.ainoAt)
	ticket := between(body, `href="`+siteBase+`/ticket/`, `"`, "/ticket/")
	if page := d.page(asStranger, ticket); !strings.Contains(page, "Aino Kallio") {
		t.Error("the ticket is not the speaker's")
	}
	rows, n, err := d.Registrations.List(t.Context(), d.e.ID, registration.Filter{Limit: 9})
	if d.must(err); n != 1 || rows[0].State != registration.Confirmed || rows[0].Email != "aino@agora.test" {
		t.Errorf("registered: %+v", rows)
	}
	d.sends(d.ainoAt, url.Values{"say": {"no"}})
	if x := d.now(d.aino); x.State != speaking.Declined || x.RegistrationID != "" {
		t.Errorf("declined: %+v", x)
	}
	places, err := d.Registrations.Places(t.Context(), d.e.ID)
	if d.must(err); places[registration.Onsite].Taken+places[registration.Onsite].Held != 1 { // Bo's is kept
		t.Errorf("places: %+v", places[registration.Onsite])
	}
}

func TestSpeakersBadge(t *testing.T) {
	d := newStageDay(t, 1) // one place, kept for Aino; none for Bo
	d.sends(d.ainoAt, url.Values{"say": {"yes"}, "place": {"onsite"}})
	d.sends(d.boAt, url.Values{"say": {"yes"}, "place": {"onsite"}})
	if body := d.page(asStranger, d.boAt); !strings.Contains(body, "Sali on tällä hetkellä täynnä") {
		t.Error("Bo is not told how it stands")
	}
	seatless, err := d.Speaking.Seatless(t.Context(), d.e)
	d.must(err)
	if len(seatless) != 1 || seatless[0].Name != "Bo Ek" {
		t.Errorf("without a seat: %+v", seatless)
	}
	if body := d.page(asOwner, "/desk/cmadfi/2030/badges/people"); !strings.Contains(body, "Bo Ek") || !strings.Contains(body, "Aino Kallio") {
		t.Error("a speaker's badge is missing")
	}
}

func TestLinkOfASpeaker(t *testing.T) {
	d := newStageDay(t, 5)
	before := d.dump()
	forged := d.ainoAt[:len(d.ainoAt)-2] + "AA"
	for _, path := range []string{forged, "/speak/x", "/speak/" + strings.Repeat("A", 48), d.ainoAt + "x"} {
		if r := d.get(asStranger, path); r.status != http.StatusNotFound {
			t.Errorf("%s: status %d", path, r.status)
		}
		if r := d.post(asStranger, path, url.Values{"say": {"no"}}); r.status != http.StatusNotFound {
			t.Errorf("POST %s: status %d", path, r.status)
		}
	}
	if diff := differing(before, d.dump()); diff != "" {
		t.Errorf("a forged link changed %s", diff)
	}
	_, err := d.Speaking.Renew(t.Context(), "", d.e, d.aino.SpeakerID)
	d.must(err)
	before = d.dump()
	for _, r := range routes(nil) {
		if !strings.HasPrefix(r.path, "/speak/") || strings.Contains(r.path, "/uploads") {
			continue
		}
		path := strings.NewReplacer("/speak/:token", d.ainoAt, ":slug", d.own.Slug, ":picture", "x", ":material", "x", ":question", "x").Replace(r.path)
		a := d.ask(r.method, path, "", "Accept-Language", "fi", "Sec-Fetch-Site", "same-origin")
		if a.status != http.StatusGone || strings.Contains(a.body, "Aino") || !strings.Contains(a.body, "järjestäjiltä") {
			t.Errorf("%s %s on an ended link: status %d", r.method, path, a.status)
		}
	}
	if diff := differing(before, d.dump()); diff != "" {
		t.Errorf("an ended link changed %s", diff)
	}
	if r := d.get(asStranger, d.speak(d.now(d.aino))); r.status != http.StatusOK {
		t.Errorf("the new link: status %d", r.status)
	}
}

// TestWrongSpeaker: with one's own link, nothing of another speaker is reached.
func TestWrongSpeaker(t *testing.T) {
	d := newStageDay(t, 5)
	theirs := d.handsIn(d.boAt, d.bo, d.others, "https://example.org/bo")
	before := d.dump()
	for _, path := range []string{"/sessions/" + d.others.Slug, "/sessions/" + d.others.Slug + "/material", "/material/" + theirs, "/material/" + theirs + "/remove",
		"/questions/nothing", "/sessions/avaus", "/sessions/nothing"} {
		if r := d.post(asStranger, d.ainoAt+path, url.Values{"version": {"1"}, "title_fi": {"Minun"}, "kind": {"slides"}, "url": {"https://example.org/x"}, "shown": {"now"}, "text": {"Vastaus"}}); r.status != http.StatusNotFound {
			t.Errorf("POST %s: status %d", path, r.status)
		}
	}
	for _, path := range []string{"/sessions/" + d.others.Slug, "/material/" + theirs, "/material/" + theirs + "/file", "/picture/" + theirs} {
		if r := d.get(asStranger, d.ainoAt+path); r.status != http.StatusNotFound {
			t.Errorf("GET %s: status %d", path, r.status)
		}
	}
	if diff := differing(before, d.dump()); diff != "" {
		t.Errorf("another speaker's things changed: %s", diff)
	}
}

// handsIn adds a link to a session through a speaker's own pages and gives its id.
func (d *stageDay) handsIn(at string, x speaking.Speaking, session program.Session, address string) string {
	d.t.Helper()
	d.sends(at+"/sessions/"+session.Slug+"/material", url.Values{"kind": {"slides"}, "url": {address}, "shown": {"now"}, "licence": {"CC BY 4.0"}})
	list, err := d.Material.OfSession(d.t.Context(), d.e, session.ID)
	d.must(err)
	for _, m := range list {
		if m.URL == address && m.SpeakerID == x.SpeakerID && m.Licence == "CC BY 4.0" {
			return m.ID
		}
	}
	d.t.Fatalf("nothing was handed in: %+v", list)
	return ""
}

func version(n int64) string { return strconv.FormatInt(n, 10) }
