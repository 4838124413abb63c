package paper

import (
	"bytes"
	"fmt"
	"testing"

	"rsc.io/qr"
)

// The code on the rendered page must be the code that was meant, module by module: turned, mirrored or shifted, it
// would look the same to people.
func TestCodeIsPrintedAsMeant(t *testing.T) {
	const dpi = 300
	badge := sample("Åsa Öhman")
	pdf, _ := printBadges(t, press(t), A6(), []Badge{badge})
	grey, width := rendered(t, pdf, dpi)
	code, err := qr.Encode(badge.QR, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	var box Box
	for _, e := range A6().Elements {
		if e.Kind == ElementQR {
			box = e.Box
		}
	}
	module := box.W / float64(code.Size+8)
	wrong := 0
	for row := -4; row < code.Size+4; row++ {
		for col := -4; col < code.Size+4; col++ {
			x := int((box.X + (float64(col)+4.5)*module) / 25.4 * dpi)
			y := int((box.Y + (float64(row)+4.5)*module) / 25.4 * dpi)
			inside := row >= 0 && col >= 0 && row < code.Size && col < code.Size
			if dark := grey[y*width+x] < 128; dark != (inside && code.Black(col, row)) {
				wrong++
			}
		}
	}
	if wrong > 0 {
		t.Errorf("%d modules are wrong", wrong)
	}
}

func rendered(t *testing.T, pdf []byte, dpi int) ([]byte, int) {
	t.Helper()
	out := []byte(tool(t, pdf, "pdftoppm", "-r", fmt.Sprint(dpi), "-gray", "PDF"))
	var width, height, depth int
	if _, err := fmt.Fscanf(bytes.NewReader(out), "P5\n%d %d\n%d\n", &width, &height, &depth); err != nil {
		t.Fatal(err)
	}
	if len(out) < width*height {
		t.Fatalf("%d bytes for %d × %d", len(out), width, height)
	}
	return out[len(out)-width*height:], width
}
