package web

import (
	"bytes"
	"net/http"
	"net/url"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"agora/app/account"
	"agora/app/apptest"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/text"
)

// ownerInvite is the first owner of a site.
var ownerInvite = account.Invite{Email: "owner@agora.test", Name: "Omistaja", Language: text.Finnish, Owner: true}

// verdict is what the door says of a code: its title, and whether it is a stop.
func verdict(r reply) string {
	for _, g := range tagsOf(r.body) {
		if class := g.attrs["class"]; class == "verdict" || class == "verdict stop" {
			said := headings(between(r.body, `class="`+class+`"`, "</b>", "<div ")+"</b>", "span")
			return strings.TrimPrefix(strings.TrimPrefix(class, "verdict"), " ") + ": " + strings.Join(said, "")
		}
	}
	return ""
}

// TestDoorAndCertificate: who arrives is let in once and gets a certificate,
// and nobody else does; on both engines.
func TestDoorAndCertificate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d)
		h.makeOwner()
		e := h.newEdition("2028", seats(2), nil)
		tickets, codes := map[string]string{}, map[string]string{}
		for name, place := range map[string]string{"Eka Henkilö": "onsite", "Etä Henkilö": "remote"} {
			tickets[name] = h.register("2028", person(name, place))
		}
		tickets["Toka Henkilö"] = h.register("2028", person("Toka Henkilö", "onsite"))
		tickets["Kolmas Henkilö"] = h.register("2028", person("Kolmas Henkilö", "onsite"))
		for name, ticket := range tickets {
			r, err := h.Registrations.ByToken(t.Context(), strings.TrimPrefix(ticket, "/ticket/"))
			h.must(err)
			codes[name] = r.Code
			if a := h.get(asStranger, ticket+"/certificate.pdf"); a.status != http.StatusNotFound {
				t.Errorf("%s has a certificate before arriving: status %d", name, a.status)
			}
		}
		h.at(e.StartsAt)
		h.makeOwner() // the earlier login has run out by then
		fi := func(key string) string { return h.Words.T(text.Finnish, key) }
		for _, c := range []struct{ name, code, want string }{
			{"looking", "?code=" + codes["Eka Henkilö"], ": " + fi("door.valid")},
			{"as typed", "?code=" + strings.ToLower(strings.ReplaceAll(codes["Eka Henkilö"], "-", "%20")), ": " + fi("door.valid")},
			{"waiting", "?code=" + codes["Kolmas Henkilö"], "stop: " + fi("door.not_valid")},
			{"remote", "?code=" + codes["Etä Henkilö"], "stop: " + fi("door.not_valid")},
			{"unknown", "?code=ZZZZ-ZZZZ", "stop: " + fi("door.unknown_title")},
		} {
			if got := verdict(h.get(asOwner, "/door/cmadfi/2028"+c.code)); got != c.want {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
		if n := h.count("SELECT count(*) FROM check_in"); n != 0 {
			t.Errorf("looking let %d in", n)
		}
		arrive := func(code string) string {
			return verdict(h.post(asOwner, "/door/cmadfi/2028", url.Values{"code": {code}}))
		}
		for _, c := range []struct{ code, want string }{
			{codes["Eka Henkilö"], ": " + fi("door.welcome")}, {codes["Eka Henkilö"], "stop: " + fi("door.again")},
			{codes["Kolmas Henkilö"], "stop: " + fi("door.not_valid")}, {codes["Etä Henkilö"], "stop: " + fi("door.not_valid")}, {"", "stop: " + fi("door.unknown_title")},
		} {
			if got := arrive(c.code); got != c.want {
				t.Errorf("%s: %q, want %q", c.code, got, c.want)
			}
		}
		h.leads(h.post(asOwner, "/door/cmadfi/2028/undo", url.Values{"code": {codes["Eka Henkilö"]}}), "/door/cmadfi/2028")
		if got := arrive(codes["Eka Henkilö"]); got != ": "+fi("door.welcome") {
			t.Errorf("after taking it back: %q", got)
		}
		if n := h.count("SELECT count(*) FROM check_in"); n != 1 {
			t.Errorf("%d are in", n)
		}
		body := h.page(asOwner, "/door/cmadfi/2028?q=henkil%C3%B6")
		if strings.Contains(body, "@agora.test") || !strings.Contains(body, "Toka Henkilö") || strings.Contains(body, "Kolmas Henkilö") {
			t.Error("the door's search shows addresses, or not whom it should")
		}
		if a := h.get(asStranger, tickets["Eka Henkilö"]+"/certificate.pdf"); a.status != http.StatusNotFound {
			t.Errorf("a certificate is had before the day is over: status %d", a.status)
		}
		h.at(e.EndsAt)
		h.certificate(tickets["Eka Henkilö"], "Eka Henkilö")
		for _, name := range []string{"Toka Henkilö", "Etä Henkilö"} {
			if a := h.get(asStranger, tickets[name]+"/certificate.pdf"); a.status != http.StatusNotFound {
				t.Errorf("%s has a certificate: status %d", name, a.status)
			}
		}
		if n := h.count("SELECT count(*) FROM certificate"); n != 1 {
			t.Errorf("%d certificates were given out", n)
		}
	})
}

