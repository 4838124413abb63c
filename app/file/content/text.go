package content

import (
	"bufio"
	"bytes"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Encoding is how letters are written down.
type Encoding uint8

// The encodings that are told apart. Latin is Windows-1252, which holds Latin-1.
const (
	Binary Encoding = iota
	UTF8
	UTF8Marked // with a byte order mark, which goes
	UTF16
	Latin
)

const (
	utf8BOM = "\xef\xbb\xbf"
	// maxText is the longest plain text: ten books. It protects those who open it.
	maxText = 20 << 20
)

// encodingOf judges by bytes that may end in the middle of a letter.
func encodingOf(b []byte) Encoding {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff")):
		return UTF16
	case bytes.HasPrefix(b, []byte(utf8BOM)):
		return UTF8Marked
	}
	for _, c := range b {
		if c < ' ' && !strings.ContainsRune("\t\n\r\f", rune(c)) || c == 0x7f {
			return Binary
		}
	}
	if utf8.Valid(wholeRunes(b)) {
		return UTF8
	}
	high := 0
	for _, c := range b {
		switch {
		case c == 0x81 || c == 0x8d || c == 0x8f || c == 0x90 || c == 0x9d: // no letters in Windows-1252
			return Binary
		case c >= 0x80:
			high++
		}
	}
	if high*3 > len(b) { // no language of these letters has so many of them
		return Binary
	}
	return Latin
}

// wholeRunes leaves out a letter that is cut off at the end.
func wholeRunes(b []byte) []byte {
	for i := 1; i < utf8.UTFMax && i <= len(b); i++ {
		if c := b[len(b)-i]; utf8.RuneStart(c) {
			if c >= utf8.RuneSelf && !utf8.FullRune(b[len(b)-i:]) {
				return b[:len(b)-i]
			}
			break
		}
	}
	return b
}

// plainStart gives the beginning of a text as UTF-8, whatever it is written in.
func plainStart(head []byte) string {
	enc := encodingOf(head)
	if enc == UTF16 {
		head = head[:len(head)&^1]
	}
	b, err := io.ReadAll(decoded(bytes.NewReader(head), enc))
	if err != nil {
		return string(head)
	}
	return string(b)
}

// decoded gives a text as UTF-8 without a byte order mark.
func decoded(r io.Reader, enc Encoding) io.Reader {
	switch enc {
	case UTF16:
		return transform.NewReader(r, unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder())
	case Latin:
		return transform.NewReader(r, charmap.Windows1252.NewDecoder())
	case UTF8Marked:
		b := bufio.NewReader(r)
		if start, err := b.Peek(len(utf8BOM)); err == nil && string(start) == utf8BOM {
			_, _ = b.Discard(len(utf8BOM)) // they were peeked at
		}
		return b
	}
	return r
}

// Rewrite gives a text as UTF-8, which is how every text is kept.
func Rewrite(r io.Reader, enc Encoding) io.Reader { return decoded(r, enc) }

// lookText tells plain text from captions and from what only looks like text.
func lookText(r io.ReaderAt, size int64, head []byte, name string) (Found, error) {
	if slices.Contains(programText, Ending(name)) && encodingOf(head) != Binary {
		return Found{}, refused("file.refused.script")
	}
	enc, err := encodingOfAll(r, size, head)
	switch {
	case err != nil:
		return Found{}, err
	case enc == Binary:
		return Found{}, refused("file.refused.unknown")
	case size > maxText:
		return Found{}, refused("file.refused.long_text", "max", maxText>>20)
	}
	return Found{Kind: textKind(plainStart(head)), Encoding: enc}, nil
}

// encodingOfAll reads a text to its end: one strange byte in its middle would
// show on every page that quotes it.
func encodingOfAll(r io.ReaderAt, size int64, head []byte) (Encoding, error) {
	enc := encodingOf(head)
	if enc == Binary || size > maxText {
		return enc, nil
	}
	all, err := readAt(r, 0, size)
	if err != nil {
		return Binary, err
	}
	if enc != UTF16 && enc != UTF8Marked {
		return encodingOf(all), nil
	}
	text, err := io.ReadAll(decoded(bytes.NewReader(all), enc))
	if err != nil || enc == UTF16 && size%2 != 0 {
		return Binary, nil //nolint:nilerr // what cannot be decoded is no text
	}
	if encodingOf(text) != UTF8 {
		return Binary, nil
	}
	return enc, nil
}

// textKind knows captions by how they begin.
func textKind(start string) Kind {
	start = strings.TrimPrefix(start, "\ufeff")
	if rest, found := strings.CutPrefix(start, "WEBVTT"); found && (rest == "" || strings.ContainsRune(" \t\r\n", rune(rest[0]))) {
		return VTT
	}
	lines := strings.SplitN(strings.TrimLeft(start, "\r\n\t "), "\n", 3)
	if len(lines) > 1 && number(strings.TrimSpace(lines[0])) && strings.Contains(lines[1], "-->") {
		return SRT
	}
	return TXT
}

func number(s string) bool {
	return s != "" && len(s) < 7 && strings.Trim(s, "0123456789") == ""
}
