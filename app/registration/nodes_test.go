package registration_test

import (
	"math/rand/v2"
	"sync"
	"testing"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration"
)

// Two nodes on one database decide at once about the same people: nobody holds
// two places, nothing is oversold, and no place stays free while somebody waits.
func TestTwoNodesDecideTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, of(20), of(10))
		other := registration.New(d, w.clock.Now, edition.New(d, w.clock.Now), []byte("secret"), "https://agora.example")
		t.Cleanup(other.Close)
		nodes := []*registration.Service{w.reg, other}
		var all sync.WaitGroup
		for i := range 24 {
			all.Go(func() { w.stroll(nodes[i%2], rand.New(rand.NewPCG(7, uint64(i)))) })
		}
		all.Wait()
		w.consistent()
		w.orderly()
	})
}

// stroll does what people and organisers do, in any order.
func (w *world) stroll(node *registration.Service, rng *rand.Rand) {
	ctx := w.Context()
	for range 40 {
		in := person(rng.IntN(60))
		in.Meanwhile = rng.IntN(2) == 0
		if rng.IntN(4) == 0 {
			in.Place = registration.Remote
		}
		var err error
		switch n := rng.IntN(10); {
		case n < 6:
			_, err = node.Register(ctx, w.edition, in, db.Key{Scope: "register:" + w.edition.ID, Key: db.NewID()})
		case n < 9:
			var list []registration.Registration
			if list, _, err = node.List(ctx, w.edition.ID, registration.Filter{Search: in.Email, Limit: 1}); err != nil || len(list) == 0 {
				break
			}
			switch r := list[0]; n {
			case 6:
				_, err = node.Cancel(ctx, w.edition, r)
			case 7:
				_, err = node.Switch(ctx, w.edition, r, registration.Remote)
			default:
				_, err = node.Switch(ctx, w.edition, r, registration.Onsite)
			}
		default:
			err = node.Resize(ctx, w.edition, "", registration.Sizes{Capacity: map[registration.Kind]*int64{
				registration.Onsite: of(int64(15 + rng.IntN(15))), registration.Remote: of(int64(5 + rng.IntN(10)))}})
		}
		if kind := fail.KindOf(err); err != nil && kind != fail.Conflict && kind != fail.Invalid {
			w.Errorf("%v", err)
		}
	}
}

// orderly looks for people in two places, for places free while somebody
// waits, and for two with one number.
func (w *world) orderly() {
	w.Helper()
	if n := w.count(`SELECT count(*) FROM (SELECT person_id FROM registration WHERE state <> 'cancelled' GROUP BY person_id HAVING count(*) > 1) AS twice`); n > 0 {
		w.Errorf("%d people are registered twice", n)
	}
	if n := w.count("SELECT count(*) FROM place WHERE waiting > 0 AND taken < capacity"); n > 0 {
		w.Errorf("%d kinds of place are free while somebody waits", n)
	}
	if n := w.count(`SELECT count(*) FROM (SELECT line FROM registration WHERE state = 'waiting' GROUP BY kind, line HAVING count(*) > 1) AS twice`); n > 0 {
		w.Errorf("%d numbers of the waiting lists are held twice", n)
	}
}

// When the hall grows, whoever moves up gives back the remote place held
// meanwhile, and the first who waits for one gets it at once.
func TestGrowthOnSiteFreesRemotePlaces(t *testing.T) {
	for _, named := range []map[registration.Kind]*int64{
		{registration.Onsite: of(3)}, {registration.Onsite: of(3), registration.Remote: of(2)},
	} {
		dbtest.Each(t, func(t *testing.T, d *db.DB) {
			w := newWorld(t, d, of(1), of(2))
			for i := range 5 {
				in := person(i)
				if in.Meanwhile = true; i > 2 {
					in.Place = registration.Remote
				}
				if _, err := w.register(in, ""); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.reg.Resize(t.Context(), w.edition, "", registration.Sizes{Capacity: named}); err != nil {
				t.Fatal(err)
			}
			w.consistent()
			w.orderly()
		})
	}
}
