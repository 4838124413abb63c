package content

import (
	"encoding/hex"
	"io"
	"regexp"
	"strings"
	"unicode/utf16"

	"github.com/ledongthuc/pdf"
)

// pdfFont turns the codes of glyphs into letters, and knows how wide they are.
type pdfFont struct {
	bytes   int               // of a code
	letters map[string]string // by code, where the file says so itself
	encoder pdf.TextEncoding  // else by one of the encodings that have a name
	widths  map[int]float64
	usual   float64 // width of the others
}

const (
	// usualWidth stands for the widths that a file leaves out.
	usualWidth = 500
	// maxLetters bounds the tables of one font.
	maxLetters = 1 << 16
	maxTable   = 4 << 20
)

func newPDFFont(v pdf.Value) *pdfFont {
	f := &pdfFont{bytes: 1, widths: map[int]float64{}, usual: usualWidth}
	if to := v.Key("ToUnicode"); to.Kind() == pdf.Stream {
		f.letters = readLetters(to)
		delete(f.letters, "")
	}
	if v.Key("Subtype").Name() == "Type0" {
		f.bytes = 2
		f.wideWidths(v.Key("DescendantFonts").Index(0))
		return f
	}
	font := pdf.Font{V: v}
	f.encoder = font.Encoder()
	if w := v.Key("FontDescriptor").Key("MissingWidth").Float64(); w > 0 {
		f.usual = w
	}
	first, widths := int(v.Key("FirstChar").Int64()), v.Key("Widths")
	for i := range min(widths.Len(), 256) {
		f.widths[first+i] = widths.Index(i).Float64()
	}
	return f
}

// wideWidths reads the widths of a font with many glyphs: lists after a first
// code, or one width for a range.
func (f *pdfFont) wideWidths(v pdf.Value) {
	f.usual = 1000
	if w := v.Key("DW"); w.Kind() == pdf.Integer || w.Kind() == pdf.Real {
		f.usual = w.Float64()
	}
	w := v.Key("W")
	for i := 0; i+1 < w.Len() && len(f.widths) < maxLetters; {
		first := int(w.Index(i).Int64())
		if list := w.Index(i + 1); list.Kind() == pdf.Array {
			for j := range min(list.Len(), maxLetters) {
				f.widths[first+j] = list.Index(j).Float64()
			}
			i += 2
			continue
		}
		last, width := int(w.Index(i+1).Int64()), w.Index(i+2).Float64()
		for code := first; code <= last && code-first < maxLetters; code++ {
			f.widths[code] = width
		}
		i += 3
	}
}

// decode gives the letters of a run, its width in thousandths of a letter's
// height, and how many glyphs and blanks it has.
func (f *pdfFont) decode(raw string) (text string, width float64, glyphs, blanks int) {
	var s strings.Builder
	for ; len(raw) >= f.bytes; raw = raw[f.bytes:] {
		code, number := raw[:f.bytes], int(raw[0])
		if f.bytes == 2 {
			number = number<<8 | int(raw[1])
		}
		if w, known := f.widths[number]; known {
			width += w
		} else {
			width += f.usual
		}
		glyphs++
		if f.bytes == 1 && code == " " {
			blanks++
		}
		if letter, known := f.letters[code]; known {
			s.WriteString(letter)
		} else if f.encoder != nil {
			s.WriteString(f.encoder.Decode(code))
		}
	}
	return s.String(), width, glyphs, blanks
}

// letterToken matches what the table of letters is made of: codes in hexadecimal,
// lists and the words that say what they are.
var letterToken = regexp.MustCompile(`<[0-9A-Fa-f\s]*>|\[|\]|[a-z]+`)

// readLetters reads the table that says which letters the codes stand for. What
// is not understood in it is left out.
func readLetters(stream pdf.Value) (letters map[string]string) {
	defer func() {
		_ = recover() // the library panics over a stream that it cannot unpack
	}()
	body, err := io.ReadAll(io.LimitReader(stream.Reader(), maxTable))
	if err != nil && len(body) == 0 {
		return nil
	}
	letters = map[string]string{}
	var codes []string // since the last operator
	var list []string  // of a range, while it is open
	inList, kind := false, ""
	for _, token := range letterToken.FindAllString(string(body), -1) {
		switch {
		case token == "[":
			inList, list = true, nil
		case token == "]":
			if inList = false; kind == "beginbfrange" && len(codes) == 2 {
				letterList(letters, codes[0], list)
			}
			codes = nil
		case token[0] != '<':
			kind, codes = token, nil
		case inList:
			list = append(list, fromHex(token))
		default:
			codes = append(codes, fromHex(token))
		}
		switch {
		case len(letters) > maxLetters:
			return letters
		case kind == "beginbfchar" && len(codes) == 2:
			letters[codes[0]], codes = fromUTF16(codes[1]), nil
		case kind == "beginbfrange" && len(codes) == 3:
			letterRange(letters, codes[0], codes[1], codes[2])
			codes = nil
		}
	}
	return letters
}

// letterList gives the codes from one on the letters of a list.
func letterList(letters map[string]string, from string, list []string) {
	code := []byte(from)
	for _, s := range list {
		letters[string(code)] = fromUTF16(s)
		if !increase(code) {
			return
		}
	}
}

// letterRange gives the codes from one to another letters that follow on each
// other.
func letterRange(letters map[string]string, from, to, into string) {
	if len(from) == 0 || len(from) != len(to) || into == "" {
		return
	}
	code, letter := []byte(from), []byte(into)
	for n := 0; n < maxLetters && string(code) <= to; n++ {
		letters[string(code)] = fromUTF16(string(letter))
		if !increase(letter) || !increase(code) {
			return
		}
	}
}

func fromHex(token string) string {
	digits := strings.Join(strings.Fields(strings.Trim(token, "<>")), "")
	b, err := hex.DecodeString(digits)
	if err != nil {
		return ""
	}
	return string(b)
}

// increase counts one up; false after the last.
func increase(b []byte) bool {
	for i := len(b) - 1; i >= 0; i-- {
		if b[i]++; b[i] != 0 {
			return true
		}
	}
	return false
}

func fromUTF16(s string) string {
	units := make([]uint16, 0, len(s)/2)
	for i := 0; i+1 < len(s); i += 2 {
		units = append(units, uint16(s[i])<<8|uint16(s[i+1]))
	}
	return string(utf16.Decode(units))
}
