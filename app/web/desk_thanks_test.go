package web

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
)

// thankedIn are the names an edition's page thanks, in their order; a logo
// stands as its words.
func thankedIn(body string) []string {
	_, part, ok := strings.Cut(body, `<section id="thanks"`)
	if !ok {
		return nil
	}
	part, _, _ = strings.Cut(part, "</section>")
	var names []string
	for _, li := range strings.Split(part, "<li>")[1:] {
		if alt := between(li, `alt="`, `"`, ""); alt != "" {
			names = append(names, "logo of "+alt)
		} else {
			names = append(names, between(li, "<b>", "</b>", ""))
		}
	}
	return names
}

// sendForm sends a multipart form, with a file when there is one.
func (h *webHouse) sendForm(who, path string, values map[string]string, field, name string, content []byte) reply {
	h.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range values {
		h.must(w.WriteField(k, v))
	}
	if content != nil {
		part, err := w.CreateFormFile(field, name)
		h.must(err)
		_, err = part.Write(content)
		h.must(err)
	}
	h.must(w.Close())
	return h.ask(http.MethodPost, path, b.String(), "Content-Type", w.FormDataContentType(), "Sec-Fetch-Site", "same-origin", "Accept-Language", "fi", "Cookie", h.login(who))
}

// People and partners are thanked, moved and removed; the page shows them at once.
func TestThanks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d)
		h.makeOwner()
		e := h.newEdition("2027", seats(10), nil)
		desk, public := "/desk"+e.Path()+"/thanks", e.Path()
		if body := h.page(asStranger, public); thankedIn(body) != nil {
			t.Error("thanks of nobody are shown")
		}
		for _, x := range []url.Values{
			{"kind": {"volunteer"}, "name": {"  Maija   Mallikas "}, "what_fi": {"Ovi"}}, {"kind": {"volunteer"}, "name": {"Olli"}},
			{"kind": {"partner"}, "name": {"Leipomo & Pojat"}, "url": {"https://example.org/?a=1&b=2"}, "what_fi": {"Pullat"}},
		} {
			x.Set("key", db.NewID())
			for range 2 { // pressed twice
				if a := h.post(asOwner, desk+"/new", x); a.status != http.StatusSeeOther || a.location() != desk {
					t.Fatalf("%v: %d %q", x, a.status, summary(a.body))
				}
			}
		}
		if got := thankedIn(h.page(asStranger, public)); !slices.Equal(got, []string{"Leipomo &amp; Pojat", "Maija Mallikas", "Olli"}) {
			t.Error(got)
		}
		if body := h.page(asStranger, public); !strings.Contains(body, `<a href="https://example.org/?a=1&amp;b=2" rel="noopener">`) {
			t.Error("the link is not there, or not alone")
		}
		list, err := h.Editions.Thanked(t.Context(), h.find(e.Slug))
		h.must(err)
		one := func(name string) string {
			i := slices.IndexFunc(list, func(x edition.Thanks) bool { return x.Name == name })
			return desk + "/" + list[i].ID
		}
		for range 2 { // the second finds them at the end already
			h.post(asOwner, one("Olli")+"/move", url.Values{"by": {"up"}})
		}
		if got := thankedIn(h.page(asStranger, public)); !slices.Equal(got[1:], []string{"Olli", "Maija Mallikas"}) {
			t.Error("moved up:", got)
		}
		h.post(asOwner, one("Olli")+"/move", url.Values{"by": {"down"}})
		if a := h.post(asOwner, one("Olli"), url.Values{"kind": {"host"}, "name": {"Olli Isäntä"}}); a.status != http.StatusSeeOther {
			t.Error(a.status)
		}
		for range 2 {
			if a := h.post(asOwner, one("Maija Mallikas")+"/remove", nil); a.status != http.StatusSeeOther {
				t.Error("removing:", a.status)
			}
		}
		if got := thankedIn(h.page(asStranger, public)); !slices.Equal(got, []string{"Leipomo &amp; Pojat", "Olli Isäntä"}) {
			t.Error(got)
		}
		lines, err := audit.Find(t.Context(), d.Read, audit.Query{Edition: e.ID, Acts: []string{"thanks."}, Limit: 50})
		h.must(err)
		var acts []string
		for _, l := range lines {
			if acts = append(acts, l.Act); strings.Contains(l.Detail+l.Subject, "Maija") {
				t.Error("the log names her")
			}
		}
		if slices.Reverse(acts); !slices.Equal(acts, []string{"thanks.add", "thanks.add", "thanks.add", "thanks.move", "thanks.move", "thanks.change", "thanks.remove"}) {
			t.Error(acts)
		}
	})
}

// What cannot be kept stands beside its field, with what was typed.
func TestThanksRefused(t *testing.T) {
	h := demoHouse(t)
	desk := "/desk/cmadfi/2027/thanks"
	for _, c := range []struct {
		values url.Values
		want   map[string]string
	}{
		{url.Values{"kind": {"friend"}, "name": {""}}, map[string]string{"kind": "Tämä tieto tarvitaan.", "name": "Tämä tieto tarvitaan."}},
		{url.Values{"kind": {"partner"}, "name": {strings.Repeat("å", 121)}, "url": {"javascript:alert(1)"}}, map[string]string{"name": "", "url": ""}},
		{url.Values{"kind": {"partner"}, "name": {"Firma"}, "what_fi": {strings.Repeat("ä", 301)}}, map[string]string{"what_fi": ""}},
	} {
		before := h.dump()
		a := h.post(asOrganiser, desk+"/new", c.values)
		got := h.problemsOf(a.body)
		delete(got, "logo_upload") // where the script puts its own
		if a.status != http.StatusUnprocessableEntity || len(got) != len(c.want) {
			t.Errorf("%v: %d %v", c.values, a.status, got)
		}
		for field := range c.want {
			if got[field] == "" {
				t.Errorf("nothing is said of %s: %v", field, got)
			}
		}
		if diff := differing(before, h.dump()); diff != "" {
			t.Errorf("it changed %s", diff)
		}
	}
	if a := h.get(asOrganiser, desk+"/nothing"); a.status != http.StatusNotFound {
		t.Error(a.status)
	}
}

