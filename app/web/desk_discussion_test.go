package web

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"agora/app/program"
	"agora/app/qa"
)

// The real case: nine questions from a webinar, one line to 456 characters long, with
// quotation marks, parentheses, a hashtag with ä and emoji, two in one, one for a funny
// mishap, one to a speaker by name; two voices answer, mostly both.
var nineAsked = []string{
	`Mistä aloittaa?`,
	`Onko ”lähettiläs” sama asia kuin "some-kasvo" (vai eikö)?`,
	`Saako työkaverin päivityksen jakaa #elämänturvaajat-tunnisteella, vai onko se liikaa?`,
	`Paljonko aikaa siihen menee viikossa? Ja kuka sen maksaa?`,
	`Kerrotteko yhden hauskan kömmähdyksen 😅🎉?`,
	`Hei Otto: miten sinä sait johdon mukaan?`,
	"",
	`Mitä jos joku kirjoittaa väärin; kuka korjaa, miten ja milloin?`,
	`=Palkita vai ei?`,
}

func allNine() []string {
	list := slices.Clone(nineAsked)
	long := `Meillä on innostunut väki (noin 40 henkeä), "ohje" ja tunniste #elämänturvaajat, mutta luvut eivät liiku: `
	for utf8.RuneCountInString(long) < 455 {
		long += "sanoja, "
	}
	list[6] = string([]rune(long)[:455]) + "?"
	return list
}

// voicesOf is a session of the demo with two speakers.
func (h *webHouse) voicesOf() (x *program.Session, path string) {
	h.t.Helper()
	p, err := h.Program.Programme(h.t.Context(), h.find("2016"))
	h.must(err)
	for _, x := range p.Sessions {
		if len(x.Speakers) == 2 && h.count(`SELECT count(*) FROM question WHERE session_id = ?`, x.ID) == 0 {
			return x, "/desk/cmadfi/2016/live/" + x.Slug + "/discussion"
		}
	}
	for _, x := range p.Sessions {
		if len(x.Speakers) == 2 {
			h.must(h.DB.Write.NewRaw(`DELETE FROM answer WHERE question_id IN (SELECT id FROM question WHERE session_id = ?) RETURNING 1`, x.ID).Scan(h.t.Context(), new([]int)))
			h.must(h.DB.Write.NewRaw(`DELETE FROM question WHERE session_id = ? RETURNING 1`, x.ID).Scan(h.t.Context(), new([]int)))
			return x, "/desk/cmadfi/2016/live/" + x.Slug + "/discussion"
		}
	}
	h.t.Fatal("no session of two voices")
	return nil, ""
}

// answersOf are what two voices say to the n-th question, in Markdown.
func answersOf(n int) (first, second string) {
	first = fmt.Sprintf("Vastaus %d, ”lainaus” ja **painotus**.\n\nToinen kappale; pilkku, (sulku) 😀", n)
	if n == 4 || n == 5 {
		return "", "Vain toinen vastaa: #elämänturvaajat, kerran."
	}
	return first, fmt.Sprintf("Minä taas sanon %d.", n)
}

func (h *webHouse) asFile(path, name string, content []byte, more url.Values) reply {
	h.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for key, values := range more {
		h.must(w.WriteField(key, values[0]))
	}
	part, err := w.CreateFormFile("file", name)
	h.must(err)
	_, err = part.Write(content)
	h.must(err)
	h.must(w.Close())
	return h.ask(http.MethodPost, path, b.String(), "Content-Type", w.FormDataContentType(), "Sec-Fetch-Site", "same-origin", "Cookie", h.login(asOrganiser), "Accept-Language", "fi")
}

// again is the form of the preview, as a browser sends it.
func again(body, do string) url.Values {
	v := url.Values{"do": {do}, "paste": {strings.ReplaceAll(area(body, "paste"), "\n", "\r\n")}, "as": {between(body, `name="as" value="`, `"`, "")}}
	return v
}

// isNine checks that the room holds the nine questions with their answers, once.
func (h *webHouse) isNine(x *program.Session) {
	h.t.Helper()
	list, err := h.QA.Questions(h.t.Context(), x.ID)
	h.must(err)
	want := allNine()
	if len(list) != len(want) {
		h.t.Fatalf("%d questions", len(list))
	}
	for _, q := range list {
		i := slices.Index(want, q.Text)
		if i < 0 {
			h.t.Errorf("nobody asked %q", q.Text)
			continue
		}
		first, second := answersOf(i)
		said := map[string]string{}
		for _, a := range q.Answers {
			said[a.SpeakerID] = a.Text
		}
		if said[x.Speakers[0].ID] != first || said[x.Speakers[1].ID] != second || q.State != qa.StateAnswered {
			h.t.Errorf("%d: %q", i, said)
		}
	}
}

