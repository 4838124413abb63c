package program

import (
	"context"

	"github.com/uptrace/bun"

	"agora/app/edition"
)

// Pending tells what releasing the draft now would change.
func (s *Service) Pending(ctx context.Context, e edition.Edition) ([]Change, error) {
	var list []Change
	err := s.snapshot(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		list, _, err = pending(ctx, tx, e)
		return err
	})
	return list, err
}

// pending also gives the newest release, which the draft is compared with.
func pending(ctx context.Context, idb bun.IDB, e edition.Edition) ([]Change, Release, error) {
	last, err := newestRelease(ctx, idb, e.ID)
	if err != nil {
		return nil, last, err
	}
	public, err := slotsOf(ctx, idb, last.ID)
	if err != nil {
		return nil, last, err
	}
	var draft []Slot
	err = idb.NewSelect().Model(&draft).Column("slot.session_id", "slot.room_id", "slot.starts_at", "slot.ends_at").
		ColumnExpr("s.cancelled").Join("JOIN session AS s ON s.id = slot.session_id").
		Where("s.edition_id = ?", e.ID).Where("slot.release_id IS NULL").Scan(ctx)
	if err != nil {
		return nil, last, err
	}
	list := Changes(public, draft)
	return list, last, describe(ctx, idb, e, list)
}

// slotsOf reads the slots of releases; of none for the empty id.
func slotsOf(ctx context.Context, idb bun.IDB, releases ...string) ([]Slot, error) {
	var list []Slot
	err := idb.NewSelect().Model(&list).Where("release_id IN (?)", bun.List(releases)).Scan(ctx)
	return list, err
}

// Changelog gives the newest releases with what they changed, the newest first,
// in the same number of queries however many there are.
func (s *Service) Changelog(ctx context.Context, e edition.Edition, limit int) ([]ReleaseLog, error) {
	var list []ReleaseLog
	err := s.snapshot(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		list, err = changelog(ctx, tx, e, limit)
		return err
	})
	return list, err
}

func changelog(ctx context.Context, idb bun.IDB, e edition.Edition, limit int) ([]ReleaseLog, error) {
	var releases []Release
	err := idb.NewSelect().Model(&releases).Where("edition_id = ?", e.ID).Order("number DESC").Limit(int64(limit) + 1).Scan(ctx)
	if err != nil {
		return nil, err
	}
	ids := []string{""}
	for _, r := range releases {
		ids = append(ids, r.ID)
	}
	slots, err := slotsOf(ctx, idb, ids...)
	if err != nil {
		return nil, err
	}
	of := map[string][]Slot{}
	for _, slot := range slots {
		of[*slot.ReleaseID] = append(of[*slot.ReleaseID], slot)
	}
	var list []ReleaseLog
	var every []Change
	for i, r := range releases[:min(limit, len(releases))] {
		var before []Slot
		if i+1 < len(releases) {
			before = of[releases[i+1].ID]
		}
		list = append(list, ReleaseLog{Release: r, Changes: Changes(before, of[r.ID])})
		every = append(every, list[i].Changes...)
	}
	if err := describe(ctx, idb, e, every); err != nil {
		return nil, err
	}
	for i := range list { // every holds copies, in the same order
		n := copy(list[i].Changes, every)
		every = every[n:]
	}
	return list, nil
}

// describe fills in sessions and rooms, with two queries.
func describe(ctx context.Context, idb bun.IDB, e edition.Edition, list []Change) error {
	if len(list) == 0 {
		return nil
	}
	var sessions []*Session
	if err := idb.NewSelect().Model(&sessions).Column(lightColumns[:]...).Where("edition_id = ?", e.ID).Scan(ctx); err != nil {
		return err
	}
	var rooms []*Room
	if err := idb.NewSelect().Model(&rooms).Where("edition_id = ?", e.ID).Scan(ctx); err != nil {
		return err
	}
	session, room := map[string]*Session{}, map[string]*Room{}
	for _, x := range sessions {
		x.order = e.Languages
		session[x.ID] = x
	}
	for _, r := range rooms {
		room[r.ID] = r
	}
	for i := range list {
		c := &list[i]
		c.Session, c.BeforeRoom, c.AfterRoom = session[c.SessionID], room[c.Before.RoomID], room[c.After.RoomID]
	}
	return nil
}
