package sheet

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"agora/app/fail"
)

// book makes a workbook; each sheet is rows of cells.
func book(t *testing.T, sheets ...[][]any) *excelize.File {
	t.Helper()
	f := excelize.NewFile()
	t.Cleanup(func() { _ = f.Close() })
	for i, rows := range sheets {
		name := fmt.Sprint("Sheet", i+1)
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for j, row := range rows {
			if err := f.SetSheetRow(name, fmt.Sprint("A", j+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	return f
}

func bytesOf(t *testing.T, f *excelize.File) []byte {
	t.Helper()
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWorkbooks(t *testing.T) {
	f := book(t, nil, [][]any{{"hidden"}, {"x"}}, [][]any{{"List of people"}, {}, {"Name", "Email", "Phone", "Age", "Date", "Sum", " "}, {},
		{"Åsa 😀", "asa@example.org", 358401234567, 42, nil, nil, nil, "a note beside"}, {"Line\r\nBreak", "b@example.org", "'+358", -5.5, true}})
	if err := f.SetSheetVisible("Sheet2", false); err != nil {
		t.Fatal(err)
	}
	style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		t.Fatal(err)
	}
	for cell, set := range map[string]func(cell string) error{
		"E5": func(c string) error { return f.SetCellInt("Sheet3", c, 46412) },
		"F5": func(c string) error { return f.SetCellFormula("Sheet3", c, "1+1") },
	} {
		if err := set(cell); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetCellStyle("Sheet3", "E5", "E5", style); err != nil {
		t.Fatal(err)
	}
	got, err := Read("list", bytesOf(t, f))
	if err != nil {
		t.Fatal(err)
	}
	want := Table{Header: []string{"Name", "Email", "Phone", "Age", "Date", "Sum", "", ""}, Rows: []Row{
		{5, []string{"Åsa 😀", "asa@example.org", "358401234567", "42", "2027-01-25", "", "", "a note beside"}},
		{6, []string{"Line\nBreak", "b@example.org", "+358", "-5.5", "TRUE", "", "", ""}}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// packed makes a zip of name and content pairs.
func packed(t *testing.T, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		p, err := w.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// replaced gives a workbook with one part's content changed.
func replaced(t *testing.T, data []byte, name, content string) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	parts := []string{name, content}
	for _, p := range r.File {
		if p.Name == name {
			continue
		}
		var b bytes.Buffer
		in, err := p.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.ReadFrom(in); err != nil {
			t.Fatal(err)
		}
		parts = append(parts, p.Name, b.String())
	}
	return packed(t, parts...)
}

const bombed = 64 << 20

// bomb makes a workbook of one part that is small packed, very large unpacked,
// and says that it is of a size.
func bomb(t *testing.T, name string, says uint64) []byte {
	t.Helper()
	var chunk, b bytes.Buffer
	deflate, err := flate.NewWriter(&chunk, flate.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := deflate.Write(bytes.Repeat([]byte(" "), 1<<20)); err != nil {
		t.Fatal(err)
	}
	if err := deflate.Flush(); err != nil {
		t.Fatal(err)
	}
	data := append(bytes.Repeat(chunk.Bytes(), bombed>>20), 1, 0, 0, 0xff, 0xff) // and a last empty block
	w := zip.NewWriter(&b)
	if _, err := w.Create("xl/workbook.xml"); err != nil {
		t.Fatal(err)
	}
	p, err := w.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, CompressedSize64: uint64(len(data)), UncompressedSize64: says})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const sheetXML = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>`

// However a workbook is damaged, it is read or refused, never more.
func TestDamagedWorkbooksAreReadOrRefused(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 13))
	good := bytesOf(t, book(t, [][]any{{"Name", "Email", "Years"}, {"a", "a@example.org", 7}, {"b", "b@example.org", true}}))
	names := []string{"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"}
	pieces := []string{"<", ">", `"`, "/", "-1", "99999999999", "<row>", `<c r="A0">`, `<c t="s"><v>-1</v></c>`, `<c t="s"><v>999</v></c>`, "</sheetData>", "\x00", "&amp;", "&x;", ""}
	for range 120 {
		name := names[r.IntN(len(names))]
		content := part(t, good, name)
		at := r.IntN(len(content))
		content = content[:at] + pieces[r.IntN(len(pieces))] + content[min(len(content), at+r.IntN(12)):]
		if _, err := Read("list.xlsx", replaced(t, good, name, content)); err != nil && !fail.Is(err, fail.Invalid) {
			t.Fatalf("%s %q: %v", name, content, err)
		}
	}
}

func TestTextWithoutAnEndIsNotGathered(t *testing.T) {
	endless := &plainRuns{r: io.MultiReader(strings.NewReader("<row>"), strings.NewReader(strings.Repeat("x", 3*maxCellBytes)))}
	if n, err := io.Copy(io.Discard, endless); !errors.Is(err, errLongRun) || n > 2*maxCellBytes+1 {
		t.Errorf("%d bytes, %v", n, err)
	}
	fine := &plainRuns{r: strings.NewReader(strings.Repeat("<c>"+strings.Repeat("x", maxCellBytes), 9))}
	if _, err := io.Copy(io.Discard, fine); err != nil {
		t.Error(err)
	}
}
