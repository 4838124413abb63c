package web

import (
	"testing"
	"time"

	"agora/app/edition"
	"agora/app/program"
)

func TestCurrentDay(t *testing.T) {
	day := func(date string) *program.Day {
		return &program.Day{Date: clockAt(date + " 00:00"), Opens: clockAt(date + " 09:00"), Closes: clockAt(date + " 17:00")}
	}
	eve, first, second := day("2026-11-21"), day("2027-01-25"), day("2027-01-26")
	p := &program.Programme{Days: []*program.Day{eve, first, second},
		Edition: edition.Edition{Zone: "Europe/Helsinki", StartsAt: clockAt("2027-01-25 09:00"), EndsAt: clockAt("2027-01-26 17:00")}}
	for now, want := range map[string]*program.Day{
		"2026-11-01 12:00": first, "2026-11-21 12:00": first, // the eve does not hide the day itself
		"2027-01-25 08:00": first, "2027-01-25 16:59": first, "2027-01-25 17:00": second,
		"2027-01-26 12:00": second, "2027-02-01 12:00": first,
	} {
		if got := currentDay(p, clockAt(now)); got != want {
			t.Errorf("%s: %s", now, got.Key())
		}
	}
	p.Days = p.Days[:1] // all of it is elsewhere in the calendar
	if got := currentDay(p, time.Time{}); got != eve {
		t.Error(got.Key())
	}
}

// TestAccentIsReadable: on paper and on its own soft ground, in light and dark,
// whatever colour a series chose.
func TestAccentIsReadable(t *testing.T) {
	for _, accent := range []string{"#0d5c52", "#ffff00", "#000000", "#ffffff", "#808080", "#ff0000", "#3355ff", "#7b3fa0"} {
		for _, ground := range []struct {
			paper, towards string
			soft           float64
		}{{lightPaper, darker, lightSoft}, {darkPaper, lighter, darkSoft}} {
			c := readableOnSoft(accent, ground.paper, ground.towards, ground.soft)
			if contrast(c, ground.paper) < readableContrast || contrast(c, mix(c, ground.paper, ground.soft)) < readableContrast {
				t.Errorf("%s became %s on %s", accent, c, ground.paper)
			}
		}
	}
}
