package page

import (
	"testing"
	"time"
)

// While everything fails for the same reason the log says so once a second, and
// how often it happened.
func TestTally(t *testing.T) {
	var count tally
	at := time.Date(2027, 1, 25, 9, 0, 0, 0, time.UTC)
	var told []int
	for i := range 250 {
		if n, tell := count.count(at.Add(time.Duration(i) * 10 * time.Millisecond)); tell {
			told = append(told, n)
		}
	}
	if len(told) != 3 || told[0] != 1 || told[1] != 100 || told[2] != 100 {
		t.Errorf("told %v", told)
	}
}
