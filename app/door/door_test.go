package door_test

import (
	"os"
	"sync"
	"testing"
	"time"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/door"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration"
	"agora/app/text"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

var noon = time.Date(2027, 1, 25, 10, 0, 0, 0, time.UTC)

// house is an edition on its day with n people, all on site and confirmed.
func house(t *testing.T, d *db.DB, slug string, n int) (*registration.Service, edition.Edition, []registration.Registration) {
	t.Helper()
	now := func() time.Time { return noon }
	reg := registration.New(d, now, edition.New(d, now), []byte("secret"), "https://agora.example")
	t.Cleanup(reg.Close)
	series, err := edition.New(d, now).NewSeries(t.Context(), "", edition.SeriesInput{Slug: slug, Title: text.One(text.Finnish, "S")})
	if err != nil {
		t.Fatal(err)
	}
	e, err := reg.NewEdition(t.Context(), "", series, edition.Input{Slug: "2027", Title: text.One(text.Finnish, "E"), Zone: "Europe/Helsinki",
		Languages: edition.Languages{text.Finnish}, StartsAt: noon.Add(-time.Hour), EndsAt: noon.Add(6 * time.Hour),
		OpensAt: noon.AddDate(0, -1, 0), ClosesAt: noon.Add(time.Hour)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var people []registration.Registration
	for i := range n {
		res, err := reg.Add(t.Context(), e, "organiser", registration.Input{Name: "Nimi", Email: slug + string(rune('a'+i)) + "@example.org", Place: registration.Onsite})
		if err != nil {
			t.Fatal(err)
		}
		people = append(people, res.Registration)
	}
	return reg, e, people
}

func TestTheSameTicketAtTwoDoorsIsTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		_, e, people := house(t, d, "one", 1)
		doors := door.New(d, func() time.Time { return noon })
		var all sync.WaitGroup
		firsts := make(chan bool, 8)
		for range cap(firsts) {
			all.Go(func() {
				c, again, err := doors.Arrive(t.Context(), e, "door", people[0])
				if err != nil || !c.At.Equal(noon) {
					t.Error(err, c.At)
				}
				firsts <- !again
			})
		}
		all.Wait()
		close(firsts)
		n := 0
		for first := range firsts {
			if first {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d doors were told it was the first time", n)
		}
		if count, err := doors.Count(t.Context(), e.ID); err != nil || count != 1 {
			t.Errorf("%d arrived, %v", count, err)
		}
	})
}

// Who is scanned at a workshop has come, even if nobody saw them at the door, and for
// how long they were there is known when they were scanned out too.
func TestSessionsPeopleWereAt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		_, e, people := house(t, d, "sessions", 3)
		doors := door.New(d, func() time.Time { return noon.Add(3 * time.Hour) })
		session := db.NewID()
		_, err := d.Write.NewRaw(`INSERT INTO session (id, edition_id, guid, slug, title, subtitle, abstract, description, language, kind, cancelled, extra, version, created_at, changed_at)
			VALUES (?, ?, ?, 'paja', '{}', '{}', '{}', '{}', 'fi', 'workshop', FALSE, '{}', 1, ?, ?)`, session, e.ID, session, noon, noon).Exec(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		at := func(scan door.Scan) door.Scan { scan.SessionID = session; return scan }
		_, err = doors.Merge(t.Context(), e, door.Source{Device: "a"}, []door.Scan{at(seen(people[0], door.In, 0)), at(seen(people[0], door.Out, 40)),
			at(seen(people[1], door.In, 5)), seen(people[1], door.In, 9), at(seen(people[2], door.In, 5)), at(seen(people[2], door.Undo, 6))})
		if err != nil {
			t.Fatal(err)
		}
		were, err := doors.Sessions(t.Context(), e.ID)
		if err != nil || len(were) != 2 || were[people[0].ID][0].Seconds != 2400 || were[people[1].ID][0].Session != session || were[people[1].ID][0].Seconds != 0 {
			t.Errorf("were at sessions: %+v, %v", were, err)
		}
		in, err := doors.All(t.Context(), e.ID)
		if err != nil || len(in) != 2 || !in[people[1].ID].At.Equal(noon.Add(5*time.Minute)) {
			t.Errorf("have come: %+v, %v", in, err)
		}
		news, err := doors.NewsSince(t.Context(), e.ID, 0)
		if err != nil || news.Arrived != 2 || news.Inside != 1 || len(news.Where) != 4 {
			t.Errorf("news: %+v, %v", news, err)
		}
	})
}

func TestOnlyAConfirmedPlaceOfThisEditionOpensTheDoor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		reg, e, people := house(t, d, "two", 2)
		_, other, _ := house(t, d, "three", 0)
		doors := door.New(d, func() time.Time { return noon })
		if _, _, err := doors.Arrive(t.Context(), other, "door", people[0]); !fail.Is(err, fail.NotFound) {
			t.Errorf("another edition's ticket: %v", err)
		}
		// Read before, cancelled since: what is stored counts.
		if _, err := reg.Cancel(t.Context(), e, people[0]); err != nil {
			t.Fatal(err)
		}
		if _, _, err := doors.Arrive(t.Context(), e, "door", people[0]); !fail.Is(err, fail.Conflict) {
			t.Errorf("cancelled meanwhile: %v", err)
		}
		if _, again, err := doors.Arrive(t.Context(), e, "door", people[1]); err != nil || again {
			t.Errorf("the control, a good ticket: %v %v", again, err)
		}
		if err := doors.Undo(t.Context(), other, people[1].ID); err != nil {
			t.Fatal(err)
		}
		if in, err := doors.Arrived(t.Context(), people[1].ID); err != nil || !in {
			t.Errorf("another edition's door undid it: %v %v", in, err)
		}
		if err := doors.Undo(t.Context(), e, people[1].ID); err != nil {
			t.Fatal(err)
		}
		if in, err := doors.Arrived(t.Context(), people[1].ID); err != nil || in {
			t.Errorf("undone and still in: %v %v", in, err)
		}
	})
}
