package page

import (
	"bytes"
	"html/template"
	"regexp"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

// looksLikeHTML tells the descriptions that schedule files bring as HTML from
// what people write here.
var looksLikeHTML = regexp.MustCompile(`(?i)^\s*<(p|ul|ol|div|h[1-6]|br|strong|em|a|blockquote)[\s>/]`)

var (
	markdownParser = goldmark.New(goldmark.WithExtensions(extension.Strikethrough, extension.Linkify, extension.Table))
	textPolicy     = newTextPolicy()
)

// newTextPolicy is what may stand in a text of an organiser or a speaker.
func newTextPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "strong", "b", "em", "i", "del", "ul", "ol", "li", "blockquote", "code", "pre", "hr",
		"table", "thead", "tbody", "tr", "th", "td")
	p.AllowStandardURLs()
	p.AllowAttrs("href").OnElements("a")
	p.RequireNoFollowOnLinks(true)
	p.AllowURLSchemes("https", "http", "mailto")
	return p
}

// Markdown turns a text into safe HTML: one path for preview and page. Headings
// lose their tag, because the page's own headings must stay in order.
func Markdown(s string) template.HTML {
	if !looksLikeHTML.MatchString(s) {
		var b bytes.Buffer
		if err := markdownParser.Convert([]byte(s), &b); err != nil {
			return template.HTML(template.HTMLEscapeString(s)) // #nosec G203 -- escaped
		}
		s = b.String()
	}
	return template.HTML(textPolicy.Sanitize(s)) // #nosec G203 -- sanitised
}
