package content

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"path"
	"strings"
)

// What an Office file may be made of. Real decks have some hundred entries and
// shrink to a third; a bomb has a hundred thousand, or shrinks a thousandfold.
const (
	maxEntries   = 20000
	maxDirectory = 4 << 20 // the list of entries, which is read whole into memory
	maxUnpacked  = 2 << 30
	maxRatio     = 200
	// smallUnpacked is what may shrink as far as it likes: empty sheets do.
	smallUnpacked = 64 << 20
	// maxAbout is the longest entry that says what the file is.
	maxAbout = 2 << 20

	endSize     = 22 // the record at the end of a zip without its comment
	maxComment  = 1 << 16
	locatorSize = 20 // the pointer to the larger record before it
)

// openZip opens a zip whose list of entries has been looked at before it is read.
func openZip(r io.ReaderAt, size int64) (*zip.Reader, error) {
	if err := boundedDirectory(r, size); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, refused("file.refused.harmed")
	}
	if len(z.File) > maxEntries {
		return nil, refused("file.refused.bomb")
	}
	var packed, unpacked uint64
	for _, f := range z.File {
		if f.UncompressedSize64 > maxUnpacked || f.CompressedSize64 > uint64(size) {
			return nil, refused("file.refused.bomb")
		}
		packed += f.CompressedSize64
		unpacked += f.UncompressedSize64
	}
	// Entries that lie on each other tell of more than the file holds.
	if unpacked > maxUnpacked || packed > uint64(size) || unpacked > smallUnpacked && unpacked/maxRatio > uint64(size) {
		return nil, refused("file.refused.bomb")
	}
	return z, nil
}

// boundedDirectory finds how long the list of entries says it is. archive/zip
// reads all of it, however long.
func boundedDirectory(r io.ReaderAt, size int64) error {
	from := max(0, size-endSize-maxComment)
	tail, err := readAt(r, from, size-from)
	if err != nil {
		return err
	}
	at := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if at < 0 || at+endSize > len(tail) {
		return refused("file.refused.cut")
	}
	if uint64(binary.LittleEndian.Uint32(tail[at+12:])) > maxDirectory && binary.LittleEndian.Uint32(tail[at+12:]) != 1<<32-1 {
		return refused("file.refused.bomb")
	}
	if from+int64(at) < locatorSize {
		return nil
	}
	locator, err := readAt(r, from+int64(at)-locatorSize, locatorSize)
	if err != nil || string(locator[:4]) != "PK\x06\x07" {
		return err
	}
	large := binary.LittleEndian.Uint64(locator[8:])
	if large > uint64(size) {
		return refused("file.refused.harmed")
	}
	record, err := readAt(r, int64(large), min(size-int64(large), 56)) // #nosec G115 -- bounded above
	if err != nil || len(record) < 56 {
		return refused("file.refused.harmed")
	}
	if binary.LittleEndian.Uint64(record[40:]) > maxDirectory {
		return refused("file.refused.bomb")
	}
	return nil
}

// lookZip tells the kinds apart that are zips inside.
func lookZip(r io.ReaderAt, size int64) (Found, error) {
	z, err := openZip(r, size)
	if err != nil {
		return Found{}, err
	}
	names := map[string]*zip.File{}
	for _, f := range z.File {
		names[f.Name] = f
	}
	if macros(z.File) {
		return Found{}, refused("file.refused.macros")
	}
	if f := names["[Content_Types].xml"]; f != nil {
		return lookOffice(f)
	}
	if f := names["mimetype"]; f != nil {
		return lookOpenDocument(f)
	}
	if keynote(z.File) {
		return Found{Kind: Key}, nil
	}
	return Found{}, refused("file.refused.archive")
}

// macros looks for programs inside of documents.
func macros(files []*zip.File) bool {
	for _, f := range files {
		base := strings.ToLower(path.Base(f.Name))
		switch {
		case base == "vbaproject.bin" || base == "vbadata.xml":
			return true
		case strings.HasPrefix(f.Name, "Scripts/") && !strings.HasSuffix(f.Name, "/"):
			return true
		case strings.HasPrefix(f.Name, "Basic/") && strings.Count(f.Name, "/") == 2 && path.Ext(base) == ".xml" && base != "script-lb.xml" && base != "dialog-lb.xml":
			return true // a module; the lists of an empty library are no program
		}
	}
	return false
}

// officeTypes are what the main part of a document calls itself.
var officeTypes = []struct {
	word string
	kind Kind
}{
	{"presentationml.presentation.main+xml", PPTX}, {"presentationml.slideshow.main+xml", PPTX},
	{"wordprocessingml.document.main+xml", DOCX}, {"spreadsheetml.sheet.main+xml", XLSX},
}

func lookOffice(f *zip.File) (Found, error) {
	about, err := readEntry(f, maxAbout)
	if err != nil {
		return Found{}, refused("file.refused.harmed")
	}
	s := string(about)
	if strings.Contains(strings.ToLower(s), "macroenabled") {
		return Found{}, refused("file.refused.macros")
	}
	for _, t := range officeTypes {
		if strings.Contains(s, t.word) {
			return Found{Kind: t.kind}, nil
		}
	}
	return Found{}, refused("file.refused.unknown")
}

func lookOpenDocument(f *zip.File) (Found, error) {
	about, err := readEntry(f, maxAbout)
	if err != nil {
		return Found{}, refused("file.refused.harmed")
	}
	for _, k := range []Kind{ODP, ODT, ODS} {
		if strings.TrimSpace(string(about)) == k.ContentType() {
			return Found{Kind: k}, nil
		}
	}
	return Found{}, refused("file.refused.archive")
}

// keynote knows both shapes of Keynote's files; Pages and Numbers, which share
// them, have no slides.
func keynote(files []*zip.File) bool {
	for _, f := range files {
		name := f.Name
		if name == "index.apxl" || name == "index.apxl.gz" || strings.HasPrefix(name, "Index/Slide") || strings.HasPrefix(name, "Index/MasterSlide") || strings.HasPrefix(name, "Index/TemplateSlide") {
			return true
		}
	}
	return false
}

// readEntry reads an entry that may not be longer than most.
func readEntry(f *zip.File, most int64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(b)) > most {
		err = io.ErrShortBuffer
	}
	return b, err
}
