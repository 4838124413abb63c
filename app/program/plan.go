package program

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"agora/app/edition"
)

// plan is the draft, or the part of it that an act is about, as the editor and
// the clashes see it: sessions with their slots, rooms and speakers, and of
// their texts only the title.
type plan struct {
	e        edition.Edition
	rooms    []*Room
	room     map[string]*Room
	sessions map[string]*Session
	speakers map[string]*Speaker
	// need is how many seats a session takes, both how many people have signed
	// up to two sessions, the smaller id first.
	need map[string]int64
	both map[[2]string]int64
}

// part is what of a draft is read: the sessions of ids, and those with a slot
// between from and to. The zero part is all of it.
type part struct {
	ids      []string
	from, to time.Time
}

func (w part) all() bool { return len(w.ids) == 0 && w.from.IsZero() }

// lightColumns are what the editor and the changes need of a session.
var lightColumns = [...]string{"id", "edition_id", "guid", "slug", "title", "language", "kind", "track_id", "capacity", "cancelled", "extra", "version"}

// newPlan reads rooms and sessions.
func newPlan(ctx context.Context, idb bun.IDB, e edition.Edition, w part) (*plan, error) {
	p := &plan{e: e, room: map[string]*Room{}, sessions: map[string]*Session{}, speakers: map[string]*Speaker{},
		need: map[string]int64{}, both: map[[2]string]int64{}}
	if err := idb.NewSelect().Model(&p.rooms).Where("edition_id = ?", e.ID).Order("rank", "id").Scan(ctx); err != nil {
		return nil, err
	}
	for _, r := range p.rooms {
		p.room[r.ID] = r
	}
	return p, p.add(ctx, idb, w)
}

// add reads more sessions into the plan.
func (p *plan) add(ctx context.Context, idb bun.IDB, w part) error {
	var slots []Slot
	q := idb.NewSelect().Model(&slots).Where("slot.release_id IS NULL").
		Where("slot.session_id IN (SELECT id FROM session WHERE edition_id = ?)", p.e.ID)
	if !w.all() {
		q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Where("slot.session_id IN (?)", bun.List(w.ids)).WhereOr("slot.starts_at < ? AND slot.ends_at > ?", w.to, w.from)
		})
	}
	if err := q.Scan(ctx); err != nil {
		return err
	}
	ids := slices.Clone(w.ids)
	for _, slot := range slots {
		ids = append(ids, slot.SessionID)
	}
	var list []*Session
	q = idb.NewSelect().Model(&list).Column(lightColumns[:]...).Where("edition_id = ?", p.e.ID)
	if !w.all() {
		q.Where("id IN (?)", bun.List(ids))
	}
	if err := q.Scan(ctx); err != nil {
		return err
	}
	for _, x := range list {
		x.order = p.e.Languages
		p.sessions[x.ID] = x
	}
	for _, slot := range slots {
		if x := p.sessions[slot.SessionID]; x != nil {
			p.put(x, slot.spot())
		}
	}
	return nil
}

// readSpeakers ties the sessions to who is on them.
func (p *plan) readSpeakers(ctx context.Context, idb bun.IDB, w part) error {
	var who []sessionSpeaker
	of := idb.NewSelect().Model(&who).Order("session_id", "rank")
	var people []*Speaker
	q := idb.NewSelect().Model(&people).Column("id", "edition_id", "guid", "slug", "name", "person_id", "availability").
		Where("edition_id = ?", p.e.ID).Order("id")
	if w.all() {
		of.Where("session_id IN (SELECT id FROM session WHERE edition_id = ?)", p.e.ID)
	} else {
		ids := slices.Sorted(maps.Keys(p.sessions))
		of.Where("session_id IN (?)", bun.List(ids))
		q.Where("id IN (SELECT speaker_id FROM session_speaker WHERE session_id IN (?))", bun.List(ids))
	}
	if err := of.Scan(ctx); err != nil {
		return err
	}
	if err := q.Scan(ctx); err != nil {
		return err
	}
	for _, one := range people {
		p.speakers[one.ID] = one
	}
	for _, w := range who {
		if x, one := p.sessions[w.SessionID], p.speakers[w.SpeakerID]; x != nil && one != nil {
			x.Speakers = append(x.Speakers, one)
		}
	}
	return nil
}

// put gives a session another slot, or none.
func (p *plan) put(x *Session, spot Spot) {
	x.Room = p.room[spot.RoomID]
	x.StartsAt, x.EndsAt = time.Time{}, time.Time{}
	if !spot.None() {
		x.StartsAt, x.EndsAt = p.e.Local(spot.StartsAt), p.e.Local(spot.EndsAt)
	}
}

// apply carries out steps within the plan, for trying them.
func (p *plan) apply(steps []Step) {
	for _, step := range steps {
		x := p.sessions[step.SessionID]
		switch {
		case step.Made != nil && step.Gone:
			delete(p.sessions, step.SessionID)
			continue
		case step.Made != nil:
			made := *step.Made
			x = &made
			x.order = p.e.Languages
			p.sessions[x.ID] = x
		}
		if x != nil {
			p.put(x, step.After)
		}
	}
}

// scheduled are the sessions with a slot in the order of time.
func (p *plan) scheduled() []*Session {
	var list []*Session
	for _, x := range p.sessions {
		if x.Scheduled() {
			list = append(list, x)
		}
	}
	byStart(list)
	return list
}

// unscheduled are those without, by title.
func (p *plan) unscheduled() []*Session {
	var list []*Session
	for _, x := range p.sessions {
		if !x.Scheduled() {
			list = append(list, x)
		}
	}
	slices.SortFunc(list, func(a, b *Session) int {
		return cmp.Or(strings.Compare(a.Title.String(), b.Title.String()), strings.Compare(a.ID, b.ID))
	})
	return list
}

// Spot is the session's slot; none as long as it has no times.
func (s *Session) Spot() Spot {
	if !s.Scheduled() {
		return Spot{}
	}
	spot := Spot{StartsAt: s.StartsAt.UTC(), EndsAt: s.EndsAt.UTC()}
	if s.Room != nil {
		spot.RoomID = s.Room.ID
	}
	return spot
}

func (s Slot) spot() Spot {
	spot := Spot{StartsAt: s.StartsAt.UTC(), EndsAt: s.EndsAt.UTC()}
	if s.RoomID != nil {
		spot.RoomID = *s.RoomID
	}
	return spot
}
