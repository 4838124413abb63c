package paper

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"
)

func class(r rune) bidi.Class {
	p, _ := bidi.LookupRune(r)
	return p.Class()
}

func rightToLeft(r rune) bool {
	c := class(r)
	return r >= 0x590 && (c == bidi.R || c == bidi.AL)
}

// visual puts one line into the order and the letter forms in which it is drawn from left to right. Left-to-right
// text comes back as it is. It knows the parts of the bidirectional algorithm that names need: strong letters,
// numbers, neutrals between them, mirrored brackets; no embeddings. The report still asks for a look.
func visual(s string) string {
	if !strings.ContainsFunc(s, rightToLeft) {
		return s
	}
	cs := clusters(shapeArabic(s))
	level := levels(cs)
	for i, c := range cs {
		if level[i]%2 == 1 {
			cs[i] = mirrored(c)
		}
	}
	for top := slices.Max(level); top > 0; top-- {
		for i := 0; i < len(cs); i++ {
			j := i
			for j < len(cs) && level[j] >= top {
				j++
			}
			if j > i {
				slices.Reverse(cs[i:j])
				i = j
			}
		}
	}
	return strings.Join(cs, "")
}

// levels gives each cluster its embedding level: even reads to the right, odd to the left. Reversing from the
// highest level down to one brings the line into visual order.
func levels(cs []string) []int {
	const neutral = -1
	dir := make([]int, len(cs)) // 0 left to right, 1 right to left, 2 number in right-to-left text
	base, last := neutral, neutral
	for i, c := range cs {
		r := []rune(c)[0]
		switch class(r) {
		case bidi.L:
			dir[i], last = 0, 0
		case bidi.R, bidi.AL:
			dir[i], last = 1, 1
		case bidi.EN, bidi.AN:
			dir[i] = 2
			if last == 0 {
				dir[i] = 0
			}
		default:
			dir[i] = neutral
		}
		if base == neutral && dir[i] != neutral && dir[i] != 2 {
			base = dir[i]
		}
	}
	base = max(base, 0)
	out := make([]int, len(cs))
	for i := range cs {
		d := dir[i]
		if d == neutral {
			d = base
			if before, after := strong(dir[:i], base, -1), strong(dir[i+1:], base, 1); before == after {
				d = before
			}
		}
		switch {
		case d == 1:
			out[i] = 1
		case d == 2 || base == 1:
			out[i] = 2
		}
	}
	return out
}

// strong finds the nearest direction in a stretch of levels, looking back or ahead; numbers count as right to left.
func strong(dir []int, base, step int) int {
	i := 0
	if step < 0 {
		i = len(dir) - 1
	}
	for ; i >= 0 && i < len(dir); i += step {
		if dir[i] >= 0 {
			return min(dir[i], 1)
		}
	}
	return base
}

var brackets = map[string]string{"(": ")", ")": "(", "[": "]", "]": "[", "{": "}", "}": "{", "<": ">", ">": "<", "«": "»", "»": "«"}

func mirrored(c string) string {
	if m, ok := brackets[c]; ok {
		return m
	}
	return c
}

// arabic holds the first presentation form of each letter and how many it has: 2 joins only to the right (alone,
// final), 4 joins on both sides (alone, final, initial, medial), in that order in Unicode.
var arabic = map[rune]struct {
	form  rune
	count int
}{
	'ء': {0xFE80, 1}, 'آ': {0xFE81, 2}, 'أ': {0xFE83, 2}, 'ؤ': {0xFE85, 2}, 'إ': {0xFE87, 2}, 'ئ': {0xFE89, 4}, 'ا': {0xFE8D, 2},
	'ب': {0xFE8F, 4}, 'ة': {0xFE93, 2}, 'ت': {0xFE95, 4}, 'ث': {0xFE99, 4}, 'ج': {0xFE9D, 4}, 'ح': {0xFEA1, 4}, 'خ': {0xFEA5, 4},
	'د': {0xFEA9, 2}, 'ذ': {0xFEAB, 2}, 'ر': {0xFEAD, 2}, 'ز': {0xFEAF, 2}, 'س': {0xFEB1, 4}, 'ش': {0xFEB5, 4}, 'ص': {0xFEB9, 4},
	'ض': {0xFEBD, 4}, 'ط': {0xFEC1, 4}, 'ظ': {0xFEC5, 4}, 'ع': {0xFEC9, 4}, 'غ': {0xFECD, 4}, 'ف': {0xFED1, 4}, 'ق': {0xFED5, 4},
	'ك': {0xFED9, 4}, 'ل': {0xFEDD, 4}, 'م': {0xFEE1, 4}, 'ن': {0xFEE5, 4}, 'ه': {0xFEE9, 4}, 'و': {0xFEED, 2}, 'ى': {0xFEEF, 2},
	'ي': {0xFEF1, 4}, 'پ': {0xFB56, 4}, 'چ': {0xFB7A, 4}, 'ژ': {0xFB8A, 2}, 'ک': {0xFB8E, 4}, 'گ': {0xFB92, 4}, 'ی': {0xFBFC, 4},
}

// lamAlef are the ligatures that Arabic never writes as two letters.
var lamAlef = map[rune]rune{'آ': 0xFEF5, 'أ': 0xFEF7, 'إ': 0xFEF9, 'ا': 0xFEFB}

// shapeArabic joins Arabic letters by their presentation forms; joiners have done their work then and go.
func shapeArabic(s string) string {
	rs := []rune(s)
	neighbour := func(i, step int) rune { // the next letter that is no mark, 0 at a gap
		for i += step; i >= 0 && i < len(rs); i += step {
			if !unicode.In(rs[i], unicode.M) {
				return rs[i]
			}
		}
		return 0
	}
	out := make([]rune, 0, len(rs))
	for i := 0; i < len(rs); i++ {
		r := rs[i]
		if r == zwj || r == zwnj {
			continue
		}
		a, known := arabic[r]
		if !known {
			out = append(out, r)
			continue
		}
		before, after := neighbour(i, -1), neighbour(i, 1)
		form := rune(0)
		if arabic[before].count == 4 || before == zwj || before == 'ـ' {
			form = 1
		}
		if lig := lamAlef[after]; r == 'ل' && lig != 0 && i+1 < len(rs) && rs[i+1] == after {
			out = append(out, lig+form)
			i++
			continue
		}
		if a.count == 4 && (arabic[after].count >= 2 || after == zwj || after == 'ـ') {
			form += 2
		}
		out = append(out, a.form+min(form, rune(a.count-1)))
	}
	return string(out)
}
