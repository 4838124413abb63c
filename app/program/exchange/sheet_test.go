package exchange

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func table(lines ...string) Table {
	var rows []TableRow
	for i, l := range lines {
		if l != "" {
			rows = append(rows, TableRow{Line: i + 1, Cells: strings.Split(l, "|")})
		}
	}
	return NewTable(rows, false, false)
}

func options(t Table) SheetOptions {
	return SheetOptions{Acronym: "cmadfi2027", Zone: "Europe/Helsinki", First: utc("2027-01-25T00:00:00Z"), Last: utc("2027-01-26T00:00:00Z"),
		Columns: MatchColumns(t.Header)}
}

func TestHeadingsAreMatched(t *testing.T) {
	for header, want := range map[string]string{
		"Otsikko|Kuvaus|Puhujat|Sali|Teema|Päivä|Alkaa|Päättyy|Kieli|Tyyppi|Tunnus":                      "title abstract speakers room track date start end language kind id",
		"Rubrik|Beskrivning|Talare|Sal|Spår|Datum|Börjar|Slutar|Längd|Språk":                             "title abstract speakers room track date start end duration language",
		"Title|Abstract|Description|Speaker 1|Speaker 2|Room|Track|Date|Start time|Duration (min)|Type":  "title abstract description speakers speakers room track date start duration kind",
		"Session ID|Session title|Session start time|Session end time|Speaker name(s)|Short description": "id title start end speakers abstract",
		"Name|Name|Notes||🎉|Description":                                                                 "title    - abstract",
		"Klo|Ohjelma|Puhuja":                                                                             "start title speakers",
	} {
		var got []string
		for _, c := range MatchColumns(strings.Split(header, "|")) {
			got = append(got, string(c))
		}
		if s := strings.Join(got, " "); s != strings.ReplaceAll(want, "-", "") {
			t.Errorf("%s\n%s", header, s)
		}
	}
}

func TestHeadingsAreFound(t *testing.T) {
	got := table("CMADFI 2027, ohjelmaluonnos", "", "Otsikko|Klo|Sali", "Avaus|9.00|Aula")
	equal(t, got.Header, []string{"Otsikko", "Klo", "Sali"})
	equal(t, got.Rows, []TableRow{{4, []string{"Avaus", "9.00", "Aula"}}})
	bare := table("Avaus|9.00|Aula", "Kahvi|10.00")
	equal(t, bare.Header, []string{"A", "B", "C"})
	equal(t, len(bare.Rows), 2)
	equal(t, letterOf(27), "AB")
}

