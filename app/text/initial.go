package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// Initial is the letter under which a list in the order of the language has a name:
// Á stands among A, while Finnish Ä is a letter of its own. A name that begins with
// none stands under #.
func Initial(l Lang, name string) string {
	r, _ := utf8.DecodeRuneInString(norm.NFC.String(strings.TrimSpace(name)))
	if !unicode.IsLetter(r) {
		return "#"
	}
	letter := string(unicode.ToUpper(r))
	base, _ := utf8.DecodeRuneInString(norm.NFD.String(letter))
	if collate.New(language.Make(string(l)), collate.Loose).CompareString(letter, string(base)) == 0 {
		return string(base)
	}
	return letter
}
