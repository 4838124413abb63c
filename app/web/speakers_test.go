package web

import (
	"context"
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/material"
	"agora/app/program"
	"agora/app/registration"
	"agora/app/text"
)

// newTalk gives a session to speakers, released.
func (h *webHouse) newTalk(e edition.Edition, title, clock string, who ...string) program.Session {
	h.t.Helper()
	day := e.Local(e.StartsAt).Format(time.DateOnly)
	in := program.SessionInput{Title: text.One(text.Finnish, title), Kind: program.Talk, StartsAt: clockAt(day + " " + clock), EndsAt: clockAt(day + " " + clock).Add(time.Hour)}
	for _, name := range who {
		in.Speakers = append(in.Speakers, program.SpeakerRef{Name: name})
	}
	x, err := h.Program.SaveSession(h.t.Context(), "", e, "", in)
	h.must(err)
	_, err = h.Program.Release(h.t.Context(), "", e, "", nil)
	h.must(err)
	return x
}

var cardName = regexp.MustCompile(`<b>([^<]+)</b>`)

func names(body string) []string {
	var list []string
	for _, m := range cardName.FindAllStringSubmatch(body[strings.Index(body, "<main"):], -1) {
		list = append(list, html.UnescapeString(m[1]))
	}
	return list
}

func TestAllSpeakersByName(t *testing.T) {
	h := demoHouse(t)
	e := h.newEdition("2030", nil, nil)
	if body := h.page(asStranger, "/cmadfi/2030/speakers"); !strings.Contains(body, "Puhujia ei ole vielä julkaistu") {
		t.Error("an empty list does not say so")
	}
	h.newTalk(e, "Kieli <b>elää</b>", "09:00", "Örn Ä", "Zoë", "Åke", "Ärla", "Anders", "Aada <i>")
	h.newTalk(e, "Verkossa", "10:00", "Øystein")
	_, err := h.Program.SaveSpeaker(t.Context(), "", e, "", program.SpeakerInput{Name: "Salainen"})
	h.must(err)
	_, err = h.Program.SaveSession(t.Context(), "", e, "", program.SessionInput{Title: text.One(text.Finnish, "Luonnos"), Kind: program.Talk, Speakers: []program.SpeakerRef{{Name: "Myös salainen"}}})
	h.must(err)
	for lang, want := range map[string][]string{
		"fi": {"Aada <i>", "Anders", "Zoë", "Åke", "Ärla", "Örn Ä", "Øystein"},
		"sv": {"Aada <i>", "Anders", "Zoë", "Åke", "Ärla", "Örn Ä", "Øystein"},
		"en": {"Aada <i>", "Åke", "Anders", "Ärla", "Örn Ä", "Øystein", "Zoë"},
	} {
		body := h.page(asStranger, "/cmadfi/2030/speakers", "Accept-Language", lang)
		if got := names(body); !slices.Equal(got, want) {
			t.Errorf("%s: %q", lang, got)
		}
		if strings.Contains(body, "<b>elää") || strings.Contains(body, "alainen") {
			t.Errorf("%s: the page has markup of its own accord, or who is not on the programme", lang)
		}
	}
	for search, want := range map[string][]string{
		"ake": {"Åke"}, "ÅKE": {"Åke"}, "oystein": {"Øystein"}, "zoe": {"Zoë"}, "orn a": {"Örn Ä"}, "verkossa": {"Øystein"}, "salainen": nil, "ake zoe": nil,
		"elaa ake": {"Åke"},
	} {
		body := h.page(asStranger, "/cmadfi/2030/speakers?q="+url.QueryEscape(search))
		if got := names(body); !slices.Equal(got, want) {
			t.Errorf("%s finds %q", search, got)
		}
	}
	if body := h.page(asStranger, "/cmadfi/2030/program"); !strings.Contains(body, `href="/cmadfi/2030/speakers"`) {
		t.Error("the programme does not lead to its speakers")
	}
}

