package registration

import (
	"context"
	"encoding/json"
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

// act is one wish about a place. Exactly one of register, cancel, change and
// resize is set.
type act struct {
	edition edition.Edition
	at      time.Time
	key     db.Key
	by      string // whoever acts, for the audit log; empty for the person themselves

	register *Input
	cancel   string // a registration's id
	change   *change
	resize   map[Kind]*int64
	settings *edition.Input // saved together with the capacity, or not at all
}

// change asks for another kind of place.
type change struct {
	id string
	to Kind
}

func (a act) target() string {
	if a.change != nil {
		return a.change.id
	}
	return a.cancel
}

// stored is what is kept of an answer for whoever repeats the act: what was
// decided, and nothing of the person.
type stored struct {
	ID       string
	Version  int64
	Code     string
	Kind     Kind
	State    State
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
	ids := make([]string, 0, len(byEdition))
	for id := range byEdition {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		t := &turn{s: s, tx: tx, hall: newHall(), now: s.now()}
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
	keys    map[db.Key]db.Stored
	answers []db.Stored
	again   []*Registration
	audits  []audit.Entry
	saves   []*act
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
	res, err := t.fold(a)
	if err != nil || a.key.Zero() {
		return res, err
	}
	r := res.Registration
	answer, err := json.Marshal(stored{ID: r.ID, Version: r.Version, Code: r.Code, Kind: r.Kind, State: r.State, Position: res.Position})
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
		ID: answer.ID, Version: answer.Version, Code: answer.Code, Kind: answer.Kind, State: answer.State}}, err
}

func (t *turn) fold(a *act) (Result, error) {
	switch {
	case a.register != nil:
		return t.register(a)
	case a.resize != nil:
		return Result{}, t.resize(a)
	}
	r := t.known[a.target()]
	if r == nil {
		return Result{}, fail.Missing("registration.missing")
	}
	if a.change != nil {
		position, err := t.hall.switchTo(r, a.change.to, t.now)
		return Result{Registration: *r, Position: position}, err
	}
	if a.by != "" && r.Live() {
		t.audits = append(t.audits, audit.Entry{Person: a.by, Edition: a.edition.ID, Act: "registration.cancel", Subject: r.Code})
	}
	t.hall.cancel(r, t.now)
	return Result{Registration: *r}, nil
}

func (t *turn) register(a *act) (Result, error) {
	if a.by == "" && !a.edition.Takes(a.at) {
		return Result{}, closedNow(a.edition, a.at)
	}
	person := t.people[a.register.Email]
	if r := t.hall.byPerson[person.ID]; r != nil {
		t.again = append(t.again, r)
		return Result{}, fail.Clash("registration.already", "email", a.register.Email)
	}
	in := a.register
	r := &Registration{
		ID: db.NewID(), EditionID: a.edition.ID, PersonID: person.ID, Kind: in.Place, Code: newCode(), Version: 1,
		Name: in.Name, Email: in.Email, Organisation: in.Organisation, Language: in.Language,
		Photo: in.Photo, Needs: in.Needs, CreatedAt: a.at, ChangedAt: a.at,
	}
	position := t.hall.register(r, in.Meanwhile)
	return Result{Registration: *r, Position: position}, nil
}

// closedNow says why nobody can register at this moment, with the times.
func closedNow(e edition.Edition, at time.Time) error {
	if at.Before(e.OpensAt) {
		return fail.Clash("registration.not_open", "opens", e.OpensAt)
	}
	return fail.Clash("registration.closed", "closed", e.ClosesAt)
}

func (t *turn) resize(a *act) error {
	// Both kinds are looked at before either is changed: half a change is none.
	problems := fail.Fields{}
	for _, kind := range Kinds {
		if capacity, named := a.resize[kind]; named {
			p := *t.hall.places[kind]
			trial := &hall{places: map[Kind]*Place{kind: &p}, line: map[Kind][]*Registration{}}
			if e, bad := fail.As(trial.resize(kind, capacity, t.now)); bad {
				for field, list := range e.Fields {
					problems[field] = list
				}
			}
		}
	}
	if err := problems.Err(); err != nil {
		return err
	}
	for _, kind := range Kinds {
		if capacity, named := a.resize[kind]; named {
			if err := t.hall.resize(kind, capacity, t.now); err != nil {
				return err
			}
		}
	}
	if a.settings != nil {
		t.saves = append(t.saves, a)
	}
	t.audits = append(t.audits, audit.Entry{Person: a.by, Edition: a.edition.ID, Act: "registration.capacity",
		Subject: a.edition.Path(), Detail: describe(a.resize)})
	return nil
}

func describe(resize map[Kind]*int64) string {
	b, err := json.Marshal(resize)
	if err != nil {
		return ""
	}
	return string(b)
}

// letters turns what the hall decided into rows of the outbox.
func (t *turn) letters() []mail.Letter {
	e := t.acts[0].edition
	list := make([]mail.Letter, 0, len(t.hall.news)+len(t.again))
	for _, n := range t.hall.news {
		list = append(list, t.s.letter(e, *n.reg, n.kind, n.pos))
	}
	for _, r := range t.again {
		list = append(list, t.s.letter(e, *r, "already_registered", 0))
	}
	return list
}
