package certificate

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/edition"
	"agora/app/fail"
)

// Word is an organiser's word on one person: that they were there, and for how
// long (0: as long as everybody), or that they were not.
type Word struct {
	bun.BaseModel `bun:"table:certificate_word,alias:word"`

	RegistrationID string `bun:",pk"`
	EditionID      string
	Present        bool
	Minutes        int64
	PersonID       string
	At             time.Time
}

// Give writes an organiser's word.
func (s *Service) Give(ctx context.Context, by string, e edition.Edition, registrationID string, present bool, minutes int64) error {
	if minutes < 0 || minutes > MaxMinutes {
		return fail.Wrong("minutes", "certificate.minutes_range", "max", int64(MaxMinutes))
	}
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		// Only a registration of this edition: the address names both.
		res, err := tx.NewRaw(`INSERT INTO certificate_word (registration_id, edition_id, present, minutes, person_id, at)
			SELECT id, edition_id, ?, ?, ?, ? FROM registration WHERE id = ? AND edition_id = ?
			ON CONFLICT (registration_id) DO UPDATE SET present = EXCLUDED.present, minutes = EXCLUDED.minutes, person_id = EXCLUDED.person_id, at = EXCLUDED.at`,
			present, minutes, by, s.now(), registrationID, e.ID).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return orMissing(err)
		}
		return s.logWord(ctx, tx, by, e, registrationID, present)
	})
}

// TakeBack forgets an organiser's word: the rules decide again.
func (s *Service) TakeBack(ctx context.Context, by string, e edition.Edition, registrationID string) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		res, err := tx.NewDelete().Model((*Word)(nil)).Where("registration_id = ? AND edition_id = ?", registrationID, e.ID).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return audit.Write(ctx, tx, s.now(), audit.Entry{Person: by, Edition: e.ID, Act: "certificate.word_back", Subject: registrationID})
	})
}

func (s *Service) logWord(ctx context.Context, tx bun.IDB, by string, e edition.Edition, registrationID string, present bool) error {
	act := "certificate.word_yes"
	if !present {
		act = "certificate.word_no"
	}
	return audit.Write(ctx, tx, s.now(), audit.Entry{Person: by, Edition: e.ID, Act: act, Subject: registrationID})
}

func orMissing(err error) error {
	if err != nil {
		return err
	}
	return fail.Missing("certificate.nobody")
}
