package registration

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)

// day is a whole edition in memory: what the database would hold between sets.
type day struct {
	*hall
	all []*Registration
}

func newDay(seats, remote int64) *day {
	h := newHall()
	h.places[Onsite] = &Place{Kind: Onsite, Capacity: &seats}
	h.places[Remote] = &Place{Kind: Remote}
	if remote >= 0 {
		h.places[Remote].Capacity = &remote
	}
	return &day{hall: h}
}

func (d *day) come(kind Kind, meanwhile bool) (*Registration, int64) {
	n := fmt.Sprint(len(d.all))
	r := &Registration{ID: n, PersonID: "p" + n, Kind: kind}
	d.all = append(d.all, r)
	return r, d.register(r, meanwhile)
}

// check compares the counters with the registrations and the rules.
func (d *day) check(t *testing.T, step string) {
	t.Helper()
	taken, waiting := map[Kind]int64{}, map[Kind]int64{}
	for _, r := range d.all {
		switch {
		case r.State == Confirmed:
			taken[r.Kind]++
		case r.State == Waiting:
			waiting[r.Kind]++
		}
		if r.Meanwhile {
			if r.State != Waiting || r.Kind != Onsite {
				t.Fatalf("%s: %s holds a remote place meanwhile and is %s %s", step, r.ID, r.State, r.Kind)
			}
			taken[Remote]++
		}
	}
	for kind, p := range d.places {
		if p.Taken != taken[kind] || p.Waiting != waiting[kind] || int64(len(d.line[kind])) != waiting[kind] {
			t.Fatalf("%s: %s counts %d taken %d waiting %d in line, rows say %d and %d",
				step, kind, p.Taken, p.Waiting, len(d.line[kind]), taken[kind], waiting[kind])
		}
		if p.Capacity != nil && p.Taken+p.Held > *p.Capacity+p.Overbook {
			t.Fatalf("%s: %s is oversold: %d of %d", step, kind, p.Taken, *p.Capacity)
		}
		if free, unlimited := p.Free(); (free > 0 || unlimited) && p.Waiting > 0 {
			t.Fatalf("%s: %d wait for %s while %d are free", step, p.Waiting, kind, free)
		}
		for i := 1; i < len(d.line[kind]); i++ {
			if d.line[kind][i-1].Line >= d.line[kind][i].Line {
				t.Fatalf("%s: the line of %s is out of order", step, kind)
			}
		}
	}
}

func TestFullHallGivesPositionsWithoutGap(t *testing.T) {
	d := newDay(3, -1)
	for i := range 10 {
		r, position := d.come(Onsite, false)
		if want := max(0, int64(i-2)); position != want {
			t.Errorf("number %d was given position %d, want %d (%s)", i, position, want, r.State)
		}
		d.check(t, "coming")
	}
}

func TestCancellingPromotesTheFirstAndFreesTheRemotePlace(t *testing.T) {
	d := newDay(1, 5)
	first, _ := d.come(Onsite, false)
	second, _ := d.come(Onsite, true)
	third, _ := d.come(Onsite, true)
	if !second.Meanwhile || d.places[Remote].Taken != 2 {
		t.Fatal("who waits may hold a remote place")
	}
	d.cancel(first, noon)
	d.check(t, "cancel")
	if second.State != Confirmed || second.Meanwhile || third.State != Waiting || d.places[Remote].Taken != 1 {
		t.Errorf("second %+v third %+v", second, third)
	}
	d.cancel(first, noon)
	d.check(t, "cancelled twice")
	if third.State != Waiting {
		t.Error("cancelling twice freed two seats")
	}
}

func TestSwitchingNeverCostsWhatYouHave(t *testing.T) {
	d := newDay(1, 1)
	seated, _ := d.come(Onsite, false)
	afar, _ := d.come(Remote, false)
	if _, err := d.switchTo(seated, Remote, noon); err == nil || seated.State != Confirmed || seated.Kind != Onsite {
		t.Error("a seat was given up for a remote place that is not there")
	}
	position, err := d.switchTo(afar, Onsite, noon)
	if err != nil || position != 1 || !afar.Meanwhile || afar.State != Waiting {
		t.Errorf("position %d, %v, %+v", position, err, afar)
	}
	d.check(t, "remote to a full hall")
	if _, err := d.switchTo(afar, Remote, noon); err != nil || afar.State != Confirmed || afar.Kind != Remote || afar.Meanwhile {
		t.Errorf("back again: %v %+v", err, afar)
	}
	d.check(t, "and back")
}

func TestCapacityNeverGoesBelowWhatIsTaken(t *testing.T) {
	d := newDay(2, -1)
	for range 5 {
		d.come(Onsite, false)
	}
	one, four := int64(1), int64(4)
	if err := d.resize(Onsite, &one, noon); err == nil {
		t.Error("capacity went below what is taken")
	}
	if err := d.resize(Onsite, &four, noon); err != nil || d.places[Onsite].Taken != 4 || d.places[Onsite].Waiting != 1 {
		t.Errorf("%v %+v", err, d.places[Onsite])
	}
	d.check(t, "grown")
	if err := d.resize(Onsite, nil, noon); err != nil || d.places[Onsite].Waiting != 0 {
		t.Errorf("unlimited: %v %+v", err, d.places[Onsite])
	}
	d.check(t, "unlimited")
}

// Whatever people do in whatever order, the counters equal the registrations,
// nobody is oversold and nobody waits for a place that is free.
func TestAnyOrderOfActsKeepsTheRules(t *testing.T) {
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 7))
		d := newDay(int64(rng.IntN(6)), int64(rng.IntN(8)-1))
		for step := range 80 {
			name := fmt.Sprintf("seed %d step %d", seed, step)
			kind := Kinds[rng.IntN(2)]
			switch n := rng.IntN(10); {
			case n < 5 || len(d.all) == 0:
				d.come(kind, rng.IntN(2) == 0)
			case n < 7:
				d.cancel(d.all[rng.IntN(len(d.all))], noon)
			case n < 9:
				_, _ = d.switchTo(d.all[rng.IntN(len(d.all))], kind, noon)
			default:
				capacity := int64(rng.IntN(12))
				_ = d.resize(kind, &capacity, noon)
			}
			d.check(t, name)
		}
	}
}
