package web

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/uptrace/bun"
	"github.com/xuri/excelize/v2"

	"agora/app/edition"
	"agora/app/text"
)

// waiting is the id of the file that a page offers to go on with.
func waiting(t *testing.T, body string) string {
	t.Helper()
	m := regexp.MustCompile(`name="list" value="([^"]+)"`).FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("no file is waiting: %.800s", body)
	}
	return m[1]
}

// ticks are the names of the boxes for taking the file's values.
func ticks(t *testing.T, body string) []string {
	t.Helper()
	var names []string
	for _, m := range regexp.MustCompile(`name="(take_[^"]+)"`).FindAllStringSubmatch(body, -1) {
		names = append(names, m[1])
	}
	if len(names) == 0 {
		t.Fatal("nothing can be ticked")
	}
	return names
}

const pasted = "Otsikko\tPuhujat\tSali\tPäivä\tKlo\tKieli\n" +
	"Avaus\tBo Ek ja Åsa Öhman\tAula\tma 25.1.\t9.00–9.30\tsuomi\n" +
	"<b>Ilkeä</b>\tBo Ek\tAula\t\t10.00\tsv\n" +
	"Rikki\tBo Ek\tAula\tjoskus\t10.00\tsv\n"

// chosen gives the columns as the page proposes them.
func chosen(body string) url.Values {
	form := url.Values{}
	for _, s := range regexp.MustCompile(`(?s)<select id="(col_\d+)".*?</select>`).FindAllStringSubmatch(body, -1) {
		if m := regexp.MustCompile(`<option value="([^"]*)" selected`).FindStringSubmatch(s[0]); m != nil {
			form.Set(s[1], m[1])
		}
	}
	return form
}

func (p *programSite) draftTitles() string {
	p.t.Helper()
	draft, err := p.Program.Draft(p.t.Context(), p.e)
	if err != nil {
		p.t.Fatal(err)
	}
	var titles []string
	for _, x := range append(draft.Sessions, draft.Waiting...) {
		titles = append(titles, x.Name(text.Finnish))
	}
	return strings.Join(titles, ", ")
}

func TestSpreadsheetInTwoSteps(t *testing.T) {
	p := newProgramSite(t)
	body := p.ok(p.post("/desk/cmadfi/2027/import", url.Values{"paste": {pasted}}))
	form := chosen(body)
	if got := form.Encode(); got != "col_0=title&col_1=speakers&col_2=room&col_3=date&col_4=start&col_5=language" {
		t.Errorf("proposed %s", got)
	}
	for _, want := range []string{"Avaus", "9.00–9.30", "Bo Ek, Åsa Öhman", "&lt;b&gt;Ilkeä&lt;/b&gt;", "joskus"} {
		if !strings.Contains(body, want) {
			t.Errorf("missing: %s", want)
		}
	}
	if p.draftTitles() != "" || strings.Contains(body, "<b>Ilkeä</b>") {
		t.Error("imported without a yes, or not escaped")
	}
	form.Set("list", waiting(t, body))

	form.Set("do", "take")
	form.Set("col_5", "title")
	if a := p.post("/desk/cmadfi/2027/import/table", form); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `id="col_5-error"`) || p.draftTitles() != "" {
		t.Error("two titles:", a.status)
	}
	form.Set("col_0", "")
	form.Set("col_5", "")
	if a := p.post("/desk/cmadfi/2027/import/table", form); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `id="col_0-error"`) {
		t.Error("no title:", a.status)
	}
	form.Set("col_0", "title")
	form.Set("do", "show")
	if shown := p.ok(p.post("/desk/cmadfi/2027/import/table", form)); chosen(shown).Get("col_5") != "" || p.draftTitles() != "" {
		t.Error("a choice was lost, or something imported")
	}
	form.Set("do", "take")
	report := p.ok(p.post("/desk/cmadfi/2027/import/table", form))
	if p.draftTitles() != "Avaus, <b>Ilkeä</b>" || !strings.Contains(report, "4: ") {
		t.Errorf("imported %s", p.draftTitles())
	}
	if a := p.post("/desk/cmadfi/2027/import/table", form); a.status != http.StatusNotFound || strings.Contains(a.body, "⟦") {
		t.Error("pressed again:", a.status)
	}
	// The same rows again, with one of them mended.
	body = p.ok(p.post("/desk/cmadfi/2027/import", url.Values{"paste": {strings.Replace(pasted, "joskus", "26.1.", 1)}}))
	form = chosen(body)
	form.Set("list", waiting(t, body))
	form.Set("do", "take")
	p.ok(p.post("/desk/cmadfi/2027/import/table", form))
	if got := p.draftTitles(); got != "Avaus, <b>Ilkeä</b>, Rikki" {
		t.Errorf("again: %s", got)
	}
}

