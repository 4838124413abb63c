package workshop

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration"
	"agora/app/text"
)

// day is a whole edition in memory, every sign-up and every line of it: what
// the database would hold.
type day struct {
	*turn
	rng *rand.Rand
	ids []string // of workshops
	who []string // of registrations
}

// newDay makes workshops of few places, some at one time, and people of both kinds.
func newDay(rng *rand.Rand) *day {
	e := edition.Edition{ID: "e", StartsAt: at("09:00"), EndsAt: at("17:00"), Zone: "Europe/Helsinki"}
	d := &day{turn: (&Service{}).turn(nil, e, noon), rng: rng}
	d.keys = map[db.Key]db.Stored{}
	for i := range 6 {
		w := &Workshop{ID: fmt.Sprint("w", i), EditionID: "e", Capacity: of(int64(1 + rng.IntN(4)))}
		switch {
		case i < 4:
			w.SessionID = &w.ID
			w.StartsAt = at(fmt.Sprintf("%02d:00", 10+rng.IntN(4)))
			w.EndsAt = at(fmt.Sprintf("%02d:30", w.StartsAt.In(e.Location()).Hour()+rng.IntN(2)))
			w.Audience = []registration.Kind{"", "", registration.Onsite, registration.Remote}[rng.IntN(4)]
		default:
			w.Title = text.One(text.Finnish, w.ID)
		}
		d.board.workshops[w.ID] = w
		d.board.lines[w.ID] = &line{}
		d.ids = append(d.ids, w.ID)
	}
	for i := range 14 {
		id := fmt.Sprint("r", i)
		d.regs[id] = &registration.Registration{ID: id, EditionID: "e", State: registration.Confirmed, Kind: registration.Kinds[min(rng.IntN(3), 1)]}
		d.who = append(d.who, id)
	}
	return d
}

// step is one thing that happens: an act, or moves of registrations.
type step struct {
	act   *act
	moves []registration.Move
}

// next invents a step.
func (d *day) next() step {
	r, w := d.regs[d.who[d.rng.IntN(len(d.who))]], d.board.workshops[d.ids[d.rng.IntN(len(d.ids))]]
	a := &act{edition: d.board.edition, workshop: w.ID, who: *r}
	switch n := d.rng.IntN(24); {
	case n < 14:
		a.wish = signUp
	case n < 19:
		a.wish = leave
	case n < 22:
		a.wish, a.by, a.who = change, "org", registration.Registration{}
		a.in = Input{Title: w.Title, Audience: w.Audience, Capacity: of(int64(1 + d.rng.IntN(5)))}
		if d.rng.IntN(8) == 0 {
			a.in.Capacity = nil
		}
		if d.rng.IntN(4) == 0 && !w.Table() {
			a.in.Audience = registration.Kinds[d.rng.IntN(2)]
		}
	default:
		var moves []registration.Move
		for _, id := range []string{r.ID, d.who[d.rng.IntN(len(d.who))]} {
			one := *d.regs[id]
			switch {
			case len(moves) > 0 && moves[0].Registration.ID == id:
				continue
			case d.rng.IntN(3) == 0:
				moves = append(moves, left(one))
				continue
			case d.rng.IntN(3) == 0:
				one.State = registration.Confirmed // came again
			}
			one.Kind = registration.Kinds[d.rng.IntN(2)]
			moves = append(moves, registration.Move{Registration: one})
		}
		return step{moves: moves}
	}
	return step{act: a}
}

// take carries a step out in memory.
func (d *day) take(s step) (Result, error) {
	if s.act != nil {
		return d.decide(s.act)
	}
	for _, m := range s.moves {
		d.regs[m.Registration.ID] = &m.Registration
	}
	d.board.follow(s.moves)
	return Result{}, nil
}

