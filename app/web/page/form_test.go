package page

import (
	"maps"
	"testing"
	"time"
)

// Boxes are found by what they stand for, and never stand in the way of a field
// whose name looks the same.
func TestBoxesLeaveFieldsAlone(t *testing.T) {
	f := &Form{Values: map[string]string{}}
	f.fill(map[string][]string{"who": {"anna", "bo"}, "shown": {"at"}, "shown_at": {"2027-01-25T12:00"}, "empty": {""}})
	want := map[string]string{"who": "bo", "who_anna": "1", "who_bo": "1", "shown": "at", "shown_at": "2027-01-25T12:00",
		"shown_at_2027-01-25T12:00": "1", "empty": "", "empty_": "1"}
	if !maps.Equal(f.Values, want) {
		t.Errorf("%v", f.Values)
	}
}

// A time that the clocks skip is a problem of its field; one that comes twice is
// the first, and whatever was stored stays when its field was left as it was.
func TestTimesInTheNightsWhenClocksChange(t *testing.T) {
	helsinki, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, typed, was, want string }{
		{"the hour that is not", "2027-03-28T03:30", "", ""},
		{"just before it", "2027-03-28T02:59", "", "2027-03-28T00:59:00Z"},
		{"just after it", "2027-03-28T04:00", "", "2027-03-28T01:00:00Z"},
		{"before the hour that comes twice", "2027-10-31T02:59", "", "2027-10-30T23:59:00Z"},
		{"its beginning", "2027-10-31T03:00", "", "2027-10-31T00:00:00Z"},
		{"within it", "2027-10-31T03:30", "", "2027-10-31T00:30:00Z"},
		{"just after it in autumn", "2027-10-31T04:00", "", "2027-10-31T02:00:00Z"},
		{"the first, unchanged", "2027-10-31T03:30", "2027-10-31T00:30:00Z", "2027-10-31T00:30:00Z"},
		{"the second, unchanged", "2027-10-31T03:30", "2027-10-31T01:30:00Z", "2027-10-31T01:30:00Z"},
		{"the second, with seconds", "2027-10-31T03:30", "2027-10-31T01:30:12.5Z", "2027-10-31T01:30:12.5Z"},
		{"another time than before", "2027-10-31T03:45", "2027-10-31T01:30:00Z", "2027-10-31T00:45:00Z"},
		{"a day that is not", "2027-10-32T03:30", "2027-10-31T01:30:00Z", ""},
		{"before that is no time", "2027-10-31T03:30", "yesterday", "2027-10-31T00:30:00Z"},
	} {
		f := &Form{Values: map[string]string{"opens_at": c.typed, "opens_at_was": c.was}}
		got := f.At("opens_at", helsinki)
		if c.want == "" {
			if len(f.Problems["opens_at"]) != 1 {
				t.Errorf("%s: taken as %v", c.name, got)
			}
			continue
		}
		if got.UTC().Format(time.RFC3339Nano) != c.want || len(f.Problems) != 0 {
			t.Errorf("%s: %v %v, want %s", c.name, got.UTC(), f.Problems, c.want)
		}
	}
}

// Every instant around both nights comes back as it went into the form, on a
// clock that is moved by an hour and on one that is moved by half of one. One
// that was typed is never later than another that looks the same.
func TestTimesComeBack(t *testing.T) {
	for zone, night := range map[string]string{"Europe/Helsinki": "2027-10-30T12:00:00Z", "Australia/Lord_Howe": "2027-04-03T06:00:00Z"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		start, err := time.Parse(time.RFC3339, night)
		if err != nil {
			t.Fatal(err)
		}
		spring := start.AddDate(0, -7, -3)
		for minute := 0; minute < 48*60; minute += 7 {
			for _, from := range []time.Time{start, spring} {
				at := from.Add(time.Duration(minute) * time.Minute)
				f := &Form{Values: map[string]string{}}
				f.SetTime("at", at, loc)
				if got := f.At("at", loc); !got.Equal(at) || len(f.Problems) > 0 {
					t.Fatalf("%s: %v came back as %v", zone, at, got)
				}
				delete(f.Values, "at_was")
				if got := f.At("at", loc); got.After(at) || got.Format(localLayout) != at.In(loc).Format(localLayout) {
					t.Fatalf("%s: %v was read as %v", zone, at, got)
				}
			}
		}
	}
}
