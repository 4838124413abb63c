package search

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/file"
	"agora/app/material"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/text"
)

const (
	// benchSessions is what the search has to be quick over.
	benchSessions = 20_000
	// benchEverywhere is a word that every text holds.
	benchEverywhere = "yhteisön"
)

// chatter makes up texts whose words are as unequal as those of people: few come
// all the time, most hardly ever. They have Finnish endings.
type chatter struct {
	r     *rand.Rand
	zipf  *rand.Zipf
	words []string
}

func newChatter(seed uint64) *chatter {
	r := rand.New(rand.NewPCG(seed, 7))
	c := &chatter{r: r, zipf: rand.NewZipf(r, 1.15, 12, 39_999)}
	syllables := strings.Fields("ka ko ku ki ta tä to tu ti la lo lu li ma mä mo mu mi sa so su si va vo vi ra ro ru ri na no nu ni pa po pu pi ha ho hu hi ja jo ju yh työ vies tin koh del mit")
	seen := map[string]bool{}
	for len(c.words) < 40_000 {
		w := ""
		for range 2 + r.IntN(3) {
			w += syllables[r.IntN(len(syllables))]
		}
		if !seen[w] {
			seen[w] = true
			c.words = append(c.words, w)
		}
	}
	return c
}

func (c *chatter) text(words int) string {
	endings := []string{"", "", "n", "ssa", "sta", "lle", "t", "a", "ksi", "lla"}
	var b strings.Builder
	for i := range words {
		switch {
		case i > 0 && i%12 == 0:
			b.WriteString(". ")
		case i > 0:
			b.WriteByte(' ')
		}
		b.WriteString(c.words[c.zipf.Uint64()])
		b.WriteString(endings[c.r.IntN(len(endings))])
	}
	return b.String()
}

// library is an indexed shelf.
func library(b *testing.B, d *db.DB, sessions int) *world {
	w := shelf(b, d, sessions)
	w.index()
	if d.Engine == db.Postgres {
		w.do("VACUUM ANALYZE")
	}
	return w
}

// shelf fills a database with twenty editions, each session with a speaker, a
// file of 2 to 20 kB of words and, every fourth, an answered question.
func shelf(b *testing.B, d *db.DB, sessions int) *world {
	const years = 20
	var slugs []string
	for i := range years {
		slugs = append(slugs, fmt.Sprint(2008+i))
	}
	w := newWorld(b, d, slugs...)
	w.Service = New(d, func() time.Time { return noon }, edition.New(d, func() time.Time { return noon }))
	w.rest = 0
	c := newChatter(1)
	for _, year := range slugs {
		e := w.e[year]
		release := "release-" + e.ID
		var (
			talks  []program.Session
			slots  []program.Slot
			people []program.Speaker
			pieces []material.Material
			files  []file.File
			words  []wordsRow
			who    []whoRow
		)
		for i := range sessions / years {
			id := fmt.Sprintf("%s-%05d", year, i)
			talks = append(talks, program.Session{ID: id, EditionID: e.ID, GUID: id, Slug: id, Title: text.One(text.Finnish, c.text(5)), Subtitle: text.Texts{},
				Abstract: text.One(text.Finnish, benchEverywhere+" "+c.text(90)), Description: text.Texts{}, Language: "fi", Kind: program.Talk, CreatedAt: noon, ChangedAt: noon})
			slots = append(slots, program.Slot{ID: "slot-" + id, SessionID: id, ReleaseID: &release, StartsAt: e.StartsAt, EndsAt: e.EndsAt})
			people = append(people, program.Speaker{ID: "who-" + id, EditionID: e.ID, GUID: id, Slug: id, Name: "Anna " + c.text(1), Biography: text.One(text.Finnish, benchEverywhere+" "+c.text(30)), Who: "who-" + id})
			who = append(who, whoRow{SessionID: id, SpeakerID: "who-" + id})
			pieces = append(pieces, material.Material{ID: "material-" + id, EditionID: e.ID, SessionID: id, Slug: id, Kind: material.Slides, Title: text.One(text.Finnish, "Kalvot"),
				FileID: "file-" + id, Version: 1, Visibility: material.Public, Shown: material.Now, CreatedAt: noon, ChangedAt: noon})
			files = append(files, file.File{ID: "file-" + id, EditionID: e.ID, Scope: "session:" + id, Name: "a.pdf", Kind: "pdf", Reading: file.Read, Kept: true, CreatedAt: noon})
			words = append(words, wordsRow{FileID: "file-" + id, Text: benchEverywhere + " " + c.text(250+c.r.IntN(2200))})
		}
		put(b, d, &talks)
		put(b, d, &slots)
		put(b, d, &people)
		put(b, d, &pieces)
		put(b, d, &files)
		put(b, d, &who)
		put(b, d, &words)
		for i := 0; i < len(talks); i += 4 {
			id := talks[i].ID
			w.question(id, "question-"+id, benchEverywhere+" "+c.text(12), qa.StateAnswered, c.text(40))
		}
	}
	return w
}

