package templates

import (
	"fmt"
	"strings"
)

// GridSheet writes the places of the programme grid: class c-<room>, r-<five-minute
// row> and h-<rows>, all counted from 1. The grid's first column holds the times and its
// first row the rooms. It is CSS because pages may not carry styles of their own.
func GridSheet(rooms, rows int) string {
	var b strings.Builder
	for i := 1; i <= rooms; i++ {
		fmt.Fprintf(&b, ".grid>.c-%d{grid-column:%d}\n", i, i+1)
	}
	for i := 1; i <= rows; i++ {
		fmt.Fprintf(&b, ".grid>.r-%d{grid-row-start:%d}.grid>.h-%d{grid-row-end:span %d}\n", i, i+1, i, i)
	}
	return b.String()
}
