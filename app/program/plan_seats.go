package program

import (
	"context"
	"maps"
	"slices"

	"github.com/uptrace/bun"
)

// readSeats looks up how many seats the sessions take and who has signed up to
// two that overlap. Sessions may be moved in the plan before: the overlaps are
// those of now. Workshops and sign-ups are written by app/workshop.
func (p *plan) readSeats(ctx context.Context, idb bun.IDB) error {
	var places []struct {
		SessionID string
		Audience  string
		Capacity  *int64
		Here      int64
	}
	err := idb.NewRaw(`SELECT w.session_id, w.audience, w.capacity, (SELECT count(*) FROM sign_up AS u
			JOIN registration AS r ON r.id = u.registration_id
			WHERE u.workshop_id = w.id AND u.state = 'confirmed' AND r.kind = 'onsite') AS here
		FROM workshop AS w WHERE w.edition_id = ? AND w.session_id IS NOT NULL`, p.e.ID).Scan(ctx, &places)
	if err != nil {
		return err
	}
	var workshops []*Session
	for _, w := range places {
		x := p.sessions[w.SessionID]
		if x == nil {
			continue
		}
		workshops = append(workshops, x)
		if w.Audience == "remote" { // they need no seat
			p.need[x.ID] = 0
			continue
		}
		p.need[x.ID] = w.Here
		if w.Capacity != nil {
			p.need[x.ID] = max(w.Here, *w.Capacity)
		}
	}
	for _, x := range p.sessions {
		if _, known := p.need[x.ID]; !known && x.Capacity != nil {
			p.need[x.ID] = *x.Capacity
		}
	}
	return p.readBoth(ctx, idb, workshops)
}

// readBoth counts the people signed up to both of two sessions that overlap.
// Who waits for a place may still be given it, and counts.
func (p *plan) readBoth(ctx context.Context, idb bun.IDB, workshops []*Session) error {
	workshops = slices.DeleteFunc(workshops, func(x *Session) bool { return !x.Scheduled() })
	byStart(workshops)
	beside := map[string]bool{}
	overlaps(workshops, func(a, b *Session) bool {
		beside[a.ID], beside[b.ID] = true, true
		return true
	})
	if len(beside) == 0 {
		return nil
	}
	ids := slices.Sorted(maps.Keys(beside))
	var pairs []struct {
		First, Second string
		N             int64
	}
	err := idb.NewRaw(`SELECT a.session_id AS first, b.session_id AS second, count(*) AS n
		FROM workshop AS a JOIN sign_up AS x ON x.workshop_id = a.id AND x.state <> 'cancelled'
		JOIN sign_up AS y ON y.registration_id = x.registration_id AND y.state <> 'cancelled'
		JOIN workshop AS b ON b.id = y.workshop_id AND a.session_id < b.session_id
		WHERE a.session_id IN (?) AND b.session_id IN (?) GROUP BY a.session_id, b.session_id`,
		bun.List(ids), bun.List(ids)).Scan(ctx, &pairs)
	for _, one := range pairs {
		p.both[[2]string{one.First, one.Second}] = one.N
	}
	return err
}
