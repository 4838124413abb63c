package text

import (
	"strconv"
	"strings"
)

// sizeUnits are those of bytes, thousands and millions; Finnish counts "tavu".
var sizeUnits = map[Lang][3]string{Finnish: {"t", "kt", "Mt"}, Swedish: {"B", "kB", "MB"}, English: {"B", "kB", "MB"}}

// Size tells how large a file is: 2,4 Mt.
func Size(l Lang, bytes int64) string {
	units, ok := sizeUnits[l]
	if !ok {
		units = sizeUnits[English]
	}
	switch {
	case bytes < 1000:
		return strconv.FormatInt(bytes, 10) + nbsp + units[0]
	case bytes < 999_500:
		return strconv.FormatInt((bytes+500)/1000, 10) + nbsp + units[1]
	}
	tenths := strconv.FormatFloat(float64(bytes)/1e6, 'f', 1, 64)
	if bytes >= 99_950_000 {
		tenths = strconv.FormatInt((bytes+500_000)/1_000_000, 10)
	}
	if l != English {
		tenths = strings.Replace(tenths, ".", ",", 1)
	}
	return tenths + nbsp + units[2]
}
