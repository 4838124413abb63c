package search

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"agora/app/material"
	"agora/app/qa"
	"agora/app/text"
)

// smallDay is two editions with something of every kind.
func smallDay(w *world) {
	w.speaker("2016", "anna16", "Anna Virtanen", "Anna rakentaa yhteisöjä.")
	w.speaker("2027", "anna27", "Anna Virtanen", "Anna rakentaa yhteisöjä yhä.")
	w.speaker("2027", "mans", "Måns Öberg", "Måns brinner för gemenskap.")
	w.do("UPDATE speaker SET who = 'anna' WHERE id LIKE 'anna%'")
	w.talk("2016", talk{id: "vaikuttaminen", title: "Tiedolla vaikuttaminen", abstract: "Miten **yhteisöissä** viestitään [suoraan](https://example.org).", speakers: []string{"anna16"}})
	w.talk("2027", talk{id: "tyo", title: "Yhteisömanagerin työpäivä", abstract: "Työyhteisön arki ja sen mittaaminen.", speakers: []string{"anna27", "mans"}})
	w.talk("2027", talk{id: "gemenskap", title: "Gemenskapernas framtid", abstract: "Om hur gemenskaper leds.", lang: text.Swedish})
	w.talk("2027", talk{id: "advocacy", title: "Employee advocacy", abstract: "Why people share stories in their own voices.", lang: text.English})
	w.talk("2027", talk{id: "salainen", title: "Salainen yllätys", abstract: "Yhteisöjen yllätys.", draft: true})
	w.piece("tyo", "kalvot", "Kalvot", "Alku ja muuta\fMittareiden valinta: sitoutuminen, luotta-\nmus ja yhteisöllisyys\fLoppu")
	w.piece("gemenskap", "bilder", "Bilder", "Det här är om sociala mediers etik och hur vi talar med varandra, och vad det är som vi gör.")
	w.question("tyo", "q1", "Kuinka monta tuntia päivässä yhteisömanageri moderoi?", qa.StateAnswered, "Noin **kaksi** tuntia, joskus kolme.")
	w.question("tyo", "q2", "Kuinka usein moderoit häiriköitä?", qa.StateNew, "")
	w.question("tyo", "q3", "Kuka moderoi moderaattoria?", qa.StateApproved, "")
	w.refresh()
}

func TestFinding(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		smallDay(w)
		for _, c := range []struct{ words, want string }{
			// Titles before names before texts; each newest first.
			{"vaikuttaminen", "session vaikuttaminen"},
			{"VAIKUTTAMISTA", "session vaikuttaminen"},
			{"anna", "speaker anna27, session tyo, session vaikuttaminen"},
			{"anna virtanen", "speaker anna27, session tyo, session vaikuttaminen"},
			{"mans oberg", "speaker mans, session tyo"},
			{"Måns", "speaker mans, session tyo"},
			{"anna vaikuttaminen", "session vaikuttaminen"},
			// Endings and languages.
			{"mittari", "material kalvot"},
			{"mittaamista", "session tyo"},
			{"tyopaiva", "session tyo"},
			{"gemenskap", "session gemenskap, speaker mans"},
			{"gemenskapens framtider", "session gemenskap"},
			{"story", "session advocacy"},
			{"voice sharing", "session advocacy"},
			{"social etik", "material bilder"},
			// Words in files, also those divided at the end of a line.
			{"luottamus", "material kalvot"},
			{"\"luottamus ja yhteisöllisyys\"", "material kalvot"},
			{"\"yhteisöllisyys ja luottamus\"", ""},
			{"luottamus -yhteisöllisyys", ""},
			{"luottamus -\"ja luottamus\"", "material kalvot"},
			{"luottamus -\"luottamus ja\"", ""},
			// Questions, with what was written to them.
			{"moderoi", "question q1, question q3"},
			{"kolme tuntia", "question q1"},
			{"vastaaja", "question q1"},
			{"moderoi -tuntia", "question q3"},
			// What is not public is not there.
			{"yllätys", ""},
			{"häirikkö", ""},
			{"kyselijä", ""},
			{"example.org", "session vaikuttaminen"},
			// The editions themselves.
			{"jyväskylä", "edition cmadfi-2027, edition cmadfi-2016"},
			{"cmadfi 2016", "edition cmadfi-2016"},
			// A word still being typed, and the first part of a longer one.
			{"yhteisöma", "session tyo, question q1"},
			{"sitoutu", "material kalvot"},
			{"moder* häir", ""},
			{"sitou* valin", "material kalvot"},
			// Words of no weight do not stand in the way.
			{"työpäivä ja sen", "session tyo"},
			{"the voice of the people", "session advocacy"},
		} {
			got := w.ask(c.words)
			if strings.HasPrefix(c.words, "moderoi") && len(got) == 2 { // equals, in the order of their sums
				slices.Sort(got)
			}
			if s := strings.Join(got, ", "); s != c.want {
				t.Errorf("%q\nfound %s\nwant  %s", c.words, s, c.want)
			}
		}
	})
}

