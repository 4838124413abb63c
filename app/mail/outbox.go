package mail

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"html/template"
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

// Shown is a letter as the desk shows it. HTML is what those see whose mail
// shows it, where a letter has such a form.
type Shown struct {
	Row
	Subject string
	Body    string
	HTML    template.HTML
	State   State
}

// Filter chooses letters. Without an edition they are those of all, sign-in
// links among them: that view is for owners only. Kind may be empty.
type Filter struct {
	EditionID string
	Kind      string
	Unsent    bool
	Limit     int
	Offset    int
}

// Outbox gives letters, the newest first, and how many there are altogether.
func (s *Service) Outbox(ctx context.Context, f Filter) ([]Shown, int64, error) {
	var rows []Row
	q := s.db.Read.NewSelect().Model(&rows)
	if f.EditionID != "" {
		q = q.Where("edition_id = ?", f.EditionID)
	}
	if f.Kind != "" {
		q = q.Where("kind = ?", f.Kind)
	}
	if f.Unsent {
		q = q.Where("sent_at IS NULL")
	}
	total, err := q.Count(ctx)
	if err != nil {
		return nil, 0, err
	}
	if f.EditionID == "" {
		q = q.OrderExpr("id DESC") // ids sort by time
	} else {
		q = q.OrderExpr("created_at DESC, id DESC")
	}
	err = q.Limit(int64(min(max(f.Limit, 1), maxShown))).Offset(int64(max(f.Offset, 0))).Scan(ctx)
	shown := make([]Shown, len(rows))
	for i, r := range rows {
		shown[i] = s.show(r)
	}
	return shown, int64(total), err
}

// Tally is how many letters of a kind there are, how many of them have not left,
// and how many are given up.
type Tally struct {
	Kind                    string
	Letters, Unsent, Failed int64
}

// Tallies counts an edition's letters by kind, or, without one, all; only those
// written since a moment.
func (s *Service) Tallies(ctx context.Context, editionID string, since time.Time) ([]Tally, error) {
	return s.tallies(ctx, "(edition_id = ? OR ? = '') AND created_at >= ?", editionID, editionID, since)
}

// Became tells what became of the letters of one kind written at one moment.
func (s *Service) Became(ctx context.Context, editionID, kind string, at time.Time) (Tally, error) {
	list, err := s.tallies(ctx, "edition_id = ? AND kind = ? AND created_at = ?", editionID, kind, at)
	if len(list) == 0 {
		return Tally{Kind: kind}, err
	}
	return list[0], err
}

func (s *Service) tallies(ctx context.Context, where string, args ...any) ([]Tally, error) {
	var list []Tally
	err := s.db.Read.NewRaw(`SELECT kind, COUNT(*) AS letters, SUM(CASE WHEN sent_at IS NULL THEN 1 ELSE 0 END) AS unsent,
			SUM(CASE WHEN sent_at IS NULL AND next_at >= ? THEN 1 ELSE 0 END) AS failed
		FROM mail WHERE `+where+` GROUP BY kind ORDER BY kind`, append([]any{never}, args...)...).Scan(ctx, &list)
	return list, err
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
	shown := Shown{Row: r, Subject: subject, Body: body, State: s.state(r)}
	if r.Kind == OrganisersOwn {
		shown.HTML = r.own().HTML
	}
	return shown
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
