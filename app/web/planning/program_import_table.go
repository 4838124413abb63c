package planning

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/program/exchange"
	"agora/app/registration/sheet"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// importTable is a spreadsheet that has been read and not imported: what each
// column is thought to hold, and how its lines are understood then.
type importTable struct {
	ID       string
	Name     string
	Columns  []templates.Field
	Lines    int
	Good     int
	Left     int
	Preview  []previewLine
	More     int
	Problems []tableProblem
	MoreBad  int

	header []string
	sample []string
}

type previewLine struct{ Title, When, Room, Who, More string }

type tableProblem struct {
	Line, Column, Text string
	Left               bool
}

const (
	// mostPreview is how many sessions a preview shows.
	mostPreview = 25
	// mostProblems is how many problems are spelled out; all are counted.
	mostProblems = 200
)

// tableRead keeps a spreadsheet and asks what its columns hold.
func (s Pages) tableRead(v *page.Visit, f *page.Form, name string, content []byte) error {
	if !maybeTable(name, content) {
		return fileRefused(v, f, fail.Wrong("file", "exchange.not_a_schedule"))
	}
	grid, err := sheet.ReadGrid(name, content)
	if err != nil {
		return fileRefused(v, f, err)
	}
	rows := make([]exchange.TableRow, 0, len(grid.Rows))
	for _, r := range grid.Rows {
		rows = append(rows, exchange.TableRow{Line: r.Line, Cells: r.Cells})
	}
	table := exchange.NewTable(rows, grid.Serials, grid.From1904)
	if len(table.Header) < 2 && len(table.Rows) == len(rows) { // one column, and no heading says of what
		return fileRefused(v, f, fail.Wrong("file", "exchange.not_a_schedule"))
	}
	id, err := s.Program.PutFile(v.Ctx, v.Person.ID, v.Edition, name, program.ImportFile{Table: &table})
	if err != nil {
		return err
	}
	for i, c := range exchange.MatchColumns(table.Header) {
		f.Set(page.ColumnField(i), string(c))
	}
	return newProgramImportPage(v, f, programImportPage{Table: newImportTable(v, f, id, name, table)})
}

