// Package stem takes texts apart into words and words down to their stems, in
// Finnish, Swedish and English. Accents go before the stem is sought, so that a
// word is found whether it was written with them or without.
package stem

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxWord bounds a word, in bytes: longer ones are noise of files, and are cut.
const maxWord = 60

// maxEnding is how long a Finnish ending after a colon can be ("EU:lle").
const maxEnding = 4

// Word is a word of a text: where it stands in it, and its folded form.
type Word struct {
	Start, End int
	Text       string
}

// Words calls yield with the words of s in their order until it returns false.
func Words(s string, yield func(Word) bool) {
	Spans(s, func(start, end int) bool {
		word := Word{Start: start, End: end, Text: Fold(s[start:end])}
		return word.Text == "" || yield(word)
	})
}

// Spans calls yield with where the words of s begin and end, for whoever looks
// for few of them and need not fold them all. A word that is divided at the end
// of a line counts as one.
func Spans(s string, yield func(start, end int) bool) {
	for at := 0; at < len(s); {
		r, size := rune(s[at]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[at:])
		}
		if !inWord(r) {
			at += size
			continue
		}
		start, end := at, at+size
		if !alone(r) {
			end = wordEnd(s, end)
		}
		if at = afterEnding(s, end); !yield(start, end) {
			return
		}
	}
}

// First gives the first letter of the folded form of a word.
func First(word string) byte {
	if word[0] < utf8.RuneSelf {
		return word[0] | 0x20 // small; digits have that bit
	}
	if folded := Fold(word); folded != "" {
		return folded[0]
	}
	return 0
}

// wordEnd gives the end of the word that goes on at the byte at.
func wordEnd(s string, at int) int {
	for at < len(s) {
		r, size := rune(s[at]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[at:])
		}
		switch {
		case alone(r):
			return at
		case inWord(r), invisible(r):
			at += size
		case r == '-' && divided(s[at+1:]) > 0:
			at += 1 + divided(s[at+1:])
		default:
			return at
		}
	}
	return at
}

// divided tells how many bytes lie between a hyphen and the rest of its word on
// the next line; 0 when the word does not go on there.
func divided(s string) int {
	rest := strings.TrimLeft(s, " \t\r")
	if !strings.HasPrefix(rest, "\n") {
		return 0
	}
	rest = strings.TrimLeft(rest[1:], " \t")
	if r, _ := utf8.DecodeRuneInString(rest); !unicode.IsLower(r) {
		return 0
	}
	return len(s) - len(rest)
}

// afterEnding skips the ending that Finnish writes after a colon.
func afterEnding(s string, end int) int {
	last, _ := utf8.DecodeLastRuneInString(s[:end])
	if end >= len(s) || s[end] != ':' || !unicode.IsLetter(last) {
		return end
	}
	letters, at := 0, end+1
	for at < len(s) {
		r, size := utf8.DecodeRuneInString(s[at:])
		if !inWord(r) {
			break
		}
		if letters++; letters > maxEnding || !unicode.IsLower(r) {
			return end
		}
		at += size
	}
	if letters == 0 {
		return end
	}
	return at
}

func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r)
}

// invisible are marks inside words that nobody sees or types.
func invisible(r rune) bool {
	return r == '\u00AD' || r == '\u200B' || r == '\u200C' || r == '\u200D' || r == '\u2060'
}

// alone tells the writings that put no space between words: there each letter
// counts as one.
func alone(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
}

// written are letters that carry what others write as an accent or as two.
var written = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "đ", "d", "ð", "d", "þ", "th", "ł", "l", "ħ", "h", "ı", "i")

// latin is what the letters of Europe's languages fold to, so that nearly all
// words are folded without looking at what Unicode says of each.
var latin = func() (table [0x180]string) {
	for r := range table {
		table[r] = foldSlowly(string(rune(r)))
	}
	return table
}()

// Fold writes a word small and without accents. What is left are letters and
// digits alone.
func Fold(word string) string {
	var buffer [2 * maxWord]byte
	out := buffer[:0]
	for at := 0; at < len(word) && len(out) < maxWord; {
		c := word[at]
		if c < utf8.RuneSelf {
			if at++; 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			if 'a' <= c && c <= 'z' || '0' <= c && c <= '9' {
				out = append(out, c)
			}
			continue
		}
		r, size := utf8.DecodeRuneInString(word[at:])
		if int(r) >= len(latin) && !invisible(r) && !unicode.Is(unicode.Mn, r) {
			return cut(foldSlowly(word))
		}
		if at += size; int(r) < len(latin) {
			out = append(out, latin[r]...)
		}
	}
	return cut(string(out))
}

func foldSlowly(word string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(norm.NFKC.String(word))) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return written.Replace(b.String())
}

func cut(s string) string {
	if len(s) <= maxWord {
		return s
	}
	end := maxWord
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}
