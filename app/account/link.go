package account

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"agora/app/fail"
	"agora/app/mail"
	"agora/app/text"
)

const (
	// linkLife is how long a mailed link or its code works.
	linkLife = 30 * time.Minute
	// linkWindow and linksPerWindow keep others from filling somebody's mailbox:
	// so many unused links are mailed to one person in so long.
	linkWindow     = time.Hour
	linksPerWindow = 5
	// codeTries bounds the guesses at one code.
	codeTries = 5
	// codeDigits is the length of a code: short enough to type from another screen.
	codeDigits = 8
	// maxNext bounds the address kept for after signing in.
	maxNext = 500
)

// SignInPath is where a link leads; the token follows.
const SignInPath = "/sign-in/"

type link struct {
	bun.BaseModel `bun:"table:sign_in_link"`

	Hash      string
	PersonID  string
	CodeHash  string
	Tries     int64
	Next      string
	ExpiresAt time.Time
	UsedAt    *time.Time
}

// A link's secrets hang on one another: the token gives the browser's key, the
// key's hash finds the row, and the code counts only together with the key. So
// whoever sees the database can neither sign in nor search for a code, and the
// browser that asked cannot make the link from its key.
func browserKey(token string) string { return hash("browser " + token) }

func codeHash(key, code string) string { return hash(key + " " + code) }

// URL is the address of a link.
func (s *Service) URL(token string) string { return s.base + SignInPath + token }

// RequestLink mails a link and a code to a person. It answers the same whether
// the address is known or not, with the key that this browser alone must keep:
// RedeemCode takes the code only together with it.
func (s *Service) RequestLink(ctx context.Context, email string, language text.Lang, next string) (browser string, err error) {
	address, problem := ParseEmail(email)
	if problem != "" {
		return "", fail.Wrong("email", problem)
	}
	token := random()
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		// The update locks the person, so that the count below holds.
		var known []Person
		err := tx.NewRaw(`UPDATE person SET language = language WHERE email = ? RETURNING *`, address).Scan(ctx, &known)
		if err != nil || len(known) == 0 {
			return err
		}
		return s.mailLink(ctx, tx, known[0], token, language, next)
	})
	return browserKey(token), err
}

func (s *Service) mailLink(ctx context.Context, tx bun.Tx, p Person, token string, language text.Lang, next string) error {
	now := s.now()
	// Only mailed links have a code, and all of those live equally long.
	live, err := tx.NewSelect().Model((*link)(nil)).
		Where("person_id = ? AND used_at IS NULL AND code_hash <> ''", p.ID).
		Where("expires_at > ?", now.Add(linkLife-linkWindow)).Count(ctx)
	if err != nil || live >= linksPerWindow {
		return err
	}
	code, err := newCode()
	if err != nil {
		return err
	}
	key := browserKey(token)
	row := link{Hash: hash(key), PersonID: p.ID, CodeHash: codeHash(key, code), Next: LocalPath(next), ExpiresAt: now.Add(linkLife)}
	if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
		return err
	}
	return mail.Queue(ctx, tx, now, mail.Letter{
		Email: p.Email, Name: p.Name, Language: language, Kind: mail.SignIn,
		Args: map[string]any{
			"link": s.URL(token), "minutes": int(linkLife.Minutes()),
			"code": code[:codeDigits/2] + " " + code[codeDigits/2:],
		},
	})
}

// Invite says whom MakeLink makes a link for.
type Invite struct {
	Email    string
	Name     string
	Language text.Lang
	// Owner makes the person an owner too.
	Owner bool
	// Life is how long the link works; 30 minutes when it is zero.
	Life time.Duration
	// Next is where it leads after signing in.
	Next string
}

// MakeLink makes a link without mailing it, for the command line and the demo,
// and the person when there is none. It gives the token; URL makes it a link.
func (s *Service) MakeLink(ctx context.Context, i Invite) (string, Person, error) {
	address, problem := ParseEmail(i.Email)
	if problem != "" {
		return "", Person{}, fail.Wrong("email", problem)
	}
	if i.Life <= 0 {
		i.Life = linkLife
	}
	token, now := random(), s.now()
	var p Person
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		people, err := Ensure(ctx, tx, now, []NewPerson{{Email: address, Name: i.Name, Language: i.Language}})
		if err != nil {
			return err
		}
		p = people[address]
		if i.Owner {
			if err := s.Grant(ctx, tx, "", p.ID, All, Owner); err != nil {
				return err
			}
		}
		row := link{Hash: hash(browserKey(token)), PersonID: p.ID, Next: LocalPath(i.Next), ExpiresAt: now.Add(i.Life)}
		_, err = tx.NewInsert().Model(&row).Exec(ctx)
		return err
	})
	return token, p, err
}

// Peek tells whose link it is when it still works, without using it.
func (s *Service) Peek(ctx context.Context, token string) (Person, error) {
	var p []Person
	err := s.db.Read.NewRaw(`SELECT p.* FROM person AS p JOIN sign_in_link AS l ON l.person_id = p.id
		WHERE l.hash = ? AND l.used_at IS NULL AND l.expires_at > ?`, hash(browserKey(token)), s.now()).Scan(ctx, &p)
	if err != nil {
		return Person{}, err
	}
	if len(p) == 0 {
		return Person{}, fail.New(fail.Gone, "account.link.gone")
	}
	return p[0], nil
}

// LocalPath gives next when it leads to a page of this site, else nothing:
// signing in must not send anybody elsewhere.
func LocalPath(next string) string {
	odd := func(r rune) bool { return r == '\\' || unicode.IsControl(r) || unicode.IsSpace(r) }
	if len(next) > maxNext || !utf8.ValidString(next) || strings.ContainsFunc(next, odd) {
		return ""
	}
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") {
		return ""
	}
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil {
		return ""
	}
	return next
}

func newCode() (string, error) {
	top := new(big.Int).Exp(big.NewInt(10), big.NewInt(codeDigits), nil)
	n, err := rand.Int(rand.Reader, top)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%0*d", codeDigits, n), nil
}

// Sweep removes links and logins that ran out long enough ago to matter to
// nobody, not even to the limit of links.
func (s *Service) Sweep(ctx context.Context) error {
	before := s.now().Add(-linkWindow)
	for _, table := range []string{"sign_in_link", "login"} {
		if _, err := s.db.Write.NewDelete().TableExpr(table).Where("expires_at < ?", before).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
