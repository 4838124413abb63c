package web

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"agora/app/apptest"
	"agora/app/material"
	"agora/app/program"
	"agora/app/text"
)

func TestImportOfNoSchedule(t *testing.T) {
	p := newProgramSite(t)
	for name, content := range map[string]string{"photo.jpg": "\xff\xd8\xff\xe0 no schedule", "page.html": "<html><body>hei</body></html>", "empty.xml": "", "cut.xml": "<schedule><day"} {
		a := p.upload(name, []byte(content))
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `id="file-error"`) || !strings.Contains(a.body, `href="#file"`) {
			t.Errorf("%s: %d", name, a.status)
		}
		if strings.Contains(a.body, "⟦") {
			t.Errorf("%s: words are missing", name)
		}
	}
	if a := p.post("/desk/cmadfi/2027/import", url.Values{}); a.status != http.StatusUnprocessableEntity {
		t.Error(a.status)
	}
	draft, err := p.Program.Draft(t.Context(), p.e)
	if err != nil || len(draft.Sessions)+len(draft.Waiting) > 0 {
		t.Error("something was imported", err)
	}
}

func TestImportReportsAndReleases(t *testing.T) {
	p := newProgramSite(t)
	p.small()
	file := []byte(p.ok(p.get("/cmadfi/2027/schedule.xml")))
	file = bytes.Replace(file, []byte("</conference>"), []byte("<sponsor>x</sponsor></conference>"), 1)
	file = bytes.Replace(file, []byte("Avaus"), []byte("Avajaiset"), 1)
	body := p.ok(p.upload("schedule.xml", file, "release", "1"))
	for _, want := range []string{`id="report"`, "Avajaiset", "sponsor", "<b>schedule.xml</b>"} {
		if !strings.Contains(body, want) {
			t.Errorf("missing: %s", want)
		}
	}
	if page := p.ok(p.get("/cmadfi/2027/program?day=all&lang=fi")); strings.Contains(page, "Avajaiset") {
		t.Error("what was made here was overwritten without asking")
	}
	p.ok(p.post("/desk/cmadfi/2027/import/take", url.Values{"list": {waiting(t, body)}, ticks(t, body)[0]: {"1"}}))
	if page := p.ok(p.get("/cmadfi/2027/program?day=all&lang=fi")); !strings.Contains(page, "Avajaiset") {
		t.Error("the public page is an old one")
	}
}

func TestSessionForm(t *testing.T) {
	p := newProgramSite(t)
	p.small()
	bad := url.Values{"title_fi": {""}, "kind": {"talk"}, "starts_at": {"2027-03-01T10:00"}, "ends_at": {"2027-03-01T09:00"},
		"capacity": {"paljon"}, "abstract_fi": {"Pidä tämä teksti"}, "speakers": {"Uusi Puhuja"}}
	a := p.post("/desk/cmadfi/2027/program/new", bad)
	if a.status != http.StatusUnprocessableEntity {
		t.Fatal(a.status, a.body[:min(len(a.body), 300)])
	}
	for _, want := range []string{`id="title_fi-error"`, `href="#title_fi"`, `id="starts_at-error"`, `id="ends_at-error"`, `id="capacity-error"`, "Pidä tämä teksti", "Uusi Puhuja", `value="2027-03-01T10:00"`} {
		if !strings.Contains(a.body, want) {
			t.Errorf("missing: %s", want)
		}
	}
	if strings.Contains(a.body, `id="kind-error"`) {
		t.Error("a field is blamed that is right")
	}
	good := url.Values{"title_fi": {"Paneeli"}, "kind": {"panel"}, "speakers": {"Åsa Öhman\n\nUusi  Puhuja"}}
	a = p.post("/desk/cmadfi/2027/program/new", good)
	if a.status != http.StatusSeeOther || a.header.Get("Location") != "/desk/cmadfi/2027/program/paneeli" {
		t.Fatal(a.status, a.header)
	}
	good.Set("key", regexp.MustCompile(`name="key" value="([^"]+)"`).FindStringSubmatch(p.ok(p.get("/desk/cmadfi/2027/program/new", "Cookie", p.cookie)))[1])
	for range 2 { // pressed twice
		if a := p.post("/desk/cmadfi/2027/program/new", good); a.header.Get("Location") != "/desk/cmadfi/2027/program/paneeli-2" {
			t.Error(a.status, a.header)
		}
	}
	good.Del("key")
	body := p.ok(p.get("/desk/cmadfi/2027/program/paneeli", "Cookie", p.cookie))
	if !strings.Contains(body, "Åsa Öhman\nUusi Puhuja") || !strings.Contains(body, `name="version" value="1"`) {
		t.Error("the form does not show what was saved")
	}
	good.Set("version", "7")
	if a := p.post("/desk/cmadfi/2027/program/paneeli", good); a.status != http.StatusConflict || !strings.Contains(a.body, "Paneeli") {
		t.Error("an old form overwrote a newer session:", a.status)
	}
}

