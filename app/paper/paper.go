// Package paper is what people hold in their hands: badges and certificates as PDF, drawn with gofpdf.
//
// Drawing knows no database. Everything printed arrives as plain data in words the caller has already translated,
// and goes through one gate (gate.go) before gofpdf sees it: gofpdf panics on emoji and invalid UTF-8 and prints
// blanks for missing glyphs, so no other file may hand it text. What the gate had to change is told in a Report.
// The same data gives the same bytes. The PDFs are untagged, so every certificate needs its page as a twin.
//
// What is kept of badges stands here too; nothing in the drawing files reads it.
//
// Tables: badge_design, badge_setup, badge_print.
package paper

import (
	"fmt"
	"strconv"
	"time"
)

// Colour is a printed colour, eight bits a channel.
type Colour struct{ R, G, B uint8 }

// The tokens of the look, in its light form: paper has no dark side.
var (
	ink   = Colour{0x1a, 0x1c, 0x20}
	quiet = Colour{0x5a, 0x5f, 0x68}
	hair  = Colour{0xd9, 0xd4, 0xca}
	white = Colour{0xff, 0xff, 0xff}
	pine  = Colour{0x0d, 0x5c, 0x52}
	live  = Colour{0xb3, 0x37, 0x0f}
	bad   = Colour{0xa3, 0x12, 0x2f}
	mine  = Colour{0x8a, 0x5a, 0x00}
	plum  = Colour{0x5b, 0x2a, 0x63}
	sea   = Colour{0x1d, 0x4e, 0x79}
)

// Hex reads #rrggbb, the form in which a series keeps its accent.
func Hex(s string) (Colour, error) {
	if len(s) != 7 || s[0] != '#' {
		return Colour{}, fmt.Errorf("paper: %q is not a colour like #0d5c52", s)
	}
	n, err := strconv.ParseUint(s[1:], 16, 32)
	if err != nil {
		return Colour{}, fmt.Errorf("paper: %q is not a colour like #0d5c52", s)
	}
	return Colour{uint8(n >> 16), uint8(n >> 8), uint8(n)}, nil
}

// tint mixes c into white; share 1 is the full colour. Grounds are mixed rather than transparent: transparency
// raises the PDF version and makes office printers rasterise the page.
func (c Colour) tint(share float64) Colour {
	mix := func(v uint8) uint8 { return uint8(255 - (255-float64(v))*share + .5) }
	return Colour{mix(c.R), mix(c.G), mix(c.B)}
}

// accentOr gives the series' accent; the zero Colour (black) stands for "none chosen".
func accentOr(c Colour) Colour {
	if c == (Colour{}) {
		return pine
	}
	return c
}

// stamp is the date written into the file. gofpdf puts the clock's time where none is given, and then the same
// badge would never print to the same bytes again.
func stamp(t time.Time) time.Time {
	if t.IsZero() {
		t = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return t.UTC()
}