func nineAsText(x *program.Session) string {
	var b strings.Builder
	for i, q := range allNine() {
		fmt.Fprintf(&b, "%d. %s\r\n", i+1, q)
		first, second := answersOf(i)
		if first != "" {
			fmt.Fprintf(&b, "%s: %s\r\n", x.Speakers[0].Name, first)
		}
		fmt.Fprintf(&b, "\r\n%s: %s\r\n\r\n", x.Speakers[1].Name, second)
	}
	return b.String()
}

func nineAsRows(x *program.Session) [][]string {
	rows := [][]string{{"Webinaarin kysymykset"}, {"Kysymys", "Kysyjä", x.Speakers[0].Name, "Vastaus: " + x.Speakers[1].Name}}
	for i, q := range allNine() {
		first, second := answersOf(i)
		rows = append(rows, []string{q, "", first, second})
	}
	return rows
}

func TestNineQuestionsAndTwoVoices(t *testing.T) {
	sent := map[string]func(h *webHouse, x *program.Session, path string) reply{
		"pasted": func(h *webHouse, x *program.Session, path string) reply {
			return h.post(asOrganiser, path+"/import", url.Values{"paste": {nineAsText(x)}})
		},
		"csv": func(h *webHouse, x *program.Session, path string) reply {
			var b bytes.Buffer
			w := csv.NewWriter(&b)
			w.Comma = ';'
			h.must(w.WriteAll(nineAsRows(x)))
			return h.asFile(path+"/import", "kysymykset.csv", b.Bytes(), nil)
		},
		"xlsx": func(h *webHouse, x *program.Session, path string) reply {
			book := excelize.NewFile()
			for i, row := range nineAsRows(x) {
				for j, cell := range row {
					at, err := excelize.CoordinatesToCellName(j+1, i+1)
					h.must(err)
					h.must(book.SetCellStr("Sheet1", at, cell))
				}
			}
			var b bytes.Buffer
			h.must(book.Write(&b))
			return h.asFile(path+"/import", "kysymykset.xlsx", b.Bytes(), nil)
		},
	}
	for name, send := range sent {
		t.Run(name, func(t *testing.T) {
			h := demoHouse(t)
			x, path := h.voicesOf()
			before := h.count(`SELECT count(*) FROM question`)
			r := send(h, x, path)
			if r.status != http.StatusOK || h.count(`SELECT count(*) FROM question`) != before || strings.Contains(r.body, `class="discussion-lines"`) {
				t.Fatalf("the preview: status %d, lines %q", r.status, between(r.body, `class="discussion-lines"`, "</ul>", ""))
			}
			for range 2 { // pressed twice
				if taken := h.post(asOrganiser, path+"/import", again(r.body, "take")); taken.status != http.StatusOK {
					t.Fatalf("status %d %.600s", taken.status, taken.body)
				}
				h.isNine(x)
			}
			if n := h.count(`SELECT count(*) FROM answer WHERE version <> 1 AND question_id IN (SELECT id FROM question WHERE session_id = ?)`, x.ID); n != 0 {
				t.Errorf("%d answers were written a second time", n)
			}
			for _, path := range []string{path, "/cmadfi/2016/sessions/" + x.Slug} {
				if body := h.page(asOrganiser, path); !strings.Contains(body, "#elämänturvaajat-tunnisteella") || !strings.Contains(body, "😅🎉") || !strings.Contains(body, "<strong>painotus</strong>") {
					t.Errorf("%s shows it otherwise", path)
				}
			}
		})
	}
}

// What was mended here after the first time is not overwritten unasked.
func TestListAgainAfterMending(t *testing.T) {
	h := demoHouse(t)
	x, path := h.voicesOf()
	list := "1. Eka?\n" + x.Speakers[0].Name + ": Vanha.\n2. Toka?\n"
	take := url.Values{"paste": {list}, "as": {"text"}, "do": {"take"}}
	if r := h.post(asOrganiser, path+"/import", take); r.status != http.StatusOK {
		t.Fatal(r.status)
	}
	var id string
	h.must(h.DB.Read.NewRaw(`SELECT id FROM question WHERE session_id = ? AND text = 'Eka?'`, x.ID).Scan(t.Context(), &id))
	said := func() string {
		var s string
		h.must(h.DB.Read.NewRaw(`SELECT text FROM answer WHERE question_id = ?`, id).Scan(t.Context(), &s))
		return s
	}
	form := url.Values{"speaker": {x.Speakers[0].ID}, "seen": {"1"}, "text": {"Uusi."}}
	if r := h.post(asOrganiser, path+"/"+id, form); r.location() != path || said() != "Uusi." {
		t.Fatal(r.status, said())
	}
	if r := h.post(asOrganiser, path+"/"+id, form); r.status != http.StatusConflict || area(r.body, "text") != "Uusi." {
		t.Errorf("written over an answer not seen: status %d", r.status)
	}
	if r := h.post(asOrganiser, path+"/import", take); r.status != http.StatusOK || said() != "Uusi." {
		t.Errorf("status %d, %q", r.status, said())
	}
	take.Set("replace", "1")
	if r := h.post(asOrganiser, path+"/import", take); r.status != http.StatusOK || said() != "Vanha." {
		t.Errorf("replaced: status %d, %q", r.status, said())
	}
	// Lines that cannot be taken stop the whole list, and say why.
	bad := url.Values{"paste": {"1. " + strings.Repeat("x", 700) + "\n2. Kolmas?\n"}, "do": {"take"}, "as": {"text"}}
	r := h.post(asOrganiser, path+"/import", bad)
	if r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, "Rivi 1:") || h.count(`SELECT count(*) FROM question WHERE session_id = ?`, x.ID) != 2 {
		t.Errorf("status %d", r.status)
	}
}

