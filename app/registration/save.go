package registration

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/mail"
)

// repeatMail is how long a ticket is not mailed again to somebody whose address
// is typed into the form once more: nobody can be flooded that way.
const repeatMail = 10 * time.Minute

// save writes what was decided, again in a constant number of statements.
func (t *turn) save(ctx context.Context) error {
	for _, step := range []func(context.Context) error{t.saveRegistrations, t.dropPeople, t.saveHolds, t.savePlaces, t.saveRest} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if moves := t.hall.moved(); len(moves) > 0 {
		for _, f := range t.s.followers {
			if err := f.Follow(ctx, t.tx, t.hall.edition, t.now, moves); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *turn) saveRegistrations(ctx context.Context) error {
	h := t.hall
	// Changes go first: who cancelled and came again would else stand there twice.
	var rows, handed []*Registration
	for _, r := range h.changed {
		rows = append(rows, r)
		if h.handed[r.ID] {
			handed = append(handed, r)
		}
	}
	if len(rows) > 0 {
		_, err := t.tx.NewUpdate().Model(&rows).Column("kind", "state", "pending", "together", "meanwhile", "line", "joined",
			"hold_id", "offer_until", "coming_at", "changed_at").Bulk().Exec(ctx)
		if err != nil {
			return err
		}
	}
	for _, r := range handed {
		_, err := t.tx.NewUpdate().Model(r).WherePK().Column("person_id", "name", "email", "organisation", "code", "version",
			"language", "photo", "needs", "answers", "consent_at").Exec(ctx)
		if err != nil {
			return err
		}
	}
	if len(h.fresh) == 0 {
		return nil
	}
	_, err := t.tx.NewInsert().Model(&h.fresh).Exec(ctx)
	return err
}

func (t *turn) saveHolds(ctx context.Context) error {
	for _, hold := range t.hall.written {
		_, err := t.tx.NewInsert().Model(hold).On("CONFLICT (id) DO UPDATE").
			Set("used = EXCLUDED.used").Set("released_at = EXCLUDED.released_at").Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// savePlaces writes the counters that changed, and for the curve what they are
// in this hour.
func (t *turn) savePlaces(ctx context.Context) error {
	for kind, p := range t.hall.places {
		if same(*p, t.before[kind]) {
			continue
		}
		if _, err := t.tx.NewUpdate().Model(p).WherePK().Column("capacity", "overbook", "held", "taken", "waiting", "line").Exec(ctx); err != nil {
			return err
		}
		if err := t.count(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

func same(a, b Place) bool {
	capacity := a.Capacity == b.Capacity || a.Capacity != nil && b.Capacity != nil && *a.Capacity == *b.Capacity
	return capacity && a.Overbook == b.Overbook && a.Held == b.Held && a.Taken == b.Taken && a.Waiting == b.Waiting && a.Line == b.Line
}

func (t *turn) saveRest(ctx context.Context) error {
	if err := db.Remember(ctx, t.tx, t.answers); err != nil {
		return err
	}
	if err := t.spare(ctx); err != nil {
		return err
	}
	if err := mail.Queue(ctx, t.tx, t.now, t.letters()...); err != nil {
		return err
	}
	for _, write := range t.saves {
		if err := write(ctx, t.tx); err != nil {
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