// faults gives what is wrong after a step; before are the lines as they were.
func (d *day) faults(before map[string][]*SignUp) (faults []string) {
	say := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	for _, id := range d.ids {
		w, wait := d.board.workshops[id], d.board.lines[id].wait
		taken, waiting := int64(0), int64(0)
		for _, s := range d.board.signedUp(id) {
			kind, attends := d.regs[s.RegistrationID].Attends()
			switch {
			case !attends || !w.Fits(kind):
				say("%s: %s does not belong there", id, s.RegistrationID)
			case s.State == Waiting:
				waiting++
			default:
				taken++
			}
		}
		n, unlimited := w.Free()
		switch {
		case w.Taken != taken || w.Waiting != waiting || int64(len(wait)) != waiting:
			say("%s counts %d taken %d waiting %d in line, rows say %d and %d", id, w.Taken, w.Waiting, len(wait), taken, waiting)
		case w.Capacity != nil && w.Taken > *w.Capacity:
			say("%s is oversold: %d of %d", id, w.Taken, *w.Capacity)
		case w.Waiting > 0 && (n > 0 || unlimited):
			say("%s: %d wait while %d are free", id, w.Waiting, n)
		case !slices.IsSortedFunc(wait, func(a, b *SignUp) int { return int(a.Line - b.Line) }):
			say("%s: the line is out of order", id)
		}
		// Of those who waited and did not leave, the promoted are the first.
		still := false
		for _, s := range before[id] {
			switch s.State {
			case Waiting:
				still = true
			case Confirmed:
				if still {
					say("%s: %s was promoted out of order", id, s.RegistrationID)
				}
			}
		}
	}
	for who, ups := range d.board.of {
		for i, a := range ups {
			for _, b := range ups[i+1:] {
				x, y := d.board.workshops[a.WorkshopID], d.board.workshops[b.WorkshopID]
				if x == y || x.overlaps(*y) || x.Table() && y.Table() {
					say("%s is at %s and %s", who, x.ID, y.ID)
				}
			}
		}
	}
	return faults
}

func (d *day) waiting() map[string][]*SignUp {
	lines := map[string][]*SignUp{}
	for id, l := range d.board.lines {
		lines[id] = slices.Clone(l.wait)
	}
	return lines
}

// In 300 random histories the rules hold after every step.
func TestRandomHistories(t *testing.T) {
	promotions, refusals := 0, map[string]int{}
	for seed := range uint64(300) {
		d := newDay(rand.New(rand.NewPCG(seed, 1)))
		for n := range 80 {
			before, s := d.waiting(), d.next()
			_, err := d.take(s)
			if e, ok := fail.As(err); ok {
				refusals[e.Key]++
			}
			if faults := d.faults(before); faults != nil {
				t.Fatalf("seed %d step %d %+v: %q", seed, n, s, faults)
			}
		}
		for _, n := range d.board.news {
			if n.kind == promoted {
				promotions++
			}
		}
	}
	// A history in which nothing happens would prove nothing.
	for _, key := range []string{"workshop.clash", "workshop.one_table", "workshop.not_attending", "workshop.only_remote", "workshop.only_onsite", "fail.invalid"} {
		if refusals[key] < 100 {
			t.Errorf("%s was met %d times", key, refusals[key])
		}
	}
	if promotions < 500 {
		t.Errorf("only %d promotions", promotions)
	}
}

// A board that breaks a rule is noticed.
func TestHistoriesNoticeFaults(t *testing.T) {
	for name, spoil := range map[string]func(d *day, w *Workshop){
		"oversold": func(_ *day, w *Workshop) { w.Capacity = of(0) },
		"counts":   func(_ *day, w *Workshop) { w.Waiting++ },
		"free":     func(_ *day, w *Workshop) { w.Capacity = nil },
		"order":    func(d *day, w *Workshop) { slices.Reverse(d.board.lines[w.ID].wait) },
		"promoted": func(d *day, w *Workshop) {
			l := d.board.lines[w.ID]
			last := l.wait[1]
			l.wait, last.State = l.wait[:1], Confirmed
			w.Waiting, w.Taken, *w.Capacity = w.Waiting-1, w.Taken+1, *w.Capacity+1
		},
	} {
		d := newDay(rand.New(rand.NewPCG(1, 1)))
		w := d.board.workshops["w5"]
		w.Capacity = of(1)
		for i := range 3 {
			if _, err := d.board.signUp(*d.regs[d.who[i]], w); err != nil {
				t.Fatal(err)
			}
		}
		before := d.waiting()
		if faults := d.faults(before); faults != nil {
			t.Fatalf("sound, yet %q", faults)
		}
		spoil(d, w)
		if d.faults(before) == nil {
			t.Errorf("%s was not noticed", name)
		}
	}
}
