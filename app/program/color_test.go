package program

import "testing"

func TestColorAdvice(t *testing.T) {
	for color, want := range map[string]string{
		"#ffffff": "", "#000000": "", "#ffcc00": "", "#1a7f5a": "", "red": "", "": "",
		"#797979": "#767676", // neither white nor near-black words can be read on it
	} {
		adjusted, told := ColorAdvice(color)
		switch {
		case told != (want != ""):
			t.Errorf("%s: told %v", color, told)
		case !told && adjusted != color:
			t.Errorf("%s became %s", color, adjusted)
		case told && (adjusted != want || contrast(adjusted, white) < readableContrast):
			t.Errorf("%s became %s, want %s", color, adjusted, want)
		}
	}
}