func TestRoomsAndTracks(t *testing.T) {
	p := newProgramSite(t)
	p.small()
	if a := p.get("/desk/cmadfi/2027/rooms"); a.status != http.StatusFound && a.status != http.StatusSeeOther {
		t.Error("a stranger sees the desk:", a.status)
	}
	a := p.post("/desk/cmadfi/2027/rooms", url.Values{"r_name_fi": {""}, "r_capacity": {"monta"}, "r_stream": {"ftp://x"}})
	for _, want := range []string{`id="r_name_fi-error"`, `id="r_capacity-error"`, `id="r_stream-error"`, `value="ftp://x"`} {
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, want) {
			t.Errorf("%d, missing: %s", a.status, want)
		}
	}
	if a := p.post("/desk/cmadfi/2027/tracks", url.Values{"t_name_fi": {"Yhteisöt"}, "t_color": {"green"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `id="t_color-error"`) {
		t.Error(a.status)
	}
	if a := p.post("/desk/cmadfi/2027/tracks", url.Values{"t_name_fi": {"Yhteisöt"}, "t_color": {"#1A7F5A"}}); a.status != http.StatusSeeOther {
		t.Error(a.status)
	}
	if a := p.post("/desk/cmadfi/2027/rooms", url.Values{"r_name_fi": {"sali 2"}}); a.status != http.StatusUnprocessableEntity {
		t.Error("two rooms of one name:", a.status)
	}
	draft, err := p.Program.Draft(t.Context(), p.e)
	if err != nil {
		t.Fatal(err)
	}
	room := draft.Rooms[0]
	if _, err := p.Program.SaveRoom(t.Context(), "", p.e, room.ID, program.RoomInput{Name: room.Name, Description: text.One(text.Finnish, "Toinen kerros")}); err != nil {
		t.Fatal(err)
	}
	if body := p.ok(p.get("/desk/cmadfi/2027/rooms?room="+room.ID, "Cookie", p.cookie)); !strings.Contains(body, `value="Sali 1"`) || !strings.Contains(body, "Yhteisöt") {
		t.Error("the room is not in the form")
	}
	if a := p.post("/desk/cmadfi/2027/rooms", url.Values{"room": {room.ID}, "r_name_fi": {"Suuri sali"}, "r_capacity": {"300"}}); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	if draft, err = p.Program.Draft(t.Context(), p.e); err != nil {
		t.Fatal(err)
	}
	if r := draft.Rooms[0]; r.Name[text.Finnish] != "Suuri sali" || *r.Capacity != 300 || r.Description[text.Finnish] != "Toinen kerros" {
		t.Errorf("%+v", r)
	}
}

func TestReleaseForm(t *testing.T) {
	p := newProgramSite(t)
	p.small()
	if body := p.ok(p.get("/desk/cmadfi/2027/program?lang=fi", "Cookie", p.cookie)); !strings.Contains(body, "Julkaise versio 2") || !strings.Contains(body, "Salainen luonnos") {
		t.Error("the desk does not offer what is new")
	}
	if a := p.post("/desk/cmadfi/2027/release", url.Values{"note_fi": {strings.Repeat("ä", 5000)}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `id="note_fi-error"`) {
		t.Error("a note without end:", a.status)
	}
	if a := p.post("/desk/cmadfi/2027/release", url.Values{"note_fi": {"Uusi puhe"}}); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	if !strings.Contains(p.ok(p.get("/cmadfi/2027/program?day=2027-01-25")), "Salainen luonnos") {
		t.Error("what was released does not show")
	}
	if a := p.post("/desk/cmadfi/2027/release", url.Values{}); a.status != http.StatusConflict {
		t.Error("nothing new was released:", a.status)
	}
}

// TestPagesCostTheSame: the number of queries does not grow with the rows.
func TestPagesCostTheSame(t *testing.T) {
	p := newProgramSite(t)
	count := &queries{}
	p.DB.Read = p.DB.Read.WithQueryHook(count)
	cost := func(path string) int64 {
		p.Editions.Forget()
		p.now = p.now.Add(time.Minute) // what is kept for a moment is read again
		before := count.n.Load()
		p.ok(p.get(path, "Cookie", p.cookie))
		return count.n.Load() - before
	}
	paths := []string{"/cmadfi/2027/program", "/cmadfi/2027/materials", "/desk/cmadfi/2027/program", "/cmadfi/2027/sessions/puhe-0", "/cmadfi/2027/speakers/puhuja-0"}
	fill := func(from, to int) {
		for i := from; i < to; i++ {
			x := p.save(fmt.Sprintf("Puhe %d", i), "Sali", fmt.Sprintf("2027-01-25 %02d:00", 9+i), fmt.Sprintf("2027-01-25 %02d:30", 9+i),
				func(in *program.SessionInput) {
					in.Speakers = []program.SpeakerRef{{Name: fmt.Sprintf("Puhuja %d", i)}}
				})
			if _, err := p.Material.Add(t.Context(), material.Author{}, p.e, x.ID, material.Input{Kind: material.Link, URL: "https://example.org"}); err != nil {
				t.Fatal(err)
			}
		}
		p.release()
	}
	p.ok(p.get(paths[0], "Cookie", p.cookie)) // being seen for the first time is written down
	fill(0, 1)
	one := map[string]int64{}
	for _, path := range paths {
		if one[path] = cost(path); one[path] == 0 {
			t.Error(path, "was not counted")
		}
	}
	fill(1, 4)
	for _, path := range paths {
		if n := cost(path); n != one[path] {
			t.Errorf("%s: %d queries with one session, %d with four", path, one[path], n)
		}
	}
}

// TestRealProgramme: the largest programme known is shown whole, and fast.
func TestRealProgramme(t *testing.T) {
	file, err := os.ReadFile(apptest.RealFile(t, "38c3.xml"))
	if err != nil {
		t.Fatal(err)
	}
	p := newProgramSite(t)
	p.ok(p.upload("38c3.xml", file, "release", "1"))
	a := p.get("/cmadfi/2027/program?day=all")
	if n := len(found(rowTitle, p.ok(a))); n < 900 || n > 1007 {
		t.Errorf("%d sessions", n)
	}
	p.ok(p.get("/cmadfi/2027/program"))
	p.ok(p.get("/desk/cmadfi/2027/program", "Cookie", p.cookie))
	if again := p.get("/cmadfi/2027/program?day=all", "If-None-Match", a.header.Get("ETag")); again.status != http.StatusNotModified {
		t.Error("the page is not the same twice:", again.status)
	}
}
