package paper

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// wrap breaks a text into lines of a width: at its own line ends, at spaces, and
// inside a word only if it is longer than a line.
func (f *flow) wrap(s string, l letter, w float64) []line {
	var out []line
	room := int(w * 1000 / l.size)
	for _, one := range strings.Split(s, "\n") {
		text, notes := f.press.passLong(one)
		f.report.add(f.index, strconv.Itoa(f.index+1), "text", notes)
		out = append(out, f.press.breakLines(text, room, l.chain)...)
	}
	if len(out) == 0 && s != "" {
		blank, _ := f.press.pass(f.d.Blank)
		out = f.press.breakLines(blank, room, l.chain)
	}
	return out
}

// breakLines fills lines one after the other.
func (p *Press) breakLines(text string, room int, chain chain) (out []line) {
	var open []string
	units := 0
	shut := func() {
		if len(open) > 0 {
			out = append(out, p.set(strings.Join(open, ""), chain))
		}
		open, units = nil, 0
	}
	for _, part := range p.parts(text, chain) {
		word, gap := part.text, " "
		if part.space == 0 || len(open) == 0 {
			gap = ""
		}
		if len(open) > 0 && units+part.space+part.units > room {
			shut()
			gap = ""
		}
		for part.units > room { // a word longer than a line
			n := p.fill(word, room, chain, "")
			if n == 0 || n >= len(word) {
				break
			}
			out = append(out, p.set(word[:n], chain))
			word = word[n:]
			part.units = p.set(word, chain).units
		}
		if gap != "" {
			units += part.space
		}
		open = append(open, gap+word)
		units += part.units
	}
	shut()
	return out
}

// passLong is the gate for texts longer than a name: it goes through in pieces.
func (p *Press) passLong(s string) (string, []note) {
	var out []string
	var notes []note
	var piece strings.Builder
	n := 0
	flush := func() {
		if n == 0 {
			return
		}
		clean, more := p.pass(piece.String())
		if clean != "" {
			out = append(out, clean)
		}
		notes = append(notes, more...)
		piece.Reset()
		n = 0
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	for _, word := range strings.FieldsFunc(norm.NFC.String(s), breaking) {
		size := utf8.RuneCountInString(word)
		if n+size+1 > maxRunes {
			flush()
		}
		for size > maxRunes {
			head := string([]rune(word)[:maxRunes])
			clean, more := p.pass(head)
			out, notes = append(out, clean), append(notes, more...)
			word = word[len(head):]
			size = utf8.RuneCountInString(word)
		}
		piece.WriteString(word + " ")
		n += size + 1
	}
	flush()
	return strings.Join(out, " "), notes
}
