// Package alike finds questions that ask much the same, while somebody types and
// for moderators who merge. It compares words by their stems in the program's three
// languages and by groups of three letters, so that Finnish endings, compounds and
// slips of the finger do not hide what two questions have in common; rare words
// count more than those that every question of a room has. It reads no table.
package alike

import (
	"cmp"
	"math"
	"slices"

	"agora/app/search/stem"
	"agora/app/text"
)

const (
	// Likely is the score from which somebody who asks is shown a question.
	Likely = 0.34
	// Same is the score from which moderators are told to look at a pair.
	Same = 0.46

	// candidates is how many of the best by plain overlap are scored exactly.
	candidates = 24
	// wordsMax bounds what one text costs.
	wordsMax = 160
	// letters is how much a group of letters counts against a whole stem.
	letters = 0.35
)

// Match is a question and how much it is like what was looked for, from 0 to 1.
type Match struct {
	ID    string
	Score float64
}

// Pair are two questions that are alike.
type Pair struct {
	A, B  string
	Score float64
}

// Index holds the questions of one room. It is for one goroutine at a time.
type Index struct {
	docs []doc
	at   map[string]int
	has  map[string][]int32 // documents by feature
	dead int
}

type doc struct {
	id       string // empty: replaced
	features []string
	words    int
}

// New gives an empty index.
func New() *Index { return &Index{at: map[string]int{}, has: map[string][]int32{}} }

// Len tells how many questions it holds.
func (x *Index) Len() int { return len(x.at) }

// Put adds a question or gives it another text.
func (x *Index) Put(id, s string) {
	x.Drop(id)
	d := doc{id: id}
	d.features, d.words = features(s)
	n := len(x.docs)
	x.docs = append(x.docs, d)
	x.at[id] = n
	for _, f := range d.features {
		x.has[f] = append(x.has[f], int32(n))
	}
	if x.dead > 64 && x.dead > len(x.at) {
		x.tidy()
	}
}

// Drop removes a question.
func (x *Index) Drop(id string) {
	n, known := x.at[id]
	if !known {
		return
	}
	delete(x.at, id)
	x.docs[n].id = ""
	x.dead++
}

// tidy leaves out what was replaced.
func (x *Index) tidy() {
	docs := x.docs
	*x = *New()
	for _, d := range docs {
		if d.id == "" {
			continue
		}
		n := len(x.docs)
		x.docs = append(x.docs, d)
		x.at[d.id] = n
		for _, f := range d.features {
			x.has[f] = append(x.has[f], int32(n))
		}
	}
}

// Find gives the questions most like a text, the best first. wanted may refuse some.
func (x *Index) Find(s string, limit int, wanted func(id string) bool) []Match {
	have, words := features(s)
	return x.find(doc{features: have, words: words}, limit, Likely, wanted)
}

// Like gives the questions most like one of the index.
func (x *Index) Like(id string, limit int, wanted func(id string) bool) []Match {
	n, known := x.at[id]
	if !known {
		return nil
	}
	return x.find(x.docs[n], limit, Same, func(other string) bool { return other != id && wanted(other) })
}

// Pairs gives the pairs most alike, each once.
func (x *Index) Pairs(limit int, wanted func(id string) bool) []Pair {
	var pairs []Pair
	for _, d := range x.docs {
		if d.id == "" || !wanted(d.id) {
			continue
		}
		for _, m := range x.Like(d.id, 3, wanted) {
			if p := (Pair{min(d.id, m.ID), max(d.id, m.ID), m.Score}); !slices.ContainsFunc(pairs, p.same) {
				pairs = append(pairs, p)
			}
		}
	}
	slices.SortFunc(pairs, func(a, b Pair) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	return pairs[:min(len(pairs), limit)]
}

func (p Pair) same(o Pair) bool { return p.A == o.A && p.B == o.B }

func (x *Index) find(d doc, limit int, from float64, wanted func(id string) bool) []Match {
	overlap := map[int32]float64{}
	for _, f := range d.features {
		list := x.has[f]
		if len(list) == 0 {
			continue
		}
		w := x.weight(f)
		for _, n := range list {
			overlap[n] += w
		}
	}
	best := make([]Match, 0, len(overlap))
	for n, common := range overlap {
		if id := x.docs[n].id; id != "" && wanted(id) {
			best = append(best, Match{id, common})
		}
	}
	byScore := func(a, b Match) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID)) }
	slices.SortFunc(best, byScore)
	best = best[:min(len(best), candidates)]
	mine := x.sum(d)
	for i, m := range best {
		best[i].Score = likeness(m.Score, mine, x.sum(x.docs[x.at[m.ID]]), d.words)
	}
	slices.SortFunc(best, byScore)
	n := 0
	for n < len(best) && n < limit && best[n].Score >= from {
		n++
	}
	return best[:n]
}

// likeness is between how much of either there is in common (the cosine) and how
// much of what was typed: who has typed half a question has typed nothing else.
func likeness(common, mine, other float64, words int) float64 {
	if mine == 0 || other == 0 {
		return 0
	}
	score := common / math.Sqrt(mine*other)
	if part := common / mine; words >= 3 && words <= 8 {
		score = max(score, 0.62*part)
	}
	return min(score, 1)
}

func (x *Index) sum(d doc) (sum float64) {
	for _, f := range d.features {
		sum += x.weight(f)
	}
	return sum
}

// weight is high for what few questions have. What none has weighs as if one had.
func (x *Index) weight(feature string) float64 {
	n := float64(max(len(x.at), 8))
	w := math.Log(1 + n/float64(max(len(x.has[feature]), 1)))
	if feature[0] == 't' {
		w *= letters
	}
	return w
}

// features are the stems of the words that mean something, and their groups of
// three letters.
func features(s string) (list []string, words int) {
	seen := map[string]bool{}
	add := func(f string) {
		if !seen[f] {
			seen[f] = true
			list = append(list, f)
		}
	}
	stem.Words(s, func(w stem.Word) bool {
		if stem.Frequent(w.Text) || asking[w.Text] || len(w.Text) < 2 {
			return true
		}
		words++
		for _, l := range text.Langs {
			add("s" + stem.Of(l, w.Text))
		}
		r := []rune("^" + stem.Of(text.Finnish, w.Text))
		for i := 0; i+3 <= len(r); i++ {
			add("t" + string(r[i:i+3]))
		}
		return words < wordsMax
	})
	return list, words
}

// asking are words that questions are made of, whatever they ask; folded.
var asking = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range []string{
		"mika", "miksi", "milloin", "missa", "mista", "mihin", "kuka", "kenen", "ketka", "kuinka", "paljon", "onko", "voiko", "pitaako", "saako",
		"olisiko", "voisiko", "teilla", "teidan", "meilla", "meidan", "te", "sina", "mina", "itse", "siis", "jotain", "joku", "sitten", "viela",
		"varfor", "vilken", "vilka", "vilket", "vem", "hur", "nar", "era", "er", "ni", "du", "finns", "skulle", "kunde", "borde", "man",
		"why", "when", "where", "who", "which", "do", "does", "did", "can", "could", "should", "would", "will", "there", "any", "our", "us", "i", "me", "my", "if", "so",
	} {
		m[w] = true
	}
	return m
}()
