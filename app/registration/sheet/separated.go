package sheet

import (
	"bytes"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// sniffed is how many records are looked at to tell the separator.
const sniffed = 20

// longestQuoted bounds, in bytes, the search for the end of a quoted cell.
const longestQuoted = 4*MaxLongCell + 2

// otherText are endings of files that are text and no list. Any other name may
// hold one: old systems write tabs into .xls, and people rename.
var otherText = []string{".json", ".vcf", ".ics", ".eml", ".pdf", ".svg", ".md"}

func readText(name string, data []byte, g *gathered) error {
	s, ok := decode(data)
	switch {
	case !ok:
		return refuse("sheet.not_a_list")
	case strings.TrimSpace(s) == "":
		return refuse("sheet.empty")
	case looksMarkedUp(s):
		return refuse("sheet.web")
	case hasEnding(name, otherText...) || strings.HasPrefix(s, "%PDF-") || strings.HasPrefix(s, `{\rtf`):
		return refuse("sheet.not_a_list")
	}
	first := 1
	sep, rest, told := toldSeparator(s)
	if told {
		s, first = rest, 2
	} else {
		sep = sniff(s)
	}
	var err error
	unclosed := split(s, sep, func(line int, cells []string) bool {
		err = g.add(line+first-1, cells)
		return err == nil
	})
	if err == nil && unclosed > 0 {
		err = refuse("sheet.quote", "line", unclosed+first-1, "max", MaxCell)
	}
	return err
}

func hasEnding(name string, endings ...string) bool {
	for _, e := range endings {
		if strings.EqualFold(path.Ext(name), e) {
			return true
		}
	}
	return false
}

// decode makes UTF-8 of what Windows and spreadsheets write. It refuses what is
// no text.
func decode(data []byte) (string, bool) {
	var from encoding.Encoding
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")):
		from = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
	case zerosAt(data, 1):
		from = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case zerosAt(data, 0):
		from = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case bytes.IndexByte(data, 0) >= 0:
		return "", false
	case utf8.Valid(data):
		return string(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))), true
	case bytes.ContainsFunc(data, func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' }):
		return "", false // pictures and the like also fail as UTF-8
	default:
		from = charmap.Windows1252
	}
	b, err := from.NewDecoder().Bytes(data)
	if err != nil || bytes.IndexByte(b, 0) >= 0 {
		return "", false
	}
	return string(b), true
}

// zerosAt reports whether every second byte of the beginning, from i, is zero and
// no other is: Latin letters in UTF-16 without a mark.
func zerosAt(data []byte, i int) bool {
	head := data[:min(len(data)&^1, 64)]
	for at, b := range head {
		if (b == 0) != (at%2 == i) {
			return false
		}
	}
	return len(head) > 3
}

func looksMarkedUp(s string) bool {
	s = strings.ToLower(strings.TrimSpace(s[:min(len(s), 200)]))
	for _, start := range []string{"<html", "<!doctype", "<table", "<?xml", "<head", "<body", "<meta", "<div", "<style", "<!--", "mime-version:"} {
		if strings.HasPrefix(s, start) {
			return true
		}
	}
	return false
}

// toldSeparator reads the line sep=; that some programs write for Excel.
func toldSeparator(s string) (sep byte, rest string, told bool) {
	line, rest, _ := strings.Cut(s, "\n")
	line = strings.TrimRight(line, "\r")
	if len(line) != 5 || !strings.EqualFold(line[:4], "sep=") || line[4] == '"' {
		return 0, "", false
	}
	return line[4], rest, true
}

// sniff tells the separator: the one that parts most of the first records into
// equally many cells, and into more of them where two do so equally well.
func sniff(s string) byte {
	best, bestRecords, bestCells := byte(','), 0, 0
	for _, sep := range []byte{';', '\t', ','} {
		counts := map[int]int{}
		seen := 0
		split(s, sep, func(_ int, cells []string) bool {
			counts[len(cells)]++
			seen++
			return seen < sniffed
		})
		for cells, records := range counts {
			if cells > 1 && (records > bestRecords || records == bestRecords && cells > bestCells) {
				best, bestRecords, bestCells = sep, records, cells
			}
		}
	}
	return best
}

// split gives the records of a text with the lines they begin on until each
// returns false. It reads what is not quite CSV as people mean it: a quotation
// mark inside a cell is one, and a cell is quoted only when the closing mark ends
// it. A quoted cell without end gives the line it begins on, else 0.
func split(s string, sep byte, each func(line int, cells []string) bool) (unclosed int) {
	line := 1
	for i := 0; i < len(s); {
		start := line
		var cells []string
		for {
			cell, next, quoted := cut(s[i:], sep)
			if next < 0 {
				return line
			}
			if quoted {
				line += strings.Count(cell, "\n")
			}
			cells = append(cells, cell)
			i += next
			if i >= len(s) || s[i] != sep || len(cells) > mostCells {
				break
			}
			if i++; i == len(s) {
				cells = append(cells, "")
				break
			}
		}
		if strings.HasPrefix(s[i:], "\r\n") {
			i++
		}
		i++
		line++
		if !each(start, cells) {
			return 0
		}
	}
	return 0
}

// cut takes the first cell of s; next is where its separator, line end or the
// end stands, -1 when a quoted cell does not end.
func cut(s string, sep byte) (cell string, next int, quoted bool) {
	if strings.HasPrefix(s, `"`) {
		cell, next = cutQuoted(s, sep)
		if next != 0 {
			return cell, next, true
		}
	}
	for next < len(s) && s[next] != sep && s[next] != '\n' && s[next] != '\r' {
		next++
	}
	return s[:next], next, false
}

// cutQuoted takes a quoted cell, with its line ends made \n; next is 0 when the
// mark that should close it is followed by more text.
func cutQuoted(s string, sep byte) (cell string, next int) {
	for i := 1; i < min(len(s), longestQuoted); i++ {
		if s[i] != '"' {
			continue
		}
		if i+1 < len(s) && s[i+1] == '"' {
			i++
			continue
		}
		if i+1 < len(s) && s[i+1] != sep && s[i+1] != '\n' && s[i+1] != '\r' {
			return "", 0
		}
		return lineEnds.Replace(strings.ReplaceAll(s[1:i], `""`, `"`)), i + 1
	}
	return "", -1
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")
