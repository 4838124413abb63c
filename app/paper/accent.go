package paper

import "math"

// readable is the contrast that words of the accent have with white paper.
const readable = 4.5

// Accent reads a series' colour and darkens it until it can be read on white. What
// is no colour is the house's own.
func Accent(hex string) Colour {
	c, err := Hex(hex)
	if err != nil {
		return pine
	}
	for share := 0.0; share <= 1; share += .04 {
		dark := Colour{darker(c.R, share), darker(c.G, share), darker(c.B, share)}
		if 1.05/(dark.luminance()+.05) >= readable {
			return dark
		}
	}
	return ink
}

func darker(v uint8, share float64) uint8 { return uint8(math.Round(float64(v) * (1 - share))) }

// luminance is the relative luminance of WCAG 2.2.
func (c Colour) luminance() (l float64) {
	for i, v := range [...]uint8{c.R, c.G, c.B} {
		x := float64(v) / 255
		if x <= 0.04045 {
			x /= 12.92
		} else {
			x = math.Pow((x+0.055)/1.055, 2.4)
		}
		l += x * [3]float64{0.2126, 0.7152, 0.0722}[i]
	}
	return l
}
