package paper_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/paper"
	"agora/app/registration"
	"agora/app/text"
)

func TestOwnDesignsAreKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		e, _ := day(t, d, 0)
		s := paper.New(d, now, nil)
		mine := paper.A7()
		mine.Name = "  Meidän oma "
		saved, err := s.SaveDesign(t.Context(), "o", e, "", 0, mine)
		if err != nil || saved.Name != "Meidän oma" || saved.Version != 1 {
			t.Fatalf("%+v %v", saved, err)
		}
		mine.Columns = 1
		mine.Name = "Toinen nimi"
		second, err := s.SaveDesign(t.Context(), "o", e, saved.ID, saved.Version, mine)
		if err != nil || second.Version != 2 {
			t.Fatalf("%+v %v", second, err)
		}
		if _, err := s.SaveDesign(t.Context(), "p", e, saved.ID, saved.Version, mine); !fail.Is(err, fail.Conflict) {
			t.Errorf("an older version overwrites: %v", err)
		}
		got, err := s.Design(t.Context(), e.SeriesID, saved.ID)
		if err != nil || got.Name != "Toinen nimi" || len(got.Elements) != len(mine.Elements) {
			t.Errorf("%+v %v", got, err)
		}
		if _, err := s.Design(t.Context(), "another series", saved.ID); !fail.Is(err, fail.NotFound) {
			t.Errorf("another series: %v", err)
		}
		bad := mine
		bad.Rows = 0
		var fault *paper.Fault
		if _, err := s.SaveDesign(t.Context(), "o", e, saved.ID, 2, bad); !errors.As(err, &fault) {
			t.Errorf("a bad one: %v", err)
		}
		bad.Name = " "
		if _, err := s.SaveDesign(t.Context(), "o", e, "", 0, bad); !fail.Is(err, fail.Invalid) {
			t.Errorf("one without a name: %v", err)
		}

		if ref, err := s.Chosen(t.Context(), e.ID); err != nil || ref != "a6" {
			t.Errorf("at first: %q %v", ref, err)
		}
		if err := s.Choose(t.Context(), "o", e, saved.ID); err != nil {
			t.Fatal(err)
		}
		if err := s.Choose(t.Context(), "o", e, "nothing"); !fail.Is(err, fail.NotFound) {
			t.Errorf("an unknown one: %v", err)
		}
		if ref, _ := s.Chosen(t.Context(), e.ID); ref != saved.ID {
			t.Errorf("chosen: %q", ref)
		}
		if err := s.RemoveDesign(t.Context(), "o", e, saved.ID); err != nil {
			t.Fatal(err)
		}
		if ref, _ := s.Chosen(t.Context(), e.ID); ref != "a6" {
			t.Errorf("after it was removed: %q", ref)
		}
		if err := s.RemoveDesign(t.Context(), "o", e, saved.ID); !fail.Is(err, fail.NotFound) {
			t.Errorf("removed twice: %v", err)
		}
		if list, err := s.OwnDesigns(t.Context(), e.SeriesID); err != nil || len(list) != 0 {
			t.Errorf("%v %v", list, err)
		}
	})
}

func TestPrintsAreRemembered(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		e, people := day(t, d, 3)
		s := paper.New(d, now, nil)
		if err := s.Printed(t.Context(), e.ID, map[string]string{people[0].ID: "one", people[1].ID: "two", "gone": "three"}); err != nil {
			t.Fatal(err)
		}
		if err := s.Printed(t.Context(), e.ID, map[string]string{people[0].ID: "changed"}); err != nil {
			t.Fatal(err)
		}
		prints, err := s.Prints(t.Context(), e.ID)
		if err != nil || len(prints) != 2 || prints[people[0].ID].Digest != "changed" || !prints[people[1].ID].At.Equal(noon) {
			t.Errorf("%+v %v", prints, err)
		}
		if n, err := s.Unprinted(t.Context(), e.ID, []string{people[1].ID, people[2].ID}); err != nil || n != 1 {
			t.Errorf("%d %v", n, err)
		}
		err = d.Tx(t.Context(), func(ctx context.Context, tx bun.Tx) error { return s.EraseBadges(ctx, tx, people[0].PersonID) })
		if prints, _ := s.Prints(t.Context(), e.ID); err != nil || len(prints) != 0 {
			t.Errorf("after erasing: %+v %v", prints, err)
		}
		if err := d.Tx(t.Context(), func(ctx context.Context, tx bun.Tx) error { return paper.RemoveEdition(ctx, tx, e.ID) }); err != nil {
			t.Error(err)
		}
	})
}

// Who was confirmed in an earlier edition comes again; where there was none, nobody is marked.
func TestWhoComesForTheFirstTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		first, people := day(t, d, 2)
		s := paper.New(d, now, nil)
		if before, any, err := s.Returning(t.Context(), first.ID); err != nil || any || len(before) != 0 {
			t.Errorf("the first edition: %v %v %v", before, any, err)
		}
		regs := registration.New(d, now, edition.New(d, now), []byte("secret"), "https://agora.example")
		t.Cleanup(regs.Close)
		next, err := regs.NewEdition(t.Context(), "", first.Series, edition.Input{
			Slug: "2", Title: text.One(text.English, "S 2"), Zone: "UTC", Languages: edition.Languages{text.English},
			StartsAt: noon.Add(24 * time.Hour), EndsAt: noon.Add(30 * time.Hour), OpensAt: noon.Add(-2 * time.Hour), ClosesAt: noon.Add(20 * time.Hour),
		}, map[registration.Kind]*int64{})
		if err != nil {
			t.Fatal(err)
		}
		for _, email := range []string{people[1].Email, "new@example.org"} {
			if _, err := regs.Register(t.Context(), next, registration.Input{Name: "N", Email: email, Place: registration.Onsite}, db.Key{}); err != nil {
				t.Fatal(err)
			}
		}
		before, any, err := s.Returning(t.Context(), next.ID)
		if err != nil || !any || len(before) != 1 || !before[people[1].PersonID] {
			t.Errorf("the next: %v %v %v", before, any, err)
		}
	})
}
