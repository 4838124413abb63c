package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"agora/app/fail"
)

// What a spreadsheet file may hold, measured before it is opened for reading,
// since a small file can say large things.
const (
	maxParts     = 1_000 // files inside the file
	maxRowCells  = 1_000 // in one row of any sheet
	maxCellBytes = 4 * excelize.TotalCellChars
)

// readXLSX reads the first visible sheet that holds anything.
func readXLSX(data []byte, g *gathered) (err error) {
	// The file is a stranger's and the library large: a fault in it is the
	// file's, and ends this upload only.
	defer func() {
		if v := recover(); v != nil {
			err = broken(fmt.Errorf("reading a spreadsheet: %v", v))
		}
	}()
	parts, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return broken(err)
	}
	if err := inspect(parts); err != nil {
		return err
	}
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		UnzipSizeLimit: MaxUnzipped, UnzipXMLSizeLimit: MaxUnzipped, ShortDatePattern: "yyyy-mm-dd", RawCellValue: g.raw})
	if err != nil {
		return broken(err)
	}
	defer func() { err = errors.Join(err, book.Close()) }()
	if props, err := book.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		g.from1904 = *props.Date1904
	}
	for _, name := range book.GetSheetList() {
		if visible, err := book.GetSheetVisible(name); err != nil || !visible {
			continue
		}
		if err := readSheet(book, name, g); err != nil {
			return err
		}
		if len(g.rows) > 0 {
			return nil
		}
	}
	return nil
}

func broken(cause error) error {
	err := refuse("sheet.broken")
	if e, ok := fail.As(err); ok {
		e.Err = cause
	}
	return err
}

func readSheet(book *excelize.File, name string, g *gathered) error {
	rows, err := book.Rows(name)
	if err != nil {
		return nil // a sheet that holds a chart has no rows
	}
	defer func() { _ = rows.Close() }()
	for line := 1; rows.Next(); line++ {
		cells, err := rows.Columns()
		if err != nil {
			return broken(err)
		}
		for i := range cells {
			cells[i] = lineEnds.Replace(cells[i])
		}
		if err := g.add(line, cells); err != nil {
			return err
		}
	}
	if err := rows.Error(); err != nil {
		return broken(err)
	}
	return nil
}

// inspect reads every part once and keeps nothing. A part that holds more than it
// says, or that is cut short, fails there: the library would read it as a shorter
// list.
func inspect(parts *zip.Reader) error {
	if err := isWorkbook(parts); err != nil {
		return err
	}
	left := uint64(MaxUnzipped)
	for _, part := range parts.File {
		if part.UncompressedSize64 > left {
			return refuse("sheet.unpacked")
		}
		left -= part.UncompressedSize64
	}
	for _, part := range parts.File {
		if err := inspectPart(part); err != nil {
			return err
		}
	}
	return nil
}

func isWorkbook(parts *zip.Reader) error {
	if len(parts.File) > maxParts {
		return refuse("sheet.unpacked")
	}
	table := false
	for _, part := range parts.File {
		switch strings.ToLower(part.Name) {
		case "xl/workbook.xml":
			return nil
		case "mimetype", "xl/workbook.bin", "index/document.iwa": // OpenDocument, binary Excel, Numbers
			table = true
		}
	}
	if table {
		return refuse("sheet.other")
	}
	return refuse("sheet.not_a_list")
}

func inspectPart(part *zip.File) error {
	r, err := part.Open()
	if err != nil {
		return broken(err)
	}
	defer func() { _ = r.Close() }()
	name := strings.ToLower(strings.ReplaceAll(part.Name, `\`, "/"))
	if name == "xl/sharedstrings.xml" || strings.HasPrefix(name, "xl/worksheets/") && strings.HasSuffix(name, ".xml") {
		if err := inspectXML(r); err != nil {
			return err
		}
	}
	// The rest, up to the checksum at the end.
	if _, err := io.Copy(io.Discard, r); err != nil {
		return broken(err)
	}
	return nil
}

// plainRuns refuses more text between two marks than a cell can hold: the decoder
// would gather all of it first.
type plainRuns struct {
	r    io.Reader
	long int
}

var errLongRun = errors.New("text without an end")

func (p *plainRuns) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	if i := bytes.LastIndexByte(b[:n], '<'); i >= 0 {
		p.long = n - i
	} else {
		p.long += n
	}
	if p.long > 2*maxCellBytes {
		return 0, errLongRun
	}
	return n, err
}

// inspectXML bounds what one row can grow to: a row of a thousand cells that
// all refer to one enormous text is small on disk.
func inspectXML(r io.Reader) error {
	d := xml.NewDecoder(&plainRuns{r: r})
	row, cells, length := 0, 0, 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if errors.Is(err, errLongRun) {
			return refuse("sheet.unpacked")
		}
		if err != nil {
			return broken(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			switch token.Name.Local {
			case "row":
				row, cells = row+1, 0
			case "c":
				cells, length = cells+1, 0
			case "si":
				length = 0
			}
		case xml.CharData:
			length += len(token)
		}
		switch {
		case cells > maxRowCells:
			return refuse("sheet.columns", "line", row, "max", MaxColumns)
		case length > maxCellBytes && row > 0:
			return refuse("sheet.cell", "line", row, "max", MaxCell)
		case length > maxCellBytes:
			return refuse("sheet.unpacked")
		}
	}
}
