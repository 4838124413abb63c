package program

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/fail"
)

// MaxDelay, in minutes, is past the point where sessions are moved instead.
const MaxDelay = 240

// Delay is how late a room runs, from a moment to the end of that day. Day is
// the date, the small hours being the evening before's.
type Delay struct {
	bun.BaseModel `bun:"table:delay"`

	RoomID    string `bun:",pk"`
	Day       string `bun:",pk"`
	Minutes   int64
	Since     time.Time
	PersonID  string
	ChangedAt time.Time
}

// Delays are the delays of an edition.
type Delays []Delay

// Running is a session with the times it really has.
type Running struct {
	Session  *Session
	StartsAt time.Time
	EndsAt   time.Time
	Late     time.Duration // 0 when it is on time
}

// RoomNow is what a room shows at a moment. Room is nil for what has no room;
// Now and Next are nil where there is nothing.
type RoomNow struct {
	Room  *Room
	Now   *Running
	Next  *Running
	Delay time.Duration // of the room, at that moment
}

// SetDelay lets a room run late by minutes, from since (zero: now) to the end of
// that day; 0 ends the delay. Wrong input is told by minutes, since and room.
func (s *Service) SetDelay(ctx context.Context, by string, e edition.Edition, roomID string, minutes int64, since time.Time) error {
	if since.IsZero() {
		since = s.now()
	}
	f := fail.Fields{}
	if minutes < 0 || minutes > MaxDelay {
		f.Add("minutes", "program.delay_range", "max", MaxDelay)
	}
	if first, last := openDays(e); since.Before(first) || !since.Before(last) {
		f.Add("since", "program.outside_days")
	}
	d := Delay{RoomID: roomID, Day: dayOf(e.Local(since)), Minutes: minutes, Since: since.UTC().Truncate(time.Microsecond), PersonID: by, ChangedAt: s.now()}
	return s.change(ctx, by, e, "program.delay", func(ctx context.Context, tx bun.Tx) (string, error) {
		known, err := tx.NewSelect().Model((*Room)(nil)).Where("id = ?", roomID).Where("edition_id = ?", e.ID).Exists(ctx)
		if err != nil {
			return "", err
		}
		if !known {
			f.Add("room", "program.room_missing")
		}
		if err := f.Err(); err != nil {
			return "", err
		}
		if minutes == 0 {
			_, err = tx.NewDelete().Model(&d).WherePK().Exec(ctx)
			return roomID, err
		}
		_, err = tx.NewInsert().Model(&d).On("CONFLICT (room_id, day) DO UPDATE").Set("minutes = EXCLUDED.minutes").
			Set("since = EXCLUDED.since").Set("person_id = EXCLUDED.person_id").Set("changed_at = EXCLUDED.changed_at").Exec(ctx)
		return roomID, err
	})
}

// Delays gives the delays of an edition.
func (s *Service) Delays(ctx context.Context, editionID string) (Delays, error) {
	var list Delays
	err := s.db.Read.NewSelect().Model(&list).Join("JOIN room AS r ON r.id = delay.room_id").
		Where("r.edition_id = ?", editionID).Order("r.rank", "r.id", "delay.day").Scan(ctx)
	return list, err
}

// dayOf is the day a moment belongs to: the small hours are the evening before's.
func dayOf(local time.Time) string {
	if clock(local) < dayChange {
		local = midnight(local, -1)
	}
	return local.Format(time.DateOnly)
}

// of finds the delay of a room on the day of a moment on the edition's clock.
func (l Delays) of(room *Room, local time.Time) (Delay, bool) {
	if room != nil {
		for _, d := range l {
			if d.RoomID == room.ID && d.Day == dayOf(local) {
				return d, true
			}
		}
	}
	return Delay{}, false
}

// Shift gives a session the times it really has. A delay is for what was not
// over when it began; what had begun by then ends later, the rest also starts
// later. A session that should just have begun counts as not begun.
func (l Delays) Shift(x *Session) Running {
	r := Running{Session: x, StartsAt: x.StartsAt, EndsAt: x.EndsAt}
	d, late := l.of(x.Room, x.StartsAt)
	by := time.Duration(d.Minutes) * time.Minute
	if !late || !x.EndsAt.Add(by).After(d.Since) {
		return r
	}
	r.Late, r.EndsAt = by, x.EndsAt.Add(by)
	if start := x.StartsAt.Add(by); start.After(d.Since) {
		r.StartsAt = start
	}
	return r
}

// NowNext tells for every room, and at the end for what has no room, what is
// going on at a moment and what comes next, with the delays taken in.
func (p *Programme) NowNext(at time.Time, delays Delays) []RoomNow {
	var list []RoomNow
	local := p.Edition.Local(at)
	for _, room := range p.Rooms {
		one := p.nowIn(room, at, delays)
		if d, late := delays.of(room, local); late && !at.Before(d.Since) {
			one.Delay = time.Duration(d.Minutes) * time.Minute
		}
		list = append(list, one)
	}
	if one := p.nowIn(nil, at, delays); one.Now != nil || one.Next != nil {
		list = append(list, one)
	}
	return list
}

// nowIn looks through one room: of overlapping sessions the one that started last
// is on.
func (p *Programme) nowIn(room *Room, at time.Time, delays Delays) RoomNow {
	one, id := RoomNow{Room: room}, ""
	if room != nil {
		id = room.ID
	}
	for _, x := range p.byRoom[id] {
		if x.Cancelled {
			continue
		}
		r := delays.Shift(x)
		switch {
		case r.StartsAt.After(at):
			if one.Next == nil || r.StartsAt.Before(one.Next.StartsAt) {
				one.Next = &r
			}
		case r.EndsAt.After(at) && (one.Now == nil || !r.StartsAt.Before(one.Now.StartsAt)):
			one.Now = &r
		}
	}
	return one
}
