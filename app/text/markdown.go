package text

import (
	"bytes"
	"html/template"
	"regexp"
	"strings"
	"unicode"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

var (
	// looksLikeHTML tells the descriptions that schedule files bring as HTML from
	// what people write here.
	looksLikeHTML = regexp.MustCompile(`(?i)^\s*<(p|ul|ol|div|h[1-6]|br|strong|em|a|blockquote)[\s>/]`)
	// A text's headings become strong lines: those of the page or letter around
	// it must stay in order.
	headingStart = regexp.MustCompile(`(?i)<h[1-6](\s[^>]*)?>`)
	headingEnd   = regexp.MustCompile(`(?i)</h[1-6]\s*>`)

	markdownParser = goldmark.New(goldmark.WithExtensions(extension.Strikethrough, extension.Linkify, extension.Table))
	proseRules     = newProseRules()
)

// newProseRules is what may stand in a text of an organiser or a speaker.
func newProseRules() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "strong", "b", "em", "i", "del", "ul", "ol", "li", "blockquote", "code", "pre", "hr",
		"table", "thead", "tbody", "tr", "th", "td")
	p.AllowStandardURLs()
	p.AllowAttrs("href").OnElements("a")
	p.RequireNoFollowOnLinks(true)
	p.AllowURLSchemes("https", "http", "mailto")
	return p
}

// Fill is what stands in the place of a text's {placeholders}. Words stay words,
// whatever people are called; Addresses are our own and become links.
type Fill struct {
	Words     map[string]string
	Addresses map[string]string
}

// Prose turns a text of the site into safe HTML: Markdown, or what a schedule
// file brought as HTML.
func Prose(s string) template.HTML {
	if looksLikeHTML.MatchString(s) {
		return safe(s)
	}
	return Markdown(s, Fill{})
}

// Markdown turns a text into safe HTML; HTML in it is left out. The one path for
// preview, page and letter.
func Markdown(s string, fill Fill) template.HTML {
	var b bytes.Buffer
	if err := markdownParser.Convert([]byte(fill.mark(s)), &b); err != nil {
		return template.HTML(template.HTMLEscapeString(s)) // #nosec G203 -- escaped
	}
	// The values come after the Markdown, so that none is read as such, and before
	// the cleaning, so that none becomes an address of its own making.
	return safe(fill.values(template.HTMLEscapeString).Replace(b.String()))
}

func safe(html string) template.HTML {
	html = headingEnd.ReplaceAllString(headingStart.ReplaceAllString(html, "<p><strong>"), "</strong></p>")
	return template.HTML(proseRules.Sanitize(html)) // #nosec G203 -- sanitised
}

// wordMark and addressMark stand for a placeholder while its text is read as
// Markdown: letters and digits, which Markdown leaves alone, and an address,
// which it makes a link wherever one may stand.
func wordMark(name string) string    { return "x0agora0" + strings.ReplaceAll(name, "_", "9") + "0x" }
func addressMark(name string) string { return "https://" + wordMark(name) + ".invalid/" }

func (f Fill) mark(s string) string {
	var pairs []string
	for name := range f.Words {
		pairs = append(pairs, "{"+name+"}", wordMark(name))
	}
	for name := range f.Addresses {
		pairs = append(pairs, "{"+name+"}", "<"+addressMark(name)+">")
	}
	return strings.NewReplacer(pairs...).Replace(s)
}

// values puts the values in the place of their marks, in one pass: a value that
// looks like a mark stays as it is.
func (f Fill) values(write func(string) string) *strings.Replacer {
	var pairs []string
	for name, v := range f.Words {
		pairs = append(pairs, wordMark(name), write(OneLine(v)))
	}
	for name, v := range f.Addresses {
		pairs = append(pairs, addressMark(name), write(v))
	}
	return strings.NewReplacer(pairs...)
}

// Line fills a text of one line in which nothing is Markdown.
func (f Fill) Line(s string) string {
	var pairs []string
	for _, m := range []map[string]string{f.Words, f.Addresses} {
		for name, v := range m {
			pairs = append(pairs, "{"+name+"}", v)
		}
	}
	return OneLine(strings.NewReplacer(pairs...).Replace(s))
}

// OneLine draws a text together into one line. What holds a number and its unit
// together stays.
func OneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) && string(r) != nbsp }), " ")
}
