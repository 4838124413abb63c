package registration

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"agora/app/edition"
)

var noon = time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)

// day is a whole edition in memory: what the database would hold between sets.
type day struct {
	*hall
	all []*Registration
}

func newDay(seats, remote int64) *day { return newDayUnder(UsualRules, seats, remote) }

func newDayUnder(rules Rules, seats, remote int64) *day {
	e := edition.Edition{Zone: "Europe/Helsinki", StartsAt: noon.AddDate(0, 2, 0), EndsAt: noon.AddDate(0, 2, 0).Add(8 * time.Hour)}
	h := newHall(e, rules, noon)
	h.places[Onsite] = &Place{Kind: Onsite, Capacity: &seats}
	h.places[Remote] = &Place{Kind: Remote}
	if remote >= 0 {
		h.places[Remote].Capacity = &remote
	}
	return &day{hall: h}
}

func (d *day) fresh(kind Kind) *Registration {
	n := fmt.Sprint(len(d.all))
	r := &Registration{ID: n, PersonID: "p" + n, Kind: kind, Version: 1}
	d.all = append(d.all, r)
	return r
}

func (d *day) come(kind Kind, meanwhile bool) (*Registration, int64) {
	r := d.fresh(kind)
	return r, d.register(r, terms{meanwhile: meanwhile})
}

func (d *day) comeAs(n int, together bool, with terms) []*Registration {
	list := make([]*Registration, n)
	for i := range list {
		list[i] = d.fresh(Onsite)
	}
	d.party(list, with, together)
	return list
}