func TestSpeakerPageKnowsOtherEditions(t *testing.T) {
	h := demoHouse(t)
	ctx, early, late := t.Context(), h.find("2016"), h.newEdition("2030", nil, nil)
	h.newTalk(late, "Paluu", "09:00", "Åsa Exempel")
	then := h.speaker(early, "asa-exempel")
	now := h.speaker(late, "asa-exempel")
	page := func() string { return h.page(asStranger, "/cmadfi/2030/speakers/asa-exempel") }
	if strings.Contains(page(), "/cmadfi/2016") {
		t.Error("a name alone makes no link")
	}
	h.must(h.Program.Same(ctx, "", h.find(late.Slug), now.ID, then.ID))
	body := page()
	for _, want := range []string{">Aiemmin</h2>", `<a href="/cmadfi/2016/speakers/asa-exempel">`, `href="/cmadfi/2016/sessions/johtajat-somessa"`, "Kalvot ruotsiksi"} {
		if !strings.Contains(body, want) {
			t.Errorf("missing: %s", want)
		}
	}
	old := h.page(asStranger, "/cmadfi/2016/speakers/asa-exempel")
	if !strings.Contains(old, ">Myöhemmin</h2>") || !strings.Contains(old, `href="/cmadfi/2030/sessions/paluu"`) {
		t.Error("the earlier page does not lead to the later one")
	}
	// What is released there later shows here at once, and what is not does not.
	h.newTalk(h.find(late.Slug), "Toinen paluu", "11:00", "Åsa Exempel")
	_, err := h.Program.SaveSession(ctx, "", h.find(late.Slug), "", program.SessionInput{Title: text.One(text.Finnish, "Vasta luonnos"), Kind: program.Talk,
		Speakers: []program.SpeakerRef{{ID: now.ID}}})
	h.must(err)
	h.Editions.Forget()
	if old = h.page(asStranger, "/cmadfi/2016/speakers/asa-exempel"); !strings.Contains(old, "Toinen paluu") || strings.Contains(old, "luonnos") {
		t.Error("the earlier page shows not what is released later")
	}
	h.must(h.Program.Apart(ctx, "", h.find(late.Slug), now.ID))
	for _, path := range []string{"/cmadfi/2016/speakers/asa-exempel", "/cmadfi/2030/speakers/asa-exempel"} {
		if body := h.page(asStranger, path); strings.Contains(body, "speaker-others") {
			t.Errorf("%s still leads elsewhere", path)
		}
	}
}

// Of what a talk elsewhere left behind, a stranger sees what everybody may.
func TestSpeakerPageShowsWhatMayBeShown(t *testing.T) {
	h := demoHouse(t)
	ctx, early, late := t.Context(), h.find("2016"), h.newEdition("2030", nil, nil)
	h.newTalk(late, "Paluu", "09:00", "Åsa Exempel")
	h.must(h.Program.Same(ctx, "", h.find(late.Slug), h.speaker(late, "asa-exempel").ID, h.speaker(early, "asa-exempel").ID))
	draft, err := h.Program.Draft(ctx, early)
	h.must(err)
	x := draft.BySlug("johtajat-somessa")
	opens := siteNow.Add(time.Hour)
	for _, in := range []material.Input{{Title: text.One(text.Finnish, "Kaikille"), Visibility: material.Public, Shown: material.Now},
		{Title: text.One(text.Finnish, "Ilmoittautuneille"), Visibility: material.Registered, Shown: material.Now},
		{Title: text.One(text.Finnish, "Piilossa"), Visibility: material.Hidden, Shown: material.Now},
		{Title: text.One(text.Finnish, "Tunnin päästä"), Visibility: material.Public, Shown: material.At, ShownAt: opens}} {
		in.Kind, in.URL = material.Link, "https://example.org/"+url.PathEscape(in.Title[text.Finnish])
		_, err := h.Material.Add(ctx, material.Author{}, h.find(early.Slug), x.ID, in)
		h.must(err)
	}
	// What the attendee of that day sees is not for who has a place elsewhere.
	_, err = h.Registrations.Register(ctx, h.find("2030"), registration.Input{Name: "Nimi", Email: "speaker@agora.test", Place: registration.Onsite}, db.Key{})
	h.must(err)
	shown := func(who string) string {
		var list []string
		h.Editions.Forget()
		body := h.page(who, "/cmadfi/2030/speakers/asa-exempel")
		for _, title := range []string{"Kaikille", "Ilmoittautuneille", "Piilossa", "Tunnin päästä"} {
			if strings.Contains(body, title) {
				list = append(list, title)
			}
		}
		return strings.Join(list, ", ")
	}
	for _, who := range []string{asStranger, asSpeaker} {
		if got := shown(who); got != "Kaikille" {
			t.Errorf("%s is shown: %s", who, got)
		}
	}
	if got := shown(asAttendee); got != "Kaikille, Ilmoittautuneille" {
		t.Errorf("who was there is shown: %s", got)
	}
	h.at(opens)
	if got := shown(asStranger); got != "Kaikille, Tunnin päästä" {
		t.Errorf("an hour later: %s", got)
	}
}

