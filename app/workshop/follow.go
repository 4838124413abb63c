package workshop

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/registration"
)

var _ registration.Follower = (*Service)(nil)

// Follow ends the sign-ups of those who have left, or who take part in a way a
// workshop is not for, inside the transaction of registration, which holds the
// edition's lock. Who waited gets the place and a letter; so does, when it was
// not their own leaving, whoever has lost one. A place that was handed over
// keeps its sign-ups: they hang on the registration.
func (s *Service) Follow(ctx context.Context, tx bun.IDB, e edition.Edition, now time.Time, moves []registration.Move) error {
	t := s.turn(tx, e, now)
	people, touched := map[string]bool{}, map[string]bool{}
	for i := range moves {
		r := &moves[i].Registration
		people[r.ID] = true
		t.regs[r.ID] = r
	}
	if len(people) == 0 {
		return nil
	}
	var ids []string
	err := tx.NewSelect().Model((*SignUp)(nil)).Distinct().Column("workshop_id").
		Where("registration_id IN (?) AND state <> ?", bun.List(ordered(people)), Cancelled).Scan(ctx, &ids)
	if err != nil || len(ids) == 0 {
		return err
	}
	for _, id := range ids {
		touched[id] = true
	}
	if err := t.loadWorkshops(ctx, touched); err != nil {
		return err
	}
	if err := t.loadSignUps(ctx, "registration_id IN (?)", people); err != nil {
		return err
	}
	if err := t.loadLines(ctx, touched); err != nil {
		return err
	}
	t.board.follow(moves)
	return t.save(ctx)
}