// index refreshes until there is nothing left to do, and tells what it took.
func (w *world) index() {
	w.t.Helper()
	at, entries := time.Now(), 0
	for {
		n, err := w.Refresh(w.t.Context())
		if err != nil {
			w.t.Fatal(err)
		}
		if entries += n; n == 0 {
			break
		}
	}
	w.t.Logf("%s: %d entries indexed in %v", w.d.Engine, entries, time.Since(at).Round(time.Millisecond))
}

func put[T any](b *testing.B, d *db.DB, rows *[]T) {
	b.Helper()
	for part := range slices.Chunk(*rows, 250) {
		if _, err := d.Write.NewInsert().Model(&part).Exec(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

type wordsRow struct {
	bun.BaseModel `bun:"table:file_text"`

	FileID string
	Text   string
}

type whoRow struct {
	bun.BaseModel `bun:"table:session_speaker"`

	SessionID, SpeakerID string
	Rank                 int64
}

// BenchmarkSearch asks 20,000 sessions with speakers, material texts and questions
// what people ask, on both engines, and beside it what looking through all texts
// with LIKE takes.
func BenchmarkSearch(b *testing.B) {
	for _, engine := range []struct {
		name string
		open func(testing.TB) *db.DB
	}{{"SQLite", dbtest.OpenSQLite}, {"PostgreSQL", dbtest.OpenPostgres}} {
		b.Run(engine.name, func(b *testing.B) {
			w := library(b, engine.open(b), benchSessions)
			c := newChatter(1)
			often, seldom := c.words[0], c.words[20_000]
			for _, q := range []struct {
				name string
				ask  Ask
			}{
				{"in every text", Ask{Text: benchEverywhere}},
				{"in every text, page 5", Ask{Text: benchEverywhere, Page: 5}},
				{"frequent words together", Ask{Text: c.words[0] + " " + c.words[1] + " " + c.words[2]}},
				{"a frequent word without another", Ask{Text: often + " -" + c.words[1]}},
				{"a seldom word", Ask{Text: seldom}},
				{"a word in every name", Ask{Text: "anna " + c.words[5]}},
				{"a beginning", Ask{Text: often[:4]}},
				{"beginnings", Ask{Text: c.words[10] + "* " + c.words[11][:3] + "*"}},
				{"a phrase", Ask{Text: `"` + c.words[0] + " " + c.words[3] + `"`}},
				{"in material", Ask{Text: benchEverywhere, Kind: Material, Page: 10}},
				{"of one edition", Ask{Text: often, Edition: "cmadfi-2010"}},
				{"nowhere", Ask{Text: "zzzyzx"}},
			} {
				b.Run(q.name, func(b *testing.B) { measure(b, func() error { _, err := w.Find(b.Context(), q.ask); return err }) })
			}
			b.Run("LIKE over everything", func(b *testing.B) {
				measure(b, func() error {
					var ids []string
					like := "%" + seldom + "%"
					return w.d.Read.NewRaw(`SELECT id FROM session WHERE title LIKE ? OR abstract LIKE ? UNION ALL SELECT file_id FROM file_text WHERE text LIKE ?
						UNION ALL SELECT id FROM question WHERE text LIKE ? LIMIT 20`, like, like, like, like).Scan(b.Context(), &ids)
				})
			})
		})
	}
}

// measure tells the median and the slowest in a hundred, which matter to people.
func measure(b *testing.B, one func() error) {
	var took []time.Duration
	for b.Loop() {
		at := time.Now()
		if err := one(); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(at))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// BenchmarkRefresh indexes a thousand sessions while others write, as registrations
// do, and tells how long those wait beside how long they do without it.
func BenchmarkRefresh(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *db.DB{"SQLite": dbtest.OpenSQLite, "PostgreSQL": dbtest.OpenPostgres} {
		b.Run(name, func(b *testing.B) {
			w := shelf(b, open(b), 1000)
			w.rest = restTime
			done := make(chan struct{})
			time.AfterFunc(2*time.Second, func() { close(done) })
			alone, beside, rate := w.waits(b, "alone", done), []time.Duration(nil), 0.0
			for b.Loop() {
				if err := w.Forget(b.Context()); err != nil {
					b.Fatal(err)
				}
				done := make(chan struct{})
				at, entries := time.Now(), 0
				go func() {
					defer close(done)
					entries = w.turn()
				}()
				beside = w.waits(b, "beside", done)
				rate = float64(entries) / time.Since(at).Seconds()
			}
			for what, took := range map[string][]time.Duration{"alone": alone, "beside": beside} {
				b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, what+"-p50-ms")
				b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, what+"-p99-ms")
			}
			b.ReportMetric(rate, "entries/s")
		})
	}
}

// waits writes one row after the other until it is done, and gives what each took,
// the quickest first.
func (w *world) waits(b *testing.B, name string, done <-chan struct{}) (took []time.Duration) {
	b.Helper()
	for {
		select {
		case <-done:
			slices.Sort(took)
			return took
		default:
		}
		at := time.Now()
		w.do("INSERT INTO setting (name, value) VALUES (?, '')", fmt.Sprint(name, b.N, at.UnixNano()))
		took = append(took, time.Since(at))
	}
}
