package mail

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"agora/app/fail"
	"agora/app/text"
)

// maxShown bounds one page of the outbox.
const maxShown = 500

// hidden stands in the place of what opened something, once the letter is sent.
const hidden = "•••"

// State is what has become of a letter.
type State string

// The states. Their names in the catalogue are mail.state.<state>.
const (
	Sent   State = "sent"
	Due    State = "due"    // waits for its (next) turn
	Failed State = "failed" // given up
	Held   State = "held"   // there is no mail server: the desk shows it instead
)

// Shown is a letter as the desk shows it.
type Shown struct {
	Row
	Subject string
	Body    string
	State   State
}

// Outbox gives the newest letters of an edition. Without an edition it gives
// those of all, sign-in links among them: that view is for owners only.
func (s *Service) Outbox(ctx context.Context, edition string, limit int) ([]Shown, error) {
	var rows []Row
	q := s.db.Read.NewSelect().Model(&rows).Limit(int64(min(max(limit, 1), maxShown)))
	if edition == "" {
		q = q.OrderExpr("id DESC") // ids sort by time
	} else {
		q = q.Where("edition_id = ?", edition).OrderExpr("created_at DESC, id DESC")
	}
	if err := q.Scan(ctx, &rows); err != nil {
		return nil, err
	}
	shown := make([]Shown, len(rows))
	for i, r := range rows {
		shown[i] = s.show(r)
	}
	return shown, nil
}

// ByID gives one letter. Whoever shows it checks its EditionID.
func (s *Service) ByID(ctx context.Context, id string) (Shown, error) {
	var r Row
	err := s.db.Read.NewSelect().Model(&r).Where("id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return Shown{}, fail.Missing("mail.missing")
	}
	if err != nil {
		return Shown{}, err
	}
	return s.show(r), nil
}

func (s *Service) show(r Row) Shown {
	subject, body := s.Render(r)
	return Shown{Row: r, Subject: subject, Body: body, State: s.state(r)}
}

func (s *Service) state(r Row) State {
	switch {
	case r.SentAt != nil:
		return Sent
	case !r.NextAt.Before(never):
		return Failed
	case s.sender == nil || !reachable(r.Email):
		return Held
	}
	return Due
}

// Sending reports whether there is a mail server to send through.
func (s *Service) Sending() bool { return s.sender != nil }

// Problem says why a letter was not sent: our own reasons in the reader's
// language, the server's as it gave them.
func (s *Service) Problem(l text.Lang, r Row) string {
	if strings.HasPrefix(r.Problem, problemPrefix) {
		return s.catalogue.T(l, r.Problem)
	}
	return r.Problem
}

func (r Row) args() map[string]any {
	args := map[string]any{}
	d := json.NewDecoder(strings.NewReader(r.Args))
	d.UseNumber()
	if d.Decode(&args) != nil {
		return map[string]any{}
	}
	return args
}

// redacted is the row's arguments without what opens something.
func (r Row) redacted() string {
	k, _ := kindOf(r.Kind)
	if len(k.secret) == 0 {
		return r.Args
	}
	args := r.args()
	for _, name := range k.secret {
		delete(args, name)
	}
	b, err := json.Marshal(args)
	if err != nil {
		return "{}"
	}
	return string(b)
}

// Exported is what a person is given of the letters written to them.
type Exported struct {
	At      time.Time  `json:"at"`
	Sent    *time.Time `json:"sent"`
	To      string     `json:"to"`
	Subject string     `json:"subject"`
	Body    string     `json:"body"`
}

// Export gives every letter that was written to the person.
func (s *Service) Export(ctx context.Context, personID string) (any, error) {
	var rows []Row
	err := s.db.Read.NewSelect().Model(&rows).
		Where("email = (SELECT p.email FROM person AS p WHERE p.id = ?)", personID).
		OrderExpr("created_at, id").Scan(ctx)
	if err != nil {
		return nil, err
	}
	letters := make([]Exported, len(rows))
	for i, r := range rows {
		r.Args = r.redacted()
		subject, body := s.Render(r)
		letters[i] = Exported{At: r.CreatedAt, Sent: r.SentAt, To: r.Email, Subject: subject, Body: body}
	}
	return letters, nil
}

// Erase empties the letters written to the person and stops those not sent. It
// finds them by the person's address, so it goes before the account's erasure.
func (s *Service) Erase(ctx context.Context, tx bun.IDB, personID string) error {
	_, err := tx.NewRaw(`UPDATE mail SET email = '', name = '', args = '{}', attachment = '',
			problem = CASE WHEN sent_at IS NULL THEN ? ELSE '' END, next_at = ?
		WHERE email = (SELECT p.email FROM person AS p WHERE p.id = ?)`,
		problemErased, never, personID).Exec(ctx)
	return err
}
