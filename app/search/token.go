package search

import (
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"agora/app/search/stem"
	"agora/app/text"
)

// A token is what the engines look up: one letter that says what it is about,
// then letters and digits. Three letters stand for words, by how much finding
// one there means. Each level holds those above it, so that "all words at this
// level or above" is one plain conjunction of tokens.
const (
	inTitle = 'a' // a title or a name
	inNames = 'b' // also in the names of who speaks
	inAll   = 'c' // anywhere

	ofPair     = 'p' // two words beside each other
	ofWhole    = 'w' // all words of a title, and no other
	ofKind     = 'k'
	ofEdition  = 'e'
	ofSeries   = 's'
	ofLanguage = 'l'
)

const (
	// maxTokens and maxTokenBytes bound what is kept of one entry: a file may hold
	// a dictionary, and PostgreSQL takes no more than a megabyte.
	maxTokens     = 40_000
	maxTokenBytes = 700_000
	// pairSums is how many sums there are of two words: enough that hardly any text
	// has the sum without the words, and few enough to keep the index small.
	pairSums = 1 << 20
)

// bag collects the tokens of one entry.
type bag struct {
	seen  map[string]struct{}
	list  []string
	bytes int
	// stems are those that somebody may be about to type.
	stems []string
	// memo keeps the stems of words, which come again and again.
	memo map[memoKey]string
}

type memoKey struct {
	lang text.Lang
	word string
}

// maxMemo bounds the memory that words' stems take while many entries are made.
const maxMemo = 100_000

func newBag(memo map[memoKey]string) *bag {
	return &bag{seen: map[string]struct{}{}, memo: memo}
}

func (b *bag) add(kind byte, s string) {
	token := string(kind) + s
	if _, known := b.seen[token]; known || len(b.list) >= maxTokens || b.bytes+len(token) > maxTokenBytes {
		return
	}
	b.seen[token] = struct{}{}
	b.list = append(b.list, token)
	b.bytes += len(token) + 1
}

// text adds a text in a language; without one, or in one that is not ours, every
// language's stems count.
func (b *bag) text(level byte, l text.Lang, s string) {
	langs := text.Langs[:]
	if slices.Contains(langs, l) {
		langs = []text.Lang{l}
	}
	b.whole(level, s)
	before := ""
	stem.Words(s, func(w stem.Word) bool {
		for _, l := range langs {
			b.word(level, b.stemOf(l, w.Text))
		}
		if before != "" {
			b.add(ofPair, pair(before, w.Text))
		}
		before = w.Text
		return len(b.list) < maxTokens
	})
}

// name adds a name, whose words are kept as they are.
func (b *bag) name(level byte, s string) {
	b.whole(level, s)
	before := ""
	stem.Words(s, func(w stem.Word) bool {
		b.word(level, w.Text)
		if before != "" {
			b.add(ofPair, pair(before, w.Text))
		}
		before = w.Text
		return true
	})
}

// whole adds a title as one, for whoever asks for just that.
func (b *bag) whole(level byte, s string) {
	if words := folded(s); level == inTitle && len(words) > 0 && len(words) <= MaxWords {
		b.add(ofWhole, sum(words))
	}
}

func (b *bag) word(level byte, s string) {
	before := len(b.list)
	for l := level; l <= inAll; l++ {
		b.add(l, s)
	}
	if len(b.list) > before && typed(s) {
		b.stems = append(b.stems, s)
	}
}

func (b *bag) stemOf(l text.Lang, word string) string {
	key := memoKey{l, word}
	s, known := b.memo[key]
	if !known {
		if len(b.memo) >= maxMemo {
			clear(b.memo)
		}
		s = stem.Of(l, word)
		b.memo[key] = s
	}
	return s
}

// String gives the tokens with spaces between.
func (b *bag) String() string { return strings.Join(b.list, " ") }

// typed tells stems that somebody may be typing from numbers and noise.
func typed(s string) bool {
	return len(s) > minBegun && len(s) <= 30 && !strings.ContainsAny(s, "0123456789")
}

// pair is the sum of two words beside each other.
func pair(a, b string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(a + " " + b))
	return strconv.FormatUint(uint64(h.Sum32()%pairSums), 36)
}

// sum stands for all words of a title.
func sum(words []string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(strings.Join(words, " ")))
	return strconv.FormatUint(h.Sum64(), 36)
}

// bare takes the signs out of an id or a code, as the engines divide tokens there.
func bare(id string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(id))
}
