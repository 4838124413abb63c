package edition

import "time"

// Moved gives the moment that is as far from the start of to as t is from the
// start of from, both read on the wall clock: as many days before or after it,
// and at the same time of day. The opening at nine stays at nine, whatever the
// clocks did in between.
func Moved(from, to Edition, t time.Time) time.Time {
	was, start := from.Local(t), from.Local(from.StartsAt)
	days := dayNumber(was) - dayNumber(start)
	y, m, d := to.Local(to.StartsAt).Date()
	h, minute, s := was.Clock()
	return On(to.Location(), y, m, d+days, h, minute, s)
}

// MovedAlong moves t as Moved does, and by as much as the day begins earlier or
// later than the other did: so a programme goes along with its start.
func MovedAlong(from, to Edition, t time.Time) time.Time {
	was := from.Local(t)
	days := dayNumber(was) - dayNumber(from.Local(from.StartsAt))
	y, m, d := to.Local(to.StartsAt).Date()
	clock := secondOfDay(was) - secondOfDay(from.Local(from.StartsAt)) + secondOfDay(to.Local(to.StartsAt))
	return On(to.Location(), y, m, d+days, 0, 0, clock)
}

// On is the moment at which a clock shows a date and time. In the night when the
// clocks go forward, what they skip is as much later as they skip; in the night
// when they go back, what comes twice is the first: the standard library promises
// neither.
func On(loc *time.Location, y int, m time.Month, d, h, minute, s int) time.Time {
	shown := time.Date(y, m, d, h, minute, s, 0, time.UTC)
	offset := func(days int) time.Duration {
		_, seconds := shown.AddDate(0, 0, days).In(loc).Zone()
		return time.Duration(seconds) * time.Second
	}
	before, after := shown.Add(-offset(-1)).In(loc), shown.Add(-offset(1)).In(loc)
	if !shows(before, shown) && shows(after, shown) {
		return after
	}
	return before
}

func shows(t, clock time.Time) bool {
	return t.Format(time.DateTime) == clock.Format(time.DateTime)
}

// dayNumber counts calendar days, of which some have 23 or 25 hours.
func dayNumber(t time.Time) int {
	y, m, d := t.Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

func secondOfDay(t time.Time) int {
	h, m, s := t.Clock()
	return (h*60+m)*60 + s
}
