package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"agora/app/db"
	"agora/app/file"
	"agora/app/material"
	"agora/app/qa"
)

// opening is the session of the tests on the desk.
const opening = "/desk/cmadfi/2027/program/avaus"

func (p *programSite) material() []material.Material {
	p.t.Helper()
	by, err := p.Material.OfEdition(p.t.Context(), p.e)
	if err != nil {
		p.t.Fatal(err)
	}
	var all []material.Material
	for _, list := range by {
		all = append(all, list...)
	}
	return all
}

// sent is a file that was sent in for the session.
func (p *programSite) sent(name, content string) file.File {
	p.t.Helper()
	programme, err := p.Program.Programme(p.t.Context(), p.e)
	if err != nil {
		p.t.Fatal(err)
	}
	f, err := p.Files.Take(p.t.Context(), p.e.ID, "session:"+programme.BySlug("avaus").ID, name, strings.NewReader(content))
	if err != nil {
		p.t.Fatal(err)
	}
	return f
}

func TestMaterialForm(t *testing.T) {
	p := newProgramSite(t)
	p.small()
	p.ok(p.get(opening+"/material/new", "Cookie", p.cookie))
	wrong := url.Values{"kind": {"recording"}, "url": {"javascript:alert(1)"}, "title_fi": {strings.Repeat("å", 201)}, "visibility": {"friends"}, "shown": {"at"}, "shown_from": {"eilen"},
		"begins": {"clock"}, "recorded_clock": {"25.61"}, "transcript_url": {"ftp://example.org"}, "language": {"€"}, "speaker": {"x"}}
	a := p.post(opening+"/material", wrong)
	if a.status != http.StatusUnprocessableEntity || len(p.material()) != 0 {
		t.Fatalf("status %d, %d pieces", a.status, len(p.material()))
	}
	for _, field := range []string{"url", "title_fi", "visibility", "shown_from", "recorded_clock", "transcript_url", "language"} {
		if !strings.Contains(a.body, `id="`+field+`-error"`) {
			t.Errorf("%s is taken", field)
		}
	}
	if n := strings.Count(a.body, `<li><a href="#`); n < 7 || strings.Contains(a.body, "alert(1)\"><") || !strings.Contains(a.body, `value="javascript:alert(1)"`) {
		t.Errorf("%d lines in the summary, or what was typed is lost", n)
	}
	good := url.Values{"kind": {"slides"}, "url": {"https://slides.example/1"}, "title_fi": {"Kalvot"}, "visibility": {"public"}, "shown": {"now"}}
	if a := p.post(opening+"/material", good); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	if a := p.post(opening+"/material", good); a.status != http.StatusUnprocessableEntity || len(p.material()) != 1 {
		t.Errorf("pressed twice: status %d, %d pieces", a.status, len(p.material()))
	}
	m := p.material()[0]
	edit := opening + "/material/" + m.ID
	if body := p.ok(p.get(edit, "Cookie", p.cookie)); !strings.Contains(body, `value="https://slides.example/1"`) || !strings.Contains(body, "http://agora.test/cmadfi/2027/materials/avaus-kalvot") {
		t.Error("the form does not show what is there")
	}
	for path, want := range map[string]int{
		"/desk/cmadfi/2027/program/tyopaja/material/" + m.ID: http.StatusNotFound, opening + "/material/nothing": http.StatusNotFound,
		"/desk/cmadfi/2027/program/nothing/material/new": http.StatusNotFound} {
		if a := p.get(path, "Cookie", p.cookie); a.status != want {
			t.Errorf("%s: status %d", path, a.status)
		}
		if a := p.post(path, good); a.status != want && !strings.HasSuffix(path, "/new") {
			t.Errorf("POST %s: status %d", path, a.status)
		}
	}
	for range 2 {
		if a := p.post(edit+"/remove", nil); a.status != http.StatusSeeOther {
			t.Error(a.status)
		}
	}
	if n := len(p.material()); n != 0 {
		t.Errorf("%d are still there", n)
	}
}

