package web

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/paper"
	"agora/app/printing"
	"agora/app/text"
)

// somethingPrinted is an own design and a printout that is ready, at their addresses.
func (h *webHouse) somethingPrinted(e edition.Edition) map[string]string {
	h.t.Helper()
	d := paper.A7()
	d.Name = "Oma"
	own, err := h.Paper.SaveDesign(h.t.Context(), "", e, "", 0, d)
	h.must(err)
	choice := map[string]string{"who": "all", "order": "name"}
	p, err := h.Printing.Order(h.t.Context(), e, printing.Order{Kind: "badges", Name: "nimilaput", Lang: text.Finnish, Options: map[string]any{"choice": choice, "design": d}})
	h.must(err)
	h.must(h.Printing.Work(h.t.Context()))
	design, printout := "/desk"+e.Path()+"/badges/designs/"+own.ID, "/desk"+e.Path()+"/printing/"+p.ID
	const base = "/desk/:series/:edition"
	return map[string]string{base + "/badges/designs/:design": design, base + "/badges/designs/:design/show": design + "/show", base + "/badges/designs/:design/remove": design + "/remove",
		base + "/printing/:printout": printout, base + "/printing/:printout/file.pdf": printout + "/file.pdf", base + "/printing/:printout/cancel": printout + "/cancel"}
}

// printed follows an order of badges to its end and gives the page and the file.
func (h *webHouse) printed(order url.Values) (body string, file reply) {
	h.t.Helper()
	r := h.post(asOwner, "/desk/cmadfi/2028/badges/print", order)
	if r.status != http.StatusSeeOther {
		h.t.Fatalf("the order: status %d\n%.400s", r.status, r.body)
	}
	if b := h.page(asOwner, r.location()); !strings.Contains(b, "<progress") || !strings.Contains(b, "/cancel") {
		h.t.Error("a waiting printout has no bar, or cannot be cancelled")
	}
	h.must(h.Printing.Work(h.t.Context()))
	return h.page(asOwner, r.location()), h.get(asOwner, r.location()+"/file.pdf")
}

// TestBadgesInBulk: ordered, printed behind, remembered; then only what is new or has changed.
func TestBadgesInBulk(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	h.makeOwner()
	h.newEdition("2028", seats(20), nil)
	names := []string{"Åsa Öhman", "Aarne Aalto", "Ilo 🎉 Väki", "李小龍", "Nguyễn Thị Mỹ"}
	for i, name := range names {
		h.register("2028", person(name, "onsite", "email", strings.Repeat("x", i+1)+"@agora.test"))
	}
	body, file := h.printed(url.Values{"who": {"due"}, "order": {"name"}})
	if file.status != http.StatusOK || !strings.HasPrefix(file.body, "%PDF-") || pages(file.body) != len(names) {
		t.Fatalf("status %d, %d pages", file.status, pages(file.body))
	}
	if words := pdfText(t, file.body); words != "" && strings.Index(words, "Aarne") > strings.Index(words, "Öhman") {
		t.Error("they are not in the order of their names")
	}
	for _, who := range []string{"Ilo 🎉 Väki", "李小龍"} {
		if !strings.Contains(body, who) {
			t.Errorf("the printout does not list %s", who)
		}
	}
	if r := h.post(asOwner, "/desk/cmadfi/2028/badges/print", url.Values{"who": {"due"}}); r.status != http.StatusNotFound {
		t.Errorf("nothing is due, yet status %d", r.status)
	}
	h.must(h.DB.Tx(t.Context(), func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewRaw("UPDATE registration SET organisation = 'Uusi Oy' WHERE name = 'Aarne Aalto'").Exec(ctx)
		return err
	}))
	h.register("2028", person("Uusi Tulija", "onsite", "email", "uusi@agora.test"))
	if body := h.page(asOwner, "/desk/cmadfi/2028/badges/people?who=changed"); !strings.Contains(body, "Aarne") || strings.Contains(body, "Öhman") {
		t.Error("the list of the changed is wrong")
	}
	if body := h.page(asOwner, "/desk/cmadfi/2028/badges/people?who=changed&lang=sv"); !strings.Contains(body, "Aarne") || strings.Contains(body, "Öhman") {
		t.Error("the language that the desk is read in changes badges")
	}
	if _, file := h.printed(url.Values{"who": {"due"}, "order": {"code"}}); pages(file.body) != 2 {
		t.Errorf("%d pages, want the new and the changed one", pages(file.body))
	}
	if _, file := h.printed(url.Values{"who": {"all"}, "order": {"role"}}); pages(file.body) != len(names)+1 {
		t.Errorf("%d pages of all", pages(file.body))
	}
	if n := h.count("SELECT COUNT(*) FROM audit WHERE act = 'printing.order'"); n != 3 {
		t.Errorf("the log has %d orders", n)
	}
	code := ""
	h.must(h.DB.Read.NewRaw("SELECT code FROM registration WHERE name = 'Aarne Aalto'").Scan(t.Context(), &code))
	h.leads(h.post(asOwner, "/desk/cmadfi/2028/badges/people/"+code, nil), "/desk/cmadfi/2028/badges/people/"+code)
	if _, file := h.printed(url.Values{"who": {"new"}}); pages(file.body) != 1 {
		t.Errorf("%d pages of what is to be printed again", pages(file.body))
	}
}

