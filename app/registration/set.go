package registration

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/audit"
	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/mail"
)

// act is one wish about places: what has to be read before it can be decided,
// and how it is decided then.
type act struct {
	edition edition.Edition
	at      time.Time
	key     db.Key
	by      string // whoever acts, for the audit log; empty for the person themselves

	people  []account.NewPerson // who may come
	targets []string            // ids of registrations
	holds   []string            // ids of holds
	code    string              // of a hold
	grows   bool                // may free any number of places
	absent  bool                // may give away the seat of somebody who is not there

	decide func(t *turn, a *act) (Result, error)
}

// stored is what is kept of an answer for whoever repeats the act: what was
// decided, and nothing of the person.
type stored struct {
	ID       string
	Version  int64
	Code     string
	Kind     Kind
	State    State
	Pending  bool `json:",omitempty"`
	Position int64
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
		t := &turn{s: s, tx: tx, now: s.now()}
		for _, i := range byEdition[id] {
			t.acts = append(t.acts, &acts[i])
			t.outs = append(t.outs, &outs[i])
		}
		if err := t.run(ctx, id); err != nil {
			return nil, err
		}
	}
	return outs, nil
}

// turn is one edition's part of a set.
type turn struct {
	s       *Service
	tx      bun.Tx
	now     time.Time
	hall    *hall
	acts    []*act
	outs    []*db.Outcome[Result]
	people  map[string]account.Person
	known   map[string]*Registration // by id
	codes   map[string]*Hold         // by code
	keys    map[db.Key]db.Stored
	before  map[Kind]Place
	answers []db.Stored
	again   []*Registration
	audits  []audit.Entry
	post    []mail.Letter
	saves   []func(ctx context.Context, tx bun.IDB) error // what an act writes beside places
}

func (t *turn) run(ctx context.Context, editionID string) error {
	if err := t.load(ctx, editionID); err != nil {
		return err
	}
	for i, a := range t.acts {
		res, err := t.decide(a)
		*t.outs[i] = db.Outcome[Result]{Value: res, Err: err}
	}
	return t.save(ctx)
}

// decide answers one act from what is in memory.
func (t *turn) decide(a *act) (Result, error) {
	if !a.key.Zero() {
		if old, ok := t.keys[db.Key{Scope: a.key.Scope, Key: a.key.Key}]; ok {
			return recall(old, a.key)
		}
	}
	res, err := a.decide(t, a)
	if err != nil || a.key.Zero() {
		return res, err
	}
	r := res.Registration
	answer, err := json.Marshal(stored{ID: r.ID, Version: r.Version, Code: r.Code, Kind: r.Kind, State: r.State, Pending: r.Pending, Position: res.Position})
	if err != nil {
		return res, err
	}
	row := db.Stored{Scope: a.key.Scope, Key: a.key.Key, BodyHash: a.key.BodyHash, Answer: string(answer), CreatedAt: t.now}
	t.answers = append(t.answers, row)
	t.keys[db.Key{Scope: row.Scope, Key: row.Key}] = row
	return res, nil
}

func recall(old db.Stored, key db.Key) (Result, error) {
	if old.BodyHash != key.BodyHash {
		return Result{}, fail.Wrong("idempotency_key", "registration.key_reused")
	}
	var answer stored
	err := json.Unmarshal([]byte(old.Answer), &answer)
	return Result{Position: answer.Position, Registration: Registration{
		ID: answer.ID, Version: answer.Version, Code: answer.Code, Kind: answer.Kind, State: answer.State, Pending: answer.Pending}}, err
}

// about runs fn on the registration an act names.
func about(fn func(h *hall, r *Registration) (position int64, err error)) func(t *turn, a *act) (Result, error) {
	return func(t *turn, a *act) (Result, error) {
		r := t.known[a.targets[0]]
		if r == nil {
			return Result{}, fail.Missing("registration.missing")
		}
		position, err := fn(t.hall, r)
		return Result{Registration: *r, Position: position}, err
	}
}

// log notes an organiser's act about a registration.
func (t *turn) log(a *act, what, subject, detail string) {
	if a.by != "" {
		t.audits = append(t.audits, audit.Entry{Person: a.by, Edition: a.edition.ID, Act: what, Subject: subject, Detail: detail})
	}
}