func TestSpreadsheetOfSomebodyElse(t *testing.T) {
	p := newProgramSite(t)
	id := waiting(t, p.ok(p.post("/desk/cmadfi/2027/import", url.Values{"paste": {pasted}})))
	form := url.Values{"list": {id}, "do": {"take"}, "col_0": {"title"}}
	// Another edition's desk does not see it, nor does another person.
	err := p.DB.Tx(t.Context(), func(ctx context.Context, tx bun.Tx) error {
		_, err := edition.Insert(ctx, tx, p.now, "", p.e.Series, edition.Input{Slug: "2026", Title: text.One(text.Finnish, "CMADFI 2026"), Zone: "Europe/Helsinki",
			Languages: edition.Languages{text.Finnish}, StartsAt: clockAt("2026-12-25 09:00"), EndsAt: clockAt("2026-12-25 17:00"), OpensAt: p.now, ClosesAt: clockAt("2026-12-25 09:00")})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if a := p.post("/desk/cmadfi/2026/import/table", form); a.status != http.StatusNotFound {
		t.Error("another edition:", a.status)
	}
	mine := p.cookie
	p.signInAs("toinen@agora.test")
	for _, path := range []string{"/desk/cmadfi/2027/import/table", "/desk/cmadfi/2027/import/take"} {
		if a := p.post(path, form); a.status != http.StatusNotFound || strings.Contains(a.body, "Avaus") {
			t.Error("another person:", path, a.status)
		}
	}
	p.cookie = mine
	for _, wrong := range []string{"", "x", "' OR 1=1", strings.Repeat("9", 500)} {
		if a := p.post("/desk/cmadfi/2027/import/table", url.Values{"list": {wrong}, "do": {"take"}}); a.status != http.StatusNotFound {
			t.Errorf("%q: %d", wrong, a.status)
		}
	}
	if a := p.post("/desk/cmadfi/2027/import/take", form); a.status != http.StatusNotFound {
		t.Error("a table taken as a schedule:", a.status)
	}
	p.now = p.now.AddDate(0, 0, 2)
	if a := p.post("/desk/cmadfi/2027/import/table", form); a.status == http.StatusOK || p.draftTitles() != "" {
		t.Error("a file two days old:", a.status)
	}
}

func workbook(t *testing.T, rows ...[]any) []byte {
	t.Helper()
	book := excelize.NewFile()
	for i, row := range rows {
		cell, _ := excelize.CoordinatesToCellName(1, i+1)
		if err := book.SetSheetRow("Sheet1", cell, &row); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWorkbookWithSpreadsheetDates(t *testing.T) {
	p := newProgramSite(t)
	file := workbook(t, []any{"Ohjelma 2027"}, []any{"ID", "Title", "Date", "Start", "Duration", "Speaker 1", "Speaker 2", "Abstract"},
		[]any{7, "Opening", clockAt("2027-01-25 00:00"), 0.375, 45, "Bo Ek", "Åsa Öhman", strings.Repeat("Pitkä. ", 500)},
		[]any{8, "Next", nil, 0.40625, 0.03125, "Bo Ek", nil, nil})
	body := p.ok(p.upload("ohjelma.xlsx", file))
	form := chosen(body)
	form.Set("list", waiting(t, body))
	form.Set("do", "take")
	form.Set("release", "1")
	p.ok(p.post("/desk/cmadfi/2027/import/table", form))
	programme := p.ok(p.get("/cmadfi/2027/schedule.ics"))
	for _, want := range []string{"SUMMARY:Opening", "DTSTART;TZID=Europe/Helsinki:20270125T090000", "DTEND;TZID=Europe/Helsinki:20270125T094500",
		"DTSTART;TZID=Europe/Helsinki:20270125T094500", "DTEND;TZID=Europe/Helsinki:20270125T103000"} {
		if !strings.Contains(programme, want) {
			t.Errorf("missing %s\n%s", want, programme)
		}
	}
}

func TestNoSpreadsheet(t *testing.T) {
	p := newProgramSite(t)
	for name, content := range map[string]string{"photo.png": "\x89PNG\r\n\x1a\n\x00\x00", "notes.txt": "hei vaan", "main.go": "package main\n\nimport (\n\t\"time\"\n)\n\nvar title, start = 1, 2\n", "broken.xlsx": "PK\x03\x04 nothing", "old.xls": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
		"page.html": "<!doctype html><p>kirjaudu", "bomb.xml": `<!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><schedule>&b;</schedule>`} {
		a := p.upload(name, []byte(content))
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `id="file-error"`) || strings.Contains(a.body, "⟦") || strings.Contains(a.body, `name="list"`) {
			t.Errorf("%s: %d", name, a.status)
		}
	}
}
