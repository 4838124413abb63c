// Package mail is the outbox: a letter is a row written in the transaction of
// the fact it tells, and is sent afterwards, at least once, until the server
// has taken it or it has become pointless.
//
// A row holds the kind of the letter and its arguments; subject and body are
// rendered from the catalogue when it is sent or shown. Without a mail server
// the rows wait and the desk shows them.
//
// Table: mail.
package mail

import (
	"context"
	"encoding/json"
	"fmt"
	"net/mail"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/text"
)

// maxOneLine bounds names and subjects, which stand in headers.
const maxOneLine = 200

// joiner is the unseen character that emoji of several parts need.
const joiner = '\u200d'

// never is the next time of a letter that is not tried again.
var never = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// Letter is a mail to one person. Args fill the placeholders of its kind with
// strings and whole numbers; times come as they shall read. ICS, when given, is
// a calendar file that goes along.
type Letter struct {
	EditionID string
	Email     string
	Name      string
	Language  text.Lang
	Kind      string
	Args      map[string]any
	ICS       string
}

// Row is a letter in the outbox.
type Row struct {
	bun.BaseModel `bun:"table:mail"`

	ID         string
	EditionID  string
	Email      string
	Name       string
	Language   text.Lang
	Kind       string
	Args       string
	Attachment string
	CreatedAt  time.Time
	NextAt     time.Time
	Attempts   int64
	SentAt     *time.Time
	Problem    string
}

// Service renders, shows and sends what the outbox holds.
type Service struct {
	db        *db.DB
	now       func() time.Time
	catalogue *text.Catalogue
	sender    Sender
	from      *mail.Address
	site      *url.URL
}

// New makes the service. sender is nil when no mail server is configured; from
// is "name <address>", and when it is empty noreply at the host of baseURL.
func New(d *db.DB, now func() time.Time, c *text.Catalogue, sender Sender, from, baseURL string) (*Service, error) {
	site, err := url.Parse(baseURL)
	if err != nil || site.Hostname() == "" {
		return nil, fmt.Errorf("%q is not the address of a site", baseURL)
	}
	if from == "" {
		from = "Agora <noreply@" + site.Hostname() + ">"
	}
	sent, err := mail.ParseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("the sender of mail, %q, is not an address such as Agora <agora@example.fi>", from)
	}
	return &Service{db: d, now: now, catalogue: c, sender: sender, from: sent, site: site}, nil
}

// Queue writes letters in the caller's transaction, in one statement.
func Queue(ctx context.Context, tx bun.IDB, now time.Time, letters ...Letter) error {
	if len(letters) == 0 {
		return nil
	}
	rows := make([]Row, len(letters))
	for i, l := range letters {
		r, err := l.row(now)
		if err != nil {
			return err
		}
		rows[i] = r
	}
	_, err := tx.NewInsert().Model(&rows).Exec(ctx)
	return err
}

func (l Letter) row(now time.Time) (Row, error) {
	k, ok := kindOf(l.Kind)
	if !ok {
		return Row{}, fmt.Errorf("mail: no kind of letter is called %q", l.Kind)
	}
	needed := make(map[string]any, len(k.args)+len(k.optional))
	for _, name := range k.args {
		v, ok := l.Args[name]
		if !ok {
			return Row{}, fmt.Errorf("mail: a letter %s lacks %q", l.Kind, name)
		}
		needed[name] = v
	}
	for _, name := range k.optional {
		if needed[name] = l.Args[name]; needed[name] == nil {
			needed[name] = ""
		}
	}
	args, err := json.Marshal(needed)
	if err != nil {
		return Row{}, fmt.Errorf("mail: the arguments of a letter %s: %w", l.Kind, err)
	}
	language, ok := text.ParseLang(string(l.Language))
	if !ok {
		language = text.Finnish
	}
	return Row{
		ID: db.NewID(), EditionID: l.EditionID, Email: oneLine(l.Email), Name: oneLine(l.Name),
		Language: language, Kind: l.Kind, Args: string(args), Attachment: l.ICS,
		CreatedAt: now, NextAt: now,
	}, nil
}

// oneLine makes a text fit for a header: no line ends or other controls,
// nothing unseen, not endless.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r) && r != joiner:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > maxOneLine {
		s = string(r[:maxOneLine-1]) + "…"
	}
	return s
}
