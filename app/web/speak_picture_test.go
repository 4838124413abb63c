package web

import (
	"image"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"agora/app/mail"
	"agora/app/material"
	"agora/app/speaking"
)

// TestSpeakersPicture: by a plain form, cut to a square, shown at once, cut anew,
// hidden and back with the consent, and taken away.
func TestSpeakersPicture(t *testing.T) {
	d := newStageDay(t, 5)
	at := d.ainoAt + "/picture"
	sent := d.sendForm(asStranger, at, map[string]string{"focus": "start"}, "file_upload", "../../kuva.png", pngOf(900, 600))
	if sent.status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", sent.status, textOf(sent.body))
	}
	first := d.speaker(d.e, "aino-kallio").Picture
	public := "/cmadfi/2030/pictures/"
	dark := d.picture(public + first)
	if strings.Count(d.page(asStranger, "/cmadfi/2030/speakers/aino-kallio"), first) == 0 {
		t.Error("the picture is not on the speaker's page")
	}
	d.sends(at, url.Values{"focus": {"end"}})
	second := d.speaker(d.e, "aino-kallio").Picture
	if light := d.picture(public + second); second == first || light <= dark {
		t.Errorf("cut anew: %d after %d", light, dark)
	}
	if r := d.get(asStranger, public+first); r.status != http.StatusNotFound {
		t.Errorf("the first cut is still public: status %d", r.status)
	}

	d.sends(d.ainoAt+"/consent", consents(d.now(d.aino), "no", "yes", "yes", "yes"))
	if r := d.get(asStranger, public+second); r.status != http.StatusNotFound || strings.Contains(d.page(asStranger, "/cmadfi/2030/speakers/aino-kallio"), second) {
		t.Errorf("without consent: status %d", r.status)
	}
	if body := d.page(asStranger, at); !strings.Contains(body, at+"/"+second) || !strings.Contains(body, "olet kieltänyt") {
		t.Error("the speaker does not see the picture that is kept")
	}
	d.sends(at, url.Values{"focus": {"face"}})
	if d.speaker(d.e, "aino-kallio").Picture != "" {
		t.Error("cut anew without consent, it is shown")
	}
	d.sends(d.ainoAt+"/consent", consents(d.now(d.aino), "yes", "yes", "yes", "yes"))
	third := d.speaker(d.e, "aino-kallio").Picture
	d.picture(public + third)

	d.sends(at, url.Values{"remove": {"1"}})
	if x := d.now(d.aino); d.speaker(d.e, "aino-kallio").Picture != "" || x.Original != "" || d.count("SELECT count(*) FROM file WHERE kept AND scope LIKE ?", "%"+x.SpeakerID) != 0 {
		t.Errorf("taken away: %+v", x)
	}
}

// TestSpeakersSmallPicture: one that would look blurred is refused with its size,
// and so is what is none; neither waits in the form.
func TestSpeakersSmallPicture(t *testing.T) {
	d := newStageDay(t, 5)
	at := d.ainoAt + "/picture"
	for name, c := range map[string]struct {
		body []byte
		says string
	}{"pieni.png": {pngOf(300, 90), "300 × 90"}, "teksti.txt": {[]byte("Tämä on tekstiä.\n"), "TXT"}} {
		r := d.sendForm(asStranger, at, map[string]string{"focus": "face"}, "file_upload", name, c.body)
		if r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, c.says) || strings.Contains(r.body, name) {
			t.Errorf("%s: status %d %s", name, r.status, textOf(r.body))
		}
	}
	if d.speaker(d.e, "aino-kallio").Picture != "" {
		t.Error("a picture was taken")
	}
	if r := d.sendForm(asStranger, at, map[string]string{"focus": "face"}, "file_upload", "kuva.png", pngOf(120, 120)); r.status != http.StatusSeeOther {
		t.Errorf("the smallest: status %d", r.status)
	}
}

