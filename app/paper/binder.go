package paper

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
)

// binder joins PDFs that this package made into one, part by part as they come: gofpdf keeps a whole document in
// memory until its end, and ten thousand badges would not fit. Each part's tree of pages becomes a branch of one.
// It relies on how gofpdf writes: a plain table of objects, references only outside of streams.
type binder struct {
	w        io.Writer
	at       int64
	offsets  []int64 // of each object written, by number; the first three are written last
	branches []int
	pages    int
	info     []byte
}

const (
	bindRoot = iota + 1
	bindCatalog
	bindInfo
)

var (
	errUnbound = errors.New("paper: a part of the document is not as it was written")

	reference  = regexp.MustCompile(`\b(\d+) 0 R\b`)
	pageCount  = regexp.MustCompile(`/Count (\d+)`)
	trailerHas = regexp.MustCompile(`/Root (\d+) 0 R\s*/Info (\d+) 0 R`)
)

func newBinder(w io.Writer) *binder { return &binder{w: w, offsets: make([]int64, bindInfo+1)} }

func (b *binder) write(p ...[]byte) error {
	for _, one := range p {
		n, err := b.w.Write(one)
		b.at += int64(n)
		if err != nil {
			return err
		}
	}
	return nil
}

// add appends a part.
func (b *binder) add(pdf []byte) error {
	starts, end, root, info, err := readTable(pdf)
	if err != nil {
		return err
	}
	if b.at == 0 {
		head, _, _ := bytes.Cut(pdf, []byte("\n"))
		if err := b.write(head, []byte("\n")); err != nil {
			return err
		}
	}
	base := len(b.offsets) - 1
	for range starts {
		b.offsets = append(b.offsets, 0)
	}
	for number, from := range starts {
		body, err := objectAt(pdf, from, nextAfter(starts, from, end))
		if err != nil {
			return err
		}
		number++
		switch number {
		case root:
			continue
		case info:
			if b.info == nil {
				b.info = bytes.Clone(body)
			}
			continue
		}
		dict, stream := body, []byte(nil)
		if i := bytes.Index(body, []byte("\nstream\n")); i >= 0 {
			dict, stream = body[:i], body[i:]
		}
		dict = renumbered(dict, base)
		if number == 1 {
			if dict, err = b.branch(dict, base+1); err != nil {
				return err
			}
		}
		b.offsets[base+number] = b.at
		if err := b.write(fmt.Appendf(nil, "%d 0 obj\n", base+number), dict, stream, []byte("endobj\n")); err != nil {
			return err
		}
	}
	return nil
}

// branch makes a part's tree of pages a branch of the whole one.
func (b *binder) branch(dict []byte, number int) ([]byte, error) {
	count := pageCount.FindSubmatch(dict)
	if count == nil || !bytes.Contains(dict, []byte("/Type /Pages")) {
		return nil, errUnbound
	}
	n, err := strconv.Atoi(string(count[1]))
	b.branches, b.pages = append(b.branches, number), b.pages+n
	return bytes.Replace(dict, []byte("/Type /Pages"), fmt.Appendf(nil, "/Type /Pages /Parent %d 0 R", bindRoot), 1), err
}

// readTable reads where the objects begin, by number from 1 on, and which are the catalogue and the information.
func readTable(pdf []byte) (starts []int, end, root, info int, err error) {
	at := bytes.LastIndex(pdf, []byte("startxref\n"))
	if at < 0 {
		return nil, 0, 0, 0, errUnbound
	}
	if _, err := fmt.Sscanf(string(pdf[at+10:]), "%d", &end); err != nil || end <= 0 || end >= at {
		return nil, 0, 0, 0, errUnbound
	}
	var first, n int
	if _, err := fmt.Sscanf(string(pdf[end:min(len(pdf), end+40)]), "xref\n%d %d\n", &first, &n); err != nil || first != 0 {
		return nil, 0, 0, 0, errUnbound
	}
	lines := bytes.SplitN(pdf[end:at], []byte("\n"), n+3)
	if len(lines) != n+3 {
		return nil, 0, 0, 0, errUnbound
	}
	for _, line := range lines[3 : n+2] {
		from, err := strconv.Atoi(string(line[:min(10, len(line))]))
		if err != nil || from <= 0 || from >= end {
			return nil, 0, 0, 0, errUnbound
		}
		starts = append(starts, from)
	}
	has := trailerHas.FindSubmatch(pdf[end:at])
	if has == nil {
		return nil, 0, 0, 0, errUnbound
	}
	root, _ = strconv.Atoi(string(has[1]))
	info, _ = strconv.Atoi(string(has[2]))
	return starts, end, root, info, nil
}

// nextAfter is where the object after the one at from begins.
func nextAfter(starts []int, from, end int) int {
	next := end
	for _, s := range starts {
		if s > from && s < next {
			next = s
		}
	}
	return next
}

// objectAt is what stands between an object's head and its end.
func objectAt(pdf []byte, from, to int) ([]byte, error) {
	_, body, found := bytes.Cut(pdf[from:to], []byte(" 0 obj\n"))
	end := bytes.LastIndex(body, []byte("endobj"))
	if !found || end < 0 {
		return nil, errUnbound
	}
	return body[:end], nil
}

func renumbered(dict []byte, base int) []byte {
	return reference.ReplaceAllFunc(dict, func(m []byte) []byte {
		n, err := strconv.Atoi(string(m[:bytes.IndexByte(m, ' ')]))
		if err != nil {
			return m
		}
		return fmt.Appendf(nil, "%d 0 R", n+base)
	})
}

// close writes the tree, the catalogue and the table.
func (b *binder) close() error {
	if b.pages == 0 {
		return errEmpty
	}
	var kids bytes.Buffer
	for _, n := range b.branches {
		fmt.Fprintf(&kids, "%d 0 R ", n)
	}
	for i, body := range [][]byte{
		fmt.Appendf(nil, "<</Type /Pages\n/Kids [%s]\n/Count %d\n>>\n", bytes.TrimSpace(kids.Bytes()), b.pages),
		fmt.Appendf(nil, "<<\n/Type /Catalog\n/Pages %d 0 R\n>>\n", bindRoot), b.info,
	} {
		b.offsets[i+1] = b.at
		if err := b.write(fmt.Appendf(nil, "%d 0 obj\n", i+1), body, []byte("endobj\n")); err != nil {
			return err
		}
	}
	var table bytes.Buffer
	// What was left out of a part (its catalogue) is free.
	fmt.Fprintf(&table, "xref\n0 %d\n0000000000 65535 f \n", len(b.offsets))
	for _, at := range b.offsets[1:] {
		if at == 0 {
			table.WriteString("0000000000 00000 f \n")
			continue
		}
		fmt.Fprintf(&table, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&table, "trailer\n<<\n/Size %d\n/Root %d 0 R\n/Info %d 0 R\n>>\nstartxref\n%d\n%%%%EOF\n", len(b.offsets), bindCatalog, bindInfo, b.at)
	return b.write(table.Bytes())
}
