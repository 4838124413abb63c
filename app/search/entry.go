package search

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"html"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/program"
	"agora/app/text"
)

// form is raised when entries are made in another way: all are made anew then.
const form = "2"

// entry is one thing that can be found, as the index keeps it.
type entry struct {
	bun.BaseModel `bun:"table:search_entry"`

	ID        int64 `bun:",pk"`
	EditionID string
	SessionID string
	Kind      Kind
	Subject   string
	Hash      string
}

// An id has the order of results: what it is, then how new its edition, then
// the sum of what it stands for.
const (
	kindBits = 60
	dayBits  = 44
	lastDay  = 1<<(kindBits-dayBits) - 1
)

// newEntry gives the entry of a thing; from is all that its tokens are made of.
func newEntry(e edition.Edition, kind Kind, subject, session string, from ...any) entry {
	sum := sha256.Sum256([]byte(string(kind) + subject))
	day := min(max(e.StartsAt.Unix()/int64((24*time.Hour).Seconds()), 0), lastDay)
	id := int64(slices.Index(Kinds[:], kind))<<kindBits | (lastDay-day)<<dayBits | int64(binary.BigEndian.Uint64(sum[:])>>(64-dayBits))
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "%s %q %q %q %q", form, e.ID, e.SeriesID, session, from) // a hash takes everything
	return entry{ID: id, EditionID: e.ID, SessionID: session, Kind: kind, Subject: subject, Hash: hex.EncodeToString(h.Sum(nil)[:12])}
}

// about adds what every entry of an edition holds.
func (b *bag) about(kind Kind, e edition.Edition, languages string) {
	b.add(ofKind, string(kind))
	b.add(ofEdition, bare(e.ID))
	b.add(ofSeries, bare(e.SeriesID))
	for _, l := range tags(languages) {
		b.add(ofLanguage, bare(l))
	}
}

// tags takes language tags apart and leaves off what follows the language.
func tags(s string) (list []string) {
	for _, tag := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
		tag, _, _ = strings.Cut(strings.ToLower(tag), "-")
		list = append(list, tag)
	}
	return list
}

// texts adds an organiser's text in all its languages; spoken says in which a
// text is that stands under the key of another.
func (b *bag) texts(level byte, t text.Texts, x *program.Session) {
	for _, key := range text.Langs {
		if s := t[key]; s != "" {
			b.text(level, spoken(x, key), plain(s))
		}
	}
}

// spoken is the language of a session's text under a key.
func spoken(x *program.Session, key text.Lang) text.Lang {
	if x != nil && x.Extra.TextLanguage != "" && key == x.Extra.TextKey {
		return text.Lang(x.Extra.TextLanguage)
	}
	return key
}

// plain gives a text as one reads it: without Markdown, and without the HTML that
// schedule files bring.
func plain(s string) string {
	if !strings.HasPrefix(strings.TrimSpace(s), "<") {
		return text.Plain(s, text.Fill{})
	}
	var b strings.Builder
	for rest := string(text.Prose(s)); rest != ""; {
		before, after, found := strings.Cut(rest, "<")
		b.WriteString(html.UnescapeString(before))
		if !found {
			break
		}
		name, after, _ := strings.Cut(after, ">")
		if rest = after; !inline(name) {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// inline tells tags that stand within a line.
func inline(tag string) bool {
	name, _, _ := strings.Cut(strings.TrimPrefix(tag, "/"), " ")
	return slices.Contains([]string{"a", "b", "strong", "i", "em", "del", "code"}, name)
}
