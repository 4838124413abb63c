package exchange

import (
	"html"
	"strconv"
	"strings"
)

// markdown turns HTML texts, as some schedules carry them, into the Markdown that pages here are made of. A text counts
// as HTML when it begins with a tag; false leaves it as it is. What it returns never begins with a tag again.
func markdown(text string) (string, bool) {
	if !strings.HasPrefix(text, "<") {
		return "", false
	}
	name, _, _, ok := tag(text)
	if !ok || !knownTag(name) {
		return "", false
	}
	w := &mdWriter{}
	w.walk(text)
	return cleanText(w.out.String()), true
}

func knownTag(name string) bool {
	switch name {
	case "p", "div", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "table",
		"section", "article", "a", "b", "i", "u", "em", "strong", "span", "img", "small", "dl", "figure", "iframe", "font":
		return true
	}
	return false
}

// tag splits "<a href=…>" at the start of text; rest is what follows it.
func tag(text string) (name, attributes, rest string, ok bool) {
	if len(text) < 3 || text[0] != '<' {
		return "", "", "", false
	}
	if strings.HasPrefix(text, "<!--") {
		_, after, closed := strings.Cut(text[4:], "-->")
		return "!", "", after, closed
	}
	end := strings.IndexByte(text, '>')
	if end < 0 {
		return "", "", "", false
	}
	inside := text[1:end]
	i := 0
	for i < len(inside) && (inside[i] == '/' && i == 0 || isLetterOrDigit(inside[i])) {
		i++
	}
	name = strings.ToLower(inside[:i])
	if name == "" || name == "/" || i < len(inside) && !strings.ContainsRune(" \t\n/", rune(inside[i])) {
		return "", "", "", false
	}
	return name, inside[i:], text[end+1:], true
}