func TestNewVersionOnTheDesk(t *testing.T) {
	p := newProgramSite(t)
	p.small()
	first, second := p.sent("runko.txt", "ensimmäinen"), p.sent("runko.txt", "toinen")
	form := url.Values{"kind": {"handout"}, "file": {first.ID}, "title_fi": {"Runko"}, "visibility": {"public"}, "shown": {"now"}}
	if a := p.post(opening+"/material", form); a.status != http.StatusSeeOther {
		t.Fatal(a.status, a.body)
	}
	m := p.material()[0]
	const address = "/cmadfi/2027/materials/avaus-runko"
	if body := p.ok(p.get(address)); body != "ensimmäinen" {
		t.Error(body)
	}
	form.Set("file", "")
	form.Set("title_fi", "Parempi runko")
	if a := p.post(opening+"/material/"+m.ID, form); a.status != http.StatusSeeOther || p.material()[0].Version != 1 {
		t.Errorf("saved without another file: status %d, version %d", a.status, p.material()[0].Version)
	}
	form.Set("file", second.ID)
	if a := p.post(opening+"/material/"+m.ID, form); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	a := p.get(address)
	if body := p.ok(a); body != "toinen" || a.header.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%s %v", body, a.header)
	}
	if body := p.ok(p.get(address+"?v=1", "Cookie", p.cookie)); body != "ensimmäinen" {
		t.Errorf("the organiser's old version: %s", body)
	}
	for _, path := range []string{address + "?v=1", address + "?v=3", address + "?v=x"} {
		if a := p.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s as a stranger: status %d", path, a.status)
		}
	}
	if a := p.get(address + "?v=2"); a.status != http.StatusOK {
		t.Errorf("the newest by its number: status %d", a.status)
	}
	if body := p.ok(p.get(opening+"/material/"+m.ID, "Cookie", p.cookie)); strings.Count(body, address+"?v=") != 2 {
		t.Error("the history is not on the desk")
	}
	// A file of another session or of nobody does not come in by its id.
	for _, id := range []string{first.ID, db.NewID(), "<b>"} {
		form.Set("file", id)
		if a := p.post(opening+"/material/"+m.ID, form); a.status != http.StatusUnprocessableEntity || p.material()[0].Version != 2 {
			t.Errorf("file %s: status %d, version %d", id, a.status, p.material()[0].Version)
		}
	}
}

// answerOnStage has a question answered on stage at a moment.
func (p *programSite) answerOnStage(sessionID, words string, at time.Time) string {
	p.t.Helper()
	staff := qa.Viewer{Room: sessionID, View: qa.Moderator, Voter: "m"}
	was := p.now
	defer func() { p.now = was }()
	p.now = at
	if _, err := p.QA.Open(p.t.Context(), sessionID); err != nil {
		p.t.Fatal(err)
	}
	ack := p.QA.Do(p.t.Context(), staff, qa.Request{Op: db.NewID(), Do: qa.ActAsk, Text: words, Source: qa.SourceFloor})
	for _, act := range []qa.Act{qa.ActNow, qa.ActAnswered} {
		if done := p.QA.Do(p.t.Context(), staff, qa.Request{Op: db.NewID(), Do: act, Question: ack.ID}); done.Code != "" {
			p.t.Fatalf("%s: %s", act, done.Code)
		}
	}
	return ack.ID
}

