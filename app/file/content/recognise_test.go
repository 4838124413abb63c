package content

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode"

	"agora/app/fail"
)

// key gives the message that an error is told by.
func key(t testing.TB, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	e, ok := fail.As(err)
	if !ok || e.Kind != fail.Invalid || len(e.Fields[Field]) != 1 {
		t.Fatalf("not told beside the field: %v", err)
	}
	return e.Fields[Field][0].Key
}

func recognise(name string, b []byte) (Found, error) {
	return Recognise(bytes.NewReader(b), int64(len(b)), name)
}

// Every kind is known by its content, under its own name and under none.
func TestRecognise(t *testing.T) {
	utf16, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().Bytes([]byte("Päivän ohjelma\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		body []byte
		want Found
	}{
		{"a.pdf", pdfOf(t, "x"), Found{Kind: PDF}},
		{"a.PDF", append([]byte("\r\n"), pdfOf(t, "x")...), Found{Kind: PDF}},
		{"a.pptx", office(t, mainPPTX), Found{Kind: PPTX}},
		{"a.ppsx", office(t, "presentationml.slideshow.main+xml"), Found{Kind: PPTX}},
		{"a.docx", office(t, mainDOCX), Found{Kind: DOCX}},
		{"a.xlsx", office(t, mainXLSX), Found{Kind: XLSX}},
		{"a.ppt", oldOffice("Root Entry", "PowerPoint Document"), Found{Kind: PPT}},
		{"a.doc", oldOffice("Root Entry", "WordDocument"), Found{Kind: DOC}},
		{"a.xls", oldOffice("Root Entry", "Workbook"), Found{Kind: XLS}},
		{"a.odp", openDocument(t, ODP, ""), Found{Kind: ODP}},
		{"a.odt", openDocument(t, ODT, ""), Found{Kind: ODT}},
		{"a.ods", openDocument(t, ODS, ""), Found{Kind: ODS}},
		{"a.key", zipped(t, entry{"Index/Document.iwa", "x"}, entry{"Index/Slide-12.iwa", "x"}), Found{Kind: Key}},
		{"a.key", zipped(t, entry{"index.apxl", "x"}), Found{Kind: Key}},
		{"a.png", pngOf(t, 3, 2), Found{Kind: PNG, Width: 3, Height: 2}},
		{"a.jpeg", jpegOf(t, 4, 5), Found{Kind: JPEG, Width: 4, Height: 5}},
		{"a.gif", gifOf(t, 6, 7), Found{Kind: GIF, Width: 6, Height: 7}},
		{"a.webp", webpOf(), Found{Kind: WebP, Width: 1, Height: 1}},
		{"a.txt", []byte("Päivä\n"), Found{Kind: TXT, Encoding: UTF8}},
		{"a.md", []byte("# Päivä < yö\n"), Found{Kind: TXT, Encoding: UTF8}},
		{"a.txt", []byte(utf8BOM + "Päivä\n"), Found{Kind: TXT, Encoding: UTF8Marked}},
		{"a.txt", []byte("P\xe4iv\xe4n ohjelma \x96 kello 9\n"), Found{Kind: TXT, Encoding: Latin}},
		{"a.txt", utf16, Found{Kind: TXT, Encoding: UTF16}},
		{"a.vtt", []byte("WEBVTT\n\n00:01.000 --> 00:02.000\nHei\n"), Found{Kind: VTT, Encoding: UTF8}},
		{"a.srt", []byte("1\r\n00:00:01,000 --> 00:00:02,000\r\nHei\r\n"), Found{Kind: SRT, Encoding: UTF8}},
	} {
		for _, name := range []string{c.name, "nameless", "v1.2"} {
			found, err := recognise(name, c.body)
			if err != nil || found != c.want {
				t.Errorf("%s: %+v %v, want %+v", name, found, err, c.want)
			}
		}
		if err := Glance(c.body); err != nil {
			t.Errorf("%s: refused at the first part: %v", c.name, err)
		}
	}
}

// What is not taken is told by what it really is, whatever it is called.
func TestRefused(t *testing.T) {
	pdf := pdfOf(t, "x")
	for _, c := range []struct{ name, body, want string }{
		{"a.pdf", "", "file.refused.empty"},
		{"a.pdf", "MZ\x90\x00\x03", "file.refused.program"},
		{"a.pdf", "\x7fELF\x02\x01", "file.refused.program"},
		{"a.txt", "#!/bin/sh\nrm -rf /\n", "file.refused.script"},
		{"a.js", "alert(1)\n", "file.refused.script"},
		{"a.html", "hello\n", "file.refused.script"},
		{"a.pdf", "<!DOCTYPE html><title>x</title>", "file.refused.html"},
		{"a.txt", "\n  <HTML><body onload=x>", "file.refused.html"},
		{"a.txt", utf8BOM + "<script>alert(1)</script>", "file.refused.html"},
		{"a.txt", "\xff\xfe<\x00h\x00t\x00m\x00l\x00>\x00", "file.refused.html"},
		{"a.png", `<?xml version="1.0"?><svg xmlns="x"><script/></svg>`, "file.refused.svg"},
		{"a.png", "<svg onload=alert(1)>", "file.refused.svg"},
		{"a.txt", "<?xml version='1.0'?><a/>", "file.refused.markup"},
		{"a.txt", "<?php system('x');", "file.refused.script"},
		{"a.pptx", string(zipped(t, entry{"a.exe", "x"})), "file.refused.archive"},
		{"a.pptx", "Rar!\x1a\x07\x01\x00", "file.refused.archive"},
		{"a.pdf", "\x1f\x8b\x08\x00", "file.refused.archive"},
		{"a.mp4", "\x00\x00\x00\x18ftypmp42", "file.refused.video"},
		{"a.jpg", "\x00\x00\x00\x18ftypheic", "file.refused.heic"},
		{"a.mp3", "ID3\x04", "file.refused.sound"},
		{"a.doc", `{\rtf1\ansi x}`, "file.refused.rtf"},
		{"a.ps", "%!PS-Adobe", "file.refused.postscript"},
		{"a.bmp", "BM6\x00", "file.refused.picture"},
		{"a.pdf", string(pngOf(t, 2, 2)), "file.refused.mislabelled"},
		{"a.png", string(pdf), "file.refused.mislabelled"},
		{"a.vtt", "just text\n", "file.refused.mislabelled"},
		{"a.docx", string(office(t, mainPPTX)), "file.refused.mislabelled"},
		{"a.pdf", string(pdf[:len(pdf)/2]), "file.refused.cut"},
		{"a.pptx", string(office(t, mainPPTX)[:60]), "file.refused.cut"},
		{"a.png", "\x89PNG\r\n\x1a\n", "file.refused.harmed"},
		{"a.jpg", "\xff\xd8\xff\xe0", "file.refused.harmed"},
		{"a.pptm", string(office(t, mainPPTX, entry{"ppt/vbaProject.bin", "x"})), "file.refused.macros"},
		{"a.docx", string(office(t, mainDOCX, entry{"word/vbaProject.bin", "x"})), "file.refused.macros"},
		{"a.docm", string(zipped(t, entry{"[Content_Types].xml", "application/vnd.ms-word.document.macroEnabled.main+xml"})), "file.refused.macros"},
		{"a.odt", string(zipped(t, entry{"mimetype", ODT.ContentType()}, entry{"Basic/Standard/Module1.xml", "x"})), "file.refused.macros"},
		{"a.doc", string(oldOffice("WordDocument", "Macros")), "file.refused.macros"},
		{"a.docx", string(oldOffice("EncryptedPackage")), "file.refused.locked"},
		{"a.msi", string(oldOffice("Root Entry")), "file.refused.unknown"},
		{"a.txt", "text\x00with a nul", "file.refused.unknown"},
		{"a.txt", strings.Repeat("\xe4\xf6", 40), "file.refused.unknown"},
		{"a.xyz", "\x01\x02\x03", "file.refused.unknown"},
	} {
		if _, err := recognise(c.name, []byte(c.body)); key(t, err) != c.want {
			t.Errorf("%s %.20q: %v, want %s", c.name, c.body, err, c.want)
		}
	}
	// The name without the trick is taken: it is the content that decides.
	if _, err := recognise("a.pptx", office(t, mainPPTX, entry{"Basic/script-lc.xml", "x"})); err != nil {
		t.Errorf("a document without macros: %v", err)
	}
	if got := key(t, Glance([]byte("MZ\x90"))); got != "file.refused.program" {
		t.Errorf("a program is seen at its first part: %q", got)
	}
}

// rawZip writes a zip with heads that tell whatever they like.
func rawZip(t testing.TB, method uint16, packed []byte, says uint64, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := range n {
		w, err := z.CreateRaw(&zip.FileHeader{Name: fmt.Sprintf("ppt/%d.xml", i), Method: method, CRC32: crc32.ChecksumIEEE(packed),
			CompressedSize64: uint64(len(packed)), UncompressedSize64: says})
		if err == nil {
			_, err = w.Write(packed)
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

// Bombs are seen by what their heads say, before anything of them is unpacked.
func TestZipBombs(t *testing.T) {
	lying := office(t, mainPPTX)
	end := bytes.LastIndex(lying, []byte("PK\x05\x06"))
	binary.LittleEndian.PutUint32(lying[end+12:], maxDirectory+1)
	var overlapping bytes.Buffer
	{ // every head points at the same bytes: together they hold more than the file
		one := rawZip(t, zip.Store, bytes.Repeat([]byte("x"), 60<<10), 60<<10, 1)
		start := bytes.Index(one, []byte("PK\x01\x02"))
		end := bytes.LastIndex(one, []byte("PK\x05\x06"))
		overlapping.Write(one[:start])
		for range 500 {
			overlapping.Write(one[start:end])
		}
		tail := bytes.Clone(one[end:])
		binary.LittleEndian.PutUint16(tail[8:], 500)
		binary.LittleEndian.PutUint16(tail[10:], 500)
		binary.LittleEndian.PutUint32(tail[12:], uint32(500*(end-start)))
		overlapping.Write(tail)
	}
	for name, body := range map[string][]byte{
		"grows a thousandfold": rawZip(t, zip.Deflate, []byte("xxxxxxxx"), 1<<30, 1),
		"is enormous together": rawZip(t, zip.Deflate, bytes.Repeat([]byte("y"), 1<<20), 700<<20, 4),
		"many entries":         rawZip(t, zip.Store, nil, 0, maxEntries+1),
		"a long list":          lying,
		"on top of each other": overlapping.Bytes(),
	} {
		if _, err := recognise("a.pptx", body); key(t, err) != "file.refused.bomb" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A picture that tells of more points than memory holds is not decoded.
func TestPictureBomb(t *testing.T) {
	b := pngOf(t, 1, 1)
	binary.BigEndian.PutUint32(b[16:], 19000)
	binary.BigEndian.PutUint32(b[20:], 19000)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	if _, err := recognise("a.png", b); key(t, err) != "file.refused.pixels" {
		t.Errorf("361 million points: %v", err)
	}
}

// Text is kept as UTF-8, whatever it came in.
func TestRewrite(t *testing.T) {
	want := "Åsan päivä – kello 9\n"
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(want))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range [][]byte{[]byte(want), []byte(utf8BOM + want), utf16, []byte("\xc5san p\xe4iv\xe4 \x96 kello 9\n")} {
		found, err := recognise("a.txt", b)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(Rewrite(bytes.NewReader(b), found.Encoding)); err != nil || string(got) != want {
			t.Errorf("%q became %q %v", b, got, err)
		}
	}
}

// Harmed files of every kind are refused or taken, but never panic, and never
// read behind their end.
func TestHarmedFiles(t *testing.T) {
	for name, whole := range map[string][]byte{
		"a.pdf": pdfOf(t, "x"), "a.pptx": office(t, mainPPTX, entry{"ppt/slides/slide1.xml", "<a:t>x</a:t>"}), "a.doc": oldOffice("WordDocument"),
		"a.png": pngOf(t, 9, 9), "a.jpg": jpegOf(t, 9, 9), "a.gif": gifOf(t, 9, 9), "a.webp": webpOf(), "a.odp": openDocument(t, ODP, "x"),
	} {
		step := max(1, len(whole)/200)
		for cut := 0; cut < len(whole); cut += step {
			_, _ = recognise(name, whole[:cut])
			harmed := bytes.Clone(whole)
			for i := cut; i < min(cut+8, len(harmed)); i++ {
				harmed[i] ^= 0xff
			}
			found, err := recognise(name, harmed)
			if err != nil {
				key(t, err)
			} else if found.Kind == "" {
				t.Fatalf("%s harmed at %d: neither taken nor refused", name, cut)
			}
		}
	}
}
