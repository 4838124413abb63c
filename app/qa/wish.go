package qa

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"agora/app/fail"
	"agora/app/mail"
	"agora/app/text"
)

const (
	// wishLife is how long an address is kept for an answer that does not come:
	// speakers write theirs within weeks.
	wishLife = 120 * 24 * time.Hour
	// tellAfter leaves time to take back a press on the wrong button.
	tellAfter = 2 * time.Minute
	// tellMax bounds how many questions one turn tells about.
	tellMax = 200
	// addressMax is the longest that a mail address can be.
	addressMax = 254
)

// wish is a row of answer_wish.
type wish struct {
	bun.BaseModel `bun:"table:answer_wish"`

	ID      string
	Subject string
	Address string
	Day     string
}

// address is what is sealed in a wish.
type address struct {
	Email string    `json:"email"`
	Lang  text.Lang `json:"lang"`
}

// TellMe keeps an address that is written to once when the question is answered,
// and forgotten with that. Anybody may leave one for a question they see, and
// whoever holds its secret for their own: a wish says nothing of who asked. The
// same address twice is one.
func (s *Service) TellMe(ctx context.Context, v Viewer, questionID, secret, email string, lang text.Lang) error {
	email, ok := text.Clean(email)
	if !ok || len(email) > addressMax || strings.Count(email, "@") != 1 || strings.ContainsAny(email, " \n\r\t<>,;") ||
		strings.HasPrefix(email, "@") || strings.HasSuffix(email, "@") {
		return fail.Wrong("email", "field.email")
	}
	m, unlock, err := s.fresh(ctx, v.Room)
	if err != nil {
		return err
	}
	q := m.questions[questionID]
	unlock()
	switch {
	case q == nil, !Audience.Sees(q.State) && (q.Owner == "" || q.Owner != ownerOf(secret)) && (q.PersonID == nil || *q.PersonID != v.Person):
		return fail.Missing(CodeNotFound.Key())
	case q.State == StateWithdrawn || q.State == StateRejected:
		return fail.Clash(CodeWrongState.Key())
	}
	sealed, err := s.sealAddress(questionID, address{email, lang})
	if err != nil {
		return err
	}
	w := wish{
		ID: s.wishKey("one", questionID, strings.ToLower(email)), Subject: s.wishKey("subject", questionID),
		Address: sealed, Day: s.now().UTC().Format(time.DateOnly),
	}
	_, err = s.db.Write.NewInsert().Model(&w).On("CONFLICT (id) DO NOTHING").Exec(ctx)
	return err
}

// wishKey is a keyed hash: without the server's secret nobody can try questions or
// addresses against the table.
func (s *Service) wishKey(purpose string, parts ...string) string {
	return base64.RawURLEncoding.EncodeToString(keyed(string(s.secret), "wish "+purpose, parts...)[:18])
}

func (s *Service) wishSeal(questionID string) (cipher.AEAD, error) {
	c, err := aes.NewCipher(keyed(string(s.secret), "wish seal", questionID))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(c)
}

func (s *Service) sealAddress(questionID string, a address) (string, error) {
	aead, err := s.wishSeal(questionID)
	if err != nil {
		return "", err
	}
	nonce := make([]byte, aead.NonceSize())
	rand.Read(nonce)
	// Of one length, so that it does not tell how long the address is.
	plain := encode(a)
	plain = append(plain, strings.Repeat(" ", max(0, addressMax+48-len(plain)))...)
	return base64.RawURLEncoding.EncodeToString(aead.Seal(nonce, nonce, plain, nil)), nil
}

func (s *Service) openAddress(questionID, sealed string) (a address, err error) {
	aead, err := s.wishSeal(questionID)
	if err != nil {
		return a, err
	}
	b, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil || len(b) < aead.NonceSize() {
		return a, errors.Join(errors.New("a wish that is not sealed"), err)
	}
	plain, err := aead.Open(nil, b[:aead.NonceSize()], b[aead.NonceSize():], nil)
	if err != nil {
		return a, err
	}
	return a, json.Unmarshal(plain, &a)
}

// tellFrom says from when those who asked for it are told, unless they were to be
// told already.
func (q *question) tellFrom(at time.Time) {
	if q.TellAt == nil {
		from := at.Add(tellAfter)
		q.TellAt = &from
	}
}

// Answered is a question that people are told of.
type Answered struct{ ID, Session, Edition string }

// Letters says what a letter about a session's questions needs: the edition's name
// in a language and the address of the session's page.
type Letters func(ctx context.Context, a Answered, lang text.Lang) (edition, link string, err error)

// TellAnswered writes to those who asked to be told of questions that are answered
// by now, and forgets their addresses in the same transaction. It gives the number
// of letters. A letter names the session but not the question: who sees the outbox
// learns of nobody what they asked.
func (s *Service) TellAnswered(ctx context.Context, about Letters) (int, error) {
	now := s.now().UTC()
	var due []Answered
	err := s.db.Read.NewRaw(`SELECT q.id, q.session_id AS session, r.edition_id AS edition FROM question AS q
		JOIN live_room AS r ON r.session_id = q.session_id WHERE q.tell_at <= ? ORDER BY q.tell_at LIMIT ?`, now, tellMax).Scan(ctx, &due)
	if err != nil {
		return 0, fmt.Errorf("reading answered questions: %w", err)
	}
	sent := 0
	for _, a := range due {
		n, err := s.tellOne(ctx, a, about, now)
		if err != nil {
			return sent, err
		}
		sent += n
	}
	return sent, nil
}

func (s *Service) tellOne(ctx context.Context, a Answered, about Letters, now time.Time) (sent int, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		res, err := tx.NewRaw(`UPDATE question SET tell_at = NULL WHERE id = ? AND tell_at <= ?`, a.ID, now).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); n == 0 || err != nil {
			return err // taken back meanwhile, or told by another
		}
		var wishes []wish
		if err := tx.NewRaw(`DELETE FROM answer_wish WHERE subject = ? RETURNING *`, s.wishKey("subject", a.ID)).Scan(ctx, &wishes); err != nil {
			return err
		}
		letters := make([]mail.Letter, 0, len(wishes))
		for _, w := range wishes {
			to, err := s.openAddress(a.ID, w.Address)
			if err != nil {
				continue // sealed with another secret: nobody can read it any more
			}
			edition, link, err := about(ctx, a, to.Lang)
			if err != nil {
				return err
			}
			letters = append(letters, mail.Letter{
				EditionID: a.Edition, Email: to.Email, Language: to.Lang, Kind: mail.QuestionsAnswered,
				Args: map[string]any{"edition": edition, "link": link},
			})
		}
		sent = len(letters)
		return mail.Queue(ctx, tx, now, letters...)
	})
	return sent, err
}

// ForgetWishes drops addresses whose question was not answered within wishLife.
func (s *Service) ForgetWishes(ctx context.Context) error {
	_, err := s.db.Write.NewRaw(`DELETE FROM answer_wish WHERE day < ?`, s.now().UTC().Add(-wishLife).Format(time.DateOnly)).Exec(ctx)
	return err
}
