package material

import (
	"bytes"
	"regexp"
)

// MaxCaption is the largest file of captions: a whole day's talk has some 500 KB.
const MaxCaption = 4 << 20

// subRipTime is a time of a SubRip file: 00:01:02,345 --> 00:01:04,000.
var subRipTime = regexp.MustCompile(`(?m)^(\d{1,2}:\d\d:\d\d),(\d{3}) +--> +(\d{1,2}:\d\d:\d\d),(\d{3})`)

// WebVTT gives captions as browsers read them: those of a SubRip file are put
// into the same form.
func WebVTT(b []byte) []byte {
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	if bytes.HasPrefix(b, []byte("WEBVTT")) {
		return b
	}
	b = bytes.ReplaceAll(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	return append([]byte("WEBVTT\n\n"), subRipTime.ReplaceAll(b, []byte("$1.$2 --> $3.$4"))...)
}
