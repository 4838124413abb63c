package templates

import (
	"strings"
	"testing"
)

func TestGridSheetCountsFromOne(t *testing.T) {
	got := GridSheet(2, 3)
	for _, want := range []string{".c-1{grid-column:2}", ".c-2{grid-column:3}", ".r-1{grid-row-start:2}", ".h-3{grid-row-end:span 3}"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s missing in %s", want, got)
		}
	}
	if strings.Contains(got, "c-3") || strings.Contains(got, "r-4") {
		t.Error(got)
	}
}