// certificate downloads one twice and proves it; its page shows no more than
// the paper does.
func (h *webHouse) certificate(ticket, name string) {
	h.t.Helper()
	first, second := h.get(asStranger, ticket+"/certificate.pdf"), h.get(asStranger, ticket+"/certificate.pdf")
	if first.status != http.StatusOK || !strings.HasPrefix(first.body, "%PDF-") || first.body != second.body || first.header.Get("Content-Type") != "application/pdf" {
		h.t.Fatalf("status %d as %s; the same bytes: %v", first.status, first.header.Get("Content-Type"), first.body == second.body)
	}
	var code string
	h.must(h.DB.Read.NewRaw("SELECT code FROM certificate").Scan(h.t.Context(), &code))
	h.at(siteNow.AddDate(0, 3, 0))
	for _, l := range text.Langs {
		body := h.page(asStranger, "/verify/"+code, "Accept-Language", string(l))
		if !strings.Contains(body, name) || !strings.Contains(body, h.Words.T(l, "verify.valid")) {
			h.t.Errorf("%s does not prove it in %s", code, l)
		}
		for _, secret := range []string{"@agora.test", "/ticket/", "eka.henkil", "ei kuvata", "registration"} {
			if strings.Contains(body, secret) {
				h.t.Errorf("the proof shows %q", secret)
			}
		}
		var ticketCode string
		h.must(h.DB.Read.NewRaw("SELECT code FROM registration WHERE name = ?", name).Scan(h.t.Context(), &ticketCode))
		if strings.Contains(body, ticketCode) {
			h.t.Error("the proof shows the ticket's code")
		}
	}
	for _, typed := range []string{strings.ToLower(code), strings.ReplaceAll(code, "-", ""), strings.ReplaceAll(code, "-", "%20")} {
		h.page(asStranger, "/verify/"+typed)
	}
	if r := h.get(asStranger, "/verify?code="+strings.ToLower(code)); r.location() != "/verify/"+code {
		h.t.Errorf("the form leads to %q", r.location())
	}
	for _, wrong := range []string{"ZZZZ-ZZZZ-ZZZZ", code[:len(code)-1] + "!", "x"} {
		if r := h.get(asStranger, "/verify/"+wrong); r.status != http.StatusNotFound || strings.Contains(r.body, name) {
			h.t.Errorf("%s: status %d", wrong, r.status)
		}
	}
	_, err := h.DB.Write.NewRaw("UPDATE certificate SET revoked_at = issued_at, reason = 'mistake'").Exec(h.t.Context())
	h.must(err)
	if body := h.page(asStranger, "/verify/"+code); !strings.Contains(body, h.Words.T(text.Finnish, "verify.revoked")) || strings.Contains(body, name) {
		h.t.Error("a revoked certificate still proves")
	}
	if r := h.get(asStranger, ticket+"/certificate.pdf"); r.status != http.StatusNotFound {
		h.t.Errorf("a revoked certificate is printed: status %d", r.status)
	}
}

// TestBadges: every name is printed, and a hard one breaks no batch.
func TestBadges(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	h.makeOwner()
	h.newEdition("2028", seats(20), nil)
	if r := h.get(asOwner, "/desk/cmadfi/2028/badges.pdf"); r.status != http.StatusNotFound {
		t.Errorf("badges of nobody: status %d", r.status)
	}
	names := []string{"Åsa Ġorġ Żółć", "Ñandú Őri Łucja", "Ilo 🎉 Väki", strings.Repeat("Pitkä", 12), "السيد عمر", "A\u200bB C\u0301d", "<script>alert(1)</script>", "=SUM(A1)"}
	for i, name := range names {
		h.register("2028", person(name, "onsite", "email", strings.Repeat("x", i+1)+"@agora.test"))
	}
	r := h.get(asOwner, "/desk/cmadfi/2028/badges.pdf")
	if r.status != http.StatusOK || !strings.HasPrefix(r.body, "%PDF-") {
		t.Fatalf("status %d", r.status)
	}
	if n := len(regexp.MustCompile(`/Type /Page\b[^s]`).FindAllString(r.body, -1)); n != len(names) {
		t.Errorf("%d pages for %d people", n, len(names))
	}
	if again := h.get(asOwner, "/desk/cmadfi/2028/badges.pdf"); again.body != r.body {
		t.Error("the same data gives other bytes")
	}
	for _, name := range names[:2] {
		if words := pdfText(t, r.body); words != "" && !strings.Contains(strings.Join(strings.Fields(words), " "), name[strings.LastIndex(name, " ")+1:]) {
			t.Errorf("%s is not on it", name)
		}
	}
	body := h.page(asOwner, "/desk/cmadfi/2028/badges/people")
	if !strings.Contains(body, "&lt;script&gt;") || strings.Contains(body, "<script>alert") {
		t.Error("the list does not show a name as it is")
	}
	if body := h.page(asOwner, "/desk/cmadfi/2028/badges"); !strings.Contains(body, "Ilo 🎉 Väki") || strings.Contains(body, "Ñandú") {
		t.Error("the check before printing does not list the emoji")
	}
}

// pdfText reads a document's words where pdftotext is installed.
func pdfText(t *testing.T, body string) string {
	t.Helper()
	program, err := exec.LookPath("pdftotext")
	if err != nil {
		if apptest.Compulsory() {
			t.Fatal("pdftotext is compulsory here")
		}
		return ""
	}
	cmd := exec.CommandContext(t.Context(), program, "-", "-")
	cmd.Stdin = strings.NewReader(body)
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
