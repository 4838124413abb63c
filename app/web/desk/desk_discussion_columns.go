package desk

import (
	"slices"
	"strconv"
	"strings"

	"agora/app/qa"
	"agora/app/web/page"
	"agora/templates"
)

// What a column of a list may hold, besides a speaker's answers ("s:" and the id).
const (
	holdsNothing  = "-"
	holdsQuestion = "question"
	holdsName     = "name"
	holdsOther    = "other" // the answers of whoever the heading names
)

// understandTable reads a table with its columns as the organiser says they are, or,
// the first time, as their headings say.
func (d *discussion) understandTable(f *page.Form, r *discussionRead, grid []qa.Row, voices []qa.Voice) qa.Understood {
	rows, width := grid, 0
	for _, row := range rows {
		width = max(width, len(row.Cells))
	}
	head := qa.HeadOf(rows)
	if head < 0 && width > 1 {
		// A heading of our own: the first line may be a question already.
		rows = append([]qa.Row{{Line: 0, Cells: letters(width)}}, rows...)
		head = 0
		if !f.Has(page.ColumnField(0)) {
			f.Set(page.ColumnField(mostAsked(grid, width)), holdsQuestion)
		}
	}
	if head < 0 {
		return qa.Understand(rows, voices)
	}
	heads := make([]string, width)
	copy(heads, rows[head].Cells)
	if f.Has(page.ColumnField(0)) || rows[head].Line == 0 {
		said := qa.Row{Line: rows[head].Line, Cells: d.said(f, heads)}
		rows = append([]qa.Row{said}, rows[head+1:]...)
	}
	r.rows = []qa.Row{{Cells: heads}}
	u := qa.Understand(rows, voices)
	for i := range heads {
		if !f.Has(page.ColumnField(i)) {
			f.Set(page.ColumnField(i), holds(u, i))
		}
	}
	r.Skipped = d.skipped(f, heads, grid[min(head+1, len(grid)):])
	return u
}

// skipped says which columns are left out although they hold something.
func (d *discussion) skipped(f *page.Form, heads []string, rows []qa.Row) string {
	var list []string
	for i, heading := range heads {
		holds := slices.ContainsFunc(rows, func(r qa.Row) bool { return i < len(r.Cells) && strings.TrimSpace(r.Cells[i]) != "" })
		if f.Get(page.ColumnField(i)) == holdsNothing && holds {
			if strings.TrimSpace(heading) == "" {
				heading = d.v.T("discussion.column_n", "n", strconv.Itoa(i+1))
			}
			list = append(list, heading)
		}
	}
	return strings.Join(list, ", ")
}

// letters are the headings of a table that has none.
func letters(width int) []string {
	list := make([]string, width)
	for i := range list {
		list[i] = string(rune('A' + i%26))
	}
	return list
}

// mostAsked is the column with the most question marks.
func mostAsked(rows []qa.Row, width int) (best int) {
	marks := make([]int, width)
	for _, r := range rows {
		for i, c := range r.Cells {
			marks[i] += strings.Count(c, "?")
		}
	}
	for i, n := range marks {
		if n > marks[best] {
			best = i
		}
	}
	return best
}

// holds is how a column was understood, as its field says it.
func holds(u qa.Understood, i int) string {
	if i >= len(u.Headings) {
		return holdsNothing
	}
	switch kind := u.Headings[i]; {
	case kind == "":
		return holdsNothing
	case kind != "answer":
		return kind
	case u.Voices[i].ID == "":
		return holdsOther
	}
	return "s:" + u.Voices[i].ID
}

// said writes headings that say what the organiser says of each column.
func (d *discussion) said(f *page.Form, heads []string) []string {
	cells, seen := make([]string, len(heads)), map[string]bool{}
	for i, heading := range heads {
		held := f.Get(page.ColumnField(i))
		if (held == holdsQuestion || held == holdsName) && seen[held] {
			f.Note(page.ColumnField(i), "program_import.twice")
			continue
		}
		seen[held] = true
		switch {
		case held == holdsQuestion:
			cells[i] = "Question"
		case held == holdsName:
			cells[i] = "Asker"
		case held == holdsOther:
			cells[i] = "Answer: " + heading
		case strings.HasPrefix(held, "s:"):
			if name := d.speaker(held[len("s:"):]); name != "" {
				cells[i] = "Answer: " + name
			}
		}
	}
	if !seen[holdsQuestion] {
		f.Note(page.ColumnField(0), "discussion.need_question")
	}
	return cells
}

// drawColumns makes a select of each column.
func (d *discussion) drawColumns(f *page.Form, r *discussionRead) {
	if len(r.rows) == 0 {
		return
	}
	v := d.v
	options := []templates.Option{{Value: holdsNothing, Text: v.T("discussion.column_skip")}, {Value: holdsQuestion, Text: v.T("qa.column.text")}, {Value: holdsName, Text: v.T("qa.column.name")}}
	for _, who := range d.x.Speakers {
		options = append(options, templates.Option{Value: "s:" + who.ID, Text: v.T("discussion.column_answers", "name", who.Name)})
	}
	options = append(options, templates.Option{Value: holdsOther, Text: v.T("discussion.column_other")})
	for i, heading := range r.rows[0].Cells {
		field := f.Field(page.ColumnField(i), "select", "discussion.file")
		if field.Label = heading; strings.TrimSpace(heading) == "" {
			field.Label = v.T("discussion.column_n", "n", strconv.Itoa(i+1))
		}
		field.Options = options
		r.Columns = append(r.Columns, field)
	}
}
