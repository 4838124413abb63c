package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// whole are letters that Unicode does not take apart into a plain one and a mark.
var whole = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "đ", "d", "ð", "d", "ł", "l",
	"þ", "th", "ŋ", "n", "ŧ", "t", "ħ", "h", "ı", "i", "'", "", "’", "")

// Slug spells a text with the letters of an address, cut between words where it
// is longer than most; it is empty when no letter can be spelled.
func Slug(s string, most int) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(whole.Replace(strings.ToLower(s))) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r):
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	slug := b.String()
	if len(slug) > most {
		slug = slug[:most]
		if i := strings.LastIndexByte(slug, '-'); i > most/2 {
			slug = slug[:i]
		}
	}
	return strings.Trim(slug, "-")
}
