package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"agora/app/search/stem"
)

// minBegun is how many letters of a word it takes to look for those that begin so.
const minBegun = 3

// query is a question, taken apart.
type query struct {
	terms []term
	not   []term
	whole []string // all words, when that may be a title
	cut   bool
}

// term is one word, or some in quotes that stand beside each other.
type term struct {
	words  []string // folded
	phrase bool
	begun  bool // the word may only begin so, whether it is the last or has an asterisk
	star   bool
}

// parse reads what somebody typed. There is nothing it refuses.
func parse(s string) query {
	var q query
	if len(s) > MaxText {
		s, q.cut = s[:MaxText], true
	}
	left := MaxWords
	for rest := strings.ToValidUTF8(s, " "); rest != ""; {
		var t term
		var not bool
		t, not, rest = nextTerm(rest)
		if len(t.words) == 0 {
			continue
		}
		if len(t.words) > left {
			q.cut = true
			if t.words = t.words[:left]; left == 0 {
				break
			}
		}
		left -= len(t.words)
		if not {
			q.not = append(q.not, t)
		} else {
			q.terms = append(q.terms, t)
		}
	}
	if words := folded(s); !q.cut && len(q.not) == 0 && len(words) <= MaxWords {
		q.whole = words
	}
	q.terms = telling(q.terms)
	if n := len(q.terms); n > 0 && !q.terms[n-1].phrase {
		q.terms[n-1].begun = true
	}
	return q
}

// nextTerm takes the next word or quoted words off.
func nextTerm(s string) (t term, not bool, rest string) {
	s = strings.TrimLeftFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
	if after, found := strings.CutPrefix(s, "-"); found && after != "" && !unicode.IsSpace(firstRune(after)) {
		s, not = after, true
	}
	if r := firstRune(s); quote(r) {
		s = s[utf8.RuneLen(r):]
		t.phrase = true
		if end := strings.IndexFunc(s, quote); end >= 0 {
			t.words, rest = folded(s[:end]), s[end+utf8.RuneLen(firstRune(s[end:])):]
			return t, not, rest
		}
		t.words = folded(s)
		return t, not, ""
	}
	end := strings.IndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || quote(r) })
	if end < 0 {
		end = len(s)
	}
	piece, rest := s[:end], s[end:]
	t.words = folded(piece)
	t.phrase = len(t.words) > 1 // "e-mail": its parts stand beside each other
	t.star = strings.HasSuffix(piece, "*")
	t.begun = t.star && !t.phrase
	return t, not, rest
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

func quote(r rune) bool { return strings.ContainsRune(`"”“„«»‟`, r) && r != utf8.RuneError }

func folded(s string) (words []string) {
	stem.Words(s, func(w stem.Word) bool {
		words = append(words, w.Text)
		return len(words) < MaxWords+1
	})
	return words
}

// telling leaves out the words that mean nothing by themselves, when there are
// others, and what is there twice.
func telling(terms []term) []term {
	plain := func(t term) bool { return !t.phrase && !t.star && stem.Frequent(t.words[0]) }
	var kept []term
	for _, t := range terms {
		if plain(t) && slices.ContainsFunc(terms, func(o term) bool { return !plain(o) }) {
			continue
		}
		if !slices.ContainsFunc(kept, func(o term) bool { return o.phrase == t.phrase && slices.Equal(o.words, t.words) }) {
			kept = append(kept, t)
		}
	}
	return kept
}

// need is what an entry must hold: of each set of tokens one, and none of those
// in not.
type need struct {
	sets [][]string
	not  [][]string // of each, not all together
}

// at gives what a question needs at a level of words. stems are further ones for
// the words that may only begin so.
func (q query) at(level byte, stems map[string][]string) need {
	var n need
	for _, t := range q.terms {
		for _, w := range t.words {
			forms := stem.All(w)
			if t.begun {
				forms = append(forms, stems[w]...)
			}
			n.sets = append(n.sets, tokensOf(level, forms))
		}
		for _, p := range t.pairs() {
			n.sets = append(n.sets, []string{p})
		}
	}
	for _, t := range q.not {
		if len(t.words) > 1 {
			n.not = append(n.not, t.pairs())
			continue
		}
		for _, token := range tokensOf(inAll, stem.All(t.words[0])) {
			n.not = append(n.not, []string{token})
		}
	}
	return n
}

func (t term) pairs() (list []string) {
	for i := 1; t.phrase && i < len(t.words); i++ {
		list = append(list, string(ofPair)+pair(t.words[i-1], t.words[i]))
	}
	return list
}

func tokensOf(level byte, forms []string) []string {
	tokens := make([]string, 0, len(forms))
	for _, f := range forms {
		if token := string(level) + f; !slices.Contains(tokens, token) {
			tokens = append(tokens, token)
		}
	}
	return tokens
}