// maybeTable goes by the name where it says something: any text has lines, and
// few of them are tables. What was pasted has no name.
func maybeTable(name string, content []byte) bool {
	known := []string{"", ".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".xls", ".ods", ".numbers"}
	return slices.Contains(known, strings.ToLower(path.Ext(name))) || bytes.HasPrefix(content, []byte("PK\x03\x04"))
}

// ProgramImportTable reads a waiting spreadsheet with the columns as they are
// chosen: to show it, or to import it.
func (s Pages) ProgramImportTable(v *page.Visit) error {
	f := v.Sent()
	id := f.Get("list")
	name, file, err := s.Program.File(v.Ctx, v.Person.ID, v.Edition, id)
	if err == nil && file.Table == nil {
		err = fail.Missing("program_import.gone")
	}
	if err != nil {
		return fileGone(v, err)
	}
	take := f.Get("do") == "take"
	columns := chosenColumns(f, len(file.Table.Header), take)
	if bad, err := f.Failed(nil); bad || !take {
		if err != nil {
			return err
		}
		return newProgramImportPage(v, f, programImportPage{Table: newImportTable(v, f, id, name, *file.Table)})
	}
	schedule, found, problems := exchange.FromTable(*file.Table, tableOptions(v, columns))
	if len(schedule.Sessions) == 0 {
		f.Note("col_0", "program_import.none")
		v.C.Status(page.Statuses[fail.Invalid])
		return newProgramImportPage(v, f, programImportPage{Table: newImportTable(v, f, id, name, *file.Table)})
	}
	found.Notices = append(problemNotices(v, problems), found.Notices...)
	return s.takeIn(v, f, incoming{id: id, name: name, schedule: schedule, found: found})
}

// chosenColumns reads what the organiser says of each column. Only speakers may
// have several; to import, one must be the title.
func chosenColumns(f *page.Form, width int, take bool) []exchange.Column {
	columns := make([]exchange.Column, width)
	seen := map[exchange.Column]bool{}
	for i := range columns {
		for _, c := range exchange.Columns {
			if f.Get(page.ColumnField(i)) == string(c) {
				columns[i] = c
			}
		}
		c := columns[i]
		if c != "" && seen[c] && c != exchange.ColumnSpeakers {
			f.Note(page.ColumnField(i), "program_import.twice")
		}
		seen[c] = true
	}
	if take && !seen[exchange.ColumnTitle] {
		f.Note(page.ColumnField(0), "program_import.need_title")
	}
	return columns
}

func tableOptions(v *page.Visit, columns []exchange.Column) exchange.SheetOptions {
	return exchange.SheetOptions{Acronym: v.Edition.Acronym(), Zone: v.Edition.Zone, Columns: columns,
		First: v.Edition.Local(v.Edition.StartsAt), Last: v.Edition.Local(v.Edition.EndsAt)}
}

func newImportTable(v *page.Visit, f *page.Form, id, name string, t exchange.Table) *importTable {
	p := &importTable{ID: id, Name: name, Lines: len(t.Rows), header: t.Header, sample: make([]string, len(t.Header))}
	for i := range t.Header {
		for _, row := range t.Rows {
			if p.sample[i] == "" && i < len(row.Cells) {
				p.sample[i] = strings.TrimSpace(row.Cells[i])
			}
		}
	}
	columns := make([]exchange.Column, len(t.Header))
	for i := range columns {
		columns[i] = exchange.Column(f.Get(page.ColumnField(i)))
	}
	schedule, _, problems := exchange.FromTable(t, tableOptions(v, columns))
	p.Good = len(schedule.Sessions)
	for _, x := range schedule.Sessions[:min(p.Good, mostPreview)] {
		p.Preview = append(p.Preview, readLine(v, x))
	}
	p.More = p.Good - len(p.Preview)
	p.problems(v, problems)
	return p
}

func readLine(v *page.Visit, x exchange.Session) previewLine {
	var names []string
	for _, who := range x.Speakers {
		names = append(names, who.Name)
	}
	line := previewLine{Title: x.Title, Room: x.Room, Who: strings.Join(names, ", "), When: v.T("program_import.no_slot")}
	if !x.Start.IsZero() {
		start, end := v.Edition.Local(x.Start), v.Edition.Local(x.Start.Add(x.Duration))
		line.When = text.DayMonth(v.Lang, start) + " " + text.Span(v.Lang, start, end)
	}
	var more []string
	for _, s := range []string{x.Track, x.Kind, x.Language} {
		if s != "" {
			more = append(more, s)
		}
	}
	line.More = strings.Join(more, " · ")
	return line
}

func (p *importTable) problems(v *page.Visit, problems []exchange.Problem) {
	left := map[int]bool{}
	for _, x := range problems {
		if x.Left {
			left[x.Line] = true
		}
		if len(p.Problems) == mostProblems {
			p.MoreBad++
			continue
		}
		p.Problems = append(p.Problems, tableProblem{Line: x.Where(), Column: columnTitle(v, x.Column), Text: v.Sentence(x.Key, x.Args), Left: x.Left})
	}
	p.Left = len(left)
}

func columnTitle(v *page.Visit, c exchange.Column) string {
	if c == "" {
		return ""
	}
	return v.T("program_import.column." + string(c))
}

// draw makes a select of each column.
func (p *importTable) draw(v *page.Visit, f *page.Form) {
	options := []templates.Option{{Value: "", Text: v.T("program_import.skip")}}
	for _, c := range exchange.Columns {
		options = append(options, templates.Option{Value: string(c), Text: columnTitle(v, c)})
	}
	for i, heading := range p.header {
		field := f.Field(page.ColumnField(i), "select", "program_import.file")
		field.Label, field.Options = heading, options
		if sample := p.sample[i]; sample != "" {
			field.Hint = v.T("program_import.sample", "cell", page.Shorten(sample, 60))
		}
		p.Columns = append(p.Columns, field)
	}
}

// problemNotices tells on the report which lines of a spreadsheet were left out.
func problemNotices(v *page.Visit, problems []exchange.Problem) []exchange.Notice {
	left := exchange.Notice{Kind: "program_import.n_left_out"}
	lines := map[int]bool{}
	for _, p := range problems {
		if !p.Left || lines[p.Line] {
			continue
		}
		lines[p.Line] = true
		left.Count++
		if len(left.Examples) < mostProblems {
			left.Examples = append(left.Examples, p.Where()+": "+v.Sentence(p.Key, p.Args))
		}
	}
	if left.Count == 0 {
		return nil
	}
	return []exchange.Notice{left}
}
