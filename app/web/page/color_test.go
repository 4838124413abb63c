package page

import "testing"

// TestAccentIsReadable: on paper and on its own soft ground, in light and dark,
// whatever colour a series chose.
func TestAccentIsReadable(t *testing.T) {
	for _, accent := range []string{"#0d5c52", "#ffff00", "#000000", "#ffffff", "#808080", "#ff0000", "#3355ff", "#7b3fa0"} {
		for _, ground := range []struct {
			paper, towards string
			soft           float64
		}{{lightPaper, darker, lightSoft}, {darkPaper, lighter, darkSoft}} {
			c := readableOnSoft(accent, ground.paper, ground.towards, ground.soft)
			if contrast(c, ground.paper) < readableContrast || contrast(c, mix(c, ground.paper, ground.soft)) < readableContrast {
				t.Errorf("%s became %s on %s", accent, c, ground.paper)
			}
		}
	}
}
