package program

import (
	"context"
	"slices"

	"github.com/uptrace/bun"
)

// write carries out what merge worked out, with few statements however many
// rows there are: parents before children.
func (m *merge) write(ctx context.Context, tx bun.IDB) error {
	if err := store(ctx, tx, m.rooms, "name", "description", "capacity"); err != nil {
		return err
	}
	if err := store(ctx, tx, m.tracks, "color"); err != nil {
		return err
	}
	if err := m.recognise(ctx, tx); err != nil {
		return err
	}
	if err := store(ctx, tx, m.speakers, "name", "biography", "extra", "version"); err != nil {
		return err
	}
	if err := store(ctx, tx, m.sessions, "title", "subtitle", "abstract", "description", "language", "kind",
		"track_id", "cancelled", "extra", "version", "changed_at"); err != nil {
		return err
	}
	if err := store(ctx, tx, m.slots, "room_id", "starts_at", "ends_at"); err != nil {
		return err
	}
	for part := range slices.Chunk(m.recast, perStatement) {
		if _, err := tx.NewDelete().Model((*sessionSpeaker)(nil)).Where("session_id IN (?)", bun.List(part)).Exec(ctx); err != nil {
			return err
		}
	}
	if err := insert(ctx, tx, m.newWho); err != nil {
		return err
	}
	return m.writePrints(ctx, tx)
}

// store inserts the new rows and writes the given columns of the changed ones.
// Their ids were read from this edition in the same transaction.
func store[T any](ctx context.Context, tx bun.IDB, s side[T], columns ...string) error {
	if err := insert(ctx, tx, s.added); err != nil {
		return err
	}
	for part := range slices.Chunk(s.changed, perStatement) {
		q := tx.NewInsert().Model(&part).On("CONFLICT (id) DO UPDATE")
		for _, c := range columns {
			q.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
		}
		if _, err := q.Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
