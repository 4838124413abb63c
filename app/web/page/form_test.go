package page

import (
	"testing"
	"time"
)

// A time that the clocks skip is a problem of its field; one that comes twice is not.
func TestTimesInTheNightsWhenClocksChange(t *testing.T) {
	helsinki, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	for typed, ok := range map[string]bool{"2027-03-28T03:30": false, "2027-03-28T04:00": true, "2027-10-31T03:30": true, "2027-10-32T03:30": false} {
		f := &Form{Values: map[string]string{"opens_at": typed}}
		if at := f.At("opens_at", helsinki); (len(f.Problems) == 0) != ok || ok && at.Format(localLayout) != typed {
			t.Errorf("%s: %v %v", typed, at, f.Problems)
		}
	}
}
