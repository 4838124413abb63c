package exchange

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// length reads how long a session takes.
func (c sheetClock) length(cell string) (time.Duration, bool) {
	s := foldSigns(cell)
	if m := hoursThen.FindStringSubmatch(s); m != nil {
		s = m[1] + ":" + m[2]
	}
	if strings.HasPrefix(s, "pt") {
		d, ok := parseDuration(s)
		return d, ok && d > 0
	}
	if x, err := strconv.ParseFloat(s, 64); err == nil && c.serials && x > 0 && x < 1 {
		return time.Duration(math.Round(x*24*60)) * time.Minute, true
	}
	hours, minutes := hoursPart.FindStringSubmatch(s), minutePart.FindStringSubmatch(s)
	if hours != nil || minutes != nil {
		left := strings.TrimSpace(minutePart.ReplaceAllString(hoursPart.ReplaceAllString(s, ""), ""))
		total := time.Duration(0)
		if hours != nil {
			h, _ := strconv.ParseFloat(strings.Replace(hours[1], ",", ".", 1), 64)
			total += time.Duration(math.Round(min(h, 200)*60)) * time.Minute
		}
		if minutes != nil {
			m, _ := strconv.Atoi(minutes[1])
			total += time.Duration(min(m, 10_000)) * time.Minute
		} else if m, err := strconv.Atoi(left); err == nil && m < 60 {
			total, left = total+time.Duration(m)*time.Minute, "" // 1 h 30
		}
		return total, total > 0 && left == ""
	}
	if whole, err := strconv.ParseFloat(s, 64); err == nil && whole == math.Trunc(whole) && !strings.Contains(s, ":") {
		s = strconv.FormatFloat(math.Min(whole, 99_999), 'f', 0, 64)
	}
	d, ok := parseDuration(strings.ReplaceAll(s, ".", ":"))
	return d, ok && d > 0
}

// clockRange parts "9.00–9.45" in two; to is empty where there is only one time.
func clockRange(cell string) (from, to string) {
	s := foldTime(cell)
	for _, at := range rangeSign.FindAllStringIndex(s, -1) {
		if _, ok := dayTime(s[at[1]:]); ok && at[0] > 0 {
			return s[:at[0]], s[at[1]:]
		}
	}
	return cell, ""
}
