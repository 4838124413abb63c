package registration

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/audit"
	"agora/app/db"
	"agora/app/edition"
	"agora/app/mail"
)

// repeatMail is how long a ticket is not mailed again to somebody whose address
// is typed into the form once more: nobody can be flooded that way.
const repeatMail = 10 * time.Minute

// load locks the edition's places and reads all that the acts are decided
// from, in a number of statements that does not grow with the acts.
func (t *turn) load(ctx context.Context, editionID string) error {
	// The row of the seats is the edition's lock: every set takes it first.
	var locked []Place
	err := t.tx.NewRaw("UPDATE place SET line = line WHERE edition_id = ? AND kind = ? RETURNING *", editionID, Onsite).Scan(ctx, &locked)
	if err != nil {
		return err
	}
	var places []Place
	if err := t.tx.NewSelect().Model(&places).Where("edition_id = ?", editionID).Scan(ctx); err != nil {
		return err
	}
	for i := range places {
		t.hall.places[places[i].Kind] = &places[i]
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
	return t.loadLines(ctx, editionID)
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
		if a.register != nil && (a.by != "" || a.edition.Takes(a.at)) {
			wanted = append(wanted, account.NewPerson{Email: a.register.Email, Name: a.register.Name, Language: a.register.Language})
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	people, err := account.Ensure(ctx, t.tx, t.now, wanted)
	t.people = people
	return err
}

// loadRegistrations reads whom the acts are about: the live registrations of
// the people who come, and those named by id. Two statements, because one with
// OR would read the whole edition.
func (t *turn) loadRegistrations(ctx context.Context, editionID string) error {
	t.known = map[string]*Registration{}
	var people, ids []string
	for _, p := range t.people {
		people = append(people, p.ID)
	}
	for _, a := range t.acts {
		if id := a.target(); id != "" {
			ids = append(ids, id)
		}
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
// shorten it: every cancellation or switch frees a place or leaves the line,
// and frees at most one place of each kind; growth frees as many as it adds.
func (t *turn) loadLines(ctx context.Context, editionID string) error {
	for _, kind := range Kinds {
		p, most := t.hall.places[kind], int64(0)
		if p == nil || p.Waiting == 0 {
			continue
		}
		for _, a := range t.acts {
			switch capacity, named := a.resize[kind]; {
			case a.target() != "":
				most += 2
			case a.resize != nil && kind == Remote:
				most += p.Waiting // growth on site frees what was held meanwhile
			case named && capacity == nil:
				most += p.Waiting
			case named:
				most += max(0, *capacity-valueOr(p.Capacity, 0))
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
		if err := t.loadLine(ctx, editionID, kind, min(most, p.Waiting)); err != nil {
			return err
		}
	}
	return nil
}

func (t *turn) loadLine(ctx context.Context, editionID string, kind Kind, most int64) error {
	var rows []*Registration
	err := t.tx.NewSelect().Model(&rows).Where("edition_id = ? AND kind = ? AND state = ?", editionID, kind, Waiting).
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

func valueOr(p *int64, other int64) int64 {
	if p == nil {
		return other
	}
	return *p
}

// save writes what was decided, again in a constant number of statements.
func (t *turn) save(ctx context.Context) error {
	h := t.hall
	// Changes go first: who cancelled and came again would else stand there twice.
	if len(h.changed) > 0 {
		rows := make([]*Registration, 0, len(h.changed))
		for _, r := range h.changed {
			rows = append(rows, r)
		}
		_, err := t.tx.NewUpdate().Model(&rows).Column("kind", "state", "meanwhile", "line", "changed_at").Bulk().Exec(ctx)
		if err != nil {
			return err
		}
	}
	if len(h.fresh) > 0 {
		if _, err := t.tx.NewInsert().Model(&h.fresh).Exec(ctx); err != nil {
			return err
		}
	}
	if len(h.fresh)+len(h.changed)+len(t.audits) > 0 {
		for _, p := range h.places {
			if _, err := t.tx.NewUpdate().Model(p).WherePK().Column("capacity", "taken", "waiting", "line").Exec(ctx); err != nil {
				return err
			}
		}
	}
	if err := db.Remember(ctx, t.tx, t.answers); err != nil {
		return err
	}
	if err := t.spare(ctx); err != nil {
		return err
	}
	if err := mail.Queue(ctx, t.tx, t.now, t.letters()...); err != nil {
		return err
	}
	for _, a := range t.saves {
		if _, err := edition.Update(ctx, t.tx, t.now, a.by, a.edition, *a.settings); err != nil {
			return err
		}
	}
	for _, entry := range t.audits {
		if err := audit.Write(ctx, t.tx, t.now, entry); err != nil {
			return err
		}
	}
	return nil
}

// spare leaves out those whose ticket was mailed again a moment ago.
func (t *turn) spare(ctx context.Context) error {
	if len(t.again) == 0 {
		return nil
	}
	emails := make([]string, len(t.again))
	for i, r := range t.again {
		emails[i] = r.Email
	}
	var recent []string
	err := t.tx.NewRaw("SELECT email FROM mail WHERE kind = 'already_registered' AND created_at > ? AND email IN (?)",
		t.now.Add(-repeatMail), bun.List(emails)).Scan(ctx, &recent)
	if err != nil {
		return err
	}
	told := map[string]bool{}
	for _, email := range recent {
		told[email] = true
	}
	kept := t.again[:0]
	for _, r := range t.again {
		if !told[r.Email] {
			told[r.Email] = true
			kept = append(kept, r)
		}
	}
	t.again = kept
	return nil
}