func TestDatesAndTimes(t *testing.T) {
	c := sheetClock{loc: options(Table{}).location(), first: utc("2027-01-25T00:00:00Z"), last: utc("2027-01-27T00:00:00Z")}
	for _, cell := range []string{
		"25.1.2027 klo 9.30", "ma 25.1. klo 9.30", "maanantai 25. tammikuuta 2027 klo 9:30", "25. tammikuuta klo 09.30", "25.01.27 9:30", "25/1/2027 9:30",
		"25/01/2027, 9:30 am", "måndag 25 januari kl. 9.30", "den 25 januari 2027 kl 09:30", "mån 25 jan 9:30", "Monday, January 25, 2027 9:30 AM",
		"Mon 25 Jan 2027 at 9:30", "January 25th 9:30", "25th of January 2027, 9:30", "2027-01-25 09:30", "2027-01-25T09:30", "2027-01-25T09:30:00", "2027-01-25T07:30:00Z",
		"2027-01-25T09:30:00+02:00", "2027/01/25 9:30", "46412.3958333333", "Monday 9:30", "ma 9.30", "mån kl 9.30", "25-01-2027 09:30", "25.1.2027\u00a09.30",
	} {
		date, clock, dated, clocked := c.when(cell, false)
		if !dated || !clocked || !date.Equal(utc("2027-01-25T00:00:00Z")) || clock != 9*time.Hour+30*time.Minute {
			t.Errorf("%q: %v %v %v %v", cell, date, clock, dated, clocked)
		}
	}
	for _, cell := range []string{"26.1.", "tiistai", "Tuesday", "tisdag", "ti", "Day 2", "Päivä 2", "2. päivä", "dag 2", "26.1.2027", "46413", "26 jan", "Jan 26", "2027-01-26", "26. tammikuuta"} {
		date, _, dated, clocked := c.when(cell, false)
		if !dated || clocked || !date.Equal(utc("2027-01-26T00:00:00Z")) {
			t.Errorf("%q: %v %v %v", cell, date, dated, clocked)
		}
	}
	for cell, want := range map[string]time.Duration{"9": 9 * 60, "9.05": 545, "09:05": 545, "0905": 545, "klo 9.05": 545, "kl. 9.05": 545, "9:05:00": 545, "9h05": 545,
		"9 pm": 21 * 60, "12:05 a.m.": 5, "0.375": 540, "24.30": 24*60 + 30} {
		_, clock, dated, clocked := c.when(cell, true)
		if dated || !clocked || clock != want*time.Minute {
			t.Errorf("%q: %v %v %v", cell, clock, dated, clocked)
		}
	}
	for _, cell := range []string{"soon", "iltapäivällä", "31.2.2027", "99.99", "13:75", "25.13.2027 x", "friday 9:00 or so", "Day 9", "-1", "NaN", "1e300", "0x10"} {
		for _, first := range []bool{true, false} {
			if _, _, dated, clocked := c.when(cell, first); dated || clocked {
				t.Errorf("%q is taken", cell)
			}
		}
	}
	for cell, want := range map[string]time.Duration{"45": 45, "45 min": 45, "45min": 45, "1 h": 60, "1,5 h": 90, "1 h 30 min": 90, "1h30": 90, "1 t 15 min": 75, "2 tuntia": 120,
		"1 timme 30 minuter": 90, "1:30": 90, "1.30": 90, "0:45": 45, "PT45M": 45, "45.0": 45, "90 minuuttia": 90, "45'": 45} {
		if d, ok := c.length(cell); !ok || d != want*time.Minute {
			t.Errorf("%q: %v %v", cell, d, ok)
		}
	}
	for _, cell := range []string{"short", "0", "-5", "45 bananas", "1 h later"} {
		if d, ok := c.length(cell); ok {
			t.Errorf("%q is %v", cell, d)
		}
	}
}

func (o SheetOptions) location() *time.Location {
	loc, _ := location(o.Zone)
	return loc
}

func TestTableBecomesSchedule(t *testing.T) {
	in := table(
		"Otsikko|Puhujat|Sali|Teema|Päivä|Alkaa|Loppuu|Kieli|Tyyppi|Kuvaus",
		"Avaus|Bo Ek ja Åsa Öhman|Aula||ma 25.1.|9.00|9.30|suomi|Keynote|Tervetuloa",
		"Pause|||||9.30|10.00|||",
		"Rock|Ek, Bo; Uno Ukko|Sali 2|Musik||23.00|1.30|sv||",
		"tiistai 26.1.2027",
		"Aamu|Uno Ukko, Bo Ek|Aula|||8.15–9.00||klingon||",
		"Joskus|||||||||",
	)
	s, report, problems := FromTable(in, options(in))
	var got []string
	for _, x := range s.Sessions {
		var names []string
		for _, p := range x.Speakers {
			names = append(names, p.Name)
		}
		got = append(got, fmt.Sprint(x.Title, " ", x.Start.Format("02T15:04"), " ", x.Duration, " ", x.Room, " ", x.Language, " ", strings.Join(names, "+")))
	}
	equal(t, got, []string{"Avaus 25T07:00 30m0s Aula fi Bo Ek+Åsa Öhman", "Pause 25T07:30 30m0s   ", "Rock 25T21:00 2h30m0s Sali 2 sv Ek, Bo+Uno Ukko",
		"Aamu 26T06:15 45m0s Aula  Uno Ukko+Bo Ek", "Joskus 01T00:00 30m0s   "})
	equal(t, problems, []Problem{{Line: 6, Column: ColumnLanguage, Key: "exchange.sheet.language", Args: []any{"cell", "klingon"}}})
	equal(t, []int{report.Sessions, report.Rooms, report.Tracks, report.Speakers}, []int{5, 2, 1, 4})
	again, _, _ := FromTable(in, options(in))
	equal(t, again, s)
	if !s.ByName {
		t.Error("it has no identifiers")
	}
}

