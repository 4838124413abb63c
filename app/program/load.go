package program

import (
	"context"
	"database/sql"
	"errors"

	"github.com/uptrace/bun"
)

// rows is everything one programme is built from.
type rows struct {
	release  Release
	rooms    []Room
	tracks   []Track
	speakers []Speaker
	sessions []Session
	who      []sessionSpeaker
	slots    []Slot
}

// load reads a programme in the same number of queries however large it is:
// the draft's slots, or those of the newest release.
func load(ctx context.Context, idb bun.IDB, editionID string, draft bool) (rows, error) {
	var r rows
	newest, err := newestRelease(ctx, idb, editionID)
	if err != nil {
		return r, err
	}
	r.release = newest
	slots := idb.NewSelect().Model(&r.slots).
		Join("JOIN session AS s ON s.id = slot.session_id").Where("s.edition_id = ?", editionID)
	if draft {
		slots.Where("slot.release_id IS NULL")
	} else {
		slots.Where("slot.release_id = ?", newest.ID)
	}
	for _, q := range []*bun.SelectQuery{
		slots,
		idb.NewSelect().Model(&r.rooms).Where("edition_id = ?", editionID).Order("rank", "id"),
		idb.NewSelect().Model(&r.tracks).Where("edition_id = ?", editionID).Order("rank", "id"),
		idb.NewSelect().Model(&r.sessions).Where("edition_id = ?", editionID).Order("id"),
		idb.NewSelect().Model(&r.speakers).Where("edition_id = ?", editionID).Order("id"),
		idb.NewSelect().Model(&r.who).Join("JOIN session AS s ON s.id = session_speaker.session_id").
			Where("s.edition_id = ?", editionID).Order("session_speaker.session_id", "session_speaker.rank"),
	} {
		if err := q.Scan(ctx); err != nil {
			return r, err
		}
	}
	return r, nil
}

// newestRelease gives the last release, its number 0 when there is none.
func newestRelease(ctx context.Context, idb bun.IDB, editionID string) (Release, error) {
	var r Release
	err := idb.NewSelect().Model(&r).Where("edition_id = ?", editionID).Order("number DESC").Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return Release{}, nil
	}
	return r, err
}
