package registration

import (
	"testing"
	"time"

	"agora/app/edition"
)

// An offer never lapses in the quiet hours, also in the nights when the clock of
// Helsinki is moved: on 28 March 2027 three o'clock becomes four, on 31 October
// 2027 four becomes three.
func TestDeadlines(t *testing.T) {
	helsinki, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		t, err := time.ParseInLocation("2006-01-02 15:04", s, helsinki)
		if err != nil {
			panic(err)
		}
		return t
	}
	quiet := Rules{OfferHours: 24, QuietFrom: 21, QuietTo: 8}
	for _, c := range []struct {
		name, now, starts, want string
		rules                   Rules
	}{
		{"a day and a night", "2027-01-10 12:00", "2027-02-25 09:00", "2027-01-11 12:00", quiet},
		{"in the evening it waits for the morning", "2027-01-10 22:30", "2027-02-25 09:00", "2027-01-12 09:00", quiet},
		{"before dawn of the same day", "2027-01-10 05:00", "2027-02-25 09:00", "2027-01-11 09:00", quiet},
		{"no hour is quiet", "2027-01-10 23:30", "2027-02-25 09:00", "2027-01-11 23:30", Rules{OfferHours: 24}},
		{"quiet hours within a day", "2027-01-10 12:30", "2027-02-25 09:00", "2027-01-11 15:00", Rules{OfferHours: 24, QuietFrom: 12, QuietTo: 14}},
		{"near the day it is a third of the rest", "2027-01-24 12:00", "2027-01-25 09:00", "2027-01-24 19:00", quiet},
		{"and never after the beginning", "2027-01-24 22:00", "2027-01-25 08:30", "2027-01-25 08:30", quiet},
		{"into the night of spring", "2027-03-27 23:00", "2027-05-25 09:00", "2027-03-29 09:00", quiet},
		{"three hours over the hour that is not", "2027-03-28 01:30", "2027-05-25 09:00", "2027-03-28 05:30", Rules{OfferHours: 3}},
		{"quiet until the hour that is not", "2027-03-27 02:15", "2027-05-25 09:00", "2027-03-28 05:00", Rules{OfferHours: 24, QuietFrom: 2, QuietTo: 3}},
		{"into the night of autumn", "2027-10-30 23:00", "2027-12-25 09:00", "2027-11-01 09:00", quiet},
		{"three hours over the hour that comes twice", "2027-10-31 02:30", "2027-12-25 09:00", "2027-10-31 04:30", Rules{OfferHours: 3}},
	} {
		e := edition.Edition{Zone: "Europe/Helsinki", StartsAt: at(c.starts), EndsAt: at(c.starts).Add(8 * time.Hour)}
		if got := c.rules.Deadline(e, at(c.now)); !got.Equal(at(c.want)) {
			t.Errorf("%s: %s, want %s", c.name, got.In(helsinki).Format("2006-01-02 15:04 MST"), c.want)
		}
		for hour := range 24 {
			now := at(c.now).Add(time.Duration(hour) * time.Hour)
			got := c.rules.Deadline(e, now)
			if c.rules.Quiet(e.Local(got).Hour()) && got.Before(e.StartsAt) {
				t.Errorf("%s: made at %s it lapses at %s, in the quiet hours", c.name, now, got.In(helsinki))
			}
			if !got.After(now) {
				t.Errorf("%s: made at %s it lapses at %s", c.name, now, got)
			}
		}
	}
}
