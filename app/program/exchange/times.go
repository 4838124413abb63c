package exchange

import (
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the image of the static binary holds no zones, and calendars need them
)

// Years that a schedule may name; anything else is a slip or an attack on date arithmetic.
const (
	minYear = 1970
	maxYear = 2200
)

// defaultDuration stands in for a length that is missing or makes no sense.
const defaultDuration = 30 * time.Minute

// maxDuration is the longest time both schemas can write: 99:59.
const maxDuration = 100*time.Hour - time.Minute

// defaultDayChange: what starts before four in the morning belongs to the evening before.
const defaultDayChange = 4 * time.Hour

// location opens a zone by IANA name, or by the names that Outlook writes.
func location(name string) (*time.Location, bool) {
	name = strings.TrimSpace(name)
	if name == "" || strings.EqualFold(name, "local") {
		return nil, false
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		iana := windowsZone(name)
		if iana == "" {
			return nil, false
		}
		if loc, err = time.LoadLocation(iana); err != nil {
			return nil, false
		}
	}
	return loc, true
}

func windowsZone(name string) string {
	switch name {
	case "FLE Standard Time":
		return "Europe/Helsinki"
	case "W. Europe Standard Time":
		return "Europe/Berlin"
	case "Romance Standard Time":
		return "Europe/Paris"
	case "Central Europe Standard Time", "Central European Standard Time":
		return "Europe/Warsaw"
	case "GMT Standard Time":
		return "Europe/London"
	case "GTB Standard Time":
		return "Europe/Athens"
	case "E. Europe Standard Time":
		return "Europe/Chisinau"
	case "Eastern Standard Time":
		return "America/New_York"
	case "Pacific Standard Time":
		return "America/Los_Angeles"
	case "Tokyo Standard Time":
		return "Asia/Tokyo"
	case "Z", "Etc/Zulu", "Coordinated Universal Time":
		return "UTC"
	}
	return ""
}

// moment is a time as a file wrote it.
type moment struct {
	at     time.Time // in the offset of the file, or in the zone given
	clock  bool      // hours and minutes were written
	offset bool      // so was the offset
}

func parseMoment(s string, loc *time.Location) (moment, bool) {
	s = strings.TrimSpace(s)
	if len(s) > 10 && (s[10] == ' ' || s[10] == 't') {
		s = s[:10] + "T" + s[11:]
	}
	s = strings.ReplaceAll(s, " ", "")
	for _, layout := range []string{
		"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z07:00", "2006-01-02T15:04Z0700",
	} {
		if t, err := time.Parse(layout, s); err == nil {
			return moment{t.Truncate(time.Second), true, true}, sensible(t)
		}
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04"} {
		if t, err := time.ParseInLocation(layout, s, loc); err == nil {
			return moment{t.Truncate(time.Second), true, false}, sensible(t)
		}
	}
	for _, layout := range []string{"2006-01-02", "2006-01-02Z07:00", "20060102", "2006/01/02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return moment{at: midnight(t)}, sensible(t)
		}
	}
	return moment{}, false
}

func sensible(t time.Time) bool {
	return t.Year() >= minYear && t.Year() <= maxYear
}