// check compares the counters with the registrations and the rules.
func (d *day) check(t *testing.T, step string) {
	t.Helper()
	taken, waiting, held := map[Kind]int64{}, map[Kind]int64{}, map[Kind]int64{}
	used, parties := map[string]int64{}, map[string]int64{}
	for _, r := range d.all {
		switch {
		case r.Pending:
			if r.State != Waiting || r.Line != 0 {
				t.Fatalf("%s: %s is pending, %s and number %d", step, r.ID, r.State, r.Line)
			}
		case r.State == Confirmed || r.State == Offered:
			taken[r.Kind]++
		case r.State == Waiting:
			waiting[r.Kind]++
			if r.Together {
				parties[r.Party]++
			}
		}
		if (r.State == Offered) != (r.OfferUntil != nil) {
			t.Fatalf("%s: %s is %s until %v", step, r.ID, r.State, r.OfferUntil)
		}
		if r.Meanwhile {
			if r.State != Waiting && r.State != Offered || r.Kind != Onsite {
				t.Fatalf("%s: %s holds a remote place meanwhile and is %s %s", step, r.ID, r.State, r.Kind)
			}
			taken[Remote]++
		}
		if r.Live() && r.HoldID != "" {
			used[r.HoldID]++
		}
	}
	for id, h := range d.holds {
		held[h.Kind] += h.Left()
		if h.lasts(d.now) && h.Used != used[id] {
			t.Fatalf("%s: hold %s says %d of %d are used, registrations %d", step, id, h.Used, h.Seats, used[id])
		}
	}
	for kind, p := range d.places {
		if p.Taken != taken[kind] || p.Waiting != waiting[kind] || int64(len(d.line[kind])) != waiting[kind] || p.Held != held[kind] {
			t.Fatalf("%s: %s counts %d taken %d waiting %d in line %d held, rows say %d, %d and %d",
				step, kind, p.Taken, p.Waiting, len(d.line[kind]), p.Held, taken[kind], waiting[kind], held[kind])
		}
		if p.Capacity != nil && p.Taken+p.Held > *p.Capacity+p.Overbook {
			t.Fatalf("%s: %s is oversold: %d of %d", step, kind, p.Taken, *p.Capacity)
		}
		for i, r := range d.line[kind] {
			if i > 0 && d.line[kind][i-1].Line >= r.Line {
				t.Fatalf("%s: the line of %s is out of order", step, kind)
			}
			if free, unlimited := p.Free(); (unlimited || free > 0) && (!r.Together || free >= parties[r.Party]) {
				t.Fatalf("%s: %s waits for %s while %d are free", step, r.ID, kind, free)
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
	d.cancel(first, "registration_cancelled")
	d.check(t, "cancel")
	if second.State != Confirmed || second.Meanwhile || third.State != Waiting || d.places[Remote].Taken != 1 {
		t.Errorf("second %+v third %+v", second, third)
	}
	d.cancel(first, "registration_cancelled")
	d.check(t, "cancelled twice")
	if third.State != Waiting {
		t.Error("cancelling twice freed two seats")
	}
}

func TestSwitchingNeverCostsWhatYouHave(t *testing.T) {
	d := newDay(1, 1)
	seated, _ := d.come(Onsite, false)
	afar, _ := d.come(Remote, false)
	if _, err := d.switchTo(seated, Remote); err == nil || seated.State != Confirmed || seated.Kind != Onsite {
		t.Error("a seat was given up for a remote place that is not there")
	}
	position, err := d.switchTo(afar, Onsite)
	if err != nil || position != 1 || !afar.Meanwhile || afar.State != Waiting {
		t.Errorf("position %d, %v, %+v", position, err, afar)
	}
	d.check(t, "remote to a full hall")
	if _, err := d.switchTo(afar, Remote); err != nil || afar.State != Confirmed || afar.Kind != Remote || afar.Meanwhile {
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
	if err := d.resize(Onsite, size{Capacity: &one}); err == nil {
		t.Error("capacity went below what is taken")
	}
	if err := d.resize(Onsite, size{Capacity: &four}); err != nil || d.places[Onsite].Taken != 4 || d.places[Onsite].Waiting != 1 {
		t.Errorf("%v %+v", err, d.places[Onsite])
	}
	d.check(t, "grown")
	if err := d.resize(Onsite, size{}); err != nil || d.places[Onsite].Waiting != 0 {
		t.Errorf("unlimited: %v %+v", err, d.places[Onsite])
	}
	d.check(t, "unlimited")
}

// Whatever people and organisers do in whatever order, the counters equal the
// registrations, nobody is oversold, and nobody waits for a place that is free
// and large enough.
func TestAnyOrderOfActsKeepsTheRules(t *testing.T) {
	seen := map[string]int{}
	for seed := range uint64(400) {
		rng := rand.New(rand.NewPCG(seed, 7))
		rules := UsualRules
		rules.Approval = seed%5 == 4
		if seed%2 == 1 {
			rules.Promotion = ByOffer
		}
		d := newDayUnder(rules, int64(rng.IntN(6)), int64(rng.IntN(8)-1))
		for step := range 100 {
			what := d.stumble(rng)
			seen[what]++
			d.check(t, fmt.Sprintf("seed %d step %d: %s", seed, step, what))
		}
		for _, r := range d.all {
			seen[string(r.State)]++
		}
	}
	// An act that never happened would have been tried by nobody.
	for _, what := range []string{"come", "party", "cancel", "switch", "accept", "decline", "lapse", "approve", "hand over", "resize", "keep", "release",
		"confirmed", "waiting", "offered", "cancelled"} {
		if seen[what] < 100 {
			t.Errorf("%q happened only %d times", what, seen[what])
		}
	}
}

// stumble does one act at random and says which.
func (d *day) stumble(rng *rand.Rand) string {
	kind, hold := Kinds[rng.IntN(2)], d.anyHold(rng)
	if len(d.all) == 0 || rng.IntN(3) == 0 {
		d.register(d.fresh(kind), terms{meanwhile: rng.IntN(2) == 0, hold: hold, free: rng.IntN(4) == 0})
		return "come"
	}
	r := d.all[rng.IntN(len(d.all))]
	switch rng.IntN(14) {
	case 0:
		d.comeAs(2+rng.IntN(3), rng.IntN(2) == 0, terms{meanwhile: rng.IntN(2) == 0, hold: hold})
		return "party"
	case 1, 2:
		d.cancel(r, "registration_cancelled")
		return "cancel"
	case 3, 4:
		_, _ = d.switchTo(r, kind)
		return "switch"
	case 5, 6:
		_ = d.accept(r)
		return "accept"
	case 7:
		_ = d.decline(r)
		return "decline"
	case 8:
		d.now = d.now.Add(20 * time.Hour)
		for _, r := range d.all {
			d.lapse(r)
		}
		return "lapse"
	case 9:
		d.approve(r)
		return "approve"
	case 10:
		_ = d.handOver(r, heir{PersonID: fmt.Sprint("heir", len(d.news)), Name: "Heir", Code: "CODE"})
		return "hand over"
	case 11:
		capacity := int64(rng.IntN(12))
		_ = d.resize(kind, size{Capacity: &capacity, Overbook: int64(rng.IntN(3))})
		return "resize"
	case 12:
		h := &Hold{ID: fmt.Sprint("h", len(d.holds)), Kind: kind, Seats: int64(1 + rng.IntN(3))}
		if at := d.now.Add(100 * time.Hour); rng.IntN(2) == 0 {
			h.ReleaseAt = &at
		}
		_ = d.keep(h)
		return "keep"
	}
	if hold != nil {
		d.letGo(hold)
	}
	return "release"
}

// anyHold is one of the holds, or none.
func (d *day) anyHold(rng *rand.Rand) *Hold {
	if n := rng.IntN(len(d.holds) + 2); n < len(d.holds) {
		return d.holds[fmt.Sprint("h", n)]
	}
	return nil
}
