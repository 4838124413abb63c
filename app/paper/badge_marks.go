package paper

import (
	"bytes"
	"image"
	"image/color"
	_ "image/jpeg" // registers the decoder
	"image/png"
	"math"

	"github.com/jung-kurt/gofpdf"
	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // registers the decoder
)

// first draws the sign of one who comes for the first time, with its words beside it.
func (b *batch) first(i int, e Element, words string) error {
	if words == "" {
		return nil
	}
	x, y, _, h := e.Box.points()
	b.star(x+h/2, y+h/2, h*.5, mine)
	shift := e.Box.H * 1.3
	if shift >= e.Box.W-1 { // no room for words
		return nil
	}
	e.Box.X, e.Box.W = e.Box.X+shift, e.Box.W-shift
	return b.coloured(i, e, "first", words, mine)
}

// star has five points and a round feeling: it should not look like a rank.
func (s *sheet) star(cx, cy, r float64, c Colour) {
	s.fill(c)
	for k := range 10 {
		far := r
		if k%2 == 1 {
			far = r * .52
		}
		a := math.Pi * (float64(k)/5 - .5)
		if x, y := cx+far*math.Cos(a), cy+far*math.Sin(a); k == 0 {
			s.move(x, y)
		} else {
			s.to(x, y)
		}
	}
	s.op("h").op("f").draw()
}

// logo places the design's picture into its box, whole and centred.
func (b *batch) logo(e Element) error {
	if len(b.design.Logo) == 0 {
		return nil
	}
	c, err := png.DecodeConfig(bytes.NewReader(b.design.Logo))
	if err != nil {
		return err
	}
	x, y, w, h := e.Box.points()
	scale := min(w/float64(c.Width), h/float64(c.Height))
	iw, ih := float64(c.Width)*scale, float64(c.Height)*scale
	return b.image(b.design.Logo, x+(w-iw)/2, y+(h-ih)/2, iw, ih)
}

// image draws a PNG that Logo made. The same bytes are in the file once.
func (s *sheet) image(raw []byte, x, y, w, h float64) error {
	x, y = x+s.ox, y+s.oy
	switch {
	case s.view != nil:
		s.view.image(raw, x, y, w, h)
		return nil
	case s.pdf == nil:
		return nil
	}
	name := "image " + digestOf(raw)
	if !s.known[name] {
		s.known[name] = true
		s.pdf.RegisterImageOptionsReader(name, gofpdf.ImageOptions{ImageType: "PNG"}, bytes.NewReader(raw))
	}
	s.pdf.ImageOptions(name, x, y, w, h, false, gofpdf.ImageOptions{ImageType: "PNG"}, 0, "")
	if err := s.pdf.Error(); err != nil {
		s.pdf.ClearError()
		return err
	}
	return nil
}

// logoSide is enough for 60 mm at 300 dots an inch, and small enough for thousands of badges.
const logoSide = 700

// Logo makes a sent picture into one that a design may hold: opaque on white, of a bounded size.
func Logo(raw []byte) ([]byte, error) {
	bad := &Fault{-1, "badge.fault.image", nil}
	c, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || c.Width < 1 || c.Height < 1 || c.Width > 8000 || c.Height > 8000 || c.Width*c.Height > 8*maxPixels {
		return nil, bad
	}
	from, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, bad
	}
	for side := logoSide; side >= 100; side = side * 3 / 4 { // a photograph may have to become smaller still
		scale := min(1, float64(side)/float64(max(c.Width, c.Height)))
		to := image.NewRGBA(image.Rect(0, 0, max(1, int(float64(c.Width)*scale)), max(1, int(float64(c.Height)*scale))))
		draw.Draw(to, to.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
		draw.CatmullRom.Scale(to, to.Bounds(), from, from.Bounds(), draw.Over, nil)
		var b bytes.Buffer
		if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, to); err != nil {
			return nil, err
		}
		if b.Len() <= maxLogo && opaque(b.Bytes()) {
			return b.Bytes(), nil
		}
	}
	return nil, bad
}
