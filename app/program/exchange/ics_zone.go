package exchange

import (
	"fmt"
	"time"
)

// zone writes the VTIMEZONE for the years of a calendar, one observance per change of the clock, from Go's own zone
// data. The full name is the TZID, which programs with a zone table of their own go by.
func (x *icsWriter) zone(from, to time.Time) {
	from = time.Date(from.In(x.loc).Year(), 1, 1, 0, 0, 0, 0, x.loc)
	to = time.Date(to.In(x.loc).Year()+1, 1, 1, 0, 0, 0, 0, x.loc)
	x.line("BEGIN:VTIMEZONE")
	x.line("TZID:" + x.loc.String())
	for t := from; t.Before(to); {
		start, end := t.ZoneBounds()
		x.observance(t, start)
		if end.IsZero() {
			break
		}
		t = end
	}
	x.line("END:VTIMEZONE")
}

// observance writes the rule that holds at t since start; start is zero for a zone that never changed before.
func (x *icsWriter) observance(t, start time.Time) {
	name, offset := t.Zone()
	before, onset := offset, "19700101T000000"
	if !start.IsZero() {
		_, before = start.Add(-time.Second).Zone()
		// DTSTART is the wall clock of the old offset at the moment of change.
		onset = start.UTC().Add(time.Duration(before) * time.Second).Format(localLayout)
	}
	kind := "STANDARD"
	if t.IsDST() {
		kind = "DAYLIGHT"
	}
	x.line("BEGIN:" + kind)
	x.line("DTSTART:" + onset)
	x.line("TZOFFSETFROM:" + utcOffset(before))
	x.line("TZOFFSETTO:" + utcOffset(offset))
	x.text("TZNAME", name)
	x.line("END:" + kind)
}

func utcOffset(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	s := fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
	if seconds%60 != 0 {
		s += fmt.Sprintf("%02d", seconds%60)
	}
	return s
}