func TestBadLinesAreToldAndLeft(t *testing.T) {
	in := table(
		"ID|Title|Date|Start|End|Duration|Speaker",
		"1|Good|2027-01-25|9:00|9:30||Bo Ek",
		"2||2027-01-25|9:00|9:30||Bo Ek",
		"3|When|someday|9:00|||",
		"4|Clock|2027-01-25|noonish|||",
		"5|Backwards|2027-01-25|14:00|13:00||",
		"6|Long|2027-01-25|14:00||ages|",
		"1|Other|2027-01-25|15:00|15:30||",
		"7|"+strings.Repeat("x", 201)+"|2027-01-25|9:00|9:30||",
		"8|Away|2027-03-01|9:00|||",
	)
	s, _, problems := FromTable(in, options(in))
	var got []string
	for _, p := range problems {
		got = append(got, fmt.Sprint(p.Line, " ", p.Column, " ", strings.TrimPrefix(p.Key, "exchange.sheet."), " ", p.Left))
	}
	equal(t, got, []string{"3 title no_title true", "4 date date true", "5 start start true", "6 end end_first true", "7 duration duration true",
		"8 id id_doubled true", "9 title long true", "10 end no_end false", "10 date outside false"})
	var titles []string
	for _, x := range s.Sessions {
		titles = append(titles, x.Title)
	}
	equal(t, titles, []string{"Good", "Away"})
}

func TestAmericanDates(t *testing.T) {
	in := table("Title|Date|Start", "A|1/25/2027|9:00", "B|1/26/2027|9:00", "C|2/1/2027|9:00")
	s, _, _ := FromTable(in, options(in))
	equal(t, []string{s.Sessions[0].Start.Format(time.DateOnly), s.Sessions[2].Start.Format(time.DateOnly)}, []string{"2027-01-25", "2027-02-01"})
}

func TestOneSessionInTwoRooms(t *testing.T) {
	in := table("Title|Start|Room|Speaker", "Same|2027-01-25 9:00|A|Bo Ek", "Same|2027-01-25 9:00|B|Bo Ek", "Same|2027-01-25 9:00|B|Bo Ek")
	s, report, problems := FromTable(in, options(in))
	equal(t, len(s.Sessions), 2)
	equal(t, report.Notice(speakerClash).Count, 1)
	if len(problems) == 0 || !slices.ContainsFunc(problems, func(p Problem) bool { return p.Line == 4 && p.Key == "exchange.sheet.doubled" }) {
		t.Errorf("%+v", problems)
	}
}

func FuzzTable(f *testing.F) {
	f.Add("Otsikko|Alkaa|Kesto\nAvaus|25.1.2027 9.00|45\nX|46412.4|0.03")
	f.Add("Title|Date|Start|End|Speakers\n|||\nA|Day 1|9-10|||Bo, Åsa & Uno")
	f.Fuzz(func(t *testing.T, text string) {
		in := table(strings.Split(text, "\n")...)
		s, _, _ := FromTable(in, options(in))
		equal(t, Complete(s), s)
		if len(s.Sessions) > len(in.Rows) {
			t.Errorf("%d sessions of %d lines", len(s.Sessions), len(in.Rows))
		}
	})
}
