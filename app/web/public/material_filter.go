package public

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"agora/app/material"
	"agora/app/program"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// materialFilter takes what is asked for, and counts what there is.
type materialFilter struct {
	kind, language string
	kinds          map[string]int
	languages      map[string]int
	sessions       int
	total          int
	written        int64
}

// newMaterialFilter reads ?kind and ?language.
func newMaterialFilter(v *page.Visit) *materialFilter {
	f := &materialFilter{kinds: map[string]int{}, languages: map[string]int{}, language: strings.ToLower(page.Shorten(v.Query("language"), maxSearch))}
	if kind := v.Query("kind"); kind == answersKind || slices.Contains(material.Kinds[:], material.Kind(kind)) {
		f.kind = kind
	}
	return f
}

// take counts a session's rows and leaves those that are asked for.
func (f *materialFilter) take(rows []materialRow, w material.Written, v *page.Visit, x *program.Session) (kept []materialRow, answers *answersRow) {
	if len(rows) > 0 {
		f.sessions++
	}
	f.total += len(rows)
	f.written += w.Written
	for _, r := range rows {
		f.kinds[string(r.kind)]++
		spoken := languages(r.language)
		for _, l := range spoken {
			f.languages[l]++
		}
		if (f.kind == "" || f.kind == string(r.kind)) && (f.language == "" || slices.Contains(spoken, f.language)) {
			kept = append(kept, r)
		}
	}
	if w != (material.Written{}) {
		f.kinds[answersKind]++
		if (f.kind == "" || f.kind == answersKind) && (f.language == "" || slices.Contains(languages(x.Language), f.language)) {
			answers = newAnswersRow(v, w, x)
		}
	}
	return kept, answers
}

// newAnswersRow says how a session's questions were answered: in writing first.
func newAnswersRow(v *page.Visit, w material.Written, x *program.Session) *answersRow {
	row := &answersRow{Href: v.SessionHref(x) + "#questions"}
	if w.Written == 0 {
		row.Text = v.T("materials_page.stage_only", "n", w.Stage)
		return row
	}
	row.Text = v.T("materials_page.answers", "n", w.Written)
	if w.Stage > 0 {
		row.Note = v.T("materials_page.stage", "n", w.Stage)
	}
	return row
}

// fill puts the counts, and what can be chosen, on the page.
func (f *materialFilter) fill(v *page.Visit, p *materialsPage) {
	if f.total == 0 && f.kinds[answersKind] == 0 {
		p.Empty = &templates.Empty{Title: v.T("materials_page.empty_title"), Text: v.T("materials_page.empty_text"),
			Href: v.Edition.Path() + "/program", Action: v.T("materials_page.empty_act")}
		return
	}
	if f.total > 0 {
		p.Counts = append(p.Counts, v.T("materials_page.count", "n", f.total), v.T("materials_page.sessions", "n", f.sessions))
	}
	if f.written > 0 {
		p.Counts = append(p.Counts, v.T("materials_page.written", "n", f.written))
	}
	f.choices(v, p)
	if len(p.Days) == 0 {
		p.Empty = &templates.Empty{Title: v.T("materials_page.none_title"), Text: v.T("materials_page.none_text"), Href: p.Action, Action: v.T("materials_page.none_act")}
	}
}

func (f *materialFilter) choices(v *page.Visit, p *materialsPage) {
	p.Kind = f.kind
	add := func(kind, word string, n int) {
		q := url.Values{}
		if kind != "" {
			q.Set("kind", kind)
		}
		if f.language != "" {
			q.Set("language", f.language)
		}
		tab := page.Tab{Href: "?" + q.Encode(), Text: page.Words{Text: v.T(word)}, Current: kind == f.kind}
		if n > 0 {
			tab.Count = text.Number(v.Lang, int64(n))
		}
		p.Kinds = append(p.Kinds, tab)
	}
	add("", "materials_page.all", 0)
	for _, k := range append(kindNames(), answersKind) {
		if f.kinds[k] > 0 || k == f.kind {
			add(k, "materials_page.of."+k, f.kinds[k])
		}
	}
	if len(p.Kinds) < 3 && f.kind == "" {
		p.Kinds = nil // one kind alone is no choice
	}
	if len(f.languages) < 2 && f.language == "" {
		return
	}
	field := templates.Field{Name: "language", Label: v.T("materials_page.language"), Value: f.language, Options: []templates.Option{{Text: v.T("materials_page.any_language")}}}
	for l := range f.languages {
		field.Options = append(field.Options, templates.Option{Value: l, Text: cmp.Or(page.LanguageNames(v.Lang, l), l)})
	}
	slices.SortFunc(field.Options[1:], func(a, b templates.Option) int { return strings.Compare(a.Text, b.Text) })
	p.Languages = &field
}

func kindNames() []string {
	var list []string
	for _, k := range material.Kinds {
		list = append(list, string(k))
	}
	return list
}
