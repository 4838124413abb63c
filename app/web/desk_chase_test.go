package web

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/material"
	"agora/app/program"
	"agora/app/speaking"
	"agora/app/text"
)

const chaseDesk = "/desk/cmadfi/2030/material"

// chaseHouse has an edition of three talks: Åsa alone, Bo alone, and both; Cecilia
// is on none.
func chaseHouse(t *testing.T) (*webHouse, edition.Edition) {
	t.Helper()
	h := demoHouse(t)
	soon := siteNow.AddDate(0, 0, 2)
	e := h.newEdition("2030", nil, nil, func(in *edition.Input) { in.StartsAt, in.EndsAt, in.ClosesAt = soon, soon.Add(8*time.Hour), soon })
	h.newTalk(e, "Avaus", "09:00", "Åsa Öhman")
	h.newTalk(h.find("2030"), "Puhe", "10:00", "Bo Exempel")
	h.newTalk(h.find("2030"), "Yhdessä", "11:00", "Åsa Öhman", "Bo Exempel")
	_, err := h.Program.SaveSpeaker(t.Context(), "", h.find("2030"), "", program.SpeakerInput{Name: "Cecilia"})
	h.must(err)
	return h, h.find("2030")
}

// invited asks somebody to speak without a page.
func (h *webHouse) invited(e edition.Edition, slug, email string) speaking.Speaking {
	h.t.Helper()
	out, err := h.Speaking.Invite(h.t.Context(), "", e, h.speaker(e, slug).ID, email, text.Swedish)
	h.must(err)
	return out.Speaking
}

var (
	listedName  = regexp.MustCompile(`<a href="/desk/cmadfi/2030/speakers/[^"]+">([^<]+)</a>`)
	countedWord = regexp.MustCompile(`<b>(\d+)<span>/(\d+)</span></b>([^<]+)<progress`)
)

func listed(re *regexp.Regexp, body string) string {
	var list []string
	for _, m := range re.FindAllStringSubmatch(body, -1) {
		list = append(list, m[1])
	}
	return strings.Join(list, ", ")
}

func TestSpeakersByState(t *testing.T) {
	h, e := chaseHouse(t)
	h.invited(e, "asa-ohman", "asa@agora.test")
	for query, want := range map[string]string{
		"": "Bo Exempel, Cecilia, Åsa Öhman", "?state=none": "Bo Exempel, Cecilia", "?state=invited": "Åsa Öhman", "?state=accepted": "",
		"?state=owes": "Bo Exempel, Åsa Öhman", "?q=asa": "Åsa Öhman", "?q=ASA%40agora": "Åsa Öhman", "?q=bo&state=invited": "", "?q=ei%20ole": "",
	} {
		if got := listed(listedName, h.page(asOrganiser, speakersDesk+query)); got != want {
			t.Errorf("%s lists %q", query, got)
		}
	}
	body := h.page(asOrganiser, speakersDesk)
	for _, want := range []string{">Kutsuttu</span>", ">Ei kutsuttu</span>", "Vastaus kutsuun, esittely, kuva, julkaisulupa, kuvaus, kalvot", "asa@agora.test"} {
		if !strings.Contains(body, want) {
			t.Errorf("the list does not say %q", want)
		}
	}
}

