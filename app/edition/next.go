package edition

import (
	"strconv"
	"time"
)

// usualLength is how long a day is thought to be whose own end is unknown.
const usualLength = 8 * time.Hour

// Next proposes when the edition after the others of a series takes place.
type Next struct {
	Slug     string
	StartsAt time.Time
	EndsAt   time.Time
	OpensAt  time.Time
	ClosesAt time.Time
	// ByRule says that the series' rule chose the day; else it is the same date.
	ByRule bool
	// Endless says that the edition planned from had no end to go by.
	Endless bool
	// Skipped says that a time had to be put off because the clocks skip it in the
	// night when they go forward.
	Skipped bool
	// Late says that the opening, moved along, would have been in the past.
	Late bool
}

// Propose plans the next edition after from: the first day by the series' rule
// after the last of its editions and after now, or without a rule the same date
// of the next year that is still to come. Opening and closing stay as far from
// the day as they were.
func Propose(from Edition, others []Edition, now time.Time) Next {
	loc := from.Location()
	last := from
	taken := map[string]bool{from.Slug: true}
	for _, e := range others {
		taken[e.Slug] = true
		if e.StartsAt.After(last.StartsAt) {
			last = e
		}
	}
	after := last.endOfDay()
	if now.After(after) {
		after = now
	}
	n := Next{}
	var day time.Time
	if day, n.ByRule = from.Series.DateRule.Next(after, loc); !n.ByRule {
		day = sameDate(last.Local(last.StartsAt), after)
	}
	h, m, s := from.Local(from.StartsAt).Clock()
	n.StartsAt = On(loc, day.Year(), day.Month(), day.Day(), h, m, s)
	to := Edition{Zone: from.Zone, StartsAt: n.StartsAt}
	if n.Endless = !from.EndsAt.After(from.StartsAt); n.Endless {
		n.EndsAt = n.StartsAt.Add(usualLength)
	} else {
		n.EndsAt = Moved(from, to, from.EndsAt)
	}
	n.OpensAt, n.ClosesAt = Moved(from, to, from.OpensAt), Moved(from, to, from.ClosesAt)
	for _, pair := range [][2]time.Time{{from.StartsAt, n.StartsAt}, {from.OpensAt, n.OpensAt}, {from.ClosesAt, n.ClosesAt}} {
		n.Skipped = n.Skipped || secondOfDay(from.Local(pair[0])) != secondOfDay(pair[1].In(loc))
	}
	n.late(now, loc)
	n.Slug = freeYear(n.StartsAt.In(loc).Year(), taken)
	return n
}

// late mends an opening that has passed: it is tomorrow then.
func (n *Next) late(now time.Time, loc *time.Location) {
	if n.OpensAt.After(now) {
		return
	}
	n.Late = true
	y, m, d := now.In(loc).Date()
	h, minute, s := n.OpensAt.In(loc).Clock()
	n.OpensAt = On(loc, y, m, d+1, h, minute, s)
	if !n.ClosesAt.After(n.OpensAt) || n.ClosesAt.After(n.EndsAt) {
		n.ClosesAt = n.StartsAt
	}
}

// sameDate is the first date after a moment that is written like t's; 29 February
// is the 28th in years that lack it.
func sameDate(t, after time.Time) time.Time {
	for year := t.Year() + 1; ; year++ {
		day := t.Day()
		if last := time.Date(year, t.Month()+1, 0, 0, 0, 0, 0, t.Location()).Day(); day > last {
			day = last
		}
		if date := time.Date(year, t.Month(), day, 0, 0, 0, 0, t.Location()); date.After(after) {
			return date
		}
	}
}

// freeYear is the year as an address, or the first of year-2, year-3 … that is free.
func freeYear(year int, taken map[string]bool) string {
	slug := strconv.Itoa(year)
	for n := 2; taken[slug]; n++ {
		slug = strconv.Itoa(year) + "-" + strconv.Itoa(n)
	}
	return slug
}
