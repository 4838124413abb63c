package edition

import "time"

// Phase is where an edition stands in its life; its page changes with it.
type Phase string

// The phases, in order.
const (
	Before  Phase = "before"  // registration has not opened
	Open    Phase = "open"    // places are to be had
	Full    Phase = "full"    // registration is open, seats are taken
	Closed  Phase = "closed"  // registration has ended, the day has not come
	Today   Phase = "today"   // the day itself
	Archive Phase = "archive" // it is over, and stays readable
)

// Phase tells the phase at a moment. full says whether every seat is taken.
func (e Edition) Phase(now time.Time, full bool) Phase {
	switch {
	case !now.Before(e.endOfDay()):
		return Archive
	case !now.Before(e.startOfDay()):
		return Today
	case now.Before(e.OpensAt):
		return Before
	case !now.Before(e.ClosesAt):
		return Closed
	case full:
		return Full
	}
	return Open
}

// Takes reports whether registration is open at a moment. It may still be open
// on the day itself: those who come late are registered too.
func (e Edition) Takes(now time.Time) bool {
	return !now.Before(e.OpensAt) && now.Before(e.ClosesAt)
}

// startOfDay is midnight before the first day, on the edition's clock.
func (e Edition) startOfDay() time.Time {
	y, m, d := e.Local(e.StartsAt).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, e.Location())
}

// endOfDay is midnight after the last day. time.Date carries the day over, and
// so is right in the nights when the clocks change.
func (e Edition) endOfDay() time.Time {
	y, m, d := e.Local(e.EndsAt).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, e.Location())
}

// DaysLeft counts the nights until the first day; 0 on the day and after it.
func (e Edition) DaysLeft(now time.Time) int {
	y, m, d := e.Local(now).Date()
	today := time.Date(y, m, d, 12, 0, 0, 0, time.UTC)
	y, m, d = e.Local(e.StartsAt).Date()
	return max(0, int(time.Date(y, m, d, 12, 0, 0, 0, time.UTC).Sub(today).Hours()/24))
}
