package public

import (
	"strconv"
	"strings"

	"agora/app/material"
	"agora/app/search"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// searchHit is one line of what was found.
type searchHit struct {
	Kind    string // in words
	Icon    string
	Href    string
	Title   markedText
	Of      *page.Tab // the session that it belongs to
	Names   string
	Edition page.Tab
	Others  []page.Tab // further editions of a speaker
	Tags    []templates.Tag
	Face    *templates.Person
	Place   string // where in it the words stand
	Snippet markedText
}

// markedText is a text with the words in it that were asked for.
type markedText struct {
	Parts []search.Part
	Lang  string // empty when it is the page's own language
}

func marked(v *page.Visit, m search.Marked) markedText {
	t := markedText{Parts: m.Parts, Lang: string(m.Lang)}
	if m.Lang == v.Lang {
		t.Lang = ""
	}
	return t
}

// icons of what is found.
var searchIcons = map[search.Kind]string{search.Edition: "calendar", search.Session: "screen", search.Speaker: "people", search.Material: "file", search.Question: "mic"}

func newSearchHit(v *page.Visit, h search.Hit) searchHit {
	row := searchHit{Kind: v.T("search.kind." + string(h.Kind)), Icon: searchIcons[h.Kind], Title: marked(v, h.Title), Snippet: marked(v, h.Snippet.Marked),
		Names: strings.Join(h.Names, ", "), Edition: editionTab(v, h), Href: searchHref(h)}
	switch h.Kind {
	case search.Edition:
		row.Edition = page.Tab{} // it is the hit itself
		row.Names = text.Days(v.Lang, h.Edition.Local(h.Edition.StartsAt), h.Edition.Local(h.Edition.EndsAt))
	case search.Session:
		if h.Session.Cancelled {
			row.Tags = append(row.Tags, templates.Tag{Kind: "bad", Text: v.T("program.cancelled")})
		}
	case search.Speaker:
		row.Face = &templates.Person{Name: h.Speaker.Name, Initials: page.Initials(h.Speaker.Name), Picture: page.PicturePath(h.Edition, h.Speaker.Picture), Size: "small"}
		for _, e := range h.Others {
			row.Others = append(row.Others, page.Tab{Href: e.Path(), Text: page.Words{Text: e.Name(v.Lang)}})
		}
	case search.Material:
		row.Kind = v.T("material.kind." + string(h.Material.Kind))
		if h.Material.Kind == material.Recording {
			row.Icon = "play"
		}
		if h.Title.String() == "" { // it is shown by the name of its kind
			row.Title = markedText{Parts: []search.Part{{Text: row.Kind}}}
		}
	}
	if h.Session != nil && h.Kind != search.Session {
		title, l := h.Edition.In(h.Session.Title, v.Lang)
		row.Of = &page.Tab{Href: h.Edition.Path() + "/sessions/" + h.Session.Slug, Text: page.Words{Text: title}}
		if l != v.Lang {
			row.Of.Text.Lang = string(l)
		}
	}
	row.Place = searchPlace(v, h)
	return row
}

// searchPlace says where in something the words stand, where that is not its own
// text.
func searchPlace(v *page.Visit, h search.Hit) string {
	switch {
	case len(h.Snippet.Parts) == 0:
		return ""
	case h.Snippet.Page > 0:
		return v.T("search.place.page", "page", h.Snippet.Page)
	case h.Snippet.Place == search.InAnswer:
		return v.T("search.place.answer", "name", h.Snippet.By)
	case h.Snippet.Place == search.InText, h.Snippet.Place == search.InCaptions, h.Snippet.Place == search.InPractical:
		return v.T("search.place." + string(h.Snippet.Place))
	}
	return ""
}

func editionTab(v *page.Visit, h search.Hit) page.Tab {
	name, l := h.Edition.In(h.Edition.Title, v.Lang)
	tab := page.Tab{Href: h.Edition.Path(), Text: page.Words{Text: name}}
	if l != v.Lang {
		tab.Text.Lang = string(l)
	}
	return tab
}

// searchHref is where one reads what was found: a question at its place on the
// session's page, a file on its page.
func searchHref(h search.Hit) string {
	base := h.Edition.Path()
	switch h.Kind {
	case search.Session:
		return base + "/sessions/" + h.Session.Slug
	case search.Speaker:
		return base + "/speakers/" + h.Speaker.Slug
	case search.Question:
		return base + "/sessions/" + h.Session.Slug + "#q-" + h.QuestionID
	case search.Material:
		href := h.Material.Path(h.Edition)
		if h.Snippet.Page > 0 {
			href += "#page=" + strconv.Itoa(h.Snippet.Page)
		}
		return href
	}
	return base
}
