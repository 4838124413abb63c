package exchange

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// sheetClock reads the dates and times that people write in Finnish, Swedish and English, those of ISO 8601, and a
// spreadsheet's own numbers, for an edition's days.
type sheetClock struct {
	loc         *time.Location
	first, last time.Time // the edition's days, midnight UTC
	serials     bool
	from1904    bool
	monthFirst  bool // 1/25/2027, as the United States write
}

var (
	isoDate    = regexp.MustCompile(`\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:t|\b)`)
	figureDate = regexp.MustCompile(`\b(\d{1,2})\s?[./-]\s?(\d{1,2})(?:\s?[./-]\s?(\d{4}|\d{2})\b|\.|\b)`)
	dayMonth   = regexp.MustCompile(`\b(\d{1,2})(?:st|nd|rd|th|\.|:e|:a|e)?\s+(?:of\s+)?(\p{L}{3,})\.?(?:\s+(\d{4}))?`)
	monthDay   = regexp.MustCompile(`\b(\p{L}{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?\b(?:\s+(\d{4})\b)?`)
	nthDay     = regexp.MustCompile(`^(?:(?:day|dag|paiva)\s*(\d{1,2})|(\d{1,2})\.?\s*(?:day|dagen|dag|paiva))$`)
	plainClock = regexp.MustCompile(`^(\d{1,2})(?:[:.h](\d{2}))?(?:[:.]\d{2}(?:\.\d+)?)?\s*(am|pm|a\.m\.?|p\.m\.?)?$`)
	fourDigits = regexp.MustCompile(`^([01]\d|2[0-4])([0-5]\d)$`)
	clockWords = regexp.MustCompile(`\b(?:klo|kello|kl|klockan|at|den|the|o'clock)\b\.?|[@,]`)
	dashes     = strings.NewReplacer("–", "-", "—", "-", "−", "-", "\u00a0", " ", "\u202f", " ", "\u2009", " ")
	rangeSign  = regexp.MustCompile(`\s*(?:-|\bto\b|\btill\b|\bauf\b|\.\.\.?)\s*`)
	hoursPart  = regexp.MustCompile(`(\d+(?:[.,]\d+)?)\s*(?:h|t|hours?|hrs?|tuntia?|tim|timmar?|timme)\b\.?`)
	hoursThen  = regexp.MustCompile(`^(\d{1,2})\s?h\s?(\d{2})$`)
	minutePart = regexp.MustCompile(`(\d+)\s*(?:m|min|mins|minutes?|minuuttia?|minuter|minut|')(?:\b|$)\.?`)
)

// weekdays and months by the beginnings of their names; the order matters: marraskuu before mars.
var weekdays = [...]struct {
	name string
	day  time.Weekday
}{
	{"maanantai", 1}, {"tiistai", 2}, {"keskiviikko", 3}, {"torstai", 4}, {"perjantai", 5}, {"lauantai", 6}, {"sunnuntai", 0},
	{"mandag", 1}, {"tisdag", 2}, {"onsdag", 3}, {"torsdag", 4}, {"fredag", 5}, {"lordag", 6}, {"sondag", 0},
	{"monday", 1}, {"tuesday", 2}, {"wednesday", 3}, {"thursday", 4}, {"friday", 5}, {"saturday", 6}, {"sunday", 0},
}

var shortDays = map[string]time.Weekday{
	"ma": 1, "ti": 2, "ke": 3, "to": 4, "pe": 5, "la": 6, "su": 0, "man": 1, "tis": 2, "ons": 3, "tor": 4, "tors": 4, "fre": 5,
	"lor": 6, "son": 0, "mon": 1, "tue": 2, "tues": 2, "wed": 3, "thu": 4, "thur": 4, "thurs": 4, "fri": 5, "sat": 6, "sun": 0,
}

var months = [...]struct {
	name  string
	month time.Month
}{
	{"tammi", 1}, {"helmi", 2}, {"maalis", 3}, {"huhti", 4}, {"touko", 5}, {"kesa", 6}, {"heina", 7}, {"elo", 8}, {"syys", 9},
	{"loka", 10}, {"marras", 11}, {"joulu", 12}, {"jan", 1}, {"feb", 2}, {"mar", 3}, {"apr", 4}, {"maj", 5}, {"may", 5},
	{"jun", 6}, {"jul", 7}, {"aug", 8}, {"sep", 9}, {"okt", 10}, {"oct", 10}, {"nov", 11}, {"dec", 12},
}

// foldTime spells what somebody wrote with plain letters, keeping figures and signs, without the words around a time.
func foldTime(s string) string {
	return strings.Join(strings.Fields(clockWords.ReplaceAllString(foldSigns(s), " ")), " ")
}