func TestFiltersAndPages(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.series("webinaari", "2025")
		for i := range 2*PageSize*MaxPages + 7 {
			w.talk([]string{"2016", "2027", "2025"}[i%3], talk{id: fmt.Sprintf("s%03d", i), title: "Sama otsikko", lang: text.Langs[i%2]})
		}
		w.refresh()
		one := w.result("otsikko")
		if one.Found != PageSize*MaxPages || one.Pages != MaxPages || !one.More || len(one.Hits) != PageSize || one.Hits[0].Edition.Slug != "2027" {
			t.Errorf("%d found, %d pages, more %t, %d hits", one.Found, one.Pages, one.More, len(one.Hits))
		}
		seen := map[string]bool{}
		for page := range MaxPages {
			for _, name := range w.ask("otsikko", func(a *Ask) { a.Page = page + 1 }) {
				if seen[name] {
					t.Errorf("%s stands on two pages", name)
				}
				seen[name] = true
			}
		}
		if len(seen) != PageSize*MaxPages {
			t.Errorf("%d on all pages", len(seen))
		}
		if r := w.result("otsikko", func(a *Ask) { a.Page = 99 }); r.Page != MaxPages || len(r.Hits) != PageSize {
			t.Errorf("beyond the last page: %d, %d hits", r.Page, len(r.Hits))
		}
		for name, c := range map[string]struct {
			change func(*Ask)
			want   func(Hit) bool
		}{
			"series":   {func(a *Ask) { a.Series = "series-webinaari" }, func(h Hit) bool { return h.Edition.Slug == "2025" }},
			"edition":  {func(a *Ask) { a.Edition = "cmadfi-2016" }, func(h Hit) bool { return h.Edition.Slug == "2016" }},
			"language": {func(a *Ask) { a.Language = "sv" }, func(h Hit) bool { return h.Session.Language == "sv" }},
		} {
			r := w.result("otsikko", c.change)
			if len(r.Hits) != PageSize || slices.ContainsFunc(r.Hits, func(h Hit) bool { return !c.want(h) }) {
				t.Errorf("%s: %d hits, or of others", name, len(r.Hits))
			}
		}
		if got := w.ask("2016", func(a *Ask) { a.Kind = Session }); got != nil {
			t.Errorf("sessions called 2016: %v", got)
		}
		if got := fmt.Sprint(w.ask("2016", func(a *Ask) { a.Kind = Edition })); got != "[edition cmadfi-2016]" {
			t.Errorf("editions called 2016: %v", got)
		}
	})
}

