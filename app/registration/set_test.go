package registration

import (
	"context"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/text"
)

// Who cancels and comes again is decided in one set like anybody else.
func TestCancelledAndComeAgainInOneSet(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now := func() time.Time { return noon }
		editions := edition.New(d, now)
		s := New(d, now, editions, []byte("secret"), "https://agora.example")
		t.Cleanup(s.Close)
		series, err := editions.NewSeries(t.Context(), "", edition.SeriesInput{Slug: "s", Title: text.One(text.English, "S")})
		if err != nil {
			t.Fatal(err)
		}
		seats := int64(5)
		e, err := s.NewEdition(t.Context(), "", series, edition.Input{
			Slug: "1", Title: text.One(text.English, "S 1"), Zone: "UTC", Languages: edition.Languages{text.English},
			StartsAt: noon.Add(48 * time.Hour), EndsAt: noon.Add(50 * time.Hour), OpensAt: noon, ClosesAt: noon.Add(time.Hour),
		}, map[Kind]*int64{Onsite: &seats, Remote: nil})
		if err != nil {
			t.Fatal(err)
		}
		in := Input{Name: "Somebody", Email: "somebody@example.org", Place: Onsite, Photo: PhotoAsk, Language: text.English}
		first, err := s.Register(t.Context(), e, in, db.Key{})
		if err != nil {
			t.Fatal(err)
		}
		var outs []db.Outcome[Result]
		err = d.Tx(t.Context(), func(ctx context.Context, tx bun.Tx) error {
			leaving := s.onOne(e, first.Registration, func(h *hall, r *Registration) (int64, error) { h.cancel(r, "registration_cancelled"); return 0, nil })
			outs, err = s.set(ctx, tx, []act{leaving, s.coming(e, "", db.Key{}, false, in)})
			return err
		})
		if err != nil || outs[0].Err != nil || outs[1].Err != nil || outs[1].Value.Registration.State != Confirmed {
			t.Errorf("%v %+v", err, outs)
		}
	})
}
