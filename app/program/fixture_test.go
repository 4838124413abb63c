package program

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/apptest"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/program/exchange"
	"agora/app/text"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// desk is what most tests need: the service and an edition of one day.
type desk struct {
	*Service
	t  testing.TB
	d  *db.DB
	e  edition.Edition
	es *edition.Service
}

func newDesk(t testing.TB, d *db.DB) *desk {
	t.Helper()
	now := func() time.Time { return noon }
	es := edition.New(d, now)
	series, err := es.NewSeries(t.Context(), "org", edition.SeriesInput{Slug: "cmadfi", Title: text.One(text.Finnish, "CMADFI")})
	if err != nil {
		t.Fatal(err)
	}
	desk := &desk{Service: New(d, now, es), t: t, d: d, es: es}
	desk.e = desk.edition(series, "2027")
	return desk
}

func (k *desk) edition(series edition.Series, slug string) edition.Edition {
	k.t.Helper()
	in := edition.Input{Slug: slug, Title: text.One(text.Finnish, "CMADFI "+slug), Zone: "Europe/Helsinki",
		Languages: edition.Languages{text.Finnish, text.English},
		StartsAt:  at("2027-01-25 09:00"), EndsAt: at("2027-01-25 17:00"), OpensAt: noon, ClosesAt: at("2027-01-25 09:00")}
	var e edition.Edition
	err := k.d.Tx(k.t.Context(), func(ctx context.Context, tx bun.Tx) (err error) {
		e, err = edition.Insert(ctx, tx, noon, "org", series, in)
		return err
	})
	if err != nil {
		k.t.Fatal(err)
	}
	return e
}

// other is an edition of the same series with a programme of its own.
func (k *desk) other() edition.Edition {
	k.t.Helper()
	return k.edition(k.e.Series, "2026")
}

// at is a moment on the wall clock in Helsinki.
func at(s string) time.Time { return apptest.Helsinki(s) }

func (k *desk) fresh() edition.Edition {
	k.t.Helper()
	e, err := k.es.Find(k.t.Context(), k.e.Series.Slug, k.e.Slug)
	if err != nil {
		k.t.Fatal(err)
	}
	return e
}

func (k *desk) programme() *Programme {
	k.t.Helper()
	p, err := k.Programme(k.t.Context(), k.fresh())
	if err != nil {
		k.t.Fatal(err)
	}
	return p
}

func (k *desk) draft() *Programme {
	k.t.Helper()
	p, err := k.Draft(k.t.Context(), k.fresh())
	if err != nil {
		k.t.Fatal(err)
	}
	return p
}

func (k *desk) room(name string) Room {
	k.t.Helper()
	r, err := k.SaveRoom(k.t.Context(), "org", k.e, "", RoomInput{Name: text.One(text.Finnish, name)})
	if err != nil {
		k.t.Fatal(err)
	}
	return r
}

func (k *desk) session(in SessionInput) Session {
	k.t.Helper()
	x, err := k.SaveSession(k.t.Context(), "org", k.e, "", in)
	if err != nil {
		k.t.Fatal(err)
	}
	return x
}

func (k *desk) release() Release {
	k.t.Helper()
	r, err := k.Release(k.t.Context(), "org", k.e, "", nil)
	if err != nil {
		k.t.Fatal(err)
	}
	return r
}

func (k *desk) load(x exchange.Schedule, o ImportOptions) Imported {
	k.t.Helper()
	done, err := k.Import(k.t.Context(), "org", k.e, x, o)
	if err != nil {
		k.t.Fatal(err)
	}
	return done
}

// talk is a good input; the title makes its address.
func talk(title, from, to string, room Room, speakers ...string) SessionInput {
	in := SessionInput{Title: text.One(text.Finnish, title), Kind: Talk, Language: "fi", RoomID: room.ID}
	if from != "" {
		in.StartsAt, in.EndsAt = at("2027-01-25 "+from), at("2027-01-25 "+to)
	}
	for _, name := range speakers {
		in.Speakers = append(in.Speakers, SpeakerRef{Name: name})
	}
	return in
}

// problem gives the key of a field's first problem.
func problem(err error, field string) string {
	e, ok := fail.As(err)
	if !ok || len(e.Fields[field]) == 0 {
		return ""
	}
	return e.Fields[field][0].Key
}

func key(err error) string {
	if e, ok := fail.As(err); ok {
		return e.Key
	}
	return ""
}

// count counts queries of both pools.
func count(d *db.DB) *dbtest.Queries {
	c := &dbtest.Queries{}
	one := d.Read == d.Write
	d.Write = d.Write.WithQueryHook(c)
	if one {
		d.Read = d.Write
	} else {
		d.Read = d.Read.WithQueryHook(c)
	}
	return c
}

// sample opens a real file, or skips where it is not there.
func sample(t testing.TB, name string) exchange.Schedule {
	t.Helper()
	file, err := os.Open(apptest.RealFile(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	x, _, err := exchange.Read(file, name)
	if err != nil {
		t.Fatal(err)
	}
	return x
}
