package public

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"agora/app/fail"
	"agora/app/search"
	"agora/app/text"
	"agora/app/web/page"
)

// apiFound is one page of what was found.
type apiFound struct {
	Query string   `json:"query"`
	Page  int      `json:"page"`
	Pages int      `json:"pages"`
	Found int      `json:"found"`
	More  bool     `json:"more"`
	Begun bool     `json:"begun"`
	Hits  []apiHit `json:"hits"`
}

type apiHit struct {
	Kind        search.Kind `json:"kind"`
	URL         string      `json:"url"`
	Title       apiMarked   `json:"title"`
	Edition     apiPlaceOf  `json:"edition"`
	Session     *apiPlaceOf `json:"session"`
	Speakers    []string    `json:"speakers"`
	Cancelled   bool        `json:"cancelled"`
	Snippet     *apiMarked  `json:"snippet"`
	Place       string      `json:"place"`
	FilePage    *int        `json:"file_page"`
	By          string      `json:"by"`
	AlsoSpokeIn []string    `json:"also_in"`
}

// apiMarked is a text in pieces; those with hit are words that were asked for.
type apiMarked struct {
	Language text.Lang `json:"language"`
	Parts    []apiPart `json:"parts"`
}

type apiPart struct {
	Text string `json:"text"`
	Hit  bool   `json:"hit"`
}

type apiPlaceOf struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

// APISearch is the search for programs.
func (s Pages) APISearch(v *page.Visit) error {
	in := v.Query("series")
	if slug := v.Query("edition"); slug != "" {
		in += "/" + slug
	}
	ask, _, err := s.readAsk(v, in)
	if err != nil {
		return err
	}
	if err := checkAsk(v, ask); err != nil {
		return err
	}
	r, err := s.Search.Find(v.Ctx, ask)
	if err != nil {
		return err
	}
	if r.Empty {
		return fail.Wrong("q", "field.required")
	}
	out := apiFound{Query: page.Shorten(ask.Text, search.MaxText), Page: r.Page, Pages: r.Pages, Found: r.Found, More: r.More, Begun: r.Begun, Hits: []apiHit{}}
	for _, h := range r.Hits {
		out.Hits = append(out.Hits, s.apiHit(v, h))
	}
	v.C.Set(fiber.HeaderCacheControl, "no-cache")
	return v.JSON(fiber.StatusOK, out)
}

// checkAsk tells a program every filter that the site does not know: it would
// take what it gets for an answer.
func checkAsk(v *page.Visit, ask search.Ask) error {
	f := fail.Fields{}
	if v.Query("series") != "" && v.Edition.SeriesID == "" {
		f.Add("series", "edition.series_missing")
	}
	if v.Query("edition") != "" && ask.Edition == "" {
		f.Add("edition", "edition.missing")
	}
	if v.Query("kind") != "" && ask.Kind == "" {
		f.Add("kind", "search.kind_unknown")
	}
	if v.Query("language") != "" && ask.Language == "" {
		f.Add("language", "search.language_unknown")
	}
	if strings.TrimSpace(ask.Text) == "" {
		f.Add("q", "field.required")
	}
	return f.Err()
}

func (s Pages) apiHit(v *page.Visit, h search.Hit) apiHit {
	out := apiHit{Kind: h.Kind, URL: s.Config.BaseURL + searchHref(h), Title: apiMarks(h.Title), Speakers: append([]string{}, h.Names...),
		Edition: apiPlaceOf{Title: h.Edition.Name(v.Lang), URL: s.Config.BaseURL + h.Edition.Path()}, AlsoSpokeIn: []string{}}
	if h.Session != nil {
		title, _ := h.Edition.In(h.Session.Title, v.Lang)
		out.Session = &apiPlaceOf{Title: title, URL: s.Config.BaseURL + h.Edition.Path() + "/sessions/" + h.Session.Slug}
		out.Cancelled = h.Session.Cancelled
	}
	if len(h.Snippet.Parts) > 0 {
		m := apiMarks(h.Snippet.Marked)
		out.Snippet, out.Place, out.By = &m, string(h.Snippet.Place), h.Snippet.By
		if h.Snippet.Page > 0 {
			out.FilePage = &h.Snippet.Page
		}
	}
	for _, e := range h.Others {
		out.AlsoSpokeIn = append(out.AlsoSpokeIn, s.Config.BaseURL+e.Path())
	}
	return out
}

func apiMarks(m search.Marked) apiMarked {
	out := apiMarked{Language: m.Lang, Parts: []apiPart{}}
	for _, p := range m.Parts {
		out.Parts = append(out.Parts, apiPart(p))
	}
	return out
}
