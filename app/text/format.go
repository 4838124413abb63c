package text

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// nbsp keeps a number and what belongs to it on one line.
const nbsp = "\u00a0"

var (
	weekdaysFi = [...]string{"sunnuntaina", "maanantaina", "tiistaina", "keskiviikkona", "torstaina", "perjantaina", "lauantaina"}
	weekdaysSv = [...]string{"söndag", "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag"}
)

// Number writes a whole number with its thousands grouped: 1 007, in English 1,007.
func Number(l Lang, n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = "−", s[1:]
	}
	gap := nbsp
	if l == English {
		gap = ","
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + gap + s[i:]
	}
	return sign + s
}

// Percent writes a share: 42 %, in English 42%.
func Percent(l Lang, n int) string {
	if l == English {
		return strconv.Itoa(n) + "%"
	}
	return strconv.Itoa(n) + nbsp + "%"
}

// Date writes a day: 25.1.2027, in English 25 January 2027.
func Date(l Lang, t time.Time) string {
	if l == English {
		return t.Format("2 January 2006")
	}
	return t.Format("2.1.2006")
}

// DayMonth writes a day without its year: 25.1., in English 25 January.
func DayMonth(l Lang, t time.Time) string {
	switch l {
	case English:
		return t.Format("2 January")
	case Swedish:
		return t.Format("2.1")
	}
	return t.Format("2.1.")
}

// LongDate writes a day with its weekday: maanantaina 25.1.2027 (the essive, as
// Finnish says when), måndag 25.1.2027, Monday 25 January 2027.
func LongDate(l Lang, t time.Time) string { return Weekday(l, t) + " " + Date(l, t) }

// Weekday writes the day of the week as it stands before a date.
func Weekday(l Lang, t time.Time) string {
	switch l {
	case Swedish:
		return weekdaysSv[t.Weekday()]
	case English:
		return t.Weekday().String()
	}
	return weekdaysFi[t.Weekday()]
}

// Clock writes a time of day: 9.05, in English 09:05.
func Clock(l Lang, t time.Time) string {
	if l == English {
		return t.Format("15:04")
	}
	return strconv.Itoa(t.Hour()) + t.Format(".04")
}

// At writes a time of day as it follows a date: klo 9.05, kl. 9.05, 09:05.
func At(l Lang, t time.Time) string {
	switch l {
	case Swedish:
		return "kl." + nbsp + Clock(l, t)
	case English:
		return Clock(l, t)
	}
	return "klo" + nbsp + Clock(l, t)
}

// DateTime writes a moment: 25.1.2027 klo 9.05, 25.1.2027 kl. 9.05, 25 January 2027, 09:05.
func DateTime(l Lang, t time.Time) string {
	if l == English {
		return Date(l, t) + ", " + Clock(l, t)
	}
	return Date(l, t) + " " + At(l, t)
}

// Span writes from–to within a day: 9.40–10.20.
func Span(l Lang, from, to time.Time) string { return Clock(l, from) + "–" + Clock(l, to) }

// Days writes the day or days of an edition: 25.1.2027, or 27.–30.12.2024.
func Days(l Lang, from, to time.Time) string {
	switch {
	case from.Format(time.DateOnly) == to.Format(time.DateOnly):
		return LongDate(l, from)
	case l == English && from.Month() == to.Month() && from.Year() == to.Year():
		return fmt.Sprintf("%d–%s", from.Day(), Date(l, to))
	case from.Month() == to.Month() && from.Year() == to.Year():
		return fmt.Sprintf("%d.–%s", from.Day(), Date(l, to))
	}
	return Date(l, from) + " – " + Date(l, to)
}

// Length writes how long something takes: 30 min, 1 h 30 min.
func Length(d time.Duration) string {
	h, m := int(d.Hours()), int(d.Minutes())%60
	parts := []string{}
	if h > 0 {
		parts = append(parts, strconv.Itoa(h)+nbsp+"h")
	}
	if m > 0 || h == 0 {
		parts = append(parts, strconv.Itoa(m)+nbsp+"min")
	}
	return strings.Join(parts, " ")
}

// Collator compares names as the language orders them: in Finnish and Swedish å,
// ä and ö stand last. The function it gives is for one goroutine.
func Collator(l Lang) func(a, b string) int {
	return collate.New(language.Make(string(l)), collate.IgnoreCase).CompareString
}
