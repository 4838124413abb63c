package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

var hostile = []string{"=1+1", "+358 40", "-5", "@SUM(A1)", "  =cmd|' /C calc'!A0", "\t=1", "\r=1", "\n=1", "＝1", "＠x", "a;=1", "a\t@b", "a\n-b", "'=1", "''=1", "'", "'a", "' =1", "a;'=b", "';=",
	"\u00a0=1", "\u3000+1", "\x00=1", "\ufeff=1", "=", "-", `"`, `""`, `"=1"`, ",", ";", "\r\n", "_x000D_", "_x005F_", "_x005F_x0041_", "_x0041_=", "<b>&amp;</b>", "]]>", "Åsa Öhman", "👩‍👩‍👧‍👦", "\u202eabc", "שלום",
	"\x1b[31m", "\xff\xfe", "\ufffe", " lead", "trail ", "  ", "0012", "1e5", "TRUE", "#N/A", "2027-01-25", strings.Repeat("x", 500)}

func randomCell(r *rand.Rand) string {
	s := ""
	for range r.IntN(4) {
		s += hostile[r.IntN(len(hostile))]
	}
	return s
}

// readable tells the rows that reading gives back for those written: what no file
// can hold is left out.
func readable(rows [][]string) [][]string {
	out := make([][]string, len(rows))
	for i, row := range rows {
		for _, c := range row {
			out[i] = append(out[i], legible(c))
		}
	}
	return out
}

func cellsOf(t Table) (rows [][]string) {
	for _, r := range t.Rows {
		rows = append(rows, r.Cells)
	}
	return rows
}

var writers = map[string]func(w io.Writer, header []string, rows iter.Seq[[]string]) error{
	"CSV": CSV,
	"XLSX": func(w io.Writer, header []string, rows iter.Seq[[]string]) error {
		return XLSX(w, "People", header, rows)
	},
}

func TestWhatIsWrittenReadsBackEqual(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 21))
	header := []string{"Name", "Email", "Wish", "End"}
	for kind, write := range writers {
		for range 25 {
			var rows [][]string
			for i := range 1 + r.IntN(60) {
				rows = append(rows, []string{fmt.Sprint("n", i), randomCell(r), randomCell(r), "e"})
			}
			var b bytes.Buffer
			if err := write(&b, header, slices.Values(rows)); err != nil {
				t.Fatal(err)
			}
			got, err := Read("list", b.Bytes())
			if err != nil {
				t.Fatalf("%s: %v\n%q", kind, err, rows)
			}
			if !slices.Equal(got.Header, header) {
				t.Fatalf("%s: headings %q", kind, got.Header)
			}
			for i, want := range readable(rows) {
				if !slices.Equal(cellsOf(got)[i], want) {
					t.Fatalf("%s: wrote %q, read %q", kind, want, cellsOf(got)[i])
				}
			}
		}
	}
}

func TestGuardIsUndoneExactly(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 8))
	for range 50_000 {
		s := legible(randomCell(r))
		g := guard(s)
		if unguard(g) != s {
			t.Fatalf("%q became %q and then %q", s, g, unguard(g))
		}
		if unguard(inert(s)) != s {
			t.Fatalf("%q in a workbook became %q", s, unguard(inert(s)))
		}
	}
}

// No cell begins a formula, wherever another program sees a cell begin.
func TestCSVIsInert(t *testing.T) {
	var b bytes.Buffer
	var rows [][]string
	for _, h := range hostile {
		rows = append(rows, []string{h, "x" + h, h})
	}
	if err := CSV(&b, []string{"=H", "b", "c"}, slices.Values(rows)); err != nil {
		t.Fatal(err)
	}
	s := b.String()
	if !strings.HasPrefix(s, "\ufeff'=H,b,c\r\n") {
		t.Errorf("begins %q", s[:20])
	}
	for rest := s; ; {
		i := strings.IndexByte(rest, '\n')
		if i < 0 {
			break
		}
		if i == 0 || rest[i-1] != '\r' {
			t.Fatalf("a line ends without \\r: %q", rest[:i])
		}
		rest = rest[i+1:]
	}
	records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(s, "\ufeff"))).ReadAll()
	if err != nil || len(records) != len(rows)+1 {
		t.Fatalf("%d records, %v", len(records), err)
	}
	for _, record := range records {
		for _, cell := range record {
			for _, part := range append(strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(";\t\n", r) }), cell) {
				if part = strings.TrimLeft(part, " \u00a0\u3000\t\r\n"); begins(part, "=+-@＝＋－＠") {
					t.Errorf("%q holds what begins a formula", cell)
				}
			}
			if begins(cell, "\t\r\n") {
				t.Errorf("%q begins with a blank that hides", cell)
			}
		}
	}
}

