package material

import (
	"context"
	"os"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/program"
	"agora/app/text"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

var noon = time.Date(2027, 1, 25, 10, 0, 0, 0, time.UTC)

// shelf is two editions, each with a session.
type shop struct {
	*Service
	t        *testing.T
	d        *db.DB
	es       *edition.Service
	ps       *program.Service
	e, other edition.Edition
	session  program.Session
	foreign  program.Session
}

func newShop(t *testing.T, d *db.DB) *shop {
	t.Helper()
	now := func() time.Time { return noon }
	es := edition.New(d, now)
	ps := program.New(d, now, es)
	k := &shop{Service: New(d, now, es, "https://agora.example"), t: t, d: d, es: es, ps: ps}
	series, err := es.NewSeries(t.Context(), "org", edition.SeriesInput{Slug: "cmadfi", Title: text.One(text.Finnish, "CMADFI")})
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range []*edition.Edition{&k.e, &k.other} {
		err := d.Tx(t.Context(), func(ctx context.Context, tx bun.Tx) (err error) {
			*e, err = edition.Insert(ctx, tx, noon, "org", series, edition.Input{Slug: []string{"2027", "2026"}[i],
				Title: text.One(text.Finnish, "CMADFI"), Zone: "Europe/Helsinki", Languages: edition.Languages{text.Finnish},
				StartsAt: noon, EndsAt: noon.Add(8 * time.Hour), OpensAt: noon.Add(-time.Hour), ClosesAt: noon})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	k.session, k.foreign = k.newSession(k.e, "Oma"), k.newSession(k.other, "Vieras")
	return k
}

func (k *shop) newSession(e edition.Edition, title string) program.Session {
	k.t.Helper()
	x, err := k.ps.SaveSession(k.t.Context(), "org", e, "", program.SessionInput{Title: text.One(text.Finnish, title),
		Kind: program.Talk, StartsAt: noon, EndsAt: noon.Add(time.Hour)})
	if err != nil {
		k.t.Fatal(err)
	}
	return x
}

// org is the organiser of the tests.
var org = Organiser("org")

func deck(url string) Input {
	return Input{Kind: Slides, Title: text.One(text.Finnish, "Kalvot"), URL: url}
}

func problem(err error, field string) string {
	e, ok := fail.As(err)
	if !ok || len(e.Fields[field]) == 0 {
		return ""
	}
	return e.Fields[field][0].Key
}

func TestAddChangeRemove(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newShop(t, d)
		ctx := t.Context()
		a, err := k.Add(ctx, org, k.e, k.session.ID, deck("https://example.org/a.pdf"))
		if err != nil {
			t.Fatal(err)
		}
		b, err := k.Add(ctx, org, k.e, k.session.ID, Input{Kind: Recording, URL: " http://example.org/b "})
		if err != nil || b.URL != "http://example.org/b" || b.Rank <= a.Rank {
			t.Fatal(b, err)
		}
		if _, err := k.Add(ctx, org, k.e, k.session.ID, deck(a.URL)); problem(err, "url") != "material.url_twice" {
			t.Errorf("the same address twice: %v", err)
		}
		if _, err := k.Change(ctx, org, k.e, b.ID, deck(a.URL)); problem(err, "url") != "material.url_twice" {
			t.Errorf("changed into the same address: %v", err)
		}
		before, err := k.es.Find(ctx, "cmadfi", "2027")
		if err != nil {
			t.Fatal(err)
		}
		in := Input{Kind: Writeup, Title: text.Texts{text.Finnish: " Kirjoitus  puheesta ", text.Swedish: ""}, URL: "https://example.org/kirjoitus"}
		if _, err := k.Change(ctx, org, k.e, a.ID, in); err != nil {
			t.Fatal(err)
		}
		list, err := k.OfSession(ctx, k.e, k.session.ID)
		if err != nil || len(list) != 2 || list[0].Kind != Writeup || list[0].Title.String() != "Kirjoitus puheesta" || list[1].ID != b.ID {
			t.Errorf("%+v %v", list, err)
		}
		if after, err := k.es.Find(ctx, "cmadfi", "2027"); err != nil || after.Revision <= before.Revision {
			t.Error("the edition's pages do not learn of it", err)
		}
		if err := k.Remove(ctx, org, k.e, a.ID); err != nil {
			t.Fatal(err)
		}
		if err := k.Remove(ctx, org, k.e, a.ID); !fail.Is(err, fail.NotFound) {
			t.Errorf("removed twice: %v", err)
		}
		if n, err := k.Counts(ctx, k.e); err != nil || !reflect.DeepEqual(n, map[string]int{k.session.ID: 1}) {
			t.Errorf("counts %v %v", n, err)
		}
	})
}

func TestAddressesThatMayNotStandInAPage(t *testing.T) {
	for address, want := range map[string]string{
		"https://example.org/a?b=c#d":      "",
		"HTTP://example.org":               "",
		"https://äö.fi/kalvot":             "",
		"":                                 "material.source_missing",
		"javascript:alert(1)":              "material.url_web",
		" jaVascript:alert(1)":             "material.url_web",
		"java\nscript:alert(1)":            "material.url_web",
		"data:text/html,x":                 "material.url_web",
		"//example.org":                    "material.url_web",
		"example.org/a.pdf":                "material.url_web",
		"https:///a":                       "material.url_web",
		"https:example.org":                "material.url_web",
		"https://exa mple.org":             "material.url_web",
		"https://example.org/a\x00b":       "material.url_web",
		"ftp://example.org/a":              "material.url_web",
		"https://bo:salasana@example.org/": "material.url_secret",
		"https://example.org/" + strings.Repeat("a", maxURL): "field.long",
	} {
		in := deck(address)
		if got := problem(in.Check(), "url"); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
	in := Input{Kind: "file", Title: text.One(text.Finnish, "\xff"), URL: "x"}
	if err := in.Check(); problem(err, "kind") == "" || problem(err, "title") == "" || problem(err, "url") == "" {
		t.Errorf("not every problem at once: %v", err)
	}
}

func TestOtherEditionsMaterialStays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newShop(t, d)
		ctx := t.Context()
		m, err := k.Add(ctx, org, k.other, k.foreign.ID, deck("https://example.org/vieras"))
		if err != nil {
			t.Fatal(err)
		}
		_, add := k.Add(ctx, org, k.e, k.foreign.ID, deck("https://example.org/x"))
		_, change := k.Change(ctx, org, k.e, m.ID, deck("https://example.org/x"))
		for what, err := range map[string]error{"add": add, "change": change, "remove": k.Remove(ctx, org, k.e, m.ID)} {
			if !fail.Is(err, fail.NotFound) {
				t.Errorf("%s through another edition: %v", what, err)
			}
		}
		ours, err := k.OfSession(ctx, k.e, k.foreign.ID)
		all, err2 := k.OfEdition(ctx, k.e)
		counts, err3 := k.Counts(ctx, k.e)
		if err != nil || err2 != nil || err3 != nil || len(ours)+len(all)+len(counts) != 0 {
			t.Errorf("another edition's material shows: %v %v %v", ours, all, counts)
		}
		theirs, err := k.OfSession(ctx, k.other, k.foreign.ID)
		if err != nil || len(theirs) != 1 || theirs[0].URL != "https://example.org/vieras" {
			t.Errorf("it was changed: %v %v", theirs, err)
		}
	})
}

func TestPressedTwiceAddsOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newShop(t, d)
		var wg sync.WaitGroup
		var added atomic.Int64
		for range 6 {
			wg.Go(func() {
				if _, err := k.Add(t.Context(), org, k.e, k.session.ID, deck("https://example.org/a")); err == nil {
					added.Add(1)
				}
			})
		}
		wg.Wait()
		if added.Load() != 1 {
			t.Errorf("added %d times", added.Load())
		}
	})
}

func TestOneQueryHoweverMuch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newShop(t, d)
		c := &dbtest.Queries{}
		d.Read = d.Read.WithQueryHook(c)
		read := func() int64 {
			before := c.Load()
			if _, err := k.OfEdition(t.Context(), k.e); err != nil {
				t.Fatal(err)
			}
			if _, err := k.Counts(t.Context(), k.e); err != nil {
				t.Fatal(err)
			}
			return c.Load() - before
		}
		for _, title := range []string{"Yksi", "Kaksi", "Kolme"} {
			x := k.newSession(k.e, title)
			if _, err := k.Add(t.Context(), org, k.e, x.ID, deck("https://example.org/a")); err != nil {
				t.Fatal(err)
			}
			if n := read(); n != 2 {
				t.Errorf("%d queries", n)
			}
		}
	})
}
