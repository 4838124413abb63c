package qa

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"agora/app/text"
)

// shape is how much of a text's layout is kept.
type shape bool

const (
	oneLine    shape = false
	paragraphs shape = true
)

// checkText cleans a text in place and refuses one that is empty or too long,
// counted in characters.
func checkText(s *string, field string, limit int, form shape) (Code, []any) {
	cleaned, ok := text.Clean(*s)
	if !ok {
		return CodeBadText, []any{"field", field}
	}
	*s = tidy(cleaned, form)
	switch n := utf8.RuneCountInString(*s); {
	case !visible(*s):
		return CodeEmpty, []any{"field", field}
	case n > limit:
		return CodeTooLong, []any{"field", field, "max", limit}
	}
	return "", nil
}

// tidy drops control characters, and those that turn the direction of what
// follows (a name must not rearrange the line it stands in), and keeps at most
// one empty line in a row. Joiners stay: emoji and many scripts are made of them.
func tidy(s string, form shape) string {
	var b strings.Builder
	breaks := 0
	for _, c := range s {
		switch {
		case c == '\n' && form == paragraphs:
			if breaks++; breaks > 2 {
				continue
			}
			b.WriteRune(c)
			continue
		case c == '\n' || c == '\t':
			c = ' '
		case unicode.Is(unicode.Cc, c) || turns(c):
			continue
		}
		if c != ' ' {
			breaks = 0
		}
		b.WriteRune(c)
	}
	return strings.TrimSpace(b.String())
}

// turns finds the embeddings, overrides and isolates of the bidirectional algorithm.
func turns(c rune) bool { return c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 }

// visible reports whether anybody would see something: a text of joiners and
// spaces is empty.
func visible(s string) bool {
	return strings.ContainsFunc(s, func(c rune) bool {
		return unicode.In(c, unicode.L, unicode.N, unicode.P, unicode.S) && c != 0x3164 && c != 0x2800
	})
}