func TestSpeakersAreInvited(t *testing.T) {
	h, e := chaseHouse(t)
	body := h.page(asOrganiser, speakersDesk+"/invite")
	for _, name := range []string{"email_asa-ohman", "email_bo-exempel", "email_cecilia"} {
		if !strings.Contains(body, `name="`+name+`"`) {
			t.Errorf("nobody asks for %s", name)
		}
	}
	if !strings.Contains(body, "/speak/…") || strings.Contains(body, "/speak/A") {
		t.Error("the letter to be read holds a link that opens something, or none")
	}
	before := h.count("SELECT count(*) FROM mail")
	two := url.Values{"send": {"1"}, "row": {"asa-ohman", "bo-exempel"}, "email_asa-ohman": {"asa@agora.test"}, "language_asa-ohman": {"sv"}, "email_bo-exempel": {"bo"}}
	a := h.post(asOrganiser, speakersDesk+"/invite", two)
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `id="email_bo-exempel-error"`) || strings.Contains(a.body, `id="email_asa-ohman-error"`) ||
		!strings.Contains(a.body, `value="asa@agora.test"`) || !strings.Contains(a.body, "Sähköposti (Bo Exempel) – ") || h.count("SELECT count(*) FROM mail") != before {
		t.Fatalf("%d: one wrong address must stop all, and lose nothing", a.status)
	}
	two.Set("email_bo-exempel", "bo@agora.test")
	for range 2 { // pressing twice writes once
		if a := h.post(asOrganiser, speakersDesk+"/invite", two); a.status != http.StatusSeeOther || a.location() != speakersDesk {
			t.Fatal(a.status, a.location())
		}
	}
	h.letters("Åsa Öhman", "speaker_invited")
	h.letters("Bo Exempel", "speaker_invited")
	h.letters("Cecilia")
	if x, err := h.Speaking.Of(t.Context(), e, h.speaker(e, "asa-ohman").ID); err != nil || x.State != speaking.Invited || x.Language != text.Swedish {
		t.Errorf("%+v %v", x, err)
	}
	if body := h.page(asOrganiser, speakersDesk+"/invite"); listedRows(body) != "cecilia" {
		t.Errorf("still to be invited: %s", listedRows(body))
	}
	if a := h.get(asOrganiser, speakersDesk+"/invite?row=ei-ketaan"); a.status != http.StatusNotFound {
		t.Errorf("nobody of the edition: %d", a.status)
	}
}

func listedRows(body string) string {
	return listed(regexp.MustCompile(`<input type="hidden" name="row" value="([^"]+)">`), body)
}

func TestSpeakersAreReminded(t *testing.T) {
	h, e := chaseHouse(t)
	h.invited(e, "asa-ohman", "asa@agora.test")
	body := h.page(asOrganiser, speakersDesk+"/remind")
	if listedRows(body) != "asa-ohman" || !strings.Contains(body, "Puhujaa ei ole vielä kutsuttu.") {
		t.Errorf("the letter goes to %q, and nobody says why not to others", listedRows(body))
	}
	if preview := between(body, `<pre class="letter"`, "</pre>", ""); !strings.Contains(preview, "– presentationen till ”Avaus”\n") || strings.Contains(preview, "”Puhe”") {
		t.Errorf("the letter reads %q", preview)
	}
	press := url.Values{"send": {"1"}, "row": {"asa-ohman", "bo-exempel"}}
	for range 2 {
		if a := h.post(asOrganiser, speakersDesk+"/remind?from=material", press); a.status != http.StatusSeeOther || a.location() != chaseDesk {
			t.Fatal(a.status, a.location())
		}
	}
	h.letters("Åsa Öhman", "speaker_invited", "speaker_reminder")
	h.letters("Bo Exempel")
	if body := h.page(asOrganiser, speakersDesk+"/remind"); listedRows(body) != "" || !strings.Contains(body, "Muistutettu vuorokauden sisällä.") {
		t.Error("somebody could be reminded twice in a day")
	}
}

// countedOn is what the board counts, in its order.
func countedOn(body string) string {
	var counts []string
	for _, m := range countedWord.FindAllStringSubmatch(body, -1) {
		counts = append(counts, fmt.Sprintf("%s: %s/%s", m[3], m[1], m[2]))
	}
	return strings.Join(counts, ", ")
}

