package account

import (
	"context"
	"crypto/subtle"
	"strings"
	"time"
	"unicode"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/fail"
)

const (
	// loginLife is how long somebody stays signed in without coming back.
	loginLife = 60 * 24 * time.Hour
	// maxAgent bounds the name a browser gives itself.
	maxAgent = 200
)

// Login is a fresh login. Token goes into the cookie and is known nowhere else;
// Next is a path of this site, or empty.
type Login struct {
	Token   string
	ID      string
	Person  Person
	Next    string
	Expires time.Time
}

type login struct {
	bun.BaseModel `bun:"table:login"`

	Hash      string
	ID        string
	PersonID  string
	Agent     string
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
}

// Redeem uses a link. Of any number of attempts one succeeds.
func (s *Service) Redeem(ctx context.Context, token, agent string) (Login, error) {
	var l Login
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		now := s.now()
		var used []link
		err := tx.NewRaw(`UPDATE sign_in_link SET used_at = ?
			WHERE hash = ? AND used_at IS NULL AND expires_at > ? RETURNING *`,
			now, hash(browserKey(token)), now).Scan(ctx, &used)
		if err != nil {
			return err
		}
		if len(used) == 0 {
			return fail.New(fail.Gone, "account.link.gone")
		}
		l, err = s.signIn(ctx, tx, used[0], agent)
		return err
	})
	return l, err
}

// RedeemCode uses the link whose code is typed in the browser that asked for
// it. What is wrong — the code, its age, too many tries, an address nobody
// knows — gives one and the same answer.
func (s *Service) RedeemCode(ctx context.Context, browser, code, agent string) (Login, error) {
	var l Login
	right := false
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		now := s.now()
		var tried []link
		err := tx.NewRaw(`UPDATE sign_in_link SET tries = tries + 1
			WHERE hash = ? AND code_hash <> '' AND used_at IS NULL AND expires_at > ? AND tries < ? RETURNING *`,
			hash(browser), now, codeTries).Scan(ctx, &tried)
		if err != nil || len(tried) == 0 {
			return err
		}
		typed := codeHash(browser, digits(code))
		if subtle.ConstantTimeCompare([]byte(typed), []byte(tried[0].CodeHash)) != 1 {
			return nil // the counted try must stay
		}
		right = true
		// The row is locked by the update above: nobody else can use it now.
		if _, err := tx.NewRaw(`UPDATE sign_in_link SET used_at = ? WHERE hash = ?`, now, tried[0].Hash).Exec(ctx); err != nil {
			return err
		}
		l, err = s.signIn(ctx, tx, tried[0], agent)
		return err
	})
	if err == nil && !right {
		err = fail.Wrong("code", "account.code.wrong")
	}
	return l, err
}

// digits takes away what people put between groups of digits.
func digits(code string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) {
			return -1
		}
		return r
	}, code)
}

func (s *Service) signIn(ctx context.Context, tx bun.Tx, used link, agent string) (Login, error) {
	now := s.now()
	l := Login{Token: random(), ID: db.NewID(), Next: LocalPath(used.Next), Expires: now.Add(loginLife)}
	if err := tx.NewSelect().Model(&l.Person).Where("id = ?", used.PersonID).Scan(ctx); err != nil {
		return Login{}, err
	}
	row := login{
		Hash: hash(l.Token), ID: l.ID, PersonID: used.PersonID, Agent: agentName(agent),
		CreatedAt: now, SeenAt: now, ExpiresAt: l.Expires,
	}
	_, err := tx.NewInsert().Model(&row).Exec(ctx)
	return l, err
}

// agentName makes what a browser says of itself fit to be stored and shown.
func agentName(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	r := []rune(strings.Join(strings.Fields(s), " "))
	return string(r[:min(len(r), maxAgent)])
}
