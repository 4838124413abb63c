package paper_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
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
