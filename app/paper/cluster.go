package paper

import (
	"unicode"
	"unicode/utf8"
)

// clusters splits s into what a reader takes for one letter: a character with the marks, joiners and modifiers that
// belong to it. A simple rule that never parts too much is all that cutting a name needs.
func clusters(s string) []string {
	var out []string
	start, flags := 0, 0
	prev := rune(0)
	for i, r := range s {
		flag := r >= 0x1F1E6 && r <= 0x1F1FF
		if i > 0 && !extends(prev, r) && !(flag && flags%2 == 1) {
			out = append(out, s[start:i])
			start, flags = i, 0
		}
		if flag {
			flags++
		}
		prev = r
	}
	if start < len(s) {
		out = append(out, s[start:])
	}
	return out
}

func extends(prev, r rune) bool {
	switch {
	case unicode.In(r, unicode.M), r == zwj, r == zwnj, r >= 0x1F3FB && r <= 0x1F3FF, r >= 0xE0020 && r <= 0xE007F:
		return true
	case prev == zwj:
		return pictographic(r)
	case r >= 0x1160 && r <= 0x11FF: // Hangul vowels and finals that NFC could not compose
		return prev >= 0x1100 && prev <= 0x11FF || prev >= 0xAC00 && prev <= 0xD7A3
	}
	return false
}

func pictographic(r rune) bool {
	return r >= 0x1F000 && r <= 0x1FBFF || r >= 0x2190 && r <= 0x2BFF && unicode.In(r, unicode.So, unicode.Sm)
}

// emoji tells clusters that are pictures: pictographs, flags, keycaps, and anything that asks for emoji form.
// A plain sign such as a heart stays when a font has it as a letter-like glyph.
func emoji(cluster string) bool {
	first, _ := utf8.DecodeRuneInString(cluster)
	if first >= 0x1F000 && first <= 0x1FBFF || first >= 0xE0020 && first <= 0xE007F {
		return true
	}
	for _, r := range cluster {
		if r == 0xFE0F && !unicode.In(first, unicode.L, unicode.N) || r == 0x20E3 || r >= 0x1F000 && r <= 0x1FBFF {
			return true
		}
	}
	return false
}

// joins tells whether a cluster belongs to a script in which a joiner changes the letters beside it.
func joins(cluster string) bool {
	first, _ := utf8.DecodeRuneInString(cluster)
	return unicode.In(first, unicode.Arabic)
}
