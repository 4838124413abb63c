package planning

import (
	"slices"
	"time"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/web/page"
)

const (
	// gridStep is what a row of the editor stands for; sessions snap to it.
	gridStep = 5 * time.Minute
	// gridSlack is how much empty time is drawn after a day; before it at least half of that.
	gridSlack = time.Hour
	// maxGridDays bounds the tabs of an edition that says it takes months.
	maxGridDays = 40
)

// gridDay is what is drawn of a day: from is its first row's time.
type gridDay struct {
	date, from time.Time
	rows       int
	sessions   []*program.Session
}

func (d gridDay) key() string { return d.date.Format(time.DateOnly) }

// gridDays are the edition's days and those that have sessions, in order.
func gridDays(v *page.Visit, state program.GridState) []gridDay {
	dates := map[string]*program.Day{}
	var list []gridDay
	add := func(date time.Time, d *program.Day) {
		key := date.Format(time.DateOnly)
		if _, known := dates[key]; known || len(list) >= maxGridDays {
			return
		}
		dates[key] = d
		list = append(list, newGridDay(v, date, d))
	}
	for _, d := range state.Days {
		add(d.Date, d)
	}
	first, last := v.Edition.Local(v.Edition.StartsAt), v.Edition.Local(v.Edition.EndsAt)
	for i := range maxGridDays {
		date := time.Date(first.Year(), first.Month(), first.Day()+i, 0, 0, 0, 0, first.Location())
		if date.After(last) {
			break
		}
		add(date, nil)
	}
	slices.SortFunc(list, func(a, b gridDay) int { return a.date.Compare(b.date) })
	return list
}

// newGridDay finds what of a day is drawn: the edition's hours, its sessions, and
// some room around them.
func newGridDay(v *page.Visit, date time.Time, d *program.Day) gridDay {
	at := func(hour int) time.Time {
		return time.Date(date.Year(), date.Month(), date.Day(), hour, 0, 0, 0, date.Location())
	}
	hours := []time.Time{at(9), at(17)}
	for _, end := range []time.Time{v.Edition.Local(v.Edition.StartsAt), v.Edition.Local(v.Edition.EndsAt)} {
		if end.Format(time.DateOnly) == date.Format(time.DateOnly) {
			hours = append(hours, end)
		}
	}
	from, to := slices.MinFunc(hours, time.Time.Compare), slices.MaxFunc(hours, time.Time.Compare)
	day := gridDay{date: date}
	if d != nil {
		day.sessions, from, to = d.Sessions, d.Opens, d.Closes
	}
	from = from.Add(-gridSlack / 2)
	day.from = from.Add(-time.Duration(from.Minute())*time.Minute - time.Duration(from.Second())*time.Second)
	day.rows = min(int((to.Sub(day.from)+gridSlack+gridStep-1)/gridStep), page.MaxGridRows)
	return day
}

// pickDay takes the day of the chosen session, else the wanted one, else the
// one to begin with.
func pickDay(v *page.Visit, days []gridDay, x *program.Session, wanted string) (gridDay, error) {
	for _, d := range days {
		if x != nil && slices.Contains(d.sessions, x) {
			return d, nil
		}
	}
	if wanted == "" {
		return usualDay(v, days), nil
	}
	for _, d := range days {
		if d.key() == wanted {
			return d, nil
		}
	}
	return gridDay{}, fail.Missing("programme.day_gone")
}

// usualDay is today while the edition lasts, else its first day with sessions.
// Something on the eve, weeks before, does not hide the day itself.
func usualDay(v *page.Visit, days []gridDay) gridDay {
	day := func(at time.Time) string { return v.Edition.Local(at).Format(time.DateOnly) }
	today, from, to := day(v.Now), day(v.Edition.StartsAt), day(v.Edition.EndsAt)
	own := slices.DeleteFunc(slices.Clone(days), func(d gridDay) bool { return d.key() < from || d.key() > to })
	for _, list := range [][]gridDay{own, days} {
		for _, d := range list {
			if d.key() == today && today >= from && today <= to {
				return d
			}
		}
		for _, d := range list {
			if len(d.sessions) > 0 {
				return d
			}
		}
	}
	return days[0]
}
