package workshop

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration"
)

// wish is what an act is for.
type wish string

const (
	signUp wish = "sign_up"
	leave  wish = "leave"
	change wish = "change"
	remove wish = "remove"
)

// act is one wish about a workshop: of a person, or of an organiser named by.
type act struct {
	edition  edition.Edition
	wish     wish
	workshop string
	key      db.Key
	who      registration.Registration
	by       string
	in       Input
	force    bool
}

// set carries out a set of acts for one edition after the other, in the order
// of their ids: two nodes that meet lock in the same order.
func (s *Service) set(ctx context.Context, tx bun.Tx, acts []act) ([]db.Outcome[Result], error) {
	outs := make([]db.Outcome[Result], len(acts))
	byEdition := map[string][]int{}
	for i, a := range acts {
		byEdition[a.edition.ID] = append(byEdition[a.edition.ID], i)
	}
	for _, id := range slices.Sorted(maps.Keys(byEdition)) {
		t := s.turn(tx, acts[byEdition[id][0]].edition, s.now())
		for _, i := range byEdition[id] {
			t.acts = append(t.acts, &acts[i])
			t.outs = append(t.outs, &outs[i])
		}
		if err := t.run(ctx); err != nil {
			return nil, err
		}
	}
	return outs, nil
}

// turn is one edition's part of a set.
type turn struct {
	s       *Service
	tx      bun.IDB
	board   *board
	acts    []*act
	outs    []*db.Outcome[Result]
	regs    map[string]*registration.Registration
	known   map[string]*SignUp // by id: one sign-up is one value
	keys    map[db.Key]db.Stored
	answers []db.Stored
	edited  map[string]bool
	removed []string
	audits  []audit.Entry
}

func (s *Service) turn(tx bun.IDB, e edition.Edition, now time.Time) *turn {
	return &turn{s: s, tx: tx, board: newBoard(e, now), regs: map[string]*registration.Registration{},
		known: map[string]*SignUp{}, edited: map[string]bool{}}
}

func (t *turn) run(ctx context.Context) error {
	organised := slices.ContainsFunc(t.acts, func(a *act) bool { return a.by != "" })
	if err := lock(ctx, t.tx, t.board.edition.ID, organised); err != nil {
		return err
	}
	if err := t.load(ctx); err != nil {
		return err
	}
	// What came free without anybody's act, because a session is no longer
	// called off, say, goes to those who wait before others come.
	for _, id := range ordered(t.workshops()) {
		if w := t.board.workshops[id]; w != nil {
			t.board.promote(w)
		}
	}
	for i, a := range t.acts {
		res, err := t.decide(a)
		*t.outs[i] = db.Outcome[Result]{Value: res, Err: err}
	}
	return t.save(ctx)
}

// decide answers one act from what is in memory.
func (t *turn) decide(a *act) (Result, error) {
	name := db.Key{Scope: a.key.Scope, Key: a.key.Key}
	if old, ok := t.keys[name]; ok && !a.key.Zero() {
		if old.BodyHash != a.key.BodyHash {
			return Result{}, fail.Wrong("idempotency_key", "registration.key_reused")
		}
		var res Result
		return res, json.Unmarshal([]byte(old.Answer), &res)
	}
	res, err := t.fold(a)
	if err != nil || a.key.Zero() {
		return res, err
	}
	answer, err := json.Marshal(res)
	if err != nil {
		return res, err
	}
	row := db.Stored{Scope: a.key.Scope, Key: a.key.Key, BodyHash: a.key.BodyHash, Answer: string(answer), CreatedAt: t.board.now}
	t.answers = append(t.answers, row)
	t.keys[name] = row
	return res, nil
}

func (t *turn) fold(a *act) (Result, error) {
	w := t.board.workshops[a.workshop]
	if w == nil {
		return Result{}, fail.Missing("workshop.missing")
	}
	switch a.wish {
	case change:
		return Result{}, t.change(a, w)
	case remove:
		return Result{}, t.remove(a, w)
	}
	// The ticket may have changed hands since the page was drawn.
	r := t.regs[a.who.ID]
	if r == nil || r.Version != a.who.Version {
		return Result{}, fail.Missing("registration.ticket_missing")
	}
	if a.wish == leave {
		return t.board.leave(r.ID, w), nil
	}
	return t.board.signUp(*r, w)
}

func (t *turn) change(a *act, w *Workshop) error {
	f := fail.Fields{}
	if a.in.Audience != w.Audience {
		audience := Workshop{Audience: a.in.Audience}
		n := 0
		for _, s := range t.board.signedUp(w.ID) {
			if kind, attends := t.regs[s.RegistrationID].Attends(); !attends || !audience.Fits(kind) {
				n++
			}
		}
		if n > 0 {
			f.Add("audience", "workshop.audience_taken", "n", n)
		}
	}
	if a.in.Capacity != nil && *a.in.Capacity < w.Taken {
		f.Add("capacity", "workshop.capacity_below", "taken", w.Taken)
	}
	if err := f.Err(); err != nil {
		return err
	}
	changed := map[string]any{"title": a.in.Title}
	if !same(w.Capacity, a.in.Capacity) {
		changed["capacity"] = []*int64{w.Capacity, a.in.Capacity}
	}
	if w.Audience != a.in.Audience {
		changed["audience"] = []registration.Kind{w.Audience, a.in.Audience}
	}
	w.Title, w.About, w.Audience = a.in.Title, a.in.About, a.in.Audience
	if err := t.board.resize(w, a.in.Capacity); err != nil {
		return err
	}
	t.edited[w.ID] = true
	t.audits = append(t.audits, audit.Entry{Person: a.by, Edition: w.EditionID, Act: "workshop.change", Subject: w.ID, Detail: detail(changed)})
	return nil
}

func (t *turn) remove(a *act, w *Workshop) error {
	n := w.Taken + w.Waiting
	if n > 0 && !a.force {
		return fail.Clash("workshop.taken", "n", n)
	}
	t.board.remove(w)
	t.removed = append(t.removed, w.ID)
	delete(t.edited, w.ID)
	t.audits = append(t.audits, audit.Entry{Person: a.by, Edition: w.EditionID, Act: "workshop.remove", Subject: w.ID,
		Detail: detail(map[string]any{"title": w.Called(), "signed_up": n})})
	return nil
}
