package search

import (
	"slices"
	"strings"

	"agora/app/search/stem"
	"agora/app/text"
)

// matcher tells the words of a text that were asked for.
type matcher struct {
	terms []forms
	first [256]bool // letters with which any of them begins
	known map[memoKey]int
}

// forms are what a word that is asked for may be, folded.
type forms struct {
	is    map[string]bool // the word itself, its stems, and stems of what only begins so
	begin string          // what the word may begin with; empty: it has to be one of them
}

func newMatcher(l *looking) *matcher {
	m := &matcher{known: map[memoKey]int{}}
	for _, t := range l.query.terms {
		for _, w := range t.words {
			f := forms{is: map[string]bool{}}
			all := stem.All(w)
			if t.begun && l.begun >= 0 {
				f.begin = w
				all = append(all, l.stems[w]...)
			}
			for _, s := range all {
				f.is[s] = true
				m.first[s[0]] = true
			}
			m.terms = append(m.terms, f)
		}
	}
	return m
}

// which gives the number of the term that a word of a text matches, or -1.
func (m *matcher) which(l text.Lang, word string) int {
	if !m.first[stem.First(word)] {
		return -1
	}
	folded := stem.Fold(word)
	if folded == "" || !m.first[folded[0]] {
		return -1
	}
	key := memoKey{l, folded}
	n, known := m.known[key]
	if !known {
		n = m.look(l, folded)
		m.known[key] = n
	}
	return n
}

func (m *matcher) look(l text.Lang, folded string) int {
	found := []string{folded, stem.Of(l, folded)}
	if !slices.Contains(text.Langs[:], l) {
		found = stem.All(folded)
	}
	for i, f := range m.terms {
		if f.begin != "" && strings.HasPrefix(folded, f.begin) {
			return i
		}
		for _, s := range found {
			if f.is[s] {
				return i
			}
		}
	}
	return -1
}

// mark is a word of a text that was asked for.
type mark struct{ start, end, term int }

// maxMarks bounds how many places of a text are compared.
const maxMarks = 400

// marks finds the words in a text.
func (m *matcher) marks(l text.Lang, s string) (list []mark) {
	stem.Spans(s, func(start, end int) bool {
		if n := m.which(l, s[start:end]); n >= 0 {
			list = append(list, mark{start, end, n})
		}
		return len(list) < maxMarks
	})
	return list
}

// whole marks a short text from its beginning to its end.
func (m *matcher) whole(l text.Lang, s string) Marked {
	return parts(l, s, 0, len(s), m.marks(l, s))
}

const (
	// windowBytes is how much of a text lies around its most telling place.
	windowBytes = 220
	// leadBytes is how much of that stands before the first word.
	leadBytes = 60
)

// around gives the place of a text where most of the words stand together, the
// first of equals; found is false when none of them is in it.
func (m *matcher) around(l text.Lang, s string) (out Marked, at int, found bool) {
	list := m.marks(l, s)
	if len(list) == 0 {
		return Marked{}, 0, false
	}
	best, most := 0, 0
	for i := range list {
		seen, n := uint32(0), 0
		for j := i; j < len(list) && list[j].end-list[i].start <= windowBytes-leadBytes; j++ {
			if bit := uint32(1) << (list[j].term % 32); seen&bit == 0 {
				seen, n = seen|bit, n+1
			}
		}
		if n > most {
			best, most = i, n
		}
	}
	from := list[best].start
	start, end := window(s, from)
	out = parts(l, s, start, end, list)
	return out, from, true
}

// beginning gives the first words of a text.
func beginning(l text.Lang, s string) Marked {
	_, end := window(s, 0)
	return parts(l, s, 0, end, nil)
}

// window widens a place to whole words before and after it.
func window(s string, from int) (start, end int) {
	start, end = max(0, from-leadBytes), min(len(s), from+windowBytes-leadBytes)
	if start > 0 {
		if i := strings.IndexAny(s[start:from], " \n\t"); i >= 0 {
			start += i + 1
		} else {
			start = from
		}
	}
	if end < len(s) {
		if i := strings.LastIndexAny(s[from:end], " \n\t"); i > 0 {
			end = from + i
		} else {
			end = runeStart(s, end)
		}
	}
	return start, end
}

func runeStart(s string, at int) int {
	for at > 0 && at < len(s) && s[at]&0xC0 == 0x80 {
		at--
	}
	return at
}

// parts cuts a piece of a text at its marks. Line ends become spaces, and what
// nobody sees goes: a sign that turns the direction of writing could reach out of
// its piece.
func parts(l text.Lang, s string, start, end int, marks []mark) Marked {
	m := Marked{Lang: l}
	add := func(from, to int, hit bool) {
		if from < to {
			m.Parts = append(m.Parts, Part{Text: tidy(s[from:to]), Hit: hit})
		}
	}
	at := start
	for _, k := range marks {
		if k.start < at || k.end > end {
			continue
		}
		add(at, k.start, false)
		add(k.start, k.end, true)
		at = k.end
	}
	add(at, end, false)
	if start > 0 {
		m.Parts = append([]Part{{Text: "… "}}, m.Parts...)
	}
	if end < len(s) && strings.TrimSpace(s[end:]) != "" {
		m.Parts = append(m.Parts, Part{Text: " …"})
	}
	return m
}
