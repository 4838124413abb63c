package mail

import (
	"context"

	"agora/app/fail"
)

// TryAgain sends a letter that was given up on its way once more. One whose
// secrets are dropped or whose recipient was erased stays where it is.
func (s *Service) TryAgain(ctx context.Context, id string) error {
	res, err := s.db.Write.NewRaw(`UPDATE mail SET next_at = ?, attempts = 0, problem = ''
		WHERE id = ? AND sent_at IS NULL AND next_at >= ? AND email <> '' AND kind <> ?`,
		s.now(), id, never, SignIn).Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return fail.Clash("mail.again.cannot")
}
