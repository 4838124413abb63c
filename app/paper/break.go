package paper

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// part is a piece of text that stays on one line.
type part struct {
	text  string
	units int
	space int // width of the space before it, 0 after a hyphen
}

func (p *Press) parts(text string, chain chain) []part {
	space := p.set(" ", chain).units
	var out []part
	for _, word := range strings.FieldsFunc(text, breaking) {
		gap := space
		for word != "" {
			n := hyphenEnd(word)
			out = append(out, part{word[:n], p.set(word[:n], chain).units, gap})
			word, gap = word[n:], 0
		}
	}
	return out
}

// hyphenEnd finds where a line may end inside a word: after a hyphen or slash with letters on both sides.
func hyphenEnd(word string) int {
	for i, r := range word {
		n := i + utf8.RuneLen(r)
		if i > 0 && n < len(word) && strings.ContainsRune("-‐–/", r) && unicode.In(firstRune(word[n:]), unicode.L, unicode.N) {
			return n
		}
	}
	return len(word)
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// best breaks at spaces and hyphens so that the size gets largest. One line is preferred while it is comfortable;
// size 0 means that not even the smallest size fits.
func (p *Press) best(parts []part, w, h float64, st style) setting {
	var best setting
	for n := 1; n <= min(st.lines, len(parts)); n++ {
		ends, units := balance(parts, n)
		fits := func(units int) float64 {
			size := min(st.max, w*1000/float64(max(units, 1)), h/(ascent+descent+leading*float64(n-1)))
			return math.Floor(size/sizeStep) * sizeStep
		}
		size := fits(units)
		if size > best.size && (best.size < st.good || size > 1.3*best.size) {
			lines := p.join(parts, ends, st.chain)
			// A mark at the beginning of a word sits on the space before it, which then has another width.
			for _, l := range lines {
				size = min(size, fits(l.units))
			}
			best = setting{size: size, lines: lines}
		}
	}
	if best.size < st.min {
		best.size = 0
	}
	return best
}

func (p *Press) join(parts []part, ends []int, chain chain) []line {
	var lines []line
	from := 0
	for _, to := range ends {
		var b strings.Builder
		for i := from; i < to; i++ {
			if i > from && parts[i].space > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(parts[i].text)
		}
		lines = append(lines, p.set(b.String(), chain))
		from = to
	}
	return lines
}

// balance puts parts on n lines with the longest line as short as can be, and tells the ends of the lines and that
// length. Dynamic programming: shortest[k] is the best for the first k parts.
func balance(parts []part, n int) ([]int, int) {
	sum := make([]int, len(parts)+1)
	for i, q := range parts {
		sum[i+1] = sum[i] + q.units + q.space
	}
	width := func(i, j int) int { return sum[j] - sum[i] - parts[i].space }
	shortest := make([]int, len(parts)+1)
	for k := 1; k <= len(parts); k++ {
		shortest[k] = width(0, k)
	}
	var from [][]int
	for range n - 1 {
		next, back := make([]int, len(parts)+1), make([]int, len(parts)+1)
		for k := range next {
			next[k] = math.MaxInt
			for j := 1; j < k; j++ {
				if v := max(shortest[j], width(j, k)); shortest[j] > 0 && v < next[k] {
					next[k], back[k] = v, j
				}
			}
		}
		shortest, from = next, append(from, back)
	}
	ends := []int{len(parts)}
	for _, back := range slices.Backward(from) {
		ends = append(ends, back[ends[len(ends)-1]])
	}
	slices.Reverse(ends)
	return ends, shortest[len(parts)]
}