// midnight is the date of t, as dates are kept here.
func midnight(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// at puts a clock time on a date in a zone; of an hour that the clock repeats it is the first pass.
func at(date time.Time, clock time.Duration, loc *time.Location) time.Time {
	y, m, d := date.Date()
	return firstPass(time.Date(y, m, d, 0, 0, int(clock/time.Second), 0, loc))
}

// repeated tells how much earlier the clock showed the same time once before: more than nothing in the second pass
// of an autumn night's hour. Which of the two time.Date means differs from zone to zone.
func repeated(t time.Time) time.Duration {
	start, _ := t.ZoneBounds()
	if start.IsZero() {
		return 0
	}
	_, now := t.Zone()
	_, before := start.Add(-time.Second).Zone()
	if gap := time.Duration(before-now) * time.Second; t.Sub(start) < gap {
		return gap
	}
	return 0
}

func firstPass(t time.Time) time.Time { return t.Add(-repeated(t)) }

// parseClock reads "9:30", "09:30:00" or "9.30"; hours past 24 mean the night after.
func parseClock(s string) (time.Duration, bool) {
	parts, ok := numbers(strings.ReplaceAll(s, ".", ":"))
	if !ok || len(parts) < 2 || len(parts) > 3 {
		return 0, false
	}
	seconds := 0
	if len(parts) == 3 {
		seconds = parts[2]
	}
	if parts[0] > 47 || parts[1] > 59 || seconds > 59 {
		return 0, false
	}
	return clockTime(0, parts[0], parts[1], seconds), true
}

// parseDuration reads "0:30", "1:30:00", "1:00:00:00" (days first), "90" minutes and "PT1H30M", to the minute.
func parseDuration(s string) (time.Duration, bool) {
	s = strings.TrimSpace(s)
	if iso := strings.ToUpper(s); strings.HasPrefix(iso, "P") || strings.HasPrefix(iso, "+P") {
		return parseISODuration(strings.TrimPrefix(iso, "+"))
	}
	p, ok := numbers(s)
	if !ok {
		return 0, false
	}
	var d time.Duration
	switch len(p) {
	case 1:
		d = clockTime(0, 0, p[0], 0)
	case 2:
		d = clockTime(0, p[0], p[1], 0)
	case 3:
		d = clockTime(0, p[0], p[1], p[2])
	case 4:
		d = clockTime(p[0], p[1], p[2], p[3])
	default:
		return 0, false
	}
	return d.Round(time.Minute), len(p) == 1 || p[1] < 60
}

func parseISODuration(s string) (time.Duration, bool) {
	var total, unit time.Duration
	inTime, number, digits := false, 0, 0
	for _, c := range s[1:] {
		switch {
		case c >= '0' && c <= '9' && digits < 6:
			number = number*10 + int(c-'0')
			digits++
			continue
		case c == 'T' && !inTime && digits == 0:
			inTime = true
			continue
		case digits == 0:
			return 0, false
		case c == 'W' && !inTime:
			unit = 7 * 24 * time.Hour
		case c == 'D' && !inTime:
			unit = 24 * time.Hour
		case c == 'H' && inTime:
			unit = time.Hour
		case c == 'M' && inTime:
			unit = time.Minute
		case c == 'S' && inTime:
			unit = time.Second
		default:
			return 0, false
		}
		total += min(time.Duration(number), 100_000) * unit
		number, digits = 0, 0
	}
	return total.Round(time.Minute), digits == 0
}

// numbers splits "1:30:00"; no part may have more than five digits, so that nothing can overflow.
func numbers(s string) ([]int, bool) {
	var list []int
	for part := range strings.SplitSeq(strings.TrimSpace(s), ":") {
		v, err := strconv.ParseUint(part, 10, 32)
		if err != nil || len(part) > 5 {
			return nil, false
		}
		list = append(list, int(v))
	}
	return list, len(list) <= 4
}

func clockTime(days, hours, minutes, seconds int) time.Duration {
	return time.Duration(days)*24*time.Hour + time.Duration(hours)*time.Hour +
		time.Duration(minutes)*time.Minute + time.Duration(seconds)*time.Second
}

// hoursMinutes writes a length as both schemas want it.
func hoursMinutes(d time.Duration) string {
	minutes := int(d / time.Minute)
	return twoDigits(minutes/60) + ":" + twoDigits(minutes%60)
}

func twoDigits(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// withOffset writes an instant. Offsets with seconds, as before zones were invented, cannot be written and become UTC.
func withOffset(t time.Time) string {
	if _, offset := t.Zone(); offset%60 != 0 {
		t = t.UTC()
	}
	return t.Format("2006-01-02T15:04:05-07:00")
}
