package program

import (
	"fmt"
	"math"
	"strconv"
)

// What words on a track's colour are written in, and how well they must stand
// out (WCAG 2.2, 1.4.3).
const (
	white            = "#ffffff"
	nearBlack        = "#131416"
	readableContrast = 4.5
)

// ColorAdvice looks at a track's colour: told says that neither white nor
// near-black words can be read on it, and adjusted is the nearest darker colour
// on which white ones can. Otherwise adjusted is the colour as it is.
func ColorAdvice(color string) (adjusted string, told bool) {
	if !colorPattern.MatchString(color) || contrast(color, white) >= readableContrast || contrast(color, nearBlack) >= readableContrast {
		return color, false
	}
	for share := 0.99; share > 0; share -= 0.01 {
		if adjusted = dimmed(color, share); contrast(adjusted, white) >= readableContrast {
			break
		}
	}
	return adjusted, true
}

func channels(color string) [3]float64 {
	n, _ := strconv.ParseUint(color[1:], 16, 32) // callers give what colorPattern matches
	return [3]float64{float64(n >> 16 & 255), float64(n >> 8 & 255), float64(n & 255)}
}

func dimmed(color string, share float64) string {
	c := channels(color)
	return fmt.Sprintf("#%02x%02x%02x", int(c[0]*share), int(c[1]*share), int(c[2]*share))
}

// contrast is the ratio of WCAG 2.2 between two colours, 1 to 21.
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(color string) float64 {
	var sum float64
	for i, c := range channels(color) {
		if c /= 255; c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += c * [3]float64{0.2126, 0.7152, 0.0722}[i]
	}
	return sum
}
