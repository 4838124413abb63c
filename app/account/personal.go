package account

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"agora/app/text"
)

// Exported is what a person is given of their account.
type Exported struct {
	Email     string    `json:"email"`
	Name      string    `json:"name"`
	Language  text.Lang `json:"language"`
	CreatedAt time.Time `json:"created_at"`
	Roles     Roles     `json:"roles"`
	Logins    []Place   `json:"logins"`
}

// Export gives what is known of the person here.
func (s *Service) Export(ctx context.Context, personID string) (any, error) {
	p, err := s.ByID(ctx, personID)
	if err != nil {
		return nil, err
	}
	out := Exported{Email: p.Email, Name: p.Name, Language: p.Language, CreatedAt: p.CreatedAt, Roles: Roles{}}
	err = s.db.Read.NewRaw(`SELECT scope, role FROM role WHERE person_id = ? ORDER BY scope, role`, personID).Scan(ctx, &out.Roles)
	if err != nil {
		return nil, err
	}
	out.Logins, err = s.Logins(ctx, personID, "")
	return out, err
}

// Erasable refuses whom Erase would refuse, so that nothing is undone elsewhere
// in vain.
func (s *Service) Erasable(ctx context.Context, personID string) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error { return keepAnOwner(ctx, tx, personID) })
}

// Erase makes the person nobody: the row stays for what refers to it, without
// address or name, and nothing signs them in any more. The letters of the
// outbox must be erased before, they are found by the address.
func (s *Service) Erase(ctx context.Context, tx bun.IDB, personID string) error {
	if err := keepAnOwner(ctx, tx, personID); err != nil {
		return err
	}
	// No address looks like this, so nobody can take the row over.
	_, err := tx.NewRaw(`UPDATE person SET email = ?, name = '' WHERE id = ?`, "erased:"+personID, personID).Exec(ctx)
	if err != nil {
		return err
	}
	for _, table := range []string{"sign_in_link", "login", "role"} {
		if _, err := tx.NewDelete().TableExpr(table).Where("person_id = ?", personID).Exec(ctx); err != nil {
			return err
		}
	}
	s.seen.forget()
	return nil
}
