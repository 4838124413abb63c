package qa

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

var voices = []Voice{{ID: "s1", Name: "Maija Mäkinen"}, {ID: "s2", Name: "Otto Öhman"}}

// long is a question as long as the longest real one.
var long = "Jos työntekijä kirjoittaa ”omalla äänellään” (siis vapaa-ajalla) 😀 #elämänturvaajat-tunnisteella, " + strings.Repeat("niin mitä ohje siitä sanoo ja ", 12) + "kuka vastaa?"

// sheetRows is a set of questions with two voices of answers, as a spreadsheet has it.
func sheetRows() []Row {
	return []Row{
		{1, []string{"Webinaarin kysymykset", "", ""}},
		{2, []string{"Kysymys", "Kysyjä", "Vastaus: Maija", "Otto Öhmanin vastaus:", "Äänet"}},
		{3, []string{"Miten aloittaa? 🎉", "", "Pienestä.\n\nJa **heti**.", "Kysymällä: \"miksi?\"", "4"}},
		{4, []string{"", "", "", ""}},
		{5, []string{long, "Åsa Öst", "-", "Minä. " + strings.Repeat("Pitkä vastaus. ", 200)}},
		{6, []string{"Hauskin kömmähdys?", "", "", "", "", "", "liikaa"}},
		{7, []string{"", "", "orpo vastaus"}},
	}
}

func TestRowsWithTwoVoices(t *testing.T) {
	u := Understand(sheetRows(), append(voices[:2:2], Voice{"s3", "Pekka Mäkinen"}))
	if len(u.List) != 3 || fmt.Sprint(u.Headings) != "[question name answer answer ]" {
		t.Fatalf("%d questions, %v, %v", len(u.List), u.Headings, u.Problems)
	}
	if len(u.Problems) != 1 || u.Problems[0].Line != 7 || u.Problems[0].Key != "qa.import.no_question" {
		t.Errorf("problems %+v", u.Problems)
	}
	first, second := u.List[0], u.List[1]
	if len(first.Answers) != 2 || first.Answers[0].SpeakerID != "s1" || first.Answers[0].By != "Maija Mäkinen" {
		t.Errorf("%+v", first)
	}
	if second.Text != long || second.Name != "Åsa Öst" || len(second.Answers) != 1 || utf8.RuneCountInString(second.Text) < 400 {
		t.Errorf("%+v", second)
	}
}

func TestRowsThatAreNotUnderstood(t *testing.T) {
	for name, c := range map[string]struct {
		rows []Row
		key  string
		n    int
	}{
		"no headings":             {[]Row{{1, []string{"Miksi?", "Siksi."}}}, "qa.import.no_headings", 0},
		"whose answers":           {[]Row{{1, []string{"Fråga", "Svar"}}, {2, []string{"Varför?", "Därför."}}}, "qa.import.whose_answers", 1},
		"one column of questions": {[]Row{{1, []string{"Miksi?"}}, {2, []string{" "}}, {3, []string{"Miten?"}}}, "", 2},
		"nothing":                 {nil, "", 0},
	} {
		u := Understand(c.rows, voices)
		key := ""
		if len(u.Problems) > 0 {
			key = u.Problems[0].Key
		}
		if len(u.List) != c.n || key != c.key {
			t.Errorf("%s: %d questions, %q", name, len(u.List), key)
		}
	}
	if u := Understand([]Row{{1, []string{"Question", "Answer"}}, {2, []string{"Why?", "Because."}}}, voices[:1]); len(u.List) != 1 || u.List[0].Answers[0].SpeakerID != "s1" {
		t.Errorf("one speaker's answers need no name: %+v", u)
	}
	if u := Understand([]Row{{1, []string{"Question", "Somebody Else"}}, {2, []string{"Why?", "Because."}}}, voices); u.List[0].Answers[0].By != "Somebody Else" || u.List[0].Answers[0].SpeakerID != "" {
		t.Errorf("a voice that does not speak here: %+v", u)
	}
}

