package registration

import (
	"context"
	"encoding/json"
	"maps"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/fail"
)

const maxCapacity = 1_000_000 // beyond any hall; keeps sums far from overflow

// CheckCapacity gives the problems of capacities as numbers; nil is unlimited.
func CheckCapacity(capacity map[Kind]*int64) error {
	f := fail.Fields{}
	for kind, n := range capacity {
		if n != nil && (*n < 0 || *n > maxCapacity) {
			f.Add("capacity_"+string(kind), "registration.capacity_form", "max", maxCapacity)
		}
	}
	return f.Err()
}

// NewEdition makes an edition together with its places, or neither.
func (s *Service) NewEdition(ctx context.Context, by string, series edition.Series, in edition.Input, capacity map[Kind]*int64) (edition.Edition, error) {
	if err := CheckCapacity(capacity); err != nil {
		return edition.Edition{}, err
	}
	var e edition.Edition
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		var err error
		if e, err = edition.Insert(ctx, tx, s.now(), by, series, in); err != nil {
			return err
		}
		rows := make([]Place, len(Kinds))
		for i, kind := range Kinds {
			rows[i] = Place{EditionID: e.ID, Kind: kind, Capacity: capacity[kind]}
		}
		_, err = tx.NewInsert().Model(&rows).Exec(ctx)
		return err
	})
	s.editions.Forget()
	return e, err
}

// Sizes are what an organiser sets of each kind of place that is named. What is
// not named stays.
type Sizes struct {
	Capacity map[Kind]*int64 // nil is unlimited
	Overbook map[Kind]int64
}

// Check gives the problems of the sizes as numbers.
func (z Sizes) Check() error {
	f := fail.Fields{}
	if e, bad := fail.As(CheckCapacity(z.Capacity)); bad {
		maps.Copy(f, e.Fields)
	}
	for kind, n := range z.Overbook {
		if n < 0 || n > maxCapacity {
			f.Add("overbook_"+string(kind), "registration.capacity_form", "max", maxCapacity)
		}
	}
	return f.Err()
}

// Resize sets capacities and overbooking. Invalid, with the number, when that
// would be less than what is taken or held back; nothing is changed then.
func (s *Service) Resize(ctx context.Context, e edition.Edition, by string, sizes Sizes) error {
	if err := sizes.Check(); err != nil {
		return err
	}
	a := act{edition: e, at: s.now(), by: by, grows: true}
	a.decide = func(t *turn, a *act) (Result, error) { return Result{}, t.resize(a, sizes) }
	_, err := s.group.Do(ctx, a)
	return err
}

// Settings changes an edition and the capacities that are named together, or
// neither.
func (s *Service) Settings(ctx context.Context, e edition.Edition, by string, in edition.Input, capacity map[Kind]*int64) error {
	in.Slug = e.Slug
	problems := fail.Fields{}
	for _, err := range []error{in.Check(), CheckCapacity(capacity)} {
		if bad, ok := fail.As(err); ok {
			maps.Copy(problems, bad.Fields)
		}
	}
	if err := problems.Err(); err != nil {
		return err
	}
	a := act{edition: e, at: s.now(), by: by, grows: true}
	a.decide = func(t *turn, a *act) (Result, error) {
		if len(capacity) > 0 {
			if err := t.resize(a, Sizes{Capacity: capacity}); err != nil {
				return Result{}, err
			}
		}
		t.saves = append(t.saves, func(ctx context.Context, tx bun.IDB) error {
			_, err := edition.Update(ctx, tx, t.now, by, e, in)
			return err
		})
		return Result{}, nil
	}
	_, err := s.group.Do(ctx, a)
	s.editions.Forget()
	return err
}

func (t *turn) resize(a *act, sizes Sizes) error {
	wanted := map[Kind]size{}
	for kind, p := range t.hall.places {
		to := size{Capacity: p.Capacity, Overbook: p.Overbook}
		capacity, named := sizes.Capacity[kind]
		if named {
			to.Capacity = capacity
		}
		overbook, also := sizes.Overbook[kind]
		if also {
			to.Overbook = overbook
		}
		if named || also {
			wanted[kind] = to
		}
	}
	// Both kinds are looked at before either is changed: half a change is none.
	problems := fail.Fields{}
	for kind, to := range wanted {
		p := *t.hall.places[kind]
		trial := newHall(t.hall.edition, t.hall.rules, t.now)
		trial.places[kind] = &p
		if e, bad := fail.As(trial.resize(kind, to)); bad {
			maps.Copy(problems, e.Fields)
		}
	}
	if err := problems.Err(); err != nil {
		return err
	}
	for _, kind := range Kinds {
		if to, named := wanted[kind]; named {
			if err := t.hall.resize(kind, to); err != nil {
				return err
			}
		}
	}
	detail, err := json.Marshal(wanted)
	if err != nil {
		return err
	}
	t.log(a, "registration.capacity", a.edition.Path(), string(detail))
	return nil
}
