package paper

import (
	"bytes"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"image/png"
	"math"
	"slices"
	"unicode/utf8"

	"agora/app/db"
)

// Limits of a design, against a stored one that would draw without end.
const (
	maxSide     = 1200 // millimetres
	maxElements = 60
	maxCells    = 200
	maxLines    = 6
	maxType     = 200 // points
	maxWords    = 300 // letters of a text
	maxLogo     = 400 << 10
	maxPixels   = 4 << 20
	// MaxDesign is the longest JSON of a design that is read.
	MaxDesign = 4 << 20
)

// Fault is what is wrong with a design: Element says where, or is -1 for the whole. Key names a sentence of the
// catalogue, under badge.fault.
type Fault struct {
	Element int
	Key     string
	Args    []any
}

// Error is for logs.
func (f *Fault) Error() string {
	return fmt.Sprintf("paper: design, element %d: %s %v", f.Element, f.Key, f.Args)
}

// Check tells what is wrong with a design before anything is printed with it: the first fault, or nil.
func (d Design) Check() error {
	if all := d.Faults(); len(all) > 0 {
		return all[0]
	}
	return nil
}

// Faults are all that is wrong with a design.
func (d Design) Faults() (all []*Fault) {
	add := func(element int, key string, args ...any) {
		all = append(all, &Fault{element, "badge.fault." + key, args})
	}
	for _, v := range []float64{d.Page.W, d.Page.H, d.Cell.W, d.Cell.H} {
		if !(v >= 10 && v <= maxSide) {
			add(-1, "side", "from", 10, "to", maxSide)
			break
		}
	}
	switch {
	case d.Columns < 1 || d.Rows < 1 || d.Columns > maxCells || d.Rows > maxCells || d.Columns*d.Rows > maxCells:
		add(-1, "cells", "to", maxCells)
	case d.Cell.W*float64(d.Columns) > d.Page.W+.01 || d.Cell.H*float64(d.Rows) > d.Page.H+.01:
		add(-1, "page")
	}
	if n := len(d.Elements); n > maxElements {
		add(-1, "elements", "to", maxElements)
		return all
	}
	if !utf8.ValidString(d.Name) || utf8.RuneCountInString(d.Name) > maxWords {
		add(-1, "words", "to", maxWords)
	}
	if len(d.Logo) > 0 && !ours(d.Logo) {
		add(-1, "image")
	}
	for role, c := range d.Roles {
		if _, err := Hex(c); err != nil || !slices.Contains(RoleKinds[:], role) {
			add(-1, "colour")
		}
	}
	for i, e := range d.Elements {
		if key, args := e.fault(d.Cell); key != "" {
			add(i, key, args...)
		}
	}
	return all
}

func (e Element) fault(cell Size) (key string, args []any) {
	b := e.Box
	for _, v := range []float64{b.X, b.Y, b.W, b.H, e.Max, e.Good, e.Min} {
		if math.IsNaN(v) || math.Abs(v) > maxSide {
			return "measure", []any{"to", maxSide}
		}
	}
	switch {
	case !slices.Contains(ElementKinds[:], e.Kind):
		return "kind", nil
	case b.W < 1 || b.H < 1:
		return "empty", nil
	case e.Kind == ElementHall: // may bleed over the edge
	case b.X < 0 || b.Y < 0 || b.X+b.W > cell.W+.01 || b.Y+b.H > cell.H+.01:
		return "outside", nil
	case e.Textual() && !(e.Min >= 3 && e.Good >= e.Min && e.Max >= e.Good && e.Max <= maxType):
		return "sizes", []any{"to", maxType}
	case e.Textual() && !(e.Lines >= 1 && e.Lines <= maxLines):
		return "lines", []any{"to", maxLines}
	case !utf8.ValidString(e.Text+e.Field) || utf8.RuneCountInString(e.Text) > maxWords || len(e.Field) > 80:
		return "words", []any{"to", maxWords}
	}
	return "", nil
}

// ours tells a PNG of the kind that Logo makes: gofpdf gives up on others.
func ours(b []byte) bool {
	c, err := png.DecodeConfig(bytes.NewReader(b))
	return err == nil && len(b) <= maxLogo && c.Width*c.Height <= maxPixels && opaque(b)
}

// opaque looks into the header: eight bits, red, green and blue, not interlaced.
func opaque(b []byte) bool { return len(b) > 29 && b[24] == 8 && b[25] == 2 && b[28] == 0 }

// ReadDesign reads a design that was stored or brought as a file. What it does not know is refused: a design from
// a later version would print as something else than was meant.
func ReadDesign(raw []byte) (d Design, err error) {
	if len(raw) > MaxDesign {
		return d, &Fault{-1, "badge.fault.json", nil}
	}
	in := json.NewDecoder(bytes.NewReader(raw))
	in.DisallowUnknownFields()
	if err := in.Decode(&d); err != nil || in.More() {
		return d, &Fault{-1, "badge.fault.json", nil}
	}
	return d, d.Check()
}

// JSON writes the design as it is stored and given away.
func (d Design) JSON() ([]byte, error) { return json.MarshalIndent(d, "", "  ") }

// Value stores the design as JSON.
func (d Design) Value() (driver.Value, error) { return db.ValueJSON(d) }

// Scan reads it back.
func (d *Design) Scan(from any) error { return db.ScanJSON(from, d) }
