package speaking

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/program"
	"agora/app/text"
)

// Change is one text that was changed through a speaker's link.
type Change struct {
	bun.BaseModel `bun:"table:speaking_change"`

	ID        string `bun:",pk"`
	EditionID string
	SpeakerID string
	SessionID string // empty: of the speaker themselves
	Field     string // called by the message speaking.field.FIELD
	Language  text.Lang
	Was       string
	Became    string
	CreatedAt time.Time
}

// maxChanges is how many changes of a speaker an organiser is shown.
const maxChanges = 100

// Changes gives what was changed through a speaker's link, the newest first.
func (s *Service) Changes(ctx context.Context, e edition.Edition, speakerID string) ([]Change, error) {
	var list []Change
	err := s.db.Read.NewSelect().Model(&list).Where("speaker_id = ? AND edition_id = ?", speakerID, e.ID).
		Order("created_at DESC", "id DESC").Limit(maxChanges).Scan(ctx)
	return list, err
}

// differences lists the languages in which a text is another now.
func differences(field, sessionID string, was, became text.Texts) (list []Change) {
	for _, l := range text.Langs {
		if was[l] != became[l] {
			list = append(list, Change{SessionID: sessionID, Field: field, Language: l, Was: was[l], Became: became[l]})
		}
	}
	return list
}

// act runs what is done through a link in a transaction of its own: the link must
// still be the one that was opened, and what was changed is noted, for the copy to
// the speaker's address and for the organisers. fn may change x, which is written
// afterwards. The edition's row is taken first, as by every other writer.
func (s *Service) act(ctx context.Context, e edition.Edition, x Speaking, section Section, fn func(ctx context.Context, tx bun.Tx, x *Speaking) ([]Change, error)) (Speaking, error) {
	var now Speaking
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := edition.Touch(ctx, tx, e.ID); err != nil {
			return err
		}
		var err error
		if now, err = locked(ctx, tx, x); err != nil {
			return err
		}
		changes, err := fn(ctx, tx, &now)
		if err != nil {
			return err
		}
		return s.noted(ctx, tx, &now, section, changes)
	})
	if err == nil {
		s.editions.Forget()
	}
	return now, err
}

// locked takes the row of a speaker until the transaction ends. Gone when the
// link was renewed since it was opened.
func locked(ctx context.Context, tx bun.IDB, x Speaking) (Speaking, error) {
	var now Speaking
	err := tx.NewRaw("UPDATE speaking SET link = link WHERE speaker_id = ? AND edition_id = ? RETURNING *", x.SpeakerID, x.EditionID).Scan(ctx, &now)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return now, fail.Missing("speaking.link_missing")
	case err == nil && now.Link != x.Link:
		return now, fail.New(fail.Gone, "speaking.link_renewed")
	}
	return now, err
}

// noted writes x, what was changed and the log.
func (s *Service) noted(ctx context.Context, tx bun.IDB, x *Speaking, section Section, changes []Change) error {
	at := s.now()
	if x.OpenedAt == nil {
		x.OpenedAt = &at
	}
	if !slices.Contains(x.Untold, section) {
		x.Untold = append(x.Untold, section)
	}
	if x.UntoldAt == nil {
		x.UntoldAt = &at
	}
	if err := write(ctx, tx, x); err != nil {
		return err
	}
	for i := range changes {
		changes[i].ID, changes[i].EditionID, changes[i].SpeakerID, changes[i].CreatedAt = db.NewID(), x.EditionID, x.SpeakerID, at
	}
	if len(changes) > 0 {
		if _, err := tx.NewInsert().Model(&changes).Exec(ctx); err != nil {
			return err
		}
	}
	return audit.Write(ctx, tx, at, audit.Entry{Edition: x.EditionID, Act: "speaking." + string(section), Subject: x.SpeakerID})
}

// write stores a row that is locked.
func write(ctx context.Context, tx bun.IDB, x *Speaking) error {
	_, err := tx.NewUpdate().Model(x).WherePK().ExcludeColumn("speaker_id", "edition_id", "created_at").Exec(ctx)
	return err
}

// Noted tells the address and the organisers of something that another area has
// done through the link, such as handing in material.
func (s *Service) Noted(ctx context.Context, e edition.Edition, x Speaking, section Section, changes ...Change) error {
	_, err := s.act(ctx, e, x, section, func(context.Context, bun.Tx, *Speaking) ([]Change, error) { return changes, nil })
	return err
}

// speaker reads a speaker of the edition.
func speaker(ctx context.Context, idb bun.IDB, e edition.Edition, id string) (program.Speaker, error) {
	var who program.Speaker
	err := idb.NewSelect().Model(&who).Where("id = ? AND edition_id = ?", id, e.ID).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return who, fail.Missing("program.speaker_missing")
	}
	return who, err
}
