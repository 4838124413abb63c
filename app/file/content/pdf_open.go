package content

import (
	"bytes"
	"io"

	"github.com/ledongthuc/pdf"
)

// openPDF forgives what every viewer forgives and the library does not: what
// stands before the head and after the end, and a newer number in the head.
func openPDF(r io.ReaderAt, size int64) (*pdf.Reader, error) {
	head, err := readAt(r, 0, min(size, headSize))
	if err != nil {
		return nil, err
	}
	start := int64(max(0, bytes.Index(head, []byte("%PDF-"))))
	from := max(start, size-tailSize)
	tail, err := readAt(r, from, size-from)
	if err != nil {
		return nil, err
	}
	end := size
	if i := bytes.LastIndex(tail, []byte("%%EOF")); i >= 0 {
		end = from + int64(i) + int64(len("%%EOF"))
	}
	return pdf.NewReader(mendedHead{io.NewSectionReader(r, start, end-start)}, end-start)
}

// mendedHead begins like a PDF of a kind that the library opens.
type mendedHead struct{ io.ReaderAt }

const plainHead = "%PDF-1.7\n"

// ReadAt puts the plain head over the file's own.
func (m mendedHead) ReadAt(b []byte, offset int64) (int, error) {
	n, err := m.ReaderAt.ReadAt(b, offset)
	if offset >= 0 && offset < int64(len(plainHead)) {
		copy(b[:n], plainHead[offset:])
	}
	return n, err
}
