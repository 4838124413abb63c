package edition

import (
	"testing"
	"time"

	"agora/app/apptest"
	"agora/app/fail"
	"agora/app/text"
)

func TestRuleOfCMADFI(t *testing.T) {
	rule := NewRule(time.January, 4, time.Monday)
	if rule != "FREQ=YEARLY;BYMONTH=1;BYDAY=4MO" {
		t.Fatalf("rule = %s", rule)
	}
	for year, want := range map[int]string{2015: "2015-01-26", 2016: "2016-01-25", 2027: "2027-01-25", 2028: "2028-01-24"} {
		if got, _ := rule.In(year, time.UTC); got.Format(time.DateOnly) != want {
			t.Errorf("%d: %s, want %s", year, got.Format(time.DateOnly), want)
		}
	}
	next, ok := rule.Next(time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC), time.UTC)
	if !ok || next.Format(time.DateOnly) != "2027-01-25" {
		t.Errorf("next = %v %v", next, ok)
	}
}

func TestRuleLastAndFifth(t *testing.T) {
	for rule, want := range map[Rule]string{
		NewRule(time.August, -1, time.Friday):  "2027-08-27",
		NewRule(time.February, 5, time.Monday): "2027-02-22",
		NewRule(time.May, 5, time.Monday):      "2027-05-31",
	} {
		if got, ok := rule.In(2027, time.UTC); !ok || got.Format(time.DateOnly) != want {
			t.Errorf("%s: %s %v, want %s", rule, got.Format(time.DateOnly), ok, want)
		}
	}
	for _, bad := range []Rule{"", "FREQ=DAILY", "FREQ=YEARLY;BYMONTH=13;BYDAY=1MO", "FREQ=YEARLY;BYMONTH=1;BYDAY=-3MO", "FREQ=YEARLY;BYMONTH=1;BYDAY=0MO"} {
		if _, ok := bad.In(2027, time.UTC); ok {
			t.Errorf("%q was understood", bad)
		}
	}
}

func TestPhases(t *testing.T) {
	at := func(s string) time.Time { return apptest.Helsinki(s).UTC() }
	e := Edition{Zone: "Europe/Helsinki", OpensAt: at("2026-11-02 09:00"), ClosesAt: at("2027-01-18 23:59"),
		StartsAt: at("2027-01-25 09:00"), EndsAt: at("2027-01-25 17:00")}
	for _, c := range []struct {
		at    string
		full  bool
		want  Phase
		takes bool
	}{
		{"2026-11-02 08:59", false, Before, false},
		{"2026-11-02 09:00", false, Open, true},
		{"2026-12-24 18:00", true, Full, true},
		{"2027-01-18 23:59", true, Closed, false},
		{"2027-01-24 23:59", false, Closed, false},
		{"2027-01-25 00:00", false, Today, false},
		{"2027-01-25 23:59", false, Today, false},
		{"2027-01-26 00:00", false, Archive, false},
	} {
		if got := e.Phase(at(c.at), c.full); got != c.want {
			t.Errorf("%s full=%v: %s, want %s", c.at, c.full, got, c.want)
		}
		if got := e.Takes(at(c.at)); got != c.takes {
			t.Errorf("%s takes=%v", c.at, got)
		}
	}
	if got := e.DaysLeft(at("2026-11-21 23:30")); got != 65 {
		t.Errorf("%d days left, want 65", got)
	}
}

func TestAcronymIsWhatTheSchemaTakes(t *testing.T) {
	e := Edition{Slug: "2027-kevat", Series: Series{Slug: "cmad-fi"}}
	if got := e.Acronym(); got != "cmadfi2027kevat" {
		t.Errorf("acronym %q", got)
	}
}

// The desk's own addresses cannot be taken.
func TestAddressesOfTheDeskAreKept(t *testing.T) {
	for _, slug := range []string{"new", "mail", "desk"} {
		err := SeriesInput{Slug: slug, Title: text.One(text.English, "S")}.Check()
		if e, ok := fail.As(err); !ok || len(e.Fields["slug"]) != 1 {
			t.Errorf("series %s: %v", slug, err)
		}
	}
	if e, ok := fail.As(Input{Slug: "new"}.Check()); !ok || len(e.Fields["slug"]) != 1 {
		t.Error("an edition may be called new")
	}
}
