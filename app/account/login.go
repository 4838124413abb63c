package account

import (
	"context"
	"time"

	"agora/app/fail"
	"agora/app/text"
)

// seenEvery is how often using a login is written down.
const seenEvery = time.Hour

// Who tells who is signed in with a cookie, and their roles.
func (s *Service) Who(ctx context.Context, cookie string) (Person, Roles, error) {
	if cookie == "" {
		return Person{}, nil, fail.New(fail.SignIn, "account.sign_in.needed")
	}
	key, now := hash(cookie), s.now()
	if v, ok := s.seen.find(key, now); ok {
		return v.person, v.roles, nil
	}
	age := s.seen.age()
	v, err := s.look(ctx, key, now)
	if err != nil {
		return Person{}, nil, err
	}
	s.seen.keep(key, v, age)
	return v.person, v.roles, nil
}

func (s *Service) look(ctx context.Context, key string, now time.Time) (visit, error) {
	var rows []struct {
		ID, Email, Name string
		Language        text.Lang
		CreatedAt       time.Time
		SeenAt          time.Time
		Scope           Scope
		Role            Role
	}
	err := s.db.Read.NewRaw(`SELECT p.id, p.email, p.name, p.language, p.created_at, l.seen_at,
			COALESCE(r.scope, '') AS scope, COALESCE(r.role, '') AS role
		FROM login AS l JOIN person AS p ON p.id = l.person_id LEFT JOIN role AS r ON r.person_id = p.id
		WHERE l.hash = ? AND l.expires_at > ?`, key, now).Scan(ctx, &rows)
	if err != nil {
		return visit{}, err
	}
	if len(rows) == 0 {
		return visit{}, fail.New(fail.SignIn, "account.sign_in.needed")
	}
	first := rows[0]
	v := visit{at: now, person: Person{
		ID: first.ID, Email: first.Email, Name: first.Name, Language: first.Language, CreatedAt: first.CreatedAt,
	}}
	for _, r := range rows {
		if r.Role != "" {
			v.roles = append(v.roles, Held{r.Scope, r.Role})
		}
	}
	if now.Sub(first.SeenAt) >= seenEvery {
		// A database that cannot be written must not sign anybody out, so this
		// may fail: the next page tries again.
		_, _ = s.db.Write.NewRaw(`UPDATE login SET seen_at = ?, expires_at = ? WHERE hash = ? AND seen_at <= ?`,
			now, now.Add(loginLife), key, now.Add(-seenEvery)).Exec(ctx)
	}
	return v, nil
}

// Place is somewhere a person is signed in. Here marks the login of the cookie
// that was asked with.
type Place struct {
	ID      string
	Agent   string
	Since   time.Time
	Seen    time.Time
	Expires time.Time
	Here    bool
}

// Logins lists where the person is signed in, the latest used first.
func (s *Service) Logins(ctx context.Context, personID, cookie string) ([]Place, error) {
	var rows []login
	err := s.db.Read.NewSelect().Model(&rows).
		Where("person_id = ? AND expires_at > ?", personID, s.now()).OrderExpr("seen_at DESC, id DESC").Scan(ctx)
	places := make([]Place, len(rows))
	for i, r := range rows {
		places[i] = Place{
			ID: r.ID, Agent: r.Agent, Since: r.CreatedAt, Seen: r.SeenAt, Expires: r.ExpiresAt,
			Here: cookie != "" && r.Hash == hash(cookie),
		}
	}
	return places, err
}

// Revoke ends one of the person's own logins.
func (s *Service) Revoke(ctx context.Context, personID, id string) error {
	n, err := s.end(ctx, "person_id = ? AND id = ?", personID, id)
	if err == nil && n == 0 {
		return fail.Missing("account.login.missing")
	}
	return err
}

// SignOut ends the login of a cookie. One that is over already is no mistake.
func (s *Service) SignOut(ctx context.Context, cookie string) error {
	_, err := s.end(ctx, "hash = ?", hash(cookie))
	return err
}

func (s *Service) end(ctx context.Context, where string, args ...any) (int64, error) {
	defer s.seen.forget()
	res, err := s.db.Write.NewDelete().Model((*login)(nil)).Where(where, args...).Exec(ctx)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}
