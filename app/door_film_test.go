package app_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"rsc.io/qr"
)

// filmOf makes a film for a browser's pretended camera in which a QR code is held
// still: uncompressed frames of light and dark.
func filmOf(t *testing.T, content string) string {
	t.Helper()
	code, err := qr.Encode(content, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	const wide, high, frames = 640, 480, 10
	module := 400 / (code.Size + 8)
	left, top := (wide-code.Size*module)/2, (high-code.Size*module)/2
	picture := bytes.Repeat([]byte{210}, wide*high)
	for y := range code.Size * module {
		for x := range code.Size * module {
			if code.Black(x/module, y/module) {
				picture[(top+y)*wide+left+x] = 30
			}
		}
	}
	var film bytes.Buffer
	fmt.Fprintf(&film, "YUV4MPEG2 W%d H%d F30:1 Ip A1:1 C420jpeg\n", wide, high)
	grey := bytes.Repeat([]byte{128}, wide*high/2)
	for range frames {
		film.WriteString("FRAME\n")
		film.Write(picture)
		film.Write(grey)
	}
	path := filepath.Join(t.TempDir(), "camera.y4m")
	if err := os.WriteFile(path, film.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
