package paper

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	// maxRunes bounds one text before any work is done on it; a name field takes far less. The rest is cut, and told.
	maxRunes = 400
	tofu     = '\u25A1' // stands for one letter that no font has, inside a word that otherwise prints
	zwj      = '\u200D'
	zwnj     = '\u200C'
)

// pass is the gate: it returns s as it can be printed, in logical order, with a note of everything that changed.
// Invalid bytes show as U+FFFD rather than being refused: the badge still helps at the door, and the report tells.
func (p *Press) pass(s string) (string, []note) {
	g := gate{press: p}
	s = g.repair(s)
	var words []string
	for _, word := range strings.FieldsFunc(norm.NFC.String(s), breaking) {
		if w := g.word(word); w != "" {
			words = append(words, w)
		}
	}
	out := strings.Join(words, " ")
	g.scripts(out)
	return out, g.notes()
}

type gate struct {
	press                     *Press
	cleaned, dropped, missing []string
	repaired, cut             int
	rtl, shaped               []string
}

// repair makes valid UTF-8 of bounded length. A stretch of bad bytes becomes one mark.
func (g *gate) repair(s string) string {
	if !utf8.ValidString(s) {
		for rest := s; rest != ""; {
			r, n := utf8.DecodeRuneInString(rest)
			if r == utf8.RuneError && n == 1 {
				g.repaired++
			}
			rest = rest[n:]
		}
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	if n := utf8.RuneCountInString(s); n > maxRunes {
		g.cut = n - maxRunes
		s = string([]rune(s)[:maxRunes])
	}
	return s
}

// breaking is white space at which a line may end; no-break spaces stay inside their word.
func breaking(r rune) bool {
	return unicode.IsSpace(r) && r != '\u00A0' && r != '\u202F' && r != '\u2007'
}

// word lets through what prints. A word that no font can print at all is left out (the name's other words still
// stand); inside a word that partly prints a missing letter shows as a box, because silence would make another name.
func (g *gate) word(word string) string {
	var out strings.Builder
	lost, seen := "", false
	for _, c := range clusters(word) {
		if emoji(c) || unicode.In(firstRune(c), unicode.M) { // pictures, and marks that have no letter to stand on
			g.dropped = append(g.dropped, c)
			continue
		}
		for _, r := range c {
			switch {
			case r == '\u00A0' || r == '\u202F' || r == '\u2007':
				out.WriteRune('\u00A0')
			case (r == zwnj || r == zwj) && joins(c):
				out.WriteRune(r) // shapes Arabic letters; taken out when a line is set
			case invisible(r):
				g.cleaned = append(g.cleaned, fmt.Sprintf("U+%04X", r))
			case g.press.prints(r):
				out.WriteRune(r)
				seen = true
			case g.press.plain(r) != "": // fancy letters from outside the BMP, wide forms
				out.WriteString(g.press.plain(r))
				g.cleaned = append(g.cleaned, string(r))
				seen = true
			case unicode.In(r, unicode.L, unicode.N):
				out.WriteRune(tofu)
				lost += string(r)
			case unicode.In(r, unicode.M):
				lost += string(r)
			default:
				g.dropped = append(g.dropped, string(r))
			}
		}
	}
	if lost != "" {
		g.missing = append(g.missing, lost)
	}
	if !seen {
		return ""
	}
	return strings.Trim(out.String(), "\u00A0\u200C\u200D")
}

func (p *Press) prints(r rune) bool {
	return slices.ContainsFunc(p.sans.faces, func(f *face) bool { _, ok := f.cover().width(r); return ok })
}

// plain gives the everyday spelling of a styled character, if that one prints.
func (p *Press) plain(r rune) string {
	s := norm.NFKC.String(string(r))
	if s == string(r) || strings.ContainsFunc(s, func(k rune) bool { return !p.prints(k) || unicode.IsSpace(k) }) {
		return ""
	}
	return s
}

func invisible(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Variation_Selector, unicode.Noncharacter_Code_Point) ||
		r == '\u034F' || r == '\u115F' || r == '\u1160' || r == '\u3164' || r == '\uFFA0' || r == '\u17B4' || r == '\u17B5'
}

// scripts notes what is set by a simpler rule than its readers would use.
func (g *gate) scripts(s string) {
	for _, r := range s {
		switch {
		case rightToLeft(r) && unicode.IsLetter(r):
			g.rtl = append(g.rtl, string(r))
		case r > 0x590 && unicode.In(r, joining...):
			g.shaped = append(g.shaped, string(r))
		}
	}
}

var joining = []*unicode.RangeTable{
	unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu,
	unicode.Kannada, unicode.Malayalam, unicode.Sinhala, unicode.Thai, unicode.Lao, unicode.Tibetan, unicode.Myanmar,
	unicode.Khmer, unicode.Mongolian, unicode.Javanese, unicode.Balinese,
}

func (g *gate) notes() []note {
	var out []note
	add := func(kind Kind, what []string) {
		if len(what) > 0 {
			out = append(out, note{kind, strings.Join(what, " ")})
		}
	}
	add(Cleaned, g.cleaned)
	add(Dropped, g.dropped)
	if len(g.rtl) > 0 {
		out = append(out, note{Direction, strings.Join(g.rtl, "")})
	}
	if len(g.shaped) > 0 {
		out = append(out, note{Shaping, strings.Join(g.shaped, "")})
	}
	if g.repaired > 0 {
		out = append(out, note{Repaired, fmt.Sprint(g.repaired)})
	}
	add(Missing, g.missing)
	if g.cut > 0 {
		out = append(out, note{Cut, fmt.Sprint(g.cut)})
	}
	return out
}