func TestSpeakerPictureAndLinks(t *testing.T) {
	h := demoHouse(t)
	ctx, e := t.Context(), h.newEdition("2030", nil, nil)
	x := h.newTalk(e, "Avaus", "09:00", "Bo <Exempel>")
	bo := h.speaker(e, "bo-exempel")
	_, err := h.Program.SaveSpeaker(ctx, "", e, bo.ID, program.SpeakerInput{Name: bo.Name, Biography: text.One(text.Finnish, "Kirjoittaa </script>."), Links: []program.Link{
		{Title: "Blogi <i>", URL: "https://example.org/bo?a=1&b=2"}, {URL: "https://www.mastodon.example/@bo"}}})
	h.must(err)
	h.must(h.DB.Tx(ctx, func(ctx context.Context, tx bun.Tx) error { return program.SetPicture(ctx, tx, e.ID, bo.ID, "kuva-1") }))
	h.Editions.Forget()
	body := h.page(asStranger, "/cmadfi/2030/speakers/bo-exempel")
	for _, want := range []string{`<a href="https://example.org/bo?a=1&amp;b=2" rel="me noopener">`, `<span>Blogi &lt;i&gt;</span>`, `<span>mastodon.example/@bo</span>`,
		`<img src="/cmadfi/2030/pictures/kuva-1"`} {
		if !strings.Contains(body, want) {
			t.Errorf("missing: %s", want)
		}
	}
	data := regexp.MustCompile(`(?s)<script type="application/ld\+json">(.*?)</script>`).FindStringSubmatch(body)
	if data == nil {
		t.Fatal("no data for machines")
	}
	var ld map[string]any
	h.must(json.Unmarshal([]byte(data[1]), &ld))
	same, _ := json.Marshal(ld["sameAs"])
	if ld["@type"] != "Person" || ld["image"] != siteBase+"/cmadfi/2030/pictures/kuva-1" || string(same) != `["https://example.org/bo?a=1\u0026b=2","https://www.mastodon.example/@bo"]` {
		t.Errorf("%v", ld)
	}
	for _, path := range []string{"/speakers", "/sessions/" + x.Slug} {
		if body := h.page(asStranger, "/cmadfi/2030"+path); !strings.Contains(body, `<img src="/cmadfi/2030/pictures/kuva-1"`) {
			t.Errorf("%s has no picture", path)
		}
	}
	h.must(h.DB.Tx(ctx, func(ctx context.Context, tx bun.Tx) error { return program.SetPicture(ctx, tx, e.ID, bo.ID, "") }))
	h.Editions.Forget()
	for _, path := range []string{"/speakers", "/speakers/bo-exempel", "/sessions/" + x.Slug} {
		if body := h.page(asStranger, "/cmadfi/2030"+path); strings.Contains(body, "kuva-1") {
			t.Errorf("%s still shows the picture", path)
		}
	}
	if a := h.get(asStranger, "/cmadfi/2030/speakers/ei-ketaan"); a.status != http.StatusNotFound {
		t.Errorf("nobody: %d", a.status)
	}
}

// TestSpeakerQueriesDoNotGrow: with one talk and edition or three, the pages ask
// as often, and not at all once they are known.
func TestSpeakerQueriesDoNotGrow(t *testing.T) {
	asked := func(n int) map[string]int64 {
		h := demoHouse(t)
		first := h.newEdition("2030", nil, nil)
		h.newTalk(first, "Avaus", "09:00", "Åsa Exempel")
		for i := range n {
			h.newTalk(h.find(first.Slug), "Puhe", []string{"10:00", "11:00", "12:00"}[i], "Åsa Exempel", []string{"A", "B", "C"}[i])
			h.newTalk(h.newEdition([]string{"2031", "2032", "2033"}[i], nil, nil), "Paluu", "09:00", "Åsa Exempel")
		}
		for i := range n {
			e := h.find([]string{"2031", "2032", "2033"}[i])
			h.must(h.Program.Same(t.Context(), "", e, h.speaker(e, "asa-exempel").ID, h.speaker(first, "asa-exempel").ID))
		}
		h.Editions.Forget()
		var q queries
		counts := map[string]int64{}
		h.DB.Read = h.DB.Read.WithQueryHook(&q)
		for _, path := range []string{"/speakers", "/speakers/asa-exempel"} {
			h.page(asStranger, "/cmadfi/2030"+path)
			q.n.Store(0)
			h.page(asStranger, "/cmadfi/2030"+path)
			counts[path] = q.n.Load()
		}
		return counts
	}
	one, three := asked(1), asked(3)
	for path, n := range one {
		if n != 0 || three[path] != 0 {
			t.Errorf("%s: %d queries with one, %d with three", path, n, three[path])
		}
	}
}
