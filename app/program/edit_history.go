package program

import (
	"context"
	"encoding/json"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/fail"
)

// undoable are the acts that can be taken back.
var undoable = [...]Act{Move, Resize, Place, Lift, Swap, Copy, Saved}

// history finds what a person can undo and redo: the newest edit that is not
// undone, and the oldest of those after it that are. Redone and undone edits
// stay in their place, so this is a stack; what a new edit cut off is empty.
// Nobody in particular (the command line, somebody erased) can do neither.
func history(ctx context.Context, idb bun.IDB, editionID, by string) (undo, redo string, err error) {
	var list []struct {
		ID     string
		Undone bool
	}
	if by == "" {
		return "", "", nil
	}
	err = idb.NewSelect().Model((*Edit)(nil)).Column("id", "undone").Where("edition_id = ?", editionID).
		Where("person_id = ?", by).Where("act IN (?)", bun.List(undoable[:])).Where("changes <> ?", Steps{}).
		Order("seq DESC").Scan(ctx, &list)
	for _, d := range list {
		if !d.Undone {
			return d.ID, redo, err
		}
		redo = d.ID
	}
	return "", redo, err
}

// back works out the steps of undoing or redoing the person's own edit. They are
// done only where everything still is as that edit, or its undoing, left it.
func (s *Service) back(ctx context.Context, tx bun.IDB, by string, e edition.Edition, act Act) (Steps, error) {
	undo, redo, err := history(ctx, tx, e.ID, by)
	if err != nil {
		return Steps{}, err
	}
	id := undo
	if act == Redo {
		id = redo
	}
	if id == "" {
		return Steps{}, fail.Clash("program.nothing_to_" + string(act))
	}
	var d Edit
	if err := tx.NewSelect().Model(&d).Where("id = ?", id).Scan(ctx); err != nil {
		return Steps{}, err
	}
	steps := d.Changes.List
	if act == Undo {
		steps = reversed(steps)
	}
	if err := s.possible(ctx, tx, e, steps); err != nil {
		return Steps{}, err
	}
	_, err = tx.NewUpdate().Model((*Edit)(nil)).Set("undone = ?", act == Undo).Where("id = ?", id).Exec(ctx)
	return Steps{Of: id, List: steps}, err
}

func reversed(steps []Step) []Step {
	list := make([]Step, len(steps))
	for i, step := range steps {
		step.Before, step.After = step.After, step.Before
		if step.Made != nil {
			step.Gone = !step.Gone
		}
		list[len(steps)-1-i] = step
	}
	return list
}

// possible looks whether steps may be done, and names what stands in the way.
func (s *Service) possible(ctx context.Context, tx bun.IDB, e edition.Edition, steps []Step) error {
	var ids, gone []string
	for _, step := range steps {
		ids = append(ids, step.SessionID)
		if step.Gone {
			gone = append(gone, step.SessionID)
		}
	}
	p, err := newPlan(ctx, tx, e, part{ids: ids})
	if err != nil {
		return err
	}
	for _, step := range steps {
		x := p.sessions[step.SessionID]
		if step.Made != nil && !step.Gone {
			x = step.Made // comes back, so it cannot have moved
		}
		switch {
		case x == nil:
			return fail.Clash("program.undo_gone")
		case x != step.Made && !x.Spot().Same(step.Before):
			return p.stale("program.undo_moved", "program.undo_lifted", x)
		case step.After.RoomID != "" && p.room[step.After.RoomID] == nil:
			return fail.Clash("program.undo_room", "title", titled{x})
		}
	}
	if len(gone) == 0 {
		return nil
	}
	return removable(ctx, tx, e, steps, gone)
}

// removable looks whether sessions that an edit made are still as it made them,
// and nothing hangs on them.
func removable(ctx context.Context, tx bun.IDB, e edition.Edition, steps []Step, ids []string) error {
	var list []Session
	if err := tx.NewSelect().Model(&list).Where("id IN (?)", bun.List(ids)).Where("edition_id = ?", e.ID).Scan(ctx); err != nil {
		return err
	}
	now := map[string]*Session{}
	for i := range list {
		list[i].order = e.Languages
		now[list[i].ID] = &list[i]
	}
	for _, step := range steps {
		if x := now[step.SessionID]; step.Gone && x != nil && !alike(*x, *step.Made) {
			return fail.Clash("program.undo_changed", "title", titled{x})
		}
	}
	var used []string
	err := tx.NewRaw(`SELECT session_id FROM session_speaker WHERE session_id IN (?0)
		UNION ALL SELECT session_id FROM slot WHERE session_id IN (?0) AND release_id IS NOT NULL
		UNION ALL SELECT session_id FROM live_room WHERE session_id IN (?0)
		UNION ALL SELECT session_id FROM workshop WHERE session_id IN (?0)
		UNION ALL SELECT session_id FROM material WHERE session_id IN (?0) LIMIT 1`, bun.List(ids)).Scan(ctx, &used)
	if err == nil && len(used) > 0 {
		return fail.Clash("program.undo_used", "title", titled{now[used[0]]})
	}
	return err
}

// alike compares what two sessions say, leaving out address and counters.
func alike(a, b Session) bool {
	plain := func(x Session) string {
		text, _ := json.Marshal([]any{x.Title, x.Subtitle, x.Abstract, x.Description, x.Language, x.Kind, x.TrackID, x.Capacity, x.Cancelled, x.Extra})
		return string(text)
	}
	return plain(a) == plain(b)
}
