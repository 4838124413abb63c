package program

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/db/dbtest"
)

// Whatever an organiser does, undoing all of it gives the grid as it was, and
// redoing all of it the grid as it became.
func TestRandomHistoriesAreUndoneAndRedone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for seed := range uint64(4) {
			rnd := rand.New(rand.NewPCG(seed, 7))
			k := newDesk(t, d)
			rooms := []Room{k.room("Aula"), k.room("Sali"), k.room("Vintti"), {}}
			for i := range 6 {
				in := talk(fmt.Sprint("S", i), fmt.Sprintf("%02d:00", 9+i), fmt.Sprintf("%02d:40", 9+i), rooms[i%3])
				if i%3 == 0 {
					in.Kind = Break
				}
				k.session(in)
			}
			k.session(talk("W", "", "", Room{}))
			start, done := k.grid(), 0
			for range 30 {
				before := k.grid()
				_, err := k.Edit(t.Context(), "aino", k.e, k.anything(rnd, rooms))
				if after := k.grid(); (err != nil) && before != after {
					t.Fatalf("a refused act changed the grid: %v", err)
				} else if before != after {
					done++
				}
			}
			end := k.grid()
			k.all("aino", Undo, done)
			k.wantGrid(start)
			k.all("aino", Redo, done)
			k.wantGrid(end)
			// Half way back, then something new: the rest cannot be redone.
			k.all("aino", Undo, 0, done/2)
			half := k.grid()
			list := k.draft().Sessions
			k.do("aino", EditInput{Act: Lift, Session: k.seen(*list[0])})
			if _, err := k.Edit(t.Context(), "aino", k.e, EditInput{Act: Redo}); key(err) != "program.nothing_to_redo" {
				t.Errorf("redone after something new: %v", err)
			}
			k.do("aino", EditInput{Act: Undo})
			k.wantGrid(half)
			k.all("aino", Undo, done-done/2)
			k.wantGrid(start)
			if _, err := d.Write.NewRaw("UPDATE series SET slug = ? WHERE slug = 'cmadfi'", fmt.Sprint("past", seed)).Exec(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// anything is an act on anything; some of them are refused.
func (k *desk) anything(rnd *rand.Rand, rooms []Room) EditInput {
	p := k.draft()
	all := append(append([]*Session{}, p.Sessions...), p.Waiting...)
	pick := func() Seen { return k.seen(*all[rnd.IntN(len(all))]) }
	in := EditInput{Act: []Act{Move, Move, Resize, Place, Lift, Swap, Copy}[rnd.IntN(7)], Session: pick(), Other: pick(),
		RoomID: rooms[rnd.IntN(len(rooms))].ID, StartsAt: clock27("09:00").Add(time.Duration(rnd.IntN(100)) * 5 * time.Minute)}
	if in.Act == Resize && !in.Session.Spot.None() {
		in.EndsAt = in.Session.Spot.StartsAt.Add(time.Duration(rnd.IntN(30)) * 5 * time.Minute)
	}
	return in
}

// all does undo or redo as often as it goes: that many times, or only as often
// as told.
func (k *desk) all(by string, act Act, want int, only ...int) {
	k.t.Helper()
	n := 0
	for len(only) == 0 || n < only[0] {
		_, err := k.Edit(k.t.Context(), by, k.e, EditInput{Act: act})
		if key(err) == "program.nothing_to_"+string(act) {
			break
		}
		if err != nil {
			k.t.Fatalf("%s number %d: %v", act, n, err)
		}
		n++
	}
	if len(only) == 0 && n != want {
		k.t.Errorf("%s went %d times, want %d", act, n, want)
	}
}

func TestUndoIsOnesOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		aula, sali := k.room("Aula"), k.room("Sali")
		a, b := k.session(talk("A", "10:00", "10:45", aula)), k.session(talk("B", "10:00", "10:30", sali))
		k.do("aino", EditInput{Act: Move, Session: k.seen(a), RoomID: aula.ID, StartsAt: clock27("11:00")})
		k.do("bo", EditInput{Act: Move, Session: k.seen(b), RoomID: sali.ID, StartsAt: clock27("12:00")})
		k.do("aino", EditInput{Act: Undo})
		k.wantGrid("A Aula 10:00–10:45, B Sali 12:00–12:30")
		k.do("bo", EditInput{Act: Move, Session: k.seen(a), RoomID: sali.ID, StartsAt: clock27("09:00")})
		if _, err := k.Edit(t.Context(), "aino", k.e, EditInput{Act: Redo}); key(err) != "program.undo_moved" {
			t.Errorf("redone over somebody else's move: %v", err)
		}
		k.wantGrid("A Sali 09:00–09:45, B Sali 12:00–12:30")
		k.do("bo", EditInput{Act: Undo})
		k.do("aino", EditInput{Act: Redo})
		k.wantGrid("A Aula 11:00–11:45, B Sali 12:00–12:30")
		for _, who := range []string{"", "carla"} {
			if _, err := k.Edit(t.Context(), who, k.e, EditInput{Act: Undo}); key(err) != "program.nothing_to_undo" {
				t.Errorf("%q undid: %v", who, err)
			}
		}
		if _, err := k.Edit(t.Context(), "aino", k.other(), EditInput{Act: Undo}); key(err) != "program.nothing_to_undo" {
			t.Errorf("undone through another edition: %v", err)
		}
	})
}

