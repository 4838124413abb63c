// Package sheet reads lists of people from files that spreadsheets and other
// programs write (CSV, rows pasted from a spreadsheet, XLSX), and writes lists
// so that a spreadsheet shows them and runs nothing in them. It reads and writes
// no table.
package sheet

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"agora/app/fail"
)

// Limits of a list, all there to bound what one upload may cost.
const (
	MaxFile     = 8 << 20 // bytes
	MaxRows     = 10_000  // people, without the headings
	MaxColumns  = 60
	MaxCell     = 2_000 // characters
	MaxLongCell = 8_000 // where a cell may be a whole abstract
	MaxUnzipped = 50 << 20
)

// headWithin is among how many first rows the headings are looked for: lists
// often begin with a title.
const headWithin = 5

// mostCells is how many cells of a line are looked at, the empty ones at its end
// included.
const mostCells = 20 * MaxColumns

// Table is a list with its headings. Every row has a cell for each heading; in
// text files it may have more, when a cell holds an unquoted separator.
type Table struct {
	Header []string
	Rows   []Row
}

// Row is one line of the list. Line is where it stands in the file, from 1.
type Row struct {
	Line  int
	Cells []string
}

// Read reads a list of any of the kinds it knows; it looks at what the file
// holds, and at its name only where that says nothing. Errors are about the
// field "file".
func Read(name string, data []byte) (Table, error) {
	g := gathered{maxCell: MaxCell}
	if err := g.read(name, data); err != nil {
		return Table{}, err
	}
	return g.table()
}

// Grid is a file's rows as they stand, for tables that are not lists of people.
type Grid struct {
	Rows []Row
	// Serials says that dates and times are the numbers a spreadsheet counts them
	// in, From1904 that it counts from that year.
	Serials, From1904 bool
}

// ReadGrid reads a table of any of the kinds that Read knows, with longer cells,
// and looks for no headings.
func ReadGrid(name string, data []byte) (Grid, error) {
	g := gathered{maxCell: MaxLongCell, raw: true}
	if err := g.read(name, data); err != nil {
		return Grid{}, err
	}
	if len(g.rows) == 0 {
		return Grid{}, refuse("sheet.empty")
	}
	return Grid{Rows: g.rows, Serials: g.aligned, From1904: g.from1904}, nil
}

func (g *gathered) read(name string, data []byte) error {
	switch {
	case len(data) > MaxFile:
		return refuse("sheet.too_large", "max", MaxFile>>20)
	case bytes.HasPrefix(data, []byte("PK\x03\x04")) || bytes.HasPrefix(data, []byte("PK\x05\x06")):
		g.aligned = true
		return readXLSX(data, g)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return olderOffice(data)
	}
	return readText(name, data, g)
}

func refuse(key string, args ...any) error { return fail.Wrong("file", key, args...) }

// olderOffice tells the two kinds of file that begin alike: the old binary
// format, and a new one that is encrypted.
func olderOffice(data []byte) error {
	if bytes.Contains(data, []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")) {
		return refuse("sheet.locked")
	}
	return refuse("sheet.old")
}

// gathered takes the rows of a file as they are read and keeps to the limits.
type gathered struct {
	rows []Row
	// aligned says that cells know their columns, so that one without a heading
	// is a note beside the list and no sign of shifted cells.
	aligned bool
	maxCell int  // characters
	raw     bool // numbers as they are stored, not as they are shown

	from1904 bool
}

// add takes one row. Blank rows are left out and their lines counted.
func (g *gathered) add(line int, cells []string) error {
	width := 0
	blank := true
	for i, c := range cells {
		if c != "" {
			width = i + 1
		}
		blank = blank && strings.TrimSpace(c) == ""
	}
	if width > MaxColumns || len(cells) > mostCells {
		return refuse("sheet.columns", "line", line, "max", MaxColumns)
	}
	if blank {
		return nil
	}
	if len(g.rows) >= MaxRows+headWithin {
		return refuse("sheet.rows", "max", MaxRows)
	}
	// A copy of just the cells that hold something: what is read may be wider.
	row := Row{Line: line, Cells: make([]string, width)}
	for i, c := range cells[:width] {
		if len(c) > g.maxCell && utf8.RuneCountInString(c) > g.maxCell {
			return refuse("sheet.cell", "line", line, "max", g.maxCell)
		}
		row.Cells[i] = unguard(c)
	}
	g.rows = append(g.rows, row)
	return nil
}

// table parts the headings from the rows under them.
func (g *gathered) table() (Table, error) {
	if len(g.rows) == 0 {
		return Table{}, refuse("sheet.empty")
	}
	at := headRow(g.rows)
	t := Table{Header: g.rows[at].Cells, Rows: g.rows[at+1:]}
	switch {
	case len(t.Rows) == 0:
		return Table{}, refuse("sheet.header_only")
	case len(t.Rows) > MaxRows:
		return Table{}, refuse("sheet.rows", "max", MaxRows)
	}
	width := len(t.Header)
	for _, r := range t.Rows {
		if g.aligned {
			width = max(width, len(r.Cells))
		}
	}
	t.Header = padded(t.Header, width)
	for i, h := range t.Header {
		t.Header[i] = strings.TrimSpace(h)
	}
	for i := range t.Rows {
		t.Rows[i].Cells = padded(t.Rows[i].Cells, width)
	}
	return t, nil
}

func padded(cells []string, width int) []string {
	for len(cells) < width {
		cells = append(cells, "")
	}
	return cells
}

// headRow finds the first row that has a heading for addresses; without one the
// first row is taken, and Match tells what is missing.
func headRow(rows []Row) int {
	for i, r := range rows[:min(headWithin, len(rows))] {
		for _, c := range r.Cells {
			if alias(c) == Email {
				return i
			}
		}
	}
	return 0
}