func TestSnippets(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		smallDay(w)
		for _, c := range []struct{ words, title, snippet, about string }{
			{"yhteisöjen vaikuttaminen", "Tiedolla [vaikuttaminen]", "Miten [yhteisöissä] viestitään suoraan (https://example.org).", "abstract fi  0"},
			{"luottamusta", "Kalvot", "Alku ja muuta Mittareiden valinta: sitoutuminen, [luotta- mus] ja yhteisöllisyys Loppu", "text   2"},
			{"kaksi tuntia", "Kuinka monta [tuntia] päivässä yhteisömanageri moderoi?", "Noin [kaksi] [tuntia], joskus kolme.", "answer   Vastaaja 0"},
			{"etik", "Bilder", "Det här är om sociala mediers [etik] och hur vi talar med varandra, och vad det är som vi gör.", "text sv  0"},
			{"mans", "[Måns] Öberg", "[Måns] brinner för gemenskap.", "biography fi  0"},
			{"yhteisöman", "[Yhteisömanagerin] työpäivä", "Työyhteisön arki ja sen mittaaminen.", "abstract fi  0"},
		} {
			h := w.result(c.words).Hits[0]
			about := fmt.Sprintf("%s %s %s %d", h.Snippet.Place, h.Snippet.Lang, h.Snippet.By, h.Snippet.Page)
			about = strings.ReplaceAll(about, "answer  V", "answer   V")
			if show(h.Title) != c.title || show(h.Snippet.Marked) != c.snippet || about != c.about {
				t.Errorf("%q:\n%s\n%s\n%s", c.words, show(h.Title), show(h.Snippet.Marked), about)
			}
		}
	})
}

// What may not be shown is not shown, even while the index knows nothing of it.
func TestIndexBehind(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		smallDay(w)
		w.piece("tyo", "tallenne", "Yhteisömanageri puhuu", "", func(m *material.Material) { m.Kind = material.Recording })
		w.refresh()
		find := func() string {
			got := w.ask("yhteisömanageri*")
			slices.Sort(got)
			return strings.Join(got, ", ")
		}
		const everything, recording = "material tallenne, question q1, session tyo", "question q1, session tyo"
		const late = "'2030-01-01 00:00:00+00:00'"
		for _, c := range []struct {
			name, statement, back, want string
		}{
			{"session out of the release", "UPDATE slot SET release_id = NULL WHERE session_id = 'tyo'", "UPDATE slot SET release_id = 'release-cmadfi-2027' WHERE session_id = 'tyo'", ""},
			{"a newer release without it", "INSERT INTO release (id, edition_id, number, name, note, released_at) SELECT 'newer', edition_id, 2, name, note, released_at FROM release WHERE edition_id = 'cmadfi-2027'",
				"DELETE FROM release WHERE id = 'newer'", ""},
			{"a rehearsal's", "UPDATE series SET slug = 'practice-0123456789abcdef'", "UPDATE series SET slug = 'cmadfi'", ""},
			{"material hidden", "UPDATE material SET visibility = 'hidden'", "UPDATE material SET visibility = 'public'", recording},
			{"material for those with a place", "UPDATE material SET visibility = 'registered'", "UPDATE material SET visibility = 'public'", recording},
			{"material not due", "UPDATE material SET shown = 'at', shown_at = " + late, "UPDATE material SET shown = 'now'", recording},
			{"material after the session", "UPDATE material SET shown = 'after'", "", everything},
			{"which ends later", "UPDATE slot SET ends_at = " + late, "UPDATE slot SET ends_at = starts_at", recording},
			{"or not at all", "UPDATE session SET cancelled = TRUE", "UPDATE session SET cancelled = FALSE; UPDATE material SET shown = 'now'", recording},
			{"consent of who brought it", "UPDATE material SET kind = 'slides', speaker_id = 'mans'; INSERT INTO withdrawn (speaker_id, part, edition_id) VALUES ('mans', 'material', 'cmadfi-2027')",
				"UPDATE material SET kind = 'recording'", recording},
			{"consent to being recorded", "UPDATE withdrawn SET part = 'recording', speaker_id = 'anna27'; UPDATE material SET speaker_id = ''", "DELETE FROM withdrawn", recording},
			{"material of another session", "UPDATE material SET session_id = 'gemenskap' WHERE id = 'tallenne'", "UPDATE material SET session_id = 'tyo' WHERE id = 'tallenne'", recording},
			{"answer withdrawn", "UPDATE answer SET speaker_id = 'mans'; INSERT INTO withdrawn (speaker_id, part, edition_id) VALUES ('mans', 'answers', 'cmadfi-2027')", "DELETE FROM withdrawn", everything},
			{"question rejected", "UPDATE question SET state = 'rejected'", "UPDATE question SET state = 'approved'", "material tallenne, session tyo"},
			{"question archived", "UPDATE question SET state = 'archived'", "UPDATE question SET state = 'approved'", "material tallenne, session tyo"},
			{"removed", "DELETE FROM answer; DELETE FROM question; DELETE FROM material", "", "session tyo"},
		} {
			for _, one := range strings.Split(c.statement, "; ") {
				w.do(one)
			}
			if got := find(); got != c.want {
				t.Errorf("%s: found %s, want %s", c.name, got, c.want)
			}
			if r := w.result("tuntia kolme"); c.name == "answer withdrawn" && (len(r.Hits) != 1 || len(r.Hits[0].Snippet.Parts) != 0) {
				t.Errorf("%s: shows %q", c.name, show(r.Hits[0].Snippet.Marked))
			}
			if c.back == "" {
				continue
			}
			for _, one := range strings.Split(c.back, "; ") {
				w.do(one)
			}
		}
		w.refresh()
		if got := find(); got != "session tyo" {
			t.Errorf("after the refresh found %s", got)
		}
	})
}