// What forms do to the slots can be undone like the rest; what only mends a text
// is passed over.
func TestFormsAreUndoneToo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		aula := k.room("Aula")
		save := func(x Session, in SessionInput) {
			t.Helper()
			if _, err := k.SaveSession(t.Context(), "aino", k.e, x.ID, in); err != nil {
				t.Fatal(err)
			}
		}
		a := k.session(talk("A", "10:00", "10:45", aula))
		save(a, talk("A", "11:00", "11:45", aula))
		save(a, talk("Aa", "11:00", "11:45", aula))
		k.do("aino", EditInput{Act: Undo})
		k.wantGrid("Aa Aula 10:00–10:45")
		k.do("aino", EditInput{Act: Redo})
		k.wantGrid("Aa Aula 11:00–11:45")
		if err := k.DeleteSession(t.Context(), "bo", k.e, a.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := k.Edit(t.Context(), "aino", k.e, EditInput{Act: Undo}); key(err) != "program.undo_gone" {
			t.Errorf("undoing what was deleted: %v", err)
		}
		var acts []Act
		edits, err := k.EditsSince(t.Context(), k.e.ID, 0)
		for _, one := range edits {
			acts = append(acts, one.Act)
		}
		if got := fmt.Sprint(acts); err != nil || got != "[save save text undo redo delete]" {
			t.Errorf("edits %s %v", got, err)
		}
	})
}

func TestEditsAreKeptInBounds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		a := k.session(talk("A", "10:00", "10:45", k.room("Aula")))
		err := d.Tx(t.Context(), func(ctx context.Context, tx bun.Tx) error {
			for range maxEdits + 3 {
				if err := k.noteOther(ctx, tx, k.e, "org", Retold, Step{SessionID: a.ID}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		edits, err := k.EditsSince(t.Context(), k.e.ID, maxEdits)
		if err != nil || len(edits) != 4 || edits[0].Reload() {
			t.Errorf("%d edits of the last %v", len(edits), err)
		}
		for _, far := range []int64{0, 2, maxEdits + 40} {
			if edits, err = k.EditsSince(t.Context(), k.e.ID, far); err != nil || len(edits) != 1 || !edits[0].Reload() || edits[0].Seq != maxEdits+4 {
				t.Errorf("edits since %d: %d %v", far, len(edits), err)
			}
		}
		if n, err := d.Read.NewSelect().Model((*Edit)(nil)).Count(t.Context()); err != nil || n != maxEdits {
			t.Errorf("%d kept %v", n, err)
		}
		if err := d.Tx(t.Context(), func(ctx context.Context, tx bun.Tx) error { return RemoveEdition(ctx, tx, k.e.ID) }); err != nil {
			t.Fatal(err)
		}
		if n, err := d.Read.NewSelect().Model((*Edit)(nil)).Count(t.Context()); err != nil || n != 0 {
			t.Errorf("%d left of a removed edition %v", n, err)
		}
	})
}
