package exchange

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"agora/app/fail"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// toUTF8 decodes by byte order mark, then by the XML declaration, and takes out what no text may hold.
func toUTF8(raw []byte, n *notes) ([]byte, error) {
	switch {
	case bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")):
		raw = raw[3:]
	case bytes.HasPrefix(raw, []byte("\xff\xfe")), bytes.HasPrefix(raw, []byte("<\x00")):
		return withoutControls(decodeWith(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), raw), n), nil
	case bytes.HasPrefix(raw, []byte("\xfe\xff")), bytes.HasPrefix(raw, []byte("\x00<")):
		return withoutControls(decodeWith(unicode.UTF16(unicode.BigEndian, unicode.UseBOM), raw), n), nil
	}
	switch declared := declaredEncoding(raw); declared {
	case "", "utf-8", "utf8", "us-ascii", "ascii", "utf-16":
		// A UTF-16 file would have shown by now: the declaration was left over from a conversion.
	case "iso-8859-1", "iso8859-1", "latin1", "latin-1", "windows-1252", "cp1252":
		// Whoever writes ISO-8859-1 means windows-1252; browsers read it so too.
		return withoutControls(decodeWith(charmap.Windows1252, raw), n), nil
	case "iso-8859-15", "latin9", "latin-9":
		return withoutControls(decodeWith(charmap.ISO8859_15, raw), n), nil
	default:
		if !utf8.Valid(raw) {
			return nil, &fail.Error{Kind: fail.Invalid, Key: "exchange.unknown_encoding", Err: ErrEncoding}
		}
	}
	return withoutControls(mendUTF8(raw, n), n), nil
}

func decodeWith(e encoding.Encoding, raw []byte) []byte {
	// These decoders replace what they cannot read; they do not fail on memory.
	out, _ := e.NewDecoder().Bytes(raw)
	return out
}

// declaredEncoding reads the encoding out of <?xml … encoding="…"?>, in lower case.
func declaredEncoding(raw []byte) string {
	head := raw[:min(len(raw), 256)]
	if !bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("<?xml")) {
		return ""
	}
	end := bytes.Index(head, []byte("?>"))
	if end < 0 {
		return ""
	}
	_, rest, found := strings.Cut(string(head[:end]), "encoding")
	if !found {
		return ""
	}
	rest = strings.TrimLeft(rest, " \t\r\n=")
	if rest == "" || (rest[0] != '"' && rest[0] != '\'') {
		return ""
	}
	value, _, _ := strings.Cut(rest[1:], rest[:1])
	return strings.ToLower(strings.TrimSpace(value))
}

// mendUTF8 reads stray bytes as windows-1252, which is what they nearly always are in a file that calls itself UTF-8.
func mendUTF8(raw []byte, n *notes) []byte {
	if utf8.Valid(raw) {
		return raw
	}
	out := make([]byte, 0, len(raw)+len(raw)/8)
	line := 1
	for len(raw) > 0 {
		r, size := utf8.DecodeRune(raw)
		if r == utf8.RuneError && size == 1 {
			r = charmap.Windows1252.DecodeByte(raw[0])
			n.add(badBytes, line, string(r))
		}
		if r == '\n' {
			line++
		}
		out = utf8.AppendRune(out, r)
		raw = raw[size:]
	}
	return out
}

// withoutControls drops NUL and the other characters that XML, JSON and PostgreSQL refuse.
func withoutControls(text []byte, n *notes) []byte {
	if bytes.IndexFunc(text, forbidden) < 0 {
		return text
	}
	found, line, firstLine := 0, 1, 0
	out := bytes.Map(func(r rune) rune {
		if r == '\n' {
			line++
		}
		if forbidden(r) {
			if found++; firstLine == 0 {
				firstLine = line
			}
			return -1
		}
		return r
	}, text)
	n.addMany(controlChars, firstLine, "U+0000–U+001F", found)
	return out
}

// forbidden tells characters outside of XML 1.0, and DEL with the C1 controls, which nobody types.
func forbidden(r rune) bool {
	switch {
	case r == '\t', r == '\n', r == '\r':
		return false
	case r < 0x20, r >= 0x7f && r < 0xa0 && r != 0x85, r == 0xfffe, r == 0xffff, r >= 0xd800 && r < 0xe000:
		return true
	}
	return false
}

// cleanText is how a text of several lines is kept: valid, plain line ends, nothing around it.
func cleanText(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if strings.IndexFunc(s, forbidden) >= 0 {
		s = strings.Map(func(r rune) rune {
			if forbidden(r) {
				return -1
			}
			return r
		}, s)
	}
	if strings.ContainsRune(s, '\r') {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	return strings.TrimSpace(s)
}

// cleanLine is how a name or title is kept: one line, single spaces.
func cleanLine(s string) string {
	return strings.Join(strings.Fields(cleanText(s)), " ")
}
