package content

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
)

const (
	// maxXML bounds what is unpacked of one part of a document, and maxUnpackedWords
	// of all parts together.
	maxXML           = 64 << 20
	maxUnpackedWords = 256 << 20
)

// errNoWords says that a kind holds no words that could be read.
var errNoWords = errors.New("no words can be read out of this kind")

// Words writes the words of a file, as far as they can be read; they are meant
// for a search, not for reading. It is run in a process of its own (see Child).
func Words(kind Kind, r io.ReaderAt, size int64, out io.Writer) error {
	switch kind {
	case PDF:
		return pdfWords(r, size, out)
	case PPTX, DOCX, XLSX, ODP, ODT, ODS:
		return documentWords(kind, r, size, out)
	case TXT, VTT, SRT:
		_, err := io.Copy(out, io.NewSectionReader(r, 0, size))
		return err
	}
	return errNoWords
}

// wordParts are the parts of a document with words in them, by the beginning of
// their name.
var wordParts = map[Kind][]string{
	PPTX: {"ppt/slides/slide", "ppt/diagrams/data"},
	DOCX: {"word/document", "word/footnotes", "word/endnotes"},
	XLSX: {"xl/sharedStrings", "xl/worksheets/sheet"},
	ODP:  {"content.xml"}, ODT: {"content.xml"}, ODS: {"content.xml"},
}

func documentWords(kind Kind, r io.ReaderAt, size int64, out io.Writer) error {
	z, err := openZip(r, size)
	if err != nil {
		return err
	}
	var parts []*zip.File
	for _, f := range z.File {
		if path.Ext(f.Name) == ".xml" && slices.ContainsFunc(wordParts[kind], func(begins string) bool { return strings.HasPrefix(f.Name, begins) }) {
			parts = append(parts, f)
		}
	}
	// Slide 10 comes after slide 9.
	slices.SortStableFunc(parts, func(a, b *zip.File) int {
		if c := strings.Compare(strings.TrimRight(a.Name, "0123456789.xml"), strings.TrimRight(b.Name, "0123456789.xml")); c != 0 {
			return c
		}
		return partNumber(a.Name) - partNumber(b.Name)
	})
	left := int64(maxUnpackedWords)
	for i, f := range parts {
		if kind == PPTX && i > 0 && path.Dir(f.Name) == "ppt/slides" {
			if _, err := io.WriteString(out, "\n"+newPage+"\n"); err != nil {
				return err
			}
		}
		read, err := partWords(f, min(left, maxXML), out)
		if left -= read; err != nil {
			return err
		}
	}
	return nil
}

func partNumber(name string) int {
	name = strings.TrimSuffix(name, ".xml")
	digits := name[len(strings.TrimRight(name, "0123456789")):]
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

// countedReader tells how much was read.
type countedReader struct {
	io.Reader
	n int64
}

// Read counts.
func (c *countedReader) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.n += int64(n)
	return n, err
}

// partWords writes the words of one XML part.
func partWords(f *zip.File, most int64, out io.Writer) (int64, error) {
	body, err := f.Open()
	if err != nil {
		return 0, err
	}
	defer body.Close()
	counted := &countedReader{Reader: io.LimitReader(body, most)}
	return counted.n, xmlWords(counted, out)
}

// Names of elements: whose characters are words, which end a line, which are a
// blank, and which are left out with all that is in them (notes for the speaker
// are not for everybody, struck text is gone).
var (
	xmlText   = strings.Fields("t p h span a")
	xmlEnds   = strings.Fields("p h si tr row table-row br line-break")
	xmlBlanks = strings.Fields("tab s c tc table-cell")
	xmlLeft   = strings.Fields("notes tracked-changes del annotation instrText delText phoneticPr rPh")
)

// xmlWords follows the elements by their local names: the formats differ in
// little else. An error in the middle gives what was before it.
func xmlWords(r io.Reader, out io.Writer) error {
	d := xml.NewDecoder(r)
	d.Strict = false
	var open []string
	left := 0
	for {
		token, err := d.RawToken()
		if err != nil {
			return nil //nolint:nilerr // the rest is lost, what was before is good
		}
		s := ""
		switch t := token.(type) {
		case xml.StartElement:
			open = append(open, t.Name.Local)
			if slices.Contains(xmlLeft, t.Name.Local) {
				left++
			}
			if len(open) > maxEntries {
				return errNoWords
			}
		case xml.EndElement:
			if n := len(open); n > 0 {
				open = open[:n-1]
			}
			switch name := t.Name.Local; {
			case slices.Contains(xmlLeft, name):
				left = max(0, left-1)
			case slices.Contains(xmlEnds, name):
				s = "\n"
			case slices.Contains(xmlBlanks, name):
				s = " "
			}
		case xml.CharData:
			if n := len(open); n > 0 && slices.Contains(xmlText, open[n-1]) {
				s = string(t)
			}
		}
		if s != "" && left == 0 {
			if _, err := io.WriteString(out, s); err != nil {
				return err
			}
		}
	}
}
