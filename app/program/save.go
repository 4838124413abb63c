package program

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/file"
)

// perStatement is how many rows one INSERT writes.
const perStatement = 200

// SaveRoom makes a room (id empty) or changes one.
func (s *Service) SaveRoom(ctx context.Context, by string, e edition.Edition, id string, in RoomInput) (Room, error) {
	f := fail.Fields{}
	if in.check(f); f.Err() != nil {
		return Room{}, f.Err()
	}
	r := Room{ID: id, EditionID: e.ID}
	err := s.change(ctx, by, e, "room.save", func(ctx context.Context, tx bun.Tx) (string, error) {
		fresh, err := find(ctx, tx, &r, e, id, "room")
		if err != nil {
			return "", err
		}
		r.Name, r.Description, r.Capacity, r.StreamURL = in.Name, in.Description, in.Capacity, in.StreamURL
		if in.Equipment != nil {
			r.Equipment = in.Equipment
		}
		if r.Rank, err = rank(ctx, tx, "room", e, in.Rank, r.Rank); err != nil {
			return "", err
		}
		if fresh {
			r.ID = db.NewID()
			r.GUID = r.ID
			if r.Slug, err = freeSlug(ctx, tx, "room", e, slugOf(first(r.Name), "room")); err != nil {
				return "", err
			}
		}
		return r.ID, put(ctx, tx, &r, fresh, r.ID, e)
	})
	return r, err
}

// SaveTrack makes a track (id empty) or changes one.
func (s *Service) SaveTrack(ctx context.Context, by string, e edition.Edition, id string, in TrackInput) (Track, error) {
	f := fail.Fields{}
	if in.check(f); f.Err() != nil {
		return Track{}, f.Err()
	}
	t := Track{ID: id, EditionID: e.ID}
	err := s.change(ctx, by, e, "track.save", func(ctx context.Context, tx bun.Tx) (string, error) {
		fresh, err := find(ctx, tx, &t, e, id, "track")
		if err != nil {
			return "", err
		}
		t.Name, t.Color = in.Name, in.Color
		if t.Rank, err = rank(ctx, tx, "track", e, in.Rank, t.Rank); err != nil {
			return "", err
		}
		if fresh {
			t.ID = db.NewID()
			if t.Slug, err = freeSlug(ctx, tx, "track", e, slugOf(first(t.Name), "track")); err != nil {
				return "", err
			}
		}
		return t.ID, put(ctx, tx, &t, fresh, t.ID, e)
	})
	return t, err
}

// DeleteRoom removes a room that no session, released or not, takes place in.
func (s *Service) DeleteRoom(ctx context.Context, by string, e edition.Edition, id string) error {
	return s.remove(ctx, by, e, "room", id, "SELECT 1 FROM slot WHERE room_id = ?0")
}

// DeleteTrack removes a track that no session is in.
func (s *Service) DeleteTrack(ctx context.Context, by string, e edition.Edition, id string) error {
	return s.remove(ctx, by, e, "track", id, "SELECT 1 FROM session WHERE track_id = ?0")
}

// DeleteSpeaker removes a speaker who is on no session and has answered nothing,
// with the pictures that were kept for them.
func (s *Service) DeleteSpeaker(ctx context.Context, by string, e edition.Edition, id string) error {
	return s.remove(ctx, by, e, "speaker", id,
		"SELECT 1 FROM session_speaker WHERE speaker_id = ?0 UNION ALL SELECT 1 FROM answer WHERE speaker_id = ?0",
		func(ctx context.Context, tx bun.Tx) error {
			var pictures []string
			err := tx.NewRaw(`SELECT picture FROM speaker WHERE id = ?0 UNION ALL SELECT withheld FROM speaking WHERE speaker_id = ?0
				UNION ALL SELECT original FROM speaking WHERE speaker_id = ?0`, id).Scan(ctx, &pictures)
			if err != nil {
				return err
			}
			return file.Drop(ctx, tx, pictures...)
		})
}

// remove deletes a row that nothing found by inUse points to; along goes first.
func (s *Service) remove(ctx context.Context, by string, e edition.Edition, table, id, inUse string, along ...func(ctx context.Context, tx bun.Tx) error) error {
	return s.change(ctx, by, e, table+".delete", func(ctx context.Context, tx bun.Tx) (string, error) {
		known, err := tx.NewSelect().Table(table).Where("id = ?", id).Where("edition_id = ?", e.ID).Exists(ctx)
		if err != nil {
			return "", err
		}
		if !known {
			return "", fail.Missing("program." + table + "_missing")
		}
		var used []int
		if err := tx.NewRaw(inUse+" LIMIT 1", id).Scan(ctx, &used); err != nil {
			return "", err
		}
		if len(used) > 0 {
			return "", fail.Clash("program." + table + "_used")
		}
		for _, also := range along {
			if err := also(ctx, tx); err != nil {
				return "", err
			}
		}
		_, err = tx.NewDelete().Table(table).Where("id = ?", id).Where("edition_id = ?", e.ID).Exec(ctx)
		return id, err
	})
}

// find reads the row with the id into model; fresh says that there is none to read.
func find(ctx context.Context, tx bun.IDB, model any, e edition.Edition, id, called string) (fresh bool, err error) {
	if id == "" {
		return true, nil
	}
	err = tx.NewSelect().Model(model).Where("id = ?", id).Where("edition_id = ?", e.ID).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return false, fail.Missing("program." + called + "_missing")
	}
	return false, err
}

func put(ctx context.Context, tx bun.IDB, model any, fresh bool, id string, e edition.Edition) error {
	if fresh {
		_, err := tx.NewInsert().Model(model).Exec(ctx)
		return err
	}
	_, err := tx.NewUpdate().Model(model).ExcludeColumn("id", "edition_id", "slug").
		Where("id = ?", id).Where("edition_id = ?", e.ID).Exec(ctx)
	return err
}

// rank gives the wanted place, else the one it has, else the last one.
func rank(ctx context.Context, tx bun.IDB, table string, e edition.Edition, wanted, has int64) (int64, error) {
	if wanted > 0 || has > 0 {
		if wanted > 0 {
			return wanted, nil
		}
		return has, nil
	}
	var last int64
	err := tx.NewSelect().Table(table).ColumnExpr("coalesce(max(rank), 0)").Where("edition_id = ?", e.ID).Scan(ctx, &last)
	return last + 1, err
}

func freeSlug(ctx context.Context, tx bun.IDB, table string, e edition.Edition, slug string) (string, error) {
	used, err := usedSlugs(ctx, tx, table, e.ID)
	return used.take(slug), err
}

func usedSlugs(ctx context.Context, tx bun.IDB, table, editionID string) (slugs, error) {
	var list []string
	err := tx.NewSelect().Table(table).Column("slug").Where("edition_id = ?", editionID).Scan(ctx, &list)
	used := slugs{}
	for _, slug := range list {
		used[slug] = true
	}
	return used, err
}

// insert writes rows with few statements.
func insert[T any](ctx context.Context, tx bun.IDB, rows []T) error {
	for part := range slices.Chunk(rows, perStatement) {
		if _, err := tx.NewInsert().Model(&part).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
