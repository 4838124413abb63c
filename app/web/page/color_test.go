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

func TestTrackAdvice(t *testing.T) {
	for color, want := range map[string]string{
		"#ffffff": "", "#000000": "", "#ffcc00": "", "#1a7f5a": "", "red": "", "": "",
		"#797979": "#767676", // neither white nor near-black words can be read on it
	} {
		adjusted, told := TrackAdvice(color)
		switch {
		case told != (want != ""):
			t.Errorf("%s: told %v", color, told)
		case !told && adjusted != color:
			t.Errorf("%s became %s", color, adjusted)
		case told && (adjusted != want || contrast(adjusted, lighter) < readableContrast):
			t.Errorf("%s became %s, want %s", color, adjusted, want)
		}
	}
}
