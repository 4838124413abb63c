package program

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/edition"
)

// maxEdits is how many edits of an edition are kept, for undoing and for pages
// that were away for a while.
const maxEdits = 500

// carryOut writes what the steps say: sessions that are made or go, slots, and
// the versions of all that are touched.
func (s *Service) carryOut(ctx context.Context, tx bun.IDB, e edition.Edition, steps []Step) error {
	var made []Session
	var gone, lifted, touched []string
	var slots []Slot
	for i := range steps {
		step := &steps[i]
		switch {
		case step.Made != nil && step.Gone:
			gone = append(gone, step.SessionID)
			continue
		case step.Made != nil:
			made = append(made, *step.Made)
		default:
			touched = append(touched, step.SessionID)
		}
		if step.After.None() {
			lifted = append(lifted, step.SessionID)
			continue
		}
		slots = append(slots, Slot{ID: db.NewID(), SessionID: step.SessionID, RoomID: pointer(step.After.RoomID),
			StartsAt: step.After.StartsAt, EndsAt: step.After.EndsAt})
	}
	if err := s.makeAndDrop(ctx, tx, e, made, gone); err != nil {
		return err
	}
	if len(lifted) > 0 {
		if _, err := tx.NewDelete().Model((*Slot)(nil)).Where("session_id IN (?)", bun.List(lifted)).Where("release_id IS NULL").Exec(ctx); err != nil {
			return err
		}
	}
	if err := putSlots(ctx, tx, slots); err != nil {
		return err
	}
	if len(touched) == 0 {
		return nil
	}
	_, err := tx.NewUpdate().Model((*Session)(nil)).Set("version = version + 1").Set("changed_at = ?", s.now()).
		Where("id IN (?)", bun.List(touched)).Where("edition_id = ?", e.ID).Exec(ctx)
	return err
}

func (s *Service) makeAndDrop(ctx context.Context, tx bun.IDB, e edition.Edition, made []Session, gone []string) error {
	if len(gone) > 0 {
		if _, err := tx.NewDelete().Model((*Session)(nil)).Where("id IN (?)", bun.List(gone)).Where("edition_id = ?", e.ID).Exec(ctx); err != nil {
			return err
		}
	}
	if len(made) == 0 {
		return nil
	}
	used, err := usedSlugs(ctx, tx, "session", e.ID)
	if err != nil {
		return err
	}
	for i := range made {
		made[i].Slug = used.take(made[i].Slug)
		made[i].CreatedAt = s.now()
		made[i].ChangedAt = s.now()
	}
	return insert(ctx, tx, made)
}

// putSlots writes slots of the draft over those the sessions have.
func putSlots(ctx context.Context, tx bun.IDB, slots []Slot) error {
	for part := range slices.Chunk(slots, perStatement) {
		_, err := tx.NewInsert().Model(&part).On("CONFLICT (session_id) WHERE release_id IS NULL DO UPDATE").
			Set("room_id = EXCLUDED.room_id").Set("starts_at = EXCLUDED.starts_at").Set("ends_at = EXCLUDED.ends_at").Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// note adds an edit to the list. The edition's row is held, so numbers have no
// gaps. Something new ends what the person could have redone.
func (s *Service) note(ctx context.Context, tx bun.IDB, d Edit) (Edit, error) {
	if err := tx.NewSelect().Model((*Edit)(nil)).ColumnExpr("coalesce(max(seq), 0) + 1").
		Where("edition_id = ?", d.EditionID).Scan(ctx, &d.Seq); err != nil {
		return d, err
	}
	d.CreatedAt = s.now().Truncate(time.Microsecond)
	if d.ID == "" {
		d.ID = db.NewID()
	}
	if slices.Contains(undoable[:], d.Act) {
		_, err := tx.NewUpdate().Model((*Edit)(nil)).Set("changes = ?", Steps{}).Where("edition_id = ?", d.EditionID).
			Where("person_id = ?", d.PersonID).Where("undone = ?", true).Exec(ctx)
		if err != nil {
			return d, err
		}
	}
	if _, err := tx.NewInsert().Model(&d).Exec(ctx); err != nil {
		return d, err
	}
	_, err := tx.NewDelete().Model((*Edit)(nil)).Where("edition_id = ?", d.EditionID).Where("seq <= ?", d.Seq-maxEdits).Exec(ctx)
	return d, err
}

// noteOther adds what was done to the draft outside of the grid.
func (s *Service) noteOther(ctx context.Context, tx bun.IDB, e edition.Edition, by string, act Act, steps ...Step) error {
	_, err := s.note(ctx, tx, Edit{EditionID: e.ID, PersonID: by, Act: act, Changes: Steps{List: steps}})
	return err
}

// noteLoaded lets open editors read everything anew after a file.
func (s *Service) noteLoaded(ctx context.Context, tx bun.IDB, e edition.Edition, by string, done Imported) error {
	if len(done.Added)+len(done.Changed)+done.Rooms+done.Tracks+done.Speakers == 0 {
		return nil
	}
	return s.noteOther(ctx, tx, e, by, Loaded)
}
