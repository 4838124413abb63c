package door

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/text"
)

// maxNote is a sentence that somebody at the door reads in passing.
const maxNote = 160

// setup is how an edition keeps its door.
type setup struct {
	bun.BaseModel `bun:"table:door_setup"`

	EditionID string `bun:",pk"`
	Change    int64
	ReleaseAt *time.Time
}

// ReleaseAt gives from when the seats of those who are not there go to whoever is
// at the door; zero when they never do.
func (s *Service) ReleaseAt(ctx context.Context, editionID string) (time.Time, error) {
	var row setup
	err := s.db.Read.NewSelect().Model(&row).Where("edition_id = ?", editionID).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) || row.ReleaseAt == nil {
		return time.Time{}, nilIfNone(err)
	}
	return row.ReleaseAt.UTC(), err
}

func nilIfNone(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

// SetRelease says from when unused seats are given to whoever is at the door; zero
// takes it back. It can only be while the day is on.
func (s *Service) SetRelease(ctx context.Context, e edition.Edition, by string, at time.Time) error {
	var value *time.Time
	if !at.IsZero() {
		if at.Before(e.StartsAt.Add(-6*time.Hour)) || !at.Before(e.EndsAt) {
			return fail.Wrong("release_at", "door.release_day", "from", e.StartsAt, "to", e.EndsAt)
		}
		at = at.UTC().Truncate(time.Microsecond)
		value = &at
	}
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := s.begin(ctx, tx, e.ID); err != nil {
			return err
		}
		if _, err := tx.NewRaw("UPDATE door_setup SET release_at = ? WHERE edition_id = ?", value, e.ID).Exec(ctx); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s.now(), audit.Entry{Person: by, Edition: e.ID, Act: "door.release", Subject: e.Path()})
	})
}

// Note is what is said when somebody comes.
type Note struct {
	bun.BaseModel `bun:"table:door_note"`

	RegistrationID string `bun:",pk"`
	EditionID      string
	Note           string
	ChangedAt      time.Time
}

// SetNote keeps a note about a registration for the door; an empty one is deleted.
func (s *Service) SetNote(ctx context.Context, e edition.Edition, by, registrationID, note string) error {
	note, ok := text.Clean(note)
	switch {
	case !ok:
		return fail.Wrong("note", "field.characters")
	case len([]rune(note)) > maxNote:
		return fail.Wrong("note", "field.long", "max", maxNote)
	}
	defer s.rosters.Forget()
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewRaw("DELETE FROM door_note WHERE registration_id = ? AND edition_id = ?", registrationID, e.ID).Exec(ctx); err != nil {
			return err
		}
		if note != "" {
			res, err := tx.NewRaw(`INSERT INTO door_note (registration_id, edition_id, note, changed_at)
				SELECT id, edition_id, ?, ? FROM registration WHERE id = ? AND edition_id = ?`, note, s.now(), registrationID, e.ID).Exec(ctx)
			if err != nil {
				return err
			}
			if n, err := res.RowsAffected(); err != nil || n == 0 {
				return fail.Missing("registration.missing")
			}
		}
		return audit.Write(ctx, tx, s.now(), audit.Entry{Person: by, Edition: e.ID, Act: "door.note", Subject: registrationID})
	})
}

// Notes lists an edition's notes.
func (s *Service) Notes(ctx context.Context, editionID string) ([]Note, error) {
	var rows []Note
	err := s.db.Read.NewSelect().Model(&rows).Where("edition_id = ?", editionID).Order("registration_id").Scan(ctx)
	return rows, err
}
