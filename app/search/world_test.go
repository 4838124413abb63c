package search

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/file"
	"agora/app/material"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/text"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

var noon = time.Date(2027, 1, 25, 10, 0, 0, 0, time.UTC)

// world is a database with editions, and the search over them. Rows are written
// as the areas would, with ids that the test chooses.
type world struct {
	*Service
	t  testing.TB
	d  *db.DB
	at time.Time
	e  map[string]edition.Edition // by slug
}

func newWorld(t testing.TB, d *db.DB, slugs ...string) *world {
	w := &world{t: t, d: d, at: noon, e: map[string]edition.Edition{}}
	es := edition.New(d, func() time.Time { w.at = w.at.Add(2 * time.Second); return w.at }) // nothing is kept
	w.Service = New(d, func() time.Time { return w.at }, es)
	w.rest = 0
	w.series("cmadfi", slugs...)
	return w
}

// series makes a series with editions, whose slugs are years.
func (w *world) series(slug string, years ...string) {
	w.t.Helper()
	one := edition.Series{ID: "series-" + slug, Slug: slug, Title: text.One(text.Finnish, strings.ToUpper(slug)), CreatedAt: noon}
	w.put(&one)
	for _, year := range years {
		at, err := time.Parse("2006", year)
		if err != nil {
			w.t.Fatal(err)
		}
		at = at.Add(24*24*time.Hour + 8*time.Hour)
		e := edition.Edition{ID: slug + "-" + year, SeriesID: one.ID, Series: one, Slug: year, Title: text.One(text.Finnish, strings.ToUpper(slug)+" "+year),
			Lead: text.Texts{}, City: text.One(text.Finnish, "Jyväskylä"), Venue: text.Texts{}, Zone: "Europe/Helsinki", Languages: edition.Languages{"fi", "sv", "en"},
			StartsAt: at, EndsAt: at.Add(8 * time.Hour), OpensAt: at, ClosesAt: at, Revision: 1, CreatedAt: noon}
		w.put(&e)
		w.put(&program.Release{ID: "release-" + e.ID, EditionID: e.ID, Number: 1, Note: text.Texts{}, ReleasedAt: noon})
		w.e[year] = e
	}
}

func (w *world) put(row any) {
	w.t.Helper()
	if _, err := w.d.Write.NewInsert().Model(row).Exec(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// do runs a statement. What it changes is seen by the next refresh.
func (w *world) do(statement string, args ...any) {
	w.t.Helper()
	if _, err := w.d.Write.NewRaw(statement, args...).Exec(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// talk is a session to be made; texts are in Finnish unless lang says otherwise.
type talk struct {
	id, title, abstract string
	lang                text.Lang
	speakers            []string // ids
	draft               bool
}

func (w *world) talk(year string, in talk) {
	w.t.Helper()
	e := w.e[year]
	if in.lang == "" {
		in.lang = text.Finnish
	}
	w.put(&program.Session{ID: in.id, EditionID: e.ID, GUID: in.id, Slug: in.id, Title: text.One(in.lang, in.title), Subtitle: text.Texts{},
		Abstract: text.One(in.lang, in.abstract), Description: text.Texts{}, Language: string(in.lang), Kind: program.Talk, CreatedAt: noon, ChangedAt: noon})
	slot := program.Slot{ID: "slot-" + in.id, SessionID: in.id, StartsAt: e.StartsAt, EndsAt: e.StartsAt.Add(time.Hour)}
	if !in.draft {
		release := "release-" + e.ID
		slot.ReleaseID = &release
	}
	w.put(&slot)
	for i, who := range in.speakers {
		w.do("INSERT INTO session_speaker (session_id, speaker_id, rank) VALUES (?, ?, ?)", in.id, who, i)
	}
}

func (w *world) speaker(year, id, name, biography string) {
	w.t.Helper()
	w.put(&program.Speaker{ID: id, EditionID: w.e[year].ID, GUID: id, Slug: id, Name: name, Biography: text.One(text.Finnish, biography), Who: id})
}

// piece gives a session material, with what was read out of its file.
func (w *world) piece(session, id, title, words string, change ...func(*material.Material)) {
	w.t.Helper()
	var editionID string
	if err := w.d.Read.NewRaw("SELECT edition_id FROM session WHERE id = ?", session).Scan(w.t.Context(), &editionID); err != nil {
		w.t.Fatal(err)
	}
	m := material.Material{ID: id, EditionID: editionID, SessionID: session, Slug: id, Kind: material.Slides, Title: text.One(text.Finnish, title),
		FileID: "file-" + id, Version: 1, Visibility: material.Public, Shown: material.Now, CreatedAt: noon, ChangedAt: noon}
	for _, c := range change {
		c(&m)
	}
	w.put(&m)
	w.put(&file.File{ID: m.FileID, EditionID: editionID, Scope: "session:" + session, Name: "a.pdf", Kind: "pdf", Reading: file.Read, Kept: true, CreatedAt: noon})
	w.do("INSERT INTO file_text (file_id, text) VALUES (?, ?)", m.FileID, words)
}

// question puts one into a session's room, with an answer when there is a text.
func (w *world) question(session, id, words string, state qa.State, answer string) {
	w.t.Helper()
	w.do(`INSERT INTO live_room (session_id, epoch, version, changed, state, room_key, created_at) VALUES (?, 'e', 1, 1, 'open', '', ?)
		ON CONFLICT (session_id) DO UPDATE SET version = live_room.version + 1`, session, noon)
	w.do(`INSERT INTO question (id, session_id, version, state, text, original, name, owner, asker, source, votes, rank, reason, asked_at)
		VALUES (?, ?, 1, ?, ?, '', 'Kysyjä Kyselijä', '', '', 'audience', 0, 0, '', ?)`, id, session, state, words, noon)
	if answer != "" {
		w.do(`INSERT INTO answer (id, question_id, name, text, created_at) VALUES (?, ?, 'Vastaaja', ?, ?)`, "answer-"+id, id, answer, noon)
	}
}

// refresh is a turn of the index after changes to the programmes.
func (w *world) refresh() {
	w.t.Helper()
	w.do("UPDATE edition SET revision = revision + 1")
	w.turn()
}

// turn is a turn of the index, and tells how many entries it touched.
func (w *world) turn() int {
	w.t.Helper()
	n, err := w.Refresh(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// ask gives what is found, each as "kind id".
func (w *world) ask(words string, change ...func(*Ask)) []string {
	w.t.Helper()
	return names(w.result(words, change...).Hits)
}

func (w *world) result(words string, change ...func(*Ask)) Result {
	w.t.Helper()
	a := Ask{Text: words, Lang: text.Finnish}
	for _, c := range change {
		c(&a)
	}
	r, err := w.Find(w.t.Context(), a)
	if err != nil {
		w.t.Fatalf("%q: %v", words, err)
	}
	return r
}

func names(hits []Hit) (list []string) {
	for _, h := range hits {
		id := h.Edition.ID
		switch {
		case h.Material != nil:
			id = h.Material.ID
		case h.QuestionID != "":
			id = h.QuestionID
		case h.Session != nil:
			id = h.Session.ID
		case h.Speaker != nil:
			id = h.Speaker.ID
		}
		list = append(list, string(h.Kind)+" "+id)
	}
	return list
}

// show writes a marked text with brackets around the hits.
func show(m Marked) string {
	var b strings.Builder
	for _, p := range m.Parts {
		if p.Hit {
			fmt.Fprintf(&b, "[%s]", p.Text)
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, newWorld(t, d, "2016", "2027")) })
}