func TestXLSXIsInert(t *testing.T) {
	var b bytes.Buffer
	rows := [][]string{{"=1+1", "-5", "-5"}, {"@x", "12", "0012"}, {"+1", "=1+1", "9999999999999999"}, {`=HYPERLINK("https://example.org")`, "", ""}}
	if err := XLSX(&b, "A/very:long?name*of[a]sheet\\that'nobody reads", []string{"=H", "n", "s"}, slices.Values(rows), 1); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	sheet := f.GetSheetList()[0]
	if sheet != "A very long name of a sheet tha" {
		t.Errorf("the sheet is called %q", sheet)
	}
	for cell, want := range map[string]excelize.CellType{"A1": excelize.CellTypeInlineString, "A2": excelize.CellTypeInlineString, "B2": excelize.CellTypeUnset, "C2": excelize.CellTypeInlineString,
		"B3": excelize.CellTypeUnset, "C3": excelize.CellTypeInlineString, "B4": excelize.CellTypeInlineString, "A5": excelize.CellTypeInlineString} {
		kind, err := f.GetCellType(sheet, cell)
		if err != nil || kind != want {
			t.Errorf("%s is of type %v, want %v, %v", cell, kind, want, err)
		}
		if formula, err := f.GetCellFormula(sheet, cell); err != nil || formula != "" {
			t.Errorf("%s holds the formula %q, %v", cell, formula, err)
		}
	}
	panes, err := f.GetPanes(sheet)
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("the headings are not frozen: %+v %v", panes, err)
	}
	id, err := f.GetCellStyle(sheet, "A1")
	if err != nil {
		t.Fatal(err)
	}
	if style, err := f.GetStyle(id); err != nil || style.Font == nil || !style.Font.Bold {
		t.Errorf("the headings are not bold: %v", err)
	}
	if width, err := f.GetColWidth(sheet, "A"); err != nil || width < 30 || width > widest {
		t.Errorf("the first column is %v wide, %v", width, err)
	}
	raw := part(t, b.Bytes(), "xl/worksheets/sheet1.xml")
	if strings.Contains(raw, "<f>") || strings.Contains(raw, "<f ") {
		t.Error("there is a formula in the sheet")
	}
}

func part(t *testing.T, data []byte, name string) string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := r.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestAListWithoutRowsIsWritten(t *testing.T) {
	for kind, write := range writers {
		var b bytes.Buffer
		if err := write(&b, []string{"Name", "Email"}, slices.Values([][]string{})); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		if _, err := Read("list", b.Bytes()); problem(err) != "sheet.header_only" {
			t.Errorf("%s: %v", kind, err)
		}
	}
	for given, want := range map[string]string{"": "1", "'''": "1", "[]": "1", strings.Repeat("😀", 20): strings.Repeat("😀", 15), "CMADFI 2027": "CMADFI 2027"} {
		if got := nameOf(given); got != want {
			t.Errorf("nameOf(%q) = %q, want %q", given, got, want)
		}
	}
}

// full fails to take what is written after so many bytes.
type full struct{ left int }

func (f *full) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(b), nil
}

func TestAFullDiskIsTold(t *testing.T) {
	for kind, write := range writers {
		for _, left := range []int{0, 3, 100, 3000} {
			if err := write(&full{left}, []string{"Name"}, people(600)); err == nil {
				t.Errorf("%s: %d bytes were enough", kind, left)
			}
		}
	}
}

func people(n int) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for i := range n {
			if !yield([]string{fmt.Sprintf("Person %d Öhman", i), fmt.Sprintf("p%d@example.org", i), "Organisation Oy", "on site", "fi", "yes", "", "vegan; gluten"}) {
				return
			}
		}
	}
}

var headings = []string{"Name", "Email", "Organisation", "Place", "Language", "Photos", "Needs", "Wishes"}

func TestTenThousandRowsGoThere(t *testing.T) {
	for kind, write := range writers {
		var b bytes.Buffer
		if err := write(&b, headings, people(MaxRows)); err != nil {
			t.Fatal(err)
		}
		got, err := Read("list", b.Bytes())
		if err != nil || len(got.Rows) != MaxRows || !reflect.DeepEqual(got.Rows[MaxRows-1].Cells[:2], []string{"Person 9999 Öhman", "p9999@example.org"}) {
			t.Errorf("%s: %d rows, %v", kind, len(got.Rows), err)
		}
	}
}

func BenchmarkTenThousandRows(b *testing.B) {
	for kind, write := range writers {
		var data bytes.Buffer
		if err := write(&data, headings, people(MaxRows)); err != nil {
			b.Fatal(err)
		}
		b.Run("read "+kind, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Read("list", data.Bytes()); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("write "+kind, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := write(io.Discard, headings, people(MaxRows)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
