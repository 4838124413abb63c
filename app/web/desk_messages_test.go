package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/app/db/dbtest"
	"agora/app/demo"
	"agora/app/edition"
	"agora/app/mail"
	"agora/app/message"
	"agora/app/text"
)

// aDraft is a message of the edition that is ready to be sent.
func (h *webHouse) aDraft(e edition.Edition) message.Message {
	h.t.Helper()
	m, err := h.Messages.Save(h.t.Context(), e, "", message.Input{Draft: message.Draft{Audience: message.Confirmed,
		Subject: text.One(text.Finnish, "Tervetuloa, {name}"), Body: text.One(text.Finnish, "Hei **{name}**!\n\n[Lippusi]({ticket})")}})
	h.must(err)
	return m
}

// aLetter is one of the edition's outbox.
func (h *webHouse) aLetter(e edition.Edition) (id string) {
	h.t.Helper()
	h.must(h.DB.Read.NewRaw("SELECT id FROM mail WHERE edition_id = ? ORDER BY id LIMIT 1", e.ID).Scan(h.t.Context(), &id))
	return id
}

// crowd is a day with two seats: two who come, one in Swedish, and two who wait.
func crowd(t *testing.T) (*webHouse, edition.Edition, string) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	h.makeOwner()
	e := h.newEdition("2028", seats(2), nil)
	for i, name := range []string{"Aino Eka", "Bo Toka", "Cia Kolmas", "Dan Neljäs"} {
		if r := h.post(asStranger, "/cmadfi/2028/register", person(name, "onsite"), "Accept-Language", map[bool]string{true: "sv", false: "fi"}[i == 1]); r.status != http.StatusSeeOther {
			t.Fatalf("status %d\n%.600s", r.status, r.body)
		}
	}
	return h, e, "/desk/cmadfi/2028/messages"
}

func draftValues(change ...string) url.Values {
	v := url.Values{"key": {"0198f3a0-0000-7000-8000-000000000001"}, "audience": {"confirmed"}, "subject_fi": {"Hei {name}"}, "body_fi": {"Ovet klo 8. {ticket}"}}
	for i := 0; i+1 < len(change); i += 2 {
		v.Set(change[i], change[i+1])
	}
	return v
}

// A message goes from an empty page over a draft and a look to everybody, once.
func TestAMessageFromDraftToEverybody(t *testing.T) {
	h, _, base := crowd(t)
	if body := h.page(asOwner, base); !strings.Contains(body, h.Words.T(text.Finnish, "desk_messages.empty")) {
		t.Error("nothing says that there are no messages yet")
	}
	// The form sent twice makes one draft.
	first := h.post(asOwner, base+"/new", draftValues("then", "review"))
	again := h.post(asOwner, base+"/new", draftValues("then", "review"))
	at := strings.TrimSuffix(first.location(), "/review")
	if first.status != http.StatusSeeOther || again.location() != first.location() || h.count("SELECT count(*) FROM message") != 1 {
		t.Fatalf("status %d to %q, then %q, %d messages", first.status, first.location(), again.location(), h.count("SELECT count(*) FROM message"))
	}
	review := h.page(asOwner, at+"/review")
	for _, want := range []string{"<h2>Lähtee 2 ihmiselle</h2>", "<li>Yksi lukee sen suomeksi.</li>", "<li>Yksi lukisi mieluummin ruotsiksi mutta saa viestin suomeksi.</li>",
		"<b>Hei Aino Esimerkki</b>", `Lähetä 2 ihmiselle</button>`} {
		if strings.Count(review, want) != 1 {
			t.Errorf("the review holds %q %d times", want, strings.Count(review, want))
		}
	}
	written := h.count("SELECT count(*) FROM mail")
	h.leads(h.post(asOwner, at+"/test", url.Values{}), at+"/review")
	if n := h.count("SELECT count(*) FROM mail"); n != written+1 {
		t.Errorf("a test of one language is %d letters", n-written)
	}
	h.at(siteNow.Add(time.Hour))
	for range 2 {
		h.leads(h.post(asOwner, at+"/send", url.Values{"version": {"1"}}), at)
	}
	var to []string
	h.must(h.DB.Read.NewRaw("SELECT name || ' ' || language FROM mail WHERE kind = ? AND created_at > ? ORDER BY name", mail.OrganisersOwn, siteNow).Scan(t.Context(), &to))
	if !slices.Equal(to, []string{"Aino Eka fi", "Bo Toka fi"}) {
		t.Errorf("letters to %q", to)
	}
	sent := h.page(asOwner, at)
	if strings.Contains(sent, "<textarea") || !strings.Contains(sent, "2 kirjettä odottaa vielä lähtöä.") {
		t.Errorf("the sent message:\n%.900s", sent)
	}
	for _, act := range []string{"", "/discard"} {
		before := h.dump()
		if r := h.post(asOwner, at+act, draftValues("version", "2")); r.status != http.StatusConflict || differing(before, h.dump()) != "" {
			t.Errorf("%s after sending: status %d, changed %s", act, r.status, differing(before, h.dump()))
		}
	}
	h.leads(h.get(asOwner, at+"/review"), at)
}

