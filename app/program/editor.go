package program

import (
	"context"
	"errors"
	"time"

	"agora/app/edition"
)

var errSoon = errors.New("the editor is being built")

// Edit does one act on the draft's grid. What the organiser saw must still be
// so, else it fails with program.moved_meanwhile (a Conflict whose cause is
// *Stale). Clashes do not stop an act: they are told with its result. Wrong
// input is told by the fields room, start, end, session, other, rooms and op.
func (s *Service) Edit(ctx context.Context, by string, e edition.Edition, in EditInput) (EditResult, error) {
	return EditResult{}, errSoon
}

// Try tells what clashes an act would lead to, without doing it.
func (s *Service) Try(ctx context.Context, e edition.Edition, in EditInput) ([]Clash, error) {
	return nil, errSoon
}

// EditsSince lists the edits after seq, the oldest first. Where that is more
// than is kept, one edit comes that says Reload.
func (s *Service) EditsSince(ctx context.Context, editionID string, seq int64) ([]Edit, error) {
	return nil, errSoon
}

// GridState reads the draft for the editor; by is who asks.
func (s *Service) GridState(ctx context.Context, by string, e edition.Edition) (GridState, error) {
	return GridState{}, errSoon
}

// Clashes lists everything in the draft that cannot be as planned.
func (s *Service) Clashes(ctx context.Context, e edition.Edition) ([]Clash, error) {
	return nil, errSoon
}

// SetDelay lets a room run late by minutes, from since (zero: now) to the end of
// that day; 0 ends the delay.
func (s *Service) SetDelay(ctx context.Context, by string, e edition.Edition, roomID string, minutes int64, since time.Time) error {
	return errSoon
}

// Delays gives the delays of an edition.
func (s *Service) Delays(ctx context.Context, editionID string) (Delays, error) { return nil, errSoon }

// Pending tells what releasing the draft now would change.
func (s *Service) Pending(ctx context.Context, e edition.Edition) ([]Change, error) {
	return nil, errSoon
}

// ReleaseChanges tells what the release of a number changed.
func (s *Service) ReleaseChanges(ctx context.Context, e edition.Edition, number int64) ([]Change, error) {
	return nil, errSoon
}

// Changelog gives the newest releases with what they changed, the newest first,
// in the same number of queries however many there are.
func (s *Service) Changelog(ctx context.Context, e edition.Edition, limit int) ([]ReleaseLog, error) {
	return nil, errSoon
}
