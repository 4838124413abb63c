package program

import (
	"context"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/fail"
)

// AddSession makes a session of the draft, without a slot, in the transaction of
// an act that the caller writes down; the caller has the editions forget after
// the commit. minutes is how long it is meant to take, for when it is placed.
func (s *Service) AddSession(ctx context.Context, tx bun.IDB, by string, e edition.Edition, in SessionInput, minutes int64) (Session, error) {
	if err := edition.Touch(ctx, tx, e.ID); err != nil {
		return Session{}, err
	}
	f := fail.Fields{}
	in.check(f, e)
	in.Key = ""
	x, err := sessionFor(ctx, tx, e, "", in)
	if err != nil {
		return x, err
	}
	speakers, err := s.resolve(ctx, tx, e, f, in)
	if err != nil {
		return x, err
	}
	if err := f.Err(); err != nil {
		return x, err
	}
	x.apply(in)
	x.Extra.Minutes, x.ChangedAt = minutes, s.now()
	if err := writeSession(ctx, tx, &x, true); err != nil {
		return x, err
	}
	if err := s.writeSpeakers(ctx, tx, e, x.ID, speakers); err != nil {
		return x, err
	}
	return x, s.saveSlot(ctx, tx, by, e, x.ID, in)
}
