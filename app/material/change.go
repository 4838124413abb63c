package material

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
)

// Add gives a session a piece of material, after those it has.
func (s *Service) Add(ctx context.Context, by Author, e edition.Edition, sessionID string, in Input) (Material, error) {
	if err := in.Check(); err != nil {
		return Material{}, err
	}
	m := Material{ID: db.NewID(), EditionID: e.ID, SessionID: sessionID, Version: 1, CreatedAt: s.now(), ChangedAt: s.now()}
	err := s.change(ctx, by, e, "material.new", m.ID, func(ctx context.Context, tx bun.Tx) error {
		slug, err := sessionSlug(ctx, tx, by, e, sessionID)
		if err != nil {
			return err
		}
		if by.Speaker != "" {
			in.SpeakerID = by.Speaker
		}
		if err := in.attach(ctx, tx, by, e, m); err != nil {
			return err
		}
		m.take(in)
		if err := room(ctx, tx, by, m); err != nil {
			return err
		}
		if m.Rank, err = beside(ctx, tx, m); err != nil {
			return err
		}
		if m.Slug, err = freeSlug(ctx, tx, e, slug, m); err != nil {
			return err
		}
		if _, err := tx.NewInsert().Model(&m).Exec(ctx); err != nil {
			return err
		}
		return s.note(ctx, tx, by, m)
	})
	return m, err
}

// Change replaces what is said of a piece of material. Another file or address is
// a new version: our own address stays, and what was there stays for organisers.
func (s *Service) Change(ctx context.Context, by Author, e edition.Edition, id string, in Input) (Material, error) {
	if err := in.Check(); err != nil {
		return Material{}, err
	}
	var m Material
	err := s.change(ctx, by, e, "material.change", id, func(ctx context.Context, tx bun.Tx) (err error) {
		if m, err = own(ctx, tx, by, e, id); err != nil {
			return err
		}
		if by.Speaker != "" {
			in.SpeakerID = by.Speaker
		}
		return s.replace(ctx, tx, by, e, &m, in)
	})
	return m, err
}

// NewVersion puts another file or address in the place of the one before and
// leaves everything else as it is.
func (s *Service) NewVersion(ctx context.Context, by Author, e edition.Edition, id string, src Source) (Material, error) {
	var m Material
	err := s.change(ctx, by, e, "material.version", id, func(ctx context.Context, tx bun.Tx) (err error) {
		if m, err = own(ctx, tx, by, e, id); err != nil {
			return err
		}
		in := InputOf(m)
		in.FileID, in.URL = src.FileID, src.URL
		if err := in.Check(); err != nil {
			return err
		}
		return s.replace(ctx, tx, by, e, &m, in)
	})
	return m, err
}

// replace writes what is said now, with a new version where the source differs.
func (s *Service) replace(ctx context.Context, tx bun.Tx, by Author, e edition.Edition, m *Material, in Input) error {
	if err := in.attach(ctx, tx, by, e, *m); err != nil {
		return err
	}
	other := in.FileID != m.FileID || in.URL != m.URL
	if other || in.Kind != m.Kind {
		m.Extra = Extra{}
	}
	m.take(in)
	if other {
		m.Version++
		m.ChangedAt = s.now()
		if err := room(ctx, tx, by, *m); err != nil {
			return err
		}
		if err := s.note(ctx, tx, by, *m); err != nil {
			return err
		}
	}
	if _, err := beside(ctx, tx, *m); err != nil {
		return err
	}
	_, err := tx.NewUpdate().Model(m).ExcludeColumn("id", "edition_id", "session_id", "slug", "rank", "created_at").
		Where("id = ?", m.ID).Where("edition_id = ?", e.ID).Exec(ctx)
	return err
}