func TestEveryAnswerHasItsMoment(t *testing.T) {
	p := newProgramSite(t)
	p.small()
	programme, err := p.Program.Programme(t.Context(), p.e)
	if err != nil {
		t.Fatal(err)
	}
	x := programme.BySlug("avaus") // 9.00–9.30
	before := p.answerOnStage(x.ID, "Ennen tallennetta?", clockAt("2027-01-25 08:50"))
	p.answerOnStage(x.ID, "Ensimmäinen?", clockAt("2027-01-25 09:05"))
	second := p.answerOnStage(x.ID, "Toinen?", clockAt("2027-01-25 09:21"))
	p.now = clockAt("2027-01-25 12:00")
	p.signIn()
	const page = "/cmadfi/2027/sessions/avaus?lang=fi"
	if body := p.ok(p.get(page)); strings.Contains(body, "Katso vastaus") {
		t.Error("without a recording there are moments")
	}
	form := url.Values{"kind": {"recording"}, "url": {"https://youtu.be/dQw4w9WgXcQ"}, "visibility": {"public"}, "shown": {"now"}, "begins": {"unknown"}}
	if a := p.post(opening+"/material", form); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	if body := p.ok(p.get(page)); strings.Contains(body, "Katso vastaus") {
		t.Error("of an unknown beginning there are moments")
	}
	edit := opening + "/material/" + p.material()[0].ID
	save := func(values ...string) {
		t.Helper()
		for i := 0; i < len(values); i += 2 {
			form.Set(values[i], values[i+1])
		}
		if a := p.post(edit, form); a.status != http.StatusSeeOther {
			t.Fatalf("%v: status %d", values, a.status)
		}
	}
	moments := func(want ...string) {
		t.Helper()
		body := p.ok(p.get(page))
		for _, w := range want {
			if !strings.Contains(body, w) {
				t.Errorf("missing: %s", w)
			}
		}
		if n := strings.Count(body, "data-moment="); n != 2 {
			t.Errorf("%d moments", n)
		}
	}
	save("begins", "clock", "recorded_clock", "8.58.46")
	moments("Katso vastaus kohdasta 6.14", "Katso vastaus kohdasta 22.14", `href="/cmadfi/2027/materials/avaus-recording?t=1334"`,
		`data-src="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&amp;start=1334"`)
	save("begins", "question", "moment_question", second, "moment_offset", "23.14")
	moments("Katso vastaus kohdasta 7.14", "Katso vastaus kohdasta 23.14")
	if a := p.get("/cmadfi/2027/materials/avaus-recording?t=1394"); a.status != http.StatusFound || a.header.Get("Location") != "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=1394s" {
		t.Errorf("%d %s", a.status, a.header.Get("Location"))
	}
	for _, odd := range []string{"-5", "x", "99999999999999999999", ""} {
		if a := p.get("/cmadfi/2027/materials/avaus-recording?t=" + odd); a.header.Get("Location") != "https://youtu.be/dQw4w9WgXcQ" {
			t.Errorf("t=%s leads to %s", odd, a.header.Get("Location"))
		}
	}
	if body := p.ok(p.get(edit, "Cookie", p.cookie)); !strings.Contains(body, "2 vastausta löytyy tallenteesta.") || !strings.Contains(body, "7.14, ”Ensimmäinen?”") {
		t.Error("the desk does not say what comes of it")
	}
	for field, value := range map[string]string{"moment_offset": "klo 9", "moment_question": "nothing"} {
		was := form.Get(field)
		form.Set(field, value)
		if a := p.post(edit, form); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `id="`+field+`-error"`) {
			t.Errorf("%s %q: status %d", field, value, a.status)
		}
		form.Set(field, was)
	}
	if body := p.ok(p.get(page)); strings.Contains(body[strings.Index(body, "q-"+before):strings.Index(body, "q-"+second)], "23.14") {
		t.Error("an answer before the recording has a moment")
	}
}

func TestOpeningsOfMaterial(t *testing.T) {
	s := newShelved(t)
	address, ticket := s.address(forAll), s.cast.Ticket+"/materials/"+s.x.Slug+"-"+strings.ToLower(forPlaces)
	s.get(asStranger, address)
	s.get(asStranger, address, "Range", "bytes=0-99")
	s.get(asAttendee, s.address(forPlaces))
	s.get(asStranger, ticket)
	// None of these is somebody who opens it.
	s.get(asOrganiser, address)
	s.get(asStranger, address, "Range", "bytes=100-")
	s.get(asStranger, address, "Sec-Purpose", "prefetch;prerender")
	s.ask(http.MethodHead, address, "")
	s.get(asStranger, s.address(forNobody))
	s.get(asStranger, s.address(forPlaces))
	s.must(s.Material.Flush(t.Context()))
	got, err := s.Material.Downloads(t.Context(), s.e)
	s.must(err)
	total := int64(0)
	for _, n := range got {
		total += n
	}
	if total != 4 || len(got) != 2 {
		t.Errorf("%v, want 2 and 2", got)
	}
	if body := s.page(asOrganiser, "/desk"+s.e.Path()+"/materials"); strings.Count(body, "avattu 2 kertaa") != 2 || !strings.Contains(body, forNobody) {
		t.Error("the desk does not tell of them")
	}
	if n := s.count("SELECT count(*) FROM download WHERE material_id IN (SELECT id FROM material WHERE edition_id = ?)", s.e.ID); n != 2 {
		t.Errorf("%d rows", n)
	}
}
