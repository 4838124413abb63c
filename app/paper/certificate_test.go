package paper_test

import (
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/door"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/paper"
	"agora/app/registration"
	"agora/app/text"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

var noon = time.Date(2027, 1, 25, 10, 0, 0, 0, time.UTC)

func now() time.Time { return noon }

// day is an edition with people who are confirmed.
func day(t *testing.T, d *db.DB, people int) (edition.Edition, []registration.Registration) {
	t.Helper()
	editions := edition.New(d, now)
	regs := registration.New(d, now, editions, []byte("secret"), "https://agora.example")
	t.Cleanup(regs.Close)
	series, err := editions.NewSeries(t.Context(), "", edition.SeriesInput{Slug: "s", Title: text.One(text.English, "S")})
	if err != nil {
		t.Fatal(err)
	}
	e, err := regs.NewEdition(t.Context(), "", series, edition.Input{
		Slug: "1", Title: text.One(text.English, "S 1"), Zone: "UTC", Languages: edition.Languages{text.English},
		StartsAt: noon.Add(-time.Hour), EndsAt: noon.Add(time.Hour), OpensAt: noon.Add(-2 * time.Hour), ClosesAt: noon.Add(time.Hour),
	}, map[registration.Kind]*int64{})
	if err != nil {
		t.Fatal(err)
	}
	list := make([]registration.Registration, people)
	for i := range list {
		in := registration.Input{Name: fmt.Sprintf("Vieras %d", i), Email: fmt.Sprintf("v%d@example.org", i), Place: registration.Onsite}
		res, err := regs.Register(t.Context(), e, in, db.Key{})
		if err != nil {
			t.Fatal(err)
		}
		list[i] = res.Registration
	}
	return e, list
}

// Everybody fetches their certificate at the same moment: each gets one, and
// the numbers have neither gap nor double.
func TestCertificatesFetchedAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		e, people := day(t, d, 24)
		at, s := door.New(d, now), paper.New(d, now, nil)
		numbers := make([]int64, 2*len(people))
		var all sync.WaitGroup
		for i, r := range people {
			if _, _, err := at.Arrive(t.Context(), e, "", r); err != nil {
				t.Fatal(err)
			}
			for twice := range 2 {
				all.Go(func() {
					given, err := s.Issue(t.Context(), e, []registration.Registration{r})
					if err != nil {
						t.Error(err)
					}
					numbers[2*i+twice] = given[r.ID].Number
				})
			}
		}
		all.Wait()
		seen := map[int64]bool{}
		for i := range people {
			n := numbers[2*i]
			if n != numbers[2*i+1] || n < 1 || n > int64(len(people)) || seen[n] {
				t.Errorf("%s has the numbers %d and %d", people[i].Name, n, numbers[2*i+1])
			}
			seen[n] = true
		}
	})
}

// A certificate proves that somebody was let in: without that there is none,
// and it ends when the check-in is taken back.
func TestCertificatesAreOfThoseWhoArrived(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		e, people := day(t, d, 2)
		at, s := door.New(d, now), paper.New(d, now, nil)
		there, absent := people[0], people[1]
		if _, again, err := at.Arrive(t.Context(), e, "", there); again || err != nil {
			t.Fatal(again, err)
		}
		if c, again, err := at.Arrive(t.Context(), e, "", there); !again || !c.At.Equal(noon) || err != nil {
			t.Errorf("a second time: %v %v %v", c, again, err)
		}
		if _, _, err := at.Arrive(t.Context(), edition.Edition{ID: "other"}, "", absent); !fail.Is(err, fail.NotFound) {
			t.Errorf("another edition's door: %v", err)
		}
		given, err := s.Issue(t.Context(), e, people)
		if err != nil || len(given) != 1 || given[there.ID].Number != 1 {
			t.Fatalf("%v %+v", err, given)
		}
		code := given[there.ID].Code
		if proof, err := s.Verify(t.Context(), " "+code); err != nil || proof.Name != there.Name {
			t.Errorf("%v %+v", err, proof)
		}
		if err := at.Undo(t.Context(), e, there.ID); err != nil {
			t.Fatal(err)
		}
		if given, err = s.Issue(t.Context(), e, people); err != nil || len(given) != 0 {
			t.Errorf("%v %+v", err, given)
		}
		if _, err := s.Verify(t.Context(), code); !fail.Is(err, fail.NotFound) {
			t.Errorf("a check-in taken back still proves: %v", err)
		}
	})
}
