package qa

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"
)

// consented leaves out the answers of speakers who do not want theirs published
// (table withdrawn). They are kept, and come back with the consent.
const consented = "(speaker_id IS NULL OR speaker_id NOT IN (SELECT speaker_id FROM withdrawn WHERE part = 'answers'))"

// Reshow has every question that a speaker has answered shown anew, when their
// consent to the answers has changed in the same transaction. The function that
// comes back tells the rooms, and is called after the commit.
func (s *Service) Reshow(ctx context.Context, tx bun.IDB, speakerID string) (tell func(), err error) {
	const theirs = "id IN (SELECT question_id FROM answer WHERE speaker_id = ?)"
	var sessions []string
	err = tx.NewSelect().Model((*question)(nil)).Distinct().Column("session_id").Where(theirs, speakerID).Order("session_id").Scan(ctx, &sessions)
	if err != nil {
		return nil, fmt.Errorf("reading what a speaker answered: %w", err)
	}
	var rooms []*room
	for _, session := range sessions {
		r, err := s.lockRoom(ctx, tx, session)
		if err != nil {
			return nil, err
		}
		var rows []*question
		if err := tx.NewSelect().Model(&rows).Where("session_id = ?", session).Where(theirs, speakerID).Scan(ctx); err != nil {
			return nil, fmt.Errorf("reading what a speaker answered: %w", err)
		}
		if r == nil {
			continue
		}
		w := newWorld()
		for _, q := range rows {
			w.touch(r, q)
		}
		if err := w.finish(ctx, tx, r); err != nil {
			return nil, err
		}
		rooms = append(rooms, r)
	}
	return func() {
		for _, r := range rooms {
			s.tell(r.SessionID, r.Version, false)
		}
	}, nil
}
