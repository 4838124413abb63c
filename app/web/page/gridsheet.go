package page

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"agora/templates"
)

const (
	// Sheets come in few sizes, so that many programmes share one.
	gridColumnStep, gridRowStep = 16, 96
	// MaxGridColumns and MaxGridRows are the largest sheet.
	MaxGridColumns, MaxGridRows = 128, 576
)

// GridHref is the address of the sheet on which a grid of so many columns and
// rows fits.
func GridHref(columns, rows int) string {
	columns, rows = roundUp(columns, gridColumnStep), roundUp(rows, gridRowStep)
	return fmt.Sprintf("/grid.%dx%d-%s.css", columns, rows, gridHash(columns, rows))
}

// GridSheet gives the sheet a file name says; false where there is none of it.
func GridSheet(file string) (sheet string, ok bool) {
	var columns, rows int
	var rest string
	if _, err := fmt.Sscanf(file, "%dx%d-%s", &columns, &rows, &rest); err != nil {
		return "", false
	}
	hash, isSheet := strings.CutSuffix(rest, ".css")
	small := columns > 0 && columns <= MaxGridColumns && rows > 0 && rows <= MaxGridRows
	round := columns%gridColumnStep == 0 && rows%gridRowStep == 0
	if !isSheet || !small || !round || hash != gridHash(columns, rows) {
		return "", false
	}
	return gridSheet(columns, rows), true
}

func roundUp(n, step int) int { return (n + step - 1) / step * step }

// gridSheet places cells: pages may not carry styles of their own.
func gridSheet(columns, rows int) string {
	var b strings.Builder
	b.WriteString(templates.GridSheet(columns, rows))
	for i := 2; i <= columns; i++ {
		fmt.Fprintf(&b, ".grid>.w-%d{grid-column-end:span %d}\n", i, i)
	}
	return b.String()
}

func gridHash(columns, rows int) string {
	sum := sha256.Sum256([]byte(gridSheet(columns, rows)))
	return hex.EncodeToString(sum[:6])
}
