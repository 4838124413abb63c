package door_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/door"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration"
)

func seen(r registration.Registration, act door.Act, minute int) door.Scan {
	return door.Scan{ID: db.NewID(), RegistrationID: r.ID, Act: act, Means: door.ByCamera, Version: r.Version, At: noon.Add(time.Duration(minute) * time.Minute)}
}

// verdicts are what the scans of an edition came to, by id.
func verdicts(t *testing.T, d *db.DB, editionID string) map[string]door.Verdict {
	t.Helper()
	var rows []door.Scan
	if err := d.Read.NewSelect().Model(&rows).Where("edition_id = ?", editionID).Scan(t.Context()); err != nil {
		t.Fatal(err)
	}
	byID := map[string]door.Verdict{}
	for _, r := range rows {
		byID[r.ID] = r.Verdict
	}
	return byID
}

// In whatever order scans arrive, the same comes of them.
func TestScansInAnyOrderComeToTheSame(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		_, e, people := house(t, d, "order", 2)
		r, late := people[0], func() time.Time { return noon.Add(5 * time.Hour) }
		doors := door.New(d, late)
		scans := []door.Scan{seen(r, door.In, 0), seen(r, door.In, 7), seen(r, door.Undo, 10), seen(r, door.In, 20), seen(r, door.Out, 30), seen(r, door.In, 45), seen(r, door.In, 50)}
		want := []door.Verdict{door.Undone, door.Undone, door.Undone, door.Came, door.Left, door.Back, door.Again}
		sources := []door.Source{{Device: "a"}, {Device: "b"}, {Device: "a"}, {Device: "b"}, {Person: "c"}, {Device: "a"}, {Device: "b"}}
		rng := rand.New(rand.NewPCG(7, 7))
		for range 12 {
			clear(t, d)
			for _, i := range rng.Perm(len(scans)) {
				for range 1 + rng.IntN(2) { // an answer that was lost makes a device send again
					if _, err := doors.Merge(t.Context(), e, sources[i], scans[i:i+1]); err != nil {
						t.Fatal(err)
					}
				}
			}
			got := verdicts(t, d, e.ID)
			for i, scan := range scans {
				if got[scan.ID] != want[i] {
					t.Errorf("scan %d came to %q, want %q", i, got[scan.ID], want[i])
				}
			}
			p, err := doors.PresenceOf(t.Context(), r.ID, "")
			if err != nil || !p.Inside || !p.FirstAt.Equal(scans[3].At) || p.DeviceID != "b" || p.Seconds != 600 {
				t.Errorf("presence %+v, %v", p, err)
			}
			all, err := doors.All(t.Context(), e.ID)
			if err != nil || len(all) != 1 || !all[r.ID].At.Equal(scans[3].At) {
				t.Errorf("arrived %+v, %v", all, err)
			}
		}
	})
}