func pages(pdf string) int {
	return len(regexp.MustCompile(`/Type /Page\b[^s]`).FindAllString(pdf, -1))
}

// TestBadgeAtTheDoor: who has a place gets their badge alone on its page, whatever sheet the edition prints on.
func TestBadgeAtTheDoor(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	h.makeOwner()
	h.newEdition("2028", seats(1), nil)
	codes := map[string]string{}
	for _, c := range [][2]string{{"Eka Henkilö", "onsite"}, {"Etä Henkilö", "remote"}, {"Jono Henkilö", "onsite"}} {
		h.register("2028", person(c[0], c[1]))
		var code string
		h.must(h.DB.Read.NewRaw("SELECT code FROM registration WHERE name = ?", c[0]).Scan(t.Context(), &code))
		codes[c[0]] = code
	}
	h.leads(h.post(asOwner, "/desk/cmadfi/2028/badges/choose", url.Values{"design": {"a4-8"}}), "/desk/cmadfi/2028/badges")
	r := h.get(asOwner, "/door/cmadfi/2028/badges/"+codes["Eka Henkilö"]+".pdf")
	if r.status != http.StatusOK || pages(r.body) != 1 || !strings.Contains(r.body, "/MediaBox [0 0 255.12 184.25]") {
		t.Errorf("status %d, %d pages, %s", r.status, pages(r.body), regexp.MustCompile(`/MediaBox[^\]]*\]`).FindString(r.body))
	}
	if n := h.count("SELECT COUNT(*) FROM badge_print"); n != 1 {
		t.Errorf("%d are noted as printed", n)
	}
	for _, name := range []string{"Etä Henkilö", "Jono Henkilö"} {
		if r := h.get(asOwner, "/door/cmadfi/2028/badges/"+codes[name]+".pdf"); r.status != http.StatusNotFound {
			t.Errorf("%s gets a badge: status %d", name, r.status)
		}
	}
}

// designValues is the editor's form as a browser sends it.
func designValues(t *testing.T, page string) url.Values {
	t.Helper()
	v := url.Values{}
	for _, g := range tagsOf(page) {
		if g.name == "input" && g.attrs["name"] != "" && g.attrs["type"] != "file" {
			if _, ticked := g.attrs["checked"]; g.attrs["type"] != "checkbox" || ticked {
				v.Set(g.attrs["name"], g.attrs["value"])
			}
		}
	}
	for _, m := range regexp.MustCompile(`(?s)<select id="([^"]+)".*?</select>`).FindAllStringSubmatch(page, -1) {
		if chosen := regexp.MustCompile(`value="([^"]*)" selected`).FindStringSubmatch(m[0]); chosen != nil {
			v.Set(m[1], chosen[1])
		}
	}
	return v
}

