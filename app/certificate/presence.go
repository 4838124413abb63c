package certificate

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration"
)

const (
	// Pulse is how often a page of the live rooms says that it is open.
	Pulse = time.Minute
	// longestGap is how much a single word of a page may count: who closed the
	// laptop for an hour was not there for it.
	longestGap = 2*Pulse + 30*time.Second
	// around is how long before and after the edition's hours minutes count.
	around = 15 * time.Minute
	// presenceLife is how long minutes are kept after the day; certificates stay.
	presenceLife = 90 * 24 * time.Hour
)

// presence is how long somebody was in the live rooms. Which ones is not kept.
type presence struct {
	bun.BaseModel `bun:"table:certificate_presence,alias:presence"`

	RegistrationID string `bun:",pk"`
	EditionID      string
	Seconds        int64
	Since          time.Time
	SeenAt         time.Time
}

// Counts tells whether an edition counts minutes now: it gives certificates by
// them, and its hours are on.
func (s *Service) Counts(ctx context.Context, e edition.Edition) (bool, error) {
	now := s.now()
	if now.Before(e.StartsAt.Add(-around)) || now.After(e.EndsAt.Add(around)) {
		return false, nil
	}
	r, err := s.Rules(ctx, e.ID)
	return r.Remote == RemoteLive, err
}

// Here counts the time since somebody's page last said that it is open, once
// however many pages they have open, and gives how long it is altogether.
func (s *Service) Here(ctx context.Context, e edition.Edition, r registration.Registration) (time.Duration, error) {
	on, err := s.Counts(ctx, e)
	if err != nil {
		return 0, err
	}
	if kind, attends := r.Attends(); !on || !attends || kind != registration.Remote || r.EditionID != e.ID {
		return 0, fail.Clash("certificate.not_counted")
	}
	now := s.now()
	var had presence
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		row := presence{RegistrationID: r.ID, EditionID: e.ID, Since: now, SeenAt: now}
		res, err := tx.NewInsert().Model(&row).On("CONFLICT (registration_id) DO NOTHING").Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 1 {
			return err
		}
		if err := tx.NewSelect().Model(&had).Where("registration_id = ?", r.ID).Scan(ctx); err != nil {
			return err
		}
		gap := now.Sub(had.SeenAt)
		if gap <= 0 {
			return nil
		}
		if gap > longestGap {
			gap = 0
		}
		// A second page that says the same at this moment finds the time counted.
		res, err = tx.NewUpdate().Model((*presence)(nil)).Set("seconds = seconds + ?", int64(gap.Seconds())).Set("seen_at = ?", now).
			Where("registration_id = ? AND seen_at = ?", r.ID, had.SeenAt).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		had.Seconds += int64(gap.Seconds())
		return nil
	})
	return time.Duration(had.Seconds) * time.Second, err
}

// PurgePresence deletes minutes that have served their purpose.
func (s *Service) PurgePresence(ctx context.Context) (int64, error) {
	res, err := s.db.Write.NewRaw("DELETE FROM certificate_presence WHERE edition_id IN (SELECT id FROM edition WHERE ends_at < ?)", s.now().Add(-presenceLife)).Exec(ctx)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Mark proves to the live rooms' pages whose minutes they count. It holds the
// registration's id, opens nothing else, and ends when the ticket changes hands.
func Mark(secret []byte, r registration.Registration) string {
	h := hmac.New(sha256.New, secret)
	h.Write([]byte("agora presence:" + r.ID + ":" + strconv.FormatInt(r.Version, 10)))
	return r.ID + "." + base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:16])
}

// Marked gives the registration of an edition that a mark is of. Missing for one
// that is not genuine, or of a former holder.
func (s *Service) Marked(ctx context.Context, secret []byte, e edition.Edition, mark string) (registration.Registration, error) {
	id, _, _ := strings.Cut(mark, ".")
	r, err := s.registrations.ByID(ctx, id)
	if err == nil && (r.EditionID != e.ID || !hmac.Equal([]byte(mark), []byte(Mark(secret, r)))) {
		err = fail.Missing("certificate.not_counted")
	}
	return r, err
}
