package content

import (
	"bytes"
	"io"
	"path"
	"strings"

	"agora/app/fail"
)

// Field is the field of a form that what is wrong with a file is told beside.
const Field = "file"

// Found is what looking inside has told.
type Found struct {
	Kind          Kind
	Width, Height int64    // of pictures
	Encoding      Encoding // of text; what is not UTF-8 has to be rewritten (see Rewrite)
}

const (
	// headSize is how much of the beginning is looked at.
	headSize = 4 << 10
	// tailSize is where a PDF has to end: real ones carry some bytes after it.
	tailSize = 64 << 10
)

// endings are how the names of kinds end; a name that ends like another kind
// than it is has been mixed up, or means to deceive.
var endings = map[string]Kind{
	".pdf": PDF, ".pptx": PPTX, ".ppsx": PPTX, ".ppt": PPT, ".pps": PPT, ".docx": DOCX, ".doc": DOC, ".xlsx": XLSX, ".xls": XLS,
	".odp": ODP, ".odt": ODT, ".ods": ODS, ".key": Key, ".png": PNG, ".jpg": JPEG, ".jpeg": JPEG, ".webp": WebP, ".gif": GIF,
	".txt": TXT, ".text": TXT, ".md": TXT, ".csv": TXT, ".vtt": VTT, ".srt": SRT,
}

// programText are endings of text that is there to be run or drawn by a browser.
var programText = strings.Fields(".js .mjs .cjs .ts .jsx .html .htm .xhtml .svg .xml .css .php .py .rb .pl .sh .bash .zsh .bat .cmd .ps1 .vbs .wsf .hta .lua .jar .reg .desktop .scr .lnk .url")

// magics are the beginnings of what is not taken, with the message that says so.
var magics = []struct{ begins, key string }{
	{"MZ", "file.refused.program"}, {"\x7fELF", "file.refused.program"}, {"\xcf\xfa\xed\xfe", "file.refused.program"}, {"\xce\xfa\xed\xfe", "file.refused.program"},
	{"\xca\xfe\xba\xbe", "file.refused.program"}, {"\xfe\xed\xfa", "file.refused.program"}, {"\x00asm", "file.refused.program"}, {"L\x00\x00\x00\x01\x14\x02\x00", "file.refused.program"},
	{"#!", "file.refused.script"}, {"<?php", "file.refused.script"},
	{"Rar!\x1a\x07", "file.refused.archive"}, {"7z\xbc\xaf\x27\x1c", "file.refused.archive"}, {"\x1f\x8b", "file.refused.archive"}, {"BZh", "file.refused.archive"}, {"\xfd7zXZ\x00", "file.refused.archive"}, {"\x28\xb5\x2f\xfd", "file.refused.archive"},
	{"\x1aE\xdf\xa3", "file.refused.video"}, {"\x00\x00\x01\xba", "file.refused.video"}, {"FLV\x01", "file.refused.video"},
	{"ID3", "file.refused.sound"}, {"OggS", "file.refused.sound"}, {"fLaC", "file.refused.sound"}, {"\xff\xfb", "file.refused.sound"}, {"\xff\xf3", "file.refused.sound"},
	{"{\\rtf", "file.refused.rtf"}, {"%!PS", "file.refused.postscript"},
	{"BM", "file.refused.picture"}, {"II*\x00", "file.refused.picture"}, {"MM\x00*", "file.refused.picture"}, {"\x00\x00\x01\x00", "file.refused.picture"},
	{"8BPS", "file.refused.picture"}, {"\x00\x00\x00\x0cJXL ", "file.refused.picture"}, {"\xff\x0a", "file.refused.picture"},
}

// refused says that a file is not taken, and why.
func refused(key string, args ...any) error { return fail.Wrong(Field, key, args...) }

// Recognise tells what a file is. The name is only compared with what was found:
// an error is Invalid and says what the file really is.
func Recognise(r io.ReaderAt, size int64, name string) (Found, error) {
	if size == 0 {
		return Found{}, refused("file.refused.empty")
	}
	head, err := readAt(r, 0, min(size, headSize))
	if err != nil {
		return Found{}, err
	}
	found, err := look(r, size, head, name)
	if err != nil {
		return Found{}, err
	}
	return found, compare(found.Kind, name)
}