// Two organisers do not overwrite each other, and what the second typed stays.
func TestTwoWritersOfOneMessage(t *testing.T) {
	h, e, base := crowd(t)
	m := h.aDraft(e)
	at := base + "/" + m.ID
	h.leads(h.post(asOwner, at, draftValues("version", "1", "body_fi", "Ensimmäinen")), at)
	r := h.post(asOwner, at, draftValues("version", "1", "body_fi", "Toinen <kirjoitti>"))
	if r.status != http.StatusConflict || !strings.Contains(r.body, "Toinen &lt;kirjoitti&gt;</textarea>") || !strings.Contains(r.body, h.Words.T(text.Finnish, "message.changed_meanwhile")) {
		t.Errorf("status %d\n%.900s", r.status, r.body)
	}
	now, err := h.Messages.Get(t.Context(), e.ID, m.ID)
	if h.must(err); now.Body[text.Finnish] != "Ensimmäinen" {
		t.Errorf("kept is %q", now.Body)
	}
	r = h.post(asOwner, at+"/send", url.Values{"version": {"1"}})
	if r.status != http.StatusConflict || h.count("SELECT count(*) FROM mail WHERE kind = ?", mail.OrganisersOwn) != 0 {
		t.Errorf("what was not seen is sent: status %d", r.status)
	}
}

// What is wrong is said beside its field, and nothing is kept.
func TestMessageProblems(t *testing.T) {
	h, e, base := crowd(t)
	en := func(key string, args ...any) string { return h.Words.T(text.English, key, args...) }
	before := h.dump()
	list := "{" + strings.Join(mail.Placeholders[:], "}, {") + "}"
	r := h.post(asOwner, base+"/new", draftValues("audience", "friends", "subject_fi", "Hei {nimi}", "body_sv", "Din {position}", "subject_sv", strings.Repeat("å", 151)), "Accept-Language", "en")
	h.sameProblems(r, map[string]string{"audience": en("field.required"), "subject_fi": en("message.placeholder_unknown", "placeholder", "{nimi}", "list", list),
		"body_sv": en("message.position_waiting"), "subject_sv": en("field.long", "max", 150)})
	if !strings.Contains(r.body, `value="Hei {nimi}"`) || !strings.Contains(r.body, "Din {position}</textarea>") {
		t.Error("what was typed is lost")
	}
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("%s changed", diff)
	}
	// A draft may lack words; it is not sent, and the review says why.
	half, err := h.Messages.Save(t.Context(), e, "", message.Input{Draft: message.Draft{Audience: message.Waiting, Body: text.One(text.Finnish, "Sijasi on {position}.")}})
	h.must(err)
	body := h.page(asOwner, base+"/"+half.ID+"/review")
	if !strings.Contains(body, "Sijasi on 14.") || strings.Contains(body, "/send\"") || !strings.Contains(body, "error-summary") {
		t.Errorf("the review of half a message:\n%.900s", body)
	}
	for _, act := range []string{"/send", "/test"} {
		if r := h.post(asOwner, base+"/"+half.ID+act, url.Values{"version": {"1"}}); r.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", act, r.status)
		}
	}
	empty, err := h.Messages.Save(t.Context(), e, "", message.Input{Draft: message.Draft{Audience: message.Pending, Subject: text.One(text.Finnish, "a"), Body: text.One(text.Finnish, "b")}})
	h.must(err)
	if r := h.post(asOwner, base+"/"+empty.ID+"/send", url.Values{"version": {"1"}}); r.status != http.StatusConflict || !strings.Contains(r.body, h.Words.T(text.Finnish, "message.nobody")) {
		t.Errorf("to nobody: status %d", r.status)
	}
	if n := h.count("SELECT count(*) FROM mail WHERE kind = ?", mail.OrganisersOwn); n != 0 {
		t.Errorf("%d letters", n)
	}
}

