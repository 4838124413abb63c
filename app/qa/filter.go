package qa

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// filter finds words that hold a question for review. It never drops anything: a
// word may be harmless where it stands, and who decides that is a human.
type filter struct {
	words  map[string]bool
	begins []string // those that end in *
}

func newFilter(s Settings) *filter {
	f := &filter{words: map[string]bool{}}
	f.add(s.Words)
	for _, l := range s.Filter {
		f.add(ownWords[l])
	}
	return f
}

func (f *filter) add(words []string) {
	for _, word := range words {
		bare, begins := strings.CutSuffix(strings.TrimSpace(word), "*")
		parts := wordsOf(bare)
		switch {
		case len(parts) == 0:
		case begins:
			f.begins = append(f.begins, strings.Join(parts, " "))
		default:
			f.words[strings.Join(parts, " ")] = true
		}
	}
}

// phraseMax is how many words one entry of a list may have.
const phraseMax = 4

// find gives the words it stops at as they stand in its lists, separated by commas,
// or nothing.
func (f *filter) find(s string) string {
	words := wordsOf(s)
	var found []string
	note := func(w string) {
		if !slices.Contains(found, w) {
			found = append(found, w)
		}
	}
	for i := range words {
		for n := 1; n <= phraseMax && i+n <= len(words); n++ {
			phrase := strings.Join(words[i:i+n], " ")
			if f.words[phrase] {
				note(phrase)
			}
			for _, begin := range f.begins {
				if strings.HasPrefix(phrase, begin) && strings.Count(begin, " ") == n-1 {
					note(begin + "*")
				}
			}
		}
	}
	return strings.Join(found, ", ")
}

// wordsOf takes a text apart into folded words.
func wordsOf(s string) []string {
	return strings.FieldsFunc(plain(s), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
}

// plain makes lower case of a text and takes off marks and what imitates letters,
// but for the three letters of Finnish and Swedish that are no a and o with marks.
func plain(s string) string {
	var b strings.Builder
	for _, c := range norm.NFKC.String(s) {
		c = unicode.ToLower(c)
		if c == 'å' || c == 'ä' || c == 'ö' || c < 0x80 {
			b.WriteRune(c)
			continue
		}
		if unicode.Is(unicode.Cf, c) {
			continue // joiners and soft hyphens only hide a word
		}
		for _, part := range norm.NFD.String(string(c)) {
			if !unicode.Is(unicode.Mn, part) {
				b.WriteRune(part)
			}
		}
	}
	return b.String()
}