func TestWritingForASpeaker(t *testing.T) {
	h := demoHouse(t)
	x, path := h.voicesOf()
	_, err := h.QA.Collect(t.Context(), x.ID, []qa.Collected{{Text: "Miksi?"}})
	h.must(err)
	var id string
	h.must(h.DB.Read.NewRaw(`SELECT id FROM question WHERE session_id = ?`, x.ID).Scan(t.Context(), &id))
	one, public := path+"/"+id, "/cmadfi/2016/sessions/"+x.Slug
	form := func(more ...string) url.Values {
		v := url.Values{"speaker": {x.Speakers[1].ID}, "seen": {"0"}, "text": {"Koska **näin** <script>x</script>."}}
		for i := 0; i < len(more); i += 2 {
			v.Set(more[i], more[i+1])
		}
		return v
	}
	if r := h.post(asOrganiser, one, form("preview", "1")); r.status != http.StatusOK || !strings.Contains(r.body, "<strong>näin</strong>") || strings.Contains(r.body, "<script>x") {
		t.Errorf("preview: %d", r.status)
	}
	if r := h.post(asOrganiser, one, form("later", "1")); r.location() != path || strings.Contains(h.page(asStranger, public), "<strong>näin</strong>") {
		t.Errorf("a draft: %d", r.status)
	}
	if r := h.post(asOrganiser, one, form("seen", "1")); r.location() != path || !strings.Contains(h.page(asStranger, public), "<strong>näin</strong>") {
		t.Errorf("published: %d", r.status)
	}
	if r := h.post(asOrganiser, one, form("unpublish", "1")); r.location() != path || strings.Contains(h.page(asStranger, public), "<strong>näin</strong>") {
		t.Errorf("taken back: %d", r.status)
	}
	if r := h.post(asOrganiser, one, form("text", "")); r.status != http.StatusUnprocessableEntity {
		t.Errorf("nothing written: %d", r.status)
	}
	for _, other := range []string{"nobody", h.cast.Ticket} {
		if r := h.post(asOrganiser, one, form("speaker", other)); r.status != http.StatusUnprocessableEntity {
			t.Errorf("for %s: %d", other, r.status)
		}
	}
	if n := h.count(`SELECT count(*) FROM audit WHERE act LIKE 'answer.%' AND subject = ?`, x.ID); n != 3 {
		t.Errorf("%d lines in the log", n)
	}
	foreign := "/desk/cmadfi/2027/live/" + x.Slug + "/discussion/" + id
	if r := h.get(asOrganiser, foreign); r.status != http.StatusNotFound {
		t.Errorf("another edition's question: %d", r.status)
	}
}

