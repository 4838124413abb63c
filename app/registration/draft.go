package registration

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
)

// draftLife is how long after closing a form that was filled in and never sent
// is kept.
const draftLife = 24 * time.Hour

// maxDraft bounds a saved form in bytes, like the form itself.
const maxDraft = 64 << 10

// draft is a form filled in before the opening. Only a hash of its owner's
// secret is stored, so nobody else can open it.
type draft struct {
	bun.BaseModel `bun:"table:draft"`

	Hash      string `bun:",pk"`
	EditionID string
	Form      string
	SavedAt   time.Time
}

func draftHash(secret string) string {
	sum := sha256.Sum256([]byte("draft:" + secret))
	return hex.EncodeToString(sum[:])
}

// SaveDraft keeps the fields of a form for an edition under a secret, which a
// first saving (with an empty one) makes.
func (s *Service) SaveDraft(ctx context.Context, e edition.Edition, secret string, fields map[string]string) (string, error) {
	b, err := json.Marshal(fields)
	if err != nil {
		return "", err
	}
	if len(b) > maxDraft {
		return "", fail.Clash("registration.draft_long")
	}
	if secret == "" {
		secret = RandomLetters(32)
	}
	row := draft{Hash: draftHash(secret), EditionID: e.ID, Form: string(b), SavedAt: s.now()}
	_, err = s.db.Write.NewInsert().Model(&row).On("CONFLICT (hash) DO UPDATE").Set("form = EXCLUDED.form").
		Set("saved_at = EXCLUDED.saved_at").Where("draft.edition_id = EXCLUDED.edition_id").Exec(ctx)
	return secret, err
}

// Draft gives back what was saved under a secret; nothing when there is nothing.
func (s *Service) Draft(ctx context.Context, e edition.Edition, secret string) (map[string]string, error) {
	if secret == "" {
		return nil, nil
	}
	var row draft
	err := s.db.Read.NewSelect().Model(&row).Where("hash = ? AND edition_id = ?", draftHash(secret), e.ID).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	fields := map[string]string{}
	return fields, db.ScanJSON(row.Form, &fields)
}

// DropDraft forgets a form that was sent, or is not wanted any more.
func (s *Service) DropDraft(ctx context.Context, secret string) error {
	_, err := s.drops.Do(ctx, draftHash(secret))
	return err
}

// dropDrafts forgets a set of forms in one statement: in the opening minute they
// go by the thousand, and one by one they would hold up the line for seats.
func dropDrafts(ctx context.Context, tx bun.Tx, hashes []string) ([]db.Outcome[struct{}], error) {
	_, err := tx.NewDelete().Model((*draft)(nil)).Where("hash IN (?)", bun.List(hashes)).Exec(ctx)
	return make([]db.Outcome[struct{}], len(hashes)), err
}

// PurgeDrafts deletes forms never sent, a day after their edition closed, and
// lists that nobody said yes to.
func (s *Service) PurgeDrafts(ctx context.Context) (int64, error) {
	res, err := s.db.Write.NewRaw("DELETE FROM draft WHERE edition_id IN (SELECT id FROM edition WHERE closes_at < ?)",
		s.now().Add(-draftLife)).Exec(ctx)
	if err != nil {
		return 0, err
	}
	if _, err := s.db.Write.NewDelete().Model((*listImport)(nil)).Where("created_at < ?", s.now().Add(-draftLife)).Exec(ctx); err != nil {
		return 0, err
	}
	return res.RowsAffected()
}
