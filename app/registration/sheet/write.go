package sheet

import (
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// CSV writes a list as a text file with commas. It begins with the mark that
// tells Excel its letters, and every cell that a spreadsheet would take for a
// formula gets an apostrophe before it.
func CSV(w io.Writer, header []string, rows iter.Seq[[]string]) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	var cells []string
	write := func(row []string) error {
		cells = cells[:0]
		for _, c := range row {
			cells = append(cells, guard(legible(c)))
		}
		return out.Write(cells)
	}
	if err := write(header); err != nil {
		return err
	}
	for row := range rows {
		if err := write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

const (
	measured  = 200 // rows looked at to make columns wide enough
	narrowest = 8
	widest    = 60
)

// XLSX writes a list as a workbook of one sheet. Every cell is a text and never a
// formula, save for whole numbers in the columns named in numbers, counted from 0.
func XLSX(w io.Writer, sheetName string, header []string, rows iter.Seq[[]string], numbers ...int) (err error) {
	book := excelize.NewFile()
	defer func() { err = errors.Join(err, book.Close()) }()
	name := nameOf(sheetName)
	if err := book.SetSheetName(book.GetSheetName(0), name); err != nil {
		return err
	}
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	stream, err := book.NewStreamWriter(name)
	if err != nil {
		return err
	}
	out := &sheetWriter{stream: stream, header: header, bold: bold, numbers: numbers}
	for row := range rows {
		if err := out.add(row); err != nil {
			return err
		}
	}
	if err := out.begin(); err != nil {
		return err
	}
	if err := stream.Flush(); err != nil {
		return err
	}
	return book.Write(w)
}

// sheetWriter holds the first rows back until the columns' widths are known:
// they stand before all rows.
type sheetWriter struct {
	stream  *excelize.StreamWriter
	header  []string
	bold    int
	numbers []int
	first   [][]string
	begun   bool
	line    int
	cells   []any
}

func (s *sheetWriter) add(row []string) error {
	if s.begun {
		return s.write(row)
	}
	s.first = append(s.first, slices.Clone(row))
	if len(s.first) < measured {
		return nil
	}
	return s.begin()
}

// begin writes what stands before the rows, the headings and the rows held back.
func (s *sheetWriter) begin() error {
	if s.begun {
		return nil
	}
	s.begun = true
	for i := range s.header {
		if err := s.stream.SetColWidth(i+1, i+1, s.width(i)); err != nil {
			return err
		}
	}
	frozen := &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}
	if err := s.stream.SetPanes(frozen); err != nil {
		return err
	}
	headings := make([]any, len(s.header))
	for i, h := range s.header {
		headings[i] = excelize.Cell{StyleID: s.bold, Value: inert(h)}
	}
	s.line = 1
	if err := s.stream.SetRow("A1", headings); err != nil {
		return err
	}
	for _, row := range s.first {
		if err := s.write(row); err != nil {
			return err
		}
	}
	s.first = nil
	return nil
}

func (s *sheetWriter) width(column int) float64 {
	most := utf8.RuneCountInString(s.header[column])
	for _, row := range s.first {
		if column < len(row) {
			longest, _, _ := strings.Cut(row[column], "\n")
			most = max(most, utf8.RuneCountInString(longest))
		}
	}
	return float64(min(max(most+2, narrowest), widest))
}

func (s *sheetWriter) write(row []string) error {
	s.line++
	s.cells = s.cells[:0]
	for i, c := range row {
		s.cells = append(s.cells, s.value(i, c))
	}
	at, err := excelize.CoordinatesToCellName(1, s.line)
	if err != nil {
		return err
	}
	return s.stream.SetRow(at, s.cells)
}

// exact is how great a number a spreadsheet still shows to the last digit.
const exact = 1_000_000_000_000_000

func (s *sheetWriter) value(column int, cell string) any {
	if cell == "" {
		return nil
	}
	if slices.Contains(s.numbers, column) {
		if n, err := strconv.ParseInt(cell, 10, 64); err == nil && n > -exact && n < exact {
			return n
		}
	}
	return inert(cell)
}

// inert is a text cell. A text runs nothing, so it is guarded only where reading
// would otherwise take off an apostrophe that is its own.
func inert(cell string) string {
	cell = legible(cell)
	if unguard(cell) != cell {
		return guard(cell)
	}
	return cell
}

// nameOf makes a name that spreadsheets take for a sheet.
func nameOf(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) {
			return ' '
		}
		return r
	}, legible(name))
	name = strings.Trim(strings.Join(strings.Fields(name), " "), "'")
	r := []rune(name)
	for utf16Length(r) > 31 {
		r = r[:len(r)-1]
	}
	if name = strings.Trim(string(r), "' "); name == "" {
		return "1"
	}
	return name
}

func utf16Length(r []rune) (n int) {
	for _, one := range r {
		n++
		if one > 0xffff {
			n++
		}
	}
	return n
}
