package web

import (
	"encoding/json"
	"encoding/xml"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"agora/app/program"
	"agora/app/text"
)

// hostile is a title that tries to end whatever it stands in.
const hostile = `</script><script>alert(1)</script>]]>&amp;"'<!-- ` + "\u2028"

func linked(t *testing.T, body string) map[string]any {
	t.Helper()
	m := regexp.MustCompile(`(?s)<script type="application/ld\+json">(.*?)</script>`).FindStringSubmatch(body)
	if m == nil {
		t.Fatal("no data for machines")
	}
	var data map[string]any
	if err := json.Unmarshal([]byte(m[1]), &data); err != nil {
		t.Fatalf("%v: %s", err, m[1])
	}
	return data
}

func TestDataForMachines(t *testing.T) {
	p := newProgramSite(t)
	p.small()
	p.save(hostile, "Aula", "2027-01-25 12:00", "2027-01-25 13:00")
	p.release()
	draft, err := p.Program.Draft(t.Context(), p.e)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range draft.Sessions {
		if x.Kind == program.Break {
			continue
		}
		body := p.ok(p.get("/cmadfi/2027/sessions/" + x.Slug + "?lang=fi"))
		data := linked(t, body)
		if data["name"] != x.Name(text.Finnish) || data["startDate"] != x.StartsAt.Format(time.RFC3339) || data["@type"] != "Event" || strings.Contains(body, "<script>alert") {
			t.Errorf("%v", data)
		}
	}
}

// atomFile is what a reader takes out of a feed.
type atomFile struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string   `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Links   []struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	} `xml:"link"`
	Author struct {
		Name string `xml:"name"`
	} `xml:"author"`
	Entries []struct {
		ID      string `xml:"id"`
		Title   string `xml:"title"`
		Updated string `xml:"updated"`
		Link    struct {
			Href string `xml:"href,attr"`
		} `xml:"link"`
		Content struct {
			Type string `xml:"type,attr"`
			Text string `xml:",chardata"`
		} `xml:"content"`
	} `xml:"entry"`
}

func (p *programSite) feed(lang string) atomFile {
	p.t.Helper()
	var f atomFile
	if err := xml.Unmarshal([]byte(p.ok(p.get("/cmadfi/2027/feed.xml?lang="+lang))), &f); err != nil {
		p.t.Fatal(err)
	}
	return f
}

func TestFeedTellsWhatAReleaseChanged(t *testing.T) {
	p := newProgramSite(t)
	p.small()
	p.now = p.now.Add(time.Hour)
	p.save(hostile, "Aula", "2027-01-25 12:00", "2027-01-25 13:00")
	p.release()
	first := p.feed("fi")
	for _, lang := range []string{"fi", "sv", "en"} {
		f := p.feed(lang)
		if f.Lang != lang || f.ID != first.ID || f.Author.Name == "" || f.Title == "" || len(f.Entries) != 2 {
			t.Fatalf("%+v", f)
		}
		seen := map[string]bool{f.ID: true}
		for i, e := range f.Entries {
			u, err := url.Parse(e.Link.Href)
			at, bad := time.Parse(time.RFC3339, e.Updated)
			if err != nil || !u.IsAbs() || bad != nil || at.IsZero() || seen[e.ID] || e.ID != first.Entries[i].ID || e.Title == "" || strings.Contains(e.Title+e.Content.Text, "⟦") {
				t.Errorf("%+v", e)
			}
			seen[e.ID] = true
		}
		if f.Updated != f.Entries[0].Updated || !strings.HasSuffix(f.Entries[0].Link.Href, "/cmadfi/2027/changes#v2") {
			t.Errorf("%s, %s", f.Updated, f.Entries[0].Link.Href)
		}
		newest := f.Entries[0].Content
		if newest.Type != "html" || strings.Count(newest.Text, "<li>") != 2 || !strings.Contains(newest.Text, "&lt;script&gt;") || strings.Contains(newest.Text, "<script") {
			t.Errorf("%s", newest.Text)
		}
		for _, l := range f.Links {
			if u, err := url.Parse(l.Href); err != nil || !u.IsAbs() {
				t.Errorf("%+v", l)
			}
		}
	}
}

func TestConflictsOverHTTP(t *testing.T) {
	p := newProgramSite(t)
	p.small()
	file := p.ok(p.get("/cmadfi/2027/schedule.xml"))
	file = strings.Replace(file, "<title>Avaus</title>", "<title>Toinen nimi</title>", 1)
	body := p.ok(p.upload("schedule.xml", []byte(file)))
	names := ticks(t, body)
	if len(names) != 1 || !strings.Contains(body, "Toinen nimi") || strings.Contains(p.draftTitles(), "Toinen nimi") {
		t.Fatalf("%v, %s", names, p.draftTitles())
	}
	list := waiting(t, body)
	// Nothing ticked: nothing taken, and the file still waits.
	body = p.ok(p.post("/desk/cmadfi/2027/import/take", url.Values{"list": {list}}))
	if strings.Contains(p.draftTitles(), "Toinen nimi") {
		t.Error("taken without a tick")
	}
	if a := p.post("/desk/cmadfi/2027/import/take", url.Values{"list": {list}, names[0]: {"1"}}); a.status != 404 {
		t.Error("an older page:", a.status)
	}
	list = waiting(t, body)
	body = p.ok(p.post("/desk/cmadfi/2027/import/take", url.Values{"list": {list}, names[0]: {"1"}}))
	if !strings.Contains(p.draftTitles(), "Toinen nimi") || strings.Contains(body, `name="list"`) {
		t.Error("not taken:", p.draftTitles())
	}
	// All at once, of another file.
	file = strings.Replace(strings.Replace(file, "Toinen nimi", "Kolmas nimi", 1), "<subtitle/>", "<subtitle>Uusi</subtitle>", 1)
	p.retitle("Oma nimi")
	body = p.ok(p.upload("schedule.xml", []byte(file)))
	if n := len(ticks(t, body)); n != 1 || p.draftTitles() == "" || strings.Contains(p.draftTitles(), "Kolmas") {
		t.Errorf("%d, %s", n, p.draftTitles())
	}
	p.ok(p.post("/desk/cmadfi/2027/import/take", url.Values{"list": {waiting(t, body)}, "do": {"all"}}))
	if !strings.Contains(p.draftTitles(), "Kolmas nimi") {
		t.Error("not all were taken:", p.draftTitles())
	}
	if a := p.post("/desk/cmadfi/2027/import/take", url.Values{"list": {list}, names[0]: {"1"}}); a.status != 404 || strings.Contains(a.body, "⟦") {
		t.Error("pressed again:", a.status)
	}
}

// retitle renames the session that opens the day, as an organiser does.
func (p *programSite) retitle(title string) {
	p.t.Helper()
	draft, err := p.Program.Draft(p.t.Context(), p.e)
	if err != nil {
		p.t.Fatal(err)
	}
	x := draft.BySlug("avaus")
	in := program.SessionInput{Title: text.One(text.Finnish, title), Kind: x.Kind, Language: x.Language, RoomID: x.Room.ID, StartsAt: x.StartsAt, EndsAt: x.EndsAt}
	for _, who := range x.Speakers {
		in.Speakers = append(in.Speakers, program.SpeakerRef{ID: who.ID})
	}
	if x.Track != nil {
		in.TrackID = x.Track.ID
	}
	if _, err := p.Program.SaveSession(p.t.Context(), "", p.e, x.ID, in); err != nil {
		p.t.Fatal(err)
	}
}
