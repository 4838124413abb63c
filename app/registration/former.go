package registration

import (
	"context"
	"crypto/hmac"

	"agora/app/fail"
)

// HandedOver tells whether a token opened a ticket before its place was given to
// somebody else, and of which edition. Nothing of the new holder comes out.
func (s *Service) HandedOver(ctx context.Context, token string) (editionID string, was bool, err error) {
	id, mac, ok := openToken(token)
	if !ok {
		return "", false, nil
	}
	r, err := s.one(ctx, "id = ?", id)
	if err != nil {
		if fail.Is(err, fail.NotFound) {
			err = nil
		}
		return "", false, err
	}
	if r.Email == "" {
		return "", false, nil // erased: there is nobody it could have been given to
	}
	for r.Version > 1 {
		r.Version--
		if hmac.Equal(mac, s.mac(r)) {
			return r.EditionID, true, nil
		}
	}
	return "", false, nil
}
