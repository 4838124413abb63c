package program

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/fail"
)

// errNothing ends a transaction of an act that leads nowhere: the session is
// there already.
var errNothing = errors.New("nothing to do")

// Edit does one act on the draft's grid. What the organiser saw must still be
// so, else it fails as a Conflict whose cause is *Stale (program.moved_meanwhile
// or, where the session has no slot any more, program.lifted_meanwhile). Clashes
// do not stop an act: they are told with its result. Wrong input is told by the
// fields room, start, end, session, other, rooms, act and op.
func (s *Service) Edit(ctx context.Context, by string, e edition.Edition, in EditInput) (EditResult, error) {
	if err := in.checkOp(); err != nil {
		return EditResult{}, err
	}
	d := Edit{ID: in.Op, EditionID: e.ID, PersonID: by, Act: in.Act}
	err := s.change(ctx, by, e, "program.grid", func(ctx context.Context, tx bun.Tx) (string, error) {
		before, err := editOf(ctx, tx, in.Op)
		switch {
		case err != nil:
			return "", err
		case before.ID != "" && (before.EditionID != e.ID || before.PersonID != by || before.Act != in.Act):
			return "", fail.Wrong("op", "program.edit_op")
		case before.ID != "":
			d = before
			return "", errMadeBefore
		}
		if d.Changes, err = s.decide(ctx, tx, by, e, in); err != nil {
			return "", err
		}
		if len(d.Changes.List) == 0 {
			return "", errNothing
		}
		if err := s.carryOut(ctx, tx, e, d.Changes.List); err != nil {
			return "", err
		}
		d, err = s.note(ctx, tx, d)
		return d.Changes.List[0].SessionID, err
	})
	switch {
	case errors.Is(err, errNothing):
		d.Changes.List = []Step{{SessionID: in.Session.ID}}
	case err != nil && !errors.Is(err, errMadeBefore):
		return EditResult{}, err
	}
	return s.result(ctx, by, e, d)
}

// checkOp cleans the id of the act; the command line needs none.
func (in *EditInput) checkOp() error {
	if _, err := uuid.Parse(in.Op); in.Op != "" && (err != nil || len(in.Op) != 36) {
		return fail.Wrong("op", "program.edit_op")
	}
	in.Op = strings.ToLower(in.Op)
	return nil
}

func editOf(ctx context.Context, idb bun.IDB, op string) (Edit, error) {
	var d Edit
	if op == "" {
		return d, nil
	}
	err := idb.NewSelect().Model(&d).Where("id = ?", op).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return Edit{}, nil
	}
	return d, err
}

// decide works out what an act changes.
func (s *Service) decide(ctx context.Context, tx bun.IDB, by string, e edition.Edition, in EditInput) (Steps, error) {
	if in.Act == Undo || in.Act == Redo {
		return s.back(ctx, tx, by, e, in.Act)
	}
	p, full, err := in.read(ctx, tx, e)
	if err != nil {
		return Steps{}, err
	}
	list, err := in.steps(p, full)
	return Steps{List: list}, err
}

// read gives what an act is decided from; full is the break that is copied.
func (in EditInput) read(ctx context.Context, idb bun.IDB, e edition.Edition) (p *plan, full *Session, err error) {
	ids := []string{in.Session.ID}
	if in.Act == Swap {
		ids = append(ids, in.Other.ID)
	}
	if p, err = newPlan(ctx, idb, e, part{ids: ids}); err != nil || in.Act != Copy {
		return p, nil, err
	}
	x := p.sessions[in.Session.ID]
	if x == nil || !x.Scheduled() {
		return p, nil, nil
	}
	full = &Session{}
	if err = idb.NewSelect().Model(full).Where("id = ?", x.ID).Where("edition_id = ?", e.ID).Scan(ctx); err != nil {
		return p, nil, err
	}
	return p, full, p.add(ctx, idb, part{ids: ids, from: x.StartsAt.UTC(), to: x.EndsAt.UTC()})
}

// result reads what an act has led to. It is read after the commit: the same
// act asked for again gets the same answer, or that of a newer moment.
func (s *Service) result(ctx context.Context, by string, e edition.Edition, d Edit) (EditResult, error) {
	r := EditResult{Seq: d.Seq}
	err := s.snapshot(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		if r.Seq == 0 {
			if r.Seq, err = newestEdit(ctx, tx, e.ID); err != nil {
				return err
			}
		}
		undo, redo, err := history(ctx, tx, e.ID, by)
		if err != nil {
			return err
		}
		r.CanUndo, r.CanRedo = undo != "", redo != ""
		p, err := beside(ctx, tx, e, d.Changes.List, false)
		if err != nil {
			return err
		}
		r.Clashes = p.clashesOf(d.Changes.List)
		for _, step := range d.Changes.List {
			if x := p.sessions[step.SessionID]; x != nil {
				r.Changed = append(r.Changed, x)
			} else {
				r.Gone = append(r.Gone, step.SessionID)
			}
		}
		return nil
	})
	return r, err
}

// beside reads the sessions of the steps, and what is at the same time as they
// are, or with them done would be.
func beside(ctx context.Context, tx bun.IDB, e edition.Edition, steps []Step, done bool) (*plan, error) {
	var w part
	for _, step := range steps {
		w.ids = append(w.ids, step.SessionID)
	}
	p, err := newPlan(ctx, tx, e, w)
	if err != nil {
		return nil, err
	}
	if done {
		p.apply(steps)
	}
	for _, id := range w.ids {
		x := p.sessions[id]
		if x == nil || !x.Scheduled() {
			continue
		}
		if from := x.StartsAt.UTC(); w.from.IsZero() || from.Before(w.from) {
			w.from = from
		}
		if to := x.EndsAt.UTC(); to.After(w.to) {
			w.to = to
		}
	}
	if err := p.add(ctx, tx, w); err != nil {
		return nil, err
	}
	if done {
		p.apply(steps)
	}
	if err := p.readSpeakers(ctx, tx, w); err != nil {
		return nil, err
	}
	return p, p.readSeats(ctx, tx)
}

// Try tells what clashes an act would lead to, without doing it.
func (s *Service) Try(ctx context.Context, e edition.Edition, in EditInput) ([]Clash, error) {
	var list []Clash
	if in.Act == Undo || in.Act == Redo {
		return nil, fail.Wrong("act", "program.edit_unknown")
	}
	err := s.snapshot(ctx, func(ctx context.Context, tx bun.Tx) error {
		p, full, err := in.read(ctx, tx, e)
		if err != nil {
			return err
		}
		steps, err := in.steps(p, full)
		if err != nil || len(steps) == 0 {
			return err
		}
		if p, err = beside(ctx, tx, e, steps, true); err != nil {
			return err
		}
		list = p.clashesOf(steps)
		return nil
	})
	return list, err
}
