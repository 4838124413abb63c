package workshop

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/fail"
	"agora/app/program"
	"agora/app/registration"
)

// The same histories through the database, several acts to a set: every answer
// and every row is what the whole day in memory says, though a set reads only
// what it needs.
func TestSetsDecideAsTheWholeDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for seed := range uint64(12) {
			m := newDay(rand.New(rand.NewPCG(seed, 2)))
			w.store(m, fmt.Sprint("history-", seed))
			for range 10 {
				w.together(m, seed)
			}
			w.whole()
		}
	})
}

// store writes a day in memory into the database, under ids of its own.
func (w *world) store(m *day, slug string) {
	w.Helper()
	w.edition = w.newEdition(slug)
	m.board.edition = w.edition
	workshops, regs := m.board.workshops, m.regs
	m.board.workshops, m.regs = map[string]*Workshop{}, map[string]*registration.Registration{}
	clear(m.board.lines)
	w.room = program.Room{}
	for i, old := range m.ids {
		x := workshops[old]
		in := Input{Title: x.Title, Audience: x.Audience, Capacity: x.Capacity}
		if !x.Table() {
			from, to := w.edition.Local(x.StartsAt).Format("15:04"), w.edition.Local(x.EndsAt).Format("15:04")
			in.SessionID = w.draft(program.Session{}, old, from, to).ID
		}
		made := w.open(in)
		m.ids[i] = made.ID
		m.board.workshops[made.ID], m.board.lines[made.ID] = &made, &line{}
	}
	for i, old := range m.who {
		r := w.person(regs[old].Kind)
		m.who[i], m.regs[r.ID] = r.ID, &r
	}
}

// together takes some steps in memory, and the acts among them as one set.
func (w *world) together(m *day, seed uint64) {
	w.Helper()
	var acts []act
	var want []db.Outcome[Result]
	for range 1 + m.rng.IntN(12) {
		s := m.next()
		if s.act == nil {
			w.compare(acts, want)
			acts, want = nil, nil
			m.take(s)
			w.move(s.moves...)
			continue
		}
		acts = append(acts, *s.act)
		res, err := m.take(s)
		want = append(want, db.Outcome[Result]{Value: res, Err: err})
	}
	w.compare(acts, want)
	for _, id := range m.ids {
		list, err := w.ws.SignedUp(w.Context(), w.edition.ID, id)
		if err != nil {
			w.Fatal(err)
		}
		got, inMemory := map[string]Result{}, map[string]Result{}
		for _, p := range list {
			got[p.RegistrationID] = Result{State: p.State, Position: p.Position}
		}
		for _, s := range m.board.signedUp(id) {
			inMemory[s.RegistrationID] = m.board.result(s)
		}
		if !maps.Equal(got, inMemory) {
			w.Fatalf("seed %d: stored %v, in memory %v", seed, got, inMemory)
		}
	}
}

func (w *world) compare(acts []act, want []db.Outcome[Result]) {
	w.Helper()
	if len(acts) == 0 {
		return
	}
	var outs []db.Outcome[Result]
	w.tx(func(ctx context.Context, tx bun.Tx) (err error) {
		outs, err = w.ws.set(ctx, tx, acts)
		return err
	})
	for i, out := range outs {
		if out.Value != want[i].Value || said(out.Err) != said(want[i].Err) {
			w.Fatalf("%s: answered %+v %v, in memory %+v %v", acts[i].wish, out.Value, out.Err, want[i].Value, want[i].Err)
		}
	}
}

// said writes an error with its fields in order.
func said(err error) string {
	if e, ok := fail.As(err); ok {
		return fmt.Sprint(e.Key, e.Args, e.Fields)
	}
	return fmt.Sprint(err)
}