func TestAPastedText(t *testing.T) {
	numbers := "Kiitos kaikille!\r\n\r\n1. Miten aloittaa?\r\nMaija: Pienestä.\r\n\r\nJa heti: huomenna.\r\n- Otto: Kysymällä.\r\n\r\n2) " + long + "\r\nVoiko näin?\r\n\r\nOtto Öhman: Voi.\r\n3. Kömmähdys?\r\n"
	u := UnderstandText(numbers, voices)
	if len(u.List) != 3 || len(u.Problems) != 1 || u.Problems[0].Key != "qa.import.before_first" {
		t.Fatalf("%+v %+v", u.List, u.Problems)
	}
	first := u.List[0]
	if first.Text != "Miten aloittaa?" || len(first.Answers) != 2 || first.Answers[0].Text != "Pienestä.\n\nJa heti: huomenna." || first.Answers[1].SpeakerID != "s2" {
		t.Errorf("%+v", first)
	}
	if u.List[1].Text != long+"\nVoiko näin?" || u.List[1].Answers[0].Text != "Voi." || len(u.List[2].Answers) != 0 {
		t.Errorf("%+v", u.List[1:])
	}
	plainText := "Miten aloittaa?\nMaija: Kysymällä.\n\nKuka sitten maksaa?\n\n**Otto:** Me kaikki.\nEikö niin?\n\nEntä hashtag #elämänturvaajat? 😀\n"
	u = UnderstandText(plainText, voices)
	if len(u.List) != 3 || u.List[1].Answers[0].Text != "Me kaikki.\nEikö niin?" || u.List[2].Text != "Entä hashtag #elämänturvaajat? 😀" {
		t.Errorf("without numbers: %+v %+v", u.List, u.Problems)
	}
	if u := UnderstandText("a\x00b", voices); len(u.Problems) != 1 {
		t.Errorf("a NUL: %+v", u)
	}
	if u := UnderstandText("", voices); len(u.List)+len(u.Problems) != 0 {
		t.Errorf("nothing: %+v", u)
	}
}

func FuzzUnderstandText(f *testing.F) {
	f.Add("1. A?\nMaija: b\n2. C?\n")
	f.Add("A?\n\nB?\nOtto: \n: x")
	f.Fuzz(func(t *testing.T, s string) {
		for _, c := range UnderstandText(s, voices).List {
			if strings.TrimSpace(c.Text) == "" && strings.TrimSpace(s) != "" && c.Answers == nil {
				continue // a number alone: Collect names it
			}
		}
	})
}

// What comes in from a spreadsheet goes out to one, and in again without doubling.
func TestThereAndBack(t *testing.T) {
	each(t, func(h *house) {
		for _, v := range voices {
			h.row("speaker", map[string]any{"id": v.ID, "edition_id": "edition-1", "slug": v.ID, "guid": v.ID, "name": v.Name})
		}
		u := Understand(sheetRows(), voices)
		if u.Headings[3] != columnAnswer || u.List[0].Answers[1].By != "Otto Öhman" {
			t.Fatalf("a name with an ending: %+v", u.List[0].Answers)
		}
		done, err := h.Collect(t.Context(), session, u.List)
		if err != nil || done.New != 3 {
			t.Fatal(done, err)
		}
		d, err := h.Discussion(t.Context(), session, Audience)
		if err != nil || len(d.Questions) != 3 || d.Questions[1].Text != long && d.Questions[0].Text != long {
			t.Fatalf("%+v %v", d, err)
		}
		say := func(key string) string { return key[strings.LastIndex(key, ".")+1:] }
		header, table := d.Table(say, func(t time.Time) string { return t.Format("15.04") })
		if fmt.Sprint(header) != "[number text name state votes source asked_at now_at answered_at Maija Mäkinen Otto Öhman]" || len(table) != 3 {
			t.Fatalf("%v, %d rows", header, len(table))
		}
		header[1] = "Question"
		back := []Row{{1, header}}
		for i, row := range table {
			if len(row) != len(header) {
				t.Errorf("row %d has %d cells", i, len(row))
			}
			back = append(back, Row{i + 2, row})
		}
		again := Understand(back, voices)
		if len(again.List) != 3 {
			t.Fatalf("%+v", again)
		}
		for i := range again.List {
			again.List[i].Name = ""
		}
		if done, err := h.Collect(t.Context(), session, again.List); err != nil || done.New != 0 || done.Known != 3 {
			t.Errorf("taken again: %+v %v", done, err)
		}
		if n := h.number(`SELECT count(*) FROM answer`); n != 3 {
			t.Errorf("%d answers", n)
		}
		// What only moderators see is in their file alone.
		h.must(moderator, Request{Do: ActReject, Question: h.ask("anna", "Hylätty?").ID, Reason: "Salainen syy."})
		for v, want := range map[View]bool{Audience: false, Moderator: true} {
			d, err := h.Discussion(t.Context(), session, v)
			b, _ := json.Marshal(d)
			if err != nil || strings.Contains(string(b), "Salainen syy.") != want || strings.Contains(string(b), "Hylätty?") != want {
				t.Errorf("view %d: %s %v", v, b, err)
			}
		}
	})
}