func TestChaseBoard(t *testing.T) {
	h, e := chaseHouse(t)
	ctx := t.Context()
	draft, err := h.Program.Draft(ctx, e)
	h.must(err)
	opening, both := draft.BySlug("avaus"), draft.BySlug("yhdessa")
	counts := func(query string) string { return countedOn(h.page(asOrganiser, chaseDesk+query)) }
	rest := ", Vastaus kutsuun: 0/2, Esittely: 0/2, Kuva: 0/2, Julkaisulupa: 0/2"
	if got, want := counts(""), "Kuvaus: 0/3, Kalvot: 0/3"+rest; got != want {
		t.Errorf("at first %q", got)
	}
	_, err = h.Material.Add(ctx, material.Author{}, e, opening.ID, material.Input{Kind: material.Slides, URL: "https://example.org/avaus.pdf", Visibility: material.Hidden, Shown: material.Now})
	h.must(err)
	if a := h.post(asOrganiser, chaseDesk+"/spare", url.Values{"spare": {both.ID + "/slides"}}); a.status != http.StatusSeeOther || a.location() != chaseDesk {
		t.Fatal(a.status, a.location())
	}
	if got, want := counts(""), "Kuvaus: 0/3, Kalvot: 1/2"+rest; got != want {
		t.Errorf("with one, and one let off: %q", got)
	}
	board := h.page(asOrganiser, chaseDesk)
	for _, want := range []string{`class="here"`, `class="owed"`, `class="spared"`, `class="later"`, ">Saatu<", ">Puuttuu<", ">Ei tarvita<", ">Päivän jälkeen<", `value="` + both.ID + `/slides" aria-label="Pyydä sittenkin: Yhdessä, Kalvot"`} {
		if !strings.Contains(board, want) {
			t.Errorf("the board lacks %s", want)
		}
	}
	titles := regexp.MustCompile(`<th scope="row"><a href="/desk/cmadfi/2030/program/([^"#]+)`)
	if got := listed(titles, h.page(asOrganiser, chaseDesk+"?kind=slides")); got != "puhe" {
		t.Errorf("without slides: %q", got)
	}
	h.post(asOrganiser, chaseDesk+"/spare", url.Values{"ask": {both.ID + "/slides"}})
	if got := counts("?state=owes"); !strings.HasPrefix(got, "Kuvaus: 0/3, Kalvot: 1/3") {
		t.Errorf("asked after all: %q", got)
	}
	h.at(e.EndsAt.Add(time.Hour))
	if got := counts(""); got != "Kuvaus: 0/3, Kalvot: 1/3, Tallenne: 0/3, Esittely: 0/2, Kuva: 0/2, Julkaisulupa: 0/2" {
		t.Errorf("after the day: %q", got)
	}
	// Another edition's session is not let off from here, nor something that is not.
	for _, sent := range []string{h.sessionsOf("2027")[0].ID + "/slides", both.ID + "/kuu", ""} {
		if a := h.post(asOrganiser, chaseDesk+"/spare", url.Values{"spare": {sent}}); a.status != http.StatusNotFound {
			t.Errorf("%q: %d", sent, a.status)
		}
	}
	h.newEdition("2031", nil, nil)
	if body := h.page(asOrganiser, "/desk/cmadfi/2031/material"); !strings.Contains(body, "Materiaalia ei vielä odoteta") {
		t.Error("an empty board does not say so")
	}
}

