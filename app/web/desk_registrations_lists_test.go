package web

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"agora/app/edition"
	"agora/app/registration"
	"agora/app/registration/form"
	"agora/app/registration/sheet"
	"agora/app/text"
)

// exported parses a list that was taken away, as a program that knows nothing of
// formulas does.
func exported(t testing.TB, r reply) [][]string {
	t.Helper()
	if r.status != http.StatusOK || !strings.HasPrefix(r.body, "\ufeff") {
		t.Fatalf("status %d, %.80q", r.status, r.body)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(r.body, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func sameRows(t testing.TB, what string, got, want [][]string) {
	t.Helper()
	if !slices.EqualFunc(got, want, slices.Equal[[]string]) {
		t.Errorf("%s:\n%q\nwant\n%q", what, got, want)
	}
}

// hostile are people whose names a spreadsheet would run.
func (h *webHouse) hostile(e edition.Edition) (eka, toka registration.Registration) {
	eka = h.add(e, "Eka", registration.Onsite, func(in *registration.Input) {
		in.Name, in.Email, in.Organisation, in.Needs, in.Consent = `=HYPERLINK("http://evil.example";"x")`, "eka@agora.test", "@SUM(A1)", "+vegaani", true
		in.Answers = form.Answers{"shoe": int64(38), "meals": []string{"lunch", "dinner"}, "aid": "-silmukka"}
	})
	toka = h.add(e, "Åsa Öhman", registration.Remote, func(in *registration.Input) { in.Email, in.Language = "asa@agora.test", text.Swedish })
	return eka, toka
}

// TestExportIsWhatWasAskedFor: the whole list equals what is known, formulas are
// inert, what is special comes only when asked for, and the log says so.
func TestExportIsWhatWasAskedFor(t *testing.T) {
	h, e := peopleDay(t)
	h.ownForm(e)
	eka, toka := h.hostile(e)
	const at = "2026-11-21 14:00"
	head := []string{"Nimi", "Sähköposti", "Organisaatio", "Paikka", "Kieli", "Valokuvat", "Kengännumero", "Ateriat", "Tila", "Koodi", "Ilmoittautui (Europe/Helsinki)", "Vahvisti tulevansa", "Saapui", "Kiintiö", "Ryhmä"}
	ekaRow := []string{`'=HYPERLINK("http://evil.example";"x")`, "eka@agora.test", "'@SUM(A1)", "Paikan päällä", "suomi", "Kysy ennen kuvaamista", "38", "Lounas; Illallinen, myöhään", "vahvistettu", eka.Code, at, "", "", "", ""}
	tokaRow := []string{"Åsa Öhman", "asa@agora.test", "", "Etänä", "svenska", "Kysy ennen kuvaamista", "", "", "vahvistettu", toka.Code, at, "", "", "", ""}
	r := h.get(asOrganiser, peopleDesk+"/registrations.csv")
	sameRows(t, "the list", exported(t, r), [][]string{head, ekaRow, tokaRow})
	if got := r.header.Get("Content-Disposition"); got != `attachment; filename="cmadfi-2028-registrations.csv"` || r.header.Get("Cache-Control") != "no-store" {
		t.Errorf("sent as %s, %s", got, r.header.Get("Cache-Control"))
	}
	if strings.Contains(r.body, "vegaani") || strings.Contains(r.body, "silmukka") {
		t.Error("special data came unasked")
	}
	with := func(row []string, needs, aid string) []string {
		return slices.Insert(slices.Insert(slices.Clone(row), 8, aid), 6, needs)
	}
	sameRows(t, "with special data", exported(t, h.get(asOrganiser, peopleDesk+"/registrations.csv?special=1")),
		[][]string{with(head, "Ruokavalio ja esteettömyys", "Apuväline"), with(ekaRow, "'+vegaani", "'-silmukka"), with(tokaRow, "", "")})
	sameRows(t, "filtered", exported(t, h.get(asOrganiser, peopleDesk+"/registrations.csv?kind=remote&q=%C3%B6hman")), [][]string{head, tokaRow})
	var details []string
	h.must(h.DB.Read.NewRaw("SELECT detail FROM audit WHERE act = 'registration.export' AND edition_id = ? ORDER BY id", e.ID).Scan(t.Context(), &details))
	if want := []string{`{"format":"csv","n":2,"special":false}`, `{"format":"csv","n":2,"special":true}`, `{"format":"csv","n":1,"special":false}`}; !slices.Equal(details, want) {
		t.Errorf("the log says %v", details)
	}
	for _, who := range []string{asModerator, asOtherOrganiser, asAttendee} {
		if r := h.get(who, peopleDesk+"/registrations.csv"); r.status != http.StatusForbidden || strings.Contains(r.body, "agora.test") {
			t.Errorf("%s: status %d", who, r.status)
		}
	}
	if n := h.count("SELECT count(*) FROM audit WHERE act = 'registration.export'"); n != 3 {
		t.Errorf("%d exports in the log, want 3", n)
	}
}

// TestExportComesBack: either file, in any language, is read again as the same
// people, each column by its own heading.
func TestExportComesBack(t *testing.T) {
	h, e := peopleDay(t)
	h.ownForm(e)
	h.hostile(e)
	setup, err := h.Registrations.Setup(t.Context(), e.ID)
	h.must(err)
	want := []sheet.Person{
		{Line: 2, Name: `=HYPERLINK("http://evil.example";"x")`, Email: "eka@agora.test", Organisation: "@SUM(A1)", Place: "onsite", Language: "fi", Photo: "ask", Needs: "+vegaani",
			Answers: form.Answers{"shoe": int64(38), "meals": []string{"lunch", "dinner"}, "aid": "-silmukka"}},
		{Line: 3, Name: "Åsa Öhman", Email: "asa@agora.test", Place: "remote", Language: "sv", Photo: "ask", Answers: form.Answers{}},
	}
	for _, l := range text.Langs {
		for _, kind := range []string{"csv", "xlsx"} {
			r := h.get(asOrganiser, peopleDesk+"/registrations."+kind+"?special=1", "Accept-Language", string(l))
			table, err := sheet.Read("list."+kind, []byte(r.body))
			h.must(err)
			people, problems, err := sheet.People(table, setup.Form, sheet.Defaults{})
			h.must(err)
			if fmt.Sprint(people) != fmt.Sprint(want) || len(problems) != 0 {
				t.Errorf("%s in %s:\n%v\n%v\nwant\n%v", kind, l, people, problems, want)
			}
			if found := sheet.Match(table.Header, setup.Form); len(found) != 10 || len(sheet.Unmatched(table.Header, found)) != 7 {
				t.Errorf("%s in %s: %v of %v", kind, l, found, table.Header)
			}
		}
	}
}

// sendList sends a list as a file, with the rest of its form.
func (h *webHouse) sendList(who, name string, content []byte, more url.Values, headers ...string) reply {
	h.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for key, values := range more {
		h.must(w.WriteField(key, values[0]))
	}
	if name != "" {
		part, err := w.CreateFormFile("file", name)
		h.must(err)
		_, err = part.Write(content)
		h.must(err)
	}
	h.must(w.Close())
	return h.ask(http.MethodPost, peopleDesk+"/registrations/import", b.String(), append([]string{"Content-Type", w.FormDataContentType(), "Sec-Fetch-Site", "same-origin", "Cookie", h.login(who), "Accept-Language", "fi"}, headers...)...)
}

func usual() url.Values { return url.Values{"place": {"onsite"}, "language": {"fi"}} }

// reportRows are the lines to mend, as the report tells them.
func reportRows(body string) (list [][]string) {
	rows := strings.Split(between(body, `<table class="stack"><thead>`, "</table>", ""), "<tr>")
	for _, tr := range rows[min(2, len(rows)):] {
		list = append(list, append(headings(tr, "th"), headings(tr, "td")...))
	}
	return list
}

const peopleList = "Nimi;Sähköposti;Paikka;Kenkä;Ruokavalio\r\nAada;aada@agora.test;;38;vegaani\r\n;bo@;kotona;;\r\nCia;cia@agora.test;etänä;;\r\nDan;eka.eskola@agora.test;;;\r\nEve;aada@agora.test;;;\r\nFia;fia@agora.test;;;\r\n"

// TestImportByLine: the report says of each line what is wrong, nobody is
// registered before the button is pressed, and nobody twice after it.
func TestImportByLine(t *testing.T) {
	h, e := peopleDay(t)
	fi := func(key string, args ...any) string { return h.Words.T(text.Finnish, key, args...) }
	h.add(e, "Eka Eskola", registration.Onsite)
	before := h.dump()
	r := h.sendList(asOrganiser, "lista.csv", []byte(peopleList), usual())
	if diff := differing(before, h.dump()); diff != "list_import" || r.status != http.StatusOK {
		t.Fatalf("status %d, %s changed\n%.2000s", r.status, diff, r.body)
	}
	sameRows(t, "to mend", reportRows(r.body), [][]string{
		{"3", "Nimi", fi("field.required")}, {"3", "Paikka", fi("sheet.place")}, {"3", "Sähköposti", fi("account.email.form")}, {"6", "Sähköposti", fi("sheet.doubled", "line", 2)}})
	for _, said := range []string{fi("desk_people.report", "n", 6), fi("desk_people.take", "n", 3), fi("desk_people.known_lines", "n", 1), fi("desk_people.nth", "n", "5") + ": Dan", "<li>Kenkä</li>", fi("desk_people.unkept", "n", 1)} {
		if !strings.Contains(r.body, said) {
			t.Errorf("the report lacks %q", said)
		}
	}
	take := url.Values{"list": {between(r.body, `name="list" value="`, `"`, "")}}
	path := peopleDesk + "/registrations/import/take"
	before = h.dump()
	for who, want := range map[string]int{asOwner: http.StatusNotFound, asModerator: http.StatusForbidden, asOtherOrganiser: http.StatusForbidden} {
		if got := h.post(who, path, take); got.status != want {
			t.Errorf("%s: status %d", who, got.status)
		}
	}
	if got := h.post(asOrganiser, "/desk/cmadfi/2027/registrations/import/take", take); got.status != http.StatusNotFound {
		t.Errorf("under another edition: status %d", got.status)
	}
	if diff := differing(before, h.dump()); diff != "" {
		t.Fatalf("%s changed", diff)
	}
	// Somebody of the list registers by themselves before the button is pressed.
	h.register("2028", person("Fia", "remote", "email", "fia@agora.test"))
	done := h.post(asOrganiser, path, take)
	figs := headings(between(done.body, `<ul class="figs">`, "</ul>", ""), "b")
	if done.status != http.StatusOK || !slices.Equal(figs, []string{"2", "0", "1", "0"}) {
		t.Errorf("status %d, %v", done.status, figs)
	}
	var people []string
	h.must(h.DB.Read.NewRaw("SELECT name || ' ' || kind || ' ' || state || ' ' || needs FROM registration WHERE edition_id = ? ORDER BY name", e.ID).Scan(t.Context(), &people))
	if want := []string{"Aada onsite confirmed ", "Cia remote confirmed ", "Eka Eskola onsite confirmed ", "Fia remote confirmed "}; !slices.Equal(people, want) {
		t.Errorf("registered: %q", people)
	}
	before = h.dump()
	if again := h.post(asOrganiser, path, take); again.status != http.StatusNotFound || !strings.Contains(again.body, fi("desk_people.list_gone")) {
		t.Errorf("a second press: status %d", again.status)
	}
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("a second press changed %s", diff)
	}
}

// TestImportKeepsNeedsWithConsent only.
func TestImportKeepsNeedsWithConsent(t *testing.T) {
	h, e := peopleDay(t)
	form := usual()
	form.Set("consent", "1")
	form.Set("paste", "Name\tE-mail\tDiet\nAada\taada@agora.test\tvegan\nBo\tbo@agora.test\t")
	r := h.sendList(asOrganiser, "", nil, form)
	h.post(asOrganiser, peopleDesk+"/registrations/import/take", url.Values{"list": {between(r.body, `name="list" value="`, `"`, "")}})
	if n := h.count("SELECT count(*) FROM registration WHERE edition_id = ? AND needs = 'vegan' AND consent_at IS NOT NULL", e.ID); n != 1 {
		t.Errorf("%d with needs and consent", n)
	}
	if n := h.count("SELECT count(*) FROM registration WHERE edition_id = ? AND consent_at IS NULL", e.ID); n != 1 {
		t.Errorf("%d without", n)
	}
}

// TestImportRefuses what is no list, keeping what was typed, and what is too large.
func TestImportRefuses(t *testing.T) {
	h, _ := peopleDay(t)
	fi := func(key string, args ...any) string { return h.Words.T(text.Finnish, key, args...) }
	before := h.dump()
	for name, c := range map[string]struct{ content, problem string }{
		"":         {"", fi("desk_people.file_missing")},
		"a.csv":    {"Nimi;Osasto\nAada;1\n", fi("sheet.no_email")},
		"b.csv":    {"Nimi;Sähköposti\n", fi("sheet.header_only")},
		"c.xlsx":   {"PK\x03\x04 nonsense", fi("sheet.broken")},
		"d.html":   {"<html><table>", fi("sheet.web")},
		"big.csv":  {"Nimi;Sähköposti\n" + strings.Repeat("Aada;a@agora.test\n", sheet.MaxRows+10), fi("sheet.rows", "max", sheet.MaxRows)},
		"null.csv": {"Nimi;Sähköposti\nA\x00;a@agora.test\n", fi("sheet.not_a_list")},
	} {
		r := h.sendList(asOrganiser, name, []byte(c.content), usual())
		if got := h.problemsOf(r.body)["file"]; r.status != http.StatusUnprocessableEntity || got != c.problem {
			t.Errorf("%s: status %d, %q, want %q", name, r.status, got, c.problem)
		}
	}
	kept := usual()
	kept.Set("paste", "Nimi;Osasto <b>\nAada;1")
	kept.Set("place", "balcony")
	if r := h.sendList(asOrganiser, "", nil, kept); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, "Nimi;Osasto &lt;b&gt;") {
		t.Errorf("status %d, or what was pasted is lost", r.status)
	}
	if r := h.sendList(asOrganiser, "huge.csv", bytes.Repeat([]byte("x"), sheet.MaxFile+1), usual()); h.problemsOf(r.body)["file"] != fi("sheet.too_large", "max", sheet.MaxFile>>20) {
		t.Errorf("a file too large: status %d", r.status)
	}
	// Far too large is not even read: the answer is 413, or the connection ends.
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+h.address+peopleDesk+"/registrations/import", bytes.NewReader(make([]byte, maxList+1)))
	h.must(err)
	req.Header.Set("Cookie", h.login(asOrganiser))
	if res, err := h.client.Do(req); err == nil {
		res.Body.Close()
		if res.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("far too large: status %d", res.StatusCode)
		}
	}
	if r := h.sendList(asStranger, "a.csv", bytes.Repeat([]byte("x"), 2*maxForm), usual()); r.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a stranger's: status %d", r.status)
	}
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("%s changed", diff)
	}
}
