package content

import (
	"bytes"
	"encoding/binary"
	"io"
)

// upright is the orientation of a picture that needs no turning.
const upright = 1

// maxMeta is how far into a picture its camera's notes are looked for.
const maxMeta = 256 << 10

// Orientation tells how a camera was held (1 to 8, as in EXIF): its pictures lie
// on their side until somebody turns them.
func Orientation(r io.ReaderAt, size int64, kind Kind) int {
	head, err := readAt(r, 0, min(size, maxMeta))
	if err != nil {
		return upright
	}
	switch kind {
	case JPEG:
		return tiffOrientation(jpegExif(head))
	case PNG:
		return tiffOrientation(chunk(head, 8, "eXIf", binary.BigEndian, true))
	case WebP:
		return tiffOrientation(bytes.TrimPrefix(chunk(head, 12, "EXIF", binary.LittleEndian, false), []byte("Exif\x00\x00")))
	}
	return upright
}

// jpegExif walks the segments before the picture itself.
func jpegExif(b []byte) []byte {
	for at := 2; at+4 <= len(b) && b[at] == 0xff; {
		marker, n := b[at+1], int(binary.BigEndian.Uint16(b[at+2:]))
		if marker == 0xda || n < 2 || at+2+n > len(b) {
			return nil
		}
		if body := b[at+4 : at+2+n]; marker == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			return body[6:]
		}
		at += 2 + n
	}
	return nil
}

// chunk finds a chunk of a PNG (size first, a checksum after) or a WebP (name
// first, filled up to even sizes).
func chunk(b []byte, at int, name string, order binary.ByteOrder, png bool) []byte {
	for at+8 <= len(b) {
		var n int
		var called string
		if png {
			n, called = int(order.Uint32(b[at:])), string(b[at+4:at+8])
		} else {
			called, n = string(b[at:at+4]), int(order.Uint32(b[at+4:]))
		}
		if n < 0 || n > len(b)-at-8 {
			return nil
		}
		if called == name {
			return b[at+8 : at+8+n]
		}
		if at += 8 + n; png {
			at += 4
		} else {
			at += n % 2
		}
	}
	return nil
}

// tiffOrientation looks the entry up in the first list of the notes.
func tiffOrientation(b []byte) int {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(b, []byte("II*\x00")):
		order = binary.LittleEndian
	case bytes.HasPrefix(b, []byte("MM\x00*")):
		order = binary.BigEndian
	default:
		return upright
	}
	if len(b) < 8 {
		return upright
	}
	at := int64(order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return upright
	}
	entries := int64(order.Uint16(b[at:]))
	for i := range entries {
		e := at + 2 + 12*i
		if e+12 > int64(len(b)) {
			return upright
		}
		if order.Uint16(b[e:]) == 0x0112 {
			if o := int(order.Uint16(b[e+8:])); o >= 1 && o <= 8 {
				return o
			}
			return upright
		}
	}
	return upright
}