// The team is thanked with one press, each once; who is erased is thanked no more.
func TestThankTheTeam(t *testing.T) {
	h := demoHouse(t)
	desk, name := "/desk/cmadfi/2027/thanks", "Nimi moderator"
	before := thankedIn(h.page(asStranger, "/cmadfi/2027"))
	for range 2 {
		if a := h.post(asOrganiser, desk+"/team", nil); a.location() != desk {
			t.Fatal(a.status)
		}
	}
	after := thankedIn(h.page(asStranger, "/cmadfi/2027"))
	if len(after) <= len(before) || !slices.Contains(after, name) {
		t.Fatalf("%v, before %v", after, before)
	}
	if body := h.page(asOrganiser, desk); strings.Contains(body, "thanks-team") {
		t.Error("the team is still offered")
	}
	data := h.page(asModerator, "/me/data.json")
	if told := between(data, `"thanks": [`, "]", ""); strings.Count(told, `"`+name+`"`) != 1 {
		t.Errorf("their data tells %q", told)
	}
	if a := h.post(asModerator, "/me/erase", url.Values{"sure": {"1"}}); a.status >= 400 {
		t.Fatal(a.status)
	}
	if got := thankedIn(h.page(asStranger, "/cmadfi/2027")); slices.Contains(got, name) || len(got) != len(after)-1 {
		t.Errorf("after the erasure: %v", got)
	}
}

// A logo is drawn anew and stands on the page with its name for words; in the
// next year's edition it is the same picture, until nobody shows it.
func TestThanksLogo(t *testing.T) {
	h := demoHouse(t)
	desk := "/desk/cmadfi/2016/thanks"
	img := image.NewRGBA(image.Rect(0, 0, 400, 100))
	for i := range 400 {
		img.Set(i, i/4, color.RGBA{200, 30, 40, 255})
	}
	var sent bytes.Buffer
	h.must(png.Encode(&sent, img))
	for name, content := range map[string][]byte{"logo.svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "logo.png": []byte("<!DOCTYPE html><script>alert(1)</script>"), "half.png": sent.Bytes()[:60]} {
		a := h.sendForm(asOrganiser, desk+"/new", map[string]string{"kind": "partner", "name": "Paha", "key": db.NewID()}, "logo_upload", name, content)
		if a.status != http.StatusUnprocessableEntity || len(summary(a.body)) != 1 || !strings.Contains(a.body, `value="Paha"`) {
			t.Errorf("%s: %d %q", name, a.status, summary(a.body))
		}
	}
	a := h.sendForm(asOrganiser, desk+"/new", map[string]string{"kind": "partner", "name": "Hyvä Firma", "key": db.NewID()}, "logo_upload", "../logo.png", sent.Bytes())
	if a.location() != desk {
		t.Fatalf("%d %q", a.status, summary(a.body))
	}
	body := h.page(asStranger, "/cmadfi/2016")
	if got := thankedIn(body); !slices.Contains(got, "logo of Hyvä Firma") || strings.Contains(body, "Paha") {
		t.Error(got)
	}
	src := "/cmadfi/2016/pictures/" + between(body, `src="/cmadfi/2016/pictures/`, `"`, "")
	picture := h.get(asStranger, src)
	if picture.status != http.StatusOK || !strings.HasPrefix(picture.header.Get("Content-Type"), "image/") {
		t.Fatalf("%s: %d", src, picture.status)
	}
	if _, _, err := image.Decode(strings.NewReader(picture.body)); err != nil {
		t.Error(err)
	}
	// Next year shows the same, although 2016 lets it go.
	form := h.planForm(asOrganiser, "/desk/cmadfi/new/2016")
	form.Add("parts", "partners")
	if a := h.post(asOrganiser, "/desk/cmadfi/new/2016", form); a.location() != "/desk/cmadfi/2028" {
		t.Fatalf("%d %q", a.status, summary(a.body))
	}
	if body := h.page(asStranger, "/cmadfi/2028"); !strings.Contains(body, `src="`+src+`"`) {
		t.Error("2028 shows another picture", thankedIn(body))
	}
	kept := func() int64 { return h.count("SELECT count(*) FROM file WHERE scope = ? AND kept", edition.LogoScope) }
	for i, slug := range []string{"2016", "2028"} {
		if kept() != 1 {
			t.Fatalf("%d pictures are kept", kept())
		}
		list, err := h.Editions.Thanked(t.Context(), h.find(slug))
		h.must(err)
		at := slices.IndexFunc(list, func(x edition.Thanks) bool { return x.Logo != "" })
		path := "/desk/cmadfi/" + slug + "/thanks/" + list[at].ID
		if i == 0 {
			a = h.post(asOrganiser, path+"/remove", nil)
		} else {
			a = h.sendForm(asOrganiser, path, map[string]string{"kind": "partner", "name": "Hyvä Firma", "no_logo": "1"}, "", "", nil)
		}
		if a.status != http.StatusSeeOther {
			t.Error(a.status, summary(a.body))
		}
	}
	if kept() != 0 {
		t.Error("a picture that nobody shows is kept")
	}
	if a := h.get(asStranger, src); a.status != http.StatusNotFound {
		t.Error("it is still served:", a.status)
	}
}
