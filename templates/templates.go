// Package templates holds every page's HTML and what the server draws for it: the
// hall, meters, charts and the mark. Components live in base and pages in pages/<area>;
// app/web/page parses both into one set per language. The package owns no tables.
package templates

import (
	"embed"
	"html/template"
)

// FS holds base/*.html and pages/<area>/*.html.
//
//go:embed all:base all:pages
var FS embed.FS

// Funcs are the drawings that a page may call by itself. Words come from the
// function "t", which the caller adds because it knows the language.
func Funcs() template.FuncMap {
	return template.FuncMap{
		"mark": Mark,
		"hall": func(capacity, taken, mine int, label string) template.HTML {
			return Hall(capacity, taken, mine, label).SVG
		},
		"notice": func(kind, text string) Notice { return Notice{Kind: kind, Text: text} },
		"tag":    func(kind, text string) Tag { return Tag{Kind: kind, Text: text} },
	}
}
