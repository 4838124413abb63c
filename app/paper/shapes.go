package paper

import (
	"errors"
	"strconv"

	"rsc.io/qr"
)

// dots draws filled dots as round line ends: one short operator each instead of four curves.
func (s *sheet) dots(seats []seat, cx, cy, scale, radius float64, c Colour) {
	s.stroke(c).op("1 J").num(2 * radius).op("w")
	for _, d := range seats {
		x, y := cx+d.x*scale, cy-d.y*scale
		s.move(x, y).to(x+.01, y)
	}
	s.op("S").draw()
}

func (s *sheet) rect(x, y, w, h float64, c Colour) {
	s.fill(c).num(s.x(x), s.y(y+h), w, h).op("re").op("f").draw()
}

// rounded outlines a path with round corners; the caller fills or strokes it.
func (s *sheet) rounded(x, y, w, h, r float64) *sheet {
	k := r * .4477 // distance of a Bézier handle from the corner for a quarter circle
	curve := func(a, b, c, d, e, f float64) {
		s.num(s.x(a), s.y(b), s.x(c), s.y(d), s.x(e), s.y(f)).op("c")
	}
	s.move(x+r, y).to(x+w-r, y)
	curve(x+w-k, y, x+w, y+k, x+w, y+r)
	s.to(x+w, y+h-r)
	curve(x+w, y+h-k, x+w-k, y+h, x+w-r, y+h)
	s.to(x+r, y+h)
	curve(x+k, y+h, x, y+h-k, x, y+h-r)
	s.to(x, y+r)
	curve(x, y+k, x+k, y, x+r, y)
	return s.op("h")
}

func (s *sheet) rule(x1, y1, x2, y2, width float64, c Colour) {
	s.stroke(c).num(width).op("w").move(x1, y1).to(x2, y2).op("S").draw()
}

// mark draws the three rows of dots with their lower left corner at (x, y).
func (s *sheet) mark(x, y, w float64, c Colour) {
	s.dots(markDots(), x+w/2, y, w, w*1.9/34, c)
}

var errNoCode = errors.New("paper: no QR content")

// qr draws a code as vectors: dark modules merged into runs, all of them one path, so that no hairlines appear
// between rows. The four modules of quiet space around it belong to the box.
func (s *sheet) qr(content string, x, y, side float64) error {
	if content == "" {
		return errNoCode
	}
	code, err := qr.Encode(content, qr.M)
	if err != nil {
		return err
	}
	const margin = 4
	m := side / float64(code.Size+2*margin)
	s.rect(x, y, side, side, white)
	s.fill(ink)
	// One module becomes one unit, counted from the top, so the runs are short whole numbers.
	s.ops = strconv.AppendFloat(s.ops, m, 'f', 4, 64)
	s.ops = append(s.ops, " 0 0 "...)
	s.ops = strconv.AppendFloat(s.ops, -m, 'f', 4, 64)
	s.ops = append(s.ops, ' ')
	s.num(s.x(x+margin*m), s.y(y+margin*m)).op("cm")
	for row := range code.Size {
		for col := 0; col < code.Size; col++ {
			from := col
			for col < code.Size && code.Black(col, row) {
				col++
			}
			if col > from {
				s.whole(from).whole(row).whole(col - from)
				s.op("1 re")
			}
		}
	}
	s.op("f").draw()
	return nil
}

func (s *sheet) whole(v int) *sheet {
	s.ops = append(strconv.AppendInt(s.ops, int64(v), 10), ' ')
	return s
}

// camera draws the sign for photo consent in a square of the given side: a camera, for Ask with a question mark's
// dot row beside it, for No struck through. The word always stands next to it.
func (s *sheet) camera(x, y, side float64, consent PhotoConsent) {
	u := side / 24
	c := consent.colour()
	s.stroke(c).op("1 J 1 j").num(1.7 * u).op("w")
	s.rounded(x+2*u, y+7*u, 20*u, 13*u, 2.6*u).op("S")
	s.move(x+8*u, y+7*u).to(x+9.6*u, y+4.4*u).to(x+14.4*u, y+4.4*u).to(x+16*u, y+7*u).op("S")
	switch consent {
	case PhotoAsk:
		s.question(x, y, u)
	case PhotoNo:
		s.rounded(x+8.6*u, y+10.1*u, 6.8*u, 6.8*u, 3.4*u).op("S")
		s.stroke(white).num(4.4*u).op("w").move(x+3.2*u, y+2.4*u).to(x+20.8*u, y+22.4*u).op("S")
		s.stroke(c).num(1.9*u).op("w").move(x+3.2*u, y+2.4*u).to(x+20.8*u, y+22.4*u).op("S")
	default:
		s.rounded(x+8.6*u, y+10.1*u, 6.8*u, 6.8*u, 3.4*u).op("S")
	}
	s.draw()
}

// question draws the hook and the point of a question mark in the camera's body.
func (s *sheet) question(x, y, u float64) {
	s.num(1.5*u).op("w").move(x+9.9*u, y+11.4*u)
	s.num(s.x(x+10*u), s.y(y+8.7*u), s.x(x+14.2*u), s.y(y+8.8*u), s.x(x+14.1*u), s.y(y+11.4*u)).op("c")
	s.num(s.x(x+14*u), s.y(y+13*u), s.x(x+12*u), s.y(y+12.9*u), s.x(x+12*u), s.y(y+14.5*u)).op("c").op("S")
	s.num(1.9*u).op("w").move(x+12*u, y+17.2*u).to(x+12.01*u, y+17.2*u).op("S")
}
