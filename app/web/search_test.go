package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/program"
	"agora/app/search"
	"agora/app/text"
)

// found gives the titles on a page of results, with the words that were asked for
// in brackets.
func (h *webHouse) found(who, address string, headers ...string) []string {
	h.t.Helper()
	body := strings.NewReplacer("<mark>", "[", "</mark>", "]").Replace(h.page(who, address, headers...))
	var list []string
	for _, title := range headings(body, "h3") {
		list = append(list, strings.TrimSpace(textOf(title)))
	}
	return list
}

func (h *webHouse) index() {
	h.t.Helper()
	_, err := h.Search.Refresh(h.t.Context())
	h.must(err)
}

// searchHouse is a site with one released session.
func searchHouse(t *testing.T) (*webHouse, edition.Edition, program.Session) {
	t.Helper()
	h := openHouse(t, dbtest.OpenSQLite(t))
	_, err := h.Editions.NewSeries(t.Context(), "", seriesNamed("cmadfi", "CMADFI"))
	h.must(err)
	e := h.newEdition("2028", seats(10), nil)
	x, err := h.Program.SaveSession(t.Context(), "", e, "", program.SessionInput{Title: text.Texts{text.Finnish: "Hiljainen tieto <b>talteen</b>", text.English: "Keeping tacit knowledge"},
		Abstract: text.One(text.Finnish, "Miten yhteisön **hiljainen** tieto pidetään tallessa & jaetaan."), Language: "fi", Kind: program.Talk, StartsAt: e.StartsAt, EndsAt: e.StartsAt.Add(3600e9)})
	h.must(err)
	_, err = h.Program.Release(t.Context(), "", h.find("2028"), "", nil)
	h.must(err)
	h.index()
	return h, h.find("2028"), x
}