// TestDesignOfOnesOwn: made from a ready one, by form alone; what somebody else saved is not overwritten.
func TestDesignOfOnesOwn(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	h.makeOwner()
	h.newEdition("2028", seats(1), nil)
	const base = "/desk/cmadfi/2028/badges/designs/"
	form := designValues(t, h.page(asOwner, base+"new?from=a7"))
	if form.Get("parts") != "11" || form.Get("e5_kind") == "" {
		t.Fatalf("the form: %v", form)
	}
	added := h.post(asOwner, base+"new", merged(form, "step", "add", "add", "text"))
	form = designValues(t, added.body)
	if form.Get("parts") != "12" || form.Get("e11_kind") != "text" {
		t.Fatalf("nothing was added: %v", form)
	}
	form = merged(form, "name", "Oma malli", "e11_text", "Tervetuloa", "colour_speaker", "#FFEE00", "step", "save")
	saved := h.post(asOwner, base+"new", form)
	if saved.status != http.StatusSeeOther {
		t.Fatalf("status %d\n%s", saved.status, between(saved.body, "error-summary", "</div>", ""))
	}
	at := saved.location()
	again := designValues(t, h.page(asOwner, at))
	if again.Get("e11_text") != "Tervetuloa" || again.Get("colour_speaker") != "#ffee00" || again.Get("version") != "1" {
		t.Errorf("kept: %v", again)
	}
	if r := h.post(asOwner, at, merged(again, "step", "save")); r.status != http.StatusSeeOther {
		t.Errorf("the second save: status %d", r.status)
	}
	if r := h.post(asOwner, at, merged(again, "step", "save")); r.status != http.StatusConflict || !strings.Contains(r.body, h.Words.T(text.Finnish, "badge.clashed_how")) {
		t.Errorf("an older version: status %d", r.status)
	}
	if r := h.post(asOwner, at, merged(again, "version", "2", "step", "save", "e11_x", "500")); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, `value="500"`) {
		t.Errorf("an element outside: status %d", r.status)
	}
	var view struct {
		SVG   string
		Texts []string
	}
	r := h.post(asOwner, at+"/show", merged(again, "sample", "long"))
	if err := json.Unmarshal([]byte(r.body), &view); err != nil || !strings.HasPrefix(view.SVG, "<svg") || strings.Contains(view.SVG, "style") {
		t.Errorf("the picture: %v %.200s", err, r.body)
	}
	if r := h.post(asOwner, at+"/show", merged(again, "e11_w", "-3")); !strings.Contains(r.body, h.Words.T(text.Finnish, "badge.fault.empty")) {
		t.Errorf("a fault: %.200s", r.body)
	}
	if r := h.get(asOwner, at+".svg"); r.header.Get("Content-Type") != "image/svg+xml" || !strings.Contains(r.body, "<path") {
		t.Errorf("the picture of the list: status %d", r.status)
	}
	exported := h.get(asOwner, at+".json")
	var d paper.Design
	if err := json.Unmarshal([]byte(exported.body), &d); err != nil || d.Name != "Oma malli" || len(d.Elements) != 12 {
		t.Fatalf("exported: %v %+v", err, d)
	}
	back := h.bring("/desk/cmadfi/2028/badges/import", "file", "badge.json", []byte(exported.body), nil)
	if back.status != http.StatusSeeOther || h.count("SELECT COUNT(*) FROM badge_design") != 2 {
		t.Errorf("brought back: status %d", back.status)
	}
	for _, bad := range []string{"", "{", "[]", `{"name":"x"}`, `{"sprites":1}`, strings.Replace(exported.body, `"qr"`, `"gif"`, 1)} {
		if r := h.bring("/desk/cmadfi/2028/badges/import", "file", "badge.json", []byte(bad), nil); r.status != http.StatusConflict && bad != "" || r.status >= 500 {
			t.Errorf("%.40q: status %d", bad, r.status)
		}
	}
	h.leads(h.post(asOwner, at+"/remove", nil), "/desk/cmadfi/2028/badges")
	if r := h.get(asOwner, at); r.status != http.StatusNotFound {
		t.Errorf("a removed one: status %d", r.status)
	}
}

// TestLogoOnABadge: a sent picture is drawn anew; what is none is refused, and the rest of the form stays.
func TestLogoOnABadge(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	h.makeOwner()
	h.newEdition("2028", seats(1), nil)
	const base = "/desk/cmadfi/2028/badges/designs/new"
	form := merged(designValues(t, h.page(asOwner, base+"?from=a6")), "name", "Logolla", "step", "save")
	if r := h.bring(base, "logo", "logo.png", []byte("no picture"), form); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, `value="Logolla"`) {
		t.Errorf("no picture: status %d", r.status)
	}
	logo := image.NewNRGBA(image.Rect(0, 0, 900, 300))
	for x := range 900 {
		logo.Set(x, 150, color.NRGBA{200, 0, 0, 128})
	}
	var raw bytes.Buffer
	h.must(png.Encode(&raw, logo))
	r := h.bring(base, "logo", "logo.png", raw.Bytes(), form)
	if r.status != http.StatusSeeOther {
		t.Fatalf("status %d", r.status)
	}
	if svg := h.get(asOwner, r.location()+".svg"); !strings.Contains(svg.body, `href="data:image/png;base64,`) {
		t.Error("the logo is not in the picture")
	}
	h.register("2028", person("Eka Henkilö", "onsite"))
	h.post(asOwner, "/desk/cmadfi/2028/badges/choose", url.Values{"design": {r.location()[strings.LastIndex(r.location(), "/")+1:]}})
	one, two := h.get(asOwner, "/desk/cmadfi/2028/badges.pdf"), h.get(asOwner, "/desk/cmadfi/2028/badges.pdf")
	if !strings.Contains(one.body, "/Subtype /Image") || one.body != two.body {
		t.Error("the logo is not printed, or not the same twice")
	}
}

// bring sends a form with a file.
func (h *webHouse) bring(path, field, name string, content []byte, values url.Values) reply {
	h.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for key := range values {
		h.must(w.WriteField(key, values.Get(key)))
	}
	part, err := w.CreateFormFile(field, name)
	h.must(err)
	_, err = part.Write(content)
	h.must(err)
	h.must(w.Close())
	return h.ask(http.MethodPost, path, b.String(), "Content-Type", w.FormDataContentType(), "Cookie", h.login(asOwner), "Sec-Fetch-Site", "same-origin")
}

// merged is a copy of the values with some of them set.
func merged(v url.Values, pairs ...string) url.Values {
	out := url.Values{}
	for k, list := range v {
		out[k] = list
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		out.Set(pairs[i], pairs[i+1])
	}
	return out
}
