package program

import (
	"testing"
	"time"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/program/exchange"
)

// zoned moves the edition to where and when a real file takes place.
func (k *desk) zoned(zone string, from, to time.Time) {
	k.t.Helper()
	if _, err := k.d.Write.NewUpdate().Model((*edition.Edition)(nil)).Set("zone = ?", zone).Set("starts_at = ?", from).
		Set("ends_at = ?", to).Where("id = ?", k.e.ID).Exec(k.t.Context()); err != nil {
		k.t.Fatal(err)
	}
	k.es.Forget()
	k.e = k.fresh()
}

func Test38C3(t *testing.T) {
	x := sample(t, "38c3.xml")
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.zoned("Europe/Berlin", x.Start.Add(9*time.Hour), x.End.Add(17*time.Hour))
		began := time.Now()
		done := k.load(x, ImportOptions{Release: true})
		first := time.Since(began)
		rows := everything(t, d)
		c := count(d)
		e := k.fresh()
		before := c.Load()
		began = time.Now()
		p, err := k.Programme(t.Context(), e)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("imported in %v, read in %v with %d queries", first, time.Since(began), c.Load()-before)
		if n := c.Load() - before; n != queriesPerRead {
			t.Errorf("%d queries", n)
		}
		if len(done.Added) != 1007 || len(p.Sessions) != 1007 || len(p.Days) != 4 {
			t.Fatalf("%d added, %d public, %d days", len(done.Added), len(p.Sessions), len(p.Days))
		}
		sum := 0
		for _, day := range p.Days {
			sum += len(day.Sessions)
			if len(day.Grid.Cells) != len(day.Sessions) {
				t.Errorf("%s: %d cells for %d sessions", day.Key(), len(day.Grid.Cells), len(day.Sessions))
			}
		}
		night := p.BySlug("desiring-technology-ber-porno-abhngigkeit-und-fortschritt")
		if sum != 1007 || night == nil || night.StartsAt.Format("02 15:04") != "28 00:15" || p.DayOn(night.StartsAt).Key() != "2024-12-27" {
			t.Errorf("%d sessions on days, night session %+v", sum, night)
		}
		rooms, speakers := 0, 0
		clashes, err := k.Clashes(t.Context(), e)
		if err != nil {
			t.Fatal(err)
		}
		for _, clash := range clashes {
			if clash.Room != nil {
				rooms++
			} else {
				speakers++
			}
		}
		// Counted by name there are 143: three pairs are namesakes with guids of their own.
		if rooms != 2 || speakers != 140 {
			t.Errorf("%d rooms and %d speakers clash, want 2 and 140", rooms, speakers)
		}
		equal(t, Schedule(p, "https://agora.example"), x)
		began = time.Now()
		again := k.load(x, ImportOptions{Release: true})
		t.Logf("again in %v", time.Since(began))
		if again.Unchanged != 1007 || everything(t, d) != rows {
			t.Errorf("again: %d unchanged", again.Unchanged)
		}
	})
}

func TestOtherRealFiles(t *testing.T) {
	for _, name := range []string{"fosdem-2025.xml", "democon.json"} {
		x := sample(t, name)
		k := newDesk(t, dbtest.OpenSQLite(t))
		k.zoned(x.TimeZone, x.Start.Add(9*time.Hour), x.End.Add(17*time.Hour))
		k.load(x, ImportOptions{Release: true})
		got := Schedule(k.programme(), "https://agora.example")
		got.Tracks, x.Tracks = nil, nil // tracks without sessions are not shown
		equal(t, got, x)
	}
}

func BenchmarkProgramme1007(b *testing.B) {
	x := sample(b, "38c3.xml")
	k := newDesk(b, dbtest.OpenSQLite(b))
	k.zoned("Europe/Berlin", x.Start.Add(9*time.Hour), x.End.Add(17*time.Hour))
	k.load(x, ImportOptions{Release: true})
	e := k.fresh()
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			if _, err := k.read(b.Context(), e, false); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("kept", func(b *testing.B) {
		for b.Loop() {
			if _, err := k.Programme(b.Context(), e); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("import again", func(b *testing.B) {
		for b.Loop() {
			k.load(x, ImportOptions{})
		}
	})
}

func BenchmarkEdit1007(b *testing.B) {
	x := sample(b, "38c3.xml")
	for name, open := range map[string]func(testing.TB) *db.DB{"SQLite": dbtest.OpenSQLite, "PostgreSQL": dbtest.OpenPostgres} {
		b.Run(name, func(b *testing.B) { benchmarkEdits(newDesk(b, open(b)), x) })
	}
}

func benchmarkEdits(k *desk, x exchange.Schedule) {
	b := k.t.(*testing.B)
	k.zoned("Europe/Berlin", x.Start.Add(9*time.Hour), x.End.Add(17*time.Hour))
	k.load(x, ImportOptions{})
	p := k.draft()
	moved, away := p.Sessions[500], p.Sessions[500].Spot()
	here := away
	away.StartsAt, away.EndsAt = away.StartsAt.Add(time.Hour), away.EndsAt.Add(time.Hour)
	move := func(from, to Spot) EditInput {
		return EditInput{Act: Move, Session: Seen{ID: moved.ID, Spot: &from}, RoomID: to.RoomID, StartsAt: to.StartsAt}
	}
	b.Run("move", func(b *testing.B) {
		for b.Loop() {
			k.do("org", move(here, away))
			here, away = away, here
		}
	})
	b.Run("try", func(b *testing.B) {
		for b.Loop() {
			if _, err := k.Try(b.Context(), k.e, move(here, away)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("undo and redo", func(b *testing.B) {
		k.do("org", move(here, away))
		for b.Loop() {
			k.do("org", EditInput{Act: Undo})
			k.do("org", EditInput{Act: Redo})
		}
		here, away = away, here
	})
	b.Run("grid", func(b *testing.B) {
		for b.Loop() {
			if _, err := k.GridState(b.Context(), "org", k.e); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("pending", func(b *testing.B) {
		for b.Loop() {
			if _, err := k.Pending(b.Context(), k.e); err != nil {
				b.Fatal(err)
			}
		}
	})
}