func TestCancelledAndOthersStay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		smallDay(w)
		w.do("UPDATE session SET cancelled = TRUE WHERE id = 'tyo'")
		h := w.result("työpäivä").Hits[0]
		if !h.Session.Cancelled {
			t.Error("a cancelled session is not told as such")
		}
		anna := w.result("anna").Hits[0]
		if len(anna.Others) != 1 || anna.Others[0].Slug != "2016" || anna.Edition.Slug != "2027" {
			t.Errorf("in %s and %v", anna.Edition.Slug, anna.Others)
		}
		w.do("UPDATE material SET visibility = 'public', kind = 'recording', captions = ?", material.Captions{{Language: "fi", FileID: "file-bilder"}})
		w.do("UPDATE material SET file_id = '' WHERE id = 'kalvot'")
		w.refresh()
		if r := w.result("sociala mediers", func(a *Ask) { a.Kind = Material }); len(r.Hits) != 2 {
			t.Errorf("captions: %v", names(r.Hits))
		}
	})
}

// Whoever types a title finds what is called so, however much newer there is.
func TestWholeTitleComesFirst(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		smallDay(w)
		w.talk("2016", talk{id: "vanha", title: "Luottamus ja läpinäkyvyys", abstract: "Alku."})
		for i := range PageSize*MaxPages + 80 {
			w.talk("2027", talk{id: fmt.Sprintf("uusi%03d", i), title: fmt.Sprintf("Luottamus ja läpinäkyvyys, osa %d", i), abstract: "Jatko."})
		}
		w.refresh()
		for _, c := range []struct {
			words string
			first bool
		}{
			{"luottamus ja lapinakyvyys", true},
			{"  LUOTTAMUS ja läpinäkyvyys!", true},
			{"läpinäkyvyys luottamus", false},
			{"luottamus läpinäkyvyys", false},
			{"luottamus ja läpinäkyvyys -osa", true},
		} {
			got := w.ask(c.words)
			if len(got) == 0 || (got[0] == "session vanha") != c.first {
				t.Errorf("%q gives %v", c.words, got[:min(3, len(got))])
			}
		}
	})
}
