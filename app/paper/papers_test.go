package paper

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

func pageOf(n, total int) string { return fmt.Sprintf("%d/%d", n, total) }

// sampleProgramme has days of rooms side by side, and a pause for all.
func sampleProgramme(days, slots int) Programme {
	p := Programme{Series: "CMADFI", Edition: "Jyväskylä 2027", Title: "Ohjelma", Release: "Versio 3, 20.1.2027", QR: "https://cmadfi.example/cmadfi/2027/program",
		Newest: "Uusin ohjelma on aina täällä.", Page: pageOf, Date: time.Date(2027, 1, 20, 9, 0, 0, 0, time.UTC), Accent: sea}
	for d := range days {
		day := ProgrammeDay{Name: fmt.Sprintf("maanantaina %d.1.2027", 25+d), Rooms: []string{"Suuri sali", "Pieni sali", "Työpajatila"}}
		for k := range slots {
			from := 9*60 + k*45
			slot := ProgrammeSlot{Time: fmt.Sprintf("%d.%02d", from/60, from%60)}
			if k == 3 {
				slot.Items = []ProgrammeItem{{Title: "Lounas", From: from, To: from + 45, Room: -1, Break: true}}
			} else {
				for room, title := range []string{"Oma ääni kuuluviin – työntekijälähettilyys ilman pakkoa", "Moderointi", "Työpaja: ohjeesta tavaksi"} {
					slot.Items = append(slot.Items, ProgrammeItem{Title: fmt.Sprintf("%s %d", title, k), Speakers: "Åsa Öhman, Łukasz Żółć", Place: day.Rooms[room] + " · Yhteisöt",
						From: from, To: from + 40, Room: room, Track: []Colour{pine, plum, {}}[room]})
				}
			}
			day.Slots = append(day.Slots, slot)
		}
		p.Days = append(p.Days, day)
	}
	return p
}

// check is what every paper has to hold: clean, complete, and the same again.
func check(t *testing.T, name string, pages int, print func(w *bytes.Buffer) (Report, error), words ...string) string {
	t.Helper()
	var one, two bytes.Buffer
	r, err := print(&one)
	if err != nil || r.Pages != pages {
		t.Fatalf("%s: %v, %d pages, want %d", name, err, r.Pages, pages)
	}
	for _, m := range r.Remarks {
		if m.Kind == Failed {
			t.Errorf("%s: %+v", name, m)
		}
	}
	if _, err := print(&two); err != nil || !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Errorf("%s: the same again gives other bytes: %v", name, err)
	}
	lookAt(t, name, one.Bytes())
	if out := tool(t, one.Bytes(), "qpdf", "--check", "PDF"); strings.Contains(out, "WARNING") {
		t.Errorf("%s: %s", name, out)
	}
	text := strings.Join(strings.Fields(tool(t, one.Bytes(), "pdftotext", "-raw", "PDF", "-")), " ")
	at := 0
	for _, w := range words {
		i := strings.Index(text[at:], w)
		if i < 0 {
			t.Fatalf("%s: %q is missing or stands too early in %.2000s", name, w, text)
		}
		at += i
	}
	return text
}

func TestProgrammeOnPaper(t *testing.T) {
	p := sampleProgramme(2, 9)
	for _, c := range []struct {
		layout Layout
		pages  int
		words  []string
	}{
		{List, 4, []string{"Ohjelma", "maanantaina 25.1.2027", "9.00", "Oma ääni kuuluviin", "Åsa Öhman", "Suuri sali", "Lounas", "1/4", "maanantaina 26.1.2027", "4/4"}},
		{Grid, 2, []string{"maanantaina 25.1.2027", "Suuri sali", "9.00", "Oma ääni", "1/2", "maanantaina 26.1.2027", "2/2"}},
		{Pocket, 1, []string{"Oma ääni kuuluviin"}},
	} {
		d := p
		if c.layout == Pocket {
			d = sampleProgramme(1, 9)
		}
		text := check(t, "programme-"+string(c.layout), c.pages, func(w *bytes.Buffer) (Report, error) {
			return press(t).Programme(t.Context(), w, d, c.layout)
		}, c.words...)
		for k := range 9 {
			if k != 3 && !strings.Contains(text, fmt.Sprintf("Moderointi %d", k)) {
				t.Errorf("%s: session %d is missing", c.layout, k)
			}
		}
	}
}

