package workshop

import (
	"fmt"
	"sync"
	"testing"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration"
	"agora/app/text"
)

// desk is a registration that tells its followers.
func (w *world) desk(n *Service) *registration.Service {
	w.Helper()
	reg := registration.New(w.db, w.clock.Now, edition.New(w.db, w.clock.Now), []byte("secret"), "https://agora.example")
	w.Cleanup(reg.Close)
	reg.Followers(n)
	return reg
}

func (w *world) register(reg *registration.Service, n int) []registration.Registration {
	w.Helper()
	list := make([]registration.Registration, n)
	for i := range list {
		w.n++
		res, err := reg.Register(w.Context(), w.edition, registration.Input{Name: fmt.Sprint("Tulija ", w.n),
			Email: fmt.Sprintf("t%d@example.org", w.n), Place: registration.Onsite, Language: text.Finnish}, db.Key{})
		if err != nil {
			w.Fatal(err)
		}
		list[i] = res.Registration
	}
	return list
}

// The seam with registration itself: handing over keeps the sign-up, switching
// and cancelling end it, and the next moves up in the same moment.
func TestFollowingRegistration(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		reg := w.desk(w.ws)
		x := w.session("Paja", "10:00", "11:00", Input{Capacity: of(1), Audience: registration.Onsite})
		p := w.register(reg, 3)
		for i := range p {
			w.in(p[i], x, int64(i))
		}
		res, err := reg.HandOver(t.Context(), w.edition, p[0], registration.Heir{Name: "Kollega", Email: "kollega@example.org"})
		if err != nil {
			t.Fatal(err)
		}
		list, err := w.ws.SignedUp(t.Context(), w.edition.ID, x.ID)
		if err != nil || len(list) != 3 || list[0].Name != "Kollega" {
			t.Errorf("%+v %v", list, err)
		}
		_, err = w.ws.Leave(t.Context(), w.edition, p[0], x.ID, db.Key{})
		w.refused(err, "registration.ticket_missing")
		if _, err := reg.Switch(t.Context(), w.edition, res.Registration, registration.Remote); err != nil {
			t.Fatal(err)
		}
		if w.state(res.Registration, x) != "" || w.state(p[1], x) != Confirmed || w.letters("workshop_dropped") != 1 {
			t.Error("who went remote kept the place on site")
		}
		if _, err := reg.Cancel(t.Context(), w.edition, p[1]); err != nil {
			t.Fatal(err)
		}
		if w.state(p[2], x) != Confirmed || w.letters("workshop_promoted") != 2 || w.letters("workshop_dropped") != 1 {
			t.Error("a cancelled registration kept its place")
		}
		w.whole()
	})
}

// Registration and workshops of two nodes lock the same rows: they wait for
// each other and never in a ring, and nobody who is gone is given a place.
func TestRegistrationAndWorkshopsAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		other := node(t, d, w.clock)
		ways, desks := []*Service{w.ws, other}, []*registration.Service{w.desk(w.ws), w.desk(other)}
		list := []Workshop{w.session("A", "10:00", "11:00", Input{Capacity: of(4), Audience: registration.Onsite}), w.session("B", "12:00", "13:00", Input{Capacity: of(6)}), w.table("C", 3)}
		var all sync.WaitGroup
		try := func(err error) {
			if kind := fail.KindOf(err); err != nil && kind != fail.Conflict && kind != fail.NotFound {
				t.Error(err)
			}
		}
		for i, r := range w.register(desks[0], 60) {
			all.Go(func() {
				for j := range list {
					_, err := ways[i%2].SignUp(t.Context(), w.edition, r, list[(i+j)%len(list)].ID, db.Key{})
					try(err)
				}
			})
			all.Go(func() {
				switch i % 4 {
				case 0:
					_, err := desks[i/4%2].Cancel(t.Context(), w.edition, r)
					try(err)
				case 1:
					_, err := desks[i/4%2].Switch(t.Context(), w.edition, r, registration.Remote)
					try(err)
				}
			})
		}
		all.Wait()
		w.whole()
	})
}
