package apptest

import (
	"regexp"
	"strings"
	"testing"
)

var quoted = regexp.MustCompile("`([a-z_]+)`")

// Quoted gives the words that a piece of Markdown sets as code.
func Quoted(s string) (words []string) {
	for _, m := range quoted.FindAllStringSubmatch(s, -1) {
		words = append(words, m[1])
	}
	return words
}

// Table gives the cells of the table under a title of the third rank in a Markdown
// text, by the word in its first column.
func Table(t testing.TB, markdown, title string) (words []string, cells map[string][]string) {
	t.Helper()
	_, part, found := strings.Cut(markdown, "### "+title+"\n")
	if !found {
		t.Fatalf("no part %q", title)
	}
	part, _, _ = strings.Cut(part, "\n###")
	cells = map[string][]string{}
	for _, line := range strings.Split(part, "\n") {
		row := strings.Split(line, "|")
		if len(row) > 2 && quoted.MatchString(row[1]) {
			word := strings.Trim(row[1], " `")
			words = append(words, word)
			cells[word] = row[2 : len(row)-1]
		}
	}
	return words, cells
}

// Words are values of a kind as what they are written as.
func Words[T ~string](list []T) []string {
	words := make([]string, len(list))
	for i, v := range list {
		words[i] = string(v)
	}
	return words
}