// A day of more rooms than can be read side by side goes on, and no session is lost.
func TestGridOfManyRooms(t *testing.T) {
	p := sampleProgramme(1, 4)
	p.Days[0].Rooms = nil
	p.Days[0].Slots = p.Days[0].Slots[:1]
	p.Days[0].Slots[0].Items = nil
	for i := range 12 {
		p.Days[0].Rooms = append(p.Days[0].Rooms, fmt.Sprintf("Sali %d", i))
		p.Days[0].Slots[0].Items = append(p.Days[0].Slots[0].Items, ProgrammeItem{Title: fmt.Sprintf("Istunto%d", i), From: 540, To: 545 + i, Room: i})
	}
	text := check(t, "programme-wide", 2, func(w *bytes.Buffer) (Report, error) { return press(t).Programme(t.Context(), w, p, Grid) })
	for i := range 12 {
		if !strings.Contains(text, fmt.Sprintf("Istunto%d", i)) {
			t.Errorf("session %d is missing", i)
		}
	}
}

func TestSigns(t *testing.T) {
	var signs []Sign
	for n, room := range []string{"Suuri sali", "Kokoustila Päijänne 3. kerros, itäsiipi"} {
		s := Sign{Series: "CMADFI", Edition: "Jyväskylä 2027", Room: room, Day: "maanantaina 25.1.2027", QR: "https://cmadfi.example/cmadfi/2027/live?room=suuri", Ask: "Kysy ja äänestä täällä", Code: "24 680"}
		for k := range 5 + n*9 {
			s.Slots = append(s.Slots, SignSlot{Time: fmt.Sprintf("%d.00–%d.45", 9+k, 9+k), Title: "Oma ääni kuuluviin – työntekijälähettilyys ilman pakkoa", Speakers: "Åsa Öhman, Łukasz Żółć", Break: k == 3})
		}
		signs = append(signs, s)
	}
	check(t, "signs", 2, func(w *bytes.Buffer) (Report, error) {
		return press(t).Signs(t.Context(), w, signs, SignOptions{Title: "Ovikyltit", Page: pageOf, Accent: pine})
	}, "Suuri sali", "9.00–9.45", "Oma ääni", "1/2", "Kokoustila Päijänne", "2/2")
}

func TestNamesOnPaper(t *testing.T) {
	l := NameList{Series: "CMADFI", Edition: "Jyväskylä 2027", Title: "Nimilista", How: "Merkitse rasti, kun joku tulee.", Name: "Nimi", Code: "Koodi", Marks: "Merkinnät", Page: pageOf}
	for i, name := range oddNames(140) {
		l.People = append(l.People, Named{Letter: string(rune('A' + i/10)), Name: name, Organisation: "Järvi-Suomen Energia", Code: "K7M4-PQ2X", Marks: []string{"Ensi kertaa", "Ei kuvia"}[:i%3%2+i%2]})
	}
	text := check(t, "names", 6, func(w *bytes.Buffer) (Report, error) { return press(t).Names(t.Context(), w, l) }, "Nimilista A", "1/6", "6/6")
	if n := strings.Count(text, "K7M4-PQ2X"); n != 140 {
		t.Errorf("%d people are on the list", n)
	}
}

// Nothing to print is said, and who leaves is not worked for.
func TestPapersThatStop(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, print := range map[string]func(ctx context.Context) error{
		"programme": func(ctx context.Context) error {
			_, err := press(t).Programme(ctx, new(bytes.Buffer), sampleProgramme(1, 3), List)
			return err
		},
		"names": func(ctx context.Context) error {
			_, err := press(t).Names(ctx, new(bytes.Buffer), NameList{People: []Named{{Name: "A"}}})
			return err
		},
		"signs": func(ctx context.Context) error {
			_, err := press(t).Signs(ctx, new(bytes.Buffer), []Sign{{Room: "A"}}, SignOptions{})
			return err
		},
	} {
		if err := print(ctx); err == nil {
			t.Errorf("%s: goes on", name)
		}
	}
	if _, err := press(t).Names(t.Context(), new(bytes.Buffer), NameList{}); err == nil {
		t.Error("an empty list is printed")
	}
}