func TestSearchPage(t *testing.T) {
	h, _, x := searchHouse(t)
	for address, want := range map[string][]string{
		"/search?q=hiljaista":                          {"[Hiljainen] tieto talteen"},
		"/search?q=tallessa":                           {"Hiljainen tieto talteen"},
		"/search?q=yhteis&in=cmadfi":                   {"Hiljainen tieto talteen"},
		"/search?q=hiljainen&in=cmadfi/2028":           {"[Hiljainen] tieto talteen"},
		"/search?q=hiljainen&in=nothing":               {"[Hiljainen] tieto talteen"},
		"/search?q=hiljainen&kind=nothing&page=x":      {"[Hiljainen] tieto talteen"},
		"/search?q=hiljainen&kind=speaker":             nil,
		"/search?q=hiljainen&language=sv":              nil,
		"/search?q=oulu":                               {"Päivä 2028"},
		"/search?q=ei+mit%C3%A4%C3%A4n+t%C3%A4llaista": nil,
		"/search?q=":                                   nil, "/search": nil, "/search?q=-hiljainen": nil, "/search?q=%22%22+-": nil,
	} {
		if got := h.found(asStranger, address); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
	if body := h.page(asStranger, "/search?q=hiljainen"); !strings.Contains(body, `<mark>Hiljainen</mark> tieto &lt;b&gt;talteen&lt;/b&gt;</a>`) {
		t.Error("a title is not shown as text")
	}
	// In another language the title is that one's, and what is not says so.
	body := h.page(asStranger, "/search?q=hiljainen&lang=en")
	for _, want := range []string{`<h3><a href="/cmadfi/2028/sessions/` + x.Slug + `">Keeping tacit knowledge</a></h3>`, `<span lang="fi">Miten yhteisön <mark>hiljainen</mark> tieto pidetään tallessa &amp; jaetaan.</span>`,
		`<meta name="robots" content="noindex">`, "One result"} {
		if !strings.Contains(body, want) {
			t.Errorf("%s is missing", want)
		}
	}
	// What was typed stays, as text.
	hostile := `"><script>alert(1)</script>`
	body = h.page(asStranger, "/search?q="+url.QueryEscape(hostile)+"&in=cmadfi/2028&language=fi&kind=session")
	if strings.Contains(body, "<script>alert") || !strings.Contains(body, `value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"`) ||
		!strings.Contains(body, `<option value="cmadfi/2028" selected>`) || !strings.Contains(body, `<input type="hidden" name="kind" value="session">`) {
		t.Errorf("what was typed: %.3000s", between(body, "<form", "</form>", ""))
	}
	for _, q := range []string{strings.Repeat("a", 10_000), strings.Repeat("ä ", 1_500), "tokens:x NEAR(a b) ^ + * ' \\", "👩‍👩‍👧", "שלום עולם"} {
		address := "/search?q=" + url.QueryEscape(q)
		if r := h.get(asStranger, address); r.status != http.StatusOK && len(address) < 4000 {
			t.Errorf("%.40q: status %d", q, r.status)
		} else if faults := pageFaults(r.body, "fi"); r.status == http.StatusOK && len(faults) > 0 {
			t.Errorf("%.40q: %v", q, faults)
		}
	}
	if r := h.get(asStranger, "/search?q=a%00b"); r.status >= 500 {
		t.Errorf("NUL: status %d", r.status)
	}
}

// What the public may not see no role finds either: the page is the same for all.
func TestSearchShowsWhatIsPublic(t *testing.T) {
	h, e, x := searchHouse(t)
	h.makeOwner()
	ctx := t.Context()
	_, err := h.Program.SaveSession(ctx, "", e, "", program.SessionInput{Title: text.One(text.Finnish, "Salainen hiljainen puhe"), Kind: program.Talk, StartsAt: e.StartsAt, EndsAt: e.StartsAt.Add(3600e9)})
	h.must(err)
	h.index()
	for _, who := range []string{asStranger, asOwner} {
		if got := h.found(who, "/search?q=hiljainen"); len(got) != 1 {
			t.Errorf("%s finds %q", who, got)
		}
	}
	// Cancelled is told; taken out of the programme is gone before the index knows.
	_, err = h.DB.Write.NewRaw("UPDATE session SET cancelled = TRUE WHERE id = ?", x.ID).Exec(ctx)
	h.must(err)
	if body := h.page(asStranger, "/search?q=hiljainen"); !strings.Contains(body, `<span class="tag bad">`) {
		t.Error("a cancelled session is not told as such")
	}
	_, err = h.DB.Write.NewRaw("DELETE FROM slot WHERE session_id = ?", x.ID).Exec(ctx)
	h.must(err)
	if got := h.found(asStranger, "/search?q=hiljainen"); got != nil {
		t.Errorf("taken out, and found: %q", got)
	}
}

func TestSearchAPI(t *testing.T) {
	h, _, x := searchHouse(t)
	r := h.get(asStranger, "/api/v1/search?q=hiljainen&series=cmadfi&edition=2028&kind=session&language=fi", "Accept-Language", "en")
	want := fmt.Sprintf(`{"query":"hiljainen","page":1,"pages":1,"found":1,"more":false,"begun":false,"hits":[{"kind":"session","url":"%[1]s/cmadfi/2028/sessions/%[2]s",`+
		`"title":{"language":"en","parts":[{"text":"Keeping tacit knowledge","hit":false}]},"edition":{"title":"Day 2028","url":"%[1]s/cmadfi/2028"},`+
		`"session":{"title":"Keeping tacit knowledge","url":"%[1]s/cmadfi/2028/sessions/%[2]s"},"speakers":[],"cancelled":false,`+
		`"snippet":{"language":"fi","parts":[{"text":"Miten yhteisön ","hit":false},{"text":"hiljainen","hit":true},{"text":" tieto pidetään tallessa \u0026 jaetaan.","hit":false}]},`+
		`"place":"abstract","file_page":null,"by":"","also_in":[]}]}`, h.Config.BaseURL, x.Slug)
	if r.status != http.StatusOK || r.body != want {
		t.Errorf("status %d\n%s\nwant\n%s", r.status, r.body, want)
	}
	for query, field := range map[string]string{"": "q", "q=+": "q", "q=-a": "q", "q=a&series=nothing": "series", "q=a&series=cmadfi&edition=1999": "edition", "q=a&edition=2028": "edition", "q=a&kind=x": "kind", "q=a&language=de": "language"} {
		r := h.get(asStranger, "/api/v1/search?"+query)
		var refusal struct{ Errors map[string][]string }
		h.must(json.Unmarshal([]byte(r.body), &refusal))
		if r.status != http.StatusUnprocessableEntity || len(refusal.Errors) != 1 || len(refusal.Errors[field]) != 1 || strings.Contains(r.body, "⟦") {
			t.Errorf("%q: status %d %s", query, r.status, r.body)
		}
	}
}

// The way to the search stands on every page, with its series or edition, but not
// on the desk.
func TestSearchFromEverywhere(t *testing.T) {
	h := demoHouse(t)
	for address, want := range map[string]string{"/": "/search", "/cmadfi": "/search?in=cmadfi", "/cmadfi/2027": "/search?in=cmadfi%2F2027", "/cmadfi/2016/program": "/search?in=cmadfi%2F2016", "/desk": "", "/search": ""} {
		if got := between(h.page(asOrganiser, address), `class="top-search" href="`, `"`, ""); got != want {
			t.Errorf("%s leads to %q, want %q", address, got, want)
		}
	}
	for _, address := range []string{"/", "/cmadfi", "/cmadfi/2016"} {
		if !strings.Contains(h.page(asStranger, address), `<form class="search-box" method="get" action="/search"`) {
			t.Errorf("%s has no field to search by", address)
		}
	}
}

// TestSearchLeafing: the pages keep question and filters.
func TestSearchLeafing(t *testing.T) {
	h, e, _ := searchHouse(t)
	for i := range search.PageSize + 3 {
		_, err := h.Program.SaveSession(t.Context(), "", e, "", program.SessionInput{Title: text.One(text.Finnish, fmt.Sprintf("Samanlainen %02d", i)), Kind: program.Talk,
			StartsAt: e.StartsAt.Add(3600e9), EndsAt: e.StartsAt.Add(2 * 3600e9)})
		h.must(err)
	}
	_, err := h.Program.Release(t.Context(), "", h.find("2028"), "", nil)
	h.must(err)
	h.index()
	body := h.page(asStranger, "/search?q=samanlainen&in=cmadfi/2028&kind=session")
	next := strings.ReplaceAll(lastLink(body, `rel="next"`), "&amp;", "&")
	if next != "/search?in=cmadfi%2F2028&kind=session&page=2&q=samanlainen" {
		t.Errorf("the next page is %q", next)
	}
	if first, second := h.found(asStranger, "/search?q=samanlainen"), h.found(asStranger, next); len(first) != search.PageSize || len(second) != 3 || slices.Contains(first, second[0]) {
		t.Errorf("%d and %d hits", len(first), len(second))
	}
}

// lastLink is where the link leads that has an attribute.
func lastLink(body, attribute string) string {
	before, _, _ := strings.Cut(body, attribute)
	at := strings.LastIndex(before, `<a href="`)
	if at < 0 {
		return ""
	}
	return between(before[at:], `<a href="`, `"`, "")
}
