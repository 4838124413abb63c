package public

import (
	"testing"
	"time"

	"agora/app/edition"
	"agora/app/program"
)

func TestCurrentDay(t *testing.T) {
	helsinki, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, helsinki)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	day := func(date string) *program.Day {
		return &program.Day{Date: at(date + " 00:00"), Opens: at(date + " 09:00"), Closes: at(date + " 17:00")}
	}
	eve, first, second := day("2026-11-21"), day("2027-01-25"), day("2027-01-26")
	p := &program.Programme{Days: []*program.Day{eve, first, second},
		Edition: edition.Edition{Zone: "Europe/Helsinki", StartsAt: at("2027-01-25 09:00"), EndsAt: at("2027-01-26 17:00")}}
	for now, want := range map[string]*program.Day{
		"2026-11-01 12:00": first, "2026-11-21 12:00": first, // the eve does not hide the day itself
		"2027-01-25 08:00": first, "2027-01-25 16:59": first, "2027-01-25 17:00": second,
		"2027-01-26 12:00": second, "2027-02-01 12:00": first,
	} {
		if got := currentDay(p, at(now)); got != want {
			t.Errorf("%s: %s", now, got.Key())
		}
	}
	p.Days = p.Days[:1] // all of it is elsewhere in the calendar
	if got := currentDay(p, time.Time{}); got != eve {
		t.Error(got.Key())
	}
}
