package registration

import (
	"context"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/db"
	"agora/app/fail"
)

// Lock takes an edition's lock until the transaction ends: the row of its seats.
// Whatever decides about places, or hangs on them, takes it first.
func Lock(ctx context.Context, tx bun.IDB, editionID string) error {
	var locked []string
	err := tx.NewRaw("UPDATE place SET line = line WHERE edition_id = ? AND kind = ? RETURNING edition_id", editionID, Onsite).Scan(ctx, &locked)
	if err == nil && len(locked) == 0 {
		return fail.Missing("edition.missing")
	}
	return err
}

// load locks the edition's places and reads all that the acts are decided
// from, in a number of statements that does not grow with the acts.
func (t *turn) load(ctx context.Context, editionID string) error {
	if err := Lock(ctx, t.tx, editionID); err != nil {
		return err
	}
	setup, err := readSetup(ctx, t.tx, editionID)
	if err != nil {
		return err
	}
	t.hall = newHall(t.acts[0].edition, setup.Rules, t.now)
	var places []Place
	if err := t.tx.NewSelect().Model(&places).Where("edition_id = ?", editionID).Scan(ctx); err != nil {
		return err
	}
	t.before = map[Kind]Place{}
	for i := range places {
		t.hall.places[places[i].Kind] = &places[i]
		t.before[places[i].Kind] = places[i]
	}
	if t.keys, err = t.loadKeys(ctx); err != nil {
		return err
	}
	if err := t.loadPeople(ctx); err != nil {
		return err
	}
	if err := t.loadRegistrations(ctx, editionID); err != nil {
		return err
	}
	if err := t.loadLines(ctx, editionID); err != nil {
		return err
	}
	if err := t.loadAbsent(ctx, editionID); err != nil {
		return err
	}
	return t.loadHolds(ctx, editionID)
}

func (t *turn) loadKeys(ctx context.Context) (map[db.Key]db.Stored, error) {
	keys := make([]db.Key, 0, len(t.acts))
	for _, a := range t.acts {
		keys = append(keys, a.key)
	}
	return db.Recall(ctx, t.tx, keys)
}

// loadPeople makes sure everybody who may be registered is a person.
func (t *turn) loadPeople(ctx context.Context) error {
	var wanted []account.NewPerson
	for _, a := range t.acts {
		wanted = append(wanted, a.people...)
	}
	if len(wanted) == 0 {
		return nil
	}
	people, err := account.Ensure(ctx, t.tx, t.now, wanted)
	t.people = people
	return err
}

// dropPeople removes those whom this set made and then refused: nothing of a
// form that was refused is kept.
func (t *turn) dropPeople(ctx context.Context) error {
	stay := map[string]bool{}
	for _, r := range t.hall.fresh {
		stay[r.PersonID] = true
	}
	for _, r := range t.hall.changed {
		stay[r.PersonID] = true
	}
	var ids []string
	for _, p := range t.people {
		if p.Made && !stay[p.ID] {
			ids = append(ids, p.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return account.Unmake(ctx, t.tx, ids)
}

// loadHolds reads the holds that are named, by id or code, and those that known
// registrations took a place from.
func (t *turn) loadHolds(ctx context.Context, editionID string) error {
	t.codes = map[string]*Hold{}
	var ids, codes []string
	for _, a := range t.acts {
		ids = append(ids, a.holds...)
		if a.code != "" {
			codes = append(codes, a.code)
		}
	}
	for _, r := range t.known {
		if r.HoldID != "" {
			ids = append(ids, r.HoldID)
		}
	}
	if len(ids)+len(codes) == 0 {
		return nil
	}
	var rows []*Hold
	err := t.tx.NewSelect().Model(&rows).Where("edition_id = ? AND (id IN (?) OR code IN (?))", editionID,
		bun.List(append(ids, "")), bun.List(append(codes, "-"))).Scan(ctx)
	for _, h := range rows {
		t.hall.holds[h.ID] = h
		if h.Code != "" {
			t.codes[h.Code] = h
		}
	}
	return err
}

// loadRegistrations reads whom the acts are about: the live registrations of
// the people who come, and those named by id. Two statements, because one with
// OR would read the whole edition.
func (t *turn) loadRegistrations(ctx context.Context, editionID string) error {
	t.known = map[string]*Registration{}
	var people, ids []string
	for _, p := range t.people {
		if !p.Made { // nobody who was made just now is registered
			people = append(people, p.ID)
		}
	}
	for _, a := range t.acts {
		ids = append(ids, a.targets...)
	}
	var rows, named []*Registration
	if len(people) > 0 {
		err := t.tx.NewSelect().Model(&rows).
			Where("edition_id = ? AND person_id IN (?) AND state <> 'cancelled'", editionID, bun.List(people)).Scan(ctx)
		if err != nil {
			return err
		}
	}
	if len(ids) > 0 {
		err := t.tx.NewSelect().Model(&named).Where("id IN (?) AND edition_id = ?", bun.List(ids), editionID).Scan(ctx)
		if err != nil {
			return err
		}
	}
	for _, r := range append(rows, named...) {
		if t.known[r.ID] == nil {
			t.keep(r)
		}
	}
	return nil
}

func (t *turn) keep(r *Registration) {
	t.known[r.ID] = r
	if r.Live() {
		t.hall.byPerson[r.PersonID] = r
	}
}

// loadLines reads as much of the front of each waiting list as the acts can
// shorten it: an act about one registration frees at most two places, on site
// and what was held meanwhile. Parties that stay together may be passed, so
// their members count besides.
func (t *turn) loadLines(ctx context.Context, editionID string) error {
	for _, kind := range Kinds {
		p, most := t.hall.places[kind], int64(0)
		if p == nil || p.Waiting == 0 {
			continue
		}
		for _, a := range t.acts {
			most += 2 * int64(len(a.targets))
			if a.grows {
				most += p.Waiting
			}
		}
		if free, unlimited := p.Free(); unlimited || free > 0 {
			most += p.Waiting
		}
		if most == 0 {
			continue
		}
		if kind == Remote {
			// A promotion on site may free a remote place that was held meanwhile.
			most = p.Waiting
		}
		together, err := t.tx.NewSelect().Model((*Registration)(nil)).
			Where("edition_id = ? AND kind = ? AND state = 'waiting' AND together", editionID, kind).Count(ctx)
		if err != nil {
			return err
		}
		if err := t.loadLine(ctx, editionID, kind, min(most+int64(together), p.Waiting)); err != nil {
			return err
		}
	}
	return nil
}

func (t *turn) loadLine(ctx context.Context, editionID string, kind Kind, most int64) error {
	var rows []*Registration
	err := t.tx.NewSelect().Model(&rows).Where("edition_id = ? AND kind = ? AND state = 'waiting' AND NOT pending", editionID, kind).
		Order("line").Limit(most).Scan(ctx)
	for _, r := range rows {
		if same := t.known[r.ID]; same != nil {
			r = same // one registration is one value, or changes would be lost
		}
		t.keep(r)
		t.hall.line[kind] = append(t.hall.line[kind], r)
	}
	return err
}
