package paper

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Vertical measures of DejaVu and its fellows in shares of the type size, generous enough for Ế and ģ, so that a
// name stays inside its box with every accent.
const (
	ascent   = 0.95
	descent  = 0.24
	leading  = 1.14
	ellipsis = "…"
	sizeStep = 0.5 // sizes come in half points: calmer in a pile of badges, and never rounded up
)

// run is a stretch of one line in one font; line is what is drawn from left to right. units are thousandths of
// the type size.
type run struct {
	face  *face
	text  string
	units int
	track int
}

type line struct {
	runs  []run
	units int
}

func (l line) width(size float64) float64 { return float64(l.units) * size / 1000 }

// set chooses fonts for one line. A letter and its marks come from one font where any has them all; what has no
// font at all cannot get here through the gate, and is left out rather than handed to gofpdf. Each letter is as wide
// here as in any other line, so widths of parts add up.
func (p *Press) set(text string, chain chain) line {
	var l line
	var open []byte
	shut := func() {
		if n := len(l.runs); n > 0 {
			l.runs[n-1].text = string(open)
			open = open[:0]
		}
	}
	for _, c := range clusters(visual(text)) {
		whole := chain.faceFor(c)
		track := 0
		if utf8.RuneCountInString(c) == 1 && isEveryday(c) { // letters that join or carry marks keep their spacing
			track = chain.track
		}
		for _, r := range c {
			f := whole
			if f == nil {
				f = chain.faceFor(string(r))
			}
			if f == nil || r == zwj || r == zwnj {
				continue
			}
			if n := len(l.runs); n == 0 || l.runs[n-1].face != f || l.runs[n-1].track != track {
				shut()
				l.runs = append(l.runs, run{face: f, track: track})
			}
			w, _ := f.cover().width(r)
			l.runs[len(l.runs)-1].units += w + track
			l.units += w + track
			open = utf8.AppendRune(open, r)
		}
	}
	shut()
	return l
}

func (c chain) faceFor(cluster string) *face {
	for _, f := range c.faces {
		all := true
		for _, r := range cluster {
			if _, ok := f.cover().width(r); !ok {
				all = false
				break
			}
		}
		if all {
			return f
		}
	}
	return nil
}

// style is how a text may be set: as large as Max, comfortable down to Good (all in points), at the smallest Min.
type style struct {
	chain, narrow  chain
	max, good, min float64
	lines          int
}

// setting is a text that fits its box.
type setting struct {
	lines []line
	size  float64
	notes []note
}

func (s setting) height() float64 {
	return s.size * (ascent + descent + leading*float64(len(s.lines)-1))
}

// fit sets text (already through the gate) into a box of w × h points: shrunk while it stays comfortable, then on
// more lines, then in the narrow font, then with words divided, and only at last cut with an ellipsis.
func (p *Press) fit(text string, w, h float64, st style) setting {
	if text == "" {
		return setting{}
	}
	parts := p.parts(text, st.chain)
	wide := p.best(parts, w, h, st)
	if wide.size >= st.good {
		return wide.noted(st, "")
	}
	slim := st
	slim.chain = st.narrow
	narrow := p.best(p.parts(text, st.narrow), w, h, slim)
	switch {
	case narrow.size > wide.size:
		return narrow.noted(st, Condensed)
	case wide.size > 0:
		return wide.noted(st, "")
	}
	for size := st.good; size >= st.min; size -= sizeStep {
		if s, rest := p.divide(text, w, h, size, slim); rest == "" {
			return s.noted(st, Broken)
		}
	}
	return p.cut(text, w, h, slim).noted(st, Cut)
}

func (s setting) noted(st style, kind Kind) setting {
	size := fmt.Sprintf("%.1f pt", s.size)
	switch {
	case kind != "":
		s.notes = append(s.notes, note{kind, size})
	case s.size < st.max || len(s.lines) > 1:
		s.notes = append(s.notes, note{Fitted, size})
	}
	return s
}

// divide fills lines letter by letter, preferring spaces, and returns what found no room.
func (p *Press) divide(text string, w, h, size float64, st style) (setting, string) {
	s := setting{size: size}
	room := int(w * 1000 / size)
	n := min(st.lines, 1+int((h/size-ascent-descent)/leading))
	for text != "" && len(s.lines) < n {
		end := p.fill(text, room, st.chain, "")
		if end == 0 {
			return s, text
		}
		s.lines = append(s.lines, p.set(strings.TrimSpace(text[:end]), st.chain))
		text = strings.TrimSpace(text[end:])
	}
	return s, text
}

// fill tells how many bytes of text fit into room together with tail, ending at a space if one is near the end.
func (p *Press) fill(text string, room int, chain chain, tail string) int {
	cs := clusters(text)
	n, units := 0, p.set(tail, chain).units
	for n < len(cs) {
		if units += p.set(cs[n], chain).units; units > room && cs[n] != " " {
			break
		}
		n++
	}
	// Letters that join may be wider together than alone; give back until the line as it will be drawn fits.
	head := strings.Join(cs[:n], "")
	for n > 0 && p.set(strings.TrimRight(head, " ")+tail, chain).units > room {
		n--
		head = head[:len(head)-len(cs[n])]
	}
	if space := strings.LastIndexByte(head, ' '); n < len(cs) && space > len(head)/2 {
		return space
	}
	return len(head)
}

// cut fills the box at the smallest size and ends with an ellipsis at a whole letter.
func (p *Press) cut(text string, w, h float64, st style) setting {
	room := int(w * 1000 / st.min)
	upper := st
	upper.lines = min(st.lines, max(1, 1+int((h/st.min-ascent-descent)/leading))) - 1
	s, rest := p.divide(text, w, h, st.min, upper)
	tail := strings.TrimRight(rest[:p.fill(rest, room, st.chain, ellipsis)], " ,-–/") + ellipsis
	s.lines = append(s.lines, p.set(tail, st.chain))
	return s
}
