package web

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/app/db"
	"agora/app/material"
	"agora/app/program/exchange"
	"agora/app/qa"
	"agora/app/text"
)

var (
	rowTitle  = regexp.MustCompile(`<article class="session[^>]*>\s*<h3[^>]*><a href="([^"]+)">`)
	cellTitle = regexp.MustCompile(`<p class="cell-title"[^>]*>(?:<a href="([^"]+)">)?([^<]*)`)
)

func found(re *regexp.Regexp, body string) []string {
	var list []string
	for _, m := range re.FindAllStringSubmatch(body, -1) {
		list = append(list, m[1])
	}
	slices.Sort(list)
	return list
}

func TestProgramShowsExactlyWhatWasReleased(t *testing.T) {
	p := newProgramSite(t)
	p.small()
	base := "/cmadfi/2027/sessions/"
	first := []string{base + "avaus", base + "tiedolla-vaikuttaminen", base + "tyopaja"}
	body := p.ok(p.get("/cmadfi/2027/program?lang=fi"))
	if got := found(rowTitle, body); !slices.Equal(got, first) {
		t.Errorf("list: %v", got)
	}
	if got := found(cellTitle, body); !slices.Equal(got, append([]string{""}, first...)) { // the break has no page to read
		t.Errorf("grid: %v", got)
	}
	if got := found(rowTitle, p.ok(p.get("/cmadfi/2027/program?day=2027-01-26"))); !slices.Equal(got, []string{base + "toinen-paiva"}) {
		t.Errorf("second day: %v", got)
	}
	all := p.ok(p.get("/cmadfi/2027/program?day=all&view=list"))
	if got := found(rowTitle, all); len(got) != 4 {
		t.Errorf("all days: %v", got)
	}
	if strings.Contains(all, "grid-scroll") {
		t.Error("a list was asked for, and a grid came")
	}
	for _, hidden := range []string{"Salainen", "Ilman aikaa"} {
		if strings.Contains(body+all, hidden) {
			t.Errorf("the draft shows: %s", hidden)
		}
	}
	for _, want := range []string{"Kahvi", "Kellonajat ovat Suomen aikaa", "Versio 1", "9.40–10.20"} {
		if !strings.Contains(body, want) {
			t.Errorf("missing: %s", want)
		}
	}
}

