package paper

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// view is a sheet on the screen: what would go into the PDF becomes an SVG of the same lines, the same letters in the
// same places. It understands the operators that this package writes, and draws letters by their outlines, because
// the reader's device has other fonts. Everything is an attribute: the site's pages allow no styles of their own.
type view struct {
	strings.Builder
	fonts map[*face]*sfnt.Font
	buf   sfnt.Buffer
}

func newView() *view { return &view{fonts: map[*face]*sfnt.Font{}} }

// svg closes the picture; a user unit is a millimetre.
func (v *view) svg(w, h float64) string {
	size := short(w/mm) + ` ` + short(h/mm)
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ` + size + `"><rect width="100%" height="100%" fill="#ffffff"/><g transform="scale(` +
		strconv.FormatFloat(1/mm, 'f', 6, 64) + `)">` + v.String() + `</g></svg>`
}

func short(f float64) string {
	s := strconv.FormatFloat(f, 'f', 2, 64)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}

func (c Colour) hex() string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// pen is the state of the operators while they are drawn.
type pen struct {
	fill, stroke string
	width        float64
	round        bool
	m            [6]float64 // from the operators' units to points, y upwards
	path         strings.Builder
	h            float64
}

// draw turns a piece of operators into paths.
func (v *view) draw(ops []byte, h float64) {
	p := &pen{fill: "#000000", stroke: "#000000", width: 1, m: [6]float64{1, 0, 0, 1, 0, 0}, h: h}
	var n []float64
	for _, word := range strings.Fields(string(ops)) {
		if f, err := strconv.ParseFloat(word, 64); err == nil {
			n = append(n, f)
			continue
		}
		v.op(p, word, n)
		n = n[:0]
	}
}

func (v *view) op(p *pen, name string, n []float64) {
	switch name {
	case "rg":
		p.fill = shade(n)
	case "RG":
		p.stroke = shade(n)
	case "w":
		p.width = n[0]
	case "J":
		p.round = n[0] == 1
	case "cm":
		p.m = [6]float64(n)
	case "m":
		p.point("M", n)
	case "l":
		p.point("L", n)
	case "c":
		p.point("C", n)
	case "h":
		p.path.WriteString("Z")
	case "re":
		x, y, w, h := n[0], n[1], n[2], n[3]
		p.point("M", []float64{x, y})
		p.point("L", []float64{x + w, y, x + w, y + h, x, y + h})
		p.path.WriteString("Z")
	case "f":
		v.shape(p, `fill="`+p.fill+`"`)
	case "S":
		line := ""
		if p.round {
			line = ` stroke-linecap="round" stroke-linejoin="round"`
		}
		v.shape(p, `fill="none" stroke="`+p.stroke+`" stroke-width="`+short(p.width)+`"`+line)
	}
}

func shade(n []float64) string {
	return Colour{uint8(n[0]*255 + .5), uint8(n[1]*255 + .5), uint8(n[2]*255 + .5)}.hex()
}

func (p *pen) point(command string, n []float64) {
	p.path.WriteString(command)
	for i := 0; i+1 < len(n); i += 2 {
		x := p.m[0]*n[i] + p.m[2]*n[i+1] + p.m[4]
		y := p.m[1]*n[i] + p.m[3]*n[i+1] + p.m[5]
		if i > 0 {
			p.path.WriteByte(' ')
		}
		p.path.WriteString(short(x) + " " + short(p.h-y))
	}
}

func (v *view) shape(p *pen, how string) {
	v.WriteString(`<path ` + how + ` d="` + p.path.String() + `"/>`)
	p.path.Reset()
}

// put draws the outlines of one line's letters.
func (v *view) put(l line, x, y, size float64, c Colour) error {
	var path strings.Builder
	for _, r := range l.runs {
		f, err := v.font(r.face)
		if err != nil {
			return err
		}
		for _, letter := range r.text {
			v.letter(&path, f, letter, x, y, size)
			w, _ := r.face.cover().width(letter)
			x += float64(w+r.track) * size / 1000
		}
	}
	v.WriteString(`<path fill="` + c.hex() + `" d="` + path.String() + `"/>`)
	return nil
}

func (v *view) font(f *face) (*sfnt.Font, error) {
	if known := v.fonts[f]; known != nil {
		return known, nil
	}
	raw, err := f.load()
	if err != nil {
		return nil, err
	}
	parsed, err := sfnt.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("paper: font %s: %w", f.family, err)
	}
	v.fonts[f] = parsed
	return parsed, nil
}

// letter adds one outline; what has none, such as a space, adds nothing.
func (v *view) letter(path *strings.Builder, f *sfnt.Font, r rune, x, y, size float64) {
	glyph, err := f.GlyphIndex(&v.buf, r)
	if err != nil || glyph == 0 {
		return
	}
	em := f.UnitsPerEm()
	segments, err := f.LoadGlyph(&v.buf, glyph, fixed.I(int(em)), &sfnt.LoadGlyphOptions{})
	if err != nil {
		return
	}
	scale := size / float64(em) / 64
	for _, s := range segments {
		path.WriteByte("MLQC"[s.Op])
		for i := range [...]int{1, 1, 2, 3}[s.Op] {
			if i > 0 {
				path.WriteByte(' ')
			}
			path.WriteString(short(x+float64(s.Args[i].X)*scale) + " " + short(y+float64(s.Args[i].Y)*scale))
		}
	}
	if len(segments) > 0 {
		path.WriteByte('Z')
	}
}

// image places a picture; it comes as PNG of our own making.
func (v *view) image(png []byte, x, y, w, h float64) {
	fmt.Fprintf(v, `<image x="%s" y="%s" width="%s" height="%s" href="data:image/png;base64,%s"/>`, short(x), short(y), short(w), short(h), base64.StdEncoding.EncodeToString(png))
}
