package page

import (
	"fmt"
	"math"
	"strconv"
)

// The two papers of the look, against which colours have to be read.
const (
	lightPaper = "#faf8f4"
	darkPaper  = "#131416"
)

// readableContrast is what WCAG 2.2 (1.4.3) asks of text.
const readableContrast = 4.5

const (
	darker  = "#000000"
	lighter = "#ffffff"
)

func channels(hex string) [3]float64 {
	n, _ := strconv.ParseUint(hex[1:], 16, 32) // callers give checked #rrggbb
	return [3]float64{float64(n >> 16 & 255), float64(n >> 8 & 255), float64(n & 255)}
}

// luminance is the relative luminance of WCAG 2.2.
func luminance(hex string) float64 {
	var l float64
	for i, c := range channels(hex) {
		c /= 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		l += c * [3]float64{0.2126, 0.7152, 0.0722}[i]
	}
	return l
}

// contrast is the contrast ratio of WCAG 2.2, 1 to 21.
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// mix blends a with share of b.
func mix(a, b string, share float64) string {
	x, y := channels(a), channels(b)
	var out [3]int
	for i := range out {
		out[i] = int(math.Round(x[i]*(1-share) + y[i]*share))
	}
	return fmt.Sprintf("#%02x%02x%02x", out[0], out[1], out[2])
}

// tint moves a colour towards black or white. On the way to white it keeps its hue
// and most of its strength, where mixing would leave a grey.
func tint(color, towards string, share float64) string {
	if towards != lighter {
		return mix(color, towards, share)
	}
	c := channels(color)
	high, low := max(c[0], c[1], c[2])/255, min(c[0], c[1], c[2])/255
	light := (high + low) / 2
	to := light + (1-light)*share
	stretch := 0.0
	if high > low && to < 1 {
		strength := (high - low) / (1 - math.Abs(2*light-1)) * (1 - 0.4*share)
		stretch = strength * (1 - math.Abs(2*to-1)) / (high - low)
	}
	var out [3]int
	for i := range out {
		out[i] = int(math.Round(min(max(to+(c[i]/255-light)*stretch, 0), 1) * 255))
	}
	return fmt.Sprintf("#%02x%02x%02x", out[0], out[1], out[2])
}

// OnWhite is a colour darkened until it can be read on white, and white on it;
// nothing when it is no colour.
func OnWhite(color string) string {
	if !hexColor.MatchString(color) {
		return ""
	}
	return readable(color, lighter, darker)
}

// readable moves a colour towards black or white until text in it can be read
// on the paper; a colour that is good already stays as it is.
func readable(color, paper, towards string) string {
	for share := 0.0; share <= 1; share += 0.04 {
		if c := tint(color, towards, share); contrast(c, paper) >= readableContrast {
			return c
		}
	}
	return towards
}

// TrackShades are the shades a track's colour is shown in: on light paper and on dark.
func TrackShades(color string) (light, dark string) {
	return readable(color, lightPaper, darker), readable(color, darkPaper, lighter)
}

// TrackAdvice looks at a track's colour: told says that neither white nor
// near-black words can be read on it, and adjusted is the nearest darker colour
// on which white ones can. Otherwise adjusted is the colour as it is.
func TrackAdvice(color string) (adjusted string, told bool) {
	if !hexColor.MatchString(color) || contrast(color, lighter) >= readableContrast || contrast(color, darkPaper) >= readableContrast {
		return color, false
	}
	adjusted = color
	for share := 0.0; contrast(adjusted, lighter) < readableContrast; share += 0.005 {
		adjusted = mix(color, darker, share)
	}
	return adjusted, true
}

// How much paper there is in the soft ground under a chosen or taken thing.
const lightSoft, darkSoft = 0.87, 0.8

// readableOnSoft is readable on the paper and on the accent's own soft ground,
// where its words stand too.
func readableOnSoft(color, paper, towards string, soft float64) string {
	for share := 0.0; share <= 1; share += 0.04 {
		c := tint(color, towards, share)
		if contrast(c, paper) >= readableContrast && contrast(c, mix(c, paper, soft)) >= readableContrast {
			return c
		}
	}
	return towards
}

// inkOn is the colour of words on a button of the colour.
func inkOn(color string) string {
	if contrast(color, "#ffffff") >= readableContrast {
		return "#ffffff"
	}
	return darkPaper
}
