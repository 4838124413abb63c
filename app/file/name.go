package file

import (
	"path"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const (
	// maxName is the longest name kept, in letters; file systems end at 255 bytes.
	maxName = 120
	// maxSentName is the longest name that is looked at.
	maxSentName = 4096
)

// reserved are names that Windows takes for devices.
var reserved = strings.Fields("con prn aux nul com1 com2 com3 com4 com5 com6 com7 com8 com9 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9")

// CleanName makes a name that any computer may save a file under out of what its
// sender called it: no path, no control characters, none that turn the reading
// direction around, not too long, and with the ending of its kind.
func CleanName(name string, kind Kind) string {
	name = norm.NFC.String(strings.ToValidUTF8(name[:min(len(name), maxSentName)], ""))
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`<>:/|?*`, r):
			return '-'
		case r == '"':
			return -1
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, name)
	name = strings.TrimRight(strings.Join(strings.Fields(name), " "), ". -")
	ending := ""
	if kind.Fits(name) {
		ending = path.Ext(name)
		name = strings.TrimSuffix(name, ending)
	} else if kind.Known() {
		ending = kind.Extension()
	}
	name = strings.Trim(name, ". -")
	if letters := []rune(name); len(letters) > maxName-len(ending) {
		name = strings.TrimRight(string(letters[:maxName-len(ending)]), ". ")
	}
	if name == "" || slices.Contains(reserved, strings.ToLower(strings.SplitN(name, ".", 2)[0])) {
		name = strings.TrimSuffix("file-"+name, "-")
	}
	return name + ending
}
