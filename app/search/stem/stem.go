package stem

import (
	"slices"
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/finnish"
	"github.com/blevesearch/snowballstem/swedish"

	"agora/app/text"
)

// Of gives the stem of a folded word in one of the program's languages; in
// others a word is its own stem.
func Of(l text.Lang, word string) string {
	if len(word) < 3 {
		return word
	}
	env := snowballstem.NewEnv(word)
	switch l {
	case text.Finnish:
		finnish.Stem(env)
	case text.Swedish:
		swedish.Stem(env)
	case text.English:
		english.Stem(env)
	default:
		return word
	}
	if s := env.Current(); s != "" {
		return s
	}
	return word
}

// All gives a folded word and its stems in every language: what somebody looks
// for may be written in any.
func All(word string) []string {
	list := []string{word}
	for _, l := range text.Langs {
		if s := Of(l, word); !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// frequent are words that every text of a language has: they tell which it is
// in, and nobody means them when other words stand beside them.
var frequent = func() map[string][]text.Lang {
	by := map[string][]text.Lang{}
	for l, words := range map[text.Lang]string{
		text.Finnish: "ja on ei se etta oli joka mutta myos kun ovat tai niin kuin sen jos nyt olla ollut voi kanssa mita miten han me he te tama nama",
		text.Swedish: "och att det som en pa ar av for med till den har de inte om ett jag men var sig fran vi sa kan man nar ska hur eller vad",
		text.English: "the and of to in is that it for was on are as with they at be this have from or by but not what we how you your an a their",
	} {
		for _, w := range strings.Fields(words) {
			by[w] = append(by[w], l)
		}
	}
	return by
}()

// Frequent tells whether a folded word is one that means nothing by itself.
func Frequent(word string) bool { return len(frequent[word]) > 0 }

const (
	// looked is how many words are looked at to tell a text's language.
	looked = 400
	// sure is how many frequent words it takes.
	sure = 3
)

// Language tells in which of the program's languages a text is; it is empty
// when that cannot be told.
func Language(s string) text.Lang {
	n, seen := map[text.Lang]int{}, 0
	Words(s, func(w Word) bool {
		for _, l := range frequent[w.Text] {
			n[l]++
		}
		seen++
		return seen < looked
	})
	var best text.Lang
	for _, l := range text.Langs {
		if n[l] > n[best] {
			best = l
		}
	}
	for _, l := range text.Langs {
		if l != best && n[l]*3 > n[best]*2 {
			return ""
		}
	}
	if n[best] < sure {
		return ""
	}
	return best
}
