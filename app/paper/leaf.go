package paper

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg" // signatures come as either
	"image/png"

	"github.com/jung-kurt/gofpdf"
)

// leaf draws pages in millimetres and remembers what had to give: the papers that
// are no badges stand on it.
type leaf struct {
	*sheet
	index  int
	report *Report
	who    string
	err    error // the first failure; drawing goes on harmlessly after it
}

// sized is a style from its largest and smallest size.
func (f *leaf) sized(largest, smallest float64, lines int, bold bool) style {
	st := style{chain: f.press.sans, narrow: f.press.narrow, max: largest, good: largest * .8, min: smallest, lines: lines}
	if bold {
		st.chain, st.narrow = f.press.bold, f.press.narrowBold
	}
	return st
}

// steady is a style that rather breaks a line than becomes smaller: neighbours
// should look alike.
func (f *leaf) steady(size, smallest float64, lines int, bold bool) style {
	st := f.sized(size, smallest, lines, bold)
	st.good = size
	return st
}

// measure fits words into a width and height without drawing them.
func (f *leaf) measure(field, words string, w, h float64, st style) setting {
	clean, notes := f.press.pass(words)
	set := f.press.fit(clean, w*mm, h*mm, st)
	f.report.fitted(f.index, f.who, field, append(notes, set.notes...))
	return set
}

// text fits words into a box from its top.
func (f *leaf) text(field, words string, b Box, st style, align float64, c Colour) setting {
	set := f.measure(field, words, b.W, b.H, st)
	f.print(set, b, align, c)
	return set
}

// print draws what was measured.
func (f *leaf) print(set setting, b Box, align float64, c Colour) {
	x, y, w, _ := b.points()
	f.keep(f.block(set, x, y, w, align, c))
}

func (f *leaf) keep(err error) {
	if f.err == nil {
		f.err = err
	}
}

// line is a hairline or a thicker one, in millimetres but for its width.
func (f *leaf) line(x1, y1, x2, y2, width float64, c Colour) {
	f.rule(x1*mm, y1*mm, x2*mm, y2*mm, width, c)
}

// ground fills a box.
func (f *leaf) ground(b Box, c Colour) {
	x, y, w, h := b.points()
	f.rect(x, y, w, h, c)
}

// picture puts a picture into a box, as large as it fits, at its left and bottom.
// It is drawn anew on white first: transparency would raise the version of the file.
func (f *leaf) picture(raw []byte, b Box) error {
	sum := sha256.Sum256(raw)
	name := hex.EncodeToString(sum[:8])
	options := gofpdf.ImageOptions{ImageType: "PNG"}
	if !f.known[name] {
		flat, err := flatten(raw)
		if err != nil {
			return err
		}
		f.pdf.RegisterImageOptionsReader(name, options, bytes.NewReader(flat))
		if err := f.pdf.Error(); err != nil {
			f.pdf.ClearError()
			return err
		}
		f.known[name] = true
	}
	info := f.pdf.GetImageInfo(name)
	x, y, bw, bh := b.points()
	scale := min(bw/info.Width(), bh/info.Height())
	iw, ih := info.Width()*scale, info.Height()*scale
	f.pdf.ImageOptions(name, x, y+bh-ih, iw, ih, false, options, 0, "")
	return f.pdf.Error()
}

// maxPicture bounds the points of a picture on paper.
const maxPicture = 16 << 20

func flatten(raw []byte) ([]byte, error) {
	config, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || config.Width < 1 || config.Height < 1 || config.Width*config.Height > maxPicture {
		return nil, fmt.Errorf("paper: a picture that cannot be printed: %w", errOr(err))
	}
	src, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	bounds := src.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, bounds.Dx(), bounds.Dy()))
	for y := range bounds.Dy() {
		for x := range bounds.Dx() {
			r, g, b, a := src.At(bounds.Min.X+x, bounds.Min.Y+y).RGBA()
			over := func(v uint32) uint8 { return uint8((v + 0xffff - a) >> 8) } //nolint:gosec // both are 16 bits
			out.SetRGBA(x, y, color.RGBA{over(r), over(g), over(b), 255})
		}
	}
	var buffer bytes.Buffer
	err = png.Encode(&buffer, out)
	return buffer.Bytes(), err
}

func errOr(err error) error {
	if err == nil {
		return fmt.Errorf("it has no size or too large a one")
	}
	return err
}

// reliably draws a piece of a document and makes its place white when that fails
// half-way, so that one bad piece never stops the others.
func (f *leaf) reliably(field string, white func(), draw func() error) {
	if err := safely(draw); err != nil {
		f.ops, f.err = f.ops[:0], nil
		white()
		f.report.add(f.index, f.who, field, []note{{Failed, err.Error()}})
		return
	}
	f.report.Printed++
}
