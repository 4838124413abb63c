package registration_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration"
	"agora/app/text"
)

// morning is a day with a hall of so many seats, an hour after it has begun.
func morning(t *testing.T, d *db.DB, slug string, seats int64, remote *int64) (*registration.Service, edition.Edition, time.Time) {
	t.Helper()
	at := time.Date(2027, 1, 25, 8, 0, 0, 0, time.UTC)
	now := func() time.Time { return at }
	s := registration.New(d, now, edition.New(d, now), []byte("secret"), "https://agora.example")
	t.Cleanup(s.Close)
	series, err := edition.New(d, now).NewSeries(t.Context(), "", edition.SeriesInput{Slug: slug, Title: text.One(text.Finnish, "S")})
	if err != nil {
		t.Fatal(err)
	}
	e, err := s.NewEdition(t.Context(), "", series, edition.Input{Slug: "2027", Title: text.One(text.Finnish, "E"), Zone: "Europe/Helsinki", Languages: edition.Languages{text.Finnish},
		StartsAt: at.Add(-time.Hour), EndsAt: at.Add(6 * time.Hour), OpensAt: at.AddDate(0, -1, 0), ClosesAt: at.AddDate(0, 0, -1)},
		map[registration.Kind]*int64{registration.Onsite: &seats, registration.Remote: remote})
	if err != nil {
		t.Fatal(err)
	}
	return s, e, at
}

func guestInput(i int) registration.Input {
	return registration.Input{Name: fmt.Sprint("Nimi ", i), Email: fmt.Sprintf("nimi%d@example.org", i), Place: registration.Onsite}
}

func arrive(t *testing.T, d *db.DB, r registration.Registration) {
	t.Helper()
	if err := arrives(t.Context(), d.Write, r); err != nil {
		t.Fatal(err)
	}
}

func arrives(ctx context.Context, tx bun.IDB, r registration.Registration) error {
	_, err := tx.NewRaw("INSERT INTO check_in (registration_id, edition_id, at, person_id) VALUES (?, ?, ?, '') ON CONFLICT (registration_id) DO NOTHING", r.ID, r.EditionID, r.CreatedAt).Exec(ctx)
	return err
}

// Before the stated time the hall is full when it is full. From then on seats of
// those who are not there go to who is, never those of somebody who has come, and
// never more than there are.
func TestSeatsOfThoseWhoDoNotCome(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, e, _ := morning(t, d, "absent", 3, nil)
		var seated []registration.Registration
		for i := range 3 {
			res, err := s.Add(t.Context(), e, "o", guestInput(i))
			if err != nil {
				t.Fatal(err)
			}
			seated = append(seated, res.Registration)
		}
		arrive(t, d, seated[2])
		if err := s.Coming(t.Context(), seated[1]); err != nil {
			t.Fatal(err)
		}
		res, err := s.Seat(t.Context(), e, "door", registration.AtDoor{Input: guestInput(10)})
		if err != nil || res.Registration.State != registration.Waiting || !res.Registration.Meanwhile {
			t.Fatalf("before the time: %+v, %v", res.Registration, err)
		}
		waits := res.Registration
		// The one who never said they come goes first, then the one who did; who is there stays.
		for i, w := range []registration.AtDoor{{ID: waits.ID, Unused: true, Arrive: arrives}, {Input: guestInput(11), Unused: true, Arrive: arrives, Key: db.Key{Scope: "door", Key: "1"}}} {
			for range 2 { // pressed twice
				res, err := s.Seat(t.Context(), e, "door", w)
				if err != nil || res.Registration.State != registration.Confirmed || res.Registration.Kind != registration.Onsite {
					t.Errorf("guest %d: %+v, %v", i, res.Registration, err)
				}
			}
			r, err := s.ByID(t.Context(), seated[i].ID)
			if err != nil || r.State != registration.Confirmed || r.Kind != registration.Remote {
				t.Errorf("absent %d: %s %s, %v", i, r.State, r.Kind, err)
			}
		}
		// Everybody is there now: who comes late finds the hall full, whatever they had.
		if res, err := s.Seat(t.Context(), e, "door", registration.AtDoor{ID: seated[0].ID, Unused: true}); err != nil || res.Registration.Kind != registration.Remote {
			t.Errorf("who comes after their seat went: %+v, %v", res.Registration, err)
		}
		if res, err := s.Seat(t.Context(), e, "door", registration.AtDoor{Input: guestInput(12), Unused: true}); err != nil || res.Registration.State != registration.Waiting || res.Position != 1 {
			t.Errorf("a newcomer to a full hall: %+v, %v", res, err)
		}
		if _, err := s.Seat(t.Context(), e, "door", registration.AtDoor{Input: registration.Input{Name: "X"}}); !fail.Is(err, fail.Invalid) {
			t.Errorf("without an address: %v", err)
		}
		counted(t, s, e, 3)
		if n := letters(t, d, "seat_given"); n != 2 {
			t.Errorf("%d were told that their seat was given away", n)
		}
	})
}

// Many at the door at once get as many seats as are unused, on two nodes too.
func TestNobodyIsOversoldAtTheDoor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		none := int64(0)
		s, e, at := morning(t, d, "rush", 8, &none)
		other := registration.New(d, func() time.Time { return at }, edition.New(d, func() time.Time { return at }), []byte("secret"), "https://agora.example")
		t.Cleanup(other.Close)
		for i := range 8 {
			res, err := s.Add(t.Context(), e, "o", guestInput(i))
			if err != nil {
				t.Fatal(err)
			}
			if i < 3 {
				arrive(t, d, res.Registration)
			}
		}
		var all sync.WaitGroup
		var got atomic.Int64
		for i := range 20 {
			all.Go(func() {
				res, err := []*registration.Service{s, other}[i%2].Seat(t.Context(), e, "door", registration.AtDoor{Input: guestInput(100 + i), Unused: true, Arrive: arrives})
				if err != nil {
					t.Error(err)
				} else if res.Registration.State == registration.Confirmed {
					got.Add(1)
				}
			})
		}
		all.Wait()
		counted(t, s, e, 8)
		var seated, in int64
		if err := d.Read.NewRaw("SELECT count(*) FROM registration WHERE edition_id = ? AND state = 'confirmed' AND kind = 'onsite'", e.ID).Scan(t.Context(), &seated); err != nil {
			t.Fatal(err)
		}
		if err := d.Read.NewRaw("SELECT count(*) FROM check_in WHERE edition_id = ?", e.ID).Scan(t.Context(), &in); err != nil {
			t.Fatal(err)
		}
		if seated != 8 || in != 8 || got.Load() != 5 {
			t.Errorf("%d have one of 8 seats, %d are there, %d got one at the door; want 8, 8 and 5", seated, in, got.Load())
		}
	})
}

// counted looks that the counter says what the rows do.
func counted(t *testing.T, s *registration.Service, e edition.Edition, want int64) {
	t.Helper()
	c, err := s.Count(t.Context(), e.ID, registration.Filter{State: registration.Confirmed, Kind: registration.Onsite})
	if err != nil || c != want {
		t.Errorf("%d have a seat, want %d: %v", c, want, err)
	}
}

func letters(t *testing.T, d *db.DB, kind string) (n int64) {
	t.Helper()
	if err := d.Read.NewRaw("SELECT count(*) FROM mail WHERE kind = ?", kind).Scan(t.Context(), &n); err != nil {
		t.Fatal(err)
	}
	return n
}