// Move puts a piece of material before or after its neighbour.
func (s *Service) Move(ctx context.Context, by Author, e edition.Edition, id string, up bool) error {
	return s.change(ctx, by, e, "material.move", id, func(ctx context.Context, tx bun.Tx) error {
		m, err := own(ctx, tx, by, e, id)
		if err != nil {
			return err
		}
		var list []Material
		if err := tx.NewSelect().Model(&list).Column("id", "rank").Where("session_id = ?", m.SessionID).Order("rank", "id").Scan(ctx); err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(o Material) bool { return o.ID == id })
		j := i + 1
		if up {
			j = i - 1
		}
		if j < 0 || j >= len(list) {
			return nil
		}
		list[i], list[j] = list[j], list[i]
		for rank, o := range list {
			if _, err := tx.NewUpdate().Model(&o).Set("rank = ?", rank+1).Where("id = ?", o.ID).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// own gives the piece of material if the author may change it; to a speaker,
// what is somebody else's is not there.
func own(ctx context.Context, tx bun.IDB, by Author, e edition.Edition, id string) (Material, error) {
	var m Material
	err := tx.NewSelect().Model(&m).Where("id = ?", id).Where("edition_id = ?", e.ID).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) || err == nil && by.Speaker != "" && m.SpeakerID != by.Speaker {
		return m, fail.Missing("material.missing")
	}
	if err == nil && by.Speaker != "" {
		_, err = sessionSlug(ctx, tx, by, e, m.SessionID)
	}
	return m, err
}

// sessionSlug is the address of a session to which the author may add.
func sessionSlug(ctx context.Context, tx bun.IDB, by Author, e edition.Edition, sessionID string) (slug string, err error) {
	q := tx.NewSelect().Table("session").Column("slug").Where("id = ?", sessionID).Where("edition_id = ?", e.ID)
	if by.Speaker != "" {
		q = q.Where("id IN (SELECT session_id FROM session_speaker WHERE speaker_id = ?)", by.Speaker)
	}
	err = q.Scan(ctx, &slug)
	if errors.Is(err, sql.ErrNoRows) {
		return "", fail.Missing("material.session_missing")
	}
	return slug, err
}

// note keeps the newest version beside those before.
func (s *Service) note(ctx context.Context, tx bun.IDB, by Author, m Material) error {
	v := Version{MaterialID: m.ID, Number: m.Version, FileID: m.FileID, URL: m.URL, PersonID: by.Person, SpeakerID: by.Speaker, CreatedAt: s.now()}
	_, err := tx.NewInsert().Model(&v).Exec(ctx)
	return err
}

func (m *Material) take(in Input) {
	m.Kind, m.Title, m.URL, m.FileID = in.Kind, in.Title, in.URL, in.FileID
	m.Visibility, m.Shown, m.ShownAt = in.Visibility, in.Shown, in.ShownAt
	m.Language, m.Licence, m.SpeakerID = in.Language, in.Licence, in.SpeakerID
	m.RecordedAt, m.Captions, m.TranscriptURL = in.RecordedAt, in.Captions, in.TranscriptURL
}

// beside looks at the session's other material: the address may not be there
// yet, nor may there be too much. It gives the rank after them.
func beside(ctx context.Context, tx bun.IDB, m Material) (rank int64, err error) {
	var others []Material
	err = tx.NewSelect().Model(&others).Column("id", "url", "rank").
		Where("session_id = ?", m.SessionID).Where("id <> ?", m.ID).Scan(ctx)
	if err != nil {
		return 0, err
	}
	for _, o := range others {
		if o.URL == m.URL && m.URL != "" {
			return 0, fail.Wrong("url", "material.url_twice")
		}
		rank = max(rank, o.Rank)
	}
	if len(others) >= maxPerSession {
		return 0, fail.Wrong("kind", "material.too_many", "max", maxPerSession)
	}
	return rank + 1, nil
}

// change runs one use case in a transaction of its own. Raising the edition's
// revision first takes its row, so that two people adding at once are one after
// the other.
func (s *Service) change(ctx context.Context, by Author, e edition.Edition, act, subject string,
	fn func(ctx context.Context, tx bun.Tx) error) error {
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := edition.Touch(ctx, tx, e.ID); err != nil {
			return err
		}
		if err := fn(ctx, tx); err != nil {
			return err
		}
		line := audit.Entry{Person: by.Person, Edition: e.ID, Act: act, Subject: subject}
		if by.Speaker != "" {
			line.Detail = "speaker"
		}
		return audit.Write(ctx, tx, s.now(), line)
	})
	if err == nil {
		s.editions.Forget()
	}
	return err
}
