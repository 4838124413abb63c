package public

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"agora/app/edition"
	"agora/app/search"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// searchPage is what is found in all editions, or in some.
type searchPage struct {
	Q         string
	In        templates.Field // which series or edition
	Language  templates.Field
	Kind      search.Kind
	Kinds     []page.Tab
	Asked     bool // there is something to answer
	Found     string
	Notes     []string
	Hits      []searchHit
	Pages     templates.Pages
	Wider     string // the same question asked of everything
	Narrowed  bool
	MaxLength int
}

func (p searchPage) Shape(f *page.Frame) {
	f.Noindex, f.SearchHref, f.Scripts = true, "", append(f.Scripts, "search")
}

// searchLanguages are those that things can be told apart by.
var searchLanguages = text.Langs[:]

// SearchPage looks for something in everything that is public.
func (s Pages) SearchPage(v *page.Visit) error {
	ask, front, err := s.readAsk(v, v.Query("in"))
	if err != nil {
		return err
	}
	result, err := s.Search.Find(v.Ctx, ask)
	if err != nil {
		return err
	}
	p := searchPage{Q: strings.TrimSpace(page.Shorten(ask.Text, search.MaxText)), Kind: ask.Kind, Asked: !result.Empty, MaxLength: search.MaxText,
		In: s.searchIn(v, front), Language: searchLanguage(v, ask.Language), Narrowed: ask.Series+ask.Edition+ask.Language+string(ask.Kind) != ""}
	p.Wider = "/search?q=" + url.QueryEscape(p.Q)
	p.Kinds = searchKinds(v, ask.Kind, p.Q)
	title := v.T("search.title")
	if p.Asked {
		title = v.T("search.title_for", "words", p.Q)
		p.found(v, result)
	} else if strings.TrimSpace(ask.Text) != "" {
		p.Notes = append(p.Notes, v.T("search.nothing_asked"))
	}
	for _, h := range result.Hits {
		p.Hits = append(p.Hits, newSearchHit(v, h))
	}
	p.Pages = v.Leaf(result.Page, result.Pages)
	return v.Render("search/search", title, p)
}

// found tells in words how much there is, and what to know of it.
func (p *searchPage) found(v *page.Visit, r search.Result) {
	switch {
	case r.More:
		p.Found = v.T("search.found_more", "n", r.Found)
	case r.Found > 0:
		p.Found = v.T("search.found", "n", r.Found)
	}
	if r.Begun {
		p.Notes = append(p.Notes, v.T("search.begun"))
	}
	if r.Cut {
		p.Notes = append(p.Notes, v.T("search.cut", "n", search.MaxWords))
	}
	if r.More && r.Page == r.Pages {
		p.Notes = append(p.Notes, v.T("search.more"))
	}
}

// readAsk reads the question and its filters. What the site does not know is no
// filter: an old address still answers. The page stands in the frame of the
// series or edition that is asked about.
func (s Pages) readAsk(v *page.Visit, in string) (search.Ask, edition.Front, error) {
	at, _ := strconv.Atoi(v.Query("page"))
	ask := search.Ask{Text: v.Query("q"), Lang: v.Lang, Page: at}
	if kind := search.Kind(v.Query("kind")); slices.Contains(search.Kinds[:], kind) {
		ask.Kind = kind
	}
	if l, known := text.ParseLang(v.Query("language")); known {
		ask.Language = string(l)
	}
	front, err := s.Editions.Front(v.Ctx)
	if err != nil {
		return ask, front, err
	}
	series, slug, _ := strings.Cut(in, "/")
	i := slices.IndexFunc(front.Series, func(one edition.Series) bool { return one.Slug == series })
	if i < 0 {
		return ask, front, nil
	}
	of := front.Series[i]
	if j := slices.IndexFunc(front.Editions[of.ID], func(e edition.Edition) bool { return e.Slug == slug }); j >= 0 {
		v.Edition = front.Editions[of.ID][j]
		ask.Edition = v.Edition.ID
	} else {
		v.Edition.Series, v.Edition.SeriesID = of, of.ID
		ask.Series = of.ID
	}
	return ask, front, nil
}

// searchIn offers every series and edition there is.
func (s Pages) searchIn(v *page.Visit, front edition.Front) templates.Field {
	f := templates.Field{Name: "in", Label: v.T("search.in"), Options: []templates.Option{{Text: v.T("search.in_all")}}}
	for _, one := range front.Series {
		name, _ := one.Title.In(v.Lang)
		if editions := front.Editions[one.ID]; len(editions) > 0 {
			f.Options = append(f.Options, templates.Option{Value: one.Slug, Text: v.T("search.in_series", "name", name)})
			for _, e := range editions {
				f.Options = append(f.Options, templates.Option{Value: one.Slug + "/" + e.Slug, Text: e.Name(v.Lang)})
			}
		}
	}
	switch {
	case v.Edition.ID != "":
		f.Value = v.Edition.Series.Slug + "/" + v.Edition.Slug
	case v.Edition.SeriesID != "":
		f.Value = v.Edition.Series.Slug
	}
	return f
}

func searchLanguage(v *page.Visit, chosen string) templates.Field {
	f := templates.Field{Name: "language", Label: v.T("search.language"), Value: chosen, Options: []templates.Option{{Text: v.T("search.language_all")}}}
	for _, l := range searchLanguages {
		f.Options = append(f.Options, templates.Option{Value: string(l), Text: page.LanguageNames(v.Lang, string(l))})
	}
	return f
}

// searchKinds leads to the same question for one kind of thing.
func searchKinds(v *page.Visit, chosen search.Kind, q string) []page.Tab {
	if q == "" {
		return nil
	}
	tab := func(kind search.Kind, words string) page.Tab {
		to := url.Values{"q": {q}}
		for _, name := range []string{"in", "language"} {
			if value := v.Query(name); value != "" {
				to.Set(name, value)
			}
		}
		if kind != "" {
			to.Set("kind", string(kind))
		}
		return page.Tab{Href: "/search?" + to.Encode(), Text: page.Words{Text: words}, Current: kind == chosen}
	}
	tabs := []page.Tab{tab("", v.T("search.kind_all"))}
	for _, kind := range search.Kinds {
		tabs = append(tabs, tab(kind, v.T("search.kinds."+string(kind))))
	}
	return tabs
}
