package program

import (
	"strconv"
	"strings"

	"agora/app/text"
)

// maxSlug keeps addresses short enough to be read from a slide.
const maxSlug = 80

// taken reports whether the desk has a page of its own at that address among the
// sessions or the speakers: where it makes and moves them, and writes to them.
func taken(slug string) bool {
	return slug == "new" || slug == "grid" || slug == "invite" || slug == "remind"
}

// slugOf spells a title with the letters of an address; other is taken when
// there is none that can be spelled.
func slugOf(title, other string) string {
	if slug := text.Slug(title, maxSlug); slug != "" && !taken(slug) {
		return slug
	}
	return other
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
