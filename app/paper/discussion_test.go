package paper

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ledongthuc/pdf"
)

// oddDiscussion has what real lists have, and worse.
func oddDiscussion() Discussion {
	long := "Jos työntekijä kirjoittaa ”omalla äänellään” (siis vapaa-ajalla) 😀 #elämänturvaajat-tunnisteella, " + strings.Repeat("niin mitä ohje siitä sanoo ja ", 11) + "kuka vastaa?"
	d := Discussion{
		Series: "CMADFI", Edition: "CMADFI 2027", Label: "Kysymykset ja vastaukset", Title: "Kuka puhuu, kun työntekijä puhuu?", Speakers: []string{"Maija Mäkinen", "Otto Öhman"},
		When: "25.1.2027 klo 13.10", Blank: "(ei tulostettavissa)", Date: time.Date(2027, 1, 25, 7, 0, 0, 0, time.UTC),
		Page: func(n, total int) string { return fmt.Sprintf("%d/%d", n, total) },
		Questions: []Asked{
			{Text: long, By: "Åsa Öst", Notes: []string{"42 ääntä"}, Answers: []Answered{
				{By: "Maija Mäkinen", Text: "Pienestä.\n\n- yksi\n- kaksi"}, {By: "Otto Öhman", Text: strings.Repeat("Pitkä vastaus, jossa on monta sanaa. ", 160)},
			}},
			{Text: "🎉", By: "👩‍👩‍👧‍👦", Remark: "Vastattu lavalla klo 13.42."},
			{Text: "Miksi\nmonta\n\nriviä?", By: "Nimetön", Remark: "Ei vielä vastausta."},
			{Text: strings.Repeat("ä", 600), By: "שלום עולם", Answers: []Answered{{By: "a\xff", Text: "\xff\xfe \u202e kääntyy 漢字 a\u0301"}}},
			{Text: strings.Repeat("x\n", 300), By: "Rivejä"},
			{Text: "", By: ""},
		},
	}
	for i := range 9 {
		d.Questions = append(d.Questions, Asked{Text: fmt.Sprintf("Kysymys numero %d?", i+7), By: "Nimetön", Answers: []Answered{{By: "Maija Mäkinen", Text: strings.Repeat("Vastaus. ", 90)}}})
	}
	return d
}

func TestDiscussion(t *testing.T) {
	press, problems := NewPress("")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var one, two bytes.Buffer
	report, err := press.Discussion(t.Context(), &one, oddDiscussion())
	if err != nil || report.Printed != 15 || report.Pages < 4 || !report.Has(0, Dropped) {
		t.Fatalf("%v, %d printed on %d pages", err, report.Printed, report.Pages)
	}
	if _, err := press.Discussion(t.Context(), &two, oddDiscussion()); err != nil || !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Errorf("the same again gives other bytes: %v", err)
	}
	if path := os.Getenv("AGORA_TEST_PAPER"); path != "" {
		if err := os.WriteFile(path, one.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	read, err := pdf.NewReader(bytes.NewReader(one.Bytes()), int64(one.Len()))
	if err != nil || read.NumPage() != report.Pages {
		t.Fatalf("%v, %d pages, said %d", err, read.NumPage(), report.Pages)
	}
}

// Nothing may stand outside of its column, whatever the words.
func TestDiscussionStaysInItsColumn(t *testing.T) {
	press, _ := NewPress("")
	for _, q := range oddDiscussion().Questions {
		for _, s := range []string{q.Text, strings.Repeat("W", 399) + q.Text, "a-" + strings.Repeat("pitkä-", 200)} {
			clean, _ := press.passLong(s)
			const room = 40_000
			for _, l := range press.breakLines(clean, room, press.bold) {
				if l.units > room {
					t.Fatalf("a line of %d in %d: %.60s", l.units, room, s)
				}
			}
		}
	}
}

func FuzzPassLong(f *testing.F) {
	f.Add("a\xff" + strings.Repeat("ä", 900))
	f.Add("😀 \u202e x")
	press, _ := NewPress("")
	f.Fuzz(func(t *testing.T, s string) {
		clean, _ := press.passLong(s)
		press.breakLines(clean, 20_000, press.sans)
	})
}

// TestDiscussionSaysWhatItLost: where characters were left out, the paper says so, and
// nowhere else.
func TestDiscussionSaysWhatItLost(t *testing.T) {
	const lost = "Joitakin merkkejä puuttuu."
	for asked, says := range map[string]bool{"Kuka vastaa? 🎉": true, "Kuka vastaa?": false, "漢字?": true, "”Ääni” – ja niin edelleen…": false} {
		var b bytes.Buffer
		d := Discussion{Title: "Puhe", Lost: lost, Date: time.Date(2027, 1, 25, 7, 0, 0, 0, time.UTC), Questions: []Asked{{Text: asked, By: "Nimetön"}}}
		if _, err := press(t).Discussion(t.Context(), &b, d); err != nil {
			t.Fatal(err)
		}
		if words := tool(t, b.Bytes(), "pdftotext", "PDF", "-"); strings.Contains(words, lost) != says {
			t.Errorf("%q: the paper says %q", asked, words)
		}
	}
}
