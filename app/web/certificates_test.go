package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"agora/app/certificate"
	"agora/app/db/dbtest"
	"agora/app/demo"
)

// TestCertificateDesk: an organiser names who was there, gives, revokes and gives
// anew; the page that proves it follows, and only its holder has the file.
func TestCertificateDesk(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	h.makeOwner()
	e := h.newEdition("2028", seats(5), nil)
	ticket := h.register("2028", person("Eka Henkilö", "onsite"))
	r, err := h.Registrations.ByToken(t.Context(), strings.TrimPrefix(ticket, "/ticket/"))
	h.must(err)
	h.at(e.EndsAt)
	h.makeOwner()
	base, one := "/desk/cmadfi/2028/certificates", "/desk/cmadfi/2028/certificates/person/"+r.Code
	if body := h.page(asOwner, base); !strings.Contains(body, h.said("certificate.why.not_arrived")) {
		t.Error("the list does not say why there is none")
	}
	if a := h.post(asOwner, one+"/word", url.Values{"present": {"yes"}, "minutes": {"x"}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("minutes that are no number: status %d", a.status)
	}
	h.leads(h.post(asOwner, one+"/word", url.Values{"present": {"yes"}, "minutes": {"95"}}), one)
	h.leads(h.post(asOwner, one+"/issue", nil), one)
	var id, code string
	h.must(h.DB.Read.NewRaw("SELECT id, code FROM certificate").Scan(t.Context(), &id, &code))
	if body := h.page(asStranger, "/verify/"+code); !strings.Contains(body, "1\u00a0h 35\u00a0min") || strings.Contains(body, "certificate.pdf") {
		t.Error("the page does not say what the paper does, or offers the file to anybody")
	}
	for who, want := range map[string]int{asStranger: http.StatusSeeOther, asOwner: http.StatusOK} {
		if a := h.get(who, "/verify/"+code+"/certificate.pdf"); a.status != want {
			t.Errorf("the file as %s: status %d", who, a.status)
		}
	}
	h.leads(h.post(asOwner, base+"/revoke/"+id, url.Values{"reason": {"mistake"}, "note": {"salainen"}}), one)
	if body := h.page(asStranger, "/verify/"+code); strings.Contains(body, "Eka Henkilö") || strings.Contains(body, "salainen") || !strings.Contains(body, h.said("certificate.reason_told.mistake")) {
		t.Error("a revoked certificate says the wrong things")
	}
	if a := h.get(asOwner, base+"/file/"+id); a.status != http.StatusNotFound {
		t.Errorf("a revoked one is printed: status %d", a.status)
	}
	h.leads(h.post(asOwner, base+"/renew/"+id, nil), one)
	if a := h.get(asStranger, ticket+"/certificate.pdf"); a.status != http.StatusOK {
		t.Errorf("the new one: status %d", a.status)
	}
	if body := h.page(asOwner, one); !strings.Contains(body, "salainen") || strings.Count(body, "/verify/") != 2 {
		t.Error("the history is not complete")
	}
}

// TestCertificateRulesForm: what is typed comes back with what is wrong, and an
// older form does not overwrite a newer one.
func TestCertificateRulesForm(t *testing.T) {
	h := demoHouse(t)
	path := "/desk/cmadfi/2027/certificates/rules"
	form := url.Values{"basis": {"stated"}, "hours": {"6"}, "minutes": {"30"}, "remote": {"live"}, "remote_minutes": {"0"}, "letter": {"1"}, "version": {"0"},
		"own_fi": {"Päivän omat sanat"}, "signer_first": {"Päivi Järjestäjä"}}
	if a := h.post(asOrganiser, path, form); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Päivän omat sanat") {
		t.Errorf("status %d", a.status)
	}
	form.Set("remote_minutes", "45")
	h.leads(h.post(asOrganiser, path, form), path)
	if a := h.post(asOrganiser, path, form); a.status != http.StatusConflict {
		t.Errorf("an older form: status %d", a.status)
	}
	r, err := h.Certificates.Rules(t.Context(), h.find(demo.Coming).ID)
	h.must(err)
	if r.Minutes != 390 || r.RemoteMinutes != 45 || r.Speaking || !r.Letter || len(r.Signers) != 1 {
		t.Errorf("%+v", r)
	}
	sample := h.get(asOrganiser, "/desk/cmadfi/2027/certificates/sample.pdf")
	if words := pdfText(t, sample.body); words != "" && (!strings.Contains(words, "Päivän omat sanat") || !strings.Contains(words, "0000-0000-0000")) {
		t.Errorf("%s", words)
	}
}

