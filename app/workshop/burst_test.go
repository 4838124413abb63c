package workshop

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/fail"
	"agora/app/registration"
)

// 200 people press at once for 20 places, every tenth twice: exactly 20, the
// rest in line without a gap, and everybody is told what the rows say.
func TestBurst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const people, places = 200, 20
		w := newWorld(t, d)
		x := w.session("Paja", "10:00", "11:00", Input{Capacity: of(places)})
		var all sync.WaitGroup
		var mu sync.Mutex
		answers := map[string][]Result{}
		for i, r := range w.people(registration.Onsite, people) {
			press := func() {
				res, err := w.ws.SignUp(t.Context(), w.edition, r, x.ID, db.Key{Scope: "workshop:" + w.edition.ID, Key: r.ID})
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				answers[r.ID] = append(answers[r.ID], res)
			}
			all.Go(press)
			if i%10 == 0 {
				all.Go(press)
			}
		}
		all.Wait()
		var positions []int64
		for id, list := range answers {
			if len(list) == 2 && list[0] != list[1] {
				t.Errorf("%s pressed twice and was told two things: %+v", id, list)
			}
			if list[0].State == Waiting {
				positions = append(positions, list[0].Position)
			}
		}
		slices.Sort(positions)
		for i, p := range positions {
			if p != int64(i+1) {
				t.Fatalf("position %d stands where %d should", p, i+1)
			}
		}
		if len(positions) != people-places {
			t.Errorf("%d wait of %d", len(positions), people)
		}
		list, err := w.ws.SignedUp(t.Context(), w.edition.ID, x.ID)
		if err != nil || len(list) != people {
			t.Fatal(len(list), err)
		}
		for _, p := range list {
			if told := answers[p.RegistrationID][0]; told.State != p.State || told.Position != p.Position {
				t.Errorf("told %+v, stored %+v", told, p)
			}
		}
		w.whole()
	})
}

// Two nodes on one database, with people who leave the day altogether and an
// organiser who changes the capacity meanwhile: nothing is ever oversold, and
// no place stays free while somebody waits.
func TestTwoNodesDecideTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		list := []Workshop{
			w.session("A", "10:00", "11:00", Input{Capacity: of(5)}),
			w.session("B", "10:30", "11:30", Input{Capacity: of(3), Audience: registration.Onsite}),
			w.table("C", 4), w.table("D", 2),
		}
		nodes := []*Service{w.ws, node(t, d, w.clock)}
		var all sync.WaitGroup
		for i, who := range slices.Collect(slices.Chunk(w.people(registration.Onsite, 96), 8)) {
			all.Go(func() { w.stroll(nodes[i%2], list, who, rand.New(rand.NewPCG(7, uint64(i)))) })
		}
		all.Wait()
		w.whole()
	})
}

// stroll does what people and organisers do, in any order; the eight are its own.
func (w *world) stroll(n *Service, list []Workshop, who []registration.Registration, rng *rand.Rand) {
	ctx := w.Context()
	for range 24 {
		r, x := who[rng.IntN(len(who))], list[rng.IntN(len(list))]
		var err error
		switch act := rng.IntN(20); {
		case act < 12:
			_, err = n.SignUp(ctx, w.edition, r, x.ID, db.Key{Scope: "workshop:" + w.edition.ID, Key: db.NewID()})
		case act < 17:
			_, err = n.Leave(ctx, w.edition, r, x.ID, db.Key{})
		case act < 19:
			w.move(left(r))
		default:
			_, err = n.Change(ctx, w.edition, "org", x.ID, Input{Title: x.Title, Capacity: of(int64(2 + rng.IntN(8))), Audience: x.Audience})
		}
		if kind := fail.KindOf(err); err != nil && kind != fail.Conflict && kind != fail.Invalid {
			w.Errorf("%v", err)
		}
	}
}