// Hostile Markdown and names are only words: in the preview, and in the outbox.
func TestHostileMessagesAreInert(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	h.makeOwner()
	e := h.newEdition("2028", seats(2), nil)
	h.register("2028", person("<b onclick=alert(1)>Evil</b> [x](javascript:alert(1))", "onsite", "email", "evil@agora.test"))
	evil := "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n[klik](javascript:alert(1)) ![p](https://evil.example/p.png) **{name}** <iframe src=//evil.example></iframe>\n\n# Otsikko"
	m, err := h.Messages.Save(t.Context(), e, "", message.Input{Draft: message.Draft{Audience: message.Confirmed, Subject: text.One(text.Finnish, "<i>a</i> {name}"), Body: text.One(text.Finnish, evil)}})
	h.must(err)
	at := "/desk/cmadfi/2028/messages/" + m.ID
	review := h.page(asOwner, at+"/review")
	h.leads(h.post(asOwner, at+"/send", url.Values{"version": {"1"}}), at)
	for where, body := range map[string]string{"review": review, "sent": h.page(asOwner, at), "outbox": h.page(asOwner, "/desk/cmadfi/2028/mail?kind=message")} {
		_, main, _ := strings.Cut(body, "<main")
		for _, g := range tagsOf(main) {
			if slices.Contains([]string{"script", "img", "iframe", "i"}, g.name) || g.attrs["onclick"] != "" || g.attrs["onerror"] != "" || strings.Contains(g.attrs["href"], "javascript") {
				t.Errorf("%s: %v", where, g)
			}
		}
		for _, f := range pageFaults(body, "fi") {
			t.Errorf("%s: %s", where, f)
		}
	}
	if outbox := h.page(asOwner, "/desk/cmadfi/2028/mail?kind=message"); !strings.Contains(outbox, "<strong>&lt;b onclick=alert(1)&gt;Evil&lt;/b&gt; [x](javascript:alert(1))</strong>") {
		t.Error("the name is not shown as words")
	}
}

// The outbox is sifted by kind and by what has not left, page by page, and names
// no letter of another edition.
func TestOutboxIsSifted(t *testing.T) {
	h, e, _ := crowd(t)
	rows := func(path string) int { return strings.Count(h.page(asOwner, path), "<li><details><summary>") }
	base := "/desk/cmadfi/2028/mail"
	for path, want := range map[string]int{base: 4, base + "?kind=registration_waiting": 2, base + "?kind=nothing": 4, base + "?state=unsent": 4, base + "?kind=confirm": 0, base + "?page=9": 0} {
		if n := rows(path); n != want {
			t.Errorf("%s: %d letters, want %d", path, n, want)
		}
	}
	_, err := h.DB.Write.NewRaw("UPDATE mail SET sent_at = created_at WHERE kind = 'registration_waiting'").Exec(t.Context())
	h.must(err)
	if n := rows(base + "?state=unsent"); n != 2 {
		t.Errorf("%d have not left", n)
	}
	var letters []mail.Letter
	for i := range 60 {
		letters = append(letters, mail.Letter{EditionID: e.ID, Email: fmt.Sprintf("n%d@agora.test", i), Kind: mail.Cancelled, Args: map[string]any{"name": "x", "edition": "y"}})
	}
	h.must(mail.Queue(t.Context(), h.DB.Write, siteNow, letters...))
	if a, b := rows(base+"?kind=registration_cancelled"), rows(base+"?kind=registration_cancelled&page=2"); a != 50 || b != 10 {
		t.Errorf("pages of %d and %d", a, b)
	}
	id := h.aLetter(e)
	_, err = h.DB.Write.NewRaw("UPDATE mail SET sent_at = NULL, next_at = ?, problem = 'mail.problem.late' WHERE id = ?", time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), id).Exec(t.Context())
	h.must(err)
	if body := h.page(asOwner, base+"?state=unsent&kind="+h.kindOf(id)); strings.Count(body, "/again\"") != 1 {
		t.Error("what was given up cannot be tried again")
	}
	h.leads(h.post(asOwner, base+"/"+id+"/again", url.Values{}), base+"?kind="+h.kindOf(id))
	if r := h.post(asOwner, base+"/"+id+"/again", url.Values{}); r.status != http.StatusConflict {
		t.Errorf("a second time: status %d", r.status)
	}
}

func (h *webHouse) kindOf(id string) (kind string) {
	h.must(h.DB.Read.NewRaw("SELECT kind FROM mail WHERE id = ?", id).Scan(h.t.Context(), &kind))
	return kind
}

// What goes by itself is told with its time on the edition's clock.
func TestWhatGoesByItself(t *testing.T) {
	h := demoHouse(t)
	e := h.find(demo.Coming)
	body := h.page(asOrganiser, "/desk/cmadfi/2027/messages")
	setup, err := h.Registrations.Setup(t.Context(), e.ID)
	h.must(err)
	for _, one := range message.Plan(e, setup.Rules) {
		if want := h.Words.T(text.Finnish, "desk_messages.timed_at", "when", text.DateTime(text.Finnish, e.Local(one.At))); one.On && !strings.Contains(body, want) {
			t.Errorf("%s is not told: %s", one.Kind, want)
		}
		if local := e.Local(one.At); local.Hour() != setup.Rules.QuietTo {
			t.Errorf("%s goes at %s", one.Kind, local)
		}
	}
}
