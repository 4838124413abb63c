package workshop

import (
	"context"
	"database/sql"
	"errors"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/program"
	"agora/app/registration"
)

// lock takes the edition's lock, which registration holds as well while it
// decides. Organisers' acts raise the edition's revision next: whoever changes
// the programme holds that row before any workshop's.
func lock(ctx context.Context, tx bun.IDB, editionID string, organised bool) error {
	if err := registration.Lock(ctx, tx, editionID); err != nil || !organised {
		return err
	}
	return edition.Touch(ctx, tx, editionID)
}

// workshops names those the acts are about.
func (t *turn) workshops() map[string]bool {
	set := map[string]bool{}
	for _, a := range t.acts {
		set[a.workshop] = true
	}
	return set
}

// load locks the workshops and reads all that the acts are decided from, in a
// number of statements that does not grow with the acts.
func (t *turn) load(ctx context.Context) error {
	touched, people, everybody := t.workshops(), map[string]bool{}, map[string]bool{}
	for _, a := range t.acts {
		if a.who.ID != "" {
			people[a.who.ID] = true
		}
		if a.by != "" {
			everybody[a.workshop] = true
		}
	}
	if err := t.loadWorkshops(ctx, touched); err != nil {
		return err
	}
	keys := make([]db.Key, 0, len(t.acts))
	for _, a := range t.acts {
		keys = append(keys, a.key)
	}
	var err error
	if t.keys, err = db.Recall(ctx, t.tx, keys); err != nil {
		return err
	}
	if err := t.loadSignUps(ctx, "registration_id IN (?)", people); err != nil {
		return err
	}
	if err := t.loadSignUps(ctx, "workshop_id IN (?)", everybody); err != nil {
		return err
	}
	for id := range t.board.of {
		people[id] = true // those an organiser's act is about
	}
	if err := t.loadRegistrations(ctx, people); err != nil {
		return err
	}
	return t.loadLines(ctx, t.moving())
}

// loadWorkshops locks the rows named, so that no session is deleted under its
// sign-ups, and reads all of the edition's: any of them may clash. The order in
// which one statement locks does not matter, because the edition's lock is held.
func (t *turn) loadWorkshops(ctx context.Context, touched map[string]bool) error {
	e := t.board.edition
	if len(touched) > 0 {
		_, err := t.tx.NewRaw("UPDATE workshop SET line = line WHERE edition_id = ? AND id IN (?)", e.ID, bun.List(ordered(touched))).Exec(ctx)
		if err != nil {
			return err
		}
	}
	list, err := all(ctx, t.tx, e.ID, true)
	for i := range list {
		t.board.workshops[list[i].ID] = &list[i]
	}
	return err
}

// loadSignUps reads live sign-ups.
func (t *turn) loadSignUps(ctx context.Context, where string, ids map[string]bool) error {
	if len(ids) == 0 {
		return nil
	}
	var rows []*SignUp
	err := t.tx.NewSelect().Model(&rows).Where(where, bun.List(ordered(ids))).Where("state <> ?", Cancelled).Order("id").Scan(ctx)
	for _, s := range rows {
		t.keep(s)
	}
	return err
}

// keep gives the one value of a sign-up. One whose workshop is gone has gone too.
func (t *turn) keep(s *SignUp) *SignUp {
	if same := t.known[s.ID]; same != nil {
		return same
	}
	if t.board.workshops[s.WorkshopID] != nil {
		t.known[s.ID] = s
		t.board.of[s.RegistrationID] = append(t.board.of[s.RegistrationID], s)
	}
	return s
}

// loadRegistrations reads those of the edition that are not known yet.
func (t *turn) loadRegistrations(ctx context.Context, ids map[string]bool) error {
	wanted := map[string]bool{}
	for id := range ids {
		if t.regs[id] == nil {
			wanted[id] = true
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	var rows []*registration.Registration
	err := t.tx.NewSelect().Model(&rows).Where("id IN (?) AND edition_id = ?", bun.List(ordered(wanted)), t.board.edition.ID).Scan(ctx)
	for _, r := range rows {
		t.regs[r.ID] = r
	}
	return err
}

// moving names the workshops whose waiting list the acts may shorten, or that
// somebody asks about who stands in it.
func (t *turn) moving() map[string]bool {
	set := map[string]bool{}
	for _, a := range t.acts {
		w := t.board.workshops[a.workshop]
		if w == nil || w.Waiting == 0 {
			continue
		}
		n, unlimited := w.Free()
		if a.wish != signUp || n > 0 || unlimited || t.board.find(a.who.ID, w.ID) != nil {
			set[w.ID] = true
		}
	}
	return set
}

func (t *turn) loadLines(ctx context.Context, workshops map[string]bool) error {
	if len(workshops) == 0 {
		return nil
	}
	var rows []*SignUp
	err := t.tx.NewSelect().Model(&rows).Where("workshop_id IN (?) AND state = ?", bun.List(ordered(workshops)), Waiting).
		Order("line").Scan(ctx)
	for id := range workshops {
		t.board.lines[id] = &line{}
	}
	for _, s := range rows {
		l := t.board.lines[s.WorkshopID]
		l.wait = append(l.wait, t.keep(s))
	}
	return err
}

// all gives an edition's workshops with what the programme says of them: its
// newest release or, with draft and as long as nothing was released, the draft.
func all(ctx context.Context, idb bun.IDB, editionID string, draft bool) ([]Workshop, error) {
	var newest program.Release
	err := idb.NewSelect().Model(&newest).Column("id").Where("edition_id = ?", editionID).Order("number DESC").Limit(1).Scan(ctx)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	var list []Workshop
	q := idb.NewSelect().Model(&list).ColumnExpr("workshop.*").
		ColumnExpr("x.slug, x.title AS session, x.cancelled AS called_off, p.starts_at, p.ends_at, room.name AS room").
		Join("LEFT JOIN session AS x ON x.id = workshop.session_id")
	if newest.ID == "" && draft {
		q = q.Join("LEFT JOIN slot AS p ON p.session_id = x.id AND p.release_id IS NULL")
	} else {
		q = q.Join("LEFT JOIN slot AS p ON p.session_id = x.id AND p.release_id = ?", newest.ID)
	}
	err = q.Join("LEFT JOIN room ON room.id = p.room_id").
		Where("workshop.edition_id = ?", editionID).Order("workshop.rank", "workshop.id").Scan(ctx)
	return sorted(list), err
}