// Glance looks at the beginning alone, so that a sender learns at the first part
// what could not be taken anyway.
func Glance(head []byte) error {
	head = head[:min(len(head), headSize)]
	if _, image := pictureKind(head); image || isPDF(head) || isZip(head) || isOLE(head) {
		return nil
	}
	if key := refusedBeginning(head); key != "" {
		return refused(key)
	}
	if encodingOf(head) == Binary {
		return refused("file.refused.unknown")
	}
	return nil
}

func look(r io.ReaderAt, size int64, head []byte, name string) (Found, error) {
	if kind, image := pictureKind(head); image {
		return lookPicture(r, size, kind)
	}
	switch {
	case isPDF(head):
		return Found{Kind: PDF}, wholePDF(r, size)
	case isZip(head):
		return lookZip(r, size)
	case isOLE(head):
		return lookOLE(r, size)
	}
	if key := refusedBeginning(head); key != "" {
		return Found{}, refused(key)
	}
	return lookText(r, size, head, name)
}

func isPDF(head []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(head, []byte(utf8BOM)), "\r\n\t \x00"), []byte("%PDF-"))
}

func isZip(head []byte) bool { return bytes.HasPrefix(head, []byte("PK\x03\x04")) }

// wholePDF looks for the end: what broke off on its way would be a surprise on
// the day.
func wholePDF(r io.ReaderAt, size int64) error {
	from := max(0, size-tailSize)
	tail, err := readAt(r, from, size-from)
	if err != nil {
		return err
	}
	if !bytes.Contains(tail, []byte("startxref")) {
		return refused("file.refused.cut")
	}
	return nil
}

// refusedBeginning gives the message for what begins like something that is not
// taken.
func refusedBeginning(head []byte) string {
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.begins)) {
			return m.key
		}
	}
	if len(head) >= 12 && string(head[4:8]) == "ftyp" {
		switch brand := string(head[8:11]); brand {
		case "hei", "hev", "mif", "msf", "avi":
			return "file.refused.heic"
		case "M4A":
			return "file.refused.sound"
		}
		return "file.refused.video"
	}
	if len(head) >= 12 && string(head[:4]) == "RIFF" {
		if string(head[8:12]) == "WAVE" {
			return "file.refused.sound"
		}
		return "file.refused.video"
	}
	if len(head) > 262 && string(head[257:262]) == "ustar" {
		return "file.refused.archive"
	}
	return markup(head)
}

// markup knows what a browser would draw or run.
func markup(head []byte) string {
	s := strings.ToLower(strings.TrimLeft(plainStart(head), "\r\n\t \f\x00"))
	switch {
	case !strings.HasPrefix(s, "<"):
		return ""
	case strings.Contains(s, "<svg"):
		return "file.refused.svg"
	case strings.HasPrefix(s, "<?php"):
		return "file.refused.script"
	case strings.HasPrefix(s, "<!doctype"), strings.HasPrefix(s, "<!--"), strings.HasPrefix(s, "<html"), strings.Contains(s, "<script"), strings.Contains(s, "<body"):
		return "file.refused.html"
	case len(s) > 1 && (s[1] == '?' || s[1] == '!' || s[1] >= 'a' && s[1] <= 'z'):
		return "file.refused.markup"
	}
	return ""
}

// compare holds the name against what was found.
func compare(found Kind, name string) error {
	ending := Ending(name)
	if said, known := endings[ending]; known && said != found {
		return refused("file.refused.mislabelled", "ending", ending, "kind", found.Label(), "right", found.Extension())
	}
	return nil
}

// Ending is how a name ends, in small letters, with its dot.
func Ending(name string) string { return strings.ToLower(path.Ext(strings.TrimSpace(name))) }

// Fits tells whether a name ends as names of the kind do.
func (k Kind) Fits(name string) bool { return endings[Ending(name)] == k }

// Label is what people call the kind, in every language.
func (k Kind) Label() string {
	switch k {
	case PPTX, PPT:
		return "PowerPoint"
	case DOCX, DOC:
		return "Word"
	case XLSX, XLS:
		return "Excel"
	case ODP, ODT, ODS:
		return "OpenDocument (" + k.Extension() + ")"
	case Key:
		return "Keynote"
	case WebP:
		return "WebP"
	}
	return strings.ToUpper(string(k))
}

// readAt reads exactly n bytes.
func readAt(r io.ReaderAt, offset, n int64) ([]byte, error) {
	b := make([]byte, n)
	got, err := r.ReadAt(b, offset)
	if int64(got) == n {
		return b, nil
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return nil, err
}
