package content

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"
	"unicode/utf16"

	"github.com/jung-kurt/gofpdf"
)

// Files of every kind, made as small as they can be and still be one.

type entry struct{ name, body string }

// zipped packs entries in order; the first is only stored, as OpenDocument wants it.
func zipped(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i, e := range entries {
		head := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if i == 0 {
			head.Method = zip.Store
		}
		w, err := z.CreateHeader(head)
		if err == nil {
			_, err = w.Write([]byte(e.body))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// office makes a document of the newer Office with some parts.
func office(t testing.TB, word string, parts ...entry) []byte {
	t.Helper()
	types := `<?xml version="1.0"?><Types><Override PartName="/x" ContentType="application/vnd.openxmlformats-officedocument.` + word + `"/></Types>`
	return zipped(t, append([]entry{{"[Content_Types].xml", types}}, parts...)...)
}

const (
	mainPPTX = "presentationml.presentation.main+xml"
	mainDOCX = "wordprocessingml.document.main+xml"
	mainXLSX = "spreadsheetml.sheet.main+xml"
)

func openDocument(t testing.TB, kind Kind, content string) []byte {
	t.Helper()
	return zipped(t, entry{"mimetype", kind.ContentType()}, entry{"content.xml", content})
}

// oldOffice makes a file system of Office 97 with some names in its directory.
func oldOffice(names ...string) []byte {
	const free, end = 0xffffffff, 0xfffffffe
	b := make([]byte, 512*3)
	copy(b, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	put := binary.LittleEndian
	put.PutUint16(b[30:], 9)
	put.PutUint32(b[48:], 1)   // the directory is in sector 1
	put.PutUint32(b[68:], end) // no more tables
	for i := range oleInHead {
		put.PutUint32(b[76+4*i:], free)
	}
	put.PutUint32(b[76:], 0) // the table of chains is in sector 0
	for i := range 128 {
		put.PutUint32(b[512+4*i:], free)
	}
	put.PutUint32(b[512+4:], end) // sector 1 is the last of its chain
	for i, name := range names {
		at := 1024 + 128*i
		units := utf16.Encode([]rune(name))
		for j, u := range units {
			put.PutUint16(b[at+2*j:], u)
		}
		put.PutUint16(b[at+64:], uint16(2*len(units)+2))
	}
	return b
}

func drawing(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for x := range w {
		for y := range h {
			img.Set(x, y, color.RGBA{uint8(x), uint8(y), 100, 255})
		}
	}
	return img
}

func pngOf(t testing.TB, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, drawing(w, h)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func jpegOf(t testing.TB, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, drawing(w, h), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gifOf(t testing.TB, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gif.Encode(&b, drawing(w, h), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// webpOf is one white point, as the smallest encoder writes it.
func webpOf() []byte {
	return []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00")
}

func pdfOf(t testing.TB, lines ...string) []byte {
	t.Helper()
	p := gofpdf.New("P", "mm", "A4", "")
	p.AddPage()
	p.SetFont("Helvetica", "", 12)
	for _, line := range lines {
		p.CellFormat(0, 8, line, "", 1, "", false, 0, "")
	}
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
