package program

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/text"
)

// Carried says what a planned edition takes over of another's programme.
type Carried struct {
	Tracks bool
	Rooms  bool
	// Skeleton takes the breaks as they are, and for every other session an empty
	// one of its kind at its time: what was said, and by whom, stays where it was.
	Skeleton bool
	// Whole are sessions that come along with their texts, such as workshops held
	// every year; without the skeleton they have no time yet.
	Whole []string
	// Open is what an empty session of a kind is called.
	Open func(Kind) text.Texts
}

// Taken is what came along. Sessions are the new ones by the old ones' ids; Late
// is how many found no day in the new edition and wait for a time.
type Taken struct {
	Tracks, Rooms, Breaks, Slots, Whole, Late int
	Sessions                                  map[string]string
}

// CarryOver makes the draft of an edition that is being planned, in the
// transaction that makes it. Times move along with the start of its day.
func CarryOver(ctx context.Context, tx bun.IDB, now time.Time, from, to edition.Edition, w Carried) (Taken, error) {
	newest, err := newestRelease(ctx, tx, from.ID)
	if err != nil {
		return Taken{}, err
	}
	// What people saw is what repeats; only a day that was never released goes by
	// its draft.
	had, err := load(ctx, tx, from.ID, newest.Number == 0)
	if err != nil {
		return Taken{}, err
	}
	c := carrying{from: from, to: to, now: now, want: w, had: had, slots: map[string]Slot{}, taken: Taken{Sessions: map[string]string{}},
		rooms: map[string]string{}, tracks: map[string]string{}, used: slugs{}}
	for _, slot := range had.slots {
		c.slots[slot.SessionID] = slot
	}
	if err := c.places(ctx, tx); err != nil {
		return Taken{}, err
	}
	var sessions []Session
	var slots []Slot
	for _, x := range c.inOrder() {
		fresh, ok := c.session(x)
		if !ok {
			continue
		}
		sessions = append(sessions, fresh)
		c.taken.Sessions[x.ID] = fresh.ID
		if slot, timed := c.slot(x, fresh.ID); timed {
			slots = append(slots, slot)
		}
	}
	if err := insert(ctx, tx, sessions); err != nil {
		return Taken{}, err
	}
	return c.taken, insert(ctx, tx, slots)
}

// carrying is one carrying over.
type carrying struct {
	from, to      edition.Edition
	now           time.Time
	want          Carried
	had           rows
	slots         map[string]Slot
	rooms, tracks map[string]string // new ids by old ones
	used          slugs
	taken         Taken
}

// places copies tracks and rooms where they are wanted.
func (c *carrying) places(ctx context.Context, tx bun.IDB) error {
	if c.want.Tracks {
		rows := slices.Clone(c.had.tracks)
		for i := range rows {
			id := db.NewID()
			c.tracks[rows[i].ID] = id
			rows[i].ID, rows[i].EditionID, rows[i].Sessions = id, c.to.ID, nil
		}
		c.taken.Tracks = len(rows)
		if err := insert(ctx, tx, rows); err != nil {
			return err
		}
	}
	if !c.want.Rooms {
		return nil
	}
	rows := slices.Clone(c.had.rooms)
	for i := range rows {
		id := db.NewID()
		c.rooms[rows[i].ID] = id
		// A stream is one year's own.
		rows[i].ID, rows[i].GUID, rows[i].EditionID, rows[i].StreamURL = id, id, c.to.ID, ""
	}
	c.taken.Rooms = len(rows)
	return insert(ctx, tx, rows)
}

// inOrder gives the sessions that were held, by their time.
func (c *carrying) inOrder() []Session {
	list := slices.DeleteFunc(slices.Clone(c.had.sessions), func(x Session) bool { return x.Cancelled })
	slices.SortStableFunc(list, func(a, b Session) int { return c.slots[a.ID].StartsAt.Compare(c.slots[b.ID].StartsAt) })
	return list
}

// session makes the new session of an old one; ok is false when it stays behind.
func (c *carrying) session(x Session) (fresh Session, ok bool) {
	_, timed := c.slots[x.ID]
	whole := slices.Contains(c.want.Whole, x.ID)
	if !whole && !(c.want.Skeleton && timed) {
		return Session{}, false
	}
	fresh = Session{ID: db.NewID(), EditionID: c.to.ID, Kind: x.Kind, Version: 1, CreatedAt: c.now, ChangedAt: c.now}
	fresh.GUID = fresh.ID
	if x.TrackID != nil {
		fresh.TrackID = pointer(c.tracks[*x.TrackID])
	}
	switch {
	case whole:
		fresh.Title, fresh.Subtitle, fresh.Abstract, fresh.Description = maps.Clone(x.Title), x.Subtitle, x.Abstract, x.Description
		fresh.Language, fresh.Capacity = x.Language, x.Capacity
		c.taken.Whole++
	case x.Kind == Break:
		fresh.Title, fresh.Subtitle, fresh.Abstract = maps.Clone(x.Title), x.Subtitle, x.Abstract
		c.taken.Breaks++
	default:
		fresh.Title = c.want.Open(x.Kind)
		fresh.Extra.Open = fresh.Title
		c.taken.Slots++
	}
	fresh.Slug = c.used.take(slugOf(first(fresh.Title), "session"))
	return fresh, true
}

// slot moves an old session's time to the new edition. What would fall outside
// its days waits for a time.
func (c *carrying) slot(x Session, id string) (Slot, bool) {
	was, timed := c.slots[x.ID]
	if !timed || !c.want.Skeleton {
		return Slot{}, false
	}
	slot := Slot{ID: db.NewID(), SessionID: id, StartsAt: edition.MovedAlong(c.from, c.to, was.StartsAt).UTC()}
	slot.EndsAt = slot.StartsAt.Add(was.EndsAt.Sub(was.StartsAt))
	if was.RoomID != nil {
		slot.RoomID = pointer(c.rooms[*was.RoomID])
	}
	first, last := midnight(c.to.Local(c.to.StartsAt), 0), midnight(c.to.Local(c.to.EndsAt), 1).Add(dayChange)
	if slot.StartsAt.Before(first) || !slot.StartsAt.Before(last) {
		c.taken.Late++
		return Slot{}, false
	}
	return slot, true
}

// nameOpen gives a session that was carried over empty an address of its own when
// it gets a name, and reports whether it did. What was released keeps the address
// that people have.
func nameOpen(ctx context.Context, tx bun.IDB, x *Session) (bool, error) {
	if len(x.Extra.Open) == 0 || maps.Equal(x.Title, x.Extra.Open) {
		return false, nil
	}
	x.Extra.Open = nil
	released, err := tx.NewSelect().Model((*Slot)(nil)).Where("session_id = ? AND release_id IS NOT NULL", x.ID).Exists(ctx)
	if err != nil || released {
		return false, err
	}
	used, err := usedSlugs(ctx, tx, "session", x.EditionID)
	if err != nil {
		return false, err
	}
	delete(used, x.Slug)
	x.Slug = used.take(slugOf(first(x.Title), "session"))
	return true, nil
}
