package sheet

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A spreadsheet takes a cell of a text file for a formula when it begins so,
// also in the wide forms of East Asia, whose keyboards write them.
const formulaStarts = "=+-@＝＋－＠"

// guard makes a cell inert for every spreadsheet: an apostrophe goes before what
// would begin a formula. A program that expects another separator or no quotes
// begins new cells inside this one, so each part is guarded. unguard undoes it
// exactly, whatever the cell held.
func guard(cell string) string {
	if begins(strings.TrimLeft(cell, "'"), "\t\n\r") {
		cell = "'" + cell
	}
	return parts(cell, func(part string) string {
		if isFormula(strings.TrimLeft(part, "'")) {
			return "'" + part
		}
		return part
	})
}

func unguard(cell string) string {
	if !strings.Contains(cell, "'") {
		return cell
	}
	cell = parts(cell, func(part string) string {
		if strings.HasPrefix(part, "'") && isFormula(strings.TrimLeft(part, "'")) {
			return part[1:]
		}
		return part
	})
	if strings.HasPrefix(cell, "'") && begins(strings.TrimLeft(cell, "'"), "\t\n\r") {
		return cell[1:]
	}
	return cell
}

// parts changes what stands between the separators and line ends of a cell.
func parts(cell string, change func(string) string) string {
	if !strings.ContainsAny(cell, ";\t\n") {
		return change(cell)
	}
	var b strings.Builder
	for {
		i := strings.IndexAny(cell, ";\t\n")
		if i < 0 {
			b.WriteString(change(cell))
			return b.String()
		}
		b.WriteString(change(cell[:i]))
		b.WriteByte(cell[i])
		cell = cell[i+1:]
	}
}

func isFormula(s string) bool {
	return begins(strings.TrimLeftFunc(s, unicode.IsSpace), formulaStarts)
}

func begins(s, with string) bool {
	r, size := utf8.DecodeRuneInString(s)
	return size > 0 && strings.ContainsRune(with, r)
}

// legible leaves out what neither XML nor a text file can hold.
func legible(s string) string {
	s = lineEnds.Replace(strings.ToValidUTF8(s, "\ufffd"))
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' || r == 0x7f || r == 0xfffe || r == 0xffff || r == 0xfeff {
			return -1
		}
		return r
	}, s)
}
