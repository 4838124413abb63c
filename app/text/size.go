package text

import (
	"strconv"
	"strings"
	"time"
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

// Offset tells how far into a recording something is: 23.14 or 1.02.03, in
// English with colons.
func Offset(l Lang, d time.Duration) string {
	sep := "."
	if l == English {
		sep = ":"
	}
	n := int64(d / time.Second)
	two := func(n int64) string { return sep + strconv.FormatInt(n/10, 10) + strconv.FormatInt(n%10, 10) }
	if n < 3600 {
		return strconv.FormatInt(n/60, 10) + two(n%60)
	}
	return strconv.FormatInt(n/3600, 10) + two(n/60%60) + two(n%60)
}
