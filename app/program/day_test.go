package program

import (
	"fmt"
	"strings"
	"testing"

	"agora/app/db/dbtest"
	"agora/app/edition"
)

func TestDayChange(t *testing.T) {
	for name, c := range map[string]struct {
		sessions [][2]string
		want     string
	}{
		"the night belongs to the evening": {[][2]string{
			{"2027-01-25 20:00", "2027-01-25 22:30"}, {"2027-01-26 00:15", "2027-01-26 01:00"}, {"2027-01-26 05:00", "2027-01-26 06:00"},
		}, "2027-01-25: 2, 2027-01-26: 1"},
		"an early start is its own day": {[][2]string{
			{"2027-01-25 16:00", "2027-01-25 17:00"}, {"2027-01-26 04:30", "2027-01-26 05:30"},
		}, "2027-01-25: 1, 2027-01-26: 1"},
		"across midnight": {[][2]string{
			{"2027-01-25 23:30", "2027-01-26 00:30"}, {"2027-01-26 04:55", "2027-01-26 05:30"}, {"2027-01-26 09:00", "2027-01-26 10:00"},
		}, "2027-01-25: 2, 2027-01-26: 1"},
		"the night when clocks go forward": {[][2]string{
			{"2027-03-27 22:00", "2027-03-27 23:30"}, {"2027-03-28 04:30", "2027-03-28 04:45"}, {"2027-03-28 05:15", "2027-03-28 06:00"},
		}, "2027-03-27: 2, 2027-03-28: 1"},
		"the night when clocks go back": {[][2]string{
			{"2027-10-30 22:00", "2027-10-30 23:30"}, {"2027-10-31 03:30", "2027-10-31 04:30"}, {"2027-10-31 05:00", "2027-10-31 06:00"},
		}, "2027-10-30: 2, 2027-10-31: 1"},
	} {
		var list []*Session
		for _, s := range c.sessions {
			list = append(list, &Session{StartsAt: at(s[0]), EndsAt: at(s[1])})
		}
		var got []string
		for _, d := range days(list, nil) {
			got = append(got, fmt.Sprintf("%s: %d", d.Key(), len(d.Sessions)))
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%s: %s, want %s", name, s, c.want)
		}
	}
}

func TestGrid(t *testing.T) {
	k := newDesk(t, dbtest.OpenSQLite(t))
	aula, _, sali := k.room("Aula"), k.room("Tyhjä"), k.room("Sali")
	k.session(talk("Avaus", "09:10", "10:00", aula))
	k.session(talk("Pitkä", "09:10", "11:02", sali))
	k.session(talk("Päällekkäin", "10:30", "11:30", sali))
	k.session(talk("Lyhyt", "10:00", "10:01", aula))
	lunch := talk("Lounas", "11:30", "12:30", Room{})
	lunch.Kind = Break
	k.session(lunch)
	k.session(talk("Huoneeton", "09:10", "09:20", Room{}))
	g := k.draft().Days[0].Grid
	var rooms, cells []string
	for _, r := range g.Rooms {
		name := "-"
		if r.Room != nil {
			name = r.Room.Name.String()
		}
		rooms = append(rooms, fmt.Sprintf("%s %d+%d", name, r.Column, r.Width))
	}
	for _, c := range g.Cells {
		cells = append(cells, fmt.Sprintf("%s c%d r%d h%d %v", c.Session.Title, c.Column, c.Row, c.Height, c.Wide))
	}
	if got := strings.Join(rooms, ", "); got != "Aula 1+1, Sali 2+2, - 4+1" || g.Columns != 4 || g.Rows != 42 {
		t.Errorf("rooms %s, %d columns, %d rows", got, g.Columns, g.Rows)
	}
	want := "Avaus c1 r3 h10 false\nPitkä c2 r3 h22 false\nHuoneeton c4 r3 h2 false\nLyhyt c1 r13 h1 false\n" +
		"Päällekkäin c3 r19 h12 false\nLounas c1 r31 h12 true"
	if got := strings.Join(cells, "\n"); got != want {
		t.Errorf("cells\n%s\nwant\n%s", got, want)
	}
	if len(g.Hours) != 4 || g.Hours[1].Row != 13 || g.Hours[1].At.Hour() != 10 {
		t.Errorf("hours %+v", g.Hours)
	}
}

// Every moment is on exactly one row, also when an hour comes twice.
func TestGridOfTheNightWhenClocksGoBack(t *testing.T) {
	list := []*Session{
		{StartsAt: at("2027-10-30 23:00"), EndsAt: at("2027-10-31 01:00")},
		{StartsAt: at("2027-10-31 02:30"), EndsAt: at("2027-10-31 04:30")},
	}
	g := days(list, nil)[0].Grid
	if g.Rows != 78 || len(g.Hours) != 7 {
		t.Errorf("%d rows, %d hours; 23:00 to 04:30 takes 6.5 hours", g.Rows, len(g.Hours))
	}
	seen := map[string]int{}
	for _, h := range g.Hours {
		seen[h.At.Format("15:04")]++
	}
	if seen["03:00"] != 2 {
		t.Errorf("hours %v", seen)
	}
}

func TestClashes(t *testing.T) {
	k := newDesk(t, dbtest.OpenSQLite(t))
	aula, sali := k.room("Aula"), k.room("Sali")
	k.session(talk("A", "10:00", "11:00", aula, "Bo"))
	k.session(talk("B", "10:30", "11:30", aula))
	k.session(talk("C", "10:45", "11:15", sali, "Bo"))
	k.session(talk("D", "11:30", "12:00", aula, "Bo"))
	off := talk("E", "11:30", "12:00", aula, "Bo")
	off.Cancelled = true
	k.session(off)
	var got []string
	list, err := k.Clashes(t.Context(), k.e)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		what := "room"
		if c.Speaker != nil {
			what = c.Speaker.Name
		}
		got = append(got, what+" "+c.First.Title.String()+c.Second.Title.String())
	}
	if s := strings.Join(got, ", "); s != "room AB, Bo AC" {
		t.Errorf("clashes %s", s)
	}
}

func TestScheduleOfAnEmptyProgramme(t *testing.T) {
	k := newDesk(t, dbtest.OpenSQLite(t))
	if x := Schedule(k.programme(), "https://agora.example/"); len(x.Sessions) != 0 || x.Acronym != "cmadfi2027" {
		t.Errorf("%+v", x)
	}
	if p := build(edition.Edition{}, rows{}, false); !p.Empty() || p.BySlug("") != nil || len(p.Now(noon)) != 0 {
		t.Error("a programme of nothing")
	}
}
