package templates

import (
	"fmt"
	"html/template"

	"rsc.io/qr"
)

// quiet is the empty margin of a QR code in modules (ISO/IEC 18004 asks for four).
const quiet = 4

// QR draws text as a QR code: one path, a run of dark modules being one stroke
// of it. Error correction M survives a scratched phone and stays coarse enough
// for a camera in bad light.
func QR(text, label string) (template.HTML, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", err
	}
	var d drawing
	size := code.Size + 2*quiet
	fmt.Fprintf(&d, `<svg viewBox="0 0 %d %d" shape-rendering="crispEdges" role="img" aria-label="%s"><path d="`, size, size, esc(label))
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			run := 0
			for x+run < code.Size && code.Black(x+run, y) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&d, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, run, run)
				x += run
			}
		}
	}
	d.WriteString(`"/></svg>`)
	return d.html(), nil
}
