package program

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxSlug keeps addresses short enough to be read from a slide.
const maxSlug = 80

// taken reports whether the desk has a page of its own at that address among the
// sessions: where it makes one, and where it moves them.
func taken(slug string) bool { return slug == "new" || slug == "grid" }

// letters are those that Unicode does not take apart into a plain one and a mark.
var letters = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "đ", "d", "ð", "d", "ł", "l",
	"þ", "th", "ŋ", "n", "ŧ", "t", "ħ", "h", "ı", "i", "'", "", "’", "")

// slugOf spells a title with the letters of an address; other is taken when
// there is none that can be spelled.
func slugOf(title, other string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(letters.Replace(strings.ToLower(title))) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r):
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	slug := b.String()
	if len(slug) > maxSlug {
		slug = slug[:maxSlug]
		if i := strings.LastIndexByte(slug, '-'); i > maxSlug/2 {
			slug = slug[:i]
		}
	}
	if slug = strings.Trim(slug, "-"); slug == "" || taken(slug) {
		return other
	}
	return slug
}

// given keeps a slug that a file brought, where it may stand in an address.
func given(slug, title, other string) string {
	plain := func(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_' }
	if slug == "" || taken(slug) || len(slug) > 2*maxSlug || strings.IndexFunc(slug, func(r rune) bool { return !plain(r) }) >= 0 {
		return slugOf(title, other)
	}
	return slug
}

// slugs are the addresses in use within an edition.
type slugs map[string]bool

// take gives the slug, or the first of slug-2, slug-3 … that is free.
func (s slugs) take(slug string) string {
	free := slug
	for n := 2; s[free]; n++ {
		free = slug + "-" + strconv.Itoa(n)
	}
	s[free] = true
	return free
}
