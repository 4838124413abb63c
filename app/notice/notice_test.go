package notice

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/text"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

var noon = time.Date(2027, 1, 25, 10, 0, 0, 0, time.UTC)

// desk is a service with one edition, and a clock that the test moves.
type desk struct {
	*Service
	t   *testing.T
	d   *db.DB
	e   edition.Edition
	now time.Time
}

func each(t *testing.T, test func(k *desk)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := &desk{t: t, d: d, now: noon}
		clock := func() time.Time { return k.now }
		es := edition.New(d, clock)
		series, err := es.NewSeries(t.Context(), "", edition.SeriesInput{Slug: "cmadfi", Title: text.One(text.Finnish, "CMADFI")})
		k.must(err)
		k.must(d.Tx(t.Context(), func(ctx context.Context, tx bun.Tx) (err error) {
			k.e, err = edition.Insert(ctx, tx, noon, "", series, edition.Input{Slug: "2027", Title: text.One(text.Finnish, "CMADFI 2027"), Zone: "Europe/Helsinki",
				Languages: edition.Languages{text.Finnish, text.English}, StartsAt: noon.Add(-time.Hour), EndsAt: noon.Add(6 * time.Hour),
				OpensAt: noon.AddDate(0, -1, 0), ClosesAt: noon})
			return err
		}))
		k.Service = New(d, clock)
		test(k)
	})
}

func (k *desk) must(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
}

func (k *desk) send(key, fi string, life Life) Notice {
	k.t.Helper()
	n, err := k.Send(k.t.Context(), "anna", k.e, Input{Body: text.One(text.Finnish, fi), Life: life, Key: key})
	k.must(err)
	return n
}

func (k *desk) stands(want string) {
	k.t.Helper()
	n, err := k.Standing(k.t.Context(), k.e.ID)
	k.must(err)
	if n.Body[text.Finnish] != want {
		k.t.Errorf("%q stands, want %q", n.Body[text.Finnish], want)
	}
}

func TestOneStandsAtATime(t *testing.T) {
	each(t, func(k *desk) {
		k.stands("")
		first := k.send("1", "Sali vaihtui", Open)
		k.send("1", "Sali vaihtui", Open) // pressed twice
		k.stands("Sali vaihtui")
		k.now = k.now.Add(time.Minute)
		second := k.send("2", "Lounas myöhästyy", Hour)
		k.stands("Lounas myöhästyy")
		// The first was replaced: taking it back takes nothing from the second.
		k.must(k.End(t.Context(), "anna", k.e, first.ID))
		k.stands("Lounas myöhästyy")
		k.must(k.End(t.Context(), "anna", k.e, second.ID))
		k.must(k.End(t.Context(), "anna", k.e, second.ID))
		k.stands("")
		again := k.send("2", "Lounas myöhästyy", Hour) // the form of one that was taken back
		if again.Stands(k.now) {
			t.Error("a form that is sent again brings back what was taken back")
		}
		list, err := k.List(t.Context(), k.e.ID)
		k.must(err)
		if len(list) != 2 || list[0].ID != second.ID {
			t.Errorf("listed %+v", list)
		}
		lines, err := audit.Find(t.Context(), k.d.Read, audit.Query{Edition: k.e.ID, Acts: []string{"notice."}, Limit: 9})
		k.must(err)
		var acts []string
		for _, l := range lines {
			acts = append(acts, l.Act+" "+l.Detail)
		}
		if got := strings.Join(acts, ","); got != "notice.end ,notice.send hour,notice.send open" {
			t.Errorf("logged %q", got)
		}
	})
}

func TestANoticeEndsByItself(t *testing.T) {
	each(t, func(k *desk) {
		for i, c := range []struct {
			life Life
			last time.Duration // it stands for so long, and no longer
		}{{Hour, time.Hour}, {Day, 12 * time.Hour}, {Open, 0}} {
			k.now = noon
			k.send(string(rune('a'+i)), string(c.life), c.life)
			k.now = noon.Add(c.last - time.Second)
			if c.last == 0 {
				k.now = noon.AddDate(0, 1, 0)
			}
			k.stands(string(c.life))
			if c.last > 0 {
				k.now = noon.Add(c.last)
				k.stands("")
			}
		}
	})
}

func TestEveryNodeShowsIt(t *testing.T) {
	each(t, func(k *desk) {
		other := New(k.d, func() time.Time { return k.now })
		if n, err := other.Standing(t.Context(), k.e.ID); err != nil || n.ID != "" {
			t.Fatal(n, err)
		}
		k.send("1", "Sali vaihtui", Open)
		k.now = k.now.Add(2 * fresh)
		n, err := other.Standing(t.Context(), k.e.ID)
		if err != nil || n.Body[text.Finnish] != "Sali vaihtui" {
			t.Errorf("the other node shows %+v, %v", n, err)
		}
	})
}

func TestWrongInput(t *testing.T) {
	each(t, func(k *desk) {
		for field, in := range map[string]Input{
			"body_fi": {Body: text.One(text.English, "Only in English"), Life: Hour},
			"body_en": {Body: text.Texts{text.Finnish: "Hyvä", text.English: strings.Repeat("x", TextMax+1)}, Life: Hour},
			"life":    {Body: text.One(text.Finnish, "Hyvä"), Life: "ever"},
		} {
			_, err := k.Send(t.Context(), "", k.e, in)
			if e, ok := fail.As(err); !ok || len(e.Fields) != 1 || len(e.Fields[field]) != 1 {
				t.Errorf("%s: %v", field, err)
			}
		}
		if _, err := k.Send(t.Context(), "", k.e, Input{Body: text.One(text.Finnish, "a\x00b"), Life: Hour}); !fail.Is(err, fail.Invalid) {
			t.Errorf("a NUL: %v", err)
		}
		// Swedish is no language of this edition.
		n, err := k.Send(t.Context(), "", k.e, Input{Body: text.Texts{text.Finnish: " Hyvä ", text.Swedish: "Bra"}, Life: Hour, Key: "k"})
		if err != nil || len(n.Body) != 1 || n.Body[text.Finnish] != "Hyvä" {
			t.Errorf("the control: %+v, %v", n, err)
		}
		elsewhere := k.e
		elsewhere.ID = "another"
		if err := k.End(t.Context(), "", elsewhere, n.ID); !fail.Is(err, fail.NotFound) {
			t.Errorf("taken back from another edition: %v", err)
		}
		k.must(RemoveEdition(t.Context(), k.d.Write, k.e.ID))
		if list, err := k.List(t.Context(), k.e.ID); len(list) > 0 || err != nil {
			t.Errorf("left: %v, %v", list, err)
		}
	})
}