func TestWhatIsAskedOfSpeakers(t *testing.T) {
	h, e := chaseHouse(t)
	before := h.page(asOrganiser, chaseDesk+"/rules")
	if strings.Count(before, " checked") != 4+3+3+2+2+1+1+4 {
		t.Errorf("%d boxes are ticked", strings.Count(before, " checked"))
	}
	form := url.Values{"version": {"0"}, "due": {"2026-12-01T12:00"}, "speaker": {"biography"}, "kind_talk": {"slides", "writeup"}, "texts": {"abstract"}}
	if a := h.post(asOrganiser, chaseDesk+"/rules", form); a.status != http.StatusSeeOther {
		t.Fatal(a.status, h.log.String())
	}
	setup, err := h.Speaking.Setup(t.Context(), e.ID)
	if err != nil || !slices.Equal(setup.Rules.Speaker, []speaking.Need{speaking.NeedBiography}) || len(setup.Rules.Session) != 1 ||
		!slices.Equal(setup.Rules.Session[program.Talk], []speaking.Need{speaking.NeedSlides, speaking.NeedWriteup}) || !setup.Rules.Due.Equal(clockAt("2026-12-01 12:00")) {
		t.Errorf("%+v %v", setup, err)
	}
	if got := countedOn(h.page(asOrganiser, chaseDesk)); got != "Kalvot: 0/3, Oma kirjoitus: 0/3, Esittely: 0/2" {
		t.Errorf("the board counts %q", got)
	}
	// Whoever saves from an older page is told, and their choices stand.
	form.Set("speaker", "picture")
	a := h.post(asOrganiser, chaseDesk+"/rules", form)
	if a.status != http.StatusConflict || !strings.Contains(a.body, `value="picture" checked`) || strings.Contains(a.body, `value="biography" checked`) || !strings.Contains(a.body, `name="version" value="1"`) {
		t.Errorf("%d: from an older page", a.status)
	}
	if a := h.post(asOrganiser, chaseDesk+"/rules", url.Values{"version": {"1"}, "due": {"huomenna"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `id="due-error"`) {
		t.Errorf("%d: no date", a.status)
	}
}

// TestTwoWhoSaveASpeaker: the second one sees both versions and loses nothing.
func TestTwoWhoSaveASpeaker(t *testing.T) {
	h, e := chaseHouse(t)
	one := speakersDesk + "/bo-exempel"
	version := between(h.page(asOrganiser, one), `name="version" value="`, `"`, "")
	if a := h.post(asOrganiser, one, url.Values{"version": {version}, "name": {"Bo Exempel"}, "biography_fi": {"Ensimmäisen teksti."}, "link_url_1": {"https://example.org/1"}}); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	mine := url.Values{"version": {version}, "name": {"Bo Exempel"}, "biography_fi": {"Toisen teksti."}, "link_url_1": {"https://example.org/2"}, "link_title_1": {"Blogi"}}
	a := h.post(asOrganiser, one, mine)
	if a.status != http.StatusConflict || !strings.Contains(a.body, "Toisen teksti.</textarea>") || !strings.Contains(a.body, "<dd>Ensimmäisen teksti.</dd>") ||
		!strings.Contains(a.body, `value="https://example.org/2"`) || !strings.Contains(a.body, "<dd>https://example.org/1</dd>") {
		t.Errorf("%d: not both versions are there\n%s", a.status, between(a.body, "<main", "</main>", ""))
	}
	if who := h.speaker(e, "bo-exempel"); who.Biography[text.Finnish] != "Ensimmäisen teksti." {
		t.Errorf("saved: %+v", who)
	}
	mine.Set("version", between(a.body, `name="version" value="`, `"`, ""))
	if a := h.post(asOrganiser, one, mine); a.status != http.StatusSeeOther {
		t.Errorf("after having seen it: %d", a.status)
	}
	if who := h.speaker(e, "bo-exempel"); who.Biography[text.Finnish] != "Toisen teksti." || len(who.Extra.Links) != 1 || who.Extra.Links[0].Title != "Blogi" {
		t.Errorf("saved: %+v", who)
	}
	for name, value := range map[string]string{"link_url_1": "javascript:alert(1)", "link_url_2": "ftp://example.org"} {
		a := h.post(asOrganiser, one, url.Values{"name": {"Bo Exempel"}, name: {value}})
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `id="`+name+`-error"`) || !strings.Contains(a.body, value) {
			t.Errorf("%s: %d", value, a.status)
		}
	}
}

func TestReturningSpeakersAreProposed(t *testing.T) {
	h := demoHouse(t)
	e := h.newEdition("2030", nil, nil)
	h.newTalk(e, "Paluu", "09:00", "ÅSA EXEMPEL", "Uusi Tulokas")
	then := h.speaker(h.find("2016"), "asa-exempel")
	one := speakersDesk + "/asa-exempel"
	if list := h.page(asOrganiser, speakersDesk); strings.Count(list, "Puhui jo aiemmin?") != 1 || !strings.Contains(list, "Puhui jo aiemmin? CMADFI 2016") {
		t.Error("the list does not propose who may be the same, or proposes others too")
	}
	body := h.page(asOrganiser, one)
	if !strings.Contains(body, `name="earlier" value="`+then.ID+`"`) || !strings.Contains(body, `href="/cmadfi/2016/speakers/asa-exempel"`) {
		t.Error("the speaker's page does not propose it")
	}
	if a := h.post(asOrganiser, one+"/same", url.Values{"earlier": {"ei-ketaan"}}); a.status != http.StatusNotFound {
		t.Errorf("nobody: %d", a.status)
	}
	if a := h.post(asOrganiser, one+"/same", url.Values{"earlier": {then.ID}}); a.status != http.StatusSeeOther || a.location() != one {
		t.Fatal(a.status, a.location())
	}
	if body := h.page(asStranger, "/cmadfi/2030/speakers/asa-exempel"); !strings.Contains(body, "Johtajat somessa") {
		t.Error("the public page does not tell it")
	}
	if body := h.page(asOrganiser, one); strings.Contains(body, `name="earlier"`) || !strings.Contains(body, one+"/apart") {
		t.Error("the speaker's page still asks, or does not let it be taken back")
	}
	// The same human cannot be twice in one programme.
	if a := h.post(asOrganiser, speakersDesk+"/uusi-tulokas/same", url.Values{"earlier": {then.ID}}); a.status != http.StatusConflict || !strings.Contains(a.body, "samassa ohjelmassa") {
		t.Errorf("twice: %d", a.status)
	}
	if a := h.post(asOrganiser, one+"/apart", nil); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	if body := h.page(asStranger, "/cmadfi/2030/speakers/asa-exempel"); strings.Contains(body, "Johtajat somessa") {
		t.Error("taken apart, the public page still tells it")
	}
}

func TestSpeakersLinkOnTheDesk(t *testing.T) {
	h, _ := chaseHouse(t)
	one := speakersDesk + "/bo-exempel"
	if body := h.page(asOrganiser, one); strings.Contains(body, "/speak/") {
		t.Error("there is a link before anybody made one")
	}
	if a := h.post(asOrganiser, one+"/renew", nil); a.status != http.StatusNotFound {
		t.Errorf("renewed what is not there: %d", a.status)
	}
	if a := h.post(asOrganiser, one+"/prepare", nil); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	h.letters("Bo Exempel")
	old := between(h.page(asOrganiser, one), siteBase+"/speak/", "<", "")
	if _, err := h.Speaking.ByToken(t.Context(), old); err != nil {
		t.Fatal("the copied link opens nothing: ", err)
	}
	if a := h.post(asOrganiser, one+"/renew", nil); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	body := h.page(asOrganiser, one)
	if fresh := between(body, siteBase+"/speak/", "<", ""); fresh == old || strings.Contains(body, old) {
		t.Error("the page shows the old link")
	}
	if _, err := h.Speaking.ByToken(t.Context(), old); err == nil {
		t.Error("the old link still opens something")
	}
	// Nobody else reads it, and it stands on no public page.
	for _, who := range []string{asOtherOrganiser, asModerator, asSpeaker, asAttendee, asStranger} {
		if a := h.get(who, one); a.status == http.StatusOK || strings.Contains(a.body, "/speak/") {
			t.Errorf("%s: %d", who, a.status)
		}
	}
	if body := h.page(asStranger, "/cmadfi/2030/speakers/bo-exempel"); strings.Contains(body, "/speak/") {
		t.Error("a public page shows the link")
	}
}

// sendPicture is the form with a picture, as a browser without scripts sends it.
func (h *webHouse) sendPicture(path string, content []byte, allowed bool) reply {
	h.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if allowed {
		h.must(w.WriteField("allowed", "1"))
	}
	part, err := w.CreateFormFile("picture_upload", "Kuva.png")
	h.must(err)
	_, err = part.Write(content)
	h.must(err)
	h.must(w.Close())
	return h.ask(http.MethodPost, path, b.String(), "Content-Type", w.FormDataContentType(), "Sec-Fetch-Site", "same-origin", "Accept-Language", "fi", "Cookie", h.login(asOrganiser))
}

func TestPictureByHand(t *testing.T) {
	h, e := chaseHouse(t)
	var picture bytes.Buffer
	h.must(png.Encode(&picture, image.NewNRGBA(image.Rect(0, 0, 300, 200))))
	to := speakersDesk + "/bo-exempel/picture"
	for name, x := range map[string]struct {
		content []byte
		allowed bool
		field   string
	}{"without a word": {picture.Bytes(), false, "allowed"}, "no file": {nil, true, "picture"},
		"a drawing with a script": {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), true, "picture"},
		"a text":                  {[]byte("ei kuva"), true, "picture"}} {
		a := h.sendPicture(to, x.content, x.allowed)
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `"#`+x.field) || h.speaker(e, "bo-exempel").Picture != "" {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	if a := h.sendPicture(to, picture.Bytes(), true); a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, between(a.body, "<main", "</main>", ""))
	}
	id := h.speaker(e, "bo-exempel").Picture
	href := "/cmadfi/2030/pictures/" + id
	if body := h.page(asStranger, "/cmadfi/2030/speakers/bo-exempel"); id == "" || !strings.Contains(body, `<img src="`+href+`"`) {
		t.Error("the public page has no picture")
	}
	if a := h.get(asStranger, href); a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), "image/") {
		t.Errorf("the picture itself: %d %s", a.status, a.header.Get("Content-Type"))
	}
	if a := h.post(asOrganiser, to, url.Values{"remove": {"1"}}); a.status != http.StatusSeeOther || h.speaker(e, "bo-exempel").Picture != "" {
		t.Errorf("removed: %d", a.status)
	}
	if a := h.get(asStranger, href); a.status != http.StatusNotFound {
		t.Errorf("a removed picture: %d", a.status)
	}
	// A speaker's no stands.
	h.invited(e, "bo-exempel", "bo@agora.test")
	bo := h.speaker(e, "bo-exempel").ID
	refused := speaking.Consent{speaking.Picture: {Yes: false, At: siteNow}}
	h.must(h.DB.Tx(t.Context(), func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewRaw("UPDATE speaking SET consent = ? WHERE speaker_id = ?", refused, bo).Exec(ctx)
		return err
	}))
	if a := h.sendPicture(to, picture.Bytes(), true); a.status != http.StatusConflict || h.speaker(e, "bo-exempel").Picture != "" || !strings.Contains(a.body, "kieltänyt kuvansa") {
		t.Errorf("refused: %d", a.status)
	}
}