func TestDiscussionFiles(t *testing.T) {
	h := demoHouse(t)
	x, path := h.voicesOf()
	r := h.post(asOrganiser, path+"/import", url.Values{"paste": {nineAsText(x)}, "as": {"text"}, "do": {"take"}})
	if r.status != http.StatusOK {
		t.Fatal(r.status)
	}
	list := h.get(asOrganiser, path+".csv")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(list.body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 10 {
		t.Fatal(err, len(rows))
	}
	safe := false
	for _, row := range rows {
		safe = safe || row[1] == "'=Palkita vai ei?"
	}
	if !safe {
		t.Error("a question that is a formula")
	}
	// The file comes in again, and everything is there already.
	back := h.asFile(path+"/import", "keskustelu.csv", []byte(list.body), nil)
	if back.status != http.StatusOK || strings.Contains(back.body, "discussion-lines") {
		t.Fatalf("status %d %q", back.status, between(back.body, `class="discussion-lines"`, "</ul>", ""))
	}
	if taken := h.post(asOrganiser, path+"/import", again(back.body, "take")); taken.status != http.StatusOK {
		t.Error(taken.status)
	}
	h.isNine(x)
	book, err := excelize.OpenReader(strings.NewReader(h.get(asOrganiser, path+".xlsx").body))
	h.must(err)
	sheet, err := book.GetRows(book.GetSheetName(0))
	if err != nil || len(sheet) != 10 {
		t.Error(err, len(sheet))
	}
	if r := h.get(asOrganiser, path+".pdf"); r.status != http.StatusOK || !strings.HasPrefix(r.body, "%PDF-") {
		t.Error(r.status)
	}
	if r := h.get(asOrganiser, path+".json"); r.status != http.StatusOK || !strings.Contains(r.body, "#elämänturvaajat-tunnisteella") {
		t.Error(r.status)
	}
	feed := h.get(asStranger, "/cmadfi/2016/feed.xml").body
	if n := strings.Count(feed, "sessions/"+x.Slug+"#questions"); n != 1 {
		t.Errorf("%d entries tell of the answers", n)
	}
}

// What was answered on stage carries the time when it was taken up, as on the session's page:
// there the recording is opened.
func TestDiscussionTellsWhenTheAnswerBegan(t *testing.T) {
	h := demoHouse(t)
	x, path := h.voicesOf()
	if r := h.post(asOrganiser, path+"/import", url.Values{"paste": {nineAsText(x)}, "as": {"text"}, "do": {"take"}}); r.status != http.StatusOK {
		t.Fatal(r.status)
	}
	at := time.Date(2016, time.January, 25, 8, 3, 0, 0, time.UTC)
	h.must(h.DB.Write.NewRaw(`UPDATE question SET now_at = ?, answered_at = ? WHERE session_id = ? AND text = ? RETURNING 1`, at, at.Add(11*time.Minute), x.ID, nineAsked[0]).Scan(t.Context(), new([]int)))
	if body := h.get(asOrganiser, path).body; !strings.Contains(body, "Vastattu lavalla 10.03") || strings.Contains(body, "10.14") {
		t.Error("the discussion tells another time")
	}
}

// A table whose headings say too little is not taken before somebody says whose
// answers it holds; then nothing of it is lost.
func TestColumnsOfAList(t *testing.T) {
	h := demoHouse(t)
	x, path := h.voicesOf()
	list := "Kysymys\tVastaus\tMuuta\nMiksi?\tKoska.\tTämäkin.\n"
	send := func(more url.Values) reply {
		v := url.Values{"paste": {list}}
		for name, values := range more {
			v[name] = values
		}
		return h.post(asOrganiser, path+"/import", v)
	}
	first := send(nil)
	if first.status != http.StatusOK || strings.Contains(first.body, `value="take"`) || !strings.Contains(first.body, "Näitä sarakkeita ei tuoda: Vastaus, Muuta.") {
		t.Errorf("status %d", first.status)
	}
	chosen := url.Values{"as": {"table"}, "do": {"take"}, "col_0": {"question"}, "col_1": {"s:" + x.Speakers[0].ID}, "col_2": {"other"}}
	if r := send(chosen); r.status != http.StatusOK {
		t.Fatalf("status %d", r.status)
	}
	var said []string
	h.must(h.DB.Read.NewRaw(`SELECT name || ': ' || text FROM answer WHERE question_id IN (SELECT id FROM question WHERE session_id = ?) ORDER BY text`, x.ID).Scan(t.Context(), &said))
	if want := []string{x.Speakers[0].Name + ": Koska.", "Muuta: Tämäkin."}; !slices.Equal(said, want) {
		t.Errorf("%q, want %q", said, want)
	}
	for name, wrong := range map[string]url.Values{"two of questions": {"col_1": {"question"}}, "none": {"col_0": {"-"}}} {
		v := url.Values{"as": {"table"}, "do": {"take"}, "col_0": {"question"}, "col_1": {"-"}, "col_2": {"-"}}
		for key, values := range wrong {
			v[key] = values
		}
		if r := send(v); r.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", name, r.status)
		}
	}
	// Without headings the first line is a question like the others.
	list = "Yksi?\tEka.\nKaksi?\tToka.\n"
	if r := send(url.Values{"as": {"table"}, "do": {"take"}, "col_0": {"question"}, "col_1": {"s:" + x.Speakers[1].ID}}); r.status != http.StatusOK {
		t.Errorf("status %d", r.status)
	}
	if n := h.count(`SELECT count(*) FROM answer WHERE text IN ('Eka.', 'Toka.') AND speaker_id = ?`, x.Speakers[1].ID); n != 2 {
		t.Errorf("%d answers of a list without headings", n)
	}
}
