package qa

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Row is a line of a list that was pasted or read from a spreadsheet. Line is where it
// stands there, from 1.
type Row struct {
	Line  int
	Cells []string
}

// Voice is somebody whose answers a list may hold: a speaker of the session.
type Voice struct{ ID, Name string }

// Understood is what a list was understood to say, to be looked at before Collect
// takes it over. Headings tells for each column what it was taken for: "question",
// "name", "answer" or nothing; Voices whose answers those are.
type Understood struct {
	List     []Collected
	Headings []string
	Voices   []Voice
	Problems []Problem
}

// Problem is a line that was not understood, with its message in the catalogue.
type Problem struct {
	Line int
	Key  string
	Args []any
}

func (u *Understood) wrong(line int, key string, args ...any) {
	u.Problems = append(u.Problems, Problem{line, key, args})
}

// What headings are called, folded.
var (
	questionHeads = []string{"kysymys", "kysymykset", "question", "questions", "fråga", "frågor", "k", "q", "f"}
	nameHeads     = []string{"kysyjä", "kysyjän nimi", "nimi", "asker", "asked by", "name", "namn", "frågeställare"}
	otherHeads    = []string{"#", "nro", "no", "nr", "äänet", "ääniä", "votes", "röster", "aika", "time", "tid", "tila", "state", "status"}
	answerHeads   = []string{"vastaus", "vastaukset", "answer", "answers", "svar"}
	answerWords   = regexp.MustCompile(`(?i)^(vastaus|vastaukset|vastaa|answers?|answered by|svar)\s*(by|av|från)?\s*[:–—-]?\s*|\s+(vastaus|vastaukset|vastaa|answers?|svar|svarar)\s*$|[\s:]+$`)
)

const (
	columnQuestion = "question"
	columnName     = "name"
	columnAnswer   = "answer"
)

// Understand reads rows of a spreadsheet: one question each, with an answer in the
// column of each voice. The headings may stand in one of the first rows; a list of one
// column needs none.
func Understand(rows []Row, voices []Voice) Understood {
	var u Understood
	head := HeadOf(rows)
	columns := []column{{kind: columnQuestion}}
	if head >= 0 {
		columns = u.columns(rows[head], voices)
	} else if slices.ContainsFunc(rows, func(r Row) bool { return cellsIn(r.Cells) > 1 }) {
		u.wrong(1, "qa.import.no_headings")
		return u
	}
	for _, c := range columns {
		u.Headings, u.Voices = append(u.Headings, c.kind), append(u.Voices, c.voice)
	}
	for _, r := range rows[head+1:] {
		u.row(r, columns)
	}
	u.unite()
	return u
}

// HeadOf finds the row of headings, which stands among the first five: -1 if none
// does.
func HeadOf(rows []Row) int {
	return slices.IndexFunc(rows[:min(len(rows), 5)], func(r Row) bool {
		return slices.ContainsFunc(r.Cells, func(c string) bool { return slices.Contains(questionHeads, heading(c)) })
	})
}

// column is what one column holds, and whose answers.
type column struct {
	kind  string
	voice Voice
}

func (u *Understood) columns(head Row, voices []Voice) []column {
	columns := make([]column, len(head.Cells))
	for i, cell := range head.Cells {
		folded := heading(cell)
		switch {
		case slices.Contains(questionHeads, folded):
			columns[i].kind = columnQuestion
		case slices.Contains(nameHeads, folded):
			columns[i].kind = columnName
		case folded == "" || slices.Contains(otherHeads, folded):
		case slices.Contains(answerHeads, folded) && len(voices) == 1:
			columns[i] = column{columnAnswer, voices[0]}
		case slices.Contains(answerHeads, folded):
			u.wrong(head.Line, "qa.import.whose_answers", "heading", strings.TrimSpace(cell))
		default:
			cell = strings.Trim(cell, " :\t\n")
			name := answerWords.ReplaceAllString(cell, "")
			if v := voiceOf(name, voices); v.ID != "" || name != cell || isName(name) {
				columns[i] = column{columnAnswer, v}
			}
		}
	}
	return columns
}

func (u *Understood) row(r Row, columns []column) {
	c := Collected{Line: r.Line}
	for i, cell := range r.Cells[:min(len(r.Cells), len(columns))] {
		cell = strings.TrimSpace(cell)
		switch columns[i].kind {
		case columnQuestion:
			c.Text = cell
		case columnName:
			c.Name = cell
		case columnAnswer:
			if cell != "" && cell != "-" && cell != "–" {
				c.Answers = append(c.Answers, CollectedAnswer{SpeakerID: columns[i].voice.ID, By: columns[i].voice.Name, Text: cell})
			}
		}
	}
	switch {
	case c.Text != "":
		u.List = append(u.List, c)
	case len(c.Answers) > 0:
		u.wrong(r.Line, "qa.import.no_question")
	}
}

// voiceOf finds who is meant: by the whole name, or by a part of it that only one has,
// each also with a Finnish or Swedish ending. Anybody else keeps the name that was
// written.
func voiceOf(name string, voices []Voice) Voice {
	folded := plain(strings.TrimSpace(name))
	var found []Voice
	for _, v := range voices {
		whole := plain(v.Name)
		if whole == folded {
			return v
		}
		parts := append(strings.Fields(whole), whole)
		if slices.ContainsFunc(parts, func(part string) bool { return part == folded || ending(folded, part) }) {
			found = append(found, v)
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	return Voice{Name: strings.TrimSpace(name)}
}

// ending reports whether a word is the name with an ending that says "of".
func ending(word, name string) bool {
	rest, found := strings.CutPrefix(word, name)
	return found && slices.Contains([]string{"n", "in", "en", ":n", "s", "'s", "’s"}, rest)
}

// isName reports whether a heading can be what somebody is called: two to four words
// that begin with capitals. Any other column is none of ours.
func isName(s string) bool {
	words := strings.Fields(s)
	return len(words) >= 2 && len(words) <= 4 && !slices.ContainsFunc(words, func(w string) bool {
		first, _ := utf8.DecodeRuneInString(w)
		return !unicode.IsUpper(first)
	})
}

func heading(cell string) string { return strings.Trim(plain(strings.TrimSpace(cell)), " :.") }

func cellsIn(cells []string) (n int) {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}
