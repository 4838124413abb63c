package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"agora/app/db/dbtest"
	"agora/app/file"
	"agora/app/material"
	"agora/app/program"
	"agora/app/text"
)

// BenchmarkMaterialsPage measures the page of all material of an edition with 500
// files, and one of its sessions, against a handler that sends the same bytes.
// The bar of design is 0.5.
func BenchmarkMaterialsPage(b *testing.B) {
	const sessions, each = 100, 5
	s := newBenchSite(b, dbtest.OpenSQLite(b), 300, sessions)
	now := func() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }
	disk, err := file.NewDisk(b.TempDir())
	check(b, err)
	files := file.New(s.db, now, disk, b.TempDir())
	shelves := material.New(s.db, now, s.editions, s.base)
	p, err := s.programs.Programme(b.Context(), s.edition)
	check(b, err)
	by := material.Author{}
	for _, x := range p.Sessions {
		for i := range each {
			f, err := files.Take(b.Context(), s.edition.ID, by.Scope(x.ID), fmt.Sprintf("moniste-%d.txt", i), strings.NewReader(x.Slug+fmt.Sprint(i)))
			check(b, err)
			_, err = shelves.Add(b.Context(), by, s.edition, x.ID, material.Input{Kind: material.Handout, FileID: f.ID, Language: "fi",
				Title: text.One(text.Finnish, fmt.Sprintf("Moniste %d: mitä yhteisömanageri tekee", i)), Licence: "CC BY 4.0"})
			check(b, err)
		}
	}
	b.Run("all", func(b *testing.B) { againstBare(b, s, "/cmadfi/2027/materials") })
	b.Run("slides of a language", func(b *testing.B) { againstBare(b, s, "/cmadfi/2027/materials?kind=handout&language=fi") })
}

// TestMaterialsPageCostsTheSame: however many pieces there are, a page that is
// kept asks for nothing, and one that is made anew for the same.
func TestMaterialsPageCostsTheSame(t *testing.T) {
	p := newProgramSite(t)
	count := &queries{}
	p.DB.Read = p.DB.Read.WithQueryHook(count)
	p.save("Puhe", "Sali", "2027-01-25 09:00", "2027-01-25 10:00", func(in *program.SessionInput) { in.Speakers = []program.SpeakerRef{{Name: "Aino"}} })
	p.release()
	programme, err := p.Program.Programme(t.Context(), p.e)
	if err != nil {
		t.Fatal(err)
	}
	x := programme.Sessions[0]
	paths := []string{"/cmadfi/2027/materials", "/cmadfi/2027/sessions/" + x.Slug, "/cmadfi/2027/feed.xml", "/cmadfi/2027/schedule.json", "/api/v1/editions/cmadfi/2027/materials", "/desk/cmadfi/2027/materials"}
	cost := func(path string) int64 {
		p.Editions.Forget()
		p.now = p.now.Add(time.Minute)
		before := count.n.Load()
		p.ok(p.get(path, "Cookie", map[bool]string{true: p.cookie}[strings.HasPrefix(path, "/desk")]))
		return count.n.Load() - before
	}
	add := func(n int) {
		for range n {
			f, err := p.Files.Take(t.Context(), p.e.ID, "session:"+x.ID, "m.txt", strings.NewReader("sanoja"))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.Material.Add(t.Context(), material.Author{}, p.e, x.ID, material.Input{Kind: material.Handout, FileID: f.ID}); err != nil {
				t.Fatal(err)
			}
		}
	}
	add(1)
	one := map[string]int64{}
	for _, path := range paths {
		one[path] = cost(path)
	}
	add(2)
	for _, path := range paths {
		if n := cost(path); n != one[path] || n == 0 {
			t.Errorf("%s: %d queries with one piece, %d with three", path, one[path], n)
		}
	}
	p.ok(p.get(paths[0]))
	before := count.n.Load()
	p.ok(p.get(paths[0]))
	if n := count.n.Load() - before; n != 0 {
		t.Errorf("a kept page cost %d queries", n)
	}
}