func TestProgramAddressesThatAreNot(t *testing.T) {
	p := newProgramSite(t)
	p.small()
	for _, path := range []string{"/program?day=2027-01-27", "/program?track=none", "/program?view=cube", "/sessions/none",
		"/sessions/salainen-luonnos", "/sessions/ilman-aikaa", "/speakers/none", "/schedule.ics?session=salainen-luonnos"} {
		if a := p.get("/cmadfi/2027" + path); a.status != http.StatusNotFound || !strings.Contains(a.body, `href="/cmadfi/2027"`) {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	for _, path := range []string{"/grid.16x96-000000000000.css", "/grid.9999x96-0.css", "/grid.x.css"} {
		if a := p.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}

func TestEmptyProgramSaysSo(t *testing.T) {
	p := newProgramSite(t)
	for path, want := range map[string]string{"/program": "Programmet är inte publicerat ännu", "/materials": "Det finns inget material ännu"} {
		if body := p.ok(p.get("/cmadfi/2027" + path + "?lang=sv")); !strings.Contains(body, want) {
			t.Errorf("%s does not say %q", path, want)
		}
	}
	p.ok(p.get("/desk/cmadfi/2027/program", "Cookie", p.cookie))
	for _, path := range []string{"/schedule.xml", "/schedule.json", "/schedule.ics", "/feed.xml"} {
		p.ok(p.get("/cmadfi/2027" + path))
	}
}

// TestGridIsPlaced: every class of place a page uses is in the sheet it links.
func TestGridIsPlaced(t *testing.T) {
	p := newProgramSite(t)
	p.small()
	body := p.ok(p.get("/cmadfi/2027/program?view=grid&day=all"))
	href := regexp.MustCompile(`href="(/grid\.[^"]+)"`).FindStringSubmatch(body)
	if href == nil {
		t.Fatal("no sheet is linked")
	}
	a := p.get(href[1])
	sheet := p.ok(a)
	if !strings.Contains(a.header.Get("Cache-Control"), "immutable") || !strings.HasPrefix(a.header.Get("Content-Type"), "text/css") {
		t.Error(a.header)
	}
	for _, class := range regexp.MustCompile(`\b[crhw]-\d+\b`).FindAllString(regexp.MustCompile(`(?s)<div class="grid">.*?</div></div>`).FindString(body), -1) {
		if !strings.Contains(sheet, "."+class+"{") {
			t.Errorf("%s has no place", class)
		}
	}
}

func TestSessionPage(t *testing.T) {
	p := newProgramSite(t)
	p.small()
	body := p.ok(p.get("/cmadfi/2027/sessions/tiedolla-vaikuttaminen?lang=en"))
	for _, want := range []string{"Tiedolla &lt;vaikuttaminen&gt;", `<h1 lang="fi">`, "<strong>tieto</strong>", "Åsa Öhman", "Bo Exempel",
		"Sali 1", "09:40–10:20", `href="/cmadfi/2027/program?day=2027-01-25"`, `href="/cmadfi/2027/speakers/asa-ohman"`} {
		if !strings.Contains(body, want) {
			t.Errorf("missing: %s", want)
		}
	}
	data := regexp.MustCompile(`(?s)<script type="application/ld\+json">(.*?)</script>`).FindStringSubmatch(body)
	if data == nil {
		t.Fatal("no data for machines")
	}
	var ld map[string]any
	if err := json.Unmarshal([]byte(data[1]), &ld); err != nil || ld["@type"] != "Event" || ld["startDate"] != "2027-01-25T09:40:00+02:00" {
		t.Errorf("%v %v", err, ld)
	}
	if body := p.ok(p.get("/cmadfi/2027/speakers/asa-ohman?lang=sv")); len(found(rowTitle, body)) != 2 {
		t.Error("a speaker's page shows not both sessions")
	}
}

func TestSessionShowsQuestionsAndMaterial(t *testing.T) {
	p := newProgramSite(t)
	p.small()
	programme, err := p.Program.Programme(t.Context(), p.e)
	if err != nil {
		t.Fatal(err)
	}
	x := programme.BySlug("avaus")
	if _, err := p.Material.Add(t.Context(), material.Author{}, p.e, x.ID, material.Input{Kind: material.Slides, URL: "https://slides.example/1", Title: text.One(text.Finnish, "Avauksen kalvot")}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.QA.Open(t.Context(), x.ID); err != nil {
		t.Fatal(err)
	}
	staff := qa.Viewer{Room: x.ID, View: qa.Moderator, Voter: "m"}
	ack := p.QA.Do(t.Context(), staff, qa.Request{Op: db.NewID(), Do: qa.ActAsk, Text: "Kuka päättää #elämänturvaajat?", Source: qa.SourceFloor})
	if ack.Code != "" {
		t.Fatal(ack.Code)
	}
	p.QA.Do(t.Context(), staff, qa.Request{Op: db.NewID(), Do: qa.ActApprove, Question: ack.ID})
	if _, err := p.QA.AnswerInWriting(t.Context(), ack.ID, "", "Åsa Öhman", "Me *yhdessä*."); err != nil {
		t.Fatal(err)
	}
	body := p.ok(p.get("/cmadfi/2027/sessions/avaus?lang=fi"))
	for _, want := range []string{"Kuka päättää #elämänturvaajat?", "Vastattu kirjallisesti", "<em>yhdessä</em>", "/cmadfi/2027/materials/avaus-avauksen-kalvot", "slides.example", "Avauksen kalvot"} {
		if !strings.Contains(body, want) {
			t.Errorf("missing: %s", want)
		}
	}
	if body := p.ok(p.get("/cmadfi/2027/materials?lang=en")); !strings.Contains(body, "Avauksen kalvot") {
		t.Error("the page of all material lacks it")
	}
	if body := p.ok(p.get("/cmadfi/2027/schedule.json")); !strings.Contains(body, "http://agora.test/cmadfi/2027/materials/avaus-avauksen-kalvot") {
		t.Error("the export lacks it")
	}
}

func TestExports(t *testing.T) {
	p := newProgramSite(t)
	p.small()
	for path, kind := range map[string]string{"/schedule.xml": "application/xml", "/schedule.json": "application/json",
		"/schedule.ics": "text/calendar", "/feed.xml": "application/atom+xml"} {
		a := p.get("/cmadfi/2027" + path)
		body := p.ok(a)
		if !strings.HasPrefix(a.header.Get("Content-Type"), kind) || a.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %v", path, a.header)
		}
		if path != "/feed.xml" {
			read, report, err := exchange.Read(strings.NewReader(body), path)
			if err != nil || len(read.Sessions) != 5 || report.Rooms != 2 {
				t.Errorf("%s does not come back: %v %v", path, err, report)
			}
		}
		tag := a.header.Get("ETag")
		again := p.get("/cmadfi/2027"+path, "If-None-Match", tag)
		if tag == "" || again.status != http.StatusNotModified || again.body != "" {
			t.Errorf("%s: ETag %q gave %d", path, tag, again.status)
		}
		if zipped := p.get("/cmadfi/2027"+path, "Accept-Encoding", "gzip"); len(body) > 1<<10 && zipped.header.Get("Content-Encoding") != "gzip" {
			t.Errorf("%s is not compressed", path)
		}
	}
	one := p.ok(p.get("/cmadfi/2027/schedule.ics?session=avaus"))
	if strings.Count(one, "BEGIN:VEVENT") != 1 || !strings.Contains(one, "SEQUENCE:2") { // made once and released once
		t.Error(one)
	}
}

func TestFeedIsAtom(t *testing.T) {
	p := newProgramSite(t)
	p.small()
	var feed struct {
		XMLName xml.Name
		ID      string `xml:"id"`
		Updated string `xml:"updated"`
		Entries []struct {
			ID      string `xml:"id"`
			Updated string `xml:"updated"`
			Content string `xml:"content"`
		} `xml:"entry"`
	}
	body := p.ok(p.get("/cmadfi/2027/feed.xml?lang=fi"))
	if err := xml.Unmarshal([]byte(body), &feed); err != nil {
		t.Fatal(err)
	}
	if feed.XMLName.Space != "http://www.w3.org/2005/Atom" || len(feed.Entries) != 1 || !strings.HasPrefix(feed.ID, "urn:uuid:") {
		t.Fatalf("%+v", feed)
	}
	e := feed.Entries[0]
	if !strings.HasPrefix(e.ID, "urn:uuid:") || !strings.Contains(e.Content, "Ensimmäinen versio") || feed.Updated != e.Updated {
		t.Errorf("%+v", e)
	}
	if _, err := time.Parse(time.RFC3339, e.Updated); err != nil {
		t.Error(err)
	}
}
