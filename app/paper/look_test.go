package paper

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// lookAt keeps a PDF for a look with the eyes when AGORA_TEST_PAPER names a folder.
func lookAt(t *testing.T, name string, pdf []byte) {
	t.Helper()
	folder := os.Getenv("AGORA_TEST_PAPER")
	if folder == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(folder, name+".pdf"), pdf, 0o600); err != nil {
		t.Fatal(err)
	}
}

// scribble is a signature that one can see through.
func scribble(t *testing.T) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 400, 150))
	for x := range 360 {
		y := 75 + 50*math.Sin(float64(x)/17)*math.Cos(float64(x)/61)
		for d := -3; d <= 3; d++ {
			img.Set(20+x, int(y)+d, color.NRGBA{20, 30, 120, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
