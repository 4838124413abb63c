package program

import (
	"context"
	"database/sql"
	"errors"

	"agora/app/fail"
)

// EditionOf gives the id of the edition that has a session, for addresses that
// name only the session.
func (s *Service) EditionOf(ctx context.Context, sessionID string) (string, error) {
	var id string
	err := s.db.Read.NewRaw(`SELECT edition_id FROM session WHERE id = ?`, sessionID).Scan(ctx, &id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", fail.Missing("program.session_missing")
	}
	return id, err
}
