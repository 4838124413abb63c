package page

import (
	"time"

	"agora/app/edition"
	"agora/app/registration"
	"agora/app/text"
)

// EditionCard is an edition in a list.
type EditionCard struct {
	Name, City Words
	When, Href string
	Phase      edition.Phase
	Past       bool
}

// Card shows an edition; its languages decide what its texts fall back to.
func (v *Visit) Card(e edition.Edition) EditionCard {
	before := v.Edition
	v.Edition = e
	defer func() { v.Edition = before }()
	return EditionCard{
		Name: v.Words(e.Title), City: v.Words(e.City), Href: e.Path(),
		When:  text.Days(v.Lang, e.Local(e.StartsAt), e.Local(e.EndsAt)),
		Phase: e.Phase(v.Now, false), Past: e.Phase(v.Now, false) == edition.Archive,
	}
}

// PlaceCount is a kind of place in figures.
type PlaceCount struct {
	Taken, Free, Waiting, Capacity int64
	Unlimited, Full                bool
}

// CountOf puts a kind of place into figures.
func CountOf(p registration.Place) PlaceCount {
	free, unlimited := p.Free()
	c := PlaceCount{Taken: p.Taken, Free: free, Waiting: p.Waiting, Unlimited: unlimited, Full: p.Full()}
	if p.Capacity != nil {
		c.Capacity = *p.Capacity
	}
	return c
}

// RuleWords says a series' rule in words: the fourth Monday of January.
func (v *Visit) RuleWords(r edition.Rule) string {
	month, week, day, ok := r.Parts()
	if !ok {
		return ""
	}
	return v.T("rule.sentence",
		"week", v.T("rule.week_"+WeekName(week)),
		"day", v.T("rule.day_"+DayName(day)),
		"month", v.T("rule.month_"+MonthName(month)))
}

// DayName, WeekName and MonthName are the ends of the keys that name them.
func DayName(d time.Weekday) string {
	return [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}[d]
}

// WeekName: see DayName; -1 is the last week.
func WeekName(week int) string {
	return [...]string{"last", "", "first", "second", "third", "fourth", "fifth"}[week+1]
}

// MonthName: see DayName.
func MonthName(m time.Month) string {
	return [...]string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}[m-1]
}