// TestChaseQueriesDoNotGrow: with one speaker and talk or three, the pages ask as often.
func TestChaseQueriesDoNotGrow(t *testing.T) {
	asked := func(n int) map[string]int64 {
		h := demoHouse(t)
		h.newEdition("2030", nil, nil)
		for i := range n {
			name := []string{"Åsa Exempel", "Bo", "Cecilia"}[i]
			h.newTalk(h.find("2030"), "Puhe", []string{"09:00", "10:00", "11:00"}[i], name)
			h.invited(h.find("2030"), []string{"asa-exempel", "bo", "cecilia"}[i], "p"+text.Slug(name, 9)+"@agora.test")
		}
		counts := map[string]int64{}
		var q queries
		h.DB.Read = h.DB.Read.WithQueryHook(&q)
		for _, path := range []string{speakersDesk, speakersDesk + "/invite?row=asa-exempel", speakersDesk + "/remind", speakersDesk + "/asa-exempel", chaseDesk} {
			h.page(asOrganiser, path)
			q.n.Store(0)
			h.page(asOrganiser, path)
			counts[path] = q.n.Load()
		}
		return counts
	}
	one, three := asked(1), asked(3)
	for path, n := range one {
		if three[path] != n || n > 45 {
			t.Errorf("%s: %d queries with one, %d with three", path, n, three[path])
		}
	}
	t.Log(one)
}
