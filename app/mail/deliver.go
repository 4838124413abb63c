package mail

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/mail"
	"slices"
	"strings"
	"time"

	"agora/app/db"
	"agora/app/text"
)

const (
	// batch is how many letters a node claims at once.
	batch = 20
	// claimTime is how long a claimed letter is left alone by other nodes: longer
	// than a batch takes, so that none is sent twice while its node lives.
	claimTime = 15 * time.Minute
	// sendTime bounds one letter.
	sendTime = 40 * time.Second
	// settleTime bounds the write that says what became of a letter.
	settleTime = 5 * time.Second
	// maxProblem bounds what is kept of a server's words.
	maxProblem = 300
)

// What is kept as the problem of a letter that Agora itself gave up.
const (
	problemPrefix  = "mail.problem."
	problemLate    = problemPrefix + "late"
	problemErased  = problemPrefix + "erased"
	problemAddress = problemPrefix + "address"
)

var (
	// ErrUnreachable is wrapped by a sender that got no connection: every other
	// letter would fail the same way.
	ErrUnreachable = errors.New("the mail server cannot be reached")
	// ErrRefused is wrapped by a sender whose server will never take this letter.
	ErrRefused = errors.New("the mail server refuses this letter")
)

// pause is how long a letter rests after its nth failed attempt; after the last
// it is given up. Together they outlast an outage of a day.
func pause(attempts int64) (time.Duration, bool) {
	pauses := [...]time.Duration{
		time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour,
		6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
	}
	if attempts < 1 || attempts > int64(len(pauses)) {
		return 0, false
	}
	return pauses[attempts-1], true
}

// Message is a letter ready to be sent. ID is the same at every attempt.
type Message struct {
	ID       string
	Date     time.Time
	Language text.Lang
	From     *mail.Address
	To       *mail.Address
	Subject  string
	Text     string
	HTML     string // the same once more, when it has a form
	ICS      string
}

// Sender hands a message to a mail server. One that is also an io.Closer is
// closed after every round and must be able to send again.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// Deliver sends every letter whose time has come and gives their number. What
// fails is tried again later; an error says that the database or the mail
// server cannot be reached.
func (s *Service) Deliver(ctx context.Context) (int, error) {
	if s.sender == nil {
		return 0, nil
	}
	if c, ok := s.sender.(io.Closer); ok {
		defer c.Close()
	}
	total := 0
	for {
		rows, err := s.claim(ctx)
		if err != nil || len(rows) == 0 {
			return total, err
		}
		n, err := s.sendAll(ctx, rows)
		total += n
		if err != nil {
			return total, err
		}
	}
}

// claim takes due letters for this node: the conditional update counts the
// attempt and moves the next time past the claim. What can reach nobody is left.
func (s *Service) claim(ctx context.Context) ([]Row, error) {
	lock := ""
	if s.db.Engine == db.Postgres {
		// Nodes pass by each other's letters instead of waiting for them.
		lock = "FOR UPDATE SKIP LOCKED"
	}
	now := s.now()
	var rows []Row
	err := s.db.Write.NewRaw(`WITH due AS (
			SELECT id FROM mail WHERE sent_at IS NULL AND next_at <= ? AND lower(email) NOT LIKE ? ORDER BY next_at, id LIMIT ? `+lock+`)
		UPDATE mail SET attempts = attempts + 1, next_at = ?
		WHERE id IN (SELECT id FROM due) AND sent_at IS NULL AND next_at <= ?
		RETURNING *`, now, "%"+nowhere, batch, now.Add(claimTime), now).Scan(ctx, &rows)
	slices.SortFunc(rows, func(a, b Row) int { return cmp.Compare(a.ID, b.ID) })
	return rows, err
}

// sendAll sends a claimed batch. When it has to stop, the rest is given back
// as it was.
func (s *Service) sendAll(ctx context.Context, rows []Row) (int, error) {
	sent := 0
	until := s.now().Add(claimTime - sendTime)
	for i, r := range rows {
		if ctx.Err() != nil || s.now().After(until) {
			return sent, errors.Join(ctx.Err(), s.giveBack(ctx, rows[i:]))
		}
		failed := s.send(ctx, r)
		if failed == nil {
			sent++
		}
		if err := s.settle(ctx, r, failed); err != nil {
			return sent, errors.Join(err, s.giveBack(ctx, rows[i+1:]))
		}
		if errors.Is(failed, ErrUnreachable) {
			return sent, errors.Join(failed, s.giveBack(ctx, rows[i+1:]))
		}
	}
	return sent, nil
}

// ours is an error whose text is a key of the catalogue.
type ours string

func (e ours) Error() string { return string(e) }
func (e ours) Unwrap() error { return ErrRefused }

func (s *Service) send(ctx context.Context, r Row) error {
	k, _ := kindOf(r.Kind)
	if s.now().Sub(r.CreatedAt) > k.life {
		return ours(problemLate)
	}
	to, err := mail.ParseAddress(r.Email)
	if err != nil || to.Name != "" || to.Address != r.Email {
		return ours(problemAddress)
	}
	to.Name = r.Name
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	subject, body := s.Render(r)
	return s.sender.Send(ctx, Message{
		ID: r.ID + "@" + s.site.Hostname(), Date: r.CreatedAt, Language: r.Language,
		From: s.from, To: to, Subject: subject, Text: body, HTML: s.html(r), ICS: r.Attachment,
	})
}

// settle writes what became of a letter, also when the program is stopping:
// forgetting it would send the letter again.
func (s *Service) settle(ctx context.Context, r Row, failed error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	now := s.now()
	q := s.db.Write.NewUpdate().Model((*Row)(nil)).Where("id = ?", r.ID).Where("sent_at IS NULL")
	if failed == nil {
		q = q.Set("sent_at = ?", now).Set("problem = ''")
	} else {
		// A claim that ran out may belong to another node by now.
		q = q.Set("problem = ?", problem(failed)).Where("attempts = ?", r.Attempts)
		rest, again := pause(r.Attempts)
		if again && !errors.Is(failed, ErrRefused) {
			_, err := q.Set("next_at = ?", now.Add(rest)).Exec(ctx)
			return err
		}
		q = q.Set("next_at = ?", never)
	}
	if safe := r.redacted(); safe != r.Args {
		q = q.Set("args = ?", safe)
	}
	_, err := q.Exec(ctx)
	return err
}

func (s *Service) giveBack(ctx context.Context, rows []Row) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	for _, r := range rows {
		_, err := s.db.Write.NewRaw(`UPDATE mail SET attempts = attempts - 1, next_at = ?
			WHERE id = ? AND attempts = ? AND sent_at IS NULL`, s.now(), r.ID, r.Attempts).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

func problem(err error) string {
	var o ours
	if errors.As(err, &o) {
		return string(o)
	}
	r := []rune(strings.Join(strings.Fields(strings.ToValidUTF8(err.Error(), "?")), " "))
	return strings.ReplaceAll(string(r[:min(len(r), maxProblem)]), "\x00", "")
}