func isLetterOrDigit(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

func attribute(attributes, name string) string {
	at := strings.Index(strings.ToLower(attributes), name+"=")
	if at < 0 || at+len(name)+1 > len(attributes) {
		return ""
	}
	value := attributes[at+len(name)+1:]
	if value == "" {
		return ""
	}
	if value[0] == '"' || value[0] == '\'' {
		value, _, _ = strings.Cut(value[1:], value[:1])
	} else {
		value, _, _ = strings.Cut(value, " ")
	}
	return html.UnescapeString(value)
}

// mdWriter writes blocks with an empty line between them and remembers open lists and links.
type mdWriter struct {
	out    strings.Builder
	lists  []int // 0 for bullets, else the next number
	hrefs  []string
	breaks int // line ends owed before the next text
	pre    bool
	code   bool
	space  bool
	silent string // inside <script> or <style>
}

func (w *mdWriter) walk(text string) {
	for text != "" {
		i := strings.IndexByte(text, '<')
		if i < 0 {
			i = len(text)
		}
		w.text(text[:i])
		if text = text[i:]; text == "" {
			return
		}
		name, attributes, rest, ok := tag(text)
		if !ok {
			w.text("<")
			text = text[1:]
			continue
		}
		w.tag(name, attributes)
		text = rest
	}
}

func (w *mdWriter) tag(name, attributes string) {
	if w.silent != "" {
		if name == "/"+w.silent {
			w.silent = ""
		}
		return
	}
	switch name {
	case "script", "style":
		w.silent = name
	case "br":
		w.owe(1)
	case "p", "/p", "div", "/div", "/ul", "/ol", "blockquote", "/blockquote", "table", "/table", "section", "/section",
		"/h1", "/h2", "/h3", "/h4", "/h5", "/h6", "hr", "article", "/article", "dl", "/dl", "figure", "/figure":
		w.owe(2)
		if name == "/ul" || name == "/ol" {
			w.lists = w.lists[:max(len(w.lists)-1, 0)]
		}
	case "h1", "h2", "h3", "h4", "h5", "h6":
		w.owe(2)
		w.raw("### ")
	case "ul", "ol":
		w.owe(2 - min(len(w.lists), 1))
		if len(w.lists) < maxDepth {
			w.lists = append(w.lists, map[string]int{"ul": 0, "ol": 1}[name])
		}
	case "li":
		w.item()
	case "tr", "/tr", "dt", "dd":
		w.owe(1)
	case "td", "th":
		w.space = true
	case "pre", "/pre":
		w.fence(name == "pre")
	case "code", "/code":
		if !w.pre && w.code == (name == "/code") {
			w.raw("`")
			w.code = name == "code"
		}
	case "strong", "b", "/strong", "/b":
		w.mark("**", name[0] == '/')
	case "em", "i", "/em", "/i":
		w.mark("*", name[0] == '/')
	case "a":
		href, _ := cleanURL(attribute(attributes, "href"), "")
		w.hrefs = append(w.hrefs, strings.NewReplacer("(", "%28", ")", "%29").Replace(href))
		if href != "" && !w.code && !w.pre {
			w.raw("[")
		}
	case "/a":
		w.closeLink()
	case "img":
		w.text(attribute(attributes, "alt"))
	}
}

func (w *mdWriter) closeLink() {
	if len(w.hrefs) == 0 {
		return
	}
	href := w.hrefs[len(w.hrefs)-1]
	w.hrefs = w.hrefs[:len(w.hrefs)-1]
	if href != "" && !w.code && !w.pre {
		w.out.WriteString("](" + href + ")")
	}
}

// mark writes the sign of emphasis; the closing one clings to the word before it.
func (w *mdWriter) mark(sign string, closing bool) {
	if w.code || w.pre {
		return
	}
	if closing {
		w.out.WriteString(sign)
		return
	}
	w.raw(sign)
}

func (w *mdWriter) item() {
	w.owe(1)
	sign := "- "
	if n := len(w.lists); n > 0 && w.lists[n-1] > 0 {
		sign = strconv.Itoa(w.lists[n-1]) + ". "
		w.lists[n-1]++
	}
	w.raw(strings.Repeat("  ", max(len(w.lists)-1, 0)) + sign)
}

func (w *mdWriter) fence(open bool) {
	if w.pre == open {
		return
	}
	w.owe(1)
	if open {
		w.owe(2)
	}
	w.raw("```")
	w.pre = open
	w.owe(1)
	if !open {
		w.owe(2)
	}
}

// owe asks for line ends before the next text; two make a new paragraph.
func (w *mdWriter) owe(lines int) {
	w.breaks = max(w.breaks, lines)
	w.space = false
}

// raw writes signs of Markdown after the line ends and the space that are owed.
func (w *mdWriter) raw(s string) {
	if w.out.Len() > 0 && w.breaks > 0 {
		w.out.WriteString("\n\n"[:w.breaks])
	} else if w.space && w.out.Len() > 0 {
		w.out.WriteByte(' ')
	}
	w.breaks, w.space = 0, false
	w.out.WriteString(s)
}

func (w *mdWriter) text(s string) {
	if s == "" || w.silent != "" {
		return
	}
	s = html.UnescapeString(s)
	if w.pre {
		w.raw(strings.ReplaceAll(s, "```", "'''"))
		return
	}
	words := strings.Fields(s)
	if len(words) == 0 {
		w.space = w.space || w.breaks == 0
		return
	}
	if strings.TrimLeft(s, " \t\r\n") != s && w.breaks == 0 {
		w.space = true
	}
	line := strings.Join(words, " ")
	if w.code {
		line = strings.ReplaceAll(line, "`", "'")
	} else {
		line = escapeMarkdown(line)
	}
	w.raw(line)
	w.space = strings.TrimRight(s, " \t\r\n") != s
}

// escapeMarkdown protects the signs that would mean something; a "_" inside a word means nothing.
func escapeMarkdown(s string) string {
	if !strings.ContainsAny(s, "*_`[<\\") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '*', '`', '[', '<', '\\':
			b.WriteByte('\\')
		case '_':
			if i == 0 || i+1 == len(s) || !isLetterOrDigit(s[i-1]) || !isLetterOrDigit(s[i+1]) {
				b.WriteByte('\\')
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
