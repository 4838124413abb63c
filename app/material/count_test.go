package material

import (
	"context"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/db/dbtest"
)

func TestOpeningsAreCountedTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newShop(t, d)
		ctx := t.Context()
		now := time.Date(2027, 1, 25, 21, 59, 59, 0, time.UTC) // a second before midnight there
		k.now = func() time.Time { return now }
		a, b := k.add(k.session, "a", func(*Input) {}), k.add(k.session, "b", func(*Input) {})
		gone := k.add(k.session, "pois", func(*Input) {})
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() { k.Count(k.e, a.ID) })
		}
		all.Wait()
		k.Count(k.e, gone.ID)
		if err := k.Remove(ctx, org, k.e, gone.ID); err != nil {
			t.Fatal(err)
		}
		if err := k.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Second)
		k.Count(k.e, a.ID)
		k.Count(k.e, b.ID)
		k.Close()
		k.Count(k.e, b.ID) // nobody is there to write it any more
		got, err := k.Downloads(ctx, k.e)
		if want := map[string]int64{a.ID: 21, b.ID: 1}; err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%v %v, want %v", got, err, want)
		}
		days, err := k.DownloadDays(ctx, k.e)
		if want := []Day{{"2027-01-25", 20}, {"2027-01-26", 2}}; err != nil || !reflect.DeepEqual(days, want) {
			t.Errorf("%v %v, want %v", days, err, want)
		}
		if other, err := k.Downloads(ctx, k.other); err != nil || len(other) != 0 {
			t.Errorf("another edition's: %v %v", other, err)
		}
	})
}

func TestOpeningsOutliveADatabaseThatIsAway(t *testing.T) {
	d := dbtest.OpenSQLite(t)
	k := newShop(t, d)
	m := k.add(k.session, "a", func(*Input) {})
	k.Count(k.e, m.ID)
	away, leave := context.WithCancel(t.Context())
	leave()
	if err := k.Flush(away); err == nil {
		t.Fatal("it was written by nobody")
	}
	k.Count(k.e, m.ID)
	if err := k.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err := k.Downloads(t.Context(), k.e); err != nil || got[m.ID] != 2 {
		t.Errorf("%v %v", got, err)
	}
}

func TestAPersonIsForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newShop(t, d)
		ctx := t.Context()
		m := k.add(k.session, "a", func(*Input) {})
		list, err := k.Export(ctx, "org")
		if got := list.([]Brought); err != nil || len(got) != 1 || got[0].Address != m.Slug || got[0].URL != m.URL {
			t.Errorf("%+v %v", list, err)
		}
		if list, err := k.Export(ctx, "other"); err != nil || len(list.([]Brought)) != 0 {
			t.Errorf("another person's: %+v %v", list, err)
		}
		if err := d.Tx(ctx, func(ctx context.Context, tx bun.Tx) error { return k.Erase(ctx, tx, "org") }); err != nil {
			t.Fatal(err)
		}
		if list, err := k.Export(ctx, "org"); err != nil || len(list.([]Brought)) != 0 {
			t.Errorf("after forgetting: %+v %v", list, err)
		}
		if versions, err := k.Versions(ctx, k.e, m.ID); err != nil || len(versions) != 1 || versions[0].URL != m.URL {
			t.Errorf("the material went too: %+v %v", versions, err)
		}
	})
}