func clear(t *testing.T, d *db.DB) {
	t.Helper()
	for _, table := range []string{"door_scan", "presence", "check_in"} {
		if _, err := d.Write.NewRaw("DELETE FROM ?", bun.Ident(table)).Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// Four devices that were offline each scan 500 times, many of them the same people,
// and send all at once, in pieces, some of them twice. Everybody has arrived once,
// at the earliest time at which anybody saw them, and nothing is lost.
func TestFourDevicesFiveHundredScansEach(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const devices, each, guests = 4, 500, 800
		_, e, _ := house(t, d, "four", 1)
		people := crowd(t, d, e, guests)
		late := func() time.Time { return noon.Add(5 * time.Hour) }
		nodes := []*door.Service{door.New(d, late), door.New(d, late)}
		rng := rand.New(rand.NewPCG(1, 2))
		earliest := map[string]time.Time{}
		var piles [devices][]door.Scan
		for i := range piles {
			for _, k := range rng.Perm(guests)[:each] {
				scan := seen(people[k], door.In, rng.IntN(200))
				scan.At = scan.At.Add(time.Duration(rng.IntN(1e9))).Truncate(time.Microsecond)
				piles[i] = append(piles[i], scan)
				if at, known := earliest[scan.RegistrationID]; !known || scan.At.Before(at) {
					earliest[scan.RegistrationID] = scan.At
				}
			}
		}
		began := time.Now()
		var all sync.WaitGroup
		for i, pile := range piles {
			all.Go(func() {
				for piece := range slices.Chunk(pile, 100) {
					for range 2 { // the first answer was lost
						if _, err := nodes[i%2].Merge(t.Context(), e, door.Source{Device: fmt.Sprint("device ", i)}, piece); err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		all.Wait()
		t.Logf("%d scans, sent twice, merged in %v", devices*each, time.Since(began).Round(time.Millisecond))
		came, again := 0, 0
		for _, v := range verdicts(t, d, e.ID) {
			switch v {
			case door.Came:
				came++
			case door.Again:
				again++
			default:
				t.Errorf("a scan came to %q", v)
			}
		}
		if came != len(earliest) || came+again != devices*each {
			t.Errorf("%d came and %d were seen again; want %d and %d", came, again, len(earliest), devices*each-len(earliest))
		}
		in, err := nodes[0].All(t.Context(), e.ID)
		if err != nil || len(in) != len(earliest) {
			t.Fatalf("%d have arrived, want %d: %v", len(in), len(earliest), err)
		}
		for id, at := range earliest {
			if !in[id].At.Equal(at) {
				t.Errorf("%s arrived at %v, want %v", id, in[id].At, at)
			}
		}
		// A device that hears of it in two pieces and one that hears of all know the same.
		whole, half := hear(t, nodes[0], e.ID, 0), hear(t, nodes[1], e.ID, 0)
		if len(whole) != len(earliest) || !reflect.DeepEqual(whole, half) {
			t.Errorf("devices hear of %d and %d", len(whole), len(half))
		}
	})
}

// hear follows the news from a change number to the end.
func hear(t *testing.T, s *door.Service, editionID string, since int64) map[string]door.Where {
	t.Helper()
	all := map[string]door.Where{}
	for {
		news, err := s.NewsSince(t.Context(), editionID, since)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range news.Where {
			all[w.Registration+w.Session] = w
		}
		if news.Change == since {
			return all
		}
		since = news.Change
	}
}

// crowd writes many people at once.
func crowd(t *testing.T, d *db.DB, e edition.Edition, n int) (list []registration.Registration) {
	t.Helper()
	for i := range n {
		list = append(list, registration.Registration{ID: db.NewID(), EditionID: e.ID, PersonID: db.NewID(), Kind: registration.Onsite, State: registration.Confirmed,
			Code: fmt.Sprintf("C%06d", i), Version: 1, Name: fmt.Sprint("Nimi ", i), Language: "fi", Photo: registration.PhotoAsk, CreatedAt: noon, ChangedAt: noon.AddDate(0, 0, -1)})
	}
	for piece := range slices.Chunk(list, 200) {
		var rows []guest
		for _, r := range piece {
			rows = append(rows, guest{ID: r.PersonID, Email: r.PersonID + "@example.org", Language: "fi", CreatedAt: noon})
		}
		if _, err := d.Write.NewInsert().Model(&rows).Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Write.NewInsert().Model(&piece).Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return list
}

type guest struct {
	bun.BaseModel `bun:"table:person"`

	ID, Email, Name, Language string
	CreatedAt                 time.Time
}

// A ticket that changed hands or was given up before it was shown lets nobody in;
// one that was given up after its holder had come through counts.
func TestTicketsThatEndedMeanwhile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		reg, e, people := house(t, d, "ended", 4)
		doors := door.New(d, func() time.Time { return noon.Add(time.Hour) })
		before := people[0]
		if _, err := reg.HandOver(t.Context(), e, people[0], registration.Heir{Name: "Uusi", Email: "uusi@example.org"}); err != nil {
			t.Fatal(err)
		}
		for _, i := range []int{1, 2} {
			if _, err := reg.Cancel(t.Context(), e, people[i]); err != nil {
				t.Fatal(err)
			}
		}
		scans := []door.Scan{seen(before, door.In, 5), seen(people[1], door.In, 5), seen(people[2], door.In, -5), seen(people[3], door.In, 5)}
		taken, err := doors.Merge(t.Context(), e, door.Source{Device: "a"}, scans)
		if err != nil || len(taken) != 4 {
			t.Fatal(taken, err)
		}
		for i, want := range []door.Verdict{door.Outdated, door.Refused, door.Came, door.Came} {
			if taken[i].Verdict != want {
				t.Errorf("scan %d came to %q, want %q", i, taken[i].Verdict, want)
			}
		}
		in, err := doors.All(t.Context(), e.ID)
		if got := slices.Sorted(maps.Keys(in)); err != nil || len(got) != 2 || in[people[0].ID].EditionID != "" {
			t.Errorf("in are %v, %v", got, err)
		}
		alerts, err := doors.Alerts(t.Context(), e.ID)
		if err != nil || len(alerts) != 2 {
			t.Errorf("told are %+v, %v", alerts, err)
		}
		for name, bad := range map[string]door.Scan{"unknown": {ID: db.NewID(), RegistrationID: db.NewID(), Act: door.In}, "no id": {ID: "1", RegistrationID: people[3].ID, Act: door.In},
			"no act": {ID: db.NewID(), RegistrationID: people[3].ID, Act: "dance"}, "no place": {ID: db.NewID(), RegistrationID: people[3].ID, Act: door.In, SessionID: db.NewID()}} {
			if taken, err := doors.Merge(t.Context(), e, door.Source{}, []door.Scan{bad}); err != nil || len(taken) != 0 {
				t.Errorf("%s: %v %v", name, taken, err)
			}
		}
		if _, err := doors.Merge(t.Context(), e, door.Source{}, make([]door.Scan, door.MaxScans+1)); !fail.Is(err, fail.TooLarge) {
			t.Error(err)
		}
	})
}