// TestPapers: the programme is anybody's, in their language; signs and names are
// the organisers'.
func TestPapers(t *testing.T) {
	h := demoHouse(t)
	for path, who := range map[string]string{"/cmadfi/2027/program.pdf": asStranger, "/cmadfi/2027/program.pdf?design=grid": asStranger,
		"/cmadfi/2027/program.pdf?design=pocket": asStranger, "/desk/cmadfi/2027/rooms.pdf": asOrganiser, "/desk/cmadfi/2027/names.pdf": asOrganiser} {
		a, again := h.get(who, path), h.get(who, path)
		if a.status != http.StatusOK || !strings.HasPrefix(a.body, "%PDF-") || a.header.Get("Content-Type") != "application/pdf" || a.body != again.body {
			t.Errorf("%s: status %d as %s", path, a.status, a.header.Get("Content-Type"))
		}
		if words := pdfText(t, a.body); strings.Contains(words, "@") {
			t.Errorf("%s holds an address", path)
		}
	}
}

// TestMinutesOfTheLiveRooms: who opens the live rooms from their ticket has their
// minutes counted; a page without that has nothing to count.
func TestMinutesOfTheLiveRooms(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	h.makeOwner()
	e := h.newEdition("2028", seats(5), nil)
	ticket := h.register("2028", person("Etä Henkilö", "remote"))
	rules, err := h.Certificates.Rules(t.Context(), e.ID)
	h.must(err)
	rules.Remote, rules.RemoteMinutes = certificate.RemoteLive, 30
	h.must(h.Certificates.SaveRules(t.Context(), "organiser", e, rules))
	here := "/cmadfi/2028/live/here"
	if body := h.page(asStranger, ticket); strings.Contains(body, ticket+"/live") {
		t.Error("minutes are offered before the day")
	}
	h.at(e.StartsAt)
	if body := h.page(asStranger, ticket); !strings.Contains(body, ticket+"/live") {
		t.Error("the ticket does not offer to count minutes")
	}
	if a := h.post(asStranger, here, nil); a.status != http.StatusNoContent {
		t.Errorf("a page that nobody asked to be counted: status %d", a.status)
	}
	opened := h.post(asStranger, ticket+"/live", nil)
	h.leads(opened, "/cmadfi/2028/live")
	var mark string
	for _, c := range opened.header.Values("Set-Cookie") {
		if value, ok := strings.CutPrefix(c, "agora_here="); ok {
			mark, _, _ = strings.Cut(value, ";")
			if !strings.Contains(c, "HttpOnly") || !strings.Contains(strings.ToLower(c), "path=/cmadfi/2028") {
				t.Errorf("the mark goes too far: %s", c)
			}
		}
	}
	h.at(e.StartsAt.Add(time.Minute))
	a := h.ask(http.MethodPost, here, "", "Cookie", "agora_here="+mark, "Sec-Fetch-Site", "same-origin")
	if a.status != http.StatusOK || !strings.Contains(a.body, `"next_ms":60000`) || !strings.Contains(a.body, "1\u00a0min") && !strings.Contains(a.body, "1 min") {
		t.Errorf("status %d: %s", a.status, a.body)
	}
	if strings.Contains(opened.location(), mark) || mark == "" {
		t.Error("the mark stands in an address, or there is none")
	}
}
