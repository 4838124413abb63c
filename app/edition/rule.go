package edition

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// Rule says on which day of the year a series gathers, as a small part of an
// iCalendar recurrence rule (RFC 5545, 3.3.10): "FREQ=YEARLY;BYMONTH=1;BYDAY=4MO"
// is the fourth Monday of January. Empty means that the series has no rule.
type Rule string

var (
	rulePattern = regexp.MustCompile(`^FREQ=YEARLY;BYMONTH=(\d{1,2});BYDAY=(-?[1-5])(SU|MO|TU|WE|TH|FR|SA)$`)
	ruleDays    = []string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}
)

// NewRule makes a rule: week 1–4, or -1 for the last one of the month.
func NewRule(month time.Month, week int, day time.Weekday) Rule {
	return Rule(fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", month, week, ruleDays[day]))
}

// Parts takes the rule apart; ok is false when there is none, or it is not understood.
func (r Rule) Parts() (month time.Month, week int, day time.Weekday, ok bool) {
	m := rulePattern.FindStringSubmatch(string(r))
	if m == nil {
		return 0, 0, 0, false
	}
	mm, _ := strconv.Atoi(m[1])
	week, _ = strconv.Atoi(m[2])
	day = time.Weekday(slices.Index(ruleDays, m[3]))
	return time.Month(mm), week, day, mm >= 1 && mm <= 12 && week >= -1
}

// In gives the rule's date in a year, at midnight in loc. A fifth weekday that a
// month does not have is its last one.
func (r Rule) In(year int, loc *time.Location) (time.Time, bool) {
	month, week, day, ok := r.Parts()
	if !ok {
		return time.Time{}, false
	}
	first := time.Date(year, month, 1, 0, 0, 0, 0, loc)
	date := 1 + (int(day)-int(first.Weekday())+7)%7
	last := time.Date(year, month+1, 0, 0, 0, 0, 0, loc).Day()
	for n := 1; (week == -1 || n < week) && date+7 <= last; n++ {
		date += 7
	}
	return time.Date(year, month, date, 0, 0, 0, 0, loc), true
}

// Next gives the first date of the rule after a moment.
func (r Rule) Next(after time.Time, loc *time.Location) (time.Time, bool) {
	for year := after.In(loc).Year(); ; year++ {
		date, ok := r.In(year, loc)
		if !ok || date.After(after) {
			return date, ok
		}
	}
}