// picture opens a picture, sees that it is a square and gives its brightness.
func (d *stageDay) picture(path string) (sum int) {
	d.t.Helper()
	r := d.get(asStranger, path)
	img, _, err := image.Decode(strings.NewReader(r.body))
	if r.status != http.StatusOK || err != nil {
		d.t.Fatalf("%s: status %d %v", path, r.status, err)
	}
	box := img.Bounds()
	if box.Dx() != box.Dy() {
		d.t.Errorf("%s is %v", path, box)
	}
	for x := box.Min.X; x < box.Max.X; x += 16 {
		red, _, _, _ := img.At(x, box.Min.Y+box.Dy()/2).RGBA()
		sum += int(red >> 8)
	}
	return sum
}

func TestSpeakersWrongPictures(t *testing.T) {
	d := newStageDay(t, 5)
	at := d.ainoAt + "/picture"
	for what, content := range map[string][]byte{
		"nothing": nil, "script": []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "cut off": pngOf(400, 400)[:300],
		"text": []byte("ei kuva"), "slides": []byte(somePDF(4000)),
	} {
		r := d.sendForm(asStranger, at, map[string]string{"focus": "face"}, "file_upload", "kuva.png", content)
		if r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, `class="error"`) {
			t.Errorf("%s: status %d", what, r.status)
		}
	}
	if d.speaker(d.e, "aino-kallio").Picture != "" || d.count("SELECT count(*) FROM file WHERE kept AND edition_id = ?", d.e.ID) != 0 {
		t.Error("something was kept")
	}
}

// TestSpeakersMaterialFull: when the link takes no more versions of a piece, nothing
// typed is lost and the organisers hear of it once.
func TestSpeakersMaterialFull(t *testing.T) {
	d := newStageDay(t, 5)
	by := material.Author{Speaker: d.aino.SpeakerID}
	m, err := d.Material.Add(t.Context(), by, d.e, d.own.ID, material.Input{Kind: material.Slides, URL: "https://example.org/0"})
	for n := 1; n < material.MaxVersions && err == nil; n++ {
		m, err = d.Material.NewVersion(t.Context(), by, d.e, m.ID, material.Source{URL: "https://example.org/" + strconv.Itoa(n)})
	}
	d.must(err)
	form := url.Values{"kind": {"slides"}, "shown": {"now"}, "title": {"Vielä yksi"}, "url": {"https://example.org/more"}}
	letters := func() int64 { return d.count("SELECT count(*) FROM mail WHERE kind = ?", mail.SpeakerNews) }
	before := letters()
	for range 2 {
		r := d.post(asStranger, d.ainoAt+"/material/"+m.ID, form)
		if r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, `value="Vielä yksi"`) || !strings.Contains(r.body, "Tästä on jo 50 versiota") {
			t.Errorf("a version too many: status %d %s", r.status, textOf(r.body))
		}
	}
	if told := letters() - before; told != 1 {
		t.Errorf("the organisers were told %d times", told)
	}
}