func foldSigns(s string) string {
	var b strings.Builder
	for _, r := range dashes.Replace(strings.ToLower(strings.TrimSpace(s))) {
		if r > 127 {
			b.WriteString(strings.TrimSpace(plain(string(r))))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// when reads a cell that may hold a date, a time of day, or both. Which of the two "9.10" is depends on the column.
func (c sheetClock) when(cell string, timeFirst bool) (date time.Time, clock time.Duration, hasDate, hasClock bool) {
	if t, ok := c.serial(cell); ok {
		day := midnight(t)
		clock = t.Sub(day)
		return day, clock, day.Year() >= minYear, clock > 0 || day.Year() < minYear
	}
	if m, ok := parseMoment(cell, c.loc); ok && m.offset {
		local := m.at.In(c.loc)
		return midnight(local), clockTime(0, local.Hour(), local.Minute(), 0), true, true
	}
	s := foldTime(cell)
	if timeFirst {
		if clock, ok := dayTime(s); ok {
			return date, clock, false, true
		}
	}
	s, weekday, named := withoutWeekday(s)
	date, rest, hasDate := c.date(s)
	if !hasDate && named {
		date, hasDate = c.weekday(weekday)
	}
	if rest = strings.TrimSpace(rest); hasDate {
		rest = strings.Trim(rest, " .t-()")
	}
	if rest == "" {
		return date, 0, hasDate, false
	}
	rest = strings.TrimSuffix(rest, "z")
	if clock, hasClock = dayTime(rest); !hasClock {
		return time.Time{}, 0, false, false // something stands there that we do not understand
	}
	return date, clock, hasDate, true
}

// serial reads the number that spreadsheets keep for a moment: days since 1899-12-30, or since 1904.
func (c sheetClock) serial(cell string) (time.Time, bool) {
	x, err := strconv.ParseFloat(strings.TrimSpace(cell), 64)
	if err != nil || math.IsNaN(x) || x < 0 || x >= 80_000 {
		return time.Time{}, false
	}
	_, fraction, dotted := strings.Cut(cell, ".")
	switch {
	case x < 1 && dotted && (c.serials || len(fraction) > 2): // 0.375 is nine o'clock
	case x >= 20_000 && (c.serials || !dotted || len(fraction) > 2):
	default:
		return time.Time{}, false
	}
	epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if c.from1904 {
		epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	days := math.Floor(x)
	minutes := math.Round((x - days) * 24 * 60)
	return epoch.AddDate(0, 0, int(days)).Add(time.Duration(minutes) * time.Minute), true
}

// dayTime reads a time of day: 9, 9.30, 09:30:00, 9h30, 0930, 9:30 pm.
func dayTime(s string) (time.Duration, bool) {
	s = strings.TrimSpace(strings.TrimSuffix(s, "."))
	if m := fourDigits.FindStringSubmatch(s); m != nil {
		s = m[1] + ":" + m[2]
	}
	m := plainClock.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	hours, _ := strconv.Atoi(m[1])
	minutes, _ := strconv.Atoi(m[2])
	if half := strings.ReplaceAll(m[3], ".", ""); half != "" {
		if hours < 1 || hours > 12 {
			return 0, false
		}
		hours %= 12
		if half == "pm" {
			hours += 12
		}
	}
	if hours > 29 || minutes > 59 { // 25.30 is the night after
		return 0, false
	}
	return clockTime(0, hours, minutes, 0), true
}

func withoutWeekday(s string) (rest string, day time.Weekday, found bool) {
	var kept []string
	for _, word := range strings.Fields(s) {
		bare := strings.Trim(word, ".()")
		if d, short := shortDays[bare]; short && !found {
			day, found = d, true
			continue
		}
		named := false
		for _, w := range weekdays {
			if !found && strings.HasPrefix(bare, w.name) {
				day, found, named = w.day, true, true
				break
			}
		}
		if !named {
			kept = append(kept, word)
		}
	}
	return strings.Join(kept, " "), day, found
}

// weekday finds the edition's day of that name.
func (c sheetClock) weekday(day time.Weekday) (time.Time, bool) {
	for d := c.first; !d.After(c.last) && d.Before(c.first.AddDate(0, 0, 7)); d = d.AddDate(0, 0, 1) {
		if d.Weekday() == day {
			return d, true
		}
	}
	return time.Time{}, false
}

// date finds a date in s and gives what else stands there.
func (c sheetClock) date(s string) (date time.Time, rest string, ok bool) {
	if m := nthDay.FindStringSubmatch(s); m != nil {
		n, _ := strconv.Atoi(m[1] + m[2])
		date = c.first.AddDate(0, 0, n-1)
		return date, "", n > 0 && !date.After(c.last)
	}
	for _, form := range []struct {
		find             *regexp.Regexp
		year, month, day int
	}{{isoDate, 1, 2, 3}, {dayMonth, 3, 2, 1}, {monthDay, 3, 1, 2}, {figureDate, 3, 2, 1}} {
		at := form.find.FindStringSubmatchIndex(s)
		if at == nil {
			continue
		}
		part := func(i int) string {
			if at[2*i] < 0 {
				return ""
			}
			return s[at[2*i]:at[2*i+1]]
		}
		month, day := monthOf(part(form.month)), part(form.day)
		d, _ := strconv.Atoi(day)
		if form.find == figureDate && strings.Contains(s[at[0]:at[1]], "/") && (int(month) > 12 || c.monthFirst) && d <= 12 {
			month, d = time.Month(d), int(month)
		}
		if date, ok = c.dated(part(form.year), month, d); ok {
			return date, s[:at[0]] + " " + s[at[1]:], true
		}
	}
	return time.Time{}, s, false
}

func monthOf(s string) time.Month {
	if n, err := strconv.Atoi(s); err == nil {
		return time.Month(n)
	}
	for _, m := range months {
		if strings.HasPrefix(s, m.name) {
			return m.month
		}
	}
	return 0
}

// dated puts a date together; without a year it is the one of the edition, of two years the nearer.
func (c sheetClock) dated(year string, month time.Month, day int) (time.Time, bool) {
	y, _ := strconv.Atoi(year)
	switch len(year) {
	case 0:
		y = c.first.Year()
		if here := time.Date(y, month, day, 0, 0, 0, 0, time.UTC); here.Before(c.first.AddDate(0, -6, 0)) {
			y++
		} else if here.After(c.first.AddDate(0, 6, 0)) {
			y--
		}
	case 2:
		y += 2000
	}
	if month < 1 || month > 12 || day < 1 {
		return time.Time{}, false
	}
	t := time.Date(y, month, day, 0, 0, 0, 0, time.UTC)
	return t, t.Day() == day && sensible(t)
}
