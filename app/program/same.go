package program

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
)

// Same says that two speakers, of two editions, are the same human come back.
// Whoever was the same as either is the same as both then.
func (s *Service) Same(ctx context.Context, by string, e edition.Edition, speakerID, earlierID string) error {
	return s.resay(ctx, by, e, "speaker.same", speakerID, func(ctx context.Context, tx bun.IDB, one Speaker) ([]string, error) {
		var earlier Speaker
		if err := tx.NewSelect().Model(&earlier).Where("id = ?", earlierID).Scan(ctx); err != nil {
			return nil, missingSpeaker(err)
		}
		if one.Who == earlier.Who {
			return nil, nil
		}
		here, err := editionsOf(ctx, tx, one.Who)
		if err != nil {
			return nil, err
		}
		there, err := editionsOf(ctx, tx, earlier.Who)
		if err != nil {
			return nil, err
		}
		ids := slices.Sorted(slices.Values(append(here, there...)))
		if len(slices.Compact(slices.Clone(ids))) < len(ids) {
			return nil, fail.Clash("program.speaker_here_twice")
		}
		_, err = tx.NewUpdate().Model((*Speaker)(nil)).Set("who = ?", earlier.Who).Where("who = ?", one.Who).Exec(ctx)
		return ids, err
	})
}

// Apart says that a speaker is nobody of another edition after all.
func (s *Service) Apart(ctx context.Context, by string, e edition.Edition, speakerID string) error {
	return s.resay(ctx, by, e, "speaker.apart", speakerID, func(ctx context.Context, tx bun.IDB, one Speaker) ([]string, error) {
		ids, err := editionsOf(ctx, tx, one.Who)
		if err != nil {
			return nil, err
		}
		// Others may have this row's id as their who, so it gets a new one.
		_, err = tx.NewUpdate().Model((*Speaker)(nil)).Set("who = ?", db.NewID()).Where("id = ?", one.ID).Exec(ctx)
		return ids, err
	})
}

// resay changes who a speaker of the edition is the same as. fn gives the
// editions on whose pages that shows.
func (s *Service) resay(ctx context.Context, by string, e edition.Edition, act, speakerID string,
	fn func(ctx context.Context, tx bun.IDB, one Speaker) ([]string, error)) error {
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		var one Speaker
		if err := tx.NewSelect().Model(&one).Where("id = ?", speakerID).Where("edition_id = ?", e.ID).Scan(ctx); err != nil {
			return missingSpeaker(err)
		}
		touched, err := fn(ctx, tx, one)
		if err != nil || len(touched) == 0 {
			return err
		}
		for _, id := range touched {
			if err := edition.Touch(ctx, tx, id); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, s.now(), audit.Entry{Person: by, Edition: e.ID, Act: act, Subject: speakerID})
	})
	if err == nil {
		s.editions.Forget()
	}
	return err
}

// editionsOf gives the editions in which a human speaks, in the order in
// which rows are locked everywhere.
func editionsOf(ctx context.Context, tx bun.IDB, who string) ([]string, error) {
	var ids []string
	err := tx.NewSelect().Model((*Speaker)(nil)).ColumnExpr("DISTINCT edition_id").Where("who = ?", who).
		Order("edition_id").Scan(ctx, &ids)
	return ids, err
}

// Recognise ties a speaker to the person who signs in as them, in the caller's
// transaction, and to the rows that this person has in other editions under the
// same name: an assistant's address may stand for several speakers. The caller has
// the editions forget after the commit.
func Recognise(ctx context.Context, tx bun.IDB, editionID, speakerID, personID string) error {
	var one Speaker
	if err := tx.NewSelect().Model(&one).Where("id = ?", speakerID).Where("edition_id = ?", editionID).Scan(ctx); err != nil {
		return missingSpeaker(err)
	}
	if one.PersonID != nil && *one.PersonID == personID {
		return nil
	}
	if err := edition.Touch(ctx, tx, editionID); err != nil {
		return err
	}
	if err := one.belong(ctx, tx, personID); err != nil {
		return err
	}
	_, err := tx.NewUpdate().Model(&one).Column("person_id", "who").WherePK().Exec(ctx)
	return err
}

// belong gives the speaker a person, and the who of the person's other rows where
// the speaker has not been told to be somebody yet.
func (s *Speaker) belong(ctx context.Context, tx bun.IDB, personID string) error {
	if s.PersonID != nil && *s.PersonID == personID {
		return nil
	}
	known, err := tx.NewSelect().Table("person").Where("id = ?", personID).Exists(ctx)
	if err != nil {
		return err
	}
	if !known {
		return fail.Wrong("person", "program.person_missing")
	}
	s.PersonID = &personID
	if s.Who != s.ID {
		return nil
	}
	var others []Speaker
	err = tx.NewSelect().Model(&others).Column("id", "name", "who").Where("person_id = ?", personID).Where("id <> ?", s.ID).
		Where("edition_id <> ?", s.EditionID).Order("id DESC").Scan(ctx)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(others, func(o Speaker) bool { return sameName(o.Name, s.Name) }); i >= 0 {
		s.Who = others[i].Who
	}
	return nil
}

// sameName compares names as people do: without case and accents.
func sameName(a, b string) bool {
	return strings.EqualFold(a, b) || slugOf(a, "") != "" && slugOf(a, "") == slugOf(b, "")
}

// recognise gives the speakers that a file adds the who of those that stand under
// the same identifier in other editions.
func (m *merge) recognise(ctx context.Context, tx bun.IDB) error {
	for _, who := range m.speakers.changed {
		who.Version++
	}
	who := map[string]string{}
	for part := range slices.Chunk(m.speakers.added, perStatement) {
		guids := make([]string, len(part))
		for i, one := range part {
			guids[i] = one.GUID
		}
		var known []Speaker
		err := tx.NewSelect().Model(&known).Column("guid", "who").Where("guid IN (?)", bun.List(guids)).
			Where("edition_id <> ?", m.e.ID).Order("id").Scan(ctx)
		if err != nil {
			return err
		}
		for _, one := range known {
			who[one.GUID] = one.Who
		}
	}
	for _, one := range m.speakers.added {
		if one.Who = who[one.GUID]; one.Who == "" {
			one.Who = one.ID
		}
	}
	return nil
}

func missingSpeaker(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fail.Missing("program.speaker_missing")
	}
	return err
}