// TestSpeakersMaterial: a file by a plain form, a new version at the same address,
// and nothing typed is lost when a file is refused.
func TestSpeakersMaterial(t *testing.T) {
	d := newStageDay(t, 5)
	at := d.ainoAt + "/sessions/" + d.own.Slug + "/material"
	form := map[string]string{"kind": "slides", "shown": "now", "title": "Kalvoni", "licence": speaking.Reserved}
	if r := d.sendForm(asStranger, at, form, "file_upload", "kalvot.exe", []byte("MZ\x90\x00 not slides")); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, `value="Kalvoni"`) {
		t.Errorf("a wrong file: status %d", r.status)
	}
	if r := d.sendForm(asStranger, at, form, "file_upload", "", nil); r.status != http.StatusUnprocessableEntity {
		t.Errorf("neither file nor link: status %d", r.status)
	}
	if r := d.sendForm(asStranger, at, form, "file_upload", "kalvot.pdf", []byte(somePDF(4000))); r.status != http.StatusSeeOther {
		t.Fatalf("slides: status %d %s", r.status, textOf(r.body))
	}
	list, err := d.Material.OfSession(t.Context(), d.e, d.own.ID)
	d.must(err)
	m := list[0]
	address := m.Path(d.e)
	if r := d.get(asStranger, address); len(list) != 1 || r.status != http.StatusOK || !strings.HasPrefix(r.body, "%PDF") {
		t.Errorf("its address: status %d of %d", r.status, len(list))
	}
	piece := d.ainoAt + "/material/" + m.ID
	// A title that is wrong must not lose the file that came along.
	r := d.sendForm(asStranger, piece, map[string]string{"kind": "slides", "shown": "now", "title": strings.Repeat("å", 201)}, "file_upload", "uusi.txt", []byte("Uudet kalvot\n"))
	kept := between(r.body, `name="file" value="`, `"`, "")
	if r.status != http.StatusUnprocessableEntity || kept == "" {
		t.Fatalf("a long title: status %d, file %q", r.status, kept)
	}
	// Who thinks better of it and gives a link is not held to the file.
	both := url.Values{"kind": {"slides"}, "shown": {"now"}, "title": {"Kalvoni"}, "file": {kept}, "url": {"https://example.org/kalvot"}}
	if r := d.post(asStranger, piece, both); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, `name="file_drop"`) {
		t.Errorf("both: status %d", r.status)
	}
	both.Set("file_drop", "1")
	both.Set("title", strings.Repeat("å", 201))
	if r := d.post(asStranger, piece, both); r.status != http.StatusUnprocessableEntity || strings.Contains(r.body, kept) || strings.Contains(r.body, "Valitse jompikumpi") {
		t.Errorf("without the file: status %d", r.status)
	}
	d.sends(piece, url.Values{"kind": {"slides"}, "shown": {"now"}, "title": {"Kalvoni"}, "file": {kept}})
	if r := d.get(asStranger, address); r.status != http.StatusOK || !strings.HasPrefix(r.body, "Uudet") {
		t.Errorf("a new version at the same address: status %d", r.status)
	}
	versions, err := d.Material.Versions(t.Context(), d.e, m.ID)
	if d.must(err); len(versions) != 2 || versions[0].SpeakerID != d.aino.SpeakerID {
		t.Errorf("versions: %+v", versions)
	}
	d.sends(piece+"/remove", nil)
	if r := d.get(asStranger, address); r.status == http.StatusOK {
		t.Error("it is still there")
	}
	changes, err := d.Speaking.Changes(t.Context(), d.e, d.aino.SpeakerID)
	if d.must(err); len(changes) != 3 || changes[0].Was != "Kalvoni" {
		t.Errorf("organisers are told: %+v", changes)
	}
}

// TestSpeakersUploadInParts: only with the link, and only for its own speaker.
func TestSpeakersUploadInParts(t *testing.T) {
	d := newStageDay(t, 5)
	body := somePDF(5000)
	made := d.tus(asStranger, http.MethodPost, d.ainoAt+"/uploads", "", "Upload-Length", "5000")
	if made.status != http.StatusCreated || !strings.HasPrefix(made.location(), d.ainoAt+"/uploads/") {
		t.Fatalf("status %d at %q", made.status, made.location())
	}
	id := made.location()[strings.LastIndex(made.location(), "/")+1:]
	if r := d.tus(asStranger, http.MethodHead, d.boAt+"/uploads/"+id, ""); r.status != http.StatusNotFound {
		t.Errorf("another speaker's: status %d", r.status)
	}
	if r := d.tus(asStranger, http.MethodPatch, made.location(), body[:2000], "Upload-Offset", "0"); r.status != http.StatusNoContent {
		t.Errorf("the first part: status %d", r.status)
	}
	last := d.tus(asStranger, http.MethodPatch, made.location(), body[2000:], "Upload-Offset", "2000")
	file := last.header.Get("Agora-File")
	if last.status != http.StatusNoContent || file == "" {
		t.Fatalf("the last part: status %d", last.status)
	}
	form := url.Values{"kind": {"slides"}, "shown": {"now"}, "file": {file}}
	if r := d.post(asStranger, d.boAt+"/sessions/"+d.shared.Slug+"/material", form); r.status != http.StatusUnprocessableEntity {
		t.Errorf("another's file: status %d", r.status)
	}
	d.sends(d.ainoAt+"/sessions/"+d.shared.Slug+"/material", form)
	if r := d.tus(asStranger, http.MethodPost, "/speak/"+strings.Repeat("A", 48)+"/uploads", "", "Upload-Length", "5000"); r.status != http.StatusNotFound {
		t.Errorf("without a link: status %d", r.status)
	}
}
